"""What people of staff do with invitations: make them, say how many were handed out, take them back. All is noted.

An invitation never holds a child's name: there is no field in which one could stand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from hscb_voice.audit.service import note
from hscb_voice.foundation.clock import LOCAL_ZONE, Clock
from hscb_voice.foundation.database import upsert
from hscb_voice.foundation.ids import new_id
from hscb_voice.invitations.codes import new_code
from hscb_voice.invitations.counting import EVER, InvitedNoteLine, notes_without_code
from hscb_voice.invitations.errors import InvitationError, UnknownInvitationError
from hscb_voice.invitations.listing import MadeInvitation
from hscb_voice.invitations.models import Invitation, InvitedCount
from hscb_voice.invitations.queries import OPEN
from hscb_voice.invitations.service import InvitedNote, columns_of, note_invited
from hscb_voice.responses.queries import Teams
from hscb_voice.responses.service import Setting, Span

MOST_AT_ONCE = 60
MOST_HANDED_OUT = 100_000
_TRIES = 20
_RECORDING_TIME = timedelta(days=1)


@dataclass(frozen=True)
class Doer:
    """Who does something, and the clock by which they do it."""

    id: str
    clock: Clock

    @property
    def now(self) -> datetime:
        """Return the present moment."""
        return self.clock.now()

    @property
    def today(self) -> date:
        """Return today's date."""
        return self.clock.today()


@dataclass(frozen=True)
class Wish:
    """What an invitation shall lead to."""

    slug: str
    setting: Setting
    variant: str | None = None
    language: str | None = None
    expires_at: datetime | None = None


def make_single(connection: Connection, wish: Wish, count: int, doer: Doer) -> list[str]:
    """Make codes of which each is for one sitting, and count each as one person invited.

    Args:
        connection: a writing connection.
        wish: where they lead.
        count: how many; more than one stand on one sheet.
        doer: who does it, and when.

    Returns:
        The invitations' ids.

    Raises:
        InvitationError: there would be none, or too many at once.
    """
    if not 1 <= count <= MOST_AT_ONCE:
        message = f"Make 1 to {MOST_AT_ONCE} codes at once."
        raise InvitationError(message)
    sheet_id = new_id() if count > 1 else None
    ids = [_insert(connection, wish, doer, single=True, sheet_id=sheet_id) for _ in range(count)]
    for invitation_id in ids:
        where = wish.setting
        one = InvitedNote(wish.slug, where.service, Span.month_of(doer.today), 1, False, where.team, invitation_id)
        note_invited(connection, one)
    what = f"{count} codes for {wish.slug}" if count > 1 else f"invitation {ids[0]}"
    note(connection, doer.id, "made invitations for one sitting", what, now=doer.now)
    return ids


def make_many(connection: Connection, wish: Wish, doer: Doer) -> str:
    """Make one code for many sittings. How many it was handed out to is said later.

    Args:
        connection: a writing connection.
        wish: where it leads.
        doer: who does it, and when.

    Returns:
        The invitation's id.
    """
    invitation_id = _insert(connection, wish, doer, single=False)
    note(connection, doer.id, "made an invitation for many", f"invitation {invitation_id}", now=doer.now)
    return invitation_id


def make_recording(connection: Connection, wish: Wish, doer: Doer) -> str:
    """Make the code by which a worker records what somebody has said; it is open for a day.

    Args:
        connection: a writing connection.
        wish: where it leads; its channel is `worker`.
        doer: who does it, and when.

    Returns:
        The code.
    """
    invitation_id = _insert(connection, wish, doer, single=True, lasts=_RECORDING_TIME)
    note(connection, doer.id, "began to record an answer", f"invitation {invitation_id}", now=doer.now)
    return connection.execute(select(Invitation.code).where(Invitation.id == invitation_id)).scalar_one()


def say_handed_out(connection: Connection, invitation: MadeInvitation, month: date, number: int, doer: Doer) -> None:
    """Say to how many people a code for many was handed out in a month; what was said before is replaced.

    Args:
        connection: a writing connection.
        invitation: which; found through the person's teams.
        month: any day of the month.
        number: how many people; 0 takes the line away.
        doer: who does it, and when.

    Raises:
        InvitationError: it is a code for one sitting, or the number or the month cannot be.
    """
    if invitation.single:
        message = "A code for one sitting counts as one person by itself."
        raise InvitationError(message)
    _check_number(number)
    span = Span.month_of(month)
    if not Span.month_of(invitation.created_at.astimezone(LOCAL_ZONE).date()).start <= span.start <= doer.today:
        message = "Choose a month between the one in which the code was made and this one."
        raise InvitationError(message)
    counts = InvitedCount.__table__
    if number:
        row: dict[str, object] = {
            "id": new_id(),
            "slug": invitation.slug,
            "service": invitation.service,
            "team": invitation.team,
        }
        row |= {"span_start": span.start, "span_end": span.end, "invited": number, "invitation_id": invitation.id}
        line = upsert(connection, InvitedCount).values(row | {"invented": False})
        connection.execute(
            line.on_conflict_do_update(index_elements=["invitation_id", "span_start"], set_={"invited": number})
        )
    else:
        of_month = (counts.c.invitation_id == invitation.id, counts.c.span_start == span.start)
        connection.execute(delete(InvitedCount).where(*of_month))
    told = f"{number} in {span.start:%B %Y}"
    note(connection, doer.id, "said how many were invited", f"invitation {invitation.id}", now=doer.now, reason=told)


