"""The doors of the collect room: the front door, the form, its sending, and a tablet's message.

Views only open and close: what was sent is read in `forms`, kept in `sending`, drawn in `pages`. Nothing is written by
a GET, and no cookie is ever set.
"""

import json
from functools import partial

import structlog
from flask import Blueprint, Response, current_app, jsonify, make_response, redirect, request
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from hscb_voice.collect.alone import do_what_is_urgent
from hscb_voice.collect.errors import AnswersNeedMendingError, StrangeSendingError, TooManyWrongCodesError
from hscb_voice.collect.following import has_own_language, told, way_meant, way_to_open, way_to_send
from hscb_voice.collect.forms import Envelope
from hscb_voice.collect.front import door_groups
from hscb_voice.collect.guessing import WAIT_SECONDS
from hscb_voice.collect.held import (
    Notice,
    closed,
    not_now,
    our_fault,
    read_form,
    taken_back,
    too_long,
    wait_a_minute,
)
from hscb_voice.collect.pages import Form, Mending
from hscb_voice.collect.prepared import PreparedPage
from hscb_voice.collect.room import room
from hscb_voice.collect.sending import keep_sending
from hscb_voice.collect.ways import Way
from hscb_voice.collect.worry import is_worrying
from hscb_voice.foundation.errors import DatabaseUnreachableError, KeyMissingError
from hscb_voice.foundation.ids import is_id, new_id
from hscb_voice.invitations.codes import is_typed, tidied_code, typed_code
from hscb_voice.invitations.errors import ClosedCodeError, UnknownCodeError
from hscb_voice.invitations.service import WORKER
from hscb_voice.questionnaires.kinds import Answers
from hscb_voice.responses.errors import TakenBackError
from hscb_voice.responses.service import Kept
from hscb_voice.web.current import platform
from hscb_voice.web.error_pages import RETRY_SECONDS, Trouble, trouble_page
from hscb_voice.web.exits import exit_of
from hscb_voice.web.languages import LANGUAGES, Language, chosen_language
from hscb_voice.web.origin import comes_from_elsewhere
from hscb_voice.web.packing import mark_packing, taken_packings
from hscb_voice.web.respondent_look import look_of

blueprint = Blueprint("collect", __name__)
_TRY_AGAIN = {429, 500, 503}
_LOG = structlog.get_logger(__name__)
_NOT_NOW = (DatabaseUnreachableError, KeyMissingError)


@blueprint.get("/")
def front_door() -> Response:
    """Show the questionnaires of the demonstration, or the box for a code."""
    settings = platform().settings
    groups = door_groups(room().ways.all_forms()) if settings.demonstration else []
    staff = settings.demonstration and "staff" in settings.surfaces
    return _page(room().pages.front(chosen_language(), groups=groups, staff=staff))


@blueprint.get("/privacy")
def privacy() -> Response:
    """Tell what happens to what somebody says here, in words for a child and then for grown-ups."""
    return _page(room().pages.privacy(chosen_language(), platform().settings.privacy_contact))


@blueprint.get("/about-browsing")
def about_browsing() -> Response:
    """Tell how to look at pages so that nobody else sees which. Its address and title say no more than that."""
    return _page(room().pages.browsing(chosen_language()))


@blueprint.get("/f")
def enter_code() -> AnyResponse:
    """Go to the form of a code that was typed, however its words were parted."""
    typed = tidied_code(request.args.get("code", ""))
    spoken = f"?lang={chosen_language().code}" if "lang" in request.args and not has_own_language(typed) else ""
    return redirect(f"/f/{typed}{spoken}" if typed else f"/{spoken}", 303)


@blueprint.get("/f/<code>")
def show_form(code: str) -> AnyResponse:
    """Show a code's questionnaire, rendered beforehand; only the sitting's id is new."""
    if (tidy := tidied_code(code)) != code and is_typed(code):
        asked = request.query_string.decode("ascii", "ignore")
        return redirect(f"/f/{tidy}?{asked}" if asked else f"/f/{tidy}", 303)
    try:
        way = way_to_open(code)
    except UnknownCodeError as fault:
        closed_page = told(fault)
        return _page(room().pages.closed(chosen_language(), closed_page, typed_code(code)), closed_page.status)
    return _prepared(room().pages.form(_form_asked(way)), new_id())


