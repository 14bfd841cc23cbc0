"""Asking for responses as a file, making it, taking it, and forgetting it after a day.

Each step is noted in the record. The file is sealed like any words. Whoever asked may take it, several times, and
nobody else; once anything has been erased since it was asked for, it is not handed out any more.
"""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, delete, func, insert, select, update

from hscb_voice.audit.service import note
from hscb_voice.exports.columns import cells_of, columns_of
from hscb_voice.exports.errors import ExportRefusedError
from hscb_voice.exports.files import KINDS, Table, written
from hscb_voice.exports.known import ASKED_FOR, TOOK, Extent
from hscb_voice.exports.models import ResponseExport
from hscb_voice.exports.queries import ExportLine, export_of
from hscb_voice.exports.reading import (
    MASKED,
    WHOLE,
    Wanted,
    answered_versions,
    how_many,
    responses_in_parts,
    words_of,
)
from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.database import Database
from hscb_voice.foundation.fence import Teams
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.jobs import Write, enqueue
from hscb_voice.foundation.keys import KeyRing, WrappedKey
from hscb_voice.questionnaires.queries import published_slugs
from hscb_voice.responses.models import Erasure
from hscb_voice.responses.periods import named_period
from hscb_voice.staff.errors import UnknownPersonError
from hscb_voice.staff.queries import Person, person_by_id
from hscb_voice.staff.roles import Permission

MAKE_JOB, FORGET_JOB = "exports.make", "exports.forget"
KEPT_FOR = timedelta(days=1)
MOST, MOST_WITH_WORDS = 50_000, 10_000
LONGEST_REASON = 150
_COLUMN = "sealed"
_GONE = "Something has been erased since you asked for this, so it is not handed out any more. Ask for it again."


@dataclass(frozen=True)
class Asked:
    """What somebody wants to take elsewhere."""

    slug: str
    period: str  # a reporting year or quarter; empty for all
    kind: str
    words: str  # empty, masked or whole
    reason: str


def ask(connection: Connection, asked: Asked, person: Person, keys: KeyRing, clock: Clock) -> str:
    """Ask for responses as a file.

    Args:
        connection: a writing connection.
        asked: what is wanted.
        person: who asks; the caller has seen a fresh proof of who they are.
        keys: seal the file.
        clock: tells when.

    Returns:
        The export's id.

    Raises:
        ExportRefusedError: it cannot be made; the message says why.
    """
    wanted = _wanted(connection, asked, person)
    total = how_many(connection, wanted)
    most = MOST_WITH_WORDS if asked.words else MOST
    if not total:
        message = "Nobody whose answers you may see answered this in that time."
        raise ExportRefusedError(message)
    if total > most:
        message = f"These are {total:,} responses; a file holds at most {most:,}. Choose a shorter period."
        raise ExportRefusedError(message)
    export_id, now = new_id(), clock.now()
    values = {**vars(asked), "id": export_id, "person_id": person.id, "asked_at": now, "total": total}
    connection.execute(insert(ResponseExport), values | _sealed(keys, export_id, b"", person.teams))
    enqueue(connection, (MAKE_JOB,), export_id, now)
    enqueue(connection, (FORGET_JOB,), export_id, now + KEPT_FOR)
    reason = f"{asked.reason} {Extent(asked.slug, asked.period, asked.words).told(asked.kind, total)}"
    note(connection, person.id, ASKED_FOR, f"export {export_id}", now=now, reason=reason)
    return export_id


