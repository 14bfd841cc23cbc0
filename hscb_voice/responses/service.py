"""Keeping an answer: once, for good, with its sealed words, its jobs and its figures in one transaction.

It calls no room that reads answers; it only writes down that they must be read.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Connection, delete, select

from hscb_voice.foundation.by_hand import ByHand
from hscb_voice.foundation.clock import LOCAL_ZONE
from hscb_voice.foundation.database import as_kept, upsert
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.jobs import enqueue
from hscb_voice.foundation.keys import KeyRing, RowSeal
from hscb_voice.questionnaires.definition import Definition, Kind
from hscb_voice.questionnaires.kinds import Answer, Answers
from hscb_voice.questionnaires.queries import PublishedVersion
from hscb_voice.responses import tallies
from hscb_voice.responses.bodies import body_hash, faded_hash, is_same_body
from hscb_voice.responses.errors import AnotherAnswerError, TakenBackError
from hscb_voice.responses.models import Response, SecondAnswer
from hscb_voice.responses.reading_list import put_comments, put_seconds
from hscb_voice.responses.receipts import receipt_for, receipt_hash

# The rooms above that must read every answer; the factory gives each its handler.
SCREEN_JOB = "safeguarding.screen"
READ_JOB = "themes.read"
_TABLE = "responses"
_COLUMNS = (
    *("id", "version_id", "slug", "variant", "language", "respondent", "body_hash", "answers"),
    *("span_start", "span_end", "received_at", "channel", "invitation_id", "service", "team", "locality"),
    *("session_date", "point", "may_quote", "source", "invented", "key_id", "wrapped_key"),
    *("receipt_hash", "receipt_turn"),
)
# It yields to a row of the same sitting or receipt, and tells whether the sitting's answer has been taken back, and
# whether a tablet may have told a child these words already: such words are given to nobody else.
_TAKEN_BACK = "EXISTS (SELECT 1 FROM erasures WHERE erasures.response_id = responses.id AND erasures.act = 'answer')"
_PROMISED = (
    "EXISTS (SELECT 1 FROM reserved_receipts WHERE reserved_receipts.receipt_hash = responses.receipt_hash"
    " AND reserved_receipts.sitting_id <> responses.id)"
)
_ADD = ByHand("responses", _COLUMNS, f"ON CONFLICT DO NOTHING RETURNING {_TAKEN_BACK}, {_PROMISED}")
_ADD_COMMENT = ByHand("comments", ("id", "response_id", "question", "line", "sealed"))
ANSWER_GONE, WORDS_GONE = "answer", "words"  # the two acts of erasing
_GONE = "This answer has been taken back."
_SPAN_COLUMNS = ("slug", "span_start", "span_end", "respondent", "service", "invented")


@dataclass(frozen=True)
class Setting:
    """What the worker's invitation says and nobody is asked. Never a child's name, case number or birth date."""

    channel: str = "link"  # link, poster, tablet, worker, paper or import
    invitation_id: str | None = None
    service: str = ""
    team: str = ""
    locality: str = ""
    session_date: date | None = None
    point: str = ""  # first, during, final or later in the work


@dataclass(frozen=True)
class Span:
    """The days between which something was said: one month, or as wide as what is known."""

    start: date
    end: date

    @classmethod
    def month_of(cls, day: date) -> "Span":
        """Return the month in which a day lies; nothing finer is kept, so that nobody can be found by the day."""
        first = day.replace(day=1)
        return cls(first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1))


@dataclass(frozen=True)
class Submission:
    """A checked answer, ready to be kept."""

    sitting_id: str
    version: PublishedVersion
    answers: Answers
    received_at: datetime
    variant: str | None = None
    language: str = "en"
    setting: Setting = field(default_factory=Setting)
    respondent: str | None = None  # when it differs from the questionnaire's own (an event is answered by several)
    span: Span | None = None  # when it was said, if not now
    source: str = ""
    invented: bool = False


@dataclass(frozen=True)
class Kept:
    """What the sitting is told."""

    response_id: str
    receipt: str
    is_new: bool


def keep(connection: Connection, submission: Submission, keys: KeyRing) -> Kept:
    """Keep an answer. Idempotent for ever: the same sitting and body give the same receipt.

    Args:
        connection: a writing connection; nothing counts until its transaction has been committed.
        submission: the checked answer.
        keys: seal the words.

    Returns:
        The receipt, and whether this is the first time.

    Raises:
        AnotherAnswerError: the sitting has given a different answer before; call `keep_second` to hold this one.
        TakenBackError: the sitting's answer has been taken back.
        KeyMissingError: there is no key, so nothing may be stored.
    """
    digest = _hash_of(submission, keys)
    seal, wrapped = keys.seal_for_new_row(_TABLE, submission.sitting_id)
    definition = submission.version.definition
    ticks, words = parted(definition, submission.answers)
    span = submission.span or Span.month_of(submission.received_at.astimezone(LOCAL_ZONE).date())
    setting = submission.setting
    row = {
        "id": submission.sitting_id,
        "version_id": submission.version.id,
        "slug": submission.version.slug,
        "variant": submission.variant,
        "language": submission.language,
        "respondent": submission.respondent or definition.respondent,
        "body_hash": digest,
        "answers": ticks,
        "span_start": span.start,
        "span_end": span.end,
        "received_at": submission.received_at,
        "channel": setting.channel,
        "invitation_id": setting.invitation_id,
        "service": setting.service,
        "team": setting.team,
        "locality": setting.locality,
        "session_date": setting.session_date,
        "point": setting.point,
        "may_quote": may_quote(ticks),
        "source": submission.source,
        "invented": submission.invented,
        "key_id": wrapped.key_id,
        "wrapped_key": wrapped.wrapped,
    }
    receipt = _write_once(connection, row, keys)
    if receipt is None:
        return _known(connection, submission, digest, keys)
    keep_words(connection, row, words, seal)
    arrived = tallies.cells_of_arrival(setting.channel, submission.language)
    tallies.add(connection, span_of(row), [*tallies.cells_of(definition, submission.answers), *arrived])
    enqueue(connection, (SCREEN_JOB, READ_JOB), submission.sitting_id, submission.received_at)
    return Kept(submission.sitting_id, receipt, is_new=True)


def keep_second(connection: Connection, submission: Submission, keys: KeyRing) -> None:
    """Hold a different answer of a sitting already used, sealed, for a person to look at; once per body.

    Args:
        connection: a writing connection.
        submission: the answer that `keep` refused.
        keys: seal it.
    """
    second_id = new_id()
    seal, wrapped = keys.seal_for_new_row(SecondAnswer.__tablename__, second_id)
    row = {
        "id": second_id,
        "response_id": submission.sitting_id,
        "body_hash": _hash_of(submission, keys),
        "received_at": submission.received_at,
        "key_id": wrapped.key_id,
        "wrapped_key": wrapped.wrapped,
        "sealed": seal.close(json.dumps(submission.answers, ensure_ascii=False), "sealed"),
    }
    statement = upsert(connection, SecondAnswer).on_conflict_do_nothing(index_elements=["response_id", "body_hash"])
    if connection.execute(statement.returning(SecondAnswer.id), row).first() is not None:
        put_seconds(connection, submission.sitting_id)
        # It may hold a cry for help, so it is screened like any other answer.
        enqueue(connection, (SCREEN_JOB,), submission.sitting_id, submission.received_at)


def span_of(row: Mapping[str, object]) -> tallies.TallySpan:
    """Return the slice to which a response's counts belong.

    Args:
        row: column name -> value of the response.

    Returns:
        The slice.
    """
    answers = row["answers"]
    given = answers if isinstance(answers, dict) else {}
    # A row's values have no static types.
    values: dict[str, Any] = {name: row[name] for name in _SPAN_COLUMNS}
    return tallies.TallySpan(
        **values,
        age_band=str(given.get("age_band", "")),
        answered=str(given.get("answered", "")),
    )


def _hash_of(submission: Submission, keys: KeyRing) -> bytes:
    return body_hash(keys, submission.sitting_id, submission.version.id, submission.variant, submission.answers)


def _write_once(connection: Connection, row: dict[str, Any], keys: KeyRing) -> str | None:
    """Write the response under the first receipt that is nobody else's; None when its sitting is known already.

    A tablet that comes back after weeks must not bring back what has been erased meanwhile: that is refused.
    """
    given = row | _as_drivers_take_them(connection, row)
    for turn in count():
        receipt = receipt_for(keys, row["id"], turn)
        place = {"receipt_hash": receipt_hash(keys, receipt), "receipt_turn": turn}
        written = _ADD.first(connection, tuple(map((given | place).__getitem__, _COLUMNS)))
        if written is not None:
            is_taken_back, is_promised = written
            if is_taken_back:
                raise TakenBackError(_GONE)
            if is_promised:
                connection.execute(delete(Response).where(Response.id == row["id"]))
                continue
            return receipt
        if connection.execute(select(Response.id).where(Response.id == row["id"])).first() is not None:
            break
    return None


def _as_drivers_take_them(connection: Connection, row: Mapping[str, Any]) -> dict[str, object]:
    session = row["session_date"]
    return {
        "answers": json.dumps(row["answers"]),
        "span_start": row["span_start"].isoformat(),
        "span_end": row["span_end"].isoformat(),
        "received_at": as_kept(connection, row["received_at"]),
        "session_date": session and session.isoformat(),
    }


def _known(connection: Connection, submission: Submission, digest: bytes, keys: KeyRing) -> Kept:
    sitting_id = submission.sitting_id
    columns = (Response.body_hash, Response.receipt_turn, Response.taken_back_at)
    row = connection.execute(select(*columns).where(Response.id == sitting_id)).one()
    if row.taken_back_at is not None:
        raise TakenBackError(_GONE)
    faded = faded_hash(keys, submission.version.id, submission.variant, submission.answers)
    if not is_same_body(keys, sitting_id, row.body_hash, digest, faded):
        message = "This form has been sent before, with other answers."
        raise AnotherAnswerError(message)
    return Kept(sitting_id, receipt_for(keys, sitting_id, row.receipt_turn), is_new=False)


def parted(definition: Definition, answers: Answers) -> tuple[dict[str, Answer], list[tuple[str, int, str]]]:
    """Part the ticks, which stand open, from the words, which are sealed.

    Args:
        definition: the version that was answered.
        answers: question key -> kept form.

    Returns:
        The ticks by question key, and the words as question key, line and text.
    """
    ticks: dict[str, Answer] = {}
    words: list[tuple[str, int, str]] = []
    for question in definition.questions:
        answer = answers.get(question.key)
        if answer is None:
            continue
        if question.kind is Kind.BLANKS:
            words.extend((question.key, line, text) for line, text in enumerate(answer))
        elif question.takes_words:
            words.append((question.key, 0, str(answer)))
        else:
            ticks[question.key] = answer
    return ticks, words


def keep_words(
    connection: Connection, row: Mapping[str, Any], words: list[tuple[str, int, str]], seal: RowSeal
) -> None:
    """Seal the words of a response and write them.

    Args:
        connection: a writing connection.
        row: column name -> value of the response.
        words: question key, line and text.
        seal: of the response.
    """
    comments = [
        (new_id(), row["id"], question, line, seal.close(text, f"{question}|{line}")) for question, line, text in words
    ]
    _ADD_COMMENT.run(connection, comments)
    put_comments(connection, row, [comment_id for comment_id, *_ in comments], row["received_at"])


def may_quote(ticks: Mapping[str, Answer]) -> bool | None:
    """Return what a response says about quoting it; None when it says nothing."""
    said = ticks.get("may_quote")
    return None if said not in {"yes", "no"} else said == "yes"
