"""The doors at which tablets knock: set up, kit, pages, answers, pulse. No session and no cookie: a tablet has a token.

Every reply is JSON, so that a tablet never takes another machine's page, such as a hotel's sign-in, for an answer of
ours. A reply that a later try could mend is 503 or 429 with Retry-After, and never any other refusal.
"""

from functools import partial

from flask import Blueprint, Flask, Response, current_app, jsonify, make_response, request
from werkzeug.exceptions import ClientDisconnected, HTTPException

from hscb_voice.collect.alone import do_what_is_urgent
from hscb_voice.collect.errors import AnswersNeedMendingError
from hscb_voice.collect.held import LARGEST_BODY
from hscb_voice.collect.pages import Form
from hscb_voice.collect.room import room as collect_room
from hscb_voice.collect.sending import keep_sending
from hscb_voice.collect.worry import is_worrying
from hscb_voice.foundation.errors import DatabaseUnreachableError, KeyMissingError
from hscb_voice.foundation.ids import is_id
from hscb_voice.questionnaires.errors import UnknownQuestionnaireError
from hscb_voice.questionnaires.queries import version_by_id
from hscb_voice.responses.errors import TakenBackError
from hscb_voice.tablets import service
from hscb_voice.tablets.errors import (
    CannotOpenError,
    CannotReadError,
    NoSealingKeyError,
    UnknownSetUpCodeError,
    UnknownTabletError,
    UsedSetUpCodeError,
)
from hscb_voice.tablets.kit import PLACE_OF_SITTING, Kits, ThanksPage, kit_parts
from hscb_voice.tablets.proofs import is_token
from hscb_voice.tablets.queries import TabletView, tablet_by_id, tablet_of_token
from hscb_voice.tablets.reading import ReadAnswer, read_answer, read_json, version_of
from hscb_voice.tablets.sealing import SealedAnswer, open_answer
from hscb_voice.web.current import platform
from hscb_voice.web.error_pages import RETRY_SECONDS
from hscb_voice.web.exits import exit_of
from hscb_voice.web.languages import LANGUAGES
from hscb_voice.web.origin import comes_from_elsewhere
from hscb_voice.web.packing import chosen_packing, mark_packing
from hscb_voice.web.places import place_of_request
from hscb_voice.web.respondent_look import look_of

blueprint = Blueprint("tablets", __name__, url_prefix="/tablet")
# Sealed and written as base64, a sending of a page's largest size takes about twice as many bytes.
_LARGEST_ANSWER = 2 * LARGEST_BODY
_EXTENSION = "tablets"
_BEARER = "Bearer "
_RETRY_SECONDS = {429: 60, 503: RETRY_SECONDS}
_LONGEST_NUMBER = 10


class _RefusedError(Exception):
    """A reply that says why not."""

    def __init__(self, status: int, word: str) -> None:
        """Take the reply's status, and the word by which a tablet's program knows the case."""
        super().__init__(word)
        self.status, self.word = status, word


def furnish_tablets(app: Flask) -> None:
    """Put the tablets' doors on the respondents' surface.

    Args:
        app: the application, its collect room in place.
    """
    with app.app_context():
        app.extensions[_EXTENSION] = Kits(collect_room().pages, platform().settings.board_name)
    app.register_blueprint(blueprint)


@blueprint.post("/enrol")
def enrol() -> Response:
    """Set a tablet up by the code that its worker sees; reply with its token, told this once, and its kit."""
    _refuse_elsewhere()
    here, now, place = platform(), platform().clock.now(), place_of_request()
    with here.database.writing() as connection:
        may_try = service.may_try_code(connection, place, now)
    if not may_try:
        raise _RefusedError(429, "too_many")
    code = read_json(request.get_data()).get("code")
    try:
        with here.database.writing() as connection:
            tablet_id, token = service.enrol(connection, here.keys, str(code or ""), place, now)
            tablet = tablet_by_id(connection, None, tablet_id)
            parts = kit_parts(connection, here.keys, tablet)
    except UnknownSetUpCodeError:
        raise _RefusedError(404, "unknown_code") from None
    except UsedSetUpCodeError:
        raise _RefusedError(410, "used_code") from None
    return make_response(jsonify(token=token, kit=_kits().kit(tablet, parts)), 201)


