"""Builds the application: puts each room on the surface where it belongs. No logic."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from hscb_voice.actions.public_routes import blueprint as you_said_blueprint
from hscb_voice.actions.room import furnish_actions
from hscb_voice.api.room import furnish_api
from hscb_voice.board.routes import board_blueprint
from hscb_voice.codebooks.routes import blueprint as codebook_blueprint
from hscb_voice.codebooks.theme_routes import blueprint as codebook_theme_blueprint
from hscb_voice.collect.public_routes import blueprint as collect_blueprint
from hscb_voice.collect.room import furnish as furnish_collect
from hscb_voice.coming_back.public_routes import blueprint as coming_back_blueprint
from hscb_voice.exports.figure_routes import figures_blueprint
from hscb_voice.exports.routes import exports_blueprint
from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.settings import Settings
from hscb_voice.governance.room import furnish_governance
from hscb_voice.invitations.room import furnish_invitations
from hscb_voice.leaving.routes import blueprint as exits_blueprint
from hscb_voice.new_themes.routes import blueprint as new_themes_blueprint
from hscb_voice.opening import build_platform
from hscb_voice.operations.measuring import Measured
from hscb_voice.oversight.routes import blueprint as record_blueprint
from hscb_voice.packs.routes import blueprint as packs_blueprint
from hscb_voice.paper.case_file_routes import furnish_case_file
from hscb_voice.paper.routes import blueprint as paper_blueprint
from hscb_voice.paper.typing_routes import blueprint as typing_blueprint
from hscb_voice.reading_room.room import furnish_reading_room
from hscb_voice.responses.routes import blueprint as responses_blueprint
from hscb_voice.safeguarding.calling import CALL_JOBS
from hscb_voice.safeguarding.jobs import raise_at_once
from hscb_voice.safeguarding.queries import has_unclosed, words_of_unclosed
from hscb_voice.safeguarding.room import furnish_safeguarding
from hscb_voice.series.room import furnish_series
from hscb_voice.staff.surface import close_staff_surface, open_staff_surface
from hscb_voice.tablets.public_routes import furnish_tablets
from hscb_voice.tablets.room import furnish_tablet_pages
from hscb_voice.tablets.shell_routes import blueprint as tablet_shell_blueprint
from hscb_voice.themes.room import furnish_themes
from hscb_voice.themes.routes import CONCERN_WORDS, OPEN_CONCERN
from hscb_voice.translations.routes import blueprint as languages_blueprint
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

if TYPE_CHECKING:
    from hscb_voice.foundation.platform import Platform

_HOUSE = Path(__file__).parent.parent
_LARGEST_BODY = 64 * 1024


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
    for blueprint in (codebook_blueprint, codebook_theme_blueprint):
        app.register_blueprint(blueprint)
    furnish_themes(app)
    app.extensions[OPEN_CONCERN] = has_unclosed
    app.extensions[CONCERN_WORDS] = words_of_unclosed
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
