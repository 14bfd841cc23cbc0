"""Pages of blind second coding: drawing a sample, coding it without seeing any code, and settling what differs."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hscb_voice.codebooks.current import codebook_now
from hscb_voice.reading_room import agreement, blind
from hscb_voice.reading_room.agreement import Pair
from hscb_voice.reading_room.blind import Codes, Wanted
from hscb_voice.reading_room.errors import BlindCodingError, NothingToDrawError
from hscb_voice.reading_room.forms import SampleForm
from hscb_voice.reading_room.opening import open_words, question_of, theme_names
from hscb_voice.reading_room.routes import ask_reason, find_item
from hscb_voice.reading_room.seeing import OPENED_TO_SETTLE, seen_by
from hscb_voice.reading_room.session import reader_of, reason_now
from hscb_voice.reading_room.showing import HOW_WORDS
from hscb_voice.responses.periods import named_period, period_names
from hscb_voice.responses.queries import days_heard, response_by_id
from hscb_voice.responses.showing import RESPONDENT_LABELS
from hscb_voice.responses.words import comment_by_id
from hscb_voice.staff.access import current_person, requires
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.themes.forms import CodesForm, codes_form
from hscb_voice.web.current import platform

blueprint = Blueprint("staff_blind", __name__, url_prefix=f"{STAFF_PATH}/blind-coding")


@blueprint.get("/")
@requires(Permission.CODE_COMMENTS)
def samples() -> str:
    """Show the samples and how far they are."""
    return _samples_page(_sample_form())


@blueprint.post("/")
@requires(Permission.CODE_COMMENTS)
def draw() -> ResponseReturnValue:
    """Draw a sample."""
    form, here = _sample_form(), platform()
    span = named_period(str(form.period.data))
    if not form.validate_on_submit() or span is None:
        return _samples_page(form), 400
    wanted = Wanted(span.start, span.end, form.size.data or 1, form.seed.data or "")
    try:
        with here.database.writing() as connection:
            blind.draw(connection, wanted, current_person().id, here.clock)
    except NothingToDrawError as trouble:
        return _samples_page(form, str(trouble)), 400
    flash("The sample is drawn. Another person than the first coder can code it now.")
    return redirect(url_for(".samples"), code=303)


@blueprint.get("/<sample_id>/next")
@requires(Permission.CODE_COMMENTS)
def next_one(sample_id: str) -> ResponseReturnValue:
    """Go to the next comment that this person may code blind."""
    if not reason_now():
        return ask_reason("open a comment")
    with platform().database.reading() as connection:
        pair = agreement.next_to_code(connection, sample_id, current_person().id)
    if pair is None:
        flash("Nothing is left in this sample for you. What you coded or read with its codes, another must code blind.")
        return redirect(url_for(".samples"), code=303)
    return redirect(url_for(".item", sample_id=sample_id, comment_id=pair.comment_id), code=303)


@blueprint.get("/<sample_id>/comments/<comment_id>")
@requires(Permission.CODE_COMMENTS)
def item(sample_id: str, comment_id: str) -> ResponseReturnValue:
    """Show one comment without any code."""
    return _blind_page(_pair(sample_id, comment_id), codes_form(codebook_now(), None))


@blueprint.post("/<sample_id>/comments/<comment_id>")
@requires(Permission.CODE_COMMENTS)
def code(sample_id: str, comment_id: str) -> ResponseReturnValue:
    """Keep the second person's codes, and go on."""
    pair, form, here = _pair(sample_id, comment_id), codes_form(codebook_now(), None), platform()
    if not reason_now() or not form.validate_on_submit():
        return _blind_page(pair, form, status=400)
    try:
        with here.database.writing() as connection:
            codes = _codes(form)
            blind.code_blind(connection, sample_id, comment_id, current_person().id, codes, here.clock)
    except BlindCodingError as trouble:
        flash(str(trouble))
        return redirect(url_for(".samples"), code=303)
    flash("Kept. It changes no figure until differences are settled.")
    return redirect(url_for(".next_one", sample_id=sample_id), code=303)


@blueprint.get("/<sample_id>/differences")
@requires(Permission.CODE_COMMENTS)
def differences(sample_id: str) -> ResponseReturnValue:
    """Show the next comment of which two people said different things."""
    if not reason_now():
        return ask_reason("open a comment")
    with platform().database.reading() as connection:
        pair = agreement.next_to_settle(connection, sample_id)
    if pair is None:
        flash("No difference is left to settle in this sample.")
        return redirect(url_for(".samples"), code=303)
    return _settle_page(pair, codes_form(codebook_now(), None))


