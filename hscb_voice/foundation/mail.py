"""Sending mail. A message here never holds a child's words: it says that something waits, and where."""

import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from hscb_voice.foundation.errors import VoiceError

_PATIENCE_SECONDS = 10
_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class MailError(VoiceError):
    """The mail server did not take a message; it must be sent again later."""


@dataclass(frozen=True)
class Letter:
    """One plain message to one person."""

    to: str
    subject: str
    text: str


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
            MailError: the server was not there, was too slow, or refused.
        """
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, letter.to, letter.subject
        message.set_content(letter.text)
        try:
            with self._connect() as server:
                server.send_message(message)
        except (OSError, smtplib.SMTPException) as fault:
            trouble = f"The mail server did not take the message ({type(fault).__name__})."
            raise MailError(trouble) from fault

    def _connect(self) -> smtplib.SMTP:
        kind = smtplib.SMTP_SSL if self._parts.scheme == "smtps" else smtplib.SMTP
        port = self._parts.port or _PORTS.get(self._parts.scheme, 25)
        server = kind(self._parts.hostname or "localhost", port, timeout=_PATIENCE_SECONDS)
        if self._parts.scheme == "smtp+starttls":
            server.starttls()
        if self._parts.username:
            server.login(unquote(self._parts.username), unquote(self._parts.password or ""))
        return server
