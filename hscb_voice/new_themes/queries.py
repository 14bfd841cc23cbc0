"""Reading suggestions: what may be seen by whom, how far the look is, and what was decided. Opens no comment.

Suggestions are found over every team. Who reads only some teams' words sees a suggestion, without its number when that
is small, only where five or more responses carry it.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from hscb_voice.foundation.fence import beyond_the_fence
from hscb_voice.foundation.jobs import jobs_waiting
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.language.emerging import CLEARLY, FEWEST_RESPONSES, PROBABLY
from hscb_voice.new_themes.errors import UnknownSuggestionError
from hscb_voice.new_themes.models import SuggestedComment, ThemeDecision, ThemeSearch, ThemeSuggestion
from hscb_voice.new_themes.periods import Times
from hscb_voice.new_themes.searching import SEARCH_JOB
from hscb_voice.new_themes.service import GROUP, words_in
from hscb_voice.responses.models import Response
from hscb_voice.responses.queries import EVERY_TEAM, Teams, visible_to

FEWEST_SHOWN = 5  # below, a number could tell on somebody, and is only for those who may read every word
_SMALL = f"fewer than {FEWEST_SHOWN}"


@dataclass(frozen=True)
class Suggestion:
    """A suggestion as one person may see it."""

    id: str
    kind: str
    words: tuple[str, ...]
    responses: int  # that stand now; some may have been erased since it was found
    before: int | None
    z: float | None
    sees_small: bool

    @property
    def is_group(self) -> bool:
        """Tell whether comments share words, rather than a phrase rising."""
        return self.kind == GROUP

    @property
    def name(self) -> str:
        """Return what it is called on a page."""
        return ", ".join(self.words)

    @property
    def heard(self) -> str:
        """Return how many responses carry it, or that they are few."""
        return self._shown(self.responses)

    @property
    def heard_before(self) -> str:
        """Return how many carried it in the time before, or that they were few."""
        return "" if self.before is None else self._shown(self.before)

    @property
    def how_sure(self) -> str:
        """Say how surely it has grown."""
        if self.z is None:
            return ""
        return "clearly" if self.z >= CLEARLY else "probably" if self.z >= PROBABLY else "perhaps"

    def _shown(self, n: int) -> str:
        return _SMALL if not self.sees_small and 0 < n < FEWEST_SHOWN else str(n)


@dataclass(frozen=True)
class Search:
    """The newest look and how far it is."""

    asked_at: datetime
    done: int
    total: int
    without_theme: int
    times: Times | None
    finished_at: datetime | None
    has_failed: bool  # and will be tried again


@dataclass(frozen=True)
class Decision:
    """What a person made of a suggestion."""

    id: str
    kind: str
    act: str
    theme: str
    reason: str
    responses: int
    decided_by: str
    decided_at: datetime


def suggestions(connection: Connection, keys: KeyRing, *, sees_small: bool) -> list[Suggestion]:
    """List what may be seen, the most telling first.

    Args:
        connection: a reading connection.
        keys: open the words that were found; no comment is opened.
        sees_small: True for those who may read every team's words.

    Returns:
        Suggestions; those on which too few responses rest, because words have been erased, are left out.
    """
    return _seen(connection, keys, sees_small=sees_small)


def suggestion_by_id(connection: Connection, keys: KeyRing, suggestion_id: str, *, sees_small: bool) -> Suggestion:
    """Return one suggestion.

    Args:
        connection: a reading connection.
        keys: open its words.
        suggestion_id: which.
        sees_small: True for those who may read every team's words.

    Raises:
        UnknownSuggestionError: it is there no more, or not for this reader.
    """
    found = _seen(connection, keys, suggestion_id, sees_small=sees_small)
    if not found:
        raise UnknownSuggestionError
    return found[0]


def comments_under(connection: Connection, teams: Teams, suggestion_id: str, limit: int = 50) -> list[tuple[str, str]]:
    """Return comment and response of what a suggestion rests on, newest first, as far as this reader may see them.

    Args:
        connection: a reading connection.
        teams: whose responses may be seen.
        suggestion_id: which.
        limit: at most so many.
    """
    query = (
        select(SuggestedComment.comment_id, SuggestedComment.response_id)
        .join(Response, Response.id == SuggestedComment.response_id)
        .where(SuggestedComment.suggestion_id == suggestion_id, Response.wrapped_key.is_not(None))
        .order_by(Response.received_at.desc(), SuggestedComment.comment_id)
        .limit(limit)
    )
    return [(row.comment_id, row.response_id) for row in connection.execute(visible_to(teams, query))]


def last_search(connection: Connection) -> Search | None:
    """Return the newest look; None before the first."""
    query = select(*ThemeSearch.__table__.columns).order_by(ThemeSearch.asked_at.desc()).limit(1)
    row = connection.execute(query).first()
    if row is None:
        return None
    times = Times(row.before_start, row.now_start, row.end) if row.end else None
    failing = not row.finished_at and jobs_waiting(connection, SEARCH_JOB).failing > 0
    return Search(row.asked_at, row.done, row.total, row.without_theme, times, row.finished_at, failing)


def decisions(connection: Connection, limit: int = 50) -> list[Decision]:
    """Return what people decided, the newest first."""
    columns = [getattr(ThemeDecision, name) for name in Decision.__dataclass_fields__]
    query = select(*columns).order_by(ThemeDecision.decided_at.desc(), ThemeDecision.id).limit(limit)
    return [Decision(*row) for row in connection.execute(query)]


def sees_small_numbers(teams: Teams, *, may_read: bool) -> bool:
    """Tell whether small numbers are for somebody: only who may read every team's words."""
    return may_read and teams is EVERY_TEAM


def _seen(connection: Connection, keys: KeyRing, suggestion_id: str = "", *, sees_small: bool) -> list[Suggestion]:
    fewest = FEWEST_RESPONSES if sees_small else FEWEST_SHOWN
    # Counted over every team, as suggestions are found; what is seen of it is decided here and hides small numbers.
    with beyond_the_fence(connection):
        counts = _responses_now(connection)
    query = select(*ThemeSuggestion.__table__.columns).order_by(ThemeSuggestion.place)
    if suggestion_id:
        query = query.where(ThemeSuggestion.id == suggestion_id)
    rows = connection.execute(query).all()
    return [
        Suggestion(row.id, row.kind, words_in(keys, row), counts[row.id], row.before, row.z, sees_small)
        for row in rows
        if counts.get(row.id, 0) >= fewest
    ]


def _responses_now(connection: Connection) -> dict[str, int]:
    query = (
        select(SuggestedComment.suggestion_id, func.count(SuggestedComment.response_id.distinct()).label("n"))
        .join(Response, Response.id == SuggestedComment.response_id)
        .where(Response.wrapped_key.is_not(None))
        .group_by(SuggestedComment.suggestion_id)
    )
    return {row.suggestion_id: row.n for row in connection.execute(query)}
