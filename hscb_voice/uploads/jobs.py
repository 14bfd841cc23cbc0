"""The handlers of uploads' jobs, by kind."""

from functools import partial

from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.jobs import Handler
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.uploads.service import BRING_JOB, FORGET_JOB, UNDO_JOB, bring_part, forget, undo_part


def upload_handlers(keys: KeyRing, clock: Clock) -> dict[str, Handler]:
    """Return who does what of uploads.

    Args:
        keys: open rows and seal answers.
        clock: tells when.
    """
    return {
        BRING_JOB: partial(bring_part, keys=keys, clock=clock),
        UNDO_JOB: partial(undo_part, clock=clock),
        FORGET_JOB: partial(forget, clock=clock),
    }
