"""Putting another version of the codebook in force, as one act, and taking that back.

The machine's codes that stand by and those in force change places, and so do their counts, in one transaction: nobody
ever sees figures that are half of one version and half of another. People's codes stay where they are.
"""

from sqlalchemy import Connection, case, func, literal, select, update
from sqlalchemy.orm import aliased

from hscb_voice.codebooks.queries import standing, switches
from hscb_voice.codebooks.service import note_switch
from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.database import taking_longer
from hscb_voice.responses import tallies
from hscb_voice.responses.models import Tally
from hscb_voice.themes.errors import RunError
from hscb_voice.themes.models import CodebookRun, Coding
from hscb_voice.themes.rerunning import DROPPED, FINISHED, SWITCHED
from hscb_voice.themes.service import MACHINE, PERSON, STANDBY

# A hundred thousand comments take some seconds; nothing else that somebody waits for needs these rows meanwhile.
_PATIENCE_SECONDS = 120.0
_LEAVING = "leaving"
_PAIR = 2
_PREFIX, _LEAVING_PREFIX = f"{STANDBY}:", f"{_LEAVING}:"


def switch(connection: Connection, by: str, clock: Clock) -> int:
    """Put the version of a finished run in force.

    Args:
        connection: a writing connection that meets every team's rows.
        by: the person's id.
        clock: tells when.

    Returns:
        The number of the version that is in force now.

    Raises:
        RunError: no run has finished, or some comments have not been read by both versions yet.
    """
    now = standing(connection, locks="alone")
    finished = select(CodebookRun.id).where(CodebookRun.state == FINISHED, CodebookRun.version == now.standing_by)
    run_id = connection.execute(finished).scalar()
    if run_id is None:
        message = "Not all comments have been read by the new version yet."
        raise RunError(message)
    _change_places(connection)
    connection.execute(update(CodebookRun).where(CodebookRun.id == run_id).values(state=SWITCHED))
    return note_switch(connection, by, clock, is_undo=False)


def undo_switch(connection: Connection, by: str, clock: Clock) -> int:
    """Take the last switch back: the version from before it is in force again, and can be switched to again.

    Args:
        connection: a writing connection that meets every team's rows.
        by: the person's id.
        clock: tells when.

    Returns:
        The number of the version that is in force now.

    Raises:
        RunError: there is nothing to take back, or comments have been read by another version since.
    """
    now = standing(connection, locks="alone")
    if not can_undo(connection):
        message = "The last switch cannot be taken back any more: the codes from before it are not kept."
        raise RunError(message)
    _change_places(connection)
    switched = select(CodebookRun.id).where(CodebookRun.state == SWITCHED, CodebookRun.version == now.in_force)
    last = switched.order_by(CodebookRun.started_at.desc()).limit(1).scalar_subquery()
    connection.execute(update(CodebookRun).where(CodebookRun.id == last).values(state=FINISHED))
    return note_switch(connection, by, clock, is_undo=True)


def can_undo(connection: Connection) -> bool:
    """Tell whether the last switch can be taken back: what it put away still stands by."""
    now, last = standing(connection), switches(connection, 1)
    # A run of the version in force looks the same from there: what stands by is its own, and not what was put away.
    begun = select(CodebookRun.id).where(CodebookRun.state.not_in((DROPPED, SWITCHED)))
    if connection.execute(begun.limit(1)).first():
        return False
    return bool(last) and not last[0].is_undo and (last[0].came, last[0].went) == (now.in_force, now.standing_by)


def _change_places(connection: Connection) -> None:
    with taking_longer(connection, _PATIENCE_SECONDS):
        _refuse_half_read(connection)
        _swap_codes(connection)
        _swap_counts(connection)


def _refuse_half_read(connection: Connection) -> None:
    in_force = select(Coding.comment_id).where(Coding.in_force)
    ready = select(Coding.comment_id).where(Coding.source == STANDBY)
    # Each comment stands in either at most once: as many of both, and none of the one that lacks the other, is all.
    counts = [select(func.count()).select_from(one.subquery()).scalar_subquery() for one in (in_force, ready)]
    lacks = in_force.except_(ready).subquery()
    query = select(*counts, select(func.count()).select_from(lacks).scalar_subquery())
    counted, read, unready = map(int, connection.execute(query).one())
    n = unready + max(0, read - (counted - unready))
    if n:
        message = f"{n:,} comments that have just come are not read by both versions yet. Try again in a minute."
        raise RunError(message)


def _swap_codes(connection: Connection) -> None:
    """Let each pair of codes change places; what a person coded alone, and so has no pair, stays.

    One statement: a row that is written twice in one transaction costs its writing twice, and its references as well.
    """
    other = aliased(Coding)
    # What a person has in force wins over the version that comes, too.
    persons = select(other.comment_id).where(other.in_force, other.source == PERSON)
    pairs = [Coding.source.in_((MACHINE, STANDBY))]
    if _some_stand_alone(connection):
        of_machine = other.source.in_((MACHINE, STANDBY))
        alone = select(other.comment_id).where(of_machine).group_by(other.comment_id).having(func.count() < _PAIR)
        pairs.append(Coding.comment_id.not_in(alone))
    comes = Coding.source == STANDBY
    values = {"source": case((comes, MACHINE), else_=STANDBY), "in_force": comes & Coding.comment_id.not_in(persons)}
    connection.execute(update(Coding).where(*pairs).values(values))


def _some_stand_alone(connection: Connection) -> bool:
    """Tell whether some comment has no pair. Each has at most one of either, so that to count them is enough."""
    counts = [func.count().filter(Coding.source == source) for source in (MACHINE, STANDBY)]
    return len(set(connection.execute(select(*counts)).one())) > 1


def _swap_counts(connection: Connection) -> None:
    counted = Tally.question.in_(("themes", "polarity")) | Tally.question.startswith("theme:")
    away = update(Tally).where(counted).values(question=literal(_LEAVING_PREFIX) + Tally.question)
    connection.execute(away)
    for prefix, instead in ((_PREFIX, ""), (_LEAVING_PREFIX, _PREFIX)):
        rest = func.substr(Tally.question, len(prefix) + 1)
        named = literal(instead) + rest if instead else rest
        connection.execute(update(Tally).where(Tally.question.startswith(prefix)).values(question=named))
    tallies.note_change(connection)
