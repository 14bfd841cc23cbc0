"""Staff pages of the record: look through it, print it, take it along. Taking it along is itself noted."""

import json
from collections.abc import Iterator, Mapping

from flask import Blueprint, Response, abort, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue

from hscb_voice.audit.chain import Entry
from hscb_voice.audit.queries import EntryFilter, entries, entries_from, known_acts, known_doers, last_verified
from hscb_voice.audit.service import note
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.spreadsheets import CONTENT_TYPE, csv_lines
from hscb_voice.oversight.asking import Asked
from hscb_voice.oversight.showing import HEADER, moment_words, names_of, plain_of, rows_of, shown
from hscb_voice.staff.access import current_person, requires
from hscb_voice.staff.forms import ActForm
from hscb_voice.staff.fresh import freshly_signed_in
from hscb_voice.staff.queries import everybody
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.web.current import platform

blueprint = Blueprint("staff_record", __name__, url_prefix=f"{STAFF_PATH}/record")
PAGE_SIZE, PRINTED = 50, 1000
_LAST_PAGE = 1_000_000
_PIECE = 1000
_FORMS = {"csv": CONTENT_TYPE, "json": "application/json"}


@blueprint.get("")
@requires(Permission.SEE_AUDIT)
def record() -> ResponseReturnValue:
    """List who did and saw what, newest first; on one long page when it is to be printed."""
    asked, is_printed = Asked.of(request.args), request.args.get("print") == "yes"
    page, size = (1, PRINTED) if is_printed else (_page(), PAGE_SIZE)
    with platform().database.reading() as connection:
        names = names_of(everybody(connection))
        found, total = ([], 0) if asked.troubles else entries(connection, asked.wanted(), page=page, size=size)
        choices = {"who": known_doers(connection), "act": known_acts(connection)}
        checked = last_verified(connection)
    answer = render_template(
        "oversight/record.html",
        entries=[shown(entry, names) for entry in found],
        total=total,
        page=page,
        size=size,
        pages=1 if is_printed else max(1, -(-total // size)),
        asked=asked,
        choices=_choices(choices, asked, names),
        checked=moment_words(checked) if checked else "",
        form=ActForm(formdata=None),
    )
    return answer, 400 if asked.troubles else 200


@blueprint.post("/take")
@requires(Permission.SEE_AUDIT)
@freshly_signed_in
def take() -> ResponseReturnValue:
    """Hand over the entries that were asked for, as a spreadsheet or for a program; and note that they were taken."""
    asked, form = Asked.of(request.form), request.form.get("form", "")
    if form not in _FORMS or asked.troubles or not ActForm().validate_on_submit():
        abort(400)
    here, person = platform(), current_person()
    with here.database.reading() as connection:
        names = names_of(everybody(connection))
    what = f"record as {form}"
    with here.database.writing() as connection:
        noted = note(connection, person.id, "exported the record", what, now=here.clock.now(), reason=_told(asked))
    pieces = _pieces(here, asked.wanted(), noted.number)
    body = csv_lines(HEADER, rows_of(pieces, names)) if form == "csv" else _json_lines(pieces, names)
    answer = Response(stream_with_context(body), content_type=_FORMS[form])
    answer.headers["Content-Disposition"] = f'attachment; filename="record-{here.clock.today()}.{form}"'
    return answer


def _pieces(here: Platform, wanted: EntryFilter, upto: int) -> Iterator[Entry]:
    """Yield entries piece by piece, so that a long record neither fills the memory nor holds a connection."""
    last = 0
    while True:
        with here.database.reading() as connection:
            piece = entries_from(connection, wanted, after=last, upto=upto, size=_PIECE)
        yield from piece
        if len(piece) < _PIECE:
            return
        last = piece[-1].number


def _json_lines(pieces: Iterator[Entry], names: Mapping[str, str]) -> Iterator[str]:
    begins = "[\n"
    for entry in pieces:
        yield begins + json.dumps(plain_of(entry, names), ensure_ascii=False)
        begins = ",\n"
    yield "[]\n" if begins == "[\n" else "\n]\n"


def _told(asked: Asked) -> str:
    return ", ".join(f"{name}: {value}" for name, value in asked.given.items())[:300]


def _page() -> int:
    text = request.args.get("page", "1")
    return min(max(int(text), 1), _LAST_PAGE) if text.isdecimal() and text.isascii() else 1


def _choices(
    known: Mapping[str, list[str]], asked: Asked, names: Mapping[str, str]
) -> list[tuple[str, str, list[dict[str, object]]]]:
    """Return each choice's name, label and options, the first of which asks nothing."""
    labels = {"who": "Who", "act": "What was done"}
    return [(name, labels[name], _options(values, getattr(asked, name), names)) for name, values in known.items()]


def _options(values: list[str], chosen: str, names: Mapping[str, str]) -> list[dict[str, object]]:
    named = sorted(((names.get(value, value), value) for value in values), key=lambda pair: pair[0].casefold())
    both = [("All", ""), *named]
    return [{"value": value, "text": text, "selected": value == chosen} for text, value in both]
