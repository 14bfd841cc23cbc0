"""Figures kept up to date as answers come: sums in a summary table, changed in the answer's own transaction.

What may be shown of them is decided above, in the board's one door; nothing here hides or rounds.
Whoever changes the table in another way than by `add` must call `note_change`, or what has been read goes stale.
"""

import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, inspect, select

from hscb_voice.questionnaires.definition import Definition, Kind, Question
from hscb_voice.questionnaires.kinds import KINDS, Answer
from hscb_voice.responses.models import Tally, TallyState


@dataclass(frozen=True)
class TallySpan:
    """Which slice of the responses a count belongs to."""

    slug: str
    span_start: date
    span_end: date
    respondent: str
    service: str
    age_band: str
    answered: str
    invented: bool


class Cell(NamedTuple):
    """What is counted: a question, a row of it (or ""), and a choice (or "" for all who answered)."""

    question: str
    row: str
    choice: str


# Counted beside the questions: of those who answered two or more points of a scale, who gave the best one throughout.
# Such answers may be true, or polite, or given without reading; whoever reads the figures should know how many.
TOP_THROUGHOUT = "pattern:top"
# Questions of rooms above, by how their names begin.
OTHERS = ("theme:", "themes", "polarity", "concern:", "standby:")
_SCALES = frozenset({Kind.FACES_SET, Kind.FACES_SCALE, Kind.ONE_OF, Kind.GRID})
_FEWEST_SCALES = 2

_COLUMNS = (
    "slug",
    "span_start",
    "span_end",
    *Cell._fields,
    "respondent",
    "service",
    "age_band",
    "answered",
    "invented",
    "n",
)
_KEYS = [column.name for column in inspect(Tally).primary_key]
# Some thirty rows go with every answer, so this one statement is given to the driver as it stands, its values in the
# order of the columns: SQLAlchemy's own handling of each row would cost more than all the rest of keeping an answer.
PARAMETERS = {"sqlite": "?", "postgresql": "%s"}
_ADD = {
    dialect: f"INSERT INTO tallies ({', '.join(_COLUMNS)}) VALUES ({', '.join([mark] * len(_COLUMNS))}) "  # noqa: S608 - column names of our own table
    f"ON CONFLICT ({', '.join(_KEYS)}) DO UPDATE SET n = tallies.n + excluded.n"
    for dialect, mark in PARAMETERS.items()
}
_STATE_BITS = 62
_CHANGED = {
    dialect: f"INSERT INTO tally_states (slug, span_start, span_end, state) VALUES ({', '.join([mark] * 4)}) "  # noqa: S608 - as above
    "ON CONFLICT (slug, span_start, span_end) DO UPDATE SET state = excluded.state"
    for dialect, mark in PARAMETERS.items()
}


def cells_of(definition: Definition, answers: Mapping[str, Answer]) -> list[Cell]:
    """List every cell to which one response adds one.

    Args:
        definition: the version that was answered.
        answers: question key -> kept form.

    Returns:
        The response itself, each question answered, and each thing chosen.
    """
    cells = [Cell("", "", "")]
    for question in definition.questions:
        answer = answers.get(question.key)
        if answer is None:
            continue
        cells.append(Cell(question.key, "", ""))
        chosen = list(KINDS[question.kind].cells(answer))
        cells.extend(Cell(question.key, row, "") for row in sorted({row for row, _ in chosen if row}))
        cells.extend(Cell(question.key, row, choice) for row, choice in chosen)
    return cells + _top_cells(definition, answers)


def is_own(question: str) -> bool:
    """Tell whether a question's counts are made by answers themselves and not by a room above."""
    return not question.startswith(OTHERS)


def whole(span: TallySpan) -> TallySpan:
    """Return the slice in which what was answered is counted: that of every service, age and helper."""
    return replace(span, service="", age_band="", answered="")


def add(connection: Connection, span: TallySpan, cells: Iterable[Cell] | Mapping[Cell, int], step: int = 1) -> None:
    """Add to the counts of some cells, in the caller's transaction.

    Args:
        connection: a writing connection.
        span: the slice to which the response belongs.
        cells: what to count; a cell named twice counts twice; or how often each counts.
        step: 1 when an answer comes, -1 when it is taken back.
    """
    # One order for all writers, so that two of them never wait for each other in a ring.
    counted = sorted(Counter(cells).items())
    if not counted:
        return
    first, last = _days(connection, span.span_start, span.span_end)
    before = (span.slug, first, last)
    rows = [(*before, *cell, *_kept_by(span, cell.question), span.invented, times * step) for cell, times in counted]
    dialect = connection.dialect.name
    connection.exec_driver_sql(_CHANGED[dialect], (*before, secrets.randbits(_STATE_BITS)))
    connection.exec_driver_sql(_ADD[dialect], rows)


def note_change(connection: Connection, slug: str | None = None) -> None:
    """Write down that counts have changed in another way than by `add`, in the transaction that changes them.

    Args:
        connection: a writing connection.
        slug: of which questionnaire; of any when left out.
    """
    places: set[tuple[str, date, date]] = set()
    for table in (Tally, TallyState):  # counts that have gone altogether have a state still
        query = select(table.slug, table.span_start, table.span_end).distinct()
        query = query if slug is None else query.where(table.slug == slug)
        places.update((name, start, end) for name, start, end in connection.execute(query))
    rows = [
        (name, *_days(connection, start, end), secrets.randbits(_STATE_BITS)) for name, start, end in sorted(places)
    ]
    if rows:
        connection.exec_driver_sql(_CHANGED[connection.dialect.name], rows)


def _days(connection: Connection, start: date, end: date) -> tuple[Any, Any]:
    """Return days as they are given to the driver itself."""
    return (start.isoformat(), end.isoformat()) if connection.dialect.name == "sqlite" else (start, end)


def _kept_by(span: TallySpan, question: str) -> tuple[str, str, str, str]:
    """Return by whom a count is kept apart: no finer than it is ever shown, or needed to be moved with its response.

    Kept apart by all that is known the table would grow with the answers. So it stays the same size whether there are
    ten thousand or a million (docs/figures-method.md says what is shown by what).
    """
    if not question:
        return span.respondent, span.service, span.age_band, span.answered
    return span.respondent, "" if is_own(question) else span.service, "", ""


def _top_cells(definition: Definition, answers: Mapping[str, Answer]) -> list[Cell]:
    """Count whether the best answer was given throughout; for the set of faces that means happy faces only."""
    best = []
    for question in definition.questions:
        answer = answers.get(question.key)
        if question.kind not in _SCALES or answer is None:
            continue
        tones = {option.key: option.tone for option in question.options if option.tone is not None}
        if not tones:
            continue
        if question.kind is Kind.FACES_SET:
            best.append(all(tones.get(face, 0) > 0 for face in answer))
        else:
            best.extend(tones[key] == max(tones.values()) for key in _points(question, answer) if key in tones)
    if len(best) < _FEWEST_SCALES:
        return []
    return [Cell(TOP_THROUGHOUT, "", ""), *([Cell(TOP_THROUGHOUT, "", "yes")] if all(best) else [])]


def _points(question: Question, answer: Answer) -> list[str]:
    return [point for _, point in KINDS[question.kind].cells(answer)]
