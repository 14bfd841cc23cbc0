"""Sending mail: one port, and the council's mail server behind it. GOV.UK Notify stands behind the same port.

A message here never holds a child's words: it says that something waits, and where.
"""

import contextlib
import smtplib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from typing import Protocol
from urllib.parse import unquote, urlsplit

from hscb_voice.foundation.errors import VoiceError

PATIENCE_SECONDS = 10  # for each step of a sending
LONGEST_SECONDS = 60  # for a whole sending: well within the lease of its job, so that no other worker sends it too
_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class MailError(VoiceError):
    """A letter was not taken; it must be sent again later."""


class MailAwayError(MailError):
    """The mail server was not there, was too slow, or went away."""


class MailRefusedError(MailError):
    """The mail server was there and refused the letter."""


class NoMailError(MailError):
    """No way to send mail has been set up."""


@dataclass(frozen=True)
class Letter:
    """One plain message to one person."""

    to: str
    subject: str
    text: str
    reference: str = ""  # the same at every try, so that a mailbox can tell a second copy from a second letter


class LetterSender(Protocol):
    """Whoever hands letters to the world outside."""

    @property
    def is_set_up(self) -> bool:
        """Tell whether there is a way to send at all."""

    def send(self, letter: Letter) -> None:
        """Hand a letter over; raises `MailError` when it was not taken."""


class Mailer:
    """Hands letters to the council's mail server."""

    def __init__(self, url: str, sender: str) -> None:
        """Remember the server.

        Args:
            url: `smtp://host:port`, `smtp+starttls://user:password@host` or `smtps://…`; empty when there is none.
            sender: the address from which letters come.
        """
        self._parts = urlsplit(url)
        self._sender = sender

    @property
    def is_set_up(self) -> bool:
        """Tell whether there is a mail server at all."""
        return bool(self._parts.hostname)

    def send(self, letter: Letter) -> None:
        """Hand a letter to the server.

        Args:
            letter: what to send.

        Raises:
            NoMailError: there is no server.
            MailAwayError: the server was not there, was too slow, or went away.
            MailRefusedError: the server refused.
        """
        if not self.is_set_up:
            message = "No mail server is set up. Set VOICE_MAIL_URL."
            raise NoMailError(message)
        try:
            with self._connect() as server, _ended_in_time(server):
                server.send_message(message_of(letter, self._sender))
        except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused, smtplib.SMTPNotSupportedError) as fault:
            trouble = f"The mail server did not take the message: it refused ({type(fault).__name__})."
            raise MailRefusedError(trouble) from fault
        except (OSError, smtplib.SMTPException) as fault:
            trouble = f"The mail server did not take the message ({type(fault).__name__})."
            raise MailAwayError(trouble) from fault

    def _connect(self) -> smtplib.SMTP:
        kind = smtplib.SMTP_SSL if self._parts.scheme == "smtps" else smtplib.SMTP
        port = self._parts.port or _PORTS.get(self._parts.scheme, 25)
        server = kind(self._parts.hostname or "localhost", port, timeout=PATIENCE_SECONDS)
        try:
            if self._parts.scheme == "smtp+starttls":
                server.starttls()
            if self._parts.username:
                server.login(unquote(self._parts.username), unquote(self._parts.password or ""))
        except BaseException:
            server.close()
            raise
        return server


def message_of(letter: Letter, sender: str) -> EmailMessage:
    """Return a letter as the message that goes to a mail server.

    Args:
        letter: what to send.
        sender: the address from which it comes.
    """
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, letter.to, letter.subject
    message["Date"] = formatdate()
    message["Auto-Submitted"] = "auto-generated"  # so that holiday replies do not answer it
    if letter.reference:
        message["Message-ID"] = f"<{letter.reference}@{sender.rpartition('@')[2]}>"
    message.set_content(letter.text)
    return message


@contextlib.contextmanager
def _ended_in_time(server: smtplib.SMTP) -> Iterator[None]:
    """Hang up on a server that answers each step just in time, for ever."""
    timer = threading.Timer(LONGEST_SECONDS, _hang_up, (server,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _hang_up(server: smtplib.SMTP) -> None:
    # Closing alone would leave another thread waiting in its read.
    if server.sock is not None:
        with contextlib.suppress(OSError):
            server.sock.shutdown(socket.SHUT_RDWR)