def prepare_making(
    connection: Connection, export_id: str, *, database: Database, keys: KeyRing, clock: Clock
) -> Callable[[], Write]:
    """Read the responses of an export, then write its file with no connection held: the handler of its job.

    Args:
        connection: a reading connection.
        export_id: which.
        database: told how far it is.
        keys: open words and seal the file.
        clock: tells when.

    Returns:
        What writes the file and returns what keeps it; doing it again changes nothing.
    """
    columns = [getattr(ResponseExport, name) for name in ExportLine.__dataclass_fields__]
    row = connection.execute(select(*columns).where(ResponseExport.id == export_id)).first()
    if row is None or row.made_at is not None:
        return lambda: _nothing
    line = ExportLine(*row)
    try:
        person = _asker(connection, line)
        table = _table(connection, line, person, database, keys)
    except ExportRefusedError as fault:
        refusal = str(fault)
        return lambda: _troubled(export_id, refusal)

    def go() -> Write:
        try:
            content = written(table, line.kind)
        except ExportRefusedError as fault:
            return _troubled(export_id, str(fault))
        changes = {"made_at": clock.now(), "total": len(table.rows), "done": len(table.rows)}
        changes |= _sealed(keys, export_id, content, person.teams)
        kept = update(ResponseExport).where(ResponseExport.id == export_id).values(changes)

        def keep(writing: Connection) -> None:
            if _erased_since(writing, line):
                _troubled(export_id, _GONE)(writing)
            else:
                writing.execute(kept)

        return keep

    return go


def take(connection: Connection, export_id: str, person: Person, keys: KeyRing, clock: Clock) -> bytes:
    """Hand out an export to whoever asked for it, and note it.

    Args:
        connection: a writing connection.
        export_id: which.
        person: who takes it.
        keys: open it.
        clock: tells when.

    Returns:
        The file.

    Raises:
        UnknownExportError: there is none of that id for this person.
        ExportRefusedError: it is not made yet, its day is over, or it may hold what has been erased.
        KeyMissingError: the key that sealed it is not here.
    """
    line, now = export_of(connection, person.id, export_id), clock.now()
    if line.trouble:
        raise ExportRefusedError(line.trouble)
    if line.made_at is None or now >= line.asked_at + KEPT_FOR:
        message = "This file is not there. Ask for it again." if line.made_at else "This file is still being made."
        raise ExportRefusedError(message)
    if line.words and not person.may(Permission.READ_COMMENTS):
        message = "You may not read what people wrote any more."
        raise ExportRefusedError(message)
    if _erased_since(connection, line):
        raise ExportRefusedError(_GONE)
    is_it = ResponseExport.id == export_id
    row = connection.execute(
        select(ResponseExport.key_id, ResponseExport.wrapped_key, ResponseExport.sealed).where(is_it)
    ).one()
    seal = keys.seal_of_row(ResponseExport.__tablename__, export_id, WrappedKey(row.key_id, row.wrapped_key))
    held = json.loads(seal.open(row.sealed, _COLUMN))
    if not _reaches(person, held["teams"]):
        message = "You belong to other teams now. Ask for it again."
        raise ExportRefusedError(message)
    content = base64.b64decode(held["file"])
    connection.execute(update(ResponseExport).where(is_it).values(taken=ResponseExport.taken + 1))
    reason = f"{line.reason} {Extent(line.slug, line.period, line.words).told(line.kind, line.total)}"
    note(connection, person.id, TOOK, f"export {export_id}", now=now, reason=reason)
    return content


def drop(connection: Connection, export_id: str, person: Person, clock: Clock) -> None:
    """Throw an export away before its day is over.

    Args:
        connection: a writing connection.
        export_id: which.
        person: whose it is.
        clock: tells when.

    Raises:
        UnknownExportError: there is none of that id for this person.
    """
    export_of(connection, person.id, export_id)
    connection.execute(delete(ResponseExport).where(ResponseExport.id == export_id))
    note(connection, person.id, "threw an export of responses away", f"export {export_id}", now=clock.now())


def forget(connection: Connection, export_id: str) -> None:
    """Forget an export whose day is over: the handler of its job."""
    connection.execute(delete(ResponseExport).where(ResponseExport.id == export_id))


