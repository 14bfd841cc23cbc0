"""Working on the draft, turn by turn, and publishing it as a version that never changes.

To put a version in force is no act of this room: its codes must lie ready first, and the themes room makes them.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from hscb_voice.audit.service import PLATFORM, note
from hscb_voice.codebooks import queries
from hscb_voice.codebooks.editing import Contents
from hscb_voice.codebooks.errors import CodebookEditError, DraftMovedError
from hscb_voice.codebooks.models import CodebookDraft, CodebookState, CodebookSwitch, CodebookVersion
from hscb_voice.codebooks.queries import OWN, Draft, body_of, digest_of, written_gone
from hscb_voice.foundation.clock import Clock
from hscb_voice.language.codebook import default_codebook

BEGAN = "Began the draft"
_MOST_TURNS = 500
_LONGEST_NOTE = 1000


def import_own(connection: Connection, clock: Clock) -> None:
    """Keep the program's own codebook as version 1, once; refresh it from a newer program while it is the only one.

    Args:
        connection: a writing connection.
        clock: tells when.
    """
    body = body_of(default_codebook())
    values = {"body": body, "digest": digest_of(body)}
    highest = connection.execute(select(func.max(CodebookVersion.number))).scalar()
    if highest is None:
        more: dict[str, Any] = {"number": OWN, "based_on": None, "gone": {}, "note": queries.own_note()}
        more |= {"published_by": PLATFORM, "published_at": clock.now()}
        connection.execute(insert(CodebookVersion), values | more)
    elif highest == OWN:
        # People who never wrote a version of their own follow the program; a version of theirs stays what it was.
        is_older = (CodebookVersion.number == OWN) & (CodebookVersion.digest != values["digest"])
        connection.execute(update(CodebookVersion).where(is_older).values(values))


def begin_draft(connection: Connection, by: str, clock: Clock, based_on: int | None = None) -> int:
    """Begin a draft, from the version in force or from another.

    Args:
        connection: a writing connection.
        by: the person's id.
        clock: tells when.
        based_on: which version; the one in force when left out.

    Returns:
        The draft's turn.

    Raises:
        CodebookEditError: there is a draft already.
        UnknownVersionError: there is no such version.
    """
    queries.standing(connection, locks="alone")
    if queries.draft(connection) is not None:
        message = "There is a draft already. Go on with it, or throw it away first."
        raise CodebookEditError(message)
    import_own(connection, clock)
    number = queries.standing(connection).in_force if based_on is None else based_on
    contents = queries.contents_of(connection, number)
    _keep_turn(connection, 1, number, contents, f"{BEGAN} from version {number}", by, clock.now())
    note(connection, by, "began a draft of the codebook", f"version {number}", now=clock.now())
    return 1


def change_draft(
    connection: Connection, turn: int, change: Callable[[Contents], Contents], did: str, by: str, clock: Clock
) -> int:
    """Change the draft.

    Args:
        connection: a writing connection.
        turn: the turn that the person saw; nobody's change is written over unseen.
        change: makes the new contents of the old.
        did: what it does, in words.
        by: the person's id.
        clock: tells when.

    Returns:
        The draft's new turn; the same when nothing changed.

    Raises:
        CodebookEditError: the change cannot be made.
        DraftMovedError: somebody else has changed the draft meanwhile, or it is no more.
    """
    before = _draft_at(connection, turn)
    after = change(before.contents)
    if after == before.contents:
        return turn
    if turn >= _MOST_TURNS:
        message = f"A draft has at most {_MOST_TURNS} changes. Publish it, and begin another."
        raise CodebookEditError(message)
    _keep_turn(connection, turn + 1, before.based_on, after, did, by, clock.now())
    note(connection, by, "changed the draft of the codebook", did[:120], now=clock.now())
    return turn + 1


def undo_change(connection: Connection, turn: int, by: str, clock: Clock) -> str:
    """Take the last change of the draft back.

    Args:
        connection: a writing connection.
        turn: the turn that the person saw.
        by: the person's id.
        clock: tells when.

    Returns:
        What was taken back, in words.

    Raises:
        CodebookEditError: nothing has been changed.
        DraftMovedError: somebody else has changed the draft meanwhile, or it is no more.
    """
    last = _draft_at(connection, turn)
    if turn == 1:
        message = "Nothing has been changed in this draft yet."
        raise CodebookEditError(message)
    connection.execute(delete(CodebookDraft).where(CodebookDraft.turn == turn))
    note(connection, by, "undid a change of the codebook", last.did[0][:120], now=clock.now())
    return last.did[0]


def discard_draft(connection: Connection, turn: int, by: str, clock: Clock) -> None:
    """Throw the draft away.

    Args:
        connection: a writing connection.
        turn: the turn that the person saw.
        by: the person's id.
        clock: tells when.

    Raises:
        DraftMovedError: somebody else has changed the draft meanwhile, or it is no more.
    """
    _draft_at(connection, turn)
    connection.execute(delete(CodebookDraft))
    note(connection, by, "threw a draft of the codebook away", f"after {turn - 1} changes", now=clock.now())


def publish_draft(connection: Connection, turn: int, why: str, by: str, clock: Clock) -> int:
    """Publish the draft as a new version. It is not in force yet.

    Args:
        connection: a writing connection.
        turn: the turn that the person saw.
        why: what changed and why, for those who compare later.
        by: the person's id.
        clock: tells when.

    Returns:
        The version's number.

    Raises:
        CodebookEditError: there is no note, or nothing differs from the version that it began from.
        DraftMovedError: somebody else has changed the draft meanwhile, or it is no more.
    """
    last, why = _draft_at(connection, turn), why.strip()
    if not why or len(why) > _LONGEST_NOTE:
        message = f"Say in up to {_LONGEST_NOTE:,} characters what changed, and why."
        raise CodebookEditError(message, {"note": message})
    base = queries.contents_of(connection, last.based_on)
    if last.contents.codebook.themes == base.codebook.themes and last.contents.codebook.sets == base.codebook.sets:
        message = f"Nothing differs from version {last.based_on}."
        raise CodebookEditError(message)
    number = (connection.execute(select(func.max(CodebookVersion.number))).scalar() or OWN) + 1
    body = body_of(last.contents.codebook.model_copy(update={"version": number}))
    row = {"number": number, "based_on": last.based_on, "body": body, "digest": digest_of(body), "note": why}
    row |= {"gone": written_gone(last.contents.gone), "published_by": by, "published_at": clock.now()}
    connection.execute(insert(CodebookVersion), row)
    connection.execute(delete(CodebookDraft))
    note(connection, by, "published a version of the codebook", f"version {number}", now=clock.now(), reason=why[:300])
    return number


def stand_by(connection: Connection, number: int | None) -> None:
    """Say which version's codes are kept beside those in force; for the themes room, which keeps them.

    Args:
        connection: a writing connection that holds the state alone.
        number: which version; None for none.
    """
    connection.execute(update(CodebookState).values(standing_by=number))


def note_switch(connection: Connection, by: str, clock: Clock, *, is_undo: bool) -> int:
    """Change places: what stands by is in force, what was in force stands by.

    Args:
        connection: a writing connection that holds the state alone, on which the codes change places too.
        by: the person's id.
        clock: tells when.
        is_undo: True when the last switch is taken back.

    Returns:
        The number of the version that is in force now.

    Raises:
        CodebookEditError: no version stands by.
    """
    now = queries.standing(connection)
    if now.standing_by is None:
        message = "No other version is ready to be put in force."
        raise CodebookEditError(message)
    connection.execute(update(CodebookState).values(in_force=now.standing_by, standing_by=now.in_force))
    turn = (connection.execute(select(func.max(CodebookSwitch.turn))).scalar() or 0) + 1
    row = {"turn": turn, "came": now.standing_by, "went": now.in_force, "is_undo": is_undo}
    connection.execute(insert(CodebookSwitch), row | {"switched_by": by, "switched_at": clock.now()})
    act = "went back to a version of the codebook" if is_undo else "put a version of the codebook in force"
    note(connection, by, act, f"version {now.standing_by} after {now.in_force}", now=clock.now())
    return now.standing_by


def _draft_at(connection: Connection, turn: int) -> Draft:
    # One after another: two people who save at once cannot both write the same turn.
    queries.standing(connection, locks="alone")
    found = queries.draft(connection)
    if found is None or found.turn != turn:
        message = "Somebody has changed the draft since you opened this page. Look at it again; nothing was saved."
        raise DraftMovedError(message)
    return found


def _keep_turn(
    connection: Connection, turn: int, based_on: int, contents: Contents, did: str, by: str, now: datetime
) -> None:
    row = {"turn": turn, "based_on": based_on, "body": body_of(contents.codebook), "did": did[:200]}
    row |= {"gone": written_gone(contents.gone), "changed_by": by, "changed_at": now}
    connection.execute(insert(CodebookDraft), row)
