"""Whether answers are being screened: said on the queue's page, so that silence is never taken for calm."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from hscb_voice.foundation.clock import LOCAL_ZONE
from hscb_voice.foundation.jobs import WORKER_IS_STALE, jobs_waiting
from hscb_voice.responses.service import SCREEN_JOB
from hscb_voice.safeguarding.wording import moment_words


@dataclass(frozen=True)
class Pulse:
    """What is said of the screening."""

    is_well: bool
    text: str


def screening_pulse(connection: Connection, now: datetime) -> Pulse:
    """Tell whether the worker that screens answers is alive.

    Args:
        connection: a reading connection.
        now: the present moment.

    Returns:
        One or two sentences, and whether all is well.
    """
    jobs = jobs_waiting(connection, SCREEN_JOB)
    waiting = _waiting_words(jobs.waiting)
    if jobs.last_beat is None:
        return Pulse(is_well=False, text=f"The worker that screens answers has never been seen. {waiting}")
    if now - jobs.last_beat > WORKER_IS_STALE:
        last = moment_words(jobs.last_beat)
        return Pulse(
            is_well=False, text=f"The worker that screens answers has given no sign of life since {last}. {waiting}"
        )
    last = f"{jobs.last_beat.astimezone(LOCAL_ZONE):%H:%M}"
    return Pulse(is_well=True, text=f"Answers are being screened: last sign of life {last}. {waiting}")


def _waiting_words(number: int) -> str:
    if not number:
        return "No answer is waiting to be screened."
    return f"{number} {'answer is' if number == 1 else 'answers are'} waiting to be screened."
