"""Reading uploads: a person's own, what they hold, and what became of their rows."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from hscb_voice.foundation.clock import written_day
from hscb_voice.foundation.jobs import Job
from hscb_voice.foundation.keys import KeyRing, WrappedKey
from hscb_voice.responses.service import READ_JOB
from hscb_voice.uploads.errors import UnknownUploadError
from hscb_voice.uploads.models import Upload, UploadedRow

PREVIEW, RUNNING, DONE, UNDOING, UNDONE = "preview", "running", "done", "undoing", "undone"


@dataclass(frozen=True)
class UploadSummary:
    """An upload without its rows."""

    id: str
    person_id: str
    team: str
    form_code: str
    state: str
    ready: int
    refused: int
    done: int
    brought_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True)
class Contents:
    """What an upload holds, opened. Once it has been brought in, only what was refused is left."""

    header: tuple[str, ...]
    passed_over: tuple[str, ...]
    ready: tuple[dict[str, Any], ...]  # number, cells and what would be kept
    refused: tuple[dict[str, Any], ...]  # number, cells and faults


@dataclass(frozen=True)
class Outcome:
    """What became of one row."""

    number: int
    response_id: str | None
    outcome: str
    reason: str


_SUMMARY = [getattr(Upload, name) for name in UploadSummary.__dataclass_fields__]
_OUTCOME = [getattr(UploadedRow, name) for name in Outcome.__dataclass_fields__]


def upload_by_id(connection: Connection, person_id: str, upload_id: str) -> UploadSummary:
    """Return one of a person's own uploads.

    Args:
        connection: a reading connection.
        person_id: whose.
        upload_id: which.

    Raises:
        UnknownUploadError: there is none of that id for this person, or its time is over.
    """
    query = select(*_SUMMARY).where(Upload.id == upload_id, Upload.person_id == person_id)
    row = connection.execute(query).first()
    if row is None:
        message = "There is no such upload."
        raise UnknownUploadError(message)
    return UploadSummary(*row)


def uploads_of(connection: Connection, person_id: str) -> list[UploadSummary]:
    """Return a person's uploads, newest first."""
    query = select(*_SUMMARY).where(Upload.person_id == person_id).order_by(Upload.brought_at.desc(), Upload.id)
    return [UploadSummary(*row) for row in connection.execute(query)]


def contents_of(connection: Connection, keys: KeyRing, upload_id: str) -> Contents:
    """Open what an upload holds. The caller has checked whose it is.

    Args:
        connection: a reading connection.
        keys: open it.
        upload_id: which; it is there.

    Raises:
        KeyMissingError: the key that sealed it is not here.
    """
    row = connection.execute(
        select(Upload.key_id, Upload.wrapped_key, Upload.sealed).where(Upload.id == upload_id)
    ).one()
    seal = keys.seal_of_row(Upload.__tablename__, upload_id, WrappedKey(row.key_id, row.wrapped_key))
    held = json.loads(seal.open(row.sealed, "sealed"))
    return Contents(*(tuple(held[name]) for name in Contents.__dataclass_fields__))


def outcomes_of(connection: Connection, upload_id: str, wanted: Sequence[str]) -> list[Outcome]:
    """Return the rows of an upload with certain outcomes, in the file's order."""
    query = select(*_OUTCOME).where(UploadedRow.upload_id == upload_id, UploadedRow.outcome.in_(wanted))
    return [Outcome(*row) for row in connection.execute(query.order_by(UploadedRow.number))]


def counts_of(connection: Connection, upload_id: str) -> dict[str, int]:
    """Count an upload's rows by what became of them."""
    query = select(UploadedRow.outcome, func.count()).where(UploadedRow.upload_id == upload_id)
    return {row.outcome: row[1] for row in connection.execute(query.group_by(UploadedRow.outcome))}


def unread_of(connection: Connection, upload_id: str) -> int:
    """Count the answers of an upload that the machine has still to read.

    Args:
        connection: a reading connection.
        upload_id: which.
    """
    kept = select(UploadedRow.response_id).where(UploadedRow.upload_id == upload_id, UploadedRow.outcome == "kept")
    query = select(func.count()).select_from(Job).where(Job.kind == READ_JOB, Job.subject_id.in_(kept))
    return connection.execute(query).scalar_one()


def known_of_spreadsheets(connection: Connection, _keys: KeyRing, response_id: str) -> list[str]:
    """Tell from which spreadsheet an answer came.

    Args:
        connection: a reading connection.
        _keys: the file's rows have gone by now.
        response_id: which answer.
    """
    query = (
        select(Upload.brought_at, UploadedRow.number)
        .join(UploadedRow, UploadedRow.upload_id == Upload.id)
        .where(UploadedRow.response_id == response_id)
    )
    return [
        f"Row {row.number} of a spreadsheet that was brought in on {written_day(row.brought_at)}"
        for row in connection.execute(query.order_by(Upload.brought_at))
    ]
