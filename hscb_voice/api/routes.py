"""The API's routes. They read, and rewrite as plain values; every figure comes by the Board's own door."""

from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from flask import Blueprint, Response, request
from werkzeug.exceptions import abort

from hscb_voice.actions.queries import told_to
from hscb_voice.api.door import ANYTHING, API_PATH, answer, asks_for, page_of, problem, tagged
from hscb_voice.api.showing import group_heard, pack_line, version_line
from hscb_voice.api.tokens import Scope
from hscb_voice.board.errors import NoSplitError, UnknownPeriodError
from hscb_voice.board.figures import figures_of
from hscb_voice.board.figures_json import as_json, split_as_json
from hscb_voice.board.overview import overview_of, periods_heard
from hscb_voice.board.periods import AskedPeriod, Period, period_named
from hscb_voice.board.splits import Cut, split_of
from hscb_voice.packs.errors import UnknownPackError
from hscb_voice.packs.keeping import file_of
from hscb_voice.packs.queries import issued_packs, pack_by_id
from hscb_voice.packs.writing import FORMATS
from hscb_voice.questionnaires.errors import UnknownQuestionnaireError
from hscb_voice.questionnaires.queries import published_slugs, versions_of
from hscb_voice.web.current import platform

api_blueprint = Blueprint("api", __name__, url_prefix=API_PATH)
_LOOKS = ("young_child", "child", "young_person", "adult")
_LANGUAGES = ("en", "pl", "ro", "cy")


@api_blueprint.get("/openapi.json")
@asks_for(ANYTHING)
def openapi() -> Response:
    """Give the description of this API."""
    return answer(description())


@api_blueprint.get("/questionnaires")
@asks_for(Scope.FIGURES)
def questionnaires() -> Response:
    """List what is asked, with the versions there have been."""
    with platform().database.reading() as connection:
        found = [versions_of(connection, slug) for slug in published_slugs(connection)]
    items = [version_line(versions[-1]) | {"versions": [version.number for version in versions]} for versions in found]
    return answer(page_of(items))


@api_blueprint.get("/questionnaires/<slug>/versions/<int:number>")
@asks_for(Scope.FIGURES)
def version(slug: str, number: int) -> Response:
    """Give one wording, whole."""
    with platform().database.reading() as connection:
        found = next((one for one in versions_of(connection, slug) if one.number == number), None)
    if found is None:
        abort(404)
    return answer(version_line(found) | {"definition": found.definition.model_dump(mode="json")})


@api_blueprint.get("/periods")
@asks_for(Scope.FIGURES)
def periods() -> Response:
    """List the reporting years and quarters in which somebody was heard."""
    with platform().database.reading() as connection:
        found = periods_heard(connection)
    return answer(page_of([_period_line(period) for period in found]))


@api_blueprint.get("/figures/<slug>/<period_name>")
@asks_for(Scope.FIGURES)
def figures(slug: str, period_name: str) -> Response:
    """Give one questionnaire's guarded figures for a period, as docs/figures-json.md has them."""
    period = _period(period_name)
    try:
        with platform().database.reading() as connection:
            found = figures_of(connection, slug, period)
    except UnknownQuestionnaireError:
        abort(404)
    return answer(as_json(found, AskedPeriod(period.start, period.end, period)))


@api_blueprint.get("/figures/<slug>/<period_name>/by/<cut>")
@asks_for(Scope.FIGURES)
def split(slug: str, period_name: str, cut: str) -> Response:
    """Give one questionnaire's year split by service, age or helper, guarded as on the Board's page."""
    here, period = platform(), _period(period_name)
    if cut not in set(Cut):
        abort(404)
    try:
        with here.database.reading() as connection:
            found = split_of(connection, slug, period, Cut(cut), here.clock.today())
    except UnknownQuestionnaireError:
        abort(404)
    except NoSplitError as no:
        return problem(422, str(no))
    return answer(split_as_json(found))


@api_blueprint.get("/themes/<period_name>")
@asks_for(Scope.FIGURES)
def themes(period_name: str) -> Response:
    """Give what people wrote about in a period, guarded as on the overview."""
    here, period = platform(), _period(period_name)
    with here.database.reading() as connection:
        heard = overview_of(connection, here.keys, period).themes
    return answer({"period": _period_line(period), "groups": [group_heard(group) for group in heard]})


@api_blueprint.get("/packs")
@asks_for(Scope.PACKS)
def packs() -> Response:
    """List the packs that were issued, newest first."""
    with platform().database.reading() as connection:
        found = issued_packs(connection)
    return answer(page_of([pack_line(line) for line in found]))


@api_blueprint.get("/packs/<pack_id>/<form>")
@asks_for(Scope.PACKS)
def pack_file(pack_id: str, form: str) -> Response:
    """Give a file of a pack, byte for byte as it was issued."""
    if form not in FORMATS:
        abort(404)
    try:
        here = platform()
        with here.database.reading() as connection:
            pack_by_id(connection, here.keys, pack_id)
            content = file_of(connection, here.keys, pack_id, form)
    except UnknownPackError:
        abort(404)
    response = tagged(content, FORMATS[form][1])
    response.headers["Content-Disposition"] = f'attachment; filename="pack-{pack_id}.{form}"'
    return response


@api_blueprint.get("/actions")
@asks_for(Scope.ACTIONS)
def actions() -> Response:
    """List what was published of what was done, worded for an age and a language."""
    look, language = request.args.get("for", "adult"), request.args.get("language", "en")
    if look not in _LOOKS or language not in _LANGUAGES:
        abort(400, f"for is one of {', '.join(_LOOKS)}; language one of {', '.join(_LANGUAGES)}")
    with platform().database.reading() as connection:
        lines = told_to(connection, look, language)
    items = [asdict(line) | {"since": line.since.date().isoformat()} for line in lines]
    return answer(page_of(items))


@cache
def description() -> dict[str, Any]:
    """Return the OpenAPI description, as it stands beside this module."""
    text = (Path(__file__).parent / "openapi.yaml").read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.safe_load(text)
    return content


def _period(name: str) -> Period:
    try:
        return period_named(name)
    except UnknownPeriodError:
        abort(404)


def _period_line(period: Period) -> dict[str, str]:
    return {
        "name": period.name,
        "label": period.label,
        "from": period.start.isoformat(),
        "to": period.end.isoformat(),
    }
