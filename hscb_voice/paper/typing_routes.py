"""Staff pages on which paper forms are typed: open a pile, type form after form, undo the last one."""

from functools import partial

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from hscb_voice.collect.alone import do_what_is_urgent
from hscb_voice.foundation.clock import LOCAL_ZONE
from hscb_voice.foundation.ids import is_id, new_id
from hscb_voice.paper.dates import day_of, month_of
from hscb_voice.paper.errors import (
    NotAnAnswerError,
    NotUndoneError,
    TypedAlreadyError,
    UnknownFormError,
    UnknownPileError,
)
from hscb_voice.paper.form_codes import PaperForm, form_of_code
from hscb_voice.paper.forms import NUMBER, ActForm, PileForm
from hscb_voice.paper.queries import UNDO_FOR, Pile, newest_pile, newest_typed, pile_by_id, tally_of
from hscb_voice.paper.service import PileSetting, TypedAnswer, keep_typed, open_pile, undo
from hscb_voice.paper.typing import KEYS, UNREADABLE, UNREADABLE_FIELD, fields_of, read_typed
from hscb_voice.questionnaires.kinds import Answers
from hscb_voice.responses.errors import AnotherAnswerError, TakenBackError
from hscb_voice.responses.periods import span_words
from hscb_voice.responses.service import Kept, Span
from hscb_voice.responses.showing import short_titles
from hscb_voice.safeguarding.calling import CALL_JOBS
from hscb_voice.staff.access import current_person, requires
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.web.current import platform

blueprint = Blueprint("staff_typing", __name__, url_prefix=f"{STAFF_PATH}/paper/piles")
_REFUSED = 422
_NOTHING: MultiDict[str, str] = MultiDict()


@blueprint.get("/new")
@requires(Permission.INVITE)
def start() -> ResponseReturnValue:
    """Ask what all papers of a pile share; the last pile's setting is filled in."""
    here, person = platform(), current_person()
    with here.database.reading() as connection:
        last = newest_pile(connection, person.id)
    known = {} if last is None else {**vars(last), "month": span_words(last.span_start, last.span_end)}
    known = {"month": f"{here.clock.today():%B %Y}", **known, "session_date": "", "code": request.args.get("code", "")}
    return _start_page(PileForm(formdata=None, data=known))


@blueprint.post("/new")
@requires(Permission.INVITE)
def begin() -> ResponseReturnValue:
    """Open a pile."""
    here, person = platform(), current_person()
    form = PileForm().with_teams(sorted(person.own_teams))
    form.today = here.clock.today()
    if not form.validate_on_submit():
        return _start_page(form), _REFUSED
    try:
        with here.database.reading() as connection:
            paper = form_of_code(connection, str(form.code.data))
    except UnknownFormError as trouble:
        form.code.errors = [str(trouble)]
        return _start_page(form), _REFUSED
    with here.database.writing() as connection:
        pile_id = open_pile(connection, _setting(form, paper), person.id, here.clock)
    return redirect(url_for(".type_form", pile_id=pile_id), code=303)


@blueprint.get("/<pile_id>")
@requires(Permission.INVITE)
def type_form(pile_id: str) -> ResponseReturnValue:
    """Show the next form of a pile, empty."""
    pile, paper = _found(pile_id)
    return _page(pile, paper)


@blueprint.post("/<pile_id>")
@requires(Permission.INVITE)
def take_form(pile_id: str) -> ResponseReturnValue:
    """Keep what was typed and go to the next form; whatever is wrong, nothing typed is lost."""
    pile, paper = _found(pile_id)
    sent = request.form
    sitting, number = sent.get("sitting", ""), " ".join(sent.get("number", "").split())
    if not is_id(sitting) or (number and NUMBER.fullmatch(number) is None):
        return _page(pile, paper, sent, {"number": "Type the paper's number, such as 7, 12a or N-104."}), _REFUSED
    try:
        typed = TypedAnswer(sitting, number, read_typed(paper, sent), bool(sent.get("another")))
        kept = keep_typed(platform(), pile, paper, typed)
    except NotAnAnswerError as trouble:
        return _page(pile, paper, sent, trouble.troubles), _REFUSED
    except TypedAlreadyError as trouble:
        told = f"{trouble} Is this another form with the same number?"
        return _page(pile, paper, sent, {"number": told}, is_doubtful=True), 409
    except (AnotherAnswerError, TakenBackError):
        told = "This page was sent before. Look whether the form has been typed already, then send it again."
        return _page(pile, paper, _renewed(sent), {"": told}), 409
    return _next(pile, number, kept)


