"""Row F9: mail is down, slow, refuses, dies, or its worker is killed. Each letter gets there, and no answer waits."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from hscb_voice.foundation import mail
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.letters import fates_of, letters_waiting, post
from hscb_voice.foundation.mail import Letter
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings
from hscb_voice.opening import build_platform
from hscb_voice.responses.queries import EVERY_TEAM
from hscb_voice.running import work_until
from hscb_voice.safeguarding.queries import concerns_of
from tests.support.answering import keep_answer
from tests.support.engines import free_port

ON_ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
_HOUSE = Path(__file__).parents[2]
_LATEST_SECONDS = 60.0


@dataclass
class Office:
    """What a post office on loopback has met, and how it behaves."""

    port: int
    reply: str = "250 taken"
    hangs: bool = False
    dies: bool = False
    asked: threading.Event = field(default_factory=threading.Event)
    taken: list[str] = field(default_factory=list)  # the id of each message

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's own name
        """Take a message, or behave badly."""
        self.asked.set()
        if self.hangs:
            return await self._never()
        if not self.reply.startswith("250"):
            return self.reply
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        lines = content.decode().splitlines()
        self.taken.append(next(line.split()[1] for line in lines if line.startswith("Message-ID:")))
        if self.dies:
            transport: Any = server.transport
            transport.abort()
        return self.reply

    async def _never(self) -> str:
        while self.hangs:  # noqa: ASYNC110 - it is let go from another thread, which asyncio's events are not made for
            await asyncio.sleep(0.05)
        return "451 too late"


@contextmanager
def _open(office: Office) -> Iterator[Office]:
    controller = Controller(office, hostname="127.0.0.1", port=office.port)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


@pytest.fixture
def office() -> Office:
    """A post office; it is shut until a test opens it."""
    return Office(free_port())


@pytest.fixture
def mailing(platform: Platform, settings: Settings, clock: SetClock, office: Office) -> Iterator[Platform]:
    """The platform again, with that post office as its mail server."""
    assert platform
    built = build_platform(replace(settings, mail_url=f"smtp://127.0.0.1:{office.port}"), clock)
    yield built
    built.database.dispose()


def _post(platform: Platform, number: int) -> set[str]:
    with platform.database.writing() as connection:
        return {
            post(connection, platform.keys, Letter(f"p{n}@example.org", "It waits", "Open it."), platform.clock.now())
            for n in range(number)
        }


def _waiting(platform: Platform) -> int:
    with platform.database.reading() as connection:
        return letters_waiting(connection, platform.clock.now()).waiting


def _ids(office: Office) -> Counter[str]:
    return Counter(taken.strip("<>").partition("@")[0] for taken in office.taken)


def _until(done: Callable[[], bool]) -> None:
    start = time.monotonic()
    while not done():
        assert time.monotonic() - start < _LATEST_SECONDS, "it did not come about in time"
        time.sleep(0.02)


def _is_screened(platform: Platform, response_id: str) -> bool:
    with platform.database.reading() as connection:
        return bool(concerns_of(connection, EVERY_TEAM, response_id))


@contextmanager
def _worker(platform: Platform, office: Office) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=work_until, args=(platform, stop))
    thread.start()
    try:
        yield
    finally:
        office.hangs = False  # else the worker would wait for it
        stop.set()
        thread.join()


def test_row_f9_each_letter_arrives_once_after_two_hours_without_mail(
    mailing: Platform, clock: SetClock, office: Office
) -> None:
    posted = _post(mailing, 12)
    for _ in range(120):
        mailing.letters.run_all_due(1)
        clock.pass_time(timedelta(minutes=1))
    assert _waiting(mailing) == len(posted)
    with _open(office):
        for _ in range(16):  # the longest wait between two tries is 15 minutes
            mailing.letters.run_all_due(1)
            clock.pass_time(timedelta(minutes=1))
    assert _ids(office) == Counter(dict.fromkeys(posted, 1))
    assert _waiting(mailing) == 0


@pytest.mark.parametrize("reply", ["451 try later", "421 too busy", "550 no such person", "554 no"])
def test_row_f9_a_letter_that_is_refused_goes_when_the_server_takes_it(
    mailing: Platform, clock: SetClock, office: Office, reply: str
) -> None:
    posted = _post(mailing, 2)
    with _open(office):
        office.reply = reply
        for _ in range(5):
            mailing.letters.run_all_due(1)
            clock.pass_time(timedelta(minutes=15))
        with mailing.database.reading() as connection:
            assert {fate.trouble for fate in fates_of(connection, posted).values()} == {"MailRefusedError"}
        office.reply = "250 taken"
        mailing.letters.run_all_due(1)
    assert _ids(office) == Counter(dict.fromkeys(posted, 1))


def test_row_f9_a_server_that_takes_a_letter_and_dies_gets_it_again_under_the_same_id(
    mailing: Platform, clock: SetClock, office: Office
) -> None:
    (letter_id,) = _post(mailing, 1)
    with _open(office):
        office.dies = True
        mailing.letters.run_all_due(1)
        assert _waiting(mailing) == 1
        office.dies = False
        clock.pass_time(timedelta(minutes=1))
        mailing.letters.run_all_due(1)
    assert _ids(office) == Counter({letter_id: 2})
    assert _waiting(mailing) == 0


def test_row_f9_a_slow_mail_server_holds_up_no_screening_and_no_database(
    mailing: Platform, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "PATIENCE_SECONDS", 600)
    monkeypatch.setattr(mail, "LONGEST_SECONDS", 600)
    posted = _post(mailing, 3)
    office.hangs = True
    with _open(office), _worker(mailing, office):
        assert office.asked.wait(_LATEST_SECONDS)
        kept = keep_answer(mailing, {"q2a": "I am scared of my step dad."})
        _until(lambda: _is_screened(mailing, kept.response_id))
        with mailing.database.reading() as connection:
            fates = fates_of(connection, posted).values()
        # The first letter is still on its way, and no other has been tried: the screening did not wait for it.
        assert sorted((fate.tries, fate.trouble) for fate in fates) == [(0, ""), (0, ""), (1, "")]


@ON_ONE
def test_row_f9_a_server_that_answers_each_step_just_in_time_is_left_in_the_end(
    mailing: Platform, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "LONGEST_SECONDS", 0.5)
    monkeypatch.setattr(mail, "PATIENCE_SECONDS", 600)
    _post(mailing, 1)
    office.hangs = True
    with _open(office):
        start = time.monotonic()
        mailing.letters.run_due(1)
        assert time.monotonic() - start < _LATEST_SECONDS
    assert _waiting(mailing) == 1


@ON_ONE
@pytest.mark.faults
def test_row_f9_a_worker_that_is_killed_while_it_sends_leaves_the_letter_to_another(
    settings: Settings, platform: Platform, office: Office
) -> None:
    assert platform
    now = SetClock(datetime.now(UTC))
    mailing = build_platform(replace(settings, mail_url=f"smtp://127.0.0.1:{office.port}"), now)
    posted = _post(mailing, 2)
    environment = {
        **os.environ,
        "VOICE_DATA": str(settings.data_folder),
        "VOICE_DATABASE_URL": settings.database_url,
        "VOICE_SECRET_KEY": settings.secret_key,
        "VOICE_MAIL_URL": f"smtp://127.0.0.1:{office.port}",
    }
    office.hangs = True
    with _open(office):
        command = [sys.executable, "-m", "hscb_voice", "worker"]
        worker = subprocess.Popen(command, cwd=_HOUSE, env=environment)  # noqa: S603 - our own program
        try:
            assert office.asked.wait(_LATEST_SECONDS)
        finally:
            worker.send_signal(signal.SIGKILL)
            worker.wait()
        assert _waiting(mailing) == 2
        office.hangs = False
        now.moment = datetime.now(UTC) + timedelta(minutes=3)  # its lease is over
        mailing.letters.run_all_due(1)
    assert _ids(office) == Counter(dict.fromkeys(posted, 1))
    mailing.database.dispose()
