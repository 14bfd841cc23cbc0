"""Bringing in answers that were given elsewhere: JSON lines or CSV, one response a line.

Idempotent by id: a line that is here already changes nothing. A line that cannot be kept is refused with its
reason, and the rest goes on. Answers pass the same checks as those of the page.
"""

import csv
import json
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.database import Database
from hscb_voice.foundation.errors import VoiceError
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.questionnaires.definition import Definition, Kind
from hscb_voice.questionnaires.kinds import check_answers
from hscb_voice.questionnaires.queries import PublishedVersion, current_version
from hscb_voice.responses.errors import AnotherAnswerError
from hscb_voice.responses.periods import YEARS, named_period
from hscb_voice.responses.service import Setting, Span, Submission, keep

# Every import names the same line by the same id, on any installation, so that importing twice changes nothing.
_NAMESPACE = uuid.UUID("6f0c7d5e-8a44-5d1b-9a5e-1f5d2f0d2015")
_RESPONDENTS = frozenset({"child", "parent", "professional"})
_FIELDS = frozenset(
    {"id", "questionnaire", "respondent", "period", "date", "source", "setting", "answers", "codes", "variant"}
    | {"language", "invented"}
)
# What is known of the setting, and how many characters each may hold.
_SETTING_FIELDS = {"service": 80, "team": 80, "locality": 80, "point": 20, "session_date": 10, "channel": 20}
_LONGEST = {"language": 12, "source": 120}
_LARGEST_LINE = 64 * 1024
_SHOWN = 80  # characters of an id that are shown beside what became of its line
_BOTH_WAYS = "{} is answered both whole and row by row"
_MONTHS = frozenset(f"{month:02}" for month in range(1, 13))


class ImportRefusedError(VoiceError):
    """A line, or a whole file, cannot be brought in; the message says why."""


@dataclass(frozen=True)
class ImportedLine:
    """What became of one line."""

    number: int  # the line of the file, from 1
    id: str
    outcome: str  # kept, known or refused
    reason: str = ""
    response_id: str = ""


def response_id_of(import_id: str) -> str:
    """Return the id under which an imported line is kept.

    Args:
        import_id: the line's own id.

    Returns:
        An id of 36 characters, always the same for the same line.
    """
    return str(uuid.uuid5(_NAMESPACE, import_id))


