"""Staff pages of invitations: make them, find them again, print them, say how many were given one, close them."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from hscb_voice.foundation.clock import LOCAL_ZONE
from hscb_voice.foundation.printing import NotPrintedError
from hscb_voice.invitations import making
from hscb_voice.invitations.errors import InvitationError, UnknownInvitationError
from hscb_voice.invitations.forms import SINGLE, CloseForm, HandedOutForm, InviteForm, months_until
from hscb_voice.invitations.listing import (
    NAMED_STATES,
    STATES,
    InvitationFilter,
    MadeInvitation,
    invitation_by_id,
    invitations_list,
    known_names,
    sheet_of,
)
from hscb_voice.invitations.printing import (
    POSTER,
    SHAPES,
    SHEET,
    Printing,
    address_of,
    printed_invitations,
)
from hscb_voice.invitations.showing import ShownInvitation, shown_invitation
from hscb_voice.questionnaires.definition import Definition
from hscb_voice.questionnaires.errors import UnknownQuestionnaireError
from hscb_voice.questionnaires.queries import current_version
from hscb_voice.responses.showing import short_titles
from hscb_voice.staff.access import current_person, requires
from hscb_voice.staff.queries import everybody
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.web.current import platform
from hscb_voice.web.qr import picture_of

blueprint = Blueprint("staff_invitations", __name__, url_prefix=f"{STAFF_PATH}/invitations")
PAGE_SIZE = 25
_LAST_PAGE = 1_000_000


@dataclass(frozen=True)
class Asked:
    """What the address asks of the list; empty fields ask nothing."""

    state: str = ""
    questionnaire: str = ""
    whose: str = ""

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> "Asked":
        """Read it from an address."""
        return cls(**{name: arguments.get(name, "")[:60] for name in cls.__dataclass_fields__})

    @property
    def given(self) -> dict[str, str]:
        """Return what is asked, for the addresses of further pages."""
        return {name: value for name, value in asdict(self).items() if value}

    def wanted(self, person_id: str) -> InvitationFilter:
        """Return it as the queries take it."""
        return InvitationFilter(self.state, self.questionnaire, person_id if self.whose == "mine" else "")


@blueprint.get("")
@requires(Permission.INVITE)
def invitations() -> str:
    """List the own teams' invitations, newest first."""
    here, person, asked, page = platform(), current_person(), Asked.of(request.args), _page()
    with here.database.reading() as connection:
        wanted, now = asked.wanted(person.id), here.clock.now()
        found, total = invitations_list(connection, person.teams, wanted, now, page=page, size=PAGE_SIZE)
        shown = _shown(connection, found)
        titles = short_titles(connection)
    return render_template(
        "invitations/list.html",
        invitations=shown,
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE_SIZE)),
        asked=asked,
        filters=_filters(asked, titles),
    )


@blueprint.get("/new")
@requires(Permission.INVITE)
def choose() -> str:
    """Let somebody choose the questionnaire to which an invitation shall lead."""
    with platform().database.reading() as connection:
        return render_template("invitations/choose.html", titles=short_titles(connection), recording=False)


@blueprint.route("/new/<slug>", methods=["GET", "POST"])
@requires(Permission.INVITE)
def new(slug: str) -> ResponseReturnValue:
    """Make invitations to one questionnaire."""
    here, person, form, definition = platform(), current_person(), InviteForm(), definition_of(slug)
    form.offer(definition, person.teams or ())
    if not form.validate_on_submit():
        return _new_page(form, definition)
    doer, wish = making.Doer(person.id, here.clock), form.wish(slug, here.clock.now())
    try:
        with here.database.writing() as connection:
            if form.shape.data == SINGLE:
                made = making.make_single(connection, wish, form.copies.data or 1, doer)[0]
            else:
                made = making.make_many(connection, wish, doer)
    except InvitationError as refusal:
        form.copies.errors = [str(refusal)]
        return _new_page(form, definition)
    flash("The invitation is made. Print it, or pass the link or the words on.")
    return redirect(url_for(".invitation", invitation_id=made))


@blueprint.get("/<invitation_id>")
@requires(Permission.INVITE)
def invitation(invitation_id: str) -> ResponseReturnValue:
    """Show one invitation: its words, its picture, what became of it."""
    return _invitation_page(_found(invitation_id))


@blueprint.post("/<invitation_id>/handed-out")
@requires(Permission.INVITE)
def handed_out(invitation_id: str) -> ResponseReturnValue:
    """Say to how many people a code for many was handed out in a month."""
    here, found, form = platform(), _found(invitation_id), HandedOutForm()
    form.offer(months_until(found.created_at.astimezone(LOCAL_ZONE).date(), here.clock.today()))
    if not form.validate_on_submit():
        return _invitation_page(found, form)
    doer = making.Doer(current_person().id, here.clock)
    try:
        with here.database.writing() as connection:
            making.say_handed_out(connection, found, form.chosen_month(), form.number.data or 0, doer)
    except InvitationError as refusal:
        form.number.errors = [str(refusal)]
        return _invitation_page(found, form)
    flash("The number is saved.")
    return redirect(url_for(".invitation", invitation_id=found.id))


