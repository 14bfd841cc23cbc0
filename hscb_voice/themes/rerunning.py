"""Reading all comments by a new version of the codebook, in the background, while the version in force stays.

What is read lies beside the codes in force and counts for nothing until somebody switches. A run is cut into parts; a
part's codes and the mark that it is done are written together, so a killed worker loses at most the part in hand. What
people coded is never touched, and what has no words any more keeps the codes that it has.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select, true, update

from hscb_voice.audit.service import note
from hscb_voice.codebooks.queries import codebook_of, standing
from hscb_voice.codebooks.service import import_own, stand_by
from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.jobs import Handler, Job, LongWork, Write, enqueue_many
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.responses.models import Comment, Response
from hscb_voice.responses.words import comments_of
from hscb_voice.themes.errors import RunError
from hscb_voice.themes.jobs import machine_coding
from hscb_voice.themes.many import Standalone, move_counts, write_codings
from hscb_voice.themes.models import CodebookRun, CodebookRunPart, CodedTheme, Coding
from hscb_voice.themes.pinning import model_of_run, pin_now
from hscb_voice.themes.service import MACHINE, STANDBY, cells_of_responses, hold_off_switch
from hscb_voice.themes.surroundings import Helpers, no_helpers, surroundings_of

RERUN_JOB = "themes.rerun"
RUNNING, PAUSED, FINISHED, DROPPED, SWITCHED = "running", "paused", "finished", "dropped", "switched"
RESPONSES_A_PART = 20
_IDS_AT_ONCE = 5000


def begin_again(connection: Connection, by: str, clock: Clock) -> str:
    """Begin to read all comments again by the version in force, with what was learned since they were read.

    Args:
        connection: a writing connection.
        by: the person's id.
        clock: tells when.

    Returns:
        The run's id.

    Raises:
        RunError: a run goes on already.
    """
    return begin_run(connection, standing(connection).in_force, by, clock, again=True)


def begin_run(connection: Connection, version: int, by: str, clock: Clock, *, again: bool = False) -> str:
    """Begin to read all comments by a version; workers do it, with the model in use now from beginning to end.

    Args:
        connection: a writing connection.
        version: the version's number.
        by: the person's id.
        clock: tells when.
        again: whether it may be the version in force.

    Returns:
        The run's id.

    Raises:
        RunError: a run goes on already, or the version is in force.
        UnknownVersionError: there is no such version.
    """
    now = standing(connection, locks="alone")
    import_own(connection, clock)
    if now.in_force == version and not again:
        message = "This version is in force already."
        raise RunError(message)
    if connection.execute(select(CodebookRun.id).where(CodebookRun.state.in_((RUNNING, PAUSED)))).first():
        message = "Comments are being read by a version already. Let that finish, or give it up first."
        raise RunError(message)
    codebook_of(connection, version)
    forsaken = CodebookRun.state == FINISHED
    connection.execute(update(CodebookRun).where(forsaken).values(state=DROPPED))
    run_id, moment = new_id(), clock.now()
    row = {"id": run_id, "version": version, "state": RUNNING, "started_by": by, "started_at": moment}
    connection.execute(insert(CodebookRun), row | pin_now(connection))
    parts = [{"id": new_id(), "run_id": run_id, "comments": 0, **part} for part in _stretches(connection)]
    connection.execute(insert(CodebookRunPart), parts)
    enqueue_many(connection, RERUN_JOB, [str(part["id"]) for part in parts], moment)
    # From here on a new answer is read by both versions; those before it are in the parts.
    stand_by(connection, version)
    note(connection, by, "began to read all comments again", f"version {version}", now=moment)
    return run_id


def pause_run(connection: Connection, by: str, clock: Clock) -> None:
    """Let a run rest; what was read stays.

    Args:
        connection: a writing connection.
        by: the person's id.
        clock: tells when.

    Raises:
        RunError: no run goes on.
    """
    run_id = _move(connection, RUNNING, PAUSED)
    parts = select(CodebookRunPart.id).where(CodebookRunPart.run_id == run_id)
    connection.execute(delete(Job).where(Job.kind == RERUN_JOB, Job.subject_id.in_(parts)))
    note(connection, by, "paused reading all comments again", f"run {run_id}", now=clock.now())


def continue_run(connection: Connection, by: str, clock: Clock) -> None:
    """Let a paused run go on where it was.

    Args:
        connection: a writing connection.
        by: the person's id.
        clock: tells when.

    Raises:
        RunError: no run is paused.
    """
    run_id = _move(connection, PAUSED, RUNNING)
    parts = select(CodebookRunPart.id).where(CodebookRunPart.run_id == run_id, CodebookRunPart.done_at.is_(None))
    left = list(connection.execute(parts.order_by(CodebookRunPart.first_id)).scalars())
    enqueue_many(connection, RERUN_JOB, left, clock.now())
    note(connection, by, "went on reading all comments again", f"run {run_id}", now=clock.now())


def drop_run(connection: Connection, by: str, clock: Clock) -> None:
    """Give a run up. Its version is never put in force by it, and new answers are read by the one in force alone.

    Args:
        connection: a writing connection.
        by: the person's id.
        clock: tells when.

    Raises:
        RunError: there is no run to give up.
    """
    standing(connection, locks="alone")
    run_id = _move(connection, (RUNNING, PAUSED, FINISHED), DROPPED)
    parts = select(CodebookRunPart.id).where(CodebookRunPart.run_id == run_id)
    connection.execute(delete(Job).where(Job.kind == RERUN_JOB, Job.subject_id.in_(parts)))
    stand_by(connection, None)
    note(connection, by, "gave up reading all comments again", f"run {run_id}", now=clock.now())


def prepare_part(
    connection: Connection, part_id: str, *, keys: KeyRing, clock: Clock, helpers: Helpers = no_helpers
) -> Write:
    """Read the comments of one part of a run; the handler of its job.

    Args:
        connection: a reading connection.
        part_id: which part.
        keys: open the words.
        clock: tells when.
        helpers: tells who made the code by which an answer came.

    Returns:
        What keeps the codes; nothing is kept when the run has ended or rests meanwhile.

    Raises:
        KeyMissingError: the key that sealed words is not here.
    """
    part = connection.execute(_open_part(part_id)).first()
    if part is None:
        return lambda _: None
    book = codebook_of(connection, part.version)
    ids = _response_ids(connection, part.first_id, part.before_id)
    around = surroundings_of(connection, ids, helpers)
    learned = model_of_run(connection, part)
    codings = [
        Standalone(one.response_id, machine_coding(one, around[one.response_id], book, STANDBY, learned))
        for one in comments_of(connection, keys, ids)
    ]
    return partial(_keep_part, part_id=part_id, codings=codings, now=clock.now())


def rerun_handlers(keys: KeyRing, clock: Clock, helpers: Helpers = no_helpers) -> dict[str, Handler]:
    """Return who does the jobs of a run.

    Args:
        keys: open the words.
        clock: tells when.
        helpers: tells who made the code by which an answer came.
    """
    return {RERUN_JOB: LongWork(partial(prepare_part, keys=keys, clock=clock, helpers=helpers))}


def _keep_part(connection: Connection, *, part_id: str, codings: Sequence[Standalone], now: datetime) -> None:
    hold_off_switch(connection)
    part = connection.execute(_open_part(part_id).with_for_update(of=CodebookRunPart)).first()
    if part is None:
        return
    ids = _response_ids(connection, part.first_id, part.before_id)
    connection.execute(select(Response.id).where(Response.id.in_(ids)).order_by(Response.id).with_for_update()).all()
    before = cells_of_responses(connection, ids)
    old = select(Coding.id).where(Coding.response_id.in_(ids), Coding.source == STANDBY)
    connection.execute(delete(CodedTheme).where(CodedTheme.coding_id.in_(old)))
    connection.execute(delete(Coding).where(Coding.response_id.in_(ids), Coding.source == STANDBY))
    with_words = _with_words(connection, ids)
    fresh = [one for one in codings if one.coding.comment_id in with_words]
    write_codings(connection, fresh, now)
    _copy_what_cannot_be_read(connection, ids, {one.coding.comment_id for one in fresh})
    move_counts(connection, ids, before)
    done = {"done_at": now, "comments": len(fresh)}
    connection.execute(update(CodebookRunPart).where(CodebookRunPart.id == part_id).values(done))
    _finish_when_all_is_done(connection, part.run_id, now)


def _with_words(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Return the comments whose words are still there: they may have been erased since they were read."""
    query = select(Comment.id).join(Response, Response.id == Comment.response_id)
    return set(connection.execute(query.where(Response.id.in_(ids), Response.wrapped_key.is_not(None))).scalars())