@blueprint.post("/f/<code>")
def take_answers(code: str) -> Response:
    """Keep what a page sent and reply with the thanks; whatever is wrong, no word is lost."""
    if comes_from_elsewhere(request.headers, request.host):
        return _from_elsewhere()
    sent, is_too_long = read_form(request)
    if is_too_long:
        return _held(sent, too_long())
    try:
        way = way_meant(code, sent)
        return _held(sent, closed()) if way is None else _taken(way, sent)
    except (*_NOT_NOW, TooManyWrongCodesError) as fault:
        return _held(sent, wait_a_minute() if isinstance(fault, TooManyWrongCodesError) else not_now())
    except TakenBackError:
        # Without its old sitting it comes again as a new one, if that is what somebody wants.
        return _held(MultiDict((k, v) for k, v in sent.items(multi=True) if k != "sitting"), taken_back())
    except Exception as fault:  # noqa: BLE001 - whatever of ours broke, the words must come back
        _LOG.error("an answer could not be taken", fault=type(fault).__name__)
        return _held(sent, our_fault())


@blueprint.put("/f/<code>/answers/<sitting>")
def take_message(code: str, sitting: str) -> tuple[Response, int]:
    """Keep what a tablet held and sends now; the same message again gets the same receipt."""
    if comes_from_elsewhere(request.headers, request.host):
        return jsonify(error="This came from another site."), 403
    try:
        way = way_to_send(code, sitting)
    except ClosedCodeError:
        return jsonify(error="This code has been closed. Keep the answer, and ask a worker what to do."), 410
    except UnknownCodeError:
        raise NotFound from None
    message = _message()
    parts = message.get("answers")
    if not isinstance(parts, dict):
        return jsonify(error="The message must hold version, variant, language and answers."), 422
    try:
        envelope = room().forms.open(way, {**message, "sitting": sitting})
        answers = room().forms.read_message(envelope, parts)
    except StrangeSendingError:
        return jsonify(error="The sitting, version or variant does not belong to this form."), 422
    except AnswersNeedMendingError as fault:
        return jsonify(
            errors={key: [str(reason) for reason in reasons] for key, reasons in fault.troubles.items()}
        ), 422
    return _told_tablet(way, envelope, answers)


def _told_tablet(way: Way, envelope: Envelope, answers: Answers) -> tuple[Response, int]:
    try:
        kept, _ = _keep(way, envelope, answers)
    except TakenBackError:
        return jsonify(error="This answer has been taken back. It is not kept again."), 410
    if kept is None:
        return _screened(jsonify(error="This sitting has sent other answers before."), envelope.sitting), 409
    return _screened(jsonify(receipt=kept.receipt), envelope.sitting), 201 if kept.is_new else 200


def _message() -> dict[str, object]:
    """Return the message that a tablet sent; empty when it is none, or is nested deeper than any of ours."""
    try:
        message = json.loads(request.get_data())
    except (ValueError, RecursionError):
        return {}
    return message if isinstance(message, dict) else {}


def _form_asked(way: Way) -> Form:
    """Return the form that a request asks for: the invitation's age, else `?age=`, else the first."""
    ages = [variant.key for variant in way.version.definition.variants]
    fixed = way.invitation.variant if way.invitation.variant in ages else None
    wished = request.args.get("age")
    variant = fixed or (wished if wished in ages else next(iter(ages), None))
    setting = way.invitation.setting
    return Form(
        way.version,
        variant,
        _language_of(way),
        chooses_age=fixed is None,
        easy=_wants_it_easy(),
        point=setting.point,
        exit_address=exit_of(setting.service),
        is_recorded=setting.channel == WORKER,
    )


def _language_of(way: Way) -> Language:
    """Return the language that the address names, else the invitation's own, else the reader's."""
    named = "" if "lang" in request.args else way.invitation.language or ""
    return LANGUAGES.get(named) or chosen_language()