@blueprint.route("/<invitation_id>/close", methods=["GET", "POST"])
@requires(Permission.INVITE)
def close(invitation_id: str) -> ResponseReturnValue:
    """Close an invitation for good, or every open one of its sheet, after asking once more."""
    here, person, form, found = platform(), current_person(), CloseForm(), _found(invitation_id)
    whole_sheet = request.args.get("sheet") == "yes" and found.sheet_id is not None
    if not form.validate_on_submit():
        page = render_template("invitations/close.html", form=form, found=found, whole_sheet=whole_sheet)
        return page, 400 if form.errors else 200
    with here.database.writing() as connection:
        them = sheet_of(connection, person.teams, found) if whole_sheet else [found]
        doer, was_given = making.Doer(person.id, here.clock), form.was_given.data == "yes"
        closed = making.revoke_all(connection, them, doer, was_given=was_given)
    flash("The invitation is closed." if closed == 1 else f"{closed} invitations are closed.")
    return redirect(url_for(".invitation", invitation_id=found.id))


@blueprint.get("/<invitation_id>/qr.svg")
@requires(Permission.INVITE)
def picture(invitation_id: str) -> ResponseReturnValue:
    """Hand over the QR code as a file, for a letter or a poster of one's own."""
    found = _found(invitation_id)
    drawn = picture_of(address_of(platform().settings.public_address, found.code), inline=False)
    return _file(drawn.encode(), "image/svg+xml", f"{found.code}.svg")


@blueprint.get("/<invitation_id>/<shape>.pdf")
@requires(Permission.INVITE)
def print_it(invitation_id: str, shape: str) -> ResponseReturnValue:
    """Hand over a card, a sheet of cards or a poster."""
    here, found = platform(), _found(invitation_id)
    if shape not in SHAPES or (shape == POSTER and found.single):
        abort(404)
    with here.database.reading() as connection:
        them = sheet_of(connection, current_person().teams, found) if shape == SHEET else [found]
        definition = current_version(connection, found.slug).definition
    still_open = [one for one in them if not one.state(here.clock.now())] or [found]
    printing = Printing(definition, here.settings.board_name, here.settings.public_address)
    try:
        made = printed_invitations(shape, still_open, printing)
    except NotPrintedError:
        flash("The page could not be made just now. Please try again.", "refusal")
        return redirect(url_for(".invitation", invitation_id=found.id))
    return _file(made, "application/pdf", f"{shape}-{found.code}.pdf")


def definition_of(slug: str) -> Definition:
    """Return the questionnaire of an address, as it is asked now; 404 when there is none."""
    if re.fullmatch(r"[a-z0-9-]{1,60}", slug) is None:
        abort(404)
    try:
        with platform().database.reading() as connection:
            return current_version(connection, slug).definition
    except UnknownQuestionnaireError:
        abort(404)


def _found(invitation_id: str) -> MadeInvitation:
    try:
        with platform().database.reading() as connection:
            return invitation_by_id(connection, current_person().teams, invitation_id)
    except UnknownInvitationError:
        abort(404)


def _invitation_page(found: MadeInvitation, form: HandedOutForm | None = None) -> ResponseReturnValue:
    here = platform()
    with here.database.reading() as connection:
        (shown,) = _shown(connection, [found])
        sheet = _shown(connection, sheet_of(connection, current_person().teams, found))
    months = months_until(found.created_at.astimezone(LOCAL_ZONE).date(), here.clock.today())
    said = form or HandedOutForm(formdata=None)
    said.offer(months)
    address = address_of(here.settings.public_address, found.code)
    page = render_template(
        "invitations/invitation.html",
        shown=shown,
        sheet=sheet,
        still_open=sum(one.is_open for one in sheet),
        address=address,
        picture=picture_of(address),
        form=said,
    )
    return page, 400 if said.errors else 200


def _new_page(form: InviteForm, definition: Definition) -> ResponseReturnValue:
    with platform().database.reading() as connection:
        known = {name: known_names(connection, current_person().teams, name) for name in ("service", "locality")}
    page = render_template("invitations/new.html", form=form, definition=definition, known=known)
    return page, 400 if form.errors else 200


def _shown(connection: Connection, found: list[MadeInvitation]) -> list[ShownInvitation]:
    names = {person.id: person.name for person in everybody(connection)}
    definitions = {slug: current_version(connection, slug).definition for slug in {one.slug for one in found}}
    now = platform().clock.now()
    return [shown_invitation(one, definitions[one.slug], names, now) for one in found]


def _filters(asked: Asked, titles: Mapping[str, str]) -> list[tuple[str, str, list[dict[str, object]]]]:
    choices = {
        "state": ("State", {name: STATES[state] for name, state in NAMED_STATES.items()}, asked.state),
        "questionnaire": ("Questionnaire", dict(titles), asked.questionnaire),
        "whose": ("Made by", {"mine": "Me"}, asked.whose),
    }
    return [(name, label, _options(options, chosen)) for name, (label, options, chosen) in choices.items()]


def _options(labels: Mapping[str, str], chosen: str) -> list[dict[str, object]]:
    both = {"": "All", **labels}
    return [{"value": value, "text": text, "selected": value == chosen} for value, text in both.items()]


def _page() -> int:
    text = request.args.get("page", "1")
    return min(max(int(text), 1), _LAST_PAGE) if text.isdecimal() and text.isascii() else 1


def _file(content: bytes, content_type: str, name: str) -> Response:
    answer = Response(content, content_type=content_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
