"""What is written of an invitation without a person of staff: codes opened by command, and codes that were used."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from hscb_voice.foundation.clock import LOCAL_ZONE, Clock
from hscb_voice.foundation.ids import new_id
from hscb_voice.invitations.errors import CodeTakenError
from hscb_voice.invitations.models import Invitation, InvitedCount
from hscb_voice.invitations.queries import OpenInvitation
from hscb_voice.responses.service import Setting, Span

WORKER = "worker"  # the channel of what a worker records after a session


@dataclass(frozen=True)
class InvitedNote:
    """How many people were invited to a questionnaire within some days."""

    slug: str
    service: str
    span: Span
    invited: int
    invented: bool = False
    team: str = ""
    invitation_id: str | None = None


def open_code(
    connection: Connection, code: str, slug: str, setting: Setting, clock: Clock, *, variant: str | None = None
) -> str:
    """Open a code for many sittings; opening it again in the same way changes nothing.

    Args:
        connection: a writing connection.
        code: what stands in the address after /f/.
        slug: the questionnaire to which it leads.
        setting: what is known and need not be asked.
        clock: tells when.
        variant: the age's form, when it is known.

    Returns:
        The invitation's id.

    Raises:
        CodeTakenError: the code leads to another form, or its answers belong to others.
    """
    known = connection.execute(select(*Invitation.__table__.columns).where(Invitation.code == code)).first()
    if known is not None:
        asked = (slug, variant, setting.service, setting.team, setting.locality, False)
        if asked != (known.slug, known.variant, known.service, known.team, known.locality, known.single):
            message = f"The code “{code}” is open already, for another form, service or team. Choose another code."
            raise CodeTakenError(message)
        return str(known.id)
    invitation_id = new_id()
    row = {"id": invitation_id, "code": code, "slug": slug, "variant": variant, "created_at": clock.now()}
    connection.execute(insert(Invitation), row | columns_of(setting))
    return invitation_id


def columns_of(setting: Setting) -> dict[str, object]:
    """Return the columns of an invitation that say its setting."""
    return {
        "channel": setting.channel,
        "service": setting.service,
        "team": setting.team,
        "locality": setting.locality,
        "session_date": setting.session_date,
        "point": setting.point,
    }


def mark_used(connection: Connection, invitation: OpenInvitation, now: datetime) -> None:
    """Close a code for one sitting, in the transaction of the answer that used it. Others are left as they are.

    What a worker records counts as one invited person only now: a child who would not speak was asked by nobody.

    Args:
        connection: a writing connection.
        invitation: whose answer has just been kept.
        now: the present moment.
    """
    if not invitation.single:
        return
    unused = update(Invitation).where(Invitation.id == invitation.id, Invitation.used_at.is_(None))
    first = connection.execute(unused.values(used_at=now).returning(Invitation.id)).first()
    if first is not None and invitation.setting.channel == WORKER:
        span = Span.month_of(now.astimezone(LOCAL_ZONE).date())
        where = invitation.setting
        note_invited(connection, InvitedNote(invitation.slug, where.service, span, 1, False, where.team, invitation.id))


def note_invited(connection: Connection, note: InvitedNote) -> None:
    """Note how many people were invited.

    Args:
        connection: a writing connection.
        note: the count and to what it belongs.
    """
    connection.execute(
        insert(InvitedCount),
        {
            "id": new_id(),
            "slug": note.slug,
            "service": note.service,
            "span_start": note.span.start,
            "span_end": note.span.end,
            "invited": note.invited,
            "invented": note.invented,
            "team": note.team,
            "invitation_id": note.invitation_id,
        },
    )
