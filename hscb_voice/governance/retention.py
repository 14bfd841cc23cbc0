"""Retention: words that have been kept long enough go, every day, by themselves. Figures, ticks and themes stay.

What is counted from is the day on which the answer came. Never touched: what a person holds, what has an open concern,
what nobody has screened yet, what stands in print anyhow, and what was invented for a demonstration. Each response
goes in a small piece of work of its own, so that nothing waits for it.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, insert, or_, select

from hscb_voice.foundation.clock import LOCAL_ZONE, Clock
from hscb_voice.foundation.database import upsert
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.jobs import Job, Write, enqueue
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.governance.erasing import AFTERWARDS, drop_old_words, hold_on
from hscb_voice.governance.errors import PeriodError
from hscb_voice.governance.leftovers import drop_leftovers
from hscb_voice.governance.models import Hold, RetentionPeriod, RetentionRun
from hscb_voice.governance.sweeping import EVERYTHING
from hscb_voice.questionnaires.queries import published_slugs
from hscb_voice.responses.models import Response
from hscb_voice.safeguarding.forgetting import UNCLOSED, UNSCREENED, how_concerns_stand

DAILY_JOB, DROP_JOB = "governance.daily", "governance.drop_words"
DEFAULT_MONTHS, FEWEST_MONTHS, MOST_MONTHS = 24, 1, 120
_EACH_DAY = timedelta(days=1)
_DROPS_A_ROUND = 5000


@dataclass(frozen=True)
class DueInMonth:
    """How many responses of one questionnaire and one month are old enough."""

    slug: str
    month: date  # its first day
    words_due: int  # whose words go
    held: int  # that a person holds
    not_over: int  # with an open concern, or not screened


@dataclass(frozen=True)
class RunDone:
    """One day's look, as it was written down."""

    at: datetime
    words_due: int
    held_back: int
    leftovers: dict[str, int]


def periods(connection: Connection) -> dict[str, int]:
    """Return how many months the words of each questionnaire are kept.

    Args:
        connection: a reading connection.

    Returns:
        Slug -> months, for every questionnaire that was ever published.
    """
    rows = connection.execute(select(RetentionPeriod.slug, RetentionPeriod.months)).all()
    own = {row.slug: row.months for row in rows}
    return {slug: own.get(slug, DEFAULT_MONTHS) for slug in published_slugs(connection)}


def set_period(connection: Connection, slug: str, months: int, by: str, now: datetime) -> None:
    """Say how many months the words of a questionnaire are kept.

    Args:
        connection: a writing connection.
        slug: which questionnaire.
        months: from 1 to 120.
        by: the person's id.
        now: the present moment.

    Raises:
        PeriodError: there is no such questionnaire, or the number is out of bounds.
    """
    if slug not in published_slugs(connection):
        message = f"There is no questionnaire “{slug}”."
        raise PeriodError(message)
    if not FEWEST_MONTHS <= months <= MOST_MONTHS:
        message = f"Words can be kept from {FEWEST_MONTHS} to {MOST_MONTHS} months."
        raise PeriodError(message)
    values = {"slug": slug, "months": months, "changed_at": now, "changed_by": by}
    statement = upsert(connection, RetentionPeriod).values(values)
    connection.execute(statement.on_conflict_do_update(index_elements=["slug"], set_=values))


def what_is_due(connection: Connection, today: date) -> list[DueInMonth]:
    """Count what is old enough, and what of it stays for now: the dry run, which changes nothing.

    Args:
        connection: a reading connection.
        today: the present day.

    Returns:
        By questionnaire and month in which answers came, only where there is something.
    """
    found = []
    for slug, months in periods(connection).items():
        old = _old(slug, months, today)
        for month, start, end in _months_of(connection, old):
            within = old.where(Response.received_at >= start, Response.received_at < end)
            held = _count(connection, within.where(_held(today)))
            not_over = _count(connection, within.where(~_held(today), or_(UNCLOSED, UNSCREENED)))
            found.append(DueInMonth(slug, month, _count(connection, within) - held - not_over, held, not_over))
    return found


def responses_due(connection: Connection, today: date, limit: int) -> list[str]:
    """Return responses whose words go now, oldest first.

    Args:
        connection: a reading connection.
        today: the present day.
        limit: at most so many.
    """
    each = [_old_enough(slug, months, today) for slug, months in periods(connection).items()]
    if not each:
        return []
    query = select(Response.id).where(_has_words(), or_(*each), ~_held(today), ~UNCLOSED, ~UNSCREENED)
    return list(connection.execute(query.order_by(Response.received_at).limit(limit)).scalars())


def prepare_daily(connection: Connection, _subject: str, *, clock: Clock) -> Write:
    """Find what has been kept long enough today.

    Args:
        connection: a reading connection.
        _subject: of the job; everything is meant.
        clock: tells the day.

    Returns:
        What orders the work, clears leftovers, writes the day's line, and asks for tomorrow's look.
    """
    now, today = clock.now(), clock.today()
    due = what_is_due(connection, today)
    total = sum(one.words_due for one in due)
    # What is too much for one day's order follows within the hour.
    ids = responses_due(connection, today, _DROPS_A_ROUND)
    again = now + (timedelta(hours=1) if total > len(ids) else _EACH_DAY)

    def order(writing: Connection) -> None:
        for response_id in ids:
            enqueue(writing, (DROP_JOB,), response_id, now)
        write_run(writing, clock, len(ids))
        enqueue(writing, AFTERWARDS, EVERYTHING, now)
        enqueue(writing, (DAILY_JOB,), EVERYTHING, again)

    return order


