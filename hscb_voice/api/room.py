"""Puts the API on the staff surface: its routes, its refusals, and the page on which its tokens are made."""

from flask import Flask

from hscb_voice.api.door import check_every_api_route, install_problems
from hscb_voice.api.routes import api_blueprint
from hscb_voice.api.token_routes import tokens_blueprint


def furnish_api(app: Flask) -> None:
    """Put the room on an application.

    Args:
        app: the application, its staff surface begun.

    Raises:
        UndeclaredRouteError: a route of the API does not say which scope it asks for.
    """
    app.register_blueprint(tokens_blueprint)
    app.register_blueprint(api_blueprint)
    install_problems(app)
    check_every_api_route(app)