def empty_older(connection: Connection, _subject: str, *, keys: KeyRing) -> None:
    """Empty every file that was made before something was erased: the handler of a job that erasing asks for.

    With the new key of its row goes the old one, and with that what was erased. The page says why there is no file.

    Args:
        connection: a writing connection.
        _subject: of the job; every file is meant.
        keys: seal the nothing that is left.
    """
    newest = select(func.max(Erasure.at)).scalar_subquery()
    older = (ResponseExport.made_at.is_not(None), ResponseExport.asked_at <= newest)
    for export_id in connection.execute(select(ResponseExport.id).where(*older)).scalars().all():
        emptied = {"made_at": None, "trouble": _GONE, **_sealed(keys, export_id, b"", frozenset())}
        connection.execute(update(ResponseExport).where(ResponseExport.id == export_id).values(emptied))


def _wanted(connection: Connection, asked: Asked, person: Person) -> Wanted:
    span = named_period(asked.period) if asked.period else None
    if asked.slug not in published_slugs(connection) or asked.kind not in KINDS or (asked.period and span is None):
        message = "Choose a questionnaire, a period and a kind of file"
        raise ExportRefusedError(message)
    if asked.words not in {"", MASKED, WHOLE} or (asked.words and not person.may(Permission.READ_COMMENTS)):
        message = "You may not read what people wrote, so only ticks can be taken"
        raise ExportRefusedError(message)
    if not asked.reason.strip() or len(asked.reason) > LONGEST_REASON:
        message = f"Say what it is for, in at most {LONGEST_REASON} letters"
        raise ExportRefusedError(message)
    return Wanted(asked.slug, span, person.teams)


def _table(connection: Connection, line: ExportLine, person: Person, database: Database, keys: KeyRing) -> Table:
    """Read an export's responses, of those that the asker may see by now."""
    asked = Asked(line.slug, line.period, line.kind, line.words, line.reason)
    wanted = _wanted(connection, asked, person)
    versions = answered_versions(connection, wanted)
    columns = columns_of([version.definition for version in versions], with_words=bool(line.words))
    numbers = {version.id: version.number for version in versions}
    rows = []
    for part in responses_in_parts(connection, wanted):
        ids = [response.id for response in part]
        words = words_of(connection, keys, ids, line.words) if line.words else {}
        rows += [cells_of(columns, one, numbers[one.version_id], words.get(one.id, {})) for one in part]
        with database.writing() as telling:
            telling.execute(update(ResponseExport).where(ResponseExport.id == line.id).values(done=len(rows)))
    return Table(versions[-1].definition.title if versions else line.slug, columns, rows)


def _erased_since(connection: Connection, line: ExportLine) -> bool:
    since = select(Erasure.id).where(Erasure.at >= line.asked_at).limit(1)
    return connection.execute(since).first() is not None


def _asker(connection: Connection, line: ExportLine) -> Person:
    try:
        person = person_by_id(connection, line.person_id)
    except UnknownPersonError:
        person = None
    if person is None or not person.active or not person.may(Permission.EXPORT_RESPONSES):
        message = "You may not take responses any more."
        raise ExportRefusedError(message)
    return person


def _reaches(person: Person, teams: Sequence[str] | None) -> bool:
    """Tell whether a person may still meet every team from which a file was made."""
    return person.teams is None or (teams is not None and set(teams) <= person.teams)


def _sealed(keys: KeyRing, export_id: str, content: bytes, teams: Teams) -> dict[str, object]:
    """Seal a file, and with it of which teams it is."""
    seal, wrapped = keys.seal_for_new_row(ResponseExport.__tablename__, export_id)
    held = {"teams": None if teams is None else sorted(teams), "file": base64.b64encode(content).decode()}
    text = json.dumps(held)
    return {"key_id": wrapped.key_id, "wrapped_key": wrapped.wrapped, "sealed": seal.close(text, _COLUMN)}


def _troubled(export_id: str, trouble: str) -> Write:
    told = update(ResponseExport).where(ResponseExport.id == export_id).values(trouble=trouble)
    return lambda writing: _do(writing, told)


def _do(writing: Connection, statement: object) -> None:
    writing.execute(statement)  # type: ignore[call-overload]  # an update, as it was built above


def _nothing(_connection: Connection) -> None:
    """Write nothing: it has been made already, or thrown away."""