def write_run(connection: Connection, clock: Clock, words_due: int) -> None:
    """Clear leftovers and write the day's line.

    Args:
        connection: a writing connection.
        clock: tells the day.
        words_due: from how many responses words go.
    """
    now = clock.now()
    held_back = sum(one.held + one.not_over for one in what_is_due(connection, clock.today()))
    row = {"id": new_id(), "at": now, "words_due": words_due, "held_back": held_back}
    connection.execute(insert(RetentionRun), {**row, "leftovers": drop_leftovers(connection, now)})


def drop_if_due(connection: Connection, response_id: str, *, keys: KeyRing, clock: Clock) -> bool:
    """Take the words of one response away, unless something has come up since the day's look.

    Args:
        connection: a writing connection.
        response_id: which.
        keys: fade the hash by which its body is known again.
        clock: tells when.

    Returns:
        Whether they went.
    """
    row = connection.execute(select(Response.slug, Response.received_at).where(Response.id == response_id)).first()
    if row is None:
        return False
    months = periods(connection).get(row.slug, DEFAULT_MONTHS)
    standing = how_concerns_stand(connection, response_id)
    is_over = not (standing.unclosed or standing.waits_to_be_screened)
    is_free = hold_on(connection, response_id, clock.today()) is None
    if not is_over or not is_free or row.received_at >= kept_since(months, clock.today()):
        return False
    return drop_old_words(connection, response_id, keys, clock.now())


def ask_for_the_daily_look(connection: Connection, now: datetime) -> bool:
    """Ask for the daily look, unless it has been asked for.

    Args:
        connection: a writing connection.
        now: the present moment.

    Returns:
        Whether it had to be asked for.
    """
    if is_daily_look_asked(connection):
        return False
    enqueue(connection, (DAILY_JOB,), EVERYTHING, now)
    return True


def is_daily_look_asked(connection: Connection) -> bool:
    """Tell whether the next daily look has been asked for."""
    return connection.execute(select(Job.id).where(Job.kind == DAILY_JOB).limit(1)).first() is not None


def last_runs(connection: Connection, limit: int = 10) -> list[RunDone]:
    """Return the last days' looks, newest first."""
    columns = (RetentionRun.at, RetentionRun.words_due, RetentionRun.held_back, RetentionRun.leftovers)
    rows = connection.execute(select(*columns).order_by(RetentionRun.at.desc()).limit(limit))
    return [RunDone(*row) for row in rows]


def kept_since(months: int, today: date) -> datetime:
    """Return the moment before which an answer must have come to be old enough.

    Args:
        months: how long words are kept.
        today: the present day.

    Returns:
        The beginning of the same day so many months ago; of its last day where that month is shorter.
    """
    day = _months_from(today, -months)
    return datetime(day.year, day.month, day.day, tzinfo=LOCAL_ZONE).astimezone(UTC)


def gone_after(received_at: datetime, months: int) -> date:
    """Return the day after which words that came at a moment go.

    Args:
        received_at: when they came.
        months: how long they are kept.
    """
    return _months_from(received_at.astimezone(LOCAL_ZONE).date(), months)


def _months_from(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _has_words() -> ColumnElement[bool]:
    return and_(Response.erased_at.is_(None), Response.taken_back_at.is_(None), ~_is_kept_for_good())


def _is_kept_for_good() -> ColumnElement[bool]:
    """Choose words that stand in print anyhow, and words of demonstrations that nobody said."""
    return or_(Response.source != "", Response.invented)


def _old_enough(slug: str, months: int, today: date) -> ColumnElement[bool]:
    return and_(Response.slug == slug, Response.received_at < kept_since(months, today))


def _old(slug: str, months: int, today: date) -> Select[str]:
    return select(Response.id).where(_has_words(), _old_enough(slug, months, today))


def _held(today: date) -> ColumnElement[bool]:
    return exists().where(Hold.response_id == Response.id, Hold.until >= today)


def _count(connection: Connection, query: Select[str]) -> int:
    return connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()


def _months_of(connection: Connection, old: Select[str]) -> Iterator[tuple[date, datetime, datetime]]:
    """Yield the months from the first to the last of some responses, each with its beginning and end."""
    bounds = old.with_only_columns(func.min(Response.received_at), func.max(Response.received_at))
    first, last = connection.execute(bounds).one()
    if first is None:
        return
    month = first.astimezone(LOCAL_ZONE).date().replace(day=1)
    while month <= last.astimezone(LOCAL_ZONE).date():
        following = (month + timedelta(days=32)).replace(day=1)
        start, end = (datetime(m.year, m.month, 1, tzinfo=LOCAL_ZONE).astimezone(UTC) for m in (month, following))
        yield month, start, end
        month = following
