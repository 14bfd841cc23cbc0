"""Figures kept up to date as answers come: sums in a summary table, changed in the answer's own transaction.

What may be shown of them is decided above, in the board's one door; nothing here hides or rounds.
Whoever changes the table in another way than by `add` must call `note_change`, or what has been read goes stale.
"""

import json
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Connection, select

from hscb_voice.foundation.by_hand import ByHand
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


Block = tuple[str, date, date]  # a questionnaire's counts of one span: slug, first and last day
# The key of a row of the table: block, cell, respondent, service, age band, helper, invented.
Kept = tuple[str, date, date, str, str, str, str, str, str, str, bool]
# Counted beside the questions: of those who answered two or more points of a scale, who gave the best one throughout.
# Such answers may be true, or polite, or given without reading; whoever reads the figures should know how many.
TOP_THROUGHOUT = "pattern:top"
# Counted beside the questions too: by which way, and in which language, each response came.
CAME = "came:"
CHANNEL, LANGUAGE = f"{CAME}channel", f"{CAME}language"
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
_STATE_BITS = 62
# PostgreSQL gets all rows in one text: thirty statements, or a parameter a value, cost it and its driver far more.
_TYPES = ["text", "date", "date", *["text"] * (len(_COLUMNS) - 5), "boolean", "integer"]
_GIVEN = ", ".join(f"(given ->> {at})::{kind}" for at, kind in enumerate(_TYPES))
_MORE = (
    "ON CONFLICT (slug, span_start, span_end, question, row, choice, respondent, service, age_band, answered, invented)"
    " DO UPDATE SET n = tallies.n + excluded.n"
)
_ADD = ByHand(
    "tallies",
    _COLUMNS,
    _MORE,
    postgresql=f"INSERT INTO tallies ({', '.join(_COLUMNS)}) SELECT {_GIVEN} "  # noqa: S608 - names of our own columns
    f"FROM json_array_elements(%s::json) AS given {_MORE}",
)
_CHANGE = ByHand(
    "tally_states",
    ("slug", "span_start", "span_end", "state"),
    "ON CONFLICT (slug, span_start, span_end) DO UPDATE SET state = excluded.state",
)


def cells_of(definition: Definition, answers: Mapping[str, Answer]) -> list[Cell]:
    """List every cell to which one response adds one.

    Args:
        definition: the version that was answered.
        answers: question key -> kept form.

    Returns:
        The response itself, each question answered, and each thing chosen.
    """
    cells = [Cell("", "", "")]
    best: list[bool] = []
    for question in definition.questions:
        answer = answers.get(question.key)
        if answer is None:
            continue
        cells += cells_of_one(question, answer)
        best += bests_of(question, answer)
    return cells + top_cells(len(best), is_top=all(best))


def cells_of_arrival(channel: str, language: str) -> list[Cell]:
    """List the cells in which it is counted how one response came; correcting what it says changes nothing of that.

    Args:
        channel: by which way.
        language: in which language.
    """
    return [Cell(CHANNEL, "", channel), Cell(LANGUAGE, "", language)]


def cells_of_one(question: Question, answer: Answer) -> list[Cell]:
    """List the cells to which the answer to one question adds one.

    Args:
        question: which.
        answer: its kept form.

    Returns:
        The question itself, each row of it that was answered, and each thing chosen.
    """
    return list(_cells(question.key, tuple(KINDS[question.kind].cells(answer))))


@lru_cache(maxsize=1000)  # most people give one of few answers; no words come by here
def _cells(question: str, chosen: tuple[tuple[str, str], ...]) -> tuple[Cell, ...]:
    rows = sorted({row for row, _ in chosen if row})
    lines = [Cell(question, "", ""), *(Cell(question, row, "") for row in rows)]
    return (*lines, *(Cell(question, row, choice) for row, choice in chosen))


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
    shift(connection, kept_in(span, Counter(cells), step))


