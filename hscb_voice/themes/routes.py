"""Staff pages of themes: the codebook, the comments under a theme, a person's codes, and quotes.

Words are shown only to those who may read comments, only of their own teams, and each reading is noted.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from hscb_voice.audit.service import note
from hscb_voice.codebooks.current import codebook_now, theme_titles_now
from hscb_voice.foundation.jobs import jobs_waiting
from hscb_voice.language.codebook import Codebook
from hscb_voice.responses.queries import CommentText, ResponseSummary, response_by_id
from hscb_voice.responses.reading_list import mark_read
from hscb_voice.responses.service import READ_JOB
from hscb_voice.responses.words import comment_by_id, comments_of
from hscb_voice.staff.access import current_person, requires
from hscb_voice.staff.roles import Permission
from hscb_voice.themes import service
from hscb_voice.themes.errors import ChangedMeanwhileError, CodingError, NotQuotableError
from hscb_voice.themes.forms import CodesForm, QuoteForm, codes_form
from hscb_voice.themes.marking import covers, masks_for, stretches, with_masks
from hscb_voice.themes.masks import hide_more
from hscb_voice.themes.queries import (
    NO_THEME,
    NOT_READ,
    CommentCoding,
    codings_of,
    comment_place,
    comments_under,
    mask_text,
    quote_standing,
    theme_counts,
)
from hscb_voice.themes.quoting import approve_quote, cleared_masks, quote_masks
from hscb_voice.themes.quoting import withdraw_quote as take_back
from hscb_voice.themes.seen import check_codes_seen, codes_print, masks_as_seen, quote_print
from hscb_voice.themes.service import CONCERN, PERSON, POLARITY, REDACTION, Deciding, Mask, NewCoding
from hscb_voice.web.current import platform

blueprint = Blueprint("staff_themes", __name__, url_prefix="/staff/themes")
OpenConcern = Callable[[Connection, str], bool]
OPEN_CONCERN = "voice_open_concern"
# Which words raised the open concerns of some responses: the comment, where they stand, and the rule.
ConcernWords = Callable[[Connection, Sequence[str]], Sequence[tuple[str, int, int, str]]]
CONCERN_WORDS = "voice_concern_words"
_TITLES = {POLARITY: "How it reads", REDACTION: "Hidden in quotes", CONCERN: "Concern"}
APPROVED = "Approved. The Board may see this quote."
APPROVED_ONCE = (
    "Approved. This service asks for two people: the Board sees it once a second person has approved it too."
)
_PAGE = 20
_LAST_PAGE = 1_000_000
_PSEUDO_THEMES = {
    NO_THEME: "Comments without a theme",
    NOT_READ: "Comments that the machine could not read",
}


@dataclass(frozen=True)
class OpenedComment:
    """A comment as these pages work on it."""

    text: CommentText
    response: ResponseSummary
    coding: CommentCoding | None
    masks: tuple[Mask, ...] = ()  # what it hides as a quote
    seen: str = ""  # the print of that, so that nobody approves anything else
    cleared: str = ""  # the quote as it was approved; empty where no approval stands
    hides_more: bool = False  # more would be hidden now than when it was approved
    deciding: tuple[Deciding, ...] = ()  # the words that decided something


@blueprint.get("/")
@requires(Permission.READ_THEMES)
def codebook() -> str:
    """Show what comments are sorted into, and how many comments stand under each."""
    with platform().database.reading() as connection:
        counts = theme_counts(connection, current_person().teams)
        unread = jobs_waiting(connection, READ_JOB).waiting
    return render_template(
        "themes/codebook.html",
        codebook=codebook_now(),
        counts=counts,
        pseudo=_PSEUDO_THEMES,
        unread=unread,
        has_worker=platform().jobs.has_worker(),
    )


@blueprint.get("/<theme_id>")
@requires(Permission.READ_THEMES)
def theme(theme_id: str) -> str:
    """Show one theme and its comments."""
    book = codebook_now()
    found = next((one for one in book.themes if one.id == theme_id), None)
    if found is None and theme_id not in _PSEUDO_THEMES:
        abort(404)
    person = current_person()
    polarity = request.args.get("polarity", "")
    page = min(max(request.args.get("page", 1, type=int), 1), _LAST_PAGE)
    with platform().database.writing() as connection:
        rows, total = comments_under(connection, person.teams, theme_id, polarity=polarity, page=page, size=_PAGE)
        opened = _words_of(connection, [row.response_id for row in rows], f"theme {theme_id}, page {page}")
    return render_template(
        "themes/theme.html",
        theme=found,
        title=found.name if found else _PSEUDO_THEMES[theme_id],
        theme_id=theme_id,
        rows=rows,
        opened=opened,
        total=total,
        page=page,
        pages=-(-total // _PAGE),
        polarity=polarity,
        polarities=service.THEME_POLARITIES,
    )


@blueprint.get("/comments/<comment_id>")
@requires(Permission.CODE_COMMENTS)
def comment(comment_id: str) -> str:
    """Show one comment with its codes, to correct them."""
    opened = _open(comment_id, "to code it")
    return _comment_page(opened, codes_form(codebook_now(), opened.coding), QuoteForm())


@blueprint.post("/comments/<comment_id>")
@requires(Permission.CODE_COMMENTS)
def save_codes(comment_id: str) -> ResponseReturnValue:
    """Keep a person's codes; they win over the machine's from now on."""
    opened = _open(comment_id, "to code it")
    form = codes_form(codebook_now(), opened.coding)
    seen = request.form.get("seen_codes", "")
    if not form.validate_on_submit():
        return _comment_page(opened, form, QuoteForm(), seen_codes=seen), 422
    try:
        _keep_codes(opened, form, seen)
    except ChangedMeanwhileError as trouble:
        return _comment_page(_open(comment_id, "to code it"), form, QuoteForm(), changed=str(trouble)), 409
    flash("Saved. Your codes are in force now.")
    return _back(comment_id)


@blueprint.post("/comments/<comment_id>/undo")
@requires(Permission.CODE_COMMENTS)
def undo_codes(comment_id: str) -> ResponseReturnValue:
    """Take a person's last codes back."""
    _check_reach(comment_id)
    try:
        with platform().database.writing() as connection:
            check_codes_seen(connection, comment_id, request.form.get("seen_codes", ""))
            service.withdraw_person_coding(connection, comment_id)
            _note(connection, "took back codes of a comment", comment_id, "to code it")
        flash("Undone. The codes from before are in force again.")
    except (CodingError, ChangedMeanwhileError) as trouble:
        flash(str(trouble))
    return _back(comment_id)


