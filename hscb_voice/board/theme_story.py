"""One theme of a period: who spoke of it and how, beside earlier periods, and the quotes that may be named with it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from hscb_voice.board.changing import Change, changes
from hscb_voice.board.compared import Earlier, counted_names, earlier_of, groups_of
from hscb_voice.board.disclosure import BOARD
from hscb_voice.board.disclosure_year import read_year
from hscb_voice.board.errors import UnknownThemeError
from hscb_voice.board.figures import Count, Distribution
from hscb_voice.board.intervals import Share, wilson
from hscb_voice.board.periods import Period
from hscb_voice.board.quotes import Quotes, quotes_of
from hscb_voice.board.themes_heard import GroupHeard
from hscb_voice.codebooks.queries import theme_titles
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.responses.queries import ResponseFilter, Teams, responses_list


@dataclass(frozen=True)
class Spoken:
    """How a group spoke of the theme in one period."""

    label: str  # which period, such as “The quarter before”
    period: Period
    written: int | None  # how many wrote; None when too few to show, 0 when nobody did
    count: Count | None  # None when it was not heard, or too seldom to show
    share: Share | None  # of those who wrote
    polarity: Distribution | None

    @property
    def is_silent(self) -> bool:
        """Tell whether nobody of the group wrote anything in the period."""
        return self.written == 0


@dataclass(frozen=True)
class GroupSpoke:
    """How one group of respondents spoke of the theme, the period asked for first."""

    respondent: str
    periods: tuple[Spoken, ...]
    change: tuple[tuple[str, Change], ...]  # where it surely rose or fell, and compared with which period

    @property
    def shows_any(self) -> bool:
        """Tell whether there is anything to see of it in any period."""
        return any(one.count is not None for one in self.periods)


@dataclass(frozen=True)
class ThemeStory:
    """One theme, as its page shows it."""

    id: str
    name: str
    groups: tuple[GroupSpoke, ...]  # those who wrote in any of the periods
    quotes: Quotes

    @property
    def shows_any(self) -> bool:
        """Tell whether any group's number can be shown."""
        return any(group.shows_any for group in self.groups)


def theme_story(
    connection: Connection, keys: KeyRing, period: Period, theme: str, chosen: Period | None = None
) -> ThemeStory:
    """Put the page of one theme together.

    Args:
        connection: a reading connection.
        keys: open the words of approved quotes.
        period: a reporting year or one of its quarters.
        theme: the theme's id.
        chosen: a further period to compare with.

    Returns:
        Guarded counts, and quotes beside which the theme may be named.

    Raises:
        UnknownThemeError: there never was a theme of that id.
    """
    titles = theme_titles(connection)
    if theme not in titles:
        message = f"There is no theme “{theme[:40]}”."
        raise UnknownThemeError(message)
    names = counted_names(connection)
    times = [Earlier(period, "This period"), *earlier_of(period, chosen)]
    heard = [groups_of(read_year(connection, one.period, ()), names) for one in times]
    order = [who for who in ("child", "parent", "professional") if any(_of(who, groups) for groups in heard)]
    return ThemeStory(
        id=theme,
        name=titles[theme],
        groups=tuple(_group(who, theme, times, heard) for who in order),
        quotes=quotes_of(connection, keys, period, theme=theme),
    )


def may_open(connection: Connection, teams: Teams, quotes: Quotes) -> frozenset[str]:
    """Return the ids of those quotes' responses that somebody may open.

    Args:
        connection: a reading connection.
        teams: whose responses they may see; None for every team.
        quotes: what is shown.
    """
    ids = frozenset(quote.response_id for quote in (*quotes.lead, *quotes.first, *quotes.rest))
    found, _ = responses_list(connection, teams, ResponseFilter(ids=ids), size=max(1, len(ids)))
    return frozenset(one.id for one in found)


def _group(who: str, theme: str, times: Sequence[Earlier], heard: Sequence[Collection[GroupHeard]]) -> GroupSpoke:
    spoken = tuple(_spoken(time, _of(who, groups), theme) for time, groups in zip(times, heard, strict=True))
    found = []
    for time, groups in zip(times[1:], heard[1:], strict=True):
        surely = changes(tuple(heard[0]), tuple(groups))
        found += [(time.label, one) for one in surely if (one.respondent, one.id) == (who, theme)]
    return GroupSpoke(who, spoken, tuple(found))


def _spoken(time: Earlier, group: GroupHeard | None, theme: str) -> Spoken:
    if group is None:
        return Spoken(time.label, time.period, 0, None, None, None)
    counted: Mapping[str, tuple[Count, Distribution | None]] = {
        one.id: (one.count, one.polarity) for one in group.themes
    }
    count, polarity = counted.get(theme, (None, None))
    share = None
    if count and count.n is not None and group.written and count.n <= group.written >= BOARD.percent_base:
        share = wilson(count.n, group.written)
    return Spoken(time.label, time.period, group.written, count, share, polarity)


def _of(who: str, groups: Collection[GroupHeard]) -> GroupHeard | None:
    return next((group for group in groups if group.respondent == who), None)
