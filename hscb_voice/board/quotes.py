"""Quotes as the Board meets them: cleared by a person, masked, and balanced, so that praise does not drown the rest.

A quote stands beside the figures of its cell: who answered which questionnaire in the period. Where that cell is too
small for its number to be shown, or hidden beside one that is, so are its quotes; and a theme that is too seldom to be
shown is not named with one.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from hscb_voice.board.disclosure import BOARD
from hscb_voice.board.disclosure_year import YearRead, read_year
from hscb_voice.board.periods import Period
from hscb_voice.board.themes_heard import theme_year, themes_heard
from hscb_voice.codebooks.queries import theme_titles
from hscb_voice.foundation.fence import beyond_the_fence
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.safeguarding.queries import unclosed_among
from hscb_voice.themes.quoted import ApprovedQuote, Quoted, approved_quotes, quotes_gone

_MOST = 200
_AT_ONCE = 200  # opened together; a page that hides many of them goes on to older ones
_AT_FIRST = 8
_LONGEST_LEAD = 200  # letters: a quote at the top is read at a glance
# What is hard to hear comes first in turn, for it is the easiest to pass over.
_TURNS = ("negative", "mixed", "positive", "neutral")


@dataclass(frozen=True)
class ShownQuote:
    """One quote and where it comes from."""

    words: str
    respondent: str
    slug: str
    themes: tuple[str, ...]  # names
    polarity: str
    source: str
    invented: bool
    response_id: str


@dataclass(frozen=True)
class _Cells:
    """The counts beside which quotes stand."""

    read: YearRead | None  # None when there is no quote to set beside them
    themes: Collection[tuple[str, str]]  # respondent and theme of which the number is shown beside them

    def may_show(self, quote: ApprovedQuote) -> bool:
        """Tell whether as many answered as may be shown. What the Board has printed itself is known already."""
        if quote.source or self.read is None:
            return True
        answered = self.read.heads[quote.slug][self.read.at].by_respondent.get(quote.respondent, 0)
        return answered >= BOARD.fewest and self.read.is_open(quote.slug)

    def may_name(self, quote: ApprovedQuote, theme: str) -> bool:
        """Tell whether a theme is heard often enough among those who answered to be named."""
        return bool(quote.source) or (quote.respondent, theme) in self.themes


@dataclass(frozen=True)
class Quotes:
    """The quotes of a period: two to begin with, some more, balanced, and the rest."""

    lead: tuple[ShownQuote, ...]  # of children where there are any, and of different polarity
    first: tuple[ShownQuote, ...]
    rest: tuple[ShownQuote, ...]

    @property
    def total(self) -> int:
        """Return how many there are."""
        return len(self.lead) + len(self.first) + len(self.rest)


def quotes_of(connection: Connection, keys: KeyRing, period: Period, slug: str = "", theme: str = "") -> Quotes:
    """Return the approved quotes of a period.

    Args:
        connection: a reading connection.
        keys: open the words.
        period: a reporting year or one of its quarters.
        slug: one questionnaire, or all when empty.
        theme: only quotes beside which this theme may be named; all when empty.

    Returns:
        The quotes, good and bad in turn.
    """
    found, cells = _to_show(connection, keys, period, slug, theme)
    names = theme_titles(connection)
    shown = [_shown(quote, cells, names) for quote in balanced(found)]
    lead = _lead(shown)
    others = [quote for quote in shown if quote not in lead]
    return Quotes(lead, tuple(others[:_AT_FIRST]), tuple(others[_AT_FIRST:]))


def words_cleared(connection: Connection, keys: KeyRing, period: Period) -> dict[str, list[str]]:
    """Return the words that are cleared now, masked: what was put together a moment ago is held against these.

    Args:
        connection: any connection.
        keys: open the words.
        period: a reporting year or one of its quarters.

    Returns:
        Words -> the ids of the comments that say them; nearly always one.
    """
    found: dict[str, list[str]] = {}
    for quote in _cleared(connection, keys, period):
        found.setdefault(quote.redacted, []).append(quote.comment_id)
    return found


def words_gone(connection: Connection, keys: KeyRing, quoted: Quoted, now: datetime) -> frozenset[str]:
    """Return which words of a pack must not stand in it any more; the arguments are those of `quotes_gone`."""
    with beyond_the_fence(connection):
        return quotes_gone(connection, keys, quoted, now)


def balanced(quotes: Sequence[ApprovedQuote]) -> list[ApprovedQuote]:
    """Return quotes so that the polarities take turns, as long as there are some of each.

    Args:
        quotes: in any order, which is kept within each polarity.

    Returns:
        All of them.
    """
    waiting = {polarity: [q for q in quotes if q.polarity == polarity] for polarity in _TURNS}
    ordered: list[ApprovedQuote] = []
    while any(waiting.values()):
        for polarity in _TURNS:
            ordered += waiting[polarity][:1]
            del waiting[polarity][:1]
    return ordered + [quote for quote in quotes if quote.polarity not in _TURNS]


def _to_show(
    connection: Connection, keys: KeyRing, period: Period, slug: str, theme: str
) -> tuple[list[ApprovedQuote], _Cells]:
    """Return the newest quotes that may be shown, as many as a page takes, and the counts beside which they stand."""
    cells, found = None, []
    for quote in _cleared(connection, keys, period, slug, theme):
        cells = cells or _cells(connection, period)
        if cells.may_show(quote) and (not theme or cells.may_name(quote, theme)):
            found.append(quote)
        if len(found) == _MOST:
            break
    return found, cells or _Cells(None, ())


def _cleared(
    connection: Connection, keys: KeyRing, period: Period, slug: str = "", theme: str = ""
) -> Iterator[ApprovedQuote]:
    pages = approved_quotes(connection, keys, period.start, period.end, slug=slug, theme=theme, size=_AT_ONCE)
    while True:
        # What a person has cleared, masked, is for everybody who sees the Board's pages, whatever their team.
        with beyond_the_fence(connection):
            page = next(pages, None)
            if page is None:
                return
            # A concern may have been raised, or opened again, since a person cleared the words.
            barred = unclosed_among(connection, {quote.response_id for quote in page})
        yield from (quote for quote in page if quote.response_id not in barred)


def _lead(shown: Sequence[ShownQuote]) -> tuple[ShownQuote, ...]:
    from_children = [quote for quote in shown if quote.respondent == "child"] or list(shown)
    by_polarity: dict[str, ShownQuote] = {}
    for quote in from_children:
        if len(quote.words) <= _LONGEST_LEAD:
            by_polarity.setdefault(quote.polarity, quote)
    return tuple(by_polarity.values())[:2]


def _cells(connection: Connection, period: Period) -> _Cells:
    # Themes are shown over all questionnaires, so it is there that a theme must be heard often enough.
    read = read_year(connection, period, ())
    groups = themes_heard(theme_year(read))
    return _Cells(read, {(group.respondent, theme.id) for group in groups for theme in group.themes})


def _shown(quote: ApprovedQuote, cells: _Cells, names: Mapping[str, str]) -> ShownQuote:
    return ShownQuote(
        words=quote.redacted,
        respondent=quote.respondent,
        slug=quote.slug,
        themes=tuple(names.get(theme, theme) for theme in quote.themes if cells.may_name(quote, theme)),
        polarity=quote.polarity,
        source=quote.source,
        invented=quote.invented,
        response_id=quote.response_id,
    )