@blueprint.post("/comments/<comment_id>/quote")
@requires(Permission.APPROVE_QUOTES)
def quote(comment_id: str) -> ResponseReturnValue:
    """Show a comment masked, or clear it as a quote."""
    opened = _open(comment_id, "to quote it")
    form = QuoteForm()
    if not form.validate_on_submit() or request.form.get("act") != "approve":
        return _comment_page(opened, codes_form(codebook_now(), opened.coding), form)
    try:
        is_shown = _approve(opened, form.words(), request.form.get("seen", ""))
    except (NotQuotableError, ChangedMeanwhileError) as trouble:
        now = _open(comment_id, "to quote it")
        return _comment_page(now, codes_form(codebook_now(), now.coding), form, refusal=str(trouble)), 409
    flash(APPROVED if is_shown else APPROVED_ONCE)
    return _back(comment_id)


@blueprint.post("/comments/<comment_id>/quote/withdraw")
@requires(Permission.APPROVE_QUOTES)
def withdraw_quote(comment_id: str) -> ResponseReturnValue:
    """Take a quote back from the Board's pages."""
    _check_reach(comment_id)
    with platform().database.writing() as connection:
        take_back(connection, comment_id, platform().clock.now())
        _note(connection, "withdrew a quote", comment_id, "to quote it")
    flash("Withdrawn. The Board does not see this quote any more.")
    return _back(comment_id)


def _open(comment_id: str, reason: str) -> OpenedComment:
    """Open a comment for reading, and note that it was read; another team's is not found."""
    response_id = _check_reach(comment_id)
    with platform().database.writing() as connection:
        response = response_by_id(connection, current_person().teams, response_id)
        text = comment_by_id(connection, platform().keys, comment_id)
        coding = codings_of(connection, response_id).get(comment_id)
        masks, cleared = quote_masks(connection, comment_id), cleared_masks(connection, comment_id)
        seen = quote_print(connection, comment_id)
        _note(connection, "read a comment", comment_id, reason)
        worrying = _concern_words(connection, [response_id])
    as_cleared = "" if cleared is None else mask_text(text.text, cleared)
    evidence, by_machine = (coding.evidence, coding.redactions) if coding else ((), ())
    deciding = (*with_masks(evidence, by_machine, masks), *worrying.get(comment_id, ()))
    hides_more = cleared is not None and not covers(cleared, masks)
    return OpenedComment(text, response, coding, masks, seen, as_cleared, hides_more, deciding)


def _check_reach(comment_id: str) -> str:
    with platform().database.reading() as connection:
        response_id = comment_place(connection, current_person().teams, comment_id)
    if response_id is None:
        abort(404)
    return response_id


