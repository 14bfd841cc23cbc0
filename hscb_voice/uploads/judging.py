"""Judges each row of a table: what it would become, or in which cells it is wrong. Nothing is kept here."""

import hashlib
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from hscb_voice.foundation.keys import KeyRing
from hscb_voice.paper.dates import day_of, month_of
from hscb_voice.paper.form_codes import PaperForm
from hscb_voice.questionnaires.definition import Kind
from hscb_voice.questionnaires.errors import AnswerError
from hscb_voice.questionnaires.kinds import KINDS, Answers, check_answers
from hscb_voice.responses.service import Span
from hscb_voice.uploads.columns import Column, columns_of, mapped
from hscb_voice.uploads.errors import CellRefusedError, FileRefusedError
from hscb_voice.uploads.tables import Table, Unusable
from hscb_voice.web.languages import DEFAULT_LANGUAGE, LANGUAGES

_POINTS = ("", "first", "during", "final", "later")
_LONGEST = 80
_LONGEST_ID = 120


@dataclass(frozen=True)
class Asked:
    """What is said once for a whole file."""

    form: PaperForm
    team: str
    service: str
    month: date  # where a row does not say when
    today: date


@dataclass(frozen=True)
class Row:
    """One row: ready to be kept, or refused."""

    number: int
    cells: tuple[str, ...]
    faults: tuple[tuple[str, str], ...] = ()  # column, and what is wrong with its cell
    ready: dict[str, Any] | None = None  # what would be kept, in plain data


@dataclass(frozen=True)
class Judged:
    """A whole file."""

    header: tuple[str, ...]
    passed_over: tuple[str, ...]  # headers that mean nothing here
    rows: tuple[Row, ...]

    @property
    def ready(self) -> list[Row]:
        """Return the rows that would be kept."""
        return [row for row in self.rows if row.ready is not None]

    @property
    def refused(self) -> list[Row]:
        """Return the rows that are refused."""
        return [row for row in self.rows if row.ready is None]


def judge(table: Table, asked: Asked, content: bytes, keys: KeyRing) -> Judged:
    """Judge every row of a file.

    Args:
        table: what was read.
        asked: what counts for all of it.
        content: the file itself: a row without an id is known by it and its number.
        keys: hash what a row is known by. It may be a case's number, or the words themselves: without a key, whoever
            has the database, or the ledger of what was erased, could try out whose an answer is.

    Raises:
        FileRefusedError: no header is known, or a column stands twice.
    """
    found = mapped(table.header, columns_of(asked.form.questions))
    if found.double:
        message = f"The column “{found.double[0]}” stands twice in the header. Take one of them out."
        raise FileRefusedError(message)
    if not any(column and column.question for column in found.columns):
        message = "No column of this file is a question of this form. Does the first row hold the headers?"
        raise FileRefusedError(message)
    digest = hashlib.sha256(content).hexdigest()
    rows = [_judged(number, cells, found.columns, asked) for number, cells in table.rows]
    named = [row if row.ready is None else _named(row, asked, f"{digest}|{row.number}", keys) for row in rows]
    return Judged(table.header, found.unknown, tuple(_without_doubles(named)))


def _named(row: Row, asked: Asked, otherwise: str, keys: KeyRing) -> Row:
    """Give a row its sitting's id, always the same for the same row of a team."""
    assert row.ready is not None  # noqa: S101 - the caller looked; this tells the type checker
    name = row.ready["id"] or otherwise
    # Bound to the team, so that a row can never be taken for another team's.
    known_by = f"{asked.team}|{asked.form.version.slug}|{asked.form.variant or ''}|{name}"
    sitting = uuid.UUID(bytes=keys.fingerprint("uploaded row", known_by)[:16], version=5)
    kept = {key: value for key, value in row.ready.items() if key != "id"}
    return replace(row, ready={"sitting_id": str(sitting), **kept})


def _judged(number: int, cells: tuple[str, ...], columns: Sequence[Column | None], asked: Asked) -> Row:
    faults: list[tuple[str, str]] = []
    setting: dict[str, str] = {}
    answers: dict[str, Any] = {}
    if len(cells) > len(columns):
        faults.append(("the row", "It has more cells than the header."))
    for column, cell in zip(columns, cells, strict=False):
        if column is None or not cell:
            continue
        try:
            _take(column, cell, setting, answers)
        except CellRefusedError as fault:
            faults.append((column.name, str(fault)))
    kept = _kept(asked.form, answers, faults)
    ready = _setting(setting, asked, faults)
    if not kept and not faults:
        faults.append(("the row", "It holds no answer."))
    if faults:
        return Row(number, cells, tuple(faults))
    return Row(number, cells, ready={"id": setting.get("id", ""), "answers": kept, **ready})


