"""Opens the platform of an installation: database, keys, letters, and a handler for each kind of job. No logic.

May not: bring a page with it; a worker and most commands need none.
"""

from functools import partial

from hscb_voice.board.shown import look_after
from hscb_voice.exports.jobs import export_handlers
from hscb_voice.exports.known import known_of_files
from hscb_voice.exports.service import empty_older
from hscb_voice.foundation.clock import Clock, SystemClock
from hscb_voice.foundation.database import Database
from hscb_voice.foundation.jobs import Handler, JobRunner, LongWork, OutsideWork
from hscb_voice.foundation.key_register import register_of
from hscb_voice.foundation.key_sources import source_of
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.foundation.letters import SEND_JOB, prepare_sending
from hscb_voice.foundation.logs import set_up_logs
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.senders import sender_for
from hscb_voice.foundation.settings import Settings
from hscb_voice.governance.jobs import keeping_handlers
from hscb_voice.governance.sweeping import COPIES_JOB
from hscb_voice.invitations.makers import makers_of
from hscb_voice.new_themes.searching import SEARCH_JOB, prepare_search
from hscb_voice.packs.queries import known_of_packs
from hscb_voice.packs.service import ISSUE_JOB, prepare_issuing
from hscb_voice.packs.taking_out import prepare_taking_out
from hscb_voice.paper.queries import known_of_paper
from hscb_voice.responses.service import READ_JOB, SCREEN_JOB
from hscb_voice.safeguarding.calling import call_handlers
from hscb_voice.safeguarding.jobs import prepare_screening
from hscb_voice.staff.entry_links import RESET_JOB
from hscb_voice.staff.jobs import StaffOffice, answer_reset_request
from hscb_voice.themes.jobs import prepare_reading, prepare_readings
from hscb_voice.themes.learning import prepare_learning
from hscb_voice.themes.learning_queries import LEARN_JOB
from hscb_voice.themes.rerunning import rerun_handlers
from hscb_voice.uploads.jobs import upload_handlers
from hscb_voice.uploads.queries import known_of_spreadsheets

_KNOWN_ELSEWHERE = (known_of_paper, known_of_spreadsheets, known_of_packs, known_of_files)


def build_platform(settings: Settings, clock: Clock | None = None) -> Platform:
    """Open an installation.

    Args:
        settings: checked settings.
        clock: another source of time, for tests.

    Returns:
        The platform, its job handlers in place.

    Raises:
        KeyMissingError: there is no usable encryption key.
    """
    set_up_logs(settings.logs)
    database = Database(settings.database_url)
    keys = KeyRing.watching(source_of(settings.keys_folder, settings.key_values))
    keys.ask_register(register_of(database))
    clock = clock or SystemClock()
    look_after(database, clock)
    mailer = sender_for(settings)
    look_for_themes = OutsideWork(partial(prepare_search, database=database, keys=keys, clock=clock))
    # What was copied goes before the files are swept, and both after everything about answers.
    take_out = partial(prepare_taking_out, keys=keys, clock=clock, also=partial(empty_older, keys=keys))
    copies: dict[str, Handler] = {COPIES_JOB: OutsideWork(take_out)}
    handlers = _handlers(settings, keys, clock) | copies | keeping_handlers(settings, database, keys, clock)
    issue = partial(prepare_issuing, database=database, keys=keys, clock=clock, board=settings.board_name)
    handlers |= {ISSUE_JOB: OutsideWork(issue), SEARCH_JOB: look_for_themes}  # last: no answer waits for them
    handlers |= export_handlers(database, keys, clock)
    jobs = JobRunner(database, clock, handlers)
    sending = OutsideWork(partial(prepare_sending, keys=keys, clock=clock, sender=mailer))
    letters = JobRunner(database, clock, {SEND_JOB: sending})
    return Platform(settings, database, keys, clock, mailer, jobs, letters, _KNOWN_ELSEWHERE)


def _handlers(settings: Settings, keys: KeyRing, clock: Clock) -> dict[str, Handler]:
    return {
        SCREEN_JOB: LongWork(partial(prepare_screening, keys=keys, clock=clock)),
        **call_handlers(keys, clock, settings.public_address),
        RESET_JOB: partial(answer_reset_request, office=StaffOffice(settings, keys, clock, sender_for(settings))),
        READ_JOB: LongWork(
            partial(prepare_reading, keys=keys, clock=clock, helpers=makers_of),
            partial(prepare_readings, keys=keys, clock=clock, helpers=makers_of),
        ),
        **upload_handlers(keys, clock),
        **rerun_handlers(keys, clock, makers_of),
        LEARN_JOB: LongWork(partial(prepare_learning, keys=keys, clock=clock, helpers=makers_of)),
    }
