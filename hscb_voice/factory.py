"""Builds the application: opens the platform, puts each room on its surface, gives jobs their handlers. No logic."""

from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from hscb_voice.actions.public_routes import blueprint as you_said_blueprint
from hscb_voice.actions.room import furnish_actions
from hscb_voice.api.room import furnish_api
from hscb_voice.board.routes import board_blueprint
from hscb_voice.board.shown import look_after
from hscb_voice.codebooks.routes import blueprint as codebook_blueprint
from hscb_voice.codebooks.theme_routes import blueprint as codebook_theme_blueprint
from hscb_voice.collect.public_routes import blueprint as collect_blueprint
from hscb_voice.collect.room import furnish as furnish_collect
from hscb_voice.coming_back.public_routes import blueprint as coming_back_blueprint
from hscb_voice.exports.figure_routes import figures_blueprint
from hscb_voice.exports.jobs import export_handlers
from hscb_voice.exports.known import known_of_files
from hscb_voice.exports.routes import exports_blueprint
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
from hscb_voice.governance.room import furnish_governance
from hscb_voice.governance.sweeping import COPIES_JOB
from hscb_voice.invitations.room import furnish_invitations
from hscb_voice.leaving.routes import blueprint as exits_blueprint
from hscb_voice.new_themes.routes import blueprint as new_themes_blueprint
from hscb_voice.new_themes.searching import SEARCH_JOB, prepare_search
from hscb_voice.operations.measuring import Measured
from hscb_voice.oversight.routes import blueprint as record_blueprint
from hscb_voice.packs.queries import known_of_packs
from hscb_voice.packs.routes import blueprint as packs_blueprint
from hscb_voice.packs.service import ISSUE_JOB, prepare_issuing
from hscb_voice.packs.taking_out import prepare_taking_out
from hscb_voice.paper.case_file_routes import furnish_case_file
from hscb_voice.paper.queries import known_of_paper
from hscb_voice.paper.routes import blueprint as paper_blueprint
from hscb_voice.paper.typing_routes import blueprint as typing_blueprint
from hscb_voice.reading_room.room import furnish_reading_room
from hscb_voice.responses.routes import blueprint as responses_blueprint
from hscb_voice.responses.service import READ_JOB, SCREEN_JOB
from hscb_voice.safeguarding.calling import CALL_JOBS, call_handlers
from hscb_voice.safeguarding.jobs import prepare_screening, raise_at_once
from hscb_voice.safeguarding.queries import has_unclosed
from hscb_voice.safeguarding.room import furnish_safeguarding
from hscb_voice.series.room import furnish_series
from hscb_voice.staff.entry_links import RESET_JOB
from hscb_voice.staff.jobs import StaffOffice, answer_reset_request
from hscb_voice.staff.surface import close_staff_surface, open_staff_surface
from hscb_voice.tablets.public_routes import furnish_tablets
from hscb_voice.tablets.room import furnish_tablet_pages
from hscb_voice.tablets.shell_routes import blueprint as tablet_shell_blueprint
from hscb_voice.themes.jobs import prepare_reading, prepare_readings
from hscb_voice.themes.learning import prepare_learning
from hscb_voice.themes.learning_queries import LEARN_JOB
from hscb_voice.themes.learning_routes import blueprint as learning_blueprint
from hscb_voice.themes.rerunning import rerun_handlers
from hscb_voice.themes.routes import OPEN_CONCERN
from hscb_voice.themes.routes import blueprint as themes_blueprint
from hscb_voice.themes.run_routes import blueprint as runs_blueprint
from hscb_voice.translations.routes import blueprint as languages_blueprint
from hscb_voice.uploads.jobs import upload_handlers
from hscb_voice.uploads.queries import known_of_spreadsheets
from hscb_voice.uploads.routes import blueprint as uploads_blueprint
from hscb_voice.web.bodies import install_body_bounds
from hscb_voice.web.current import EXTENSION
from hscb_voice.web.error_pages import install_error_pages
from hscb_voice.web.exits import install_exits
from hscb_voice.web.headers import install_headers
from hscb_voice.web.health import blueprint as health_blueprint
from hscb_voice.web.hosts import install_known_hosts
from hscb_voice.web.languages import install_languages
from hscb_voice.web.respondent_look import install_respondent_look
from hscb_voice.web.whole_bodies import WholeBodies

