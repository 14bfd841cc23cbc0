"""Sets where leaving leads: an address on the internet, by https, that says nothing of where somebody has been."""

import re
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import Connection, delete

from hscb_voice.audit.service import note
from hscb_voice.foundation.database import upsert
from hscb_voice.leaving.errors import UnfitAddressError
from hscb_voice.leaving.models import ExitAddress

LONGEST_ADDRESS = 200
_HOST = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
_PLAIN = re.compile(r"[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+")


def checked_address(typed: str, own_host: str) -> str:
    """Return an address to which people may be led.

    Args:
        typed: what somebody typed.
        own_host: of this site.

    Returns:
        The address, without spaces around it.

    Raises:
        UnfitAddressError: it is none, is not https, is this site, or is too long.
    """
    address = typed.strip()
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").casefold(), parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    if parts.scheme != "https" or not _HOST.fullmatch(host) or port or parts.username or not _PLAIN.fullmatch(address):
        message = "Enter an address that begins with https://, such as https://www.bbc.co.uk/weather"
        raise UnfitAddressError(message)
    if host == own_host.casefold():
        message = "This address is on this site. Choose another one, so that people really leave"
        raise UnfitAddressError(message)
    if len(address) > LONGEST_ADDRESS:
        message = f"The address must have {LONGEST_ADDRESS} characters or fewer"
        raise UnfitAddressError(message)
    return address


def set_exit(connection: Connection, service: str, address: str, *, by: str, now: datetime) -> None:
    """Set where the pages of a service lead.

    Args:
        connection: a writing connection.
        service: which; "" for every service without its own.
        address: checked; empty to go by the one for every other service again.
        by: the account that sets it.
        now: the present moment.
    """
    if address:
        values = {"address": address, "set_by": by, "set_at": now}
        statement = upsert(connection, ExitAddress).values(service=service, **values)
        connection.execute(statement.on_conflict_do_update(index_elements=["service"], set_=values))
    else:
        connection.execute(delete(ExitAddress).where(ExitAddress.service == service))
    said = address or "as every other service"
    note(connection, by, "set where leaving leads", f"{service or 'every other service'}: {said}"[:200], now=now)
