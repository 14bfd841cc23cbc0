"""Staff pages on which invited and answered stand beside each other, and people invited without a code are noted."""

from dataclasses import replace

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hscb_voice.foundation.spreadsheets import CONTENT_TYPE, csv_lines
from hscb_voice.invitations import making
from hscb_voice.invitations.counting import (
    HEADER,
    MONTH,
    QUARTER,
    CountedLine,
    invited_and_answered,
    notes_without_code,
    rows_of,
)
from hscb_voice.invitations.errors import InvitationError, UnknownInvitationError
from hscb_voice.invitations.forms import ChangeNoteForm, NoteForm, choices_of, months_until
from hscb_voice.invitations.listing import known_names
from hscb_voice.invitations.service import InvitedNote
from hscb_voice.responses.periods import named_period, period_names
from hscb_voice.responses.queries import days_heard
from hscb_voice.responses.service import Span
from hscb_voice.responses.showing import short_titles
from hscb_voice.staff.access import current_person, requires
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.web.current import platform

blueprint = Blueprint("staff_invited", __name__, url_prefix=f"{STAFF_PATH}/invited")
_YEAR_NAME = len("2026-27")


@blueprint.get("")
@requires(Permission.INVITE)
def invited() -> ResponseReturnValue:
    """Show invited and answered of the own teams, for each service, questionnaire and period."""
    return _page()


@blueprint.get("/counts.csv")
@requires(Permission.INVITE)
def counts() -> Response:
    """Hand over the same lines as a spreadsheet."""
    with platform().database.reading() as connection:
        period, span = _period()
        titles = short_titles(connection)
        lines = invited_and_answered(connection, current_person().teams, span, _by())
    answer = Response(csv_lines(HEADER, rows_of(lines, titles)), content_type=CONTENT_TYPE)
    name = f"invited-and-answered-{period.replace(' ', '-')}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@blueprint.post("/notes")
@requires(Permission.INVITE)
def add_note() -> ResponseReturnValue:
    """Note people who were invited on paper, by a tablet or by word of mouth."""
    here, person, form = platform(), current_person(), NoteForm()
    _offer(form)
    if not form.validate_on_submit():
        return _page(form)
    span = Span.month_of(form.chosen_month())
    wanted = InvitedNote(str(form.slug.data), str(form.service.data), span, form.number.data or 0)
    try:
        with here.database.writing() as connection:
            doer = making.Doer(person.id, here.clock)
            making.note_without_code(connection, replace(wanted, team=str(form.team.data)), doer)
    except InvitationError as refusal:
        form.number.errors = [str(refusal)]
        return _page(form)
    flash("The note is added.")
    return redirect(url_for(".invited"))


@blueprint.post("/notes/<note_id>")
@requires(Permission.INVITE)
def change_note(note_id: str) -> ResponseReturnValue:
    """Put another number into a note; 0 takes it away."""
    here, person, form = platform(), current_person(), ChangeNoteForm()
    doer = making.Doer(person.id, here.clock)
    try:
        with here.database.writing() as connection:
            note = making.note_of(connection, person.teams, note_id)
            if form.validate_on_submit():
                making.change_note(connection, note, form.number.data or 0, doer)
    except UnknownInvitationError:
        abort(404)
    if form.errors:
        flash("Enter a whole number, or 0 to take the note away.", "refusal")
    else:
        flash("The note is changed.")
    return redirect(url_for(".invited"))


def _by() -> str:
    return QUARTER if request.args.get("by") == QUARTER else MONTH


def _period() -> tuple[str, Span]:
    """Return the year or quarter that the address names, else the present reporting year."""
    today = platform().clock.today()
    asked = request.args.get("period", "")
    found = named_period(asked)
    if found is not None:
        return asked, found
    name = next(name for name in period_names(today, today) if len(name) == _YEAR_NAME)
    span = named_period(name)
    assert span is not None  # noqa: S101 - a name that `period_names` gave is one; this tells the type checker
    return name, span


def _offer(form: NoteForm) -> None:
    today = platform().clock.today()
    with platform().database.reading() as connection:
        form.slug.choices = choices_of(short_titles(connection))
    form.team.choices = choices_of({team: team for team in sorted(current_person().teams or ())})
    form.offer(months_until(today.replace(year=today.year - 2, day=1), today))


def _page(form: NoteForm | None = None) -> ResponseReturnValue:
    here, person = platform(), current_person()
    note_form = form or NoteForm(formdata=None)
    _offer(note_form)
    with here.database.reading() as connection:
        period, span = _period()
        lines = invited_and_answered(connection, person.teams, span, _by())
        days = days_heard(connection, person.teams)
        page = render_template(
            "invitations/invited.html",
            lines=lines,
            total=_total(lines),
            notes=notes_without_code(connection, person.teams, span),
            titles=short_titles(connection),
            services=known_names(connection, person.teams, "service"),
            period=period,
            periods=period_names(days[0] if days else here.clock.today(), here.clock.today()),
            by=_by(),
            form=note_form,
            change=ChangeNoteForm(formdata=None),
        )
    return page, 400 if note_form.errors else 200


def _total(lines: list[CountedLine]) -> tuple[int, int]:
    return sum(line.invited or 0 for line in lines), sum(line.answered for line in lines)