def _words_of(connection: Connection, response_ids: list[str], what: str) -> dict[str, OpenedComment]:
    """Open the comments of a page for those who may read them; nobody else gets a word."""
    person = current_person()
    if not response_ids or not person.may(Permission.READ_COMMENTS):
        return {}
    note(connection, person.id, "read comments", what, now=platform().clock.now(), reason="themes")
    opened, worrying = {}, _concern_words(connection, response_ids)
    for response_id in dict.fromkeys(response_ids):
        response = response_by_id(connection, person.teams, response_id)
        codings = codings_of(connection, response_id)
        for text in comments_of(connection, platform().keys, [response_id]):
            coding = codings.get(text.id)
            deciding = (*(coding.evidence if coding else ()), *worrying.get(text.id, ()))
            opened[text.id] = OpenedComment(text, response, coding, deciding=deciding)
    return opened


def _concern_words(connection: Connection, response_ids: Sequence[str]) -> dict[str, list[Deciding]]:
    """Return the words that raised open concerns, by comment, for those who read for worries; nobody else learns it."""
    if not {Permission.READ_CONCERNS, Permission.USE_READING_ROOM} & current_person().permissions:
        return {}
    words_of_concerns = cast("ConcernWords", current_app.extensions[CONCERN_WORDS])
    found: dict[str, list[Deciding]] = {}
    for comment_id, start, end, rule in words_of_concerns(connection, response_ids):
        found.setdefault(comment_id, []).append(Deciding(start, end, rule, CONCERN))
    return found


def _comment_page(
    opened: OpenedComment,
    form: CodesForm,
    quote_form: QuoteForm,
    *,
    refusal: str = "",
    changed: str = "",
    seen_codes: str = "",
) -> str:
    masks = masks_for(opened.text.text, opened.masks, quote_form.words())
    with platform().database.reading() as connection:
        standing = quote_standing(connection, opened.text.id)
    return render_template(
        "themes/comment.html",
        opened=opened,
        form=form,
        quote_form=quote_form,
        refusal=refusal,
        shown=mask_text(opened.text.text, masks),
        standing=standing,
        changed=changed,
        seen_codes=seen_codes or codes_print(opened.coding),
        names=theme_titles_now(),
        may_approve=current_person().may(Permission.APPROVE_QUOTES),
    )


def _approve(opened: OpenedComment, more_words: Sequence[str], seen: str) -> bool:
    """Clear a quote as the page showed it, with more words hidden; these stay hidden, whoever clears it after."""
    comment_id, by, now = opened.text.id, current_person().id, platform().clock.now()
    with platform().database.writing() as connection:
        _refuse_open_concern(connection, opened.response.id)
        masks = masks_for(opened.text.text, masks_as_seen(connection, comment_id, seen), more_words)
        hide_more(connection, comment_id, masks, by, now)
        is_shown = approve_quote(connection, comment_id, masks, by, now)
        _note(connection, "approved a quote", comment_id, "to quote it")
    return is_shown


def _keep_codes(opened: OpenedComment, form: CodesForm, seen: str) -> None:
    """Keep a person's codes, unless others are in force by now than the page showed."""
    coding, comment_id, now = _persons_coding(opened, form, codebook_now()), opened.text.id, platform().clock.now()
    with platform().database.writing() as connection:
        check_codes_seen(connection, comment_id, seen)
        service.keep_codings(connection, opened.response.id, [coding], now)
        mark_read(connection, comment_id, current_person().id, now)
        _note(connection, "coded a comment", comment_id, "to code it")


def _persons_coding(opened: OpenedComment, form: CodesForm, book: Codebook) -> NewCoding:
    redactions = opened.coding.redactions if opened.coding else ()
    return NewCoding(
        comment_id=opened.text.id,
        source=PERSON,
        coder=current_person().id,
        codebook=str(book.version),
        polarity=str(form.polarity.data),
        themes=form.theme_codes(len(opened.text.text)),
        redactions=redactions,
    )


def _refuse_open_concern(connection: Connection, response_id: str) -> None:
    # The safeguarding room stands beside this one; the factory hands its question over.
    has_open_concern = cast("OpenConcern", current_app.extensions[OPEN_CONCERN])
    if has_open_concern(connection, response_id):
        message = "A concern about this response is still open, so none of its words may be quoted yet."
        raise NotQuotableError(message)


def _note(connection: Connection, act: str, comment_id: str, reason: str = "") -> None:
    note(connection, current_person().id, act, f"comment {comment_id}", now=platform().clock.now(), reason=reason)


def _back(comment_id: str) -> ResponseReturnValue:
    return redirect(url_for("staff_themes.comment", comment_id=comment_id), code=303)


@blueprint.app_template_global("comment_stretches")
def _comment_stretches(opened: OpenedComment) -> object:
    return stretches(opened.text.text, opened.deciding, theme_titles_now() | _TITLES)