_HOUSE = Path(__file__).parent.parent
_LARGEST_BODY = 64 * 1024
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


def create_app(settings: Settings, clock: Clock | None = None) -> Flask:
    """Build the web application of an installation.

    Args:
        settings: checked settings; `surfaces` says which routes there are at all.
        clock: another source of time, for tests.

    Returns:
        The application.

    Raises:
        KeyMissingError: there is no usable encryption key.
    """
    app = Flask("hscb_voice", template_folder=str(_HOUSE / "templates"), static_folder=str(_HOUSE / "static"))
    # DEBUG is said here, because Flask would otherwise take it from the environment.
    app.config.update(SECRET_KEY=settings.secret_key, MAX_CONTENT_LENGTH=_LARGEST_BODY, DEBUG=False)
    app.jinja_options["trim_blocks"] = app.jinja_options["lstrip_blocks"] = True
    app.extensions[EXTENSION] = build_platform(settings, clock)
    install_headers(app)
    _stand_before(app, settings)
    install_known_hosts(app, settings)
    install_languages(app)
    install_respondent_look(app)
    install_exits(app)
    install_error_pages(app)
    install_body_bounds(app)
    app.register_blueprint(health_blueprint)
    if "respondents" in settings.surfaces:
        here: Platform = app.extensions[EXTENSION]
        furnish_collect(app, partial(raise_at_once, keys=here.keys, clock=here.clock), tuple(CALL_JOBS.values()))
        app.register_blueprint(collect_blueprint)
        app.register_blueprint(coming_back_blueprint)
        app.register_blueprint(you_said_blueprint)
        furnish_tablets(app)
        app.register_blueprint(tablet_shell_blueprint)
    if "staff" in settings.surfaces:
        _open_staff_rooms(app)
    return app


def _stand_before(app: Flask, settings: Settings) -> None:
    """Put before the application what every request passes first: whole bodies, our proxies, counting."""
    door: Any = WholeBodies(app.wsgi_app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        door = ProxyFix(door, x_for=hops, x_proto=hops, x_host=hops)
    if settings.metrics_port:
        door = Measured(door)
    app.wsgi_app = door  # type: ignore[method-assign]  # Flask documents wrapping it so


def _open_staff_rooms(app: Flask) -> None:
    """Put the rooms that only people who work here may enter on the application; each between the two doors."""
    open_staff_surface(app)
    furnish_safeguarding(app)
    app.register_blueprint(responses_blueprint)
    furnish_invitations(app)
    furnish_series(app)
    for blueprint in (codebook_blueprint, codebook_theme_blueprint, themes_blueprint, runs_blueprint):
        app.register_blueprint(blueprint)
    app.register_blueprint(learning_blueprint)
    app.extensions[OPEN_CONCERN] = has_unclosed
    furnish_reading_room(app)
    app.register_blueprint(new_themes_blueprint)
    furnish_governance(app)
    furnish_actions(app)
    app.register_blueprint(board_blueprint)
    app.register_blueprint(packs_blueprint)
    app.register_blueprint(figures_blueprint)
    app.register_blueprint(exports_blueprint)
    app.register_blueprint(record_blueprint)
    app.register_blueprint(exits_blueprint)
    app.register_blueprint(paper_blueprint)
    app.register_blueprint(typing_blueprint)
    furnish_case_file(app)
    app.register_blueprint(languages_blueprint)
    furnish_tablet_pages(app)
    app.register_blueprint(uploads_blueprint)
    furnish_api(app)
    close_staff_surface(app)


def _handlers(settings: Settings, keys: KeyRing, clock: Clock) -> dict[str, Handler]:
    return {
        SCREEN_JOB: LongWork(partial(prepare_screening, keys=keys, clock=clock)),
        **call_handlers(keys, clock, settings.public_address),
        RESET_JOB: partial(answer_reset_request, office=StaffOffice(settings, keys, clock, sender_for(settings))),
        READ_JOB: LongWork(
            partial(prepare_reading, keys=keys, clock=clock), partial(prepare_readings, keys=keys, clock=clock)
        ),
        **upload_handlers(keys, clock),
        **rerun_handlers(keys, clock),
        LEARN_JOB: LongWork(partial(prepare_learning, keys=keys, clock=clock)),
    }
