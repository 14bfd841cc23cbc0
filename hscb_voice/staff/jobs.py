"""What the worker does for accounts: it answers wishes for a new password, unseen by whoever measures our time."""

from dataclasses import dataclass

from sqlalchemy import Connection

from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.foundation.mail import LetterSender
from hscb_voice.foundation.settings import Settings
from hscb_voice.staff.entry_links import NewLink, answer_reset
from hscb_voice.staff.notices import send_link


@dataclass(frozen=True)
class StaffOffice:
    """What answering a wish needs of an installation."""

    settings: Settings
    keys: KeyRing
    clock: Clock
    mailer: LetterSender


def answer_reset_request(connection: Connection, request_id: str, *, office: StaffOffice) -> None:
    """Make and send the link that somebody asked for; nothing happens for an address that nobody has.

    Args:
        connection: a writing connection.
        request_id: which wish.
        office: seals the letter and knows the address.
    """

    def send(connection: Connection, link: NewLink) -> None:
        send_link(connection, office, link)

    answer_reset(connection, request_id, now=office.clock.now(), send=send)