def read_records(file: Path) -> Iterator[tuple[int, dict[str, Any] | ImportRefusedError]]:
    """Read the lines of a file.

    Args:
        file: JSON lines, or CSV when the name ends in .csv. A CSV has a header; besides the fields' own names,
            question keys are columns (`q2a`; `q3.1` for a grid's row; several choices with `;` between).

    Yields:
        The line's number and its record, or why it cannot be read.

    Raises:
        ImportRefusedError: the file cannot be read at all.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            yield from _csv_records(stream) if file.suffix.lower() == ".csv" else _json_records(stream)
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        message = f"{file} cannot be read: {fault}."
        raise ImportRefusedError(message) from fault


def import_records(
    database: Database,
    keys: KeyRing,
    clock: Clock,
    records: Iterable[tuple[int, dict[str, Any] | ImportRefusedError]],
    *,
    invented: bool = False,
) -> Iterator[ImportedLine]:
    """Keep records, each in its own transaction.

    Args:
        database: where to.
        keys: seal the words.
        clock: dates what has no date of its own.
        records: what `read_records` yields.
        invented: True marks all of them as invented, for demonstration.

    Yields:
        What became of each, in order.
    """
    versions: dict[str, PublishedVersion] = {}
    for number, record in records:
        if isinstance(record, ImportRefusedError):
            yield ImportedLine(number, "", "refused", str(record))
            continue
        name = str(record.get("id", ""))[:_SHOWN].encode("utf-8", "replace").decode()
        try:
            with database.writing() as connection:
                slug = str(record.get("questionnaire", ""))
                version = versions.get(slug) or versions.setdefault(slug, current_version(connection, slug))
                whole = split_choices(record, version.definition)
                submission = submission_from(whole, version, clock, invented=invented)
                kept = keep(connection, submission, keys)
            yield ImportedLine(number, name, "kept" if kept.is_new else "known", response_id=kept.response_id)
        except AnotherAnswerError:
            yield ImportedLine(number, name, "refused", "an earlier line of this id had other answers; it was kept")
        except VoiceError as trouble:
            yield ImportedLine(number, name, "refused", str(trouble).rstrip("."))


def submission_from(
    record: Mapping[str, Any], version: PublishedVersion, clock: Clock, *, invented: bool = False
) -> Submission:
    """Check a record and make of it an answer that can be kept.

    Args:
        record: one line.
        version: the questionnaire that it names.
        clock: dates what has no date of its own.
        invented: True marks it as invented.

    Returns:
        The answer, ready to be kept.

    Raises:
        ImportRefusedError: a field is missing, unknown or wrong.
        AnswerError: an answer does not fit its question.
    """
    strangers = sorted(set(record) - _FIELDS)
    if strangers:
        message = f"there is no field “{strangers[0]}”"
        raise ImportRefusedError(message)
    name = _text(record, "id", _LARGEST_LINE)
    if not name.strip():
        message = "the line has no id"
        raise ImportRefusedError(message)
    respondent = _text(record, "respondent", _LARGEST_LINE) or version.definition.respondent
    if respondent not in _RESPONDENTS:
        message = f"respondent must be child, parent or professional, not “{respondent}”"
        raise ImportRefusedError(message)
    setting = _mapping(record, "setting")
    answers = _mapping(record, "answers")
    carer = setting.pop("carer", None)
    if carer is not None and "carer" not in answers and version.definition.question("carer"):
        answers = {"carer": carer, **answers}
    if not answers:
        message = "the line has no answers"
        raise ImportRefusedError(message)
    return Submission(
        sitting_id=response_id_of(name),
        version=version,
        answers=check_answers(version.definition, answers),
        received_at=clock.now(),
        variant=_variant(record, version.definition),
        language=_text(record, "language", _LONGEST["language"]) or "en",
        setting=_setting(setting),
        respondent=respondent,
        span=_span(record, clock),
        source=_text(record, "source", _LONGEST["source"]),
        invented=invented or record.get("invented") is True,
    )


def _text(record: Mapping[str, Any], name: str, longest: int) -> str:
    """Return a field that every database can keep: one line's worth of whole characters."""
    value = record.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        message = f"“{name}” must be a text"
        raise ImportRefusedError(message)
    text = str(value)
    if not text.isprintable():
        message = f"“{name}” holds a character that cannot be kept"
        raise ImportRefusedError(message)
    if len(text) > longest:
        message = f"“{name}” is longer than {longest} letters"
        raise ImportRefusedError(message)
    return text