@blueprint.get("/kit")
def kit() -> Response:
    """Reply with the tablet's kit, or say that it has not changed."""
    tablet, here = _tablet(), platform()
    with here.database.reading() as connection:
        parts = kit_parts(connection, here.keys, tablet)
    response = jsonify(_kits().kit(tablet, parts))
    response.add_etag()
    response.make_conditional(request)
    return response


@blueprint.get("/forms/<slug>/<int(max=999999999):version>")
def form_page(slug: str, version: int) -> Response:
    """Reply with a form's page as the collect room draws it; the tablet puts a sitting into its place."""
    page, packing = _kits().form_page(_form_asked(_tablet(), slug, version)), chosen_packing()
    response = _page(page.filled(PLACE_OF_SITTING, packing), page.policy)
    mark_packing(response, packing)
    return response


@blueprint.get("/thanks")
def thanks_page() -> Response:
    """Reply with a page that thanks; the tablet puts the receipt's words into their place."""
    version = request.args.get("version", "")
    number = int(version) if version.isdecimal() and len(version) < _LONGEST_NUMBER else 0
    form = _form_asked(_tablet(), request.args.get("form", ""), number)
    worried, with_receipt = (request.args.get(name) == "yes" for name in ("worried", "receipt"))
    page = _kits().thanks_page(ThanksPage(form, worried, with_receipt))
    return _page(page, look_of(current_app).policy)


@blueprint.put("/answers/<sitting>")
def take_answer(sitting: str) -> Response:
    """Open and keep an answer that a tablet held; the same answer again gets the same receipt."""
    _refuse_elsewhere()
    tablet, here = _tablet(may_be_revoked=True), platform()
    request.max_content_length = _LARGEST_ANSWER
    raw = request.get_data()
    with here.database.writing() as connection:
        may_send = service.may_send(connection, tablet, here.clock.now())
    if not may_send:
        raise _RefusedError(429, "too_many")
    try:
        return _kept(tablet, _opened(tablet, sitting, raw))
    except CannotOpenError:
        return _needs_help(tablet, error="cannot_open")
    except CannotReadError:
        return _needs_help(tablet, error="cannot_read")
    except AnswersNeedMendingError as fault:
        return _needs_help(tablet, error="errors", errors=fault.troubles)


@blueprint.post("/pulse")
def pulse() -> Response:
    """Note that a tablet is there, and how many answers wait on it; one that was switched off is told so."""
    _refuse_elsewhere()
    tablet, here = _tablet(may_be_revoked=True), platform()
    message = read_json(request.get_data())
    waiting, needs_help = message.get("waiting"), message.get("needs_help")
    if not isinstance(waiting, int) or not isinstance(needs_help, int):
        raise _RefusedError(422, "cannot_read")
    with here.database.writing() as connection:
        service.hear(connection, here.keys, tablet, service.Pulse(waiting, needs_help), here.clock.now())
    if tablet.is_revoked:
        raise _RefusedError(410, "revoked")
    return make_response("", 204)


@blueprint.errorhandler(_RefusedError)
def _told(fault: _RefusedError) -> Response:
    response = make_response(jsonify(error=fault.word), fault.status)
    if fault.status in _RETRY_SECONDS:
        response.headers["Retry-After"] = str(_RETRY_SECONDS[fault.status])
    if fault.status == 401:  # noqa: PLR2004 - the status that asks who is there
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


@blueprint.errorhandler(DatabaseUnreachableError)
@blueprint.errorhandler(KeyMissingError)
@blueprint.errorhandler(NoSealingKeyError)
@blueprint.errorhandler(ClientDisconnected)
def _later(fault: Exception) -> Response:
    """Say that a later try will mend it: the tablet keeps what it has."""
    del fault
    return _told(_RefusedError(503, "not_now"))


