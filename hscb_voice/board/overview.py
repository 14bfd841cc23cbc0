"""The Board's overview as a document: what stands on the page, in order, with nothing left to work out there.

The page shows it now; a meeting pack can write the same document. Every figure in it has passed `figures`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from hscb_voice.actions.queries import ActionLine, Answering, acted_in, answering
from hscb_voice.board.charts import Chart, charts_of
from hscb_voice.board.concerns_counted import ConcernsCounted, concerns_counted
from hscb_voice.board.conferences import IN_TIME, INITIAL, REVIEW, Conferences, conferences_of
from hscb_voice.board.disclosure_year import YearRead, read_year
from hscb_voice.board.done_about import done_sentences
from hscb_voice.board.figures import SEVERAL, Figures, Invented, figures_from
from hscb_voice.board.periods import Period, quarter, reporting_year, reporting_year_of
from hscb_voice.board.queries import spans_heard
from hscb_voice.board.quotes import Quotes, quotes_of
from hscb_voice.board.read_by_people import reading_sentences
from hscb_voice.board.sentences import WHO, lean_of, said_about, said_in
from hscb_voice.board.sureness import sure_sentences
from hscb_voice.board.themes_heard import GroupHeard, names_to_count, theme_year, themes_heard, written_about
from hscb_voice.codebooks.queries import codebook_in_force, theme_titles
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.questionnaires.queries import published_slugs

_EACH = 2  # questionnaires of each group of people among the first sentences
_FIRST_HEARD = ("child", "parent", "professional")
_TITLES = {who: f"What {WHO[who]} said" for who in _FIRST_HEARD} | {
    SEVERAL: "What children, young people and professionals said"
}


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
    written: tuple[str, ...]  # what people wrote about most, a sentence a group
    sure: tuple[str, ...]
    groups: tuple[Group, ...]
    silent: tuple[Figures, ...]  # questionnaires that nobody answered
    themes: tuple[GroupHeard, ...]
    reading: tuple[str, ...]  # how much of what was written a person has read
    quotes: Quotes
    conferences: Conferences | None
    concerns: tuple[ConcernsCounted, ...]
    answering: Answering  # of the themes that needed a decision, how many got one
    acted: tuple[ActionLine, ...]  # what was noted, decided or done in the period
    invented: Invented
    is_wider: bool  # some answers may belong here, but only a longer time is known of them

    @property
    def is_empty(self) -> bool:
        """Tell whether nobody was heard in the period."""
        return self.heard.at_least == 0

    @property
    def done(self) -> tuple[str, ...]:
        """What was done about what people said, in short."""
        return done_sentences(self.answering, self.acted)


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
        period: a reporting year or one of its quarters.

    Returns:
        The document.
    """
    slugs = published_slugs(connection)
    read = read_year(connection, period, slugs)
    figures = figures_from(connection, read)
    themes = themes_heard(theme_year(read), _names(connection))
    answered = [one for one in figures.values() if one.responses != 0]
    return Overview(
        period=period,
        heard=_heard(read),
        headlines=_headlines(figures),
        written=tuple(sentence for group in themes if (sentence := written_about(group))),
        sure=sure_sentences(answered),
        groups=_groups(answered),
        silent=tuple(one for one in figures.values() if one.responses == 0),
        themes=themes,
        reading=reading_sentences(connection, period, read.told(read.at), is_over=read.is_over),
        quotes=quotes_of(connection, keys, period),
        conferences=conferences_of(figures, period),
        concerns=concerns_counted(read.slices, read.at, is_over=read.is_over),
        answering=answering(connection, period.start, period.end),
        acted=tuple(acted_in(connection, period.start, period.end)),
        invented=_invented(answered),
        is_wider=any(read.has_wider(slug) for slug in slugs),
    )


def _heard(read: YearRead) -> Heard:
    parts = {slug: slices[read.at].responses for slug, slices in read.heads.items()}
    hidden = sum(1 for slug in parts if not read.is_open(slug))
    # A questionnaire's own number beside the sum of all who answered it would tell the one that is hidden.
    is_safe = len(read.told(read.at)) == len(_FIRST_HEARD)
    responses = {who: read.responses_of(who)[read.at] for who in _FIRST_HEARD}
    return Heard(
        total=sum(parts.values()) if read.sums_open[read.at] else None,
        # Of a questionnaire whose number is hidden, somebody at least has answered.
        at_least=sum(n for slug, n in parts.items() if read.is_open(slug)) + hidden,
        by_respondent=tuple((WHO[who], n) for who, n in responses.items() if n) if is_safe else (),
    )


def _headlines(figures: Mapping[str, Figures]) -> tuple[Headline, ...]:
    """Choose what to say first: children before adults, and of each the questionnaires that most people answered."""
    told: list[Headline] = []
    for who in _TITLES:
        own = [one for one in figures.values() if one.respondent == who and one.slug not in {INITIAL, REVIEW}]
        said = [(one, sentences) for one in own if (sentences := said_in(one))]
        said.sort(key=lambda pair: -(pair[0].responses or 0))
        firsts = [Headline(one.slug, one.short_title, sentences[0]) for one, sentences in said[:_EACH]]
        # The largest one's weakest point goes with its strongest: neither says enough alone.
        weakest = [Headline(one.slug, one.short_title, sentences[-1]) for one, sentences in said[:1] if sentences[1:]]
        told += [*firsts[:1], *weakest, *firsts[1:]]
    return (*told, *_in_time(figures))


def _in_time(figures: Mapping[str, Figures]) -> list[Headline]:
    """Say of each kind of conference whether the social worker's report came in enough time."""
    found = []
    for one in (figures.get(INITIAL), figures.get(REVIEW)):
        question = one.question(IN_TIME) if one else None
        lean = lean_of(question.rows[0]) if question and question.rows else None
        if one and lean:
            found.append(Headline(one.slug, one.short_title, said_about(lean, one.respondent)))
    return found


def _groups(answered: list[Figures]) -> tuple[Group, ...]:
    groups = []
    for who, title in _TITLES.items():
        own = [one for one in answered if one.respondent == who]
        cards = tuple(
            Card(one, said_in(one), () if one.slug in {INITIAL, REVIEW} else charts_of(one, opinions_only=True))
            for one in sorted(own, key=lambda one: -(one.responses or 0))
        )
        if cards:
            groups.append(Group(title, cards))
    return tuple(groups)


def _invented(answered: list[Figures]) -> Invented:
    states = {one.invented for one in answered}
    return states.pop() if len(states) == 1 else Invented.SOME if states else Invented.NONE


def _names(connection: Connection) -> dict[str, str]:
    return names_to_count(theme_titles(connection), codebook_in_force(connection).theme_ids())
