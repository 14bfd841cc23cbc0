"""Row F12: the change of keys is killed ten times while answers go on coming; nothing is lost or left behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.key_sources import make_key
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings
from hscb_voice.opening import build_platform
from tests.support.answering import keep_answer
from tests.support.installations import NEW_KEY, OLD_KEY, every_row_opens, fill, key_ids_in_use, opened_words

KILLS = 10
ROWS = 900


def _command(settings: Settings) -> list[str]:
    assert settings
    return [sys.executable, "-m", "hscb_voice", "keys", "rotate", "--batch", "3"]


def _environment(settings: Settings) -> dict[str, str]:
    return {
        **os.environ,
        "VOICE_DATA": str(settings.data_folder),
        "VOICE_DATABASE_URL": settings.database_url,
        "VOICE_SECRET_KEY": settings.secret_key,
    }


@pytest.fixture
def answering(platform: Platform, settings: Settings, clock: SetClock) -> Iterator[list[str]]:
    """People who go on answering through a web process of their own, from before the new key until the end."""
    fill(platform, ROWS)
    web = build_platform(settings, clock)
    stop, kept = threading.Event(), list[str]()

    def answer() -> None:
        while not stop.is_set():
            kept.append(keep_answer(web, {"q2a": f"Said meanwhile, {len(kept)}."}).response_id)
            time.sleep(0.05)

    person = threading.Thread(target=answer)
    person.start()
    yield kept
    stop.set()
    person.join()
    web.database.dispose()


@pytest.mark.faults
def test_row_f12_a_change_of_keys_killed_ten_times_loses_nothing(
    platform: Platform, settings: Settings, answering: list[str]
) -> None:
    said = opened_words(platform)
    make_key(settings.keys_folder, NEW_KEY)
    killed = 0
    for turn in range(KILLS):
        process = subprocess.Popen(  # noqa: S603 - our own command
            _command(settings), env=_environment(settings), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        assert process.stderr
        assert "rows moved" in process.stderr.readline()
        time.sleep(0.02 * turn)  # at another moment each time
        os.kill(process.pid, signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        process.stderr.close()
        assert key_ids_in_use(platform) == {OLD_KEY, NEW_KEY}
        assert every_row_opens(platform)
    assert killed == KILLS
    done = subprocess.run(_command(settings), env=_environment(settings), capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    assert done.returncode == 0, done.stderr[-500:]
    assert "Everything is under the key “2027-01” now" in done.stdout
    assert key_ids_in_use(platform) == {NEW_KEY}
    (settings.keys_folder / f"{OLD_KEY}.key").unlink()
    assert KeyRing.from_folder(settings.keys_folder).ids == (NEW_KEY,)
    assert every_row_opens(platform)
    kept = list(answering)
    now = opened_words(platform)
    assert {response_id: now[response_id] for response_id in said} == said
    assert len(kept) > KILLS
    assert all(len(now[response_id]) == 1 for response_id in kept)
