"""Sending mail through GOV.UK Notify, behind the same port as the mail server.

The template at Notify holds no words of its own: its subject is ((subject)) and its message ((message)). It sends
what it is given and keeps nothing.
"""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import requests

from hscb_voice.foundation.errors import SettingError
from hscb_voice.foundation.mail import PATIENCE_SECONDS, Letter, MailAwayError, MailRefusedError

_PATH = "/v2/notifications/email"
_ID = 36  # characters of a UUID
_CREATED = 201
_BUSY = 429
_THEIR_FAULT = 500


class NotifyMailer:
    """Hands letters to GOV.UK Notify."""

    is_set_up = True

    def __init__(self, address: str, api_key: str, template: str) -> None:
        """Remember the account at Notify.

        Args:
            address: of the service, such as https://api.notifications.service.gov.uk.
            api_key: as Notify gives it: a name, the service's id and the secret, with “-” between.
            template: the id of the template.

        Raises:
            SettingError: the key has not the shape of one.
        """
        self._service, self._secret = _parted(api_key)
        self._url = address.rstrip("/") + _PATH
        self._template = template

    def send(self, letter: Letter) -> None:
        """Hand a letter over.

        Args:
            letter: what to send.

        Raises:
            MailAwayError: Notify was not there, was too slow or too busy, or had a fault of its own.
            MailRefusedError: Notify refused: a wrong key or template, or an address that it may not write to.
        """
        body: dict[str, Any] = {
            "email_address": letter.to,
            "template_id": self._template,
            "personalisation": {"subject": letter.subject, "message": letter.text},
            "reference": letter.reference,
        }
        try:
            answer = requests.post(
                self._url,
                json=body,
                auth=self._authorised,  # not as a header: a .netrc of the machine would take its place
                timeout=PATIENCE_SECONDS,
                allow_redirects=False,  # the key must go nowhere else
            )
        except requests.RequestException as fault:
            trouble = f"GOV.UK Notify did not take the message ({type(fault).__name__})."
            raise MailAwayError(trouble) from fault
        if answer.status_code == _CREATED:
            return
        trouble = f"GOV.UK Notify did not take the message: it answered {answer.status_code}."
        if answer.status_code == _BUSY or answer.status_code >= _THEIR_FAULT:
            raise MailAwayError(trouble)
        raise MailRefusedError(trouble)

    def _authorised(self, asked: requests.PreparedRequest) -> requests.PreparedRequest:
        asked.headers["Authorization"] = f"Bearer {self._token()}"
        return asked

    def _token(self) -> str:
        """Return a JSON Web Token that says who asks, and when; Notify takes it for thirty seconds."""
        # The machine's own time, never a clock set for a test: Notify compares it with its own.
        claims = {"iss": self._service, "iat": int(time.time())}
        parts = ".".join(_base64(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "HS256"}, claims))
        signature = hmac.new(self._secret.encode(), parts.encode(), hashlib.sha256).digest()
        return f"{parts}.{_base64(signature)}"


def _parted(api_key: str) -> tuple[str, str]:
    """Take a key apart from its end, because its name may hold “-” too."""
    service, secret = api_key[-2 * _ID - 1 : -_ID - 1], api_key[-_ID:]
    if [len(part) for part in (service, secret)] != [_ID, _ID] or api_key[-_ID - 1] != "-":
        message = "VOICE_NOTIFY_KEY is not an API key of GOV.UK Notify: a name and two ids, with “-” between."
        raise SettingError(message)
    return service, secret


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
