"""Clock, ids, mail and the door of commands."""

import socketserver
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from hscb_voice.foundation.clock import SetClock, SystemClock, written_date
from hscb_voice.foundation.database import Database
from hscb_voice.foundation.ids import is_id, new_id
from hscb_voice.foundation.mail import Letter, Mailer, MailError
from hscb_voice.foundation.platform import NotPreparedError, Platform, PlatformDoor

LETTER = Letter("lead@example.org", "A concern waits", "https://voice.example.gov.uk/staff/concerns/")


def test_the_set_clock_stands_where_it_is_put_and_moves_when_told() -> None:
    clock = SetClock(datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    assert clock.today() == date(2026, 7, 1)  # British summer time
    clock.pass_time(timedelta(hours=-1))
    assert clock.today() == date(2026, 6, 30)
    assert written_date(clock.today()) == "30 June 2026"


def test_the_systems_clock_knows_its_zone() -> None:
    clock = SystemClock()
    assert clock.now().tzinfo is UTC
    assert abs(clock.today() - clock.now().date()) <= timedelta(days=1)


def test_an_id_is_known_by_its_shape() -> None:
    assert is_id(new_id())
    assert new_id() != new_id()
    for wrong in ("", "x", new_id().upper().replace("-", ""), new_id() + "\n", "../" + new_id()):
        assert not is_id(wrong)


class _Post(socketserver.StreamRequestHandler):
    """Takes mail as a server would, or refuses it."""

    refuses = False
    taken: list[str]

    def handle(self) -> None:
        """Speak SMTP as far as one message needs."""
        self.wfile.write(b"220 here\r\n")
        for line in self.rfile:
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                letter = b""
                while not letter.endswith(b"\r\n.\r\n"):
                    letter += self.rfile.readline()
                self.taken.append(letter.decode())
            if word == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"550 no\r\n" if self.refuses and word == b"RCPT" else b"250 well\r\n")


@pytest.fixture
def post() -> Iterator[tuple[type[_Post], str]]:
    """A mail server on loopback."""
    handler = type("Handler", (_Post,), {"taken": []})
    for port in range(31000, 31999):
        try:
            server = socketserver.ThreadingTCPServer(("127.0.0.1", port), handler)
        except OSError:
            continue
        break
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield handler, f"smtp://127.0.0.1:{port}"
    server.shutdown()
    server.server_close()


def test_a_letter_reaches_the_mail_server(post: tuple[type[_Post], str]) -> None:
    handler, url = post
    mailer = Mailer(url, "voice@example.org")
    assert mailer.is_set_up
    mailer.send(LETTER)
    (taken,) = handler.taken
    for part in ("From: voice@example.org", "To: lead@example.org", "Subject: A concern waits", LETTER.text):
        assert part in taken


def test_a_letter_that_is_refused_is_named_so(post: tuple[type[_Post], str]) -> None:
    handler, url = post
    handler.refuses = True
    with pytest.raises(MailError, match="did not take"):
        Mailer(url, "voice@example.org").send(LETTER)


@pytest.mark.parametrize("scheme", ["smtp", "smtps", "smtp+starttls"])
def test_a_mail_server_that_is_not_there_is_named_so(scheme: str) -> None:
    with pytest.raises(MailError):
        Mailer(f"{scheme}://127.0.0.1:1", "voice@example.org").send(LETTER)


def test_without_a_mail_server_none_is_set_up() -> None:
    assert not Mailer("", "voice@example.org").is_set_up


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_door_opens_once_and_only_what_is_prepared(platform: Platform, tmp_path: Path) -> None:
    opened: list[Path | None] = []

    def opener(folder: Path | None) -> Platform:
        opened.append(folder)
        return platform

    door = PlatformDoor(opener, opener, tmp_path)
    assert door.open() is platform
    assert door.prepare() is platform
    assert opened == [tmp_path]
    empty = replace(platform, database=Database(f"sqlite:///{tmp_path / 'empty.db'}"))
    with pytest.raises(NotPreparedError, match="hscb-voice migrate"):
        PlatformDoor(lambda _: empty, opener).open()
    assert PlatformDoor(lambda _: empty, lambda _: platform).prepare() is platform