def _mapping(record: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = record.get(name) or {}
    if not isinstance(value, dict):
        message = f"“{name}” must be an object of names and values"
        raise ImportRefusedError(message)
    return dict(value)


def _variant(record: Mapping[str, Any], definition: Definition) -> str | None:
    variant = _text(record, "variant", _LARGEST_LINE) or None
    if variant is not None and variant not in {known.key for known in definition.variants}:
        message = f"this questionnaire has no variant “{variant}”"
        raise ImportRefusedError(message)
    return variant


def _setting(given: Mapping[str, Any]) -> Setting:
    strangers = sorted(set(given) - set(_SETTING_FIELDS))
    if strangers:
        message = f"the setting has no field “{strangers[0]}”"
        raise ImportRefusedError(message)
    texts = {name: _text(given, name, longest) for name, longest in _SETTING_FIELDS.items()}
    session_date = texts.pop("session_date")
    texts["channel"] = texts["channel"] or "import"
    return Setting(**texts, session_date=_day(session_date) if session_date else None)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as fault:
        message = f"“{text}” is not a date such as 2016-01-31"
        raise ImportRefusedError(message) from fault
    if day.year not in YEARS:
        message = f"“{text}” is not within the years {YEARS.start} to {YEARS.stop - 1}"
        raise ImportRefusedError(message)
    return day


def _span(record: Mapping[str, Any], clock: Clock) -> Span:
    """Return when it was said: a day's month, or the month, quarter or year that is all we know."""
    day = _text(record, "date", _LARGEST_LINE)
    if day:
        return Span.month_of(_day(day))
    period = _text(record, "period", _LARGEST_LINE)
    if not period:
        return Span.month_of(clock.today())
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", period):
        return Span.month_of(_day(period))
    # 2015-16 is a reporting year, April to March; 2015-11 is a month.
    named = named_period(period)
    if named is not None:
        return named
    month = re.fullmatch(r"([0-9]{4})-([0-9]{2})", period)
    if month and int(month[1]) in YEARS and month[2] in _MONTHS:
        return Span.month_of(date(int(month[1]), int(month[2]), 1))
    message = f"the period “{period}” is not a year such as 2015-16, a quarter such as 2015-16 Q3, or a month"
    raise ImportRefusedError(message)


def _json_records(stream: Iterable[str]) -> Iterator[tuple[int, dict[str, Any] | ImportRefusedError]]:
    for number, line in enumerate(stream, start=1):
        if not line.strip():
            continue
        if len(line) > _LARGEST_LINE:
            yield number, ImportRefusedError("the line is too long")
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            yield number, ImportRefusedError("the line is not JSON")
            continue
        yield number, record if isinstance(record, dict) else ImportRefusedError("the line is not a JSON object")


def _csv_records(stream: Iterable[str]) -> Iterator[tuple[int, dict[str, Any] | ImportRefusedError]]:
    reader = csv.DictReader(stream)
    for row in reader:
        if None in row:
            yield reader.line_num, ImportRefusedError("the line has more cells than the header")
            continue
        try:
            record = _record_of_row({name: (value or "").strip() for name, value in row.items()})
        except ImportRefusedError as refusal:
            yield reader.line_num, refusal
            continue
        yield reader.line_num, record


def _record_of_row(row: Mapping[str, str]) -> dict[str, Any]:
    record: dict[str, Any] = {"setting": {}, "answers": {}}
    for name, value in row.items():
        if not value:
            continue
        if name in _FIELDS - {"setting", "answers", "codes"}:
            record[name] = value
        elif name in (*_SETTING_FIELDS, "carer"):
            record["setting"][name] = value
        elif "." in name:
            key, _, part = name.partition(".")
            _add_part(record["answers"], key, part, value)
        else:
            _add_whole(record["answers"], name, value)
    if record.get("invented"):
        record["invented"] = record["invented"].lower() in {"yes", "true", "1"}
    return record


def _add_whole(answers: dict[str, Any], key: str, value: str) -> None:
    if key in answers:
        raise ImportRefusedError(_BOTH_WAYS.format(key))
    answers[key] = value


def _add_part(answers: dict[str, Any], key: str, part: str, value: str) -> None:
    rows = answers.setdefault(key, {})
    if not isinstance(rows, dict):
        raise ImportRefusedError(_BOTH_WAYS.format(key))
    rows[part] = value


def split_choices(record: dict[str, Any], definition: Definition) -> dict[str, Any]:
    """Split the cells of a CSV that hold several choices, which only the questionnaire can tell.

    Args:
        record: one record.
        definition: the questionnaire that it names.

    Returns:
        The record, with lists where the questionnaire takes lists.
    """
    several = {Kind.SOME_OF, Kind.FACES_SET, Kind.BLANKS}
    answers = record.get("answers")
    if isinstance(answers, dict):
        for question in definition.questions:
            given = answers.get(question.key)
            if question.kind in several and isinstance(given, str):
                answers[question.key] = [part.strip() for part in given.split(";") if part.strip()]
    return record
