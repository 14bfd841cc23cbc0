"""Pages that tell how far two people agree, and how far people and the machine do. No word of any comment is here."""

from flask import Blueprint, Response, abort, render_template, request

from hscb_voice.foundation.spreadsheets import CONTENT_TYPE, Cell, csv_lines
from hscb_voice.reading_room import agreeing
from hscb_voice.reading_room.agreeing import Line, measure_words
from hscb_voice.reading_room.opening import theme_names
from hscb_voice.staff.access import requires
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.web.current import platform

blueprint = Blueprint("staff_agreement", __name__, url_prefix=f"{STAFF_PATH}/agreement")
_ALL = "All quarters together"


@blueprint.get("/")
@requires(Permission.USE_READING_ROOM)
def agreement() -> str:
    """Show agreement about every theme, in one quarter or in all."""
    with platform().database.reading() as connection:
        pairs = agreeing.coded_twice(connection)
    quarters, asked = agreeing.quarters_of(pairs), request.args.get("quarter", "")
    if asked and asked not in quarters:
        abort(404)
    wanted = [pair for pair in pairs if not asked or pair.quarter == asked]
    lines = agreeing.lines_of(wanted, theme_names()) if wanted else []
    return render_template(
        "reading_room/agreement.html",
        lines=[line for line in lines if line.is_named],
        unnamed=[line.name for line in lines if not line.is_named],
        asked=asked,
        quarters=quarters,
        title=asked or _ALL,
        n=len(wanted),
        invented=any(pair.invented for pair in wanted),
        unread=sum(pair.machine is None for pair in wanted),
        lessons=sum(pair.was_lesson for pair in wanted),
        words=measure_words,
    )


@blueprint.get("/about/<theme_id>")
@requires(Permission.USE_READING_ROOM)
def about(theme_id: str) -> str:
    """Show agreement about one theme, quarter by quarter."""
    with platform().database.reading() as connection:
        pairs = agreeing.coded_twice(connection)
    names = {line.key: line.name for line in agreeing.lines_of(pairs, theme_names())}
    if theme_id not in names:
        abort(404)
    lines = agreeing.by_quarter(pairs, theme_id)
    lines.append(agreeing.line_of(pairs, theme_id, _ALL))
    invented = any(pair.invented for pair in pairs)
    return render_template(
        "reading_room/agreement_about.html", lines=lines, name=names[theme_id], words=measure_words, invented=invented
    )


@blueprint.get("/agreement.csv")
@requires(Permission.USE_READING_ROOM)
def take() -> Response:
    """Hand out every figure of every quarter as a spreadsheet."""
    with platform().database.reading() as connection:
        pairs = agreeing.coded_twice(connection)
    rows = [_row(_ALL, line) for line in agreeing.lines_of(pairs, theme_names())]
    for quarter in agreeing.quarters_of(pairs):
        some = [pair for pair in pairs if pair.quarter == quarter]
        rows += [_row(quarter, line) for line in agreeing.lines_of(some, theme_names())]
    headers = {"Content-Disposition": "attachment; filename=agreement.csv"}
    return Response(csv_lines(_HEADINGS, rows), content_type=CONTENT_TYPE, headers=headers)


_HEADINGS = (
    "quarter",
    "theme",
    *(
        f"{who} {what}"
        for who in ("two people", "person and machine")
        for what in ("comments", "same", "kappa", "kappa low", "kappa high", "alpha", "alpha low", "alpha high")
    ),
    "in words",
)


def _row(quarter: str, line: Line) -> list[Cell]:
    row: list[Cell] = [quarter, line.name]
    for found in (line.people, line.machine):
        row += [found.n, found.same]
        for measure in (found.kappa, found.alpha):
            row += [None if one is None else round(one, 4) for one in (measure.value, measure.low, measure.high)]
    return [*row, line.verdict]
