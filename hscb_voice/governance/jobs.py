"""The room's work in the worker: the daily look, one response after the other, the file outside, the sweep."""

from functools import partial

from sqlalchemy import Connection

from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.database import Database
from hscb_voice.foundation.jobs import Handler, LongWork, OutsideWork
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings
from hscb_voice.governance.ledger import LEDGER_JOB, prepare_lines
from hscb_voice.governance.retention import (
    DAILY_JOB,
    DROP_JOB,
    ask_for_the_daily_look,
    drop_if_due,
    is_daily_look_asked,
    prepare_daily,
    responses_due,
    write_run,
)
from hscb_voice.governance.sweeping import SWEEP_JOB, prepare_sweep

_AT_ONCE = 500


def keeping_handlers(settings: Settings, database: Database, keys: KeyRing, clock: Clock) -> dict[str, Handler]:
    """Return who does this room's work, in the order in which it is done; it comes after everything about answers.

    Args:
        settings: say where the ledger outside lies.
        database: whose files are swept.
        keys: fade hashes.
        clock: tells the day.

    Returns:
        Kind of job -> its handler.
    """
    return {
        DROP_JOB: partial(_drop, keys=keys, clock=clock),
        DAILY_JOB: LongWork(partial(prepare_daily, clock=clock)),
        LEDGER_JOB: OutsideWork(partial(prepare_lines, file=settings.erasure_ledger, clock=clock)),
        SWEEP_JOB: OutsideWork(partial(prepare_sweep, database=database, clock=clock)),
    }


def _drop(connection: Connection, response_id: str, *, keys: KeyRing, clock: Clock) -> None:
    drop_if_due(connection, response_id, keys=keys, clock=clock)


def see_to_the_daily_look(platform: Platform) -> None:
    """Ask for the daily look where nobody has; a worker calls it now and then.

    Args:
        platform: whose.
    """
    with platform.database.reading() as connection:
        if is_daily_look_asked(connection):
            return
    with platform.database.writing() as connection:
        ask_for_the_daily_look(connection, platform.clock.now())


def run_retention(platform: Platform) -> int:
    """Take away, now and here, all words that have been kept long enough, and every leftover.

    Args:
        platform: whose.

    Returns:
        From how many responses words were taken.
    """
    total = 0
    while True:
        with platform.database.reading() as connection:
            ids = responses_due(connection, platform.clock.today(), _AT_ONCE)
        gone = 0
        for response_id in ids:
            with platform.database.writing() as connection:
                gone += drop_if_due(connection, response_id, keys=platform.keys, clock=platform.clock)
        total += gone
        if not gone:
            break
    with platform.database.writing() as connection:
        write_run(connection, platform.clock, total)
    return total
