"""Puts the staff surface on an application: session, sign-in, guards, layout and the room's own pages.

A process that serves respondents only never comes here: it has no staff route and sets no cookie.
"""

from datetime import datetime

from flask import Flask, abort, request
from govuk_frontend_wtf.main import wtforms_errors
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from hscb_voice.foundation.clock import LOCAL_ZONE, written_date, written_day
from hscb_voice.staff.access import check_every_route, person_or_none
from hscb_voice.staff.error_pages import install_staff_error_pages
from hscb_voice.staff.factor_routes import factor_blueprint
from hscb_voice.staff.forgery import install_forgery_protection
from hscb_voice.staff.link_routes import link_blueprint
from hscb_voice.staff.navigation import places_of
from hscb_voice.staff.oidc_models import SignOnIdentity  # noqa: F401 - its table is there without single sign-on, too
from hscb_voice.staff.passkeys import site_of
from hscb_voice.staff.people_routes import people_blueprint
from hscb_voice.staff.proof_routes import proof_blueprint
from hscb_voice.staff.routes import account_blueprint, home_blueprint
from hscb_voice.staff.row_fence import fence_staff_requests
from hscb_voice.staff.second_step_routes import second_step_blueprint
from hscb_voice.staff.security import install_security
from hscb_voice.staff.sessions import has_run_out, install_sessions, is_staff_path
from hscb_voice.web.assets import asset_address
from hscb_voice.web.bodies import let_bring_files
from hscb_voice.web.current import platform
from hscb_voice.web.headers import page_nonce

_UNKEEPABLE = "\0"  # PostgreSQL has it in no text, and nobody types it
_ROOMS = (
    home_blueprint,
    account_blueprint,
    people_blueprint,
    second_step_blueprint,
    factor_blueprint,
    proof_blueprint,
    link_blueprint,
)
_MACROS = ("govuk_frontend_jinja", "govuk_frontend_wtf")


def open_staff_surface(app: Flask) -> None:
    """Begin the staff surface; the rooms above register their blueprints after this.

    Args:
        app: the application, with its platform in place.
    """
    with app.app_context():
        here = platform()
    settings = here.settings
    fence_staff_requests(here.database)
    macros = PrefixLoader({package: PackageLoader(package) for package in _MACROS})
    app.jinja_loader = ChoiceLoader([app.jinja_loader, macros] if app.jinja_loader else [macros])
    install_sessions(app, settings)
    let_bring_files(app, lambda: person_or_none() is not None)
    app.before_request(_refuse_what_no_database_keeps)
    install_forgery_protection(app)
    install_security(app, here.database)
    if settings.sign_on is not None:
        from hscb_voice.staff.oidc_routes import install_single_sign_on  # noqa: PLC0415 - heavy; only where there is one

        install_single_sign_on(app, settings.sign_on, settings.public_address)
    app.jinja_env.globals.update(
        asset=asset_address,
        page_nonce=page_nonce,
        staff_person=person_or_none,
        staff_places=lambda: places_of(person_or_none()),
        staff_settings=settings,
        session_has_run_out=has_run_out,
        wtforms_errors=wtforms_errors,
        passkeys_possible=lambda: site_of(settings) is not None,
    )
    app.jinja_env.filters.update(staff_moment=_moment, staff_date=_date)
    for blueprint in _ROOMS:
        app.register_blueprint(blueprint)


def close_staff_surface(app: Flask) -> None:
    """Finish the staff surface, once every room is in its place.

    Args:
        app: the application.

    Raises:
        UndeclaredRouteError: a staff route does not say who may use it.
    """
    install_staff_error_pages(app)
    check_every_route(app)


def _moment(moment: datetime) -> str:
    """Return a moment as people here write it, such as 22 November 2026, 10:04."""
    here = moment.astimezone(LOCAL_ZONE)
    return f"{written_date(here.date())}, {here:%H:%M}"


def _date(moment: datetime) -> str:
    return written_day(moment)


def _refuse_what_no_database_keeps() -> None:
    """Refuse, on staff pages, a character at which a query would break. A child's words never come this way."""
    if not is_staff_path(request.path):
        return
    asked = [request.path, *(value for _, value in request.args.items(multi=True))]
    if any(_UNKEEPABLE in text for text in asked):
        abort(404)
    if any(_UNKEEPABLE in value for _, value in request.form.items(multi=True)):
        abort(400)
