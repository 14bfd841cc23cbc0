"""Invited and answered, for each service, questionnaire and period: one table, from which page and file are made.

Invited is what `InvitedCount` says, the same lines from which the Board's “38 of 61 invited” is added up. Answered are
the responses that are here, whatever way they came. Both count in the month in which they happened.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, func, select

from hscb_voice.foundation.spreadsheets import Cell
from hscb_voice.invitations.models import InvitedCount
from hscb_voice.responses.models import Response
from hscb_voice.responses.periods import span_words
from hscb_voice.responses.queries import Teams
from hscb_voice.responses.service import Span

MONTH, QUARTER = "month", "quarter"
HEADER = ("Service", "Questionnaire", "Period", "First day", "Last day", "Invited", "Answered")
EVER = Span(date.min, date.max)
_MONTHS_A_QUARTER = 3


@dataclass(frozen=True)
class CountedLine:
    """Invited and answered of one service, questionnaire and period."""

    service: str
    slug: str
    span: Span
    invited: int | None  # None where nobody noted it
    answered: int

    @property
    def period(self) -> str:
        """Return the period in words."""
        return span_words(self.span.start, self.span.end)

    @property
    def share(self) -> str:
        """Return the share of those invited who answered; empty where it would say nothing."""
        if not self.invited or self.answered > self.invited:
            return ""
        return f"{100 * self.answered / self.invited:.0f} %"


@dataclass(frozen=True)
class InvitedNoteLine:
    """People invited without a code, as somebody noted it."""

    id: str
    slug: str
    service: str
    team: str
    span: Span
    invited: int


def invited_and_answered(connection: Connection, teams: Teams, days: Span, by: str = MONTH) -> list[CountedLine]:
    """Count invited and answered.

    Args:
        connection: a reading connection.
        teams: whose.
        days: only what lies within these days.
        by: `month` or `quarter`.

    Returns:
        Lines by period, newest first, then service and questionnaire. What is known only by the year stands under its
        own, wider period.
    """
    invited = _summed(connection, teams, InvitedCount, func.sum(InvitedCount.invited), days, by)
    answered = _summed(connection, teams, Response, func.count(), days, by)
    lines = [
        CountedLine(service, slug, span, invited.get((service, slug, span)), answered.get((service, slug, span), 0))
        for service, slug, span in invited.keys() | answered.keys()
    ]
    return sorted(lines, key=lambda line: (-line.span.end.toordinal(), line.span.start, line.service, line.slug))


def rows_of(lines: list[CountedLine], titles: dict[str, str]) -> Iterator[list[Cell]]:
    """Yield lines as rows of a spreadsheet, under `HEADER`.

    Args:
        lines: as they stand on the page.
        titles: slug -> the questionnaire's short title.
    """
    for line in lines:
        title = titles.get(line.slug, line.slug)
        yield [line.service, title, line.period, line.span.start, line.span.end, line.invited, line.answered]


def notes_without_code(connection: Connection, teams: Teams, days: Span) -> list[InvitedNoteLine]:
    """Return the notes that can be changed: people invited without a code.

    Args:
        connection: a reading connection.
        teams: whose.
        days: only what lies within these days.
    """
    query = select(*InvitedCount.__table__.columns).where(
        InvitedCount.invitation_id.is_(None), InvitedCount.invented.is_(False)
    )
    query = _within(query, InvitedCount, teams, days).order_by(InvitedCount.span_start.desc(), InvitedCount.id)
    return [
        InvitedNoteLine(row.id, row.slug, row.service, row.team, Span(row.span_start, row.span_end), row.invited)
        for row in connection.execute(query)
    ]


def quarter_of(day: date) -> Span:
    """Return the quarter in which a day lies; the Board's quarters are those of the calendar."""
    start = day.replace(month=day.month - (day.month - 1) % _MONTHS_A_QUARTER, day=1)
    last_month = Span.month_of(start.replace(month=start.month + _MONTHS_A_QUARTER - 1))
    return Span(start, last_month.end)


def _summed(
    connection: Connection,
    teams: Teams,
    table: Any,  # noqa: ANN401 - the two tables share no typed parent
    counted: Any,  # noqa: ANN401 - an SQL function
    days: Span,
    by: str,
) -> dict[tuple[str, str, Span], int]:
    keys = (table.service, table.slug, table.span_start, table.span_end)
    query = _within(select(*keys, counted).group_by(*keys), table, teams, days)
    if table is Response:
        query = query.where(Response.taken_back_at.is_(None))
    sums: dict[tuple[str, str, Span], int] = defaultdict(int)
    for service, slug, start, end, number in connection.execute(query):
        sums[service, slug, _period(Span(start, end), by)] += int(number)
    return sums


def _within(query: Select[*tuple[Any, ...]], table: Any, teams: Teams, days: Span) -> Select[*tuple[Any, ...]]:  # noqa: ANN401 - as above
    query = query.where(table.span_start >= days.start, table.span_end <= days.end)
    return query if teams is None else query.where(table.team.in_(teams))


def _period(span: Span, by: str) -> Span:
    wanted = quarter_of(span.start) if by == QUARTER else Span.month_of(span.start)
    return wanted if wanted.start <= span.start and span.end <= wanted.end else span
