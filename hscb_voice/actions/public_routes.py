"""The public page: what people said and what was done, worded for an age and a language, of one service or of all.

It shows only what a person has written for the public and published; nothing that anybody answered.
"""

from flask import Blueprint, Response, current_app, make_response, render_template, request

from hscb_voice.actions.queries import services_told, told_to
from hscb_voice.web.current import platform
from hscb_voice.web.languages import chosen_language, speaking
from hscb_voice.web.respondent_look import look_of

blueprint = Blueprint("actions", __name__)
_LOOKS = ("young_child", "child", "young_person", "adult")


@blueprint.get("/you-said")
def you_said() -> Response:
    """Show what was done about what people said."""
    here, language = platform(), chosen_language()
    look = request.args.get("for", "child")
    look = look if look in _LOOKS else "child"
    with here.database.reading() as connection:
        services = services_told(connection)
        service = request.args.get("service", "")
        service = service if service in services else ""
        lines = told_to(connection, look, language.code, service=service or None)
    with speaking(language, "parent" if look == "adult" else "child"):
        page = render_template(
            "actions/you_said.html",
            lines=lines,
            look=look,
            looks=_LOOKS,
            language=language,
            service=service,
            services=services,
            board_name=here.settings.board_name,
            demonstration=here.settings.demonstration,
        )
    response = make_response(page)
    response.headers["Content-Security-Policy"] = look_of(current_app).policy
    return response
