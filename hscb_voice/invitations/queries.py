"""Reading invitations: where a code leads, and how many were asked."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from hscb_voice.invitations.errors import UnknownCodeError
from hscb_voice.invitations.models import Invitation, InvitedCount
from hscb_voice.responses.service import Setting


@dataclass(frozen=True)
class OpenInvitation:
    """Where a code leads."""

    id: str
    code: str
    slug: str
    variant: str | None
    setting: Setting


def open_invitation(connection: Connection, code: str, now: datetime) -> OpenInvitation:
    """Follow a code.

    Args:
        connection: a reading connection.
        code: as it stands in the address.
        now: the present moment.

    Returns:
        The questionnaire and the setting.

    Raises:
        UnknownCodeError: there is no such code, or it has expired or been taken back.
    """
    row = connection.execute(select(*Invitation.__table__.columns).where(Invitation.code == code)).first()
    if row is None or row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= now):
        message = "This code does not lead anywhere any more."
        raise UnknownCodeError(message)
    setting = Setting(row.channel, row.id, row.service, row.team, row.locality, row.session_date, row.point)
    return OpenInvitation(row.id, row.code, row.slug, row.variant, setting)


def services_invited(connection: Connection) -> list[str]:
    """Return the services that codes name, in order.

    Args:
        connection: a reading connection.
    """
    query = select(Invitation.service).where(Invitation.service != "").distinct()
    return list(connection.execute(query.order_by(Invitation.service)).scalars())


def invited(connection: Connection, slug: str, start: date, end: date, service: str = "") -> int | None:
    """Count the people invited to a questionnaire within a period.

    Args:
        connection: a reading connection.
        slug: which questionnaire.
        start: the period's first day.
        end: its last day.
        service: one service, or all when empty.

    Returns:
        How many; None when nobody noted it.
    """
    query = select(func.sum(InvitedCount.invited)).where(
        InvitedCount.slug == slug, InvitedCount.span_start >= start, InvitedCount.span_end <= end
    )
    if service:
        query = query.where(InvitedCount.service == service)
    total = connection.execute(query).scalar()
    return None if total is None else int(total)
