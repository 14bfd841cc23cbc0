"""Staff pages of concerns: the queue, most urgent first, and one concern with what can be done about it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlalchemy import Connection
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the type stubs

from hscb_voice.foundation.clock import Clock
from hscb_voice.questionnaires.queries import version_by_id
from hscb_voice.responses.queries import response_by_id
from hscb_voice.responses.reading import CONCERN, open_response
from hscb_voice.responses.showing import RESPONDENT_LABELS, short_titles
from hscb_voice.safeguarding import service
from hscb_voice.safeguarding.duties import who_handles
from hscb_voice.safeguarding.errors import ConcernMovedError, UnknownConcernError
from hscb_voice.safeguarding.forms import AcknowledgeForm, CloseForm, HandOverForm, NoteForm, ReopenForm
from hscb_voice.safeguarding.history import Written
from hscb_voice.safeguarding.pulse import screening_pulse
from hscb_voice.safeguarding.queries import (
    ConcernSummary,
    concern_by_id,
    concern_counts,
    concern_list,
    concerns_of,
)
from hscb_voice.safeguarding.reading import open_history
from hscb_voice.safeguarding.showing import names_of, queue_line, shown_history, shown_words, ticks_that_raised
from hscb_voice.safeguarding.wording import ACKNOWLEDGED, CLOSED, KIND_LABELS, OPEN
from hscb_voice.staff.access import current_person, requires
from hscb_voice.staff.queries import person_by_id
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.web.current import platform

blueprint = Blueprint("staff_concerns", __name__, url_prefix=f"{STAFF_PATH}/concerns")
PAGE_SIZE = 25
_LAST_PAGE = 1_000_000
FormT = TypeVar("FormT", bound=FlaskForm)
_UNCLOSED = "unclosed"
_SHOWN = {_UNCLOSED: (OPEN, ACKNOWLEDGED), OPEN: (OPEN,), ACKNOWLEDGED: (ACKNOWLEDGED,), CLOSED: (CLOSED,)}


@dataclass
class Forms:
    """The forms of one concern's page; the one that was sent holds what was typed."""

    acknowledge: AcknowledgeForm
    note: NoteForm
    close: CloseForm
    reopen: ReopenForm
    hand: HandOverForm


