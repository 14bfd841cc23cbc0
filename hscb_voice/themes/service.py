"""Writing codes. A person's code always wins, and a re-run of the machine never touches it.

The counts of themes are kept in the same summary tables as the answers, changed in the coding's own transaction.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from hscb_voice.codebooks.queries import standing
from hscb_voice.foundation.ids import new_id
from hscb_voice.responses import tallies
from hscb_voice.responses.models import Comment, Response
from hscb_voice.responses.service import span_of
from hscb_voice.responses.tallies import Cell
from hscb_voice.themes.errors import CodingError, UnknownCommentError
from hscb_voice.themes.models import CodedTheme, Coding

MACHINE, PERSON = "machine", "person"
STANDBY = "standby"  # the machine's codes by the version of the codebook that is not in force, ready to change places
_STANDBY_CELLS = "standby:"
POLARITIES = ("positive", "negative", "mixed", "neutral")
THEME_POLARITIES = ("positive", "negative", "mixed", "neutral", "wish")
UNREAD = "unread"
POLARITY, REDACTION, CONCERN = "polarity", "redaction", "concern"  # what words decide, beside themes


@dataclass(frozen=True)
class ThemeCode:
    """A theme given to a stretch of a comment."""

    theme: str
    polarity: str
    start: int
    end: int


@dataclass(frozen=True)
class Mask:
    """A stretch of a comment that is not shown."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Deciding:
    """A stretch of a comment that decided something, and which rule said so."""

    start: int
    end: int
    rule: str
    decided: str  # polarity, a theme's id, or redaction


@dataclass(frozen=True)
class NewCoding:
    """A reading of one comment, to be kept."""

    comment_id: str
    source: str
    coder: str
    codebook: str
    polarity: str
    themes: Sequence[ThemeCode]
    redactions: Sequence[Mask]
    evidence: Sequence[Deciding] = ()
    learned: int | None = None  # by which model learned from people


def keep_codings(connection: Connection, response_id: str, codings: Sequence[NewCoding], now: datetime) -> list[str]:
    """Keep readings of the comments of one response, and set its theme counts right.

    Args:
        connection: a writing connection.
        response_id: whose comments.
        codings: readings; a machine's replaces the machine's last, a person's is added and takes force.
        now: the present moment.

    Returns:
        The ids of the readings, in their order.

    Raises:
        CodingError: a polarity or place is not possible.
        UnknownCommentError: a comment is not one of this response's.
    """
    _check(connection, response_id, codings)
    before = cells_in_force(connection, response_id)
    ids = [_keep(connection, response_id, coding, now) for coding in codings]
    set_counts(connection, response_id, before)
    return ids


def withdraw_person_coding(connection: Connection, comment_id: str, coding_id: str = "") -> None:
    """Undo a person's last code on a comment; the one before it, or the machine's, takes force again.

    Args:
        connection: a writing connection.
        comment_id: which comment.
        coding_id: one code of a person; the last one when left out.

    Raises:
        CodingError: no person has coded it.
    """
    # Two people who press the button at once: the second waits, and finds what the first has left.
    whose = select(Comment.response_id).where(Comment.id == comment_id).scalar_subquery()
    hold_off_switch(connection)
    connection.execute(select(Response.id).where(Response.id == whose).with_for_update()).first()
    query = select(Coding.id, Coding.response_id).where(Coding.comment_id == comment_id, Coding.source == PERSON)
    if coding_id:
        query = query.where(Coding.id == coding_id)
    last = connection.execute(query.order_by(Coding.made_at.desc(), Coding.in_force.desc()).limit(1)).first()
    if last is None:
        message = "No person has coded this comment."
        raise CodingError(message)
    before = cells_in_force(connection, last.response_id)
    connection.execute(delete(CodedTheme).where(CodedTheme.coding_id == last.id))
    connection.execute(delete(Coding).where(Coding.id == last.id))
    _choose_force(connection, comment_id)
    set_counts(connection, last.response_id, before)


def _check(connection: Connection, response_id: str, codings: Sequence[NewCoding]) -> None:
    hold_off_switch(connection)
    # Locked, so that two readers of one response cannot both count the same change.
    connection.execute(select(Response.id).where(Response.id == response_id).with_for_update()).first()
    check_codings(connection, [(response_id, coding) for coding in codings])


def check_codings(connection: Connection, codings: Sequence[tuple[str, NewCoding]]) -> None:
    """Refuse readings of what is not there, or of what cannot be.

    Args:
        connection: a writing connection that has locked the responses.
        codings: readings, each with the id of its response.

    Raises:
        CodingError: a polarity is not possible.
        UnknownCommentError: a comment is not one of its response's.
    """
    ids = sorted({response_id for response_id, _ in codings})
    query = select(Comment.response_id, Comment.id).where(Comment.response_id.in_(ids))
    known = {(row.response_id, row.id) for row in connection.execute(query)}
    for response_id, coding in codings:
        if (response_id, coding.comment_id) not in known:
            message = "There is no such comment in this response."
            raise UnknownCommentError(message)
        if coding.polarity not in (*POLARITIES, UNREAD):
            message = f"“{coding.polarity}” is no polarity."
            raise CodingError(message)
        wrong = [code.polarity for code in coding.themes if code.polarity not in THEME_POLARITIES]
        if wrong:
            message = f"“{wrong[0]}” is no polarity of a theme."
            raise CodingError(message)


