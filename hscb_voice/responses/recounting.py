"""Counts all responses afresh, when the summary table is in doubt or a rule of counting has changed.

It counts as of one moment, without keeping anybody from answering meanwhile, and then sets right only what differs, a
few months a transaction. Where something has come since that moment, that month is counted again in the transaction.
It touches only the counts that answers themselves make; those of themes and concerns belong to their rooms.
"""

import contextlib
import gc
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Text, cast, func, literal_column, select, text

from hscb_voice.foundation.database import Database
from hscb_voice.foundation.watchdog import unhurried
from hscb_voice.questionnaires.queries import all_versions
from hscb_voice.responses import tallies
from hscb_voice.responses.counting import BETWEEN, Counting
from hscb_voice.responses.models import Comment, Response, Tally, TallyState
from hscb_voice.responses.tallies import Block, Kept

_PATIENCE_SECONDS = 600.0
_PAGE = 1_000  # at once; more would no longer lie near the processor when they are counted
_TELL_EVERY = 20  # pages
_BLOCKS_AT_ONCE = 12  # so that no answer waits for the table longer than a moment
_GROUPED = (
    Response.version_id,
    Response.slug,
    Response.span_start,
    Response.span_end,
    Response.invented,
    Response.respondent,
)
_ROWID: ColumnElement[Any] = literal_column("responses.rowid")
_WORDED = func.aggregate_strings(Comment.question, ",")
_OWN = tuple(~Tally.question.startswith(name, autoescape=True) for name in tallies.OTHERS)


@dataclass(frozen=True)
class Recounted:
    """How far the recount is."""

    done: int
    of: int
    mended: int | None = None  # how many counts were wrong; known at the end


@dataclass(frozen=True)
class _Which:
    """Which responses and counts are looked at; all, when nothing is said."""

    responses: tuple[ColumnElement[bool], ...] = ()
    counts: tuple[ColumnElement[bool], ...] = ()

    @classmethod
    def of_block(cls, block: Block) -> "_Which":
        """Look at one questionnaire and span."""
        slug, start, end = block
        return cls(
            (Response.slug == slug, Response.span_start == start, Response.span_end == end),
            (Tally.slug == slug, Tally.span_start == start, Tally.span_end == end),
        )


def recount(database: Database) -> Iterator[Recounted]:
    """Count every response afresh, while answers go on coming.

    Args:
        database: whose summary table.

    Yields:
        After each some thousand responses how far it is, and at the end how many counts were wrong and are right now.

    Raises:
        DatabaseUnreachableError: the database is down; what has been set right stays, and the rest is as it was.
    """
    with unhurried(_PATIENCE_SECONDS), _no_rounds():
        with database.reading() as connection:
            if connection.dialect.name == "postgresql":  # where each query would see another moment
                connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
            query = select(TallyState.slug, TallyState.span_start, TallyState.span_end, TallyState.state)
            states = {(slug, start, end): state for slug, start, end, state in connection.execute(query)}
            total = connection.execute(select(func.count()).where(Response.taken_back_at.is_(None))).scalar_one()
            counted = Counting()
            for done in _take(connection, counted, _Which()):
                yield Recounted(done, total)
            wrong = _by_block(_differences(connection, counted, _Which()))
        blocks = sorted(wrong)
        mended = 0
        for first in range(0, len(blocks), _BLOCKS_AT_ONCE):
            with database.writing() as connection:
                for block in blocks[first : first + _BLOCKS_AT_ONCE]:
                    mended += _set_right(connection, block, wrong[block], states.get(block))
        with database.writing() as connection:
            tallies.note_change(connection)  # the table may have been changed by hand, and well
        yield Recounted(total, total, mended)


