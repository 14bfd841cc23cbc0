"""Asking for a pack, and issuing it: the document is put together and its files are written by the worker, once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, insert, select, update

from hscb_voice.actions.queries import told_to
from hscb_voice.audit.service import note
from hscb_voice.board.errors import UnknownPeriodError
from hscb_voice.board.periods import Period, period_named
from hscb_voice.board.quotes import words_cleared
from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.database import Database
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.jobs import Write, enqueue
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.packs.composing import Asked, Heard, annual_section, hear, meeting_pack
from hscb_voice.packs.consistency import why_not_now
from hscb_voice.packs.document import Document
from hscb_voice.packs.errors import PackRefusedError, QuotesChangedError
from hscb_voice.packs.keeping import Made, keep_issued
from hscb_voice.packs.models import IssuedPack, PackOrder
from hscb_voice.packs.writing import FORMATS, written
from hscb_voice.packs.young import young_pack

ISSUE_JOB = "packs.issue"
LONGEST_REASON = 300
STYLES = {
    "meeting": "Pack for a meeting",
    "young": "For young people",
    "annual": "Section of the annual report",
}


@dataclass(frozen=True)
class Order:
    """Which pack is wanted."""

    style: str
    period_name: str
    meeting: date | None = None
    look: str = ""
    replaces: str | None = None
    reason: str = ""


def order_pack(connection: Connection, order: Order, by: str, clock: Clock) -> str:
    """Ask for a pack.

    Args:
        connection: a writing connection.
        order: which one.
        by: the person's id.
        clock: tells when.

    Returns:
        The order's id; the pack will have the same.

    Raises:
        PackRefusedError: there is no such style or period, or a correction does not say what was wrong; or, without a
            reason, the period is not over or only a few answers came since an earlier pack.
    """
    if order.style not in STYLES:
        message = "Choose which pack"
        raise PackRefusedError(message)
    try:
        period = period_named(order.period_name)
    except UnknownPeriodError as trouble:
        raise PackRefusedError(str(trouble)) from trouble
    if order.replaces:
        known = connection.execute(select(IssuedPack.id).where(IssuedPack.id == order.replaces)).first()
        if known is None or not order.reason.strip():
            message = "Say what was wrong in the pack that this one puts right"
            raise PackRefusedError(message)
    if not order.reason.strip() and (message := why_not_now(connection, period, clock.today())):
        raise PackRefusedError(message)
    order_id = new_id()
    row = {**vars(order), "id": order_id, "asked_by": by, "asked_at": clock.now()}
    connection.execute(insert(PackOrder), row)
    enqueue(connection, (ISSUE_JOB,), order_id, clock.now())
    note(connection, by, "asked for a pack", f"pack {order_id}", now=clock.now())
    return order_id


def prepare_issuing(
    connection: Connection, order_id: str, *, database: Database, keys: KeyRing, clock: Clock, board: str
) -> Callable[[], Write]:
    """Put a pack together, then write its files with no connection held.

    Args:
        connection: a reading connection.
        order_id: which order.
        database: told how far it is.
        keys: open the words of approved quotes.
        clock: tells the day.
        board: the Board's name.

    Returns:
        What writes the files and returns what keeps them; doing it again changes nothing. Where a quote was taken back
        meanwhile, keeping them raises QuotesChangedError, and the job puts the pack together anew.
    """
    order = connection.execute(select(PackOrder).where(PackOrder.id == order_id)).mappings().first()
    issued = connection.execute(select(IssuedPack.id).where(IssuedPack.id == order_id)).first()
    if order is None or issued is not None:
        return lambda: _nothing
    standing = Order(**{name: order[name] for name in Order.__dataclass_fields__})
    asked = Asked(period_named(standing.period_name), board, clock.today(), standing.meeting)
    document = compose(connection, keys, standing, asked)

    def go() -> Write:
        files = {}
        for done, form in enumerate(FORMATS, start=1):
            files[form] = written(document, form)
            with database.writing() as telling:
                telling.execute(update(PackOrder).where(PackOrder.id == order_id).values(done=done))

        def keep(writing: Connection) -> None:
            quoted = _still_cleared(writing, keys, document, asked.period)
            _issue(writing, order_id, Made(document, files, quoted), keys, clock)

        return keep

    return go


def compose(connection: Connection, keys: KeyRing, order: Order, asked: Asked) -> Document:
    """Put the document of an order together.

    Args:
        connection: a reading connection.
        keys: open the words of approved quotes.
        order: which style, and for which age.
        asked: for which period and Board.
    """
    heard = hear(connection, keys, asked.period)
    return _document(connection, heard, order, asked)


def _document(connection: Connection, heard: Heard, order: Order, asked: Asked) -> Document:
    if order.style == "young":
        look = order.look or "child"
        return young_pack(heard, asked, told_to(connection, look, "en"), look)
    return annual_section(heard, asked) if order.style == "annual" else meeting_pack(heard, asked)


def _issue(connection: Connection, order_id: str, made: Made, keys: KeyRing, clock: Clock) -> None:
    order = connection.execute(select(PackOrder).where(PackOrder.id == order_id)).mappings().one()
    if connection.execute(select(IssuedPack.id).where(IssuedPack.id == order_id)).first() is not None:
        return
    row = {name: order[name] for name in Order.__dataclass_fields__}
    row |= {"id": order_id, "issued_by": order["asked_by"], "issued_at": clock.now()}
    keep_issued(connection, keys, row, made)
    note(connection, order["asked_by"], "issued a pack", f"pack {order_id}", now=clock.now())


def _still_cleared(connection: Connection, keys: KeyRing, document: Document, period: Period) -> dict[str, list[str]]:
    """Return whose words a pack quotes. None is issued that was taken back while files were written."""
    cleared = words_cleared(connection, keys, period)
    if not document.quoted <= cleared.keys():
        message = "A quote of this pack does not stand any more."
        raise QuotesChangedError(message)
    return {words: cleared[words] for words in document.quoted}


def _nothing(_connection: Connection) -> None:
    """Write nothing: the pack has been issued already."""
