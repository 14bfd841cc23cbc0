"""What a worker recorded last, and the receipt that is handed over. Nobody else is shown it, and only for a day."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from hscb_voice.foundation.keys import KeyRing
from hscb_voice.invitations.models import Invitation
from hscb_voice.invitations.service import WORKER
from hscb_voice.responses.models import Response
from hscb_voice.responses.queries import visible_to
from hscb_voice.responses.receipts import receipt_for
from hscb_voice.staff.queries import Person

_SHOWN_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Recording:
    """One answer that a worker recorded, or began to."""

    code: str
    slug: str
    response_id: str = ""  # empty while nothing has been sent
    receipt: str = ""


def last_recording(connection: Connection, keys: KeyRing, person: Person, now: datetime) -> Recording | None:
    """Return what a worker recorded last within a day.

    Args:
        connection: a reading connection.
        keys: make the receipt anew.
        person: who recorded it.
        now: the present moment.

    Returns:
        None when there is none.

    Raises:
        KeyMissingError: there is no key.
    """
    mine = select(Invitation.id, Invitation.code, Invitation.slug).where(
        Invitation.made_by == person.id, Invitation.channel == WORKER, Invitation.created_at > now - _SHOWN_FOR
    )
    made = connection.execute(mine.order_by(Invitation.created_at.desc(), Invitation.id).limit(1)).first()
    if made is None:
        return None
    kept = select(Response.id, Response.receipt_turn).where(
        Response.invitation_id == made.id, Response.taken_back_at.is_(None)
    )
    answer = connection.execute(visible_to(person.teams, kept).order_by(Response.received_at).limit(1)).first()
    if answer is None:
        return Recording(made.code, made.slug)
    return Recording(made.code, made.slug, answer.id, receipt_for(keys, answer.id, answer.receipt_turn))