def kept_in(span: TallySpan, cells: Mapping[Cell, int], step: int = 1) -> dict[Kept, int]:
    """Return the rows of the table to which some cells of a slice add, and how much.

    Counts are kept apart no finer than they are ever shown, or need to be moved with their response: apart by all that
    is known the table would grow with the answers. So it stays the same size whether there are ten thousand or a
    million (docs/figures-method.md says what is shown by what).

    Args:
        span: the slice.
        cells: how often each counts.
        step: 1 where answers come, -1 where they are taken back.
    """
    before = (span.slug, span.span_start, span.span_end)
    of_responses = (span.respondent, span.service, span.age_band, span.answered, span.invented)
    of_others = (span.respondent, span.service, "", "", span.invented)
    of_answers = (span.respondent, "", "", "", span.invented)
    kept: dict[Kept, int] = {}
    for cell, n in cells.items():
        by = of_responses if not cell.question else of_answers if is_own(cell.question) else of_others
        kept[*before, *cell, *by] = n * step
    return kept


def shift(connection: Connection, changes: Mapping[Kept, int]) -> None:
    """Add to rows of the table, in the caller's transaction.

    Args:
        connection: a writing connection.
        changes: how much to add to each row.
    """
    blocks: list[Block] = sorted({row[:3] for row in changes})
    if not blocks:
        return
    # First the states: whoever changes the same counts waits here, and so never for one of our rows in a ring.
    _note(connection, blocks)
    days = {day: day.isoformat() for _, *both in blocks for day in both}
    rows = [(slug, days[start], days[end], *rest, n) for (slug, start, end, *rest), n in sorted(changes.items())]
    _ADD.run(connection, rows if connection.dialect.name == "sqlite" else [(json.dumps(rows),)])


def hold(connection: Connection, block: Block) -> int | None:
    """Keep everybody else from changing a block's counts until the transaction ends.

    Args:
        connection: a writing connection.
        block: which.

    Returns:
        Its state as it was; None when nothing had ever been counted there.
    """
    of_block = (TallyState.slug == block[0], TallyState.span_start == block[1], TallyState.span_end == block[2])
    state: int | None = connection.execute(select(TallyState.state).where(*of_block).with_for_update()).scalar()
    if state is None:  # where there is no row, none can be held
        _note(connection, [block])
    return state


def note_change(connection: Connection) -> None:
    """Write down that counts of any block may have changed in another way, in the transaction that changes them.

    Args:
        connection: a writing connection.
    """
    blocks: set[Block] = set()
    for table in (Tally, TallyState):  # counts that have gone altogether have a state still
        query = select(table.slug, table.span_start, table.span_end).distinct()
        blocks.update((slug, first, last) for slug, first, last in connection.execute(query))
    _note(connection, sorted(blocks))


def _note(connection: Connection, blocks: Iterable[Block]) -> None:
    """Give blocks, which are in order, another state, drawn by lot."""
    rows = [(slug, first.isoformat(), last.isoformat(), secrets.randbits(_STATE_BITS)) for slug, first, last in blocks]
    _CHANGE.run(connection, rows)


def is_scale(question: Question) -> bool:
    """Tell whether an answer to a question gives points of a scale, of which one is the best."""
    return question.kind in _SCALES and any(option.tone is not None for option in question.options)


def bests_of(question: Question, answer: Answer) -> list[bool]:
    """Tell of each point of a scale that an answer gives whether it is the best one; none where there is no scale.

    Args:
        question: which.
        answer: its kept form.

    Returns:
        One entry a point; for the set of faces one in all, whether they are happy faces only.
    """
    if not is_scale(question):
        return []
    tones = {option.key: option.tone for option in question.options if option.tone is not None}
    if question.kind is Kind.FACES_SET:
        return [all(tones.get(face, 0) > 0 for face in answer)]
    points = [point for _, point in KINDS[question.kind].cells(answer)]
    return [tones[point] == max(tones.values()) for point in points if point in tones]


def top_cells(scales: int, *, is_top: bool) -> list[Cell]:
    """List the cells that count whether the best answer was given throughout.

    Args:
        scales: how many points of scales a response gives.
        is_top: whether all of them are the best.
    """
    if scales < _FEWEST_SCALES:
        return []
    return [Cell(TOP_THROUGHOUT, "", ""), *([Cell(TOP_THROUGHOUT, "", "yes")] if is_top else [])]