def revoke(connection: Connection, invitation: MadeInvitation, doer: Doer, *, was_given: bool) -> None:
    """Close a code for good. Doing it again changes nothing.

    Args:
        connection: a writing connection.
        invitation: which; found through the person's teams.
        doer: who does it, and when.
        was_given: whether somebody had it already. If not, and nobody has answered, nobody was invited by it; a code
            that was given still counts, or closing unanswered codes would make the share of answers look better.
    """
    if invitation.revoked_at is not None:
        return
    connection.execute(update(Invitation).where(Invitation.id == invitation.id).values(revoked_at=doer.now))
    if not was_given and not invitation.answers:
        connection.execute(delete(InvitedCount).where(InvitedCount.invitation_id == invitation.id))
    reason = "it had been given to somebody" if was_given else "it had been given to nobody"
    note(connection, doer.id, "closed an invitation", f"invitation {invitation.id}", now=doer.now, reason=reason)


def revoke_all(connection: Connection, invitations: Sequence[MadeInvitation], doer: Doer, *, was_given: bool) -> int:
    """Close every code of a sheet that is still open; the arguments are those of `revoke`.

    Returns:
        How many were closed.
    """
    still_open = [one for one in invitations if one.state(doer.now) == OPEN]
    for one in still_open:
        revoke(connection, one, doer, was_given=was_given)
    return len(still_open)


def note_without_code(connection: Connection, wanted: InvitedNote, doer: Doer) -> None:
    """Note how many people were invited without a code of ours: on paper, by a tablet, by word of mouth.

    Args:
        connection: a writing connection.
        wanted: the number, and to what it belongs; it is added to what was noted before for the same.
        doer: who does it, and when.

    Raises:
        InvitationError: the number or the month cannot be.
    """
    _check_number(wanted.invited)
    if wanted.span.start > doer.today:
        message = "That month has not begun yet."
        raise InvitationError(message)
    note_invited(connection, wanted)
    told = f"{wanted.invited} in {wanted.span.start:%B %Y}"
    note(connection, doer.id, "noted people invited without a code", wanted.slug, now=doer.now, reason=told)


def note_of(connection: Connection, teams: Teams, note_id: str) -> InvitedNoteLine:
    """Return a note of people invited without a code.

    Args:
        connection: a connection.
        teams: of the person.
        note_id: which note.

    Returns:
        The note.

    Raises:
        UnknownInvitationError: there is none of that id for this person; another team's is unknown too.
    """
    for found in notes_without_code(connection, teams, EVER):
        if found.id == note_id:
            return found
    message = "There is no such note."
    raise UnknownInvitationError(message)


def change_note(connection: Connection, noted: InvitedNoteLine, number: int, doer: Doer) -> None:
    """Put another number into a note, or take the note away.

    Args:
        connection: a writing connection.
        noted: which; found through the person's teams.
        number: how many people; 0 takes it away.
        doer: who does it, and when.

    Raises:
        InvitationError: the number cannot be.
    """
    _check_number(number)
    which = InvitedCount.id == noted.id
    statement = (
        update(InvitedCount).where(which).values(invited=number) if number else delete(InvitedCount).where(which)
    )
    connection.execute(statement)
    told = f"from {noted.invited} to {number}"
    note(connection, doer.id, "changed a note of people invited", noted.slug, now=doer.now, reason=told)


def _check_number(number: int) -> None:
    if not 0 <= number <= MOST_HANDED_OUT:
        message = f"Enter a number from 0 to {MOST_HANDED_OUT:,}."
        raise InvitationError(message)


def _insert(
    connection: Connection,
    wish: Wish,
    doer: Doer,
    *,
    single: bool,
    sheet_id: str | None = None,
    lasts: timedelta | None = None,
) -> str:
    now = doer.now
    row = {
        "id": new_id(),
        "slug": wish.slug,
        "variant": wish.variant,
        "language": wish.language,
        "created_at": now,
        "expires_at": now + lasts if lasts else wish.expires_at,
        "single": single,
        "made_by": doer.id,
        "sheet_id": sheet_id,
        **columns_of(wish.setting),
    }
    statement = upsert(connection, Invitation).on_conflict_do_nothing(index_elements=["code"]).returning(Invitation.id)
    for _ in range(_TRIES):
        if connection.execute(statement, row | {"code": new_code()}).first() is not None:
            return str(row["id"])
    message = "No free code was found. Please try again."
    raise InvitationError(message)
