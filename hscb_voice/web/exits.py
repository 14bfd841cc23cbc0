"""Where “Leave this page” leads: another site, which says nothing of where somebody has been.

Which sites there are is told by a room above; without one, and while the database is down, it is always the same. With
our script a page goes there by itself. Without it the link comes by here, so that browsers forget the page first.
"""

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

import structlog
from flask import Blueprint, Flask, Response, current_app, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from hscb_voice.web.respondent_look import look_of

DEFAULT_EXIT = "https://www.bbc.co.uk/weather"
EVERYWHERE = ""  # the service whose address counts for every service without its own, and for pages of none
Exits = Callable[[], Mapping[str, str]]  # service -> address; quick
_EXTENSION = "exits"
_LOG = structlog.get_logger(__name__)
blueprint = Blueprint("exits", __name__)


def install_exits(app: Flask) -> None:
    """Let every respondents' page of an application lead away.

    Args:
        app: the application.
    """
    know_exits(app, dict)
    app.jinja_env.globals["exit_link"] = exit_link
    app.register_blueprint(blueprint)


def know_exits(app: Flask, exits: Exits) -> None:
    """Tell an application which addresses have been set.

    Args:
        app: the application.
        exits: returns them, by service.
    """
    app.extensions[_EXTENSION] = exits


def exit_of(service: str) -> str:
    """Return where the pages of a service lead, in the running application.

    Args:
        service: as it stands on the invitation.
    """
    known = _known()
    return known.get(service) or known.get(EVERYWHERE) or DEFAULT_EXIT


def exit_link(address: str = "") -> str:
    """Return what stands behind “Leave this page”. The script goes to the address itself, without asking us.

    Args:
        address: where to; when empty, where pages of no service lead.
    """
    return "/go?" + _encoded(address or exit_of(EVERYWHERE))


@blueprint.get("/go")
def go() -> Response:
    """Show somebody without script an empty page at once, which goes on by itself."""
    response = make_response(render_template("leaving/going.html", onwards="/go/on?" + _encoded(_wished())))
    response.headers["Content-Security-Policy"] = look_of(current_app).policy
    return response


@blueprint.get("/go/on")
def go_on() -> AnyResponse:
    """Lead away, and have the browser forget our pages; the first step made it let go of the one that was shown."""
    response = redirect(_wished(), 303)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _wished() -> str:
    """Return the address that was asked for, if it has been set here; nobody is led anywhere else."""
    wished = request.args.get("to", "")
    return wished if wished in _known().values() else exit_of(EVERYWHERE)


def _encoded(address: str) -> str:
    return urlencode({"to": address}, safe=":/")


def _known() -> Mapping[str, str]:
    exits: Exits = current_app.extensions[_EXTENSION]
    try:
        return exits()
    except Exception as fault:  # noqa: BLE001 - people can leave whatever is broken, from the page that says so too
        _LOG.warning("leaving leads to the usual site", fault=type(fault).__name__)
        return {}