def _take(column: Column, cell: str, setting: dict[str, str], answers: dict[str, Any]) -> None:
    """Put a cell where it belongs; or say what is wrong with it."""
    if isinstance(cell, Unusable):
        raise CellRefusedError(str(cell))
    question = column.question
    if question is None:
        setting[column.name] = cell
    elif column.row:
        answers.setdefault(question.key, {})[column.row] = _option(column, cell)
    elif column.takes_several:
        answers[question.key] = _options(column, cell)
    elif column.options:
        answers[question.key] = _option(column, cell)
    elif question.kind is Kind.BLANKS:
        answers[question.key] = [part.strip() for part in cell.split(";") if part.strip()]
    else:
        answers[question.key] = cell


def _option(column: Column, cell: str) -> str:
    key = _known(column, cell)
    if key is None:
        shown = f"“{cell}” is" if len(cell) <= _LONGEST // 2 else "This is"
        message = f"{shown} none of the answers. There are: {'; '.join(text for _, text in column.options)}."
        raise CellRefusedError(message)
    return key


def _options(column: Column, cell: str) -> list[str]:
    """Part a cell at its semicolons; where an answer has one in its own text, the longest that is known is taken."""
    parts = [part.strip() for part in re.split(r"[;\n]", cell)]
    chosen: list[str] = []
    place = 0
    while place < len(parts):
        for end in range(len(parts), place, -1):
            key = _known(column, "; ".join(parts[place:end]))
            if key is not None:
                break
        else:
            key, end = (_option(column, parts[place]) if parts[place] else None), place + 1
        if key is not None:
            chosen.append(key)
        place = end
    return chosen


def _known(column: Column, cell: str) -> str | None:
    plain = " ".join(cell.split()).casefold()
    texts = {" ".join(text.split()).casefold(): key for key, text in column.options}
    keys = {key.casefold(): key for key, _ in column.options}
    return keys.get(plain) or texts.get(plain)


def _kept(form: PaperForm, answers: Mapping[str, Any], faults: list[tuple[str, str]]) -> Answers:
    for question in form.questions:
        try:
            KINDS[question.kind].check(question, answers.get(question.key))
        except AnswerError as fault:
            faults.append((question.key, f"{str(fault.reason).capitalize()}."))
    return {} if faults else check_answers(form.version.definition, answers)


def _setting(given: Mapping[str, str], asked: Asked, faults: list[tuple[str, str]]) -> dict[str, Any]:
    """Return what a row says of where and when, filled up with what counts for the whole file."""
    strange = [name for name in ("service", "locality") if not _is_a_name(given.get(name, ""))]
    faults += [(name, f"At most {_LONGEST} ordinary characters may stand here.") for name in strange]
    if len(given.get("id", "")) > _LONGEST_ID:
        faults.append(("id", f"An id has at most {_LONGEST_ID} characters."))
    if given.get("team", asked.team) != asked.team:
        faults.append(("team", f"This file is for “{asked.team}”. Bring another team's rows by themselves."))
    point = given.get("point", "").casefold()
    if point not in _POINTS:
        faults.append(("point", "Write first, during, final or later."))
    language = given.get("language", asked.form.language.code).casefold()
    if language not in LANGUAGES:
        faults.append(("language", f"Write one of {', '.join(LANGUAGES)}."))
    month = _month(given.get("month", ""), asked, faults)
    session = _session_date(given.get("session_date", ""), asked, faults)
    span = Span.month_of(month)
    return {
        "service": given.get("service", asked.service),
        "locality": given.get("locality", ""),
        "point": asked.form.point or point,
        "language": language if language in LANGUAGES else DEFAULT_LANGUAGE,
        "span": [span.start.isoformat(), span.end.isoformat()],
        "session_date": session.isoformat() if session else "",
    }


def _is_a_name(text: str) -> bool:
    return len(text) <= _LONGEST and text.isprintable()


def _month(text: str, asked: Asked, faults: list[tuple[str, str]]) -> date:
    found = (month_of(text) or day_of(text)) if text else asked.month
    if found is None:
        faults.append(("month", "Write a month such as November 2026, or a day."))
    elif found > asked.today:
        faults.append(("month", "This is still to come."))
    return found or asked.month


def _session_date(text: str, asked: Asked, faults: list[tuple[str, str]]) -> date | None:
    found = day_of(text) if text else None
    if text and found is None:
        faults.append(("session_date", "Write a day such as 22 November 2026."))
    elif found is not None and found > asked.today:
        faults.append(("session_date", "This day is still to come."))
    return found


def _without_doubles(rows: Sequence[Row]) -> list[Row]:
    """Refuse a second row of the same id, whatever it holds: one of the two would be lost."""
    seen: dict[str, int] = {}
    judged = []
    for row in rows:
        sitting = row.ready["sitting_id"] if row.ready else ""
        if sitting and sitting in seen:
            fault = ("id", f"Row {seen[sitting]} has the same id.")
            judged.append(Row(row.number, row.cells, (fault,)))
            continue
        if sitting:
            seen[sitting] = row.number
        judged.append(row)
    return judged
