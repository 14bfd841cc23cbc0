"""The Board's overview as a document: what stands on the page, in order, with nothing left to work out there.

The page shows it now; a meeting pack can write the same document. Every figure in it has passed `figures`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from hscb_voice.board.charts import Chart, charts_of
from hscb_voice.board.concerns_counted import ConcernsCounted, concerns_counted
from hscb_voice.board.conferences import INITIAL, REVIEW, Conferences, conferences_of
from hscb_voice.board.disclosure import BOARD, guard_total
from hscb_voice.board.figures import Figures, Invented, figures_from
from hscb_voice.board.periods import Period, quarter, reporting_year, reporting_year_of
from hscb_voice.board.queries import Raw, has_wider_spans, raw_by_respondent, raw_counts, spans_heard
from hscb_voice.board.quotes import Quotes, quotes_of
from hscb_voice.board.sentences import WHO, said_in
from hscb_voice.board.sureness import sure_sentences
from hscb_voice.board.themes_heard import GroupHeard, themes_heard
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.questionnaires.queries import published_slugs

_MOST_HEADLINES = 6
_FIRST_HEARD = ("child", "parent", "professional")


@dataclass(frozen=True)
class Card:
    """One questionnaire on the overview."""

    figures: Figures
    sentences: tuple[str, ...]
    charts: tuple[Chart, ...]


@dataclass(frozen=True)
class Headline:
    """One plain sentence, and which questionnaire it is from."""

    slug: str
    about: str
    sentence: str


@dataclass(frozen=True)
class Group:
    """The questionnaires that one group of people answers."""

    title: str
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Heard:
    """How many were heard, in all and by who they are."""

    total: int | None  # None when it would give a small number away
    at_least: int  # what can be said instead
    by_respondent: tuple[tuple[str, int], ...]  # in words, and how many; empty when one of them is too few to show


@dataclass(frozen=True)
class Overview:
    """Everything on the Board's overview of one period."""

    period: Period
    heard: Heard
    headlines: tuple[Headline, ...]
    sure: tuple[str, ...]
    groups: tuple[Group, ...]
    silent: tuple[Figures, ...]  # questionnaires that nobody answered
    themes: tuple[GroupHeard, ...]
    quotes: Quotes
    conferences: Conferences | None
    concerns: tuple[ConcernsCounted, ...]
    invented: Invented
    is_wider: bool  # some answers may belong here, but only a longer time is known of them

    @property
    def is_empty(self) -> bool:
        """Tell whether nobody was heard in the period."""
        return self.heard.at_least == 0


def periods_heard(connection: Connection) -> list[Period]:
    """Return the reporting years and quarters in which somebody was heard, newest first, a year before its quarters.

    Args:
        connection: a reading connection.

    Returns:
        The periods; none when there are no responses.
    """
    spans = spans_heard(connection)
    years = sorted({reporting_year_of(start) for start, _ in spans}, reverse=True)
    periods = [p for year in years for p in (reporting_year(year), *(quarter(year, n) for n in range(1, 5)))]
    return [period for period in periods if any(period.holds(*span) for span in spans)]


def overview_of(connection: Connection, keys: KeyRing, period: Period) -> Overview:
    """Put the overview of a period together.

    Args:
        connection: a reading connection.
        keys: open the words of approved quotes.
        period: whole months.

    Returns:
        The document.
    """
    slugs = published_slugs(connection)
    raw = raw_counts(connection, period, slugs)
    figures = figures_from(connection, raw, period)
    responses = _by_respondent(raw)
    answered = [one for one in figures.values() if one.responses != 0]
    return Overview(
        period=period,
        heard=_heard(raw, responses),
        headlines=_headlines(answered),
        sure=sure_sentences(answered),
        groups=_groups(answered),
        silent=tuple(one for one in figures.values() if one.responses == 0),
        themes=themes_heard(raw_by_respondent(connection, period, slugs), responses),
        quotes=quotes_of(connection, keys, period),
        conferences=conferences_of(figures, period),
        concerns=concerns_counted(raw),
        invented=_invented(answered),
        is_wider=has_wider_spans(connection, period, slugs),
    )


def _by_respondent(raw: Mapping[str, Raw]) -> dict[str, int]:
    return {who: sum(one.by_respondent.get(who, 0) for one in raw.values()) for who in _FIRST_HEARD}


def _heard(raw: Mapping[str, Raw], responses: Mapping[str, int]) -> Heard:
    parts = [one.responses for one in raw.values()]
    total = guard_total(sum(parts), parts)
    # A questionnaire's own number beside the sum of all who answered it would tell the one that is hidden.
    is_safe = not any(BOARD.is_small(n) for one in raw.values() for n in (one.responses, *one.by_respondent.values()))
    small = sum(1 for n in parts if BOARD.is_small(n))
    return Heard(
        total=total if total is None or not BOARD.is_small(total) else None,
        at_least=sum(n for n in parts if not BOARD.is_small(n)) + small,
        by_respondent=tuple((WHO[who], n) for who, n in responses.items() if n) if is_safe else (),
    )


def _headlines(answered: list[Figures]) -> tuple[Headline, ...]:
    """Choose what to say first: children before adults, and of each the questionnaires that most people answered."""
    order = sorted(answered, key=lambda one: (_FIRST_HEARD.index(one.respondent), -(one.responses or 0)))
    told = [[Headline(one.slug, one.short_title, sentence) for sentence in said_in(one)] for one in order]
    firsts = [headlines[0] for headlines in told if headlines]
    lasts = [headlines[-1] for headlines in told if len(headlines) > 1]
    return (*firsts[: _MOST_HEADLINES - 2], *lasts[:2])


def _groups(answered: list[Figures]) -> tuple[Group, ...]:
    groups = []
    for who in _FIRST_HEARD:
        own = [one for one in answered if one.respondent == who]
        cards = tuple(
            Card(one, said_in(one), () if one.slug in {INITIAL, REVIEW} else charts_of(one, opinions_only=True))
            for one in sorted(own, key=lambda one: -(one.responses or 0))
        )
        if cards:
            groups.append(Group(f"What {WHO[who]} said", cards))
    return tuple(groups)


def _invented(answered: list[Figures]) -> Invented:
    states = {one.invented for one in answered}
    return states.pop() if len(states) == 1 else Invented.SOME if states else Invented.NONE