def _form_answered(way: Way, envelope: Envelope) -> Form:
    return Form(
        envelope.version,
        envelope.variant,
        LANGUAGES[envelope.language],
        easy=_wants_it_easy(),
        point=envelope.point,
        exit_address=exit_of(way.invitation.setting.service),
        is_recorded=way.invitation.setting.channel == WORKER,
    )


def _wants_it_easy() -> bool:
    return bool(request.query_string) and request.args.get("easy") == "1"


def _taken(way: Way, sent: MultiDict[str, str]) -> Response:
    try:
        envelope = room().forms.open(way, sent)
    except StrangeSendingError:
        return _renewed(way, sent)
    try:
        answers = room().forms.read_page(envelope, sent)
    except AnswersNeedMendingError as fault:
        mending = Mending(sent, envelope.sitting, fault.troubles)
        return _page(room().pages.mend(_form_answered(way, envelope), mending), 422)
    kept, worried = _keep(way, envelope, answers)
    return _replied(way, envelope, kept, worried=worried)


def _keep(way: Way, envelope: Envelope, answers: Answers) -> tuple[Kept | None, bool]:
    """Keep the answers, and tell whether they sound worrying; if so, their concerns are raised with them."""
    worried = is_worrying(envelope, answers)
    kept = keep_sending(platform(), way, envelope, answers, room().raise_at_once if worried else None)
    if way.invitation.single:
        room().ways.forget(way.invitation.code)
    return kept, worried


def _renewed(way: Way, sent: MultiDict[str, str]) -> Response:
    """Show the form as it is asked now, with every word: the sitting, version or age that was sent is not its own."""
    sitting = sent.get("sitting", "")
    notice = gettext("The questions on this page were not the newest. Please look through them once more.")
    mending = Mending(sent, sitting if is_id(sitting) else new_id(), {}, notice)
    return _page(room().pages.mend(_form_asked(way), mending), 422)


def _replied(way: Way, envelope: Envelope, kept: Kept | None, *, worried: bool) -> Response:
    form = _form_answered(way, envelope)
    if kept is None:
        response = _page(room().pages.already(form, worried=worried), 409)
    else:
        response = _prepared(room().pages.thanks(form, worried=worried), kept.receipt.replace("-", " "))
    if request.headers.get("Sec-Fetch-Mode") == "navigate":
        # Without our script the form is a page of its own, which a browser may keep whole for the way back.
        response.headers["Clear-Site-Data"] = '"cache"'
    return _screened(response, envelope.sitting)


def _held(sent: MultiDict[str, str], notice: Notice) -> Response:
    """Give every word back, with why and what to do."""
    response = _page(room().pages.held(sent, chosen_language(), notice), notice.status)
    if notice.status in _TRY_AGAIN:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


@blueprint.app_errorhandler(TooManyWrongCodesError)
def _too_many(fault: Exception) -> Response:
    del fault
    notice = wait_a_minute()
    response = trouble_page(notice.status, Trouble(notice.heading, notice.lines[:1]))
    response.headers["Retry-After"] = response.headers["Refresh"] = str(WAIT_SECONDS)
    return response


def _from_elsewhere() -> Response:
    lines = (gettext("This came from another website. Please open your link yourself and start from there."),)
    return trouble_page(403, Trouble(gettext("That did not work"), lines))


def _screened(response: Response, sitting: str) -> Response:
    # Runs when the reply has gone out: a child never waits for it.
    response.call_on_close(partial(do_what_is_urgent, platform(), sitting, room().urgent))
    return response


def _page(html: str, status: int = 200) -> Response:
    response = make_response(html, status)
    response.headers["Content-Security-Policy"] = look_of(current_app).policy
    return response


def _prepared(page: PreparedPage, gap: str) -> Response:
    packing = page.best_of(taken_packings())
    response = make_response(page.filled(gap, packing))
    response.headers["Content-Security-Policy"] = page.policy
    mark_packing(response, packing)
    return response
