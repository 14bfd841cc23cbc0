"""Keeping a preview sealed, bringing its rows in part by part, undoing, forgetting. A crash loses and doubles nothing.

Each part is one job in one transaction with its answers, their concerns and how far it is, and writes the job for the
next part.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from hscb_voice.audit.service import note
from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.jobs import enqueue
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.governance.erasing import AFTERWARDS, MISTAKE, Erasing, erase_in, refuse_unsettled
from hscb_voice.governance.errors import NotNowError
from hscb_voice.governance.sweeping import EVERYTHING
from hscb_voice.paper.form_codes import form_of_code
from hscb_voice.paper.service import raise_beside, was_seen
from hscb_voice.responses.errors import AnotherAnswerError, TakenBackError, UnknownResponseError
from hscb_voice.responses.models import Response
from hscb_voice.responses.service import Setting, Span, Submission, keep
from hscb_voice.uploads.errors import NotNowUploadError
from hscb_voice.uploads.judging import Asked, Judged
from hscb_voice.uploads.models import Upload, UploadedRow
from hscb_voice.uploads.queries import (
    DONE,
    PREVIEW,
    RUNNING,
    UNDOING,
    UNDONE,
    Contents,
    Outcome,
    UploadSummary,
    contents_of,
    outcomes_of,
)

BRING_JOB, UNDO_JOB, FORGET_JOB = "uploads.bring", "uploads.undo", "uploads.forget"
PREVIEW_FOR, RESULT_FOR = timedelta(hours=1), timedelta(days=1)
ROWS_A_PART = 50
_KEPT, _KNOWN, _REFUSED, _STAYS, _UNDONE = "kept", "known", "refused", "stays", "undone"


def keep_preview(
    connection: Connection, judged: Judged, asked: Asked, person_id: str, keys: KeyRing, clock: Clock
) -> str:
    """Keep what a file would become, sealed, until somebody says yes or an hour has gone by.

    Args:
        connection: a writing connection.
        judged: the file.
        asked: what counts for all of it.
        person_id: who brought it.
        keys: seal it.
        clock: tells when.

    Returns:
        The upload's id.
    """
    upload_id, now = new_id(), clock.now()
    contents = Contents(
        judged.header,
        judged.passed_over,
        tuple({"number": row.number, "cells": row.cells, "kept": row.ready} for row in judged.ready),
        tuple({"number": row.number, "cells": row.cells, "faults": row.faults} for row in judged.refused),
    )
    values = {
        "id": upload_id,
        "person_id": person_id,
        "team": asked.team,
        "form_code": asked.form.code,
        "state": PREVIEW,
        "ready": len(contents.ready),
        "refused": len(contents.refused),
        "done": 0,
        "brought_at": now,
        **_sealed(keys, upload_id, contents),
    }
    connection.execute(insert(Upload), values)
    enqueue(connection, (FORGET_JOB,), upload_id, now + PREVIEW_FOR)
    return upload_id


def begin(connection: Connection, upload: UploadSummary, clock: Clock) -> None:
    """Say yes to a preview: from now on its rows are brought in.

    Args:
        connection: a writing connection.
        upload: which.
        clock: tells when.

    Raises:
        NotNowUploadError: it is no preview any more, or has no row that can be kept.
    """
    if not upload.ready:
        message = "No row of this file can be kept."
        raise NotNowUploadError(message)
    _turn(connection, upload, PREVIEW, RUNNING)
    now = clock.now()
    enqueue(connection, (BRING_JOB,), upload.id, now)
    note(connection, upload.person_id, "brought in a spreadsheet", f"upload {upload.id}", now=now, reason=_size(upload))


def drop(connection: Connection, upload: UploadSummary) -> None:
    """Throw a preview away.

    Raises:
        NotNowUploadError: it is no preview any more.
    """
    _turn(connection, upload, PREVIEW, PREVIEW)
    connection.execute(delete(Upload).where(Upload.id == upload.id))


def begin_to_undo(connection: Connection, upload: UploadSummary, clock: Clock) -> None:
    """Begin to take back what a file brought. What somebody has seen, or what raised a concern, stays.

    Raises:
        NotNowUploadError: it is not brought in.
    """
    _turn(connection, upload, DONE, UNDOING)
    now = clock.now()
    enqueue(connection, (UNDO_JOB,), upload.id, now)
    note(connection, upload.person_id, "undid a spreadsheet", f"upload {upload.id}", now=now, reason=_size(upload))


def bring_part(connection: Connection, upload_id: str, *, keys: KeyRing, clock: Clock) -> None:
    """Keep the next rows of an upload: the handler of its job.

    Args:
        connection: a writing connection.
        upload_id: which.
        keys: open the rows and seal the answers.
        clock: tells when.
    """
    upload = _locked(connection, upload_id, RUNNING)
    if upload is None:
        return
    contents = contents_of(connection, keys, upload_id)
    part = contents.ready[upload.done : upload.done + ROWS_A_PART]
    # By month, as readings of many answers change figures: in the file's order the two could wait for each other.
    for row in sorted(part, key=lambda one: (one["kept"]["span"], one["number"])):
        _bring(connection, upload, row, keys, clock)
    done = upload.done + len(part)
    changes: dict[str, Any] = {"done": done}
    if done >= len(contents.ready):
        # What was kept stands among the answers now; here it is not held a second time.
        left = Contents(contents.header, contents.passed_over, (), _still_refused(connection, upload_id, contents))
        changes |= {"state": DONE, "finished_at": clock.now(), "refused": len(left.refused)}
        changes |= _sealed(keys, upload_id, left)
    else:
        enqueue(connection, (BRING_JOB,), upload_id, clock.now())
    connection.execute(update(Upload).where(Upload.id == upload_id).values(changes))


def undo_part(connection: Connection, upload_id: str, *, clock: Clock) -> None:
    """Take back the next rows that an upload brought: the handler of its job.

    Args:
        connection: a writing connection.
        upload_id: which.
        clock: tells when.
    """
    upload = _locked(connection, upload_id, UNDOING)
    if upload is None:
        return
    now = clock.now()
    part = outcomes_of(connection, upload_id, (_KEPT,))[:ROWS_A_PART]
    for row in _by_month(connection, part):
        why = _not_undone(connection, str(row.response_id), upload.person_id, now, clock.today())
        outcome = {"outcome": _STAYS if why else _UNDONE, "reason": why}
        is_row = (UploadedRow.upload_id == upload_id, UploadedRow.number == row.number)
        connection.execute(update(UploadedRow).where(*is_row).values(outcome))
    if part:
        enqueue(connection, (UNDO_JOB,), upload_id, now)
        enqueue(connection, AFTERWARDS, EVERYTHING, now)
    else:
        connection.execute(update(Upload).where(Upload.id == upload_id).values(state=UNDONE, finished_at=now))


def forget(connection: Connection, upload_id: str, *, clock: Clock) -> None:
    """Forget an upload whose time is over: the handler of its job. What it brought in stays.

    Args:
        connection: a writing connection.
        upload_id: which.
        clock: tells when.
    """
    query = select(Upload.state, Upload.finished_at).where(Upload.id == upload_id).with_for_update()
    row = connection.execute(query).first()
    if row is None:
        return
    now = clock.now()
    over = row.state == PREVIEW or (row.finished_at is not None and row.finished_at + RESULT_FOR <= now)
    if over and row.state not in {RUNNING, UNDOING}:
        connection.execute(delete(Upload).where(Upload.id == upload_id))
    else:
        due = (row.finished_at or now) + RESULT_FOR
        enqueue(connection, (FORGET_JOB,), upload_id, max(due, now + PREVIEW_FOR))


def _bring(connection: Connection, upload: UploadSummary, row: dict[str, Any], keys: KeyRing, clock: Clock) -> None:
    outcome, reason, response_id = _KEPT, "", row["kept"]["sitting_id"]
    try:
        kept = keep(connection, _submission(connection, upload, row["kept"], clock.now()), keys)
        if kept.is_new:
            raise_beside(connection, kept.response_id, keys, clock)
        else:
            outcome, reason = _KNOWN, "It was brought in before, with the same answers."
    except AnotherAnswerError:
        outcome, reason = _REFUSED, "A row with this id was brought in before, with other answers. That one was kept."
    except TakenBackError:
        outcome, reason = _REFUSED, "This row was brought in before and taken back. Give it another id."
    values = {
        "upload_id": upload.id,
        "number": row["number"],
        "response_id": None if outcome == _REFUSED else response_id,
        "outcome": outcome,
        "reason": reason,
    }
    connection.execute(insert(UploadedRow), values)


def _submission(connection: Connection, upload: UploadSummary, kept: dict[str, Any], now: datetime) -> Submission:
    form = form_of_code(connection, upload.form_code)
    start, end = (date.fromisoformat(day) for day in kept["span"])
    return Submission(
        sitting_id=kept["sitting_id"],
        version=form.version,
        answers=kept["answers"],
        received_at=now,
        variant=form.variant,
        language=kept["language"],
        setting=Setting(
            channel="import",
            service=kept["service"],
            team=upload.team,
            locality=kept["locality"],
            session_date=date.fromisoformat(kept["session_date"]) if kept["session_date"] else None,
            point=kept["point"],
        ),
        respondent=form.version.definition.respondent_of(form.variant),
        span=Span(start, end),
    )


def _still_refused(connection: Connection, upload_id: str, contents: Contents) -> tuple[dict[str, Any], ...]:
    """Return every row that is not among the answers: what was refused at once, and what was while it was kept."""
    late = {one.number: one.reason for one in outcomes_of(connection, upload_id, (_REFUSED,))}
    rows = [
        {"number": row["number"], "cells": row["cells"], "faults": [["id", late[row["number"]]]]}
        for row in contents.ready
        if row["number"] in late
    ]
    return tuple(sorted([*contents.refused, *rows], key=lambda row: int(row["number"])))


def _by_month(connection: Connection, part: Sequence[Outcome]) -> list[Outcome]:
    """Sort what was kept by the month of its answer, for the reason that `bring_part` has."""
    within = Response.id.in_([row.response_id for row in part])
    query = select(Response.id, Response.span_start, Response.span_end).where(within)
    spans = {row.id: (row.span_start, row.span_end) for row in connection.execute(query)}
    return sorted(part, key=lambda row: (spans.get(str(row.response_id), (date.min, date.min)), row.number))


def _not_undone(connection: Connection, response_id: str, by: str, now: datetime, today: date) -> str:
    """Take one response back, or say why it stays."""
    if was_seen(connection, response_id, by):
        return "Somebody has read it."
    try:
        refuse_unsettled(connection, response_id, "", today)
    except NotNowError as fault:
        return str(fault)
    except UnknownResponseError:
        return ""  # it has gone already
    erase_in(connection, Erasing(response_id, MISTAKE, by), now)
    return ""


def _turn(connection: Connection, upload: UploadSummary, before: str, after: str) -> None:
    """Turn an upload from one state to the next; only one of two who try at once succeeds."""
    turned = update(Upload).where(Upload.id == upload.id, Upload.state == before).values(state=after)
    if connection.execute(turned.returning(Upload.id)).first() is None:
        message = "This has been decided already."
        raise NotNowUploadError(message)


def _locked(connection: Connection, upload_id: str, state: str) -> UploadSummary | None:
    columns = [getattr(Upload, name) for name in UploadSummary.__dataclass_fields__]
    query = select(*columns).where(Upload.id == upload_id, Upload.state == state).with_for_update()
    row = connection.execute(query).first()
    return None if row is None else UploadSummary(*row)


def _sealed(keys: KeyRing, upload_id: str, contents: Contents) -> dict[str, object]:
    seal, wrapped = keys.seal_for_new_row(Upload.__tablename__, upload_id)
    text = json.dumps(asdict(contents), ensure_ascii=False)
    return {"key_id": wrapped.key_id, "wrapped_key": wrapped.wrapped, "sealed": seal.close(text, "sealed")}


def _size(upload: UploadSummary) -> str:
    return f"{upload.form_code}: {upload.ready} rows"