@blueprint.post("/<pile_id>/undo")
@requires(Permission.INVITE)
def undo_last(pile_id: str) -> ResponseReturnValue:
    """Undo the form that was typed last, and show it again to be mended."""
    pile, paper = _found(pile_id)
    response_id = request.form.get("last", "")
    if not is_id(response_id) or not ActForm().validate_on_submit():
        abort(400)
    try:
        with platform().database.reading() as connection:
            last = newest_typed(connection, pile.id)
        answers = undo(platform(), pile, response_id)
    except NotUndoneError as trouble:
        flash(str(trouble), "refusal")
        return redirect(url_for(".type_form", pile_id=pile.id), code=303)
    return _page(pile, paper, _again(paper, answers, last.number if last else ""), is_undone=True)


def _found(pile_id: str) -> tuple[Pile, PaperForm]:
    try:
        with platform().database.reading() as connection:
            pile = pile_by_id(connection, current_person().id, pile_id)
            paper = form_of_code(connection, pile.form_code)
    except UnknownPileError:
        abort(404)
    if pile.team not in current_person().own_teams:
        abort(404)  # whoever has left a team types nothing for it any more
    return pile, paper


def _setting(form: PileForm, paper: PaperForm) -> PileSetting:
    month, day = month_of(str(form.month.data)), day_of(str(form.session_date.data or ""))
    assert month is not None  # noqa: S101 - the form was validated; this tells the type checker
    return PileSetting(
        form=paper,
        service=str(form.service.data),
        team=str(form.team.data),
        locality=str(form.locality.data),
        span=Span.month_of(month),
        session_date=day,
        point=paper.point or str(form.point.data),
        moves_on=bool(form.moves_on.data),
    )


def _start_page(form: PileForm) -> str:
    return render_template("paper/pile.html", form=form.with_teams(sorted(current_person().own_teams)))


def _next(pile: Pile, number: str, kept: Kept) -> ResponseReturnValue:
    named = f"Form {number}" if number else "The form"
    flash(f"{named} is kept." if kept.is_new else f"{named} was kept before; nothing is counted twice.")
    response = make_response(redirect(url_for(".type_form", pile_id=pile.id), code=303))
    response.call_on_close(partial(do_what_is_urgent, platform(), kept.response_id, tuple(CALL_JOBS.values())))
    return response


def _again(paper: PaperForm, answers: Answers, number: str) -> MultiDict[str, str]:
    fields = fields_of(paper, answers)
    fields["number"] = number
    return fields


def _renewed(sent: MultiDict[str, str]) -> MultiDict[str, str]:
    return MultiDict((name, value) for name, value in sent.items(multi=True) if name != "sitting")


def _page(
    pile: Pile,
    paper: PaperForm,
    given: MultiDict[str, str] = _NOTHING,
    troubles: dict[str, str] | None = None,
    *,
    is_doubtful: bool = False,
    is_undone: bool = False,
) -> str:
    here = platform()
    with here.database.reading() as connection:
        tally = tally_of(connection, pile, here.clock.today())
        last = newest_typed(connection, pile.id)
        titles = short_titles(connection)
    can_undo = last is not None and here.clock.now() - last.typed_at <= UNDO_FOR
    return render_template(
        "paper/type.html",
        pile=pile,
        paper=paper,
        given=given,
        troubles=troubles or {},
        is_doubtful=is_doubtful,
        is_undone=is_undone,
        sitting=given.get("sitting") or new_id(),
        number=given.get("number") if given else _next_number(last.number if last else ""),
        tally=tally,
        last=last,
        last_time=f"{last.typed_at.astimezone(LOCAL_ZONE):%H:%M}" if last else "",
        can_undo=can_undo,
        titles=titles,
        said=span_words(pile.span_start, pile.span_end),
        keys=KEYS,
        unreadable=UNREADABLE,
        unreadable_field=UNREADABLE_FIELD,
    )


def _next_number(number: str) -> str:
    """Return the number that the next paper of a pile probably has."""
    return str(int(number) + 1) if number.isascii() and number.isdecimal() else ""
