"""Staff pages of paper forms: which can be printed, each as a PDF."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hscb_voice.foundation.printing import NotPrintedError
from hscb_voice.paper.errors import UnknownFormError
from hscb_voice.paper.printing import file_name, paper_form, printable_form, printable_forms
from hscb_voice.questionnaires.errors import UnknownQuestionnaireError
from hscb_voice.staff.access import requires
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.translations.queries import languages_offered
from hscb_voice.web.current import platform
from hscb_voice.web.languages import DEFAULT_LANGUAGE

blueprint = Blueprint("staff_paper", __name__, url_prefix=f"{STAFF_PATH}/paper")


@blueprint.get("/")
@requires(Permission.INVITE)
def forms() -> str:
    """List the forms that can be printed."""
    with platform().database.reading() as connection:
        forms = printable_forms(connection)
    unchecked = [one for one in languages_offered() if not one.all.is_checked]
    return render_template("paper/forms.html", questionnaires=forms, unchecked=unchecked)


@blueprint.get("/<slug>.pdf")
@requires(Permission.INVITE)
def form_pdf(slug: str) -> ResponseReturnValue:
    """Print one form."""
    here, asked = platform(), request.args
    is_large = asked.get("print") == "large"
    try:
        with here.database.reading() as connection:
            language, point = asked.get("language", DEFAULT_LANGUAGE), asked.get("point", "")
            form = printable_form(connection, slug, asked.get("age"), language, point)
        pdf = paper_form(form, here.settings.board_name, is_large=is_large)
    except (UnknownQuestionnaireError, UnknownFormError):
        abort(404)
    except NotPrintedError:
        flash("The form could not be printed just now. Please try again in a minute.", "refusal")
        return redirect(url_for(".forms"))
    answer = Response(pdf, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name(form, is_large=is_large)}"'
    return answer
