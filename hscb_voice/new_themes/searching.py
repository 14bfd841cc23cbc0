"""Looks for new subjects: the handler of a job, once a day and when somebody asks. Runs in the worker only.

Words are opened piece by piece and no connection is held meanwhile, so that nobody who answers waits for it. The
machine reads here; no person does.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, delete, exists, func, select, update

from hscb_voice.audit.service import PLATFORM
from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.database import Database, upsert
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.jobs import Job, Write, enqueue
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.foundation.platform import Platform
from hscb_voice.language.emerging import Written, rising
from hscb_voice.language.emerging_groups import groups_of
from hscb_voice.new_themes.models import ThemeSearch
from hscb_voice.new_themes.periods import Times, times_at
from hscb_voice.new_themes.service import GROUP, PHRASE, Found, keep_found
from hscb_voice.responses.models import Response
from hscb_voice.responses.words import comments_of
from hscb_voice.themes.models import CodedTheme, Coding, MaskEdit
from hscb_voice.themes.service import UNREAD

SEARCH_JOB = "new_themes.search"
MOST_WITHOUT, MOST_WITH = 5000, 5000  # comments that are looked at, the newest
_AT_ONCE = 400
_KEPT_SEARCHES = 30


@dataclass(frozen=True)
class _ToOpen:
    """One comment that is to be looked at."""

    comment_id: str
    response_id: str
    span_start: date
    has_theme: bool
    hidden: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class _Opened:
    """One comment, opened."""

    written: Written
    span_start: date
    has_theme: bool


def ask_for_search(connection: Connection, by: str, clock: Clock) -> bool:
    """Ask the worker to look through the comments, unless it is about to.

    Args:
        connection: a writing connection.
        by: the person's id.
        clock: tells when.

    Returns:
        False when a look has been asked for already and is not finished.
    """
    if connection.execute(select(ThemeSearch.id).where(ThemeSearch.finished_at.is_(None)).limit(1)).first():
        return False
    _ask(connection, new_id(), by, clock)
    return True


def see_to_the_daily_search(platform: Platform) -> None:
    """Ask for today's look where nobody has; a worker calls it now and then.

    Args:
        platform: whose.
    """
    today = platform.clock.today()
    with platform.database.reading() as connection:
        if connection.execute(select(ThemeSearch.id).where(ThemeSearch.asked_on == today).limit(1)).first():
            return
    with platform.database.writing() as connection:
        _ask(connection, f"daily-{today.isoformat()}", PLATFORM, platform.clock)


def prepare_search(
    connection: Connection, search_id: str, *, database: Database, keys: KeyRing, clock: Clock
) -> Callable[[], Write]:
    """Choose the comments; look through them once the connection has been given back.

    Args:
        connection: a reading connection.
        search_id: which look.
        database: read piece by piece, and told how far it is.
        keys: open words, and make fingerprints.
        clock: tells the day.

    Returns:
        What looks and returns what writes the suggestions; doing it again finds the same.
    """
    times = _times_with_answers(connection, clock.today())
    to_open = [*_chosen(connection, times, has_theme=False), *_chosen(connection, times, has_theme=True)]

    def go() -> Write:
        opened = list(_opened(database, keys, search_id, to_open))
        found = found_in(opened, times)

        def write(writing: Connection) -> None:
            keep_found(writing, keys, search_id, found)
            without = sum(not one.has_theme for one in to_open)
            values = {"done": len(to_open), "total": len(to_open), "without_theme": without, "end": times.end}
            values |= {"now_start": times.now, "before_start": times.before, "finished_at": clock.now()}
            writing.execute(update(ThemeSearch).where(ThemeSearch.id == search_id).values(values))

        return write

    return go


def found_in(opened: Sequence[_Opened], times: Times) -> list[Found]:
    """Find what rises and what belongs together.

    Args:
        opened: comments of both times, newest first.
        times: which is which.

    Returns:
        Phrases, the surest first, then groups, the largest first.
    """
    now = [one.written for one in opened if not one.has_theme and one.span_start >= times.now]
    before = [one.written for one in opened if not one.has_theme and one.span_start < times.now]
    others = [one.written for one in opened if one.has_theme]
    phrases = [
        Found(PHRASE, (rise.phrase,), rise.now, rise.comments, rise.before, rise.z)
        for rise in rising(now, before, others)
    ]
    groups = [Found(GROUP, group.words, group.responses, group.comments) for group in groups_of([*now, *before])]
    return [*phrases, *groups]


def _ask(connection: Connection, search_id: str, by: str, clock: Clock) -> None:
    row = {"id": search_id, "asked_by": by, "asked_at": clock.now(), "asked_on": clock.today(), "done": 0, "total": 0}
    row["without_theme"] = 0
    # Two workers may come to the same thought at once: one row, one job.
    made = upsert(connection, ThemeSearch).values(row).on_conflict_do_nothing().returning(ThemeSearch.id)
    if connection.execute(made).first() is None:
        return
    enqueue(connection, (SEARCH_JOB,), search_id, clock.now())
    kept = select(ThemeSearch.id).order_by(ThemeSearch.asked_at.desc()).limit(_KEPT_SEARCHES)
    waiting = select(Job.subject_id).where(Job.kind == SEARCH_JOB)
    newest = set(connection.execute(kept).scalars()) | set(connection.execute(waiting).scalars())
    connection.execute(delete(ThemeSearch).where(ThemeSearch.id.not_in(newest)))


def _times_with_answers(connection: Connection, today: date) -> Times:
    """Return the times up to today, or up to the newest answer where the last three months brought none.

    A board that types in the forms of past years, or that hears children in a few months of the year, sees what they
    said last instead of an empty page.
    """
    times = times_at(today)
    newest = connection.execute(select(func.max(Response.span_end)).where(Response.span_end <= times.end)).scalar()
    return times if newest is None or newest >= times.now else times_at(newest)


def _chosen(connection: Connection, times: Times, *, has_theme: bool) -> Iterator[_ToOpen]:
    """Yield the newest comments of both times that can be read, with or without a theme."""
    is_coded = exists(select(CodedTheme.theme).where(CodedTheme.coding_id == Coding.id))
    query = (
        select(Coding.comment_id, Coding.response_id, Coding.redactions, Response.span_start)
        .join(Response, Response.id == Coding.response_id)
        .where(Coding.in_force, Coding.polarity != UNREAD, Response.wrapped_key.is_not(None))
        .where(Response.span_start >= times.before, Response.span_end <= times.end)
        .where(is_coded if has_theme else ~is_coded)
        .order_by(Response.received_at.desc(), Coding.comment_id)
        .limit(MOST_WITH if has_theme else MOST_WITHOUT)
    )
    rows = connection.execute(query).all()
    for begin in range(0, len(rows), _AT_ONCE):
        some = rows[begin : begin + _AT_ONCE]
        edits = _hidden_by_people(connection, [row.comment_id for row in some])
        for row in some:
            # What the machine hid stays hidden here, even where a person has shown it: too much rather than too little.
            places = {(mask["start"], mask["end"]) for mask in row.redactions} | edits.get(row.comment_id, set())
            yield _ToOpen(row.comment_id, row.response_id, row.span_start, has_theme, tuple(sorted(places)))


def _hidden_by_people(connection: Connection, comment_ids: Sequence[str]) -> dict[str, set[tuple[int, int]]]:
    found: dict[str, set[tuple[int, int]]] = {}
    query = select(MaskEdit.comment_id, MaskEdit.hidden).where(MaskEdit.comment_id.in_(comment_ids))
    for row in connection.execute(query):
        found.setdefault(row.comment_id, set()).update((mask["start"], mask["end"]) for mask in row.hidden)
    return found


def _opened(database: Database, keys: KeyRing, search_id: str, to_open: Sequence[_ToOpen]) -> Iterator[_Opened]:
    for begin in range(0, len(to_open), _AT_ONCE):
        some = {one.comment_id: one for one in to_open[begin : begin + _AT_ONCE]}
        with database.reading() as connection:
            responses = list(dict.fromkeys(one.response_id for one in some.values()))
            texts = {text.id: text.text for text in comments_of(connection, keys, responses)}
        for comment_id, one in some.items():
            if comment_id in texts:  # not erased meanwhile
                written = Written(comment_id, one.response_id, texts[comment_id], one.hidden)
                yield _Opened(written, one.span_start, one.has_theme)
        with database.writing() as connection:
            far = {"done": begin + len(some), "total": len(to_open)}
            connection.execute(update(ThemeSearch).where(ThemeSearch.id == search_id).values(far))