def _keep(connection: Connection, response_id: str, coding: NewCoding, now: datetime) -> str:
    if coding.source in (MACHINE, STANDBY):
        same = (Coding.comment_id == coding.comment_id, Coding.source == coding.source)
        connection.execute(delete(CodedTheme).where(CodedTheme.coding_id.in_(select(Coding.id).where(*same))))
        connection.execute(delete(Coding).where(*same))
    coding_id = new_id()
    connection.execute(
        insert(Coding),
        {
            "id": coding_id,
            "comment_id": coding.comment_id,
            "response_id": response_id,
            "source": coding.source,
            "coder": coding.coder,
            "codebook": coding.codebook,
            "polarity": coding.polarity,
            "redactions": [asdict(mask) for mask in coding.redactions],
            "evidence": [asdict(deciding) for deciding in coding.evidence],
            "made_at": now,
            "in_force": False,
            "learned": coding.learned,
        },
    )
    # A theme counts once a comment; its first place stands for it.
    first_of = {code.theme: code for code in reversed(coding.themes)}
    if first_of:
        connection.execute(insert(CodedTheme), [{"coding_id": coding_id, **asdict(code)} for code in first_of.values()])
    _choose_force(connection, coding.comment_id)
    return coding_id


def _choose_force(connection: Connection, comment_id: str) -> None:
    """Put in force a person's newest coding, or the machine's when no person has coded the comment."""
    query = select(Coding.id).where(Coding.comment_id == comment_id, Coding.source != STANDBY)
    # Of two made at the same moment, the one not yet in force is the newer.
    newest_person_first = (Coding.source == PERSON).desc(), Coding.made_at.desc(), Coding.in_force
    chosen = connection.execute(query.order_by(*newest_person_first).limit(1)).scalar()
    connection.execute(update(Coding).where(Coding.comment_id == comment_id).values(in_force=Coding.id == chosen))


def hold_off_switch(connection: Connection) -> None:
    """Let no other version of the codebook come in force until this transaction ends: its counts would go astray.

    Args:
        connection: a writing connection, before it reads any code.
    """
    standing(connection, locks="shared")


def cells_in_force(connection: Connection, response_id: str) -> set[Cell]:
    """List the theme cells to which a response adds one: each theme once, whatever its comments repeat.

    Where codes of another version stand by, the cells that would count if it were in force are listed too, apart.
    """
    return cells_of_responses(connection, [response_id])[response_id]


def cells_of_responses(connection: Connection, response_ids: Sequence[str]) -> dict[str, set[Cell]]:
    """List the theme cells of several responses.

    Args:
        connection: any connection.
        response_ids: at most some hundreds.

    Returns:
        Response id -> what `cells_in_force` gives for it.
    """
    columns = (Coding.response_id, Coding.comment_id, Coding.source, Coding.in_force, Coding.polarity.label("whole"))
    query = (
        select(*columns, CodedTheme.theme, CodedTheme.polarity)
        .outerjoin(CodedTheme, CodedTheme.coding_id == Coding.id)
        .where(Coding.response_id.in_(response_ids), Coding.in_force | (Coding.source == STANDBY))
    )
    rows: dict[str, list[Any]] = {response_id: [] for response_id in response_ids}
    for row in connection.execute(query):
        rows[row.response_id].append(row)
    return {response_id: _cells(found) for response_id, found in rows.items()}


def _cells(rows: Sequence[Any]) -> set[Cell]:
    now = _cells_counted([row for row in rows if row.in_force])
    ready = {row.comment_id for row in rows if row.source == STANDBY}
    if not ready:
        return now
    # A person's codes win there too; a comment for which nothing stands by keeps what it has.
    ready -= {row.comment_id for row in rows if row.in_force and row.source == PERSON}
    then = [row for row in rows if (row.source == STANDBY) == (row.comment_id in ready)]
    return now | {cell._replace(question=_STANDBY_CELLS + cell.question) for cell in _cells_counted(then)}


def _cells_counted(rows: Sequence[Any]) -> set[Cell]:
    if not rows:
        return set()
    cells = {Cell("themes", "", "")}
    themes = {row.theme for row in rows if row.theme}
    if not themes:
        cells.add(Cell("themes", "", "none"))
    for theme in themes:
        said = {row.polarity for row in rows if row.theme == theme}
        cells |= {Cell(f"theme:{theme}", "", ""), Cell(f"theme:{theme}", "", overall(said))}
    return cells | {Cell("polarity", "", ""), Cell("polarity", "", overall({row.whole for row in rows}))}


def overall(polarities: set[str]) -> str:
    """Return the one polarity that several make together.

    Args:
        polarities: of one theme in several comments, or of several comments.

    Returns:
        `mixed` when both directions were said; a direction before a wish, a wish before neutral.
    """
    if "mixed" in polarities or {"positive", "negative"} <= polarities:
        return "mixed"
    return next(
        (p for p in ("negative", "positive", "wish", "neutral", UNREAD) if p in polarities),
        "neutral",
    )


def set_counts(connection: Connection, response_id: str, before: set[Cell]) -> None:
    """Move the counts of themes from what a response added before to what it adds now.

    Args:
        connection: a writing connection.
        response_id: whose counts.
        before: what `cells_in_force` gave before its codes changed.
    """
    after = cells_in_force(connection, response_id)
    columns = [getattr(Response, name) for name in ("slug", "span_start", "span_end", "respondent", "service")]
    query = select(*columns, Response.invented, Response.answers).where(Response.id == response_id)
    span = span_of(dict(connection.execute(query).mappings().one()))
    tallies.add(connection, span, before - after, step=-1)
    tallies.add(connection, span, after - before)