@blueprint.errorhandler(HTTPException)
def _refused(fault: HTTPException) -> Response:
    """Say why not, also where something of ours broke: then a later try may mend it."""
    status = fault.code or 500
    if status >= 500:  # noqa: PLR2004 - from here on it is our fault
        return _told(_RefusedError(503, "not_now"))
    return _told(_RefusedError(status, "too_large" if status == 413 else "not_here"))  # noqa: PLR2004 - too many bytes


def _kits() -> Kits:
    found = current_app.extensions[_EXTENSION]
    assert isinstance(found, Kits)  # noqa: S101 - put there by `furnish_tablets`; this tells the type checker
    return found


def _refuse_elsewhere() -> None:
    if comes_from_elsewhere(request.headers, request.host):
        raise _RefusedError(403, "elsewhere")


def _tablet(*, may_be_revoked: bool = False) -> TabletView:
    """Return the tablet that asks, by its token."""
    here, said = platform(), request.headers.get("Authorization", "")
    token = said.removeprefix(_BEARER)
    if not said.startswith(_BEARER) or not is_token(token):
        raise _RefusedError(401, "unknown_token")
    try:
        with here.database.reading() as connection:
            tablet = tablet_of_token(connection, here.keys, token)
    except UnknownTabletError:
        raise _RefusedError(401, "unknown_token") from None
    if tablet.is_revoked and not may_be_revoked:
        raise _RefusedError(410, "revoked")
    return tablet


def _form_asked(tablet: TabletView, slug: str, number: int) -> Form:
    language, age = LANGUAGES.get(request.args.get("lang", "")), request.args.get("age") or None
    point = request.args.get("point", "")
    try:
        with platform().database.reading() as connection:
            version = version_by_id(connection, number)
    except UnknownQuestionnaireError:
        raise _RefusedError(404, "not_here") from None
    ages = {one.key for one in version.definition.variants}
    is_asked = (age in ages if ages else age is None) and (not point or version.definition.point(point))
    if version.slug != slug or slug not in tablet.slugs or language is None or not is_asked:
        raise _RefusedError(404, "not_here")
    easy, away = request.args.get("easy") == "1", exit_of(tablet.service)
    return Form(version, age, language, chooses_age=False, easy=easy, point=point, exit_address=away)


def _opened(tablet: TabletView, sitting: str, raw: bytes) -> ReadAnswer:
    """Open a sealed answer and read it. What its bytes cannot be is told apart from what our keys cannot open now."""
    here = platform()
    if not is_id(sitting) or sitting == PLACE_OF_SITTING:
        raise CannotReadError
    sealed = SealedAnswer.of(sitting, read_json(raw))
    with here.database.reading() as connection:
        written = open_answer(connection, here.keys, sealed)
        version = version_of(connection, written)
    return read_answer(collect_room().forms, tablet, version, sitting, written, here.clock.now())


def _kept(tablet: TabletView, read: ReadAnswer) -> Response:
    here, room = platform(), collect_room()
    worried = is_worrying(read.envelope, read.answers)
    raise_at_once = room.raise_at_once if worried else None
    try:
        kept = keep_sending(here, read.way, read.envelope, read.answers, raise_at_once, read.span)
    except TakenBackError:
        raise _RefusedError(410, "taken_back") from None
    if tablet.is_revoked and kept is not None and kept.is_new:
        with here.database.writing() as connection:
            service.note_late(connection, tablet)
    if kept is None:
        response = _told(_RefusedError(409, "other_answers"))
    else:
        response = make_response(jsonify(receipt=kept.receipt, worried=worried), 201 if kept.is_new else 200)
    # Runs when the reply has gone out: nobody waits for it.
    response.call_on_close(partial(do_what_is_urgent, here, read.envelope.sitting, room.urgent))
    return response


def _needs_help(tablet: TabletView, **told: object) -> Response:
    """Refuse an answer for good as it is: the tablet keeps it sealed, and staff see that it needs help."""
    with platform().database.writing() as connection:
        service.note_trouble(connection, tablet, platform().clock.now())
    return make_response(jsonify(**told), 422)


def _page(html: bytes, policy: str) -> Response:
    response = make_response(html)
    response.headers["Content-Security-Policy"] = policy
    return response
