"""Running the platform: the web servers by gunicorn, and the worker that does what answers ask for."""

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import click
import structlog
from sqlalchemy.exc import SQLAlchemyError

from hscb_voice.actions.noticing import see_to_the_daily_actions
from hscb_voice.foundation.errors import DatabaseUnreachableError, VoiceError
from hscb_voice.foundation.logs import set_up_logs
from hscb_voice.foundation.platform import Platform, PlatformDoor
from hscb_voice.governance.jobs import see_to_the_daily_look
from hscb_voice.new_themes.searching import see_to_the_daily_search
from hscb_voice.responses.bodies import key_plain_hashes
from hscb_voice.series.reminding import see_to_the_daily_reminders

_IDLE_SECONDS = 0.5
# Where answers come all the time, they are done a few at a time: each batch costs two commits, which web processes wait
# for. What plainly worries has been raised with the answer itself; the rest is screened this little later.
_GATHERING_SECONDS = 0.25
_STEPS_BACK = 5  # of the scheduler's niceness: a child's reply goes before the reading of what others wrote
_LETTERS_IDLE_SECONDS = 1.0
_LAST_LETTER_SECONDS = 10.0  # a letter in hand is worth a short wait; if it has not gone by then, it goes again later
_LOG = structlog.get_logger(__name__)
_BEAT_SECONDS = 20
_BATCH = 50
_HOUSE = Path(__file__).parent.parent


@click.command("serve")
@click.option("--bind", default="127.0.0.1:8000", show_default=True, help="Address and port to listen on.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 32), help="Web processes.")
@click.pass_obj
def serve_command(door: PlatformDoor, bind: str, workers: int) -> None:
    """Serve the site by gunicorn, with the settings of the environment. Run “hscb-voice worker” beside it."""
    platform = door.open()
    platform.database.dispose()
    environment = {**os.environ, "VOICE_DATA": str(platform.settings.data_folder)}
    command = gunicorn_command(bind, workers)
    os.execve(command[0], command, environment)  # noqa: S606 - our own interpreter and our own arguments


def gunicorn_command(bind: str, workers: int) -> list[str]:
    """Return the command line that serves the site.

    Args:
        bind: address and port.
        workers: web processes.

    Returns:
        The interpreter and its arguments; everything else stands in `gunicorn.conf.py`, with its reasons.
    """
    options = ["--chdir", str(_HOUSE), "--config", str(_HOUSE / "gunicorn.conf.py")]
    options += ["--bind", bind, "--workers", str(workers)]
    return [sys.executable, "-m", "gunicorn", *options, "app:app"]


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due, then stop.")
@click.pass_obj
def worker_command(door: PlatformDoor, *, once: bool) -> None:
    """Screen and read new answers, until stopped. Any number of workers share the work."""
    platform = door.open()
    if once:
        done = platform.jobs.run_all_due(_BATCH)
        click.echo(f"Done: {done + platform.letters.run_all_due(1)} jobs.")
        return
    set_up_logs(platform.settings.logs, sys.stdout)
    stop = threading.Event()

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    os.nice(_STEPS_BACK)
    work_until(platform, stop)


def work_until(platform: Platform, stop: threading.Event) -> None:
    """Do jobs as they come, and say now and then that the worker is alive. Letters go in a lane of their own.

    Args:
        platform: whose jobs.
        stop: set it to end after the job in hand.
    """
    letters = threading.Thread(target=_send_letters_until, args=(platform, stop), name="letters", daemon=True)
    letters.start()
    name = f"{socket.gethostname()}-{os.getpid()}"[:80]
    last_beat = float("-inf")
    _done_in_spite_of_faults(lambda: key_plain_hashes(platform.database, platform.keys))  # of an earlier version

    def beat_and_work() -> int:
        nonlocal last_beat
        if time.monotonic() - last_beat >= _BEAT_SECONDS:
            platform.jobs.beat(name)
            last_beat = time.monotonic()
            see_to_the_daily_look(platform)
            see_to_the_daily_search(platform)
            see_to_the_daily_reminders(platform)
            see_to_the_daily_actions(platform)
        return platform.jobs.run_due(_BATCH)

    while not stop.is_set():
        done = _done_in_spite_of_faults(beat_and_work)
        if done < _BATCH:
            stop.wait(_GATHERING_SECONDS if done else _IDLE_SECONDS)
    letters.join(_LAST_LETTER_SECONDS)


def _send_letters_until(platform: Platform, stop: threading.Event) -> None:
    """Send letters one by one: a whole batch claimed by a slow lane would outlive its lease and be sent twice."""
    while not stop.is_set():
        if not _done_in_spite_of_faults(lambda: platform.letters.run_due(1)):
            stop.wait(_LETTERS_IDLE_SECONDS)


def _done_in_spite_of_faults(work: Callable[[], int]) -> int:
    """Return how many jobs a turn did. One strange fault must not end the screening of every answer after it."""
    try:
        return work()
    except DatabaseUnreachableError:
        return 0  # it will come back; until then nothing is lost, only late
    except (SQLAlchemyError, VoiceError) as fault:
        _LOG.warning("the worker met a fault", fault=type(fault).__name__)
        return 0
