"""GOV.UK Notify behind the port of letters, asked of a double of its HTTP API on this machine."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from hscb_voice.foundation import notify
from hscb_voice.foundation.errors import SettingError
from hscb_voice.foundation.mail import Letter, MailAwayError, Mailer, MailRefusedError
from hscb_voice.foundation.notify import NotifyMailer
from hscb_voice.foundation.senders import sender_for
from hscb_voice.foundation.settings import Settings

SERVICE, SECRET = "11111111-2222-4333-8444-555555555555", "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
KEY = f"our-live-key-{SERVICE}-{SECRET}"
TEMPLATE = "99999999-2222-4333-8444-555555555555"
LETTER = Letter("lead@example.org", "A concern waits", "Open the link.", "letter-1")
_CLOSE_ENOUGH = 30


@dataclass
class Double:
    """What a double of Notify has met, and how it answers."""

    address: str = ""
    answers: int = 201
    waits_seconds: float = 0
    taken: list[dict[str, Any]] = field(default_factory=list)

    def judge(self, bearer: str, body: dict[str, Any]) -> int:
        """Answer as Notify does: a token that is not signed with the service's secret, or is old, is refused."""
        signed, _, signature = bearer.removeprefix("Bearer ").rpartition(".")
        right = hmac.new(SECRET.encode(), signed.encode(), hashlib.sha256).digest()
        claims = json.loads(_decoded(signed.rpartition(".")[2]))
        is_fresh = abs(time.time() - claims["iat"]) < _CLOSE_ENOUGH
        if _decoded(signature) != right or claims["iss"] != SERVICE or not is_fresh:
            return 403
        if self.answers == 201:
            self.taken.append(body)
        return self.answers


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.fixture
def double() -> Iterator[Double]:
    """A double of Notify on loopback."""
    state = Double()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            time.sleep(state.waits_seconds)
            wanted = self.path == "/v2/notifications/email"
            self.send_response(state.judge(self.headers["Authorization"], body) if wanted else 404)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    for port in range(31000, 31999):
        try:
            server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        except OSError:
            continue
        break
    threading.Thread(target=server.serve_forever, daemon=True).start()
    state.address = f"http://127.0.0.1:{port}"
    yield state
    server.shutdown()
    server.server_close()


def test_a_letter_reaches_notify_with_its_template_and_reference(double: Double) -> None:
    NotifyMailer(double.address, KEY, TEMPLATE).send(LETTER)
    assert double.taken == [
        {
            "email_address": LETTER.to,
            "template_id": TEMPLATE,
            "personalisation": {"subject": LETTER.subject, "message": LETTER.text},
            "reference": LETTER.reference,
        }
    ]


def test_it_refuses_to_call_a_letter_sent_when_the_key_is_wrong(double: Double) -> None:
    wrong = KEY[:-1] + "f"
    with pytest.raises(MailRefusedError, match="403"):
        NotifyMailer(double.address, wrong, TEMPLATE).send(LETTER)
    assert double.taken == []


@pytest.mark.parametrize(("status", "kind"), [(429, MailAwayError), (500, MailAwayError), (503, MailAwayError)])
def test_a_busy_or_broken_notify_is_asked_again_later(double: Double, status: int, kind: type[Exception]) -> None:
    double.answers = status
    with pytest.raises(kind, match=str(status)):
        NotifyMailer(double.address, KEY, TEMPLATE).send(LETTER)


@pytest.mark.parametrize("status", [200, 302, 400])
def test_anything_but_created_is_no_sending(double: Double, status: int) -> None:
    double.answers = status
    with pytest.raises(MailRefusedError, match=str(status)):
        NotifyMailer(double.address, KEY, TEMPLATE).send(LETTER)


def test_a_notify_that_does_not_answer_is_not_waited_for(double: Double, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notify, "PATIENCE_SECONDS", 0.2)
    double.waits_seconds = 1
    start = time.monotonic()
    with pytest.raises(MailAwayError, match="Timeout"):
        NotifyMailer(double.address, KEY, TEMPLATE).send(LETTER)
    assert time.monotonic() - start < 1


def test_a_notify_that_is_not_there_is_named_so() -> None:
    with pytest.raises(MailAwayError, match="ConnectionError"):
        NotifyMailer("http://127.0.0.1:1", KEY, TEMPLATE).send(LETTER)


@pytest.mark.parametrize("key", ["", "short", f"name-{SERVICE}", f"{SERVICE}{SECRET}x", f"k-{SERVICE}+{SECRET}"])
def test_it_refuses_a_key_that_is_none(key: str) -> None:
    with pytest.raises(SettingError, match="VOICE_NOTIFY_KEY"):
        NotifyMailer("http://127.0.0.1:1", key, TEMPLATE)


def _settings(folder: Path, **more: str) -> Settings:
    return Settings.from_env({"VOICE_DATA": str(folder), "VOICE_SECRET_KEY": "x" * 32, **more})


def test_the_settings_choose_who_sends(tmp_path: Path) -> None:
    assert isinstance(sender_for(_settings(tmp_path, VOICE_MAIL_URL="smtp://127.0.0.1:25")), Mailer)
    chosen = sender_for(_settings(tmp_path, VOICE_NOTIFY_KEY=KEY, VOICE_NOTIFY_TEMPLATE=TEMPLATE))
    assert isinstance(chosen, NotifyMailer)
    assert chosen.is_set_up


def test_it_refuses_notify_without_a_template_or_in_the_clear(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="VOICE_NOTIFY_TEMPLATE"):
        sender_for(_settings(tmp_path, VOICE_NOTIFY_KEY=KEY))
    clear = {"VOICE_NOTIFY_TEMPLATE": TEMPLATE, "VOICE_NOTIFY_URL": "http://notify.example.org"}
    with pytest.raises(SettingError, match="VOICE_NOTIFY_URL"):
        sender_for(_settings(tmp_path, VOICE_NOTIFY_KEY=KEY, **clear))
