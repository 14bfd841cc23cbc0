"""Opening and closing codes, and noting how many were invited."""

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.ids import new_id
from hscb_voice.invitations.errors import CodeTakenError
from hscb_voice.invitations.models import Invitation, InvitedCount
from hscb_voice.responses.service import Setting, Span


@dataclass(frozen=True)
class InvitedNote:
    """How many people were invited to a questionnaire within some days."""

    slug: str
    service: str
    span: Span
    invited: int
    invented: bool = False


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
        asked = (slug, variant, setting.service, setting.team, setting.locality)
        if asked != (known.slug, known.variant, known.service, known.team, known.locality):
            message = f"The code “{code}” is open already, for another form, service or team. Choose another code."
            raise CodeTakenError(message)
        return str(known.id)
    invitation_id = new_id()
    connection.execute(
        insert(Invitation),
        {
            "id": invitation_id,
            "code": code,
            "slug": slug,
            "variant": variant,
            "channel": setting.channel,
            "service": setting.service,
            "team": setting.team,
            "locality": setting.locality,
            "session_date": setting.session_date,
            "point": setting.point,
            "created_at": clock.now(),
        },
    )
    return invitation_id


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
        },
    )
