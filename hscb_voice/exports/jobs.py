"""The handlers of exports' jobs, by kind."""

from functools import partial

from hscb_voice.exports.service import FORGET_JOB, MAKE_JOB, forget, prepare_making
from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.database import Database
from hscb_voice.foundation.jobs import Handler, OutsideWork
from hscb_voice.foundation.keys import KeyRing


def export_handlers(database: Database, keys: KeyRing, clock: Clock) -> dict[str, Handler]:
    """Return who does what of exports.

    Args:
        database: told how far they are.
        keys: open words and seal files.
        clock: tells when.
    """
    making = partial(prepare_making, database=database, keys=keys, clock=clock)
    return {FORGET_JOB: forget, MAKE_JOB: OutsideWork(making)}
