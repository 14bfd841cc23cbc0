"""What a web process does itself, after its reply, while no worker is alive: screen, call people, send letters.

A child never waits for it, and whatever fails here a worker does when it is back: the job rows stay.
"""

import threading
from collections.abc import Collection

import structlog

from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.service import SCREEN_JOB

_LOG = structlog.get_logger(__name__)
_MOST_AT_ONCE = 10
_sending = threading.Lock()


def do_what_is_urgent(platform: Platform, sitting: str, urgent: Collection[str]) -> None:
    """Have an answer screened, and whoever is on duty called, if there is no worker to do it.

    Args:
        platform: holds the jobs.
        sitting: whose answer.
        urgent: kinds of further jobs that cannot wait for the worker; all of them light.
    """
    try:
        if platform.jobs.has_worker():
            return
        platform.jobs.run_for(sitting, (SCREEN_JOB,))
        platform.jobs.run_due(_MOST_AT_ONCE, urgent)
        if platform.mailer.is_set_up:
            threading.Thread(target=_send_letters, args=(platform,), name="letters", daemon=True).start()
    except Exception as fault:  # noqa: BLE001 - the answer is safe and its job row stays: nothing here may reach the reply
        _LOG.warning("screening waits for the worker", fault=type(fault).__name__)


def _send_letters(platform: Platform) -> None:
    """Send what waits, in one thread a process at most: a slow mail server must not take up more of it."""
    if not _sending.acquire(blocking=False):
        return
    try:
        while platform.letters.run_due(1):
            pass
    except Exception as fault:  # noqa: BLE001 - a thread has nobody above it who could be told
        _LOG.warning("letters wait for the worker", fault=type(fault).__name__)
    finally:
        _sending.release()