def _copy_what_cannot_be_read(connection: Connection, ids: Sequence[str], read: set[str]) -> None:
    """Let the codes in force of comments without words stand by too: nobody can read those again."""
    kept = Coding.in_force | (Coding.source == MACHINE)
    query = select(*Coding.__table__.columns).where(Coding.response_id.in_(ids), kept)
    # One for each comment: the machine's where there is one, else the person's that is in force.
    machine_last = query.order_by(Coding.source == MACHINE, Coding.in_force)
    last = {
        row["comment_id"]: row for row in connection.execute(machine_last).mappings() if row["comment_id"] not in read
    }
    copies = {row["id"]: {**row, "id": new_id(), "source": STANDBY, "in_force": False} for row in last.values()}
    if not copies:
        return
    connection.execute(insert(Coding), list(copies.values()))
    found = connection.execute(select(*CodedTheme.__table__.columns).where(CodedTheme.coding_id.in_(copies))).mappings()
    themes = [{**row, "coding_id": copies[row["coding_id"]]["id"]} for row in found]
    if themes:
        connection.execute(insert(CodedTheme), themes)


def _finish_when_all_is_done(connection: Connection, run_id: str, now: datetime) -> None:
    # One at a time: of two workers with the last two parts, the second must see that the first has finished.
    connection.execute(select(CodebookRun.id).where(CodebookRun.id == run_id).with_for_update()).first()
    left = select(CodebookRunPart.id).where(CodebookRunPart.run_id == run_id, CodebookRunPart.done_at.is_(None))
    if connection.execute(left.limit(1)).first() is None:
        is_running = and_(CodebookRun.id == run_id, CodebookRun.state == RUNNING)
        connection.execute(update(CodebookRun).where(is_running).values(state=FINISHED, ended_at=now))


