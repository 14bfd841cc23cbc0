"""The staff page of languages: which are offered, and how far a speaker has read each."""

from flask import Blueprint, render_template

from hscb_voice.questionnaires.reading import all_definitions
from hscb_voice.staff.access import requires
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.translations.queries import languages_offered
from hscb_voice.web.languages import DEFAULT_LANGUAGE

blueprint = Blueprint("staff_languages", __name__, url_prefix=f"{STAFF_PATH}/languages")


@blueprint.get("")
@requires(Permission.ENTER)
def languages() -> str:
    """Show which languages are offered, and what no speaker has read yet."""
    others = [one for one in languages_offered() if one.language.code != DEFAULT_LANGUAGE]
    return render_template("translations/languages.html", languages=others, definitions=all_definitions())