@blueprint.post("/<sample_id>/comments/<comment_id>/settle")
@requires(Permission.CODE_COMMENTS)
def settle(sample_id: str, comment_id: str) -> ResponseReturnValue:
    """Settle one difference, and go on."""
    pair, form, here = _pair(sample_id, comment_id), codes_form(codebook_now(), None), platform()
    if not reason_now():
        return ask_reason()
    if pair.second is None:
        flash("Nobody has coded this comment blind yet, so there is nothing to settle.")
        return redirect(url_for(".samples"), code=303)
    codes = {"first": pair.first, "second": pair.second}.get(request.form.get("take", ""))
    if codes is None and not form.validate_on_submit():
        return _settle_page(pair, form), 400
    codes, by = codes or _codes(form), current_person().id
    try:
        with here.database.writing() as connection:
            length = len(comment_by_id(connection, here.keys, comment_id).text)
            blind.settle(connection, sample_id, comment_id, by, codes, length, here.clock)
        flash("Settled. These codes are in force now.")
    except BlindCodingError as trouble:
        flash(str(trouble))
    return redirect(url_for(".differences", sample_id=sample_id), code=303)


def _pair(sample_id: str, comment_id: str) -> Pair:
    find_item(comment_id)
    with platform().database.reading() as connection:
        pair = agreement.pair_of(connection, sample_id, comment_id)
    if pair is None:
        abort(404)
    return pair


def _codes(form: CodesForm) -> Codes:
    return Codes(str(form.polarity.data), {one.theme: one.polarity for one in form.theme_codes(1)})


def _sample_form() -> SampleForm:
    here, form = platform(), SampleForm()
    with here.database.reading() as connection:
        days = days_heard(connection, current_person().teams)
    form.period.choices = [("", "Choose a period"), *((name, name) for name in (period_names(*days) if days else ()))]
    if not form.is_submitted():
        form.seed.data = blind.default_seed(here.clock.now())
    return form


def _samples_page(form: SampleForm, trouble: str = "") -> str:
    with platform().database.reading() as connection:
        found = agreement.samples(connection)
    return render_template("reading_room/samples.html", form=form, samples=found, trouble=trouble)


def _opened(pair: Pair, act: str) -> dict[str, object]:
    """Open the words of a pair, and nothing that anybody or any machine says of them."""
    here, person = platform(), current_person()
    found = find_item(pair.comment_id)
    with here.database.writing() as connection:
        response = response_by_id(connection, person.teams, pair.response_id)
        text = open_words(connection, here, found, reader_of(person, here), act)
        question = question_of(connection, response, text.question)
    who = RESPONDENT_LABELS[response.respondent]
    return {"text": text.text, "question": question, "who": who, "language": response.language, "pair": pair}


def _blind_page(pair: Pair, form: CodesForm, status: int = 200) -> ResponseReturnValue:
    if not reason_now():
        return ask_reason("open a comment")
    with platform().database.reading() as connection:
        seen = seen_by(connection, [pair.comment_id], current_person().id)
    if pair.second is not None or seen:
        flash("This comment is not yours to code blind: it is coded, or you have seen its codes.")
        return redirect(url_for(".samples"), code=303)
    with platform().database.reading() as connection:
        sample = next(one for one in agreement.samples(connection) if one.id == pair.sample_id)
    told = _opened(pair, "opened a comment to code it blind")
    return render_template("reading_room/blind.html", form=form, sample=sample, **told), status


def _settle_page(pair: Pair, form: CodesForm) -> str:
    told = _opened(pair, OPENED_TO_SETTLE)
    names = theme_names()
    sides = [("first", "First person", pair.first), ("second", "Second person, blind", pair.second)]
    differing = _differing(pair)
    return render_template(
        "reading_room/settle.html", form=form, sides=sides, names=names, how=HOW_WORDS, differing=differing, **told
    )


def _differing(pair: Pair) -> frozenset[str]:
    """Return the themes that the two say differently."""
    first, second = pair.first.themes, pair.second.themes if pair.second else {}
    return frozenset(theme for theme in {*first, *second} if first.get(theme) != second.get(theme))