def _open_part(part_id: str) -> Any:  # noqa: ANN401 - a selection of many columns has no shorter type
    pinned = (CodebookRun.learned, CodebookRun.learned_digest, CodebookRun.learned_off)
    return (
        select(*CodebookRunPart.__table__.columns, CodebookRun.version, *pinned)
        .join(CodebookRun, CodebookRun.id == CodebookRunPart.run_id)
        .where(CodebookRunPart.id == part_id, CodebookRunPart.done_at.is_(None), CodebookRun.state == RUNNING)
    )


def _stretches(connection: Connection) -> list[dict[str, str]]:
    """Cut the ids of all responses into stretches without a gap, open at both ends."""
    firsts: list[str] = []
    last, place = "", 0
    while page := list(connection.execute(_page_after(last)).scalars()):
        firsts += [one for i, one in enumerate(page) if (place + i) % RESPONSES_A_PART == 0]
        last, place = page[-1], place + len(page)
    firsts = ["", *firsts[1:]]
    return [{"first_id": a, "before_id": b} for a, b in zip(firsts, [*firsts[1:], ""], strict=True)]


def _page_after(last: str) -> Any:  # noqa: ANN401 - as above
    return select(Response.id).where(Response.id > last).order_by(Response.id).limit(_IDS_AT_ONCE)


def _response_ids(connection: Connection, first: str, before: str) -> list[str]:
    until: ColumnElement[bool] = Response.id < before if before else true()
    return list(connection.execute(select(Response.id).where(Response.id >= first, until)).scalars())


def _move(connection: Connection, states: str | tuple[str, ...], to: str) -> str:
    wanted = (states,) if isinstance(states, str) else states
    query = select(CodebookRun.id).where(CodebookRun.state.in_(wanted)).order_by(CodebookRun.started_at.desc())
    run_id: str | None = connection.execute(query.limit(1).with_for_update()).scalar()
    if run_id is None:
        message = "There is no such run now. Look at the page again."
        raise RunError(message)
    connection.execute(update(CodebookRun).where(CodebookRun.id == run_id).values(state=to))
    return run_id