@contextlib.contextmanager
def _no_rounds() -> Iterator[None]:
    """Keep Python's collector from its rounds: counting ties no knots, and makes much, so that they would be many."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _set_right(connection: Connection, block: Block, changes: dict[Kept, int], state: int | None) -> int:
    """Set a block right by what was found to differ, or, if it has changed since, by what differs now."""
    if tallies.hold(connection, block) != state or state is None:
        which = _Which.of_block(block)
        counted = Counting()
        for _ in _take(connection, counted, which):
            pass
        changes = _differences(connection, counted, which)
    tallies.shift(connection, changes)
    return len(changes)


def _take(connection: Connection, counted: Counting, which: _Which) -> Iterator[int]:
    """Count responses, and yield how many they are so far."""
    for versions in all_versions(connection).values():
        for version in versions:
            counted.learn(version.id, version.definition)
    counted.learn_words(_worded(connection, which))
    done = 0
    for pages, page in enumerate(_pages(connection, _told(connection, which)), 1):
        counted.take(page)
        done += len(page)
        if pages % _TELL_EVERY == 0:
            yield done
    yield done


def _told(connection: Connection, which: _Which) -> Select[*tuple[Any, ...]]:
    """Return the query of what `Counting` is told of each response.

    It is put together by the engine, for the fewer values a row has, the faster it is read.
    """
    put = func.printf if connection.dialect.name == "sqlite" else func.format
    marks = BETWEEN.join(["%s"] * len(_GROUPED))
    told = (
        put(marks, *_GROUPED),
        Response.service,
        # Both may come from a file and hold any sign: so it is said where the first of them ends.
        put(BETWEEN.join(["%s"] * 3), func.length(Response.channel), Response.channel, Response.language),
        put("[%s,%s]", Response.version_id, cast(Response.answers, Text)),
        _key(connection, Response.id),
    )
    return select(*told).where(Response.taken_back_at.is_(None), *which.responses)


def _key(connection: Connection, response_id: Any) -> Any:  # noqa: ANN401 - columns of two tables
    """Return by what a response's words are looked up: on SQLite by its short number, which its index holds too."""
    return _ROWID if connection.dialect.name == "sqlite" else response_id


def _pages(connection: Connection, query: Select[*tuple[Any, ...]]) -> Iterator[Sequence[Sequence[Any]]]:
    """Yield what a query finds, some thousand rows at once."""
    if connection.dialect.name != "sqlite":
        yield from connection.execute(query, execution_options={"yield_per": _PAGE}).partitions()
        return
    # Just as the driver gives it: SQLite hands over row by row anyway, and to wrap each would take a tenth of the time.
    found = connection.execute(query)
    cursor: Any = found.cursor
    while page := cursor.fetchmany(_PAGE):
        yield page
    found.close()


def _worded(connection: Connection, which: _Which) -> dict[Any, str]:
    """Return which questions were answered in words. These stay sealed: to count one it is enough that there is one."""
    query = select(_key(connection, Comment.response_id), _WORDED).group_by(Comment.response_id)
    if connection.dialect.name == "sqlite" or which.responses:
        query = query.join(Response, Response.id == Comment.response_id).where(*which.responses)
    same: dict[str, str] = {}  # one text for all who answered the same questions
    pages = _pages(connection, query)
    return {key: same.setdefault(names, names) for page in pages for key, names in page}


def _differences(connection: Connection, counted: Counting, which: _Which) -> dict[Kept, int]:
    """Return what must be added to each row of the table, or taken from it, to make it true."""
    query = select(*(column for column in Tally.__table__.columns)).where(*_OWN, *which.counts)
    true = counted.counts()
    found = {}
    for *place, n in connection.execute(query):
        row: Kept = tuple(place)
        if (more := true.pop(row, 0) - n) != 0:
            found[row] = more
    return found | true


def _by_block(changes: dict[Kept, int]) -> dict[Block, dict[Kept, int]]:
    found: dict[Block, dict[Kept, int]] = {}
    for row, more in changes.items():
        found.setdefault(row[:3], {})[row] = more
    return found
