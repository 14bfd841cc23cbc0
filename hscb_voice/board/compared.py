"""A period beside earlier ones: how many answered, and what rose or fell. Each period is guarded in its own year.

Years share no answer, and a year is guarded with its quarters, so what stands side by side here could be had from
the pages of the periods themselves.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from hscb_voice.board.changing import Change, changes
from hscb_voice.board.disclosure_year import YearRead, read_year
from hscb_voice.board.periods import Period, period_before
from hscb_voice.board.themes_heard import GroupHeard, names_to_count, theme_year, themes_heard
from hscb_voice.codebooks.queries import codebook_in_force, theme_titles


@dataclass(frozen=True)
class Earlier:
    """A period to compare with."""

    period: Period
    label: str  # such as “The quarter before”


@dataclass(frozen=True)
class ComparedLine:
    """How many answered one questionnaire, now and in each earlier period; None where it is too few to show."""

    slug: str
    now: int | None
    before: tuple[int | None, ...]


@dataclass(frozen=True)
class Compared:
    """A period beside earlier ones."""

    earlier: tuple[Earlier, ...]
    total: ComparedLine
    lines: tuple[ComparedLine, ...]  # questionnaires that were answered in any of the periods
    changes: tuple[tuple[Earlier, tuple[Change, ...]], ...]  # what rose or fell, by the period compared with

    @property
    def is_empty(self) -> bool:
        """Tell whether nobody answered in any of the earlier periods."""
        return not any(n != 0 for line in (self.total, *self.lines) for n in line.before)


def earlier_of(period: Period, chosen: Period | None = None) -> tuple[Earlier, ...]:
    """Return with which periods one is compared.

    Args:
        period: a reporting year or one of its quarters.
        chosen: a further one that a reader asked for.

    Returns:
        The one just before and, of a quarter, the same a year before; then the chosen one unless it shares days.
    """
    before = period_before(period)
    if period.is_year:
        found = [Earlier(before, "The year before")]
    else:
        a_year_ago = Earlier(_a_year_before(period), "The same quarter a year before")
        found = [Earlier(before, "The quarter before"), a_year_ago]
    if chosen and chosen not in {one.period for one in found} and not _overlap(chosen, period):
        found.append(Earlier(chosen, "Chosen"))
    return tuple(found)


def compared(connection: Connection, period: Period, chosen: Period | None = None) -> Compared:
    """Set a period beside earlier ones.

    Args:
        connection: a reading connection.
        period: a reporting year or one of its quarters.
        chosen: a further period that a reader asked for.

    Returns:
        Guarded numbers, and the themes that surely rose or fell.
    """
    names = counted_names(connection)
    earlier = earlier_of(period, chosen)
    reads = [read_year(connection, one, ()) for one in (period, *(one.period for one in earlier))]
    heard = [groups_of(read, names) for read in reads]
    slugs = sorted({slug for read in reads for slug in read.heads})
    lines = (_line(slug, [read.shown(slug) for read in reads]) for slug in slugs)
    return Compared(
        earlier=earlier,
        total=_line("", [read.shown_total() for read in reads]),
        lines=tuple(line for line in lines if any(n != 0 for n in (line.now, *line.before))),
        changes=tuple((one, changes(heard[0], groups)) for one, groups in zip(earlier, heard[1:], strict=True)),
    )


def groups_of(read: YearRead, names: Mapping[str, str]) -> tuple[GroupHeard, ...]:
    """Return the guarded themes of a period.

    Args:
        read: its year.
        names: theme id -> name, as `counted_names` gives them.
    """
    return themes_heard(theme_year(read), names)


def counted_names(connection: Connection) -> dict[str, str]:
    """Return the names under which themes are counted, by id."""
    return names_to_count(theme_titles(connection), codebook_in_force(connection).theme_ids())


def _line(slug: str, numbers: list[int | None]) -> ComparedLine:
    return ComparedLine(slug, numbers[0], tuple(numbers[1:]))


def _a_year_before(period: Period) -> Period:
    # Quarters end on the last of March, June, September or December, in whatever year.
    return Period(period.start.replace(year=period.start.year - 1), period.end.replace(year=period.end.year - 1))


def _overlap(one: Period, other: Period) -> bool:
    return one.start <= other.end and other.start <= one.end
