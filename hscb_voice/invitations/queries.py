"""Reading invitations: where a code leads, whether it is still open, and how many were asked."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, func, select

from hscb_voice.invitations.errors import UnknownCodeError
from hscb_voice.invitations.models import Invitation, InvitedCount
from hscb_voice.responses.service import Setting

OPEN: Final = ""
USED, EXPIRED, REVOKED = "used", "expired", "revoked"
# Whoever opened the form in time may have held it since: on a tablet without signal, or in a pocket over the holidays.
GRACE = timedelta(days=90)


@dataclass(frozen=True)
class OpenInvitation:
    """Where a code leads."""

    id: str
    code: str
    slug: str
    variant: str | None
    setting: Setting
    language: str | None = None
    single: bool = False
    used: bool = False
    revoked: bool = False
    expires_at: datetime | None = None

    def closed(self, now: datetime) -> str:
        """Tell whether the form may still be opened.

        Args:
            now: the present moment.

        Returns:
            Empty while it may; otherwise why not.
        """
        if self.revoked:
            return REVOKED
        if self.used:
            return USED
        return EXPIRED if self.expires_at is not None and self.expires_at <= now else OPEN

    def closed_for_sending(self, now: datetime) -> str:
        """Tell whether answers may still be sent. That is kinder than opening: somebody has written them already.

        A code for one sitting that has been used still takes what another had open at the same time: refusing it
        would silence somebody for being second. One that has run out takes what was opened before, for a time.

        Args:
            now: the present moment.

        Returns:
            Empty while they may; otherwise why not.
        """
        if self.revoked:
            return REVOKED
        return EXPIRED if self.expires_at is not None and self.expires_at + GRACE <= now else OPEN


def invitation_by_code(connection: Connection, code: str) -> OpenInvitation:
    """Follow a code, open or closed.

    Args:
        connection: a reading connection.
        code: as it stands in the address.

    Returns:
        The questionnaire and the setting, and whether it is open.

    Raises:
        UnknownCodeError: there is no such code.
    """
    row = connection.execute(select(*Invitation.__table__.columns).where(Invitation.code == code)).first()
    if row is None:
        message = "This code does not lead anywhere."
        raise UnknownCodeError(message)
    return OpenInvitation(
        id=row.id,
        code=row.code,
        slug=row.slug,
        variant=row.variant,
        setting=Setting(row.channel, row.id, row.service, row.team, row.locality, row.session_date, row.point),
        language=row.language,
        single=row.single,
        used=row.used_at is not None,
        revoked=row.revoked_at is not None,
        expires_at=row.expires_at,
    )


def services_invited(connection: Connection) -> list[str]:
    """Return the services that codes name, in order.

    Args:
        connection: a reading connection.
    """
    query = select(Invitation.service).where(Invitation.service != "").distinct()
    return list(connection.execute(query.order_by(Invitation.service)).scalars())


def invited_within(
    connection: Connection, slugs: Collection[str], start: date, end: date
) -> dict[str, dict[tuple[date, date], int]]:
    """Count the people invited to several questionnaires within a time, span by span.

    Args:
        connection: a reading connection.
        slugs: which questionnaires.
        start: the first day.
        end: the last day.

    Returns:
        Slug -> first and last day -> how many; no span of which nobody noted it.
    """
    spans = (InvitedCount.slug, InvitedCount.span_start, InvitedCount.span_end)
    query = select(*spans, func.sum(InvitedCount.invited)).group_by(*spans)
    found: dict[str, dict[tuple[date, date], int]] = {slug: {} for slug in slugs}
    for slug, first, last, n in connection.execute(query.where(spans[1] >= start, spans[2] <= end)):
        if slug in found:
            found[slug][first, last] = int(n)
    return found


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