@blueprint.get("/")
@requires(Permission.READ_CONCERNS)
def queue() -> str:
    """List concerns: the most urgent first."""
    state = request.args.get("state", _UNCLOSED)
    if state not in _SHOWN:
        abort(404)
    now, teams, page = platform().clock.now(), current_person().teams, _page()
    with platform().database.reading() as connection:
        counts = concern_counts(connection, teams, now)
        listed = concern_list(connection, teams, _SHOWN[state], page=page, size=PAGE_SIZE)
        pulse, titles = screening_pulse(connection, now), short_titles(connection)
        names = names_of(connection, listed)
    numbers = {_UNCLOSED: counts.open + counts.acknowledged, **vars(counts)}
    return render_template(
        "safeguarding/queue.html",
        lines=[queue_line(concern, now, names) for concern in listed],
        counts=counts,
        numbers=numbers,
        state=state,
        page=page,
        pages=max(1, -(-numbers[state] // PAGE_SIZE)),
        pulse=pulse,
        titles=titles,
        respondents=RESPONDENT_LABELS,
    )


@blueprint.get("/<concern_id>")
@requires(Permission.READ_CONCERNS)
def concern(concern_id: str) -> str:
    """Show one concern. Reading the words behind it is noted, with the reason “concern”."""
    return _concern_page(_find(concern_id), _forms())


@blueprint.post("/<concern_id>/acknowledge")
@requires(Permission.HANDLE_CONCERNS)
def acknowledge(concern_id: str) -> ResponseReturnValue:
    """Say that a person has read it and sees to it."""
    found, forms = _find(concern_id), _forms(AcknowledgeForm)
    return _done(found, forms, service.acknowledge, "You have acknowledged this concern.")


@blueprint.post("/<concern_id>/notes")
@requires(Permission.HANDLE_CONCERNS)
def note(concern_id: str) -> ResponseReturnValue:
    """Write a note."""
    found, forms = _find(concern_id), _forms(NoteForm)
    if not forms.note.validate_on_submit():
        return _concern_page(found, forms), 400
    here, by = platform(), current_person().id
    with here.database.writing() as connection:
        service.add_note(connection, found, by, Written(forms.note.text.data or "", here.keys), here.clock)
    flash("The note has been saved.")
    return redirect(url_for(".concern", concern_id=concern_id))


@blueprint.post("/<concern_id>/close")
@requires(Permission.HANDLE_CONCERNS)
def close(concern_id: str) -> ResponseReturnValue:
    """Close it with its outcome."""
    found, forms = _find(concern_id), _forms(CloseForm)
    if not forms.close.validate_on_submit():
        return _concern_page(found, forms), 400
    outcome, written = forms.close.outcome.data, Written(forms.close.text.data or "", platform().keys)

    def act(connection: Connection, concern: ConcernSummary, by: str, clock: Clock) -> None:
        service.close(connection, concern, by, outcome, clock, written)

    return _done(found, forms, act, "This concern is closed.")


@blueprint.post("/<concern_id>/reopen")
@requires(Permission.HANDLE_CONCERNS)
def reopen(concern_id: str) -> ResponseReturnValue:
    """Open it again, or take an acknowledgement back."""
    found, forms = _find(concern_id), _forms(ReopenForm)
    if not forms.reopen.validate_on_submit():
        return _concern_page(found, forms), 400
    written = Written(forms.reopen.text.data or "", platform().keys)

    def act(connection: Connection, concern: ConcernSummary, by: str, clock: Clock) -> None:
        service.reopen(connection, concern, by, clock, written)

    return _done(found, forms, act, "This concern is open again.")


@blueprint.post("/<concern_id>/hand-over")
@requires(Permission.HANDLE_CONCERNS)
def hand_over(concern_id: str) -> ResponseReturnValue:
    """Hand it over to another person, who gets a letter."""
    found, forms, here = _find(concern_id), _forms(HandOverForm), platform()
    if not forms.hand.validate_on_submit():
        return _concern_page(found, forms), 400
    with here.database.reading() as connection:
        receiver = person_by_id(connection, forms.hand.receiver.data)
    written = Written(forms.hand.text.data or "", here.keys)
    handing = service.Handing(current_person(), receiver, written, here.settings.public_address)

    def act(connection: Connection, concern: ConcernSummary, _by: str, clock: Clock) -> None:
        service.hand_over(connection, concern, handing, clock)

    return _done(found, forms, act, f"This concern is with {receiver.name} now, who gets a letter.")


def _done(
    found: ConcernSummary,
    forms: Forms,
    act: Callable[[Connection, ConcernSummary, str, Clock], None],
    told: str,
) -> ResponseReturnValue:
    here, by = platform(), current_person().id
    try:
        with here.database.writing() as connection:
            act(connection, found, by, here.clock)
    except ConcernMovedError as refusal:
        return _concern_page(_find(found.id), forms, refusal=str(refusal)), 409
    flash(told)
    return redirect(url_for(".concern", concern_id=found.id))


def _find(concern_id: str) -> ConcernSummary:
    try:
        with platform().database.reading() as connection:
            return concern_by_id(connection, current_person().teams, concern_id)
    except UnknownConcernError:
        abort(404)


def _forms(sent: type[FlaskForm] | None = None) -> Forms:
    """Return the page's forms; only the one that was sent takes what the browser sent."""
    forms = Forms(
        _form(AcknowledgeForm, "acknowledge", sent),
        _form(NoteForm, "note", sent),
        _form(CloseForm, "close", sent),
        _form(ReopenForm, "reopen", sent),
        _form(HandOverForm, "hand", sent),
    )
    own = current_person().id
    with platform().database.reading() as connection:
        others = [person for person in who_handles(connection) if person.id != own]
    people = [SelectChoice(person.id, person.name) for person in others]
    forms.hand.receiver.choices = [SelectChoice("", "Choose a person"), *people]
    return forms


def _form(kind: type[FormT], prefix: str, sent: type[FlaskForm] | None) -> FormT:
    form: FormT = kind(prefix=prefix) if kind is sent else kind(formdata=None, prefix=prefix)
    return form


def _concern_page(found: ConcernSummary, forms: Forms, *, refusal: str = "") -> str:
    here, person = platform(), current_person()
    steps = open_history(here, found, person)
    with here.database.reading() as connection:
        response = response_by_id(connection, person.teams, found.response_id)
        definition = version_by_id(connection, response.version_id).definition
        siblings = concerns_of(connection, person.teams, found.response_id)
        history, names = shown_history(connection, steps), names_of(connection, [found])
    opened = open_response(here, response, person, CONCERN)
    return render_template(
        "safeguarding/concern.html",
        concern=found,
        line=queue_line(found, here.clock.now(), names),
        kind=KIND_LABELS[found.kind],
        response=response,
        title=definition.short_title,
        respondent=RESPONDENT_LABELS[response.respondent],
        ticks=ticks_that_raised(found, definition),
        others=[queue_line(other, here.clock.now()) for other in siblings if other.id != found.id],
        opened=opened,
        words=shown_words(opened.answers, siblings),
        history=history,
        forms=forms,
        refusal=refusal,
        may_handle=person.may(Permission.HANDLE_CONCERNS),
    )


def _page() -> int:
    text = request.args.get("page", "1")
    return min(max(int(text), 1), _LAST_PAGE) if text.isdecimal() else 1
