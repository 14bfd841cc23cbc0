"""How good the data are: who filled in the form, by which way and in which language it came, what is read and coded.

Ways, languages and second answers are guarded as if each questionnaire asked for them: through the year, with the
number of its responses as the sum.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from babel import Locale, UnknownLocaleError
from sqlalchemy import Connection

from hscb_voice.board.counts import Place
from hscb_voice.board.disclosure import BOARD
from hscb_voice.board.disclosure_side_by_side import guard_line, guard_rows
from hscb_voice.board.disclosure_year import YearRead, read_year
from hscb_voice.board.figures import Count, Distribution, Figures, figures_from
from hscb_voice.board.intervals import wilson
from hscb_voice.board.periods import Period
from hscb_voice.board.queries import SECOND
from hscb_voice.board.read_by_people import reading_sentences
from hscb_voice.questionnaires.queries import published_slugs
from hscb_voice.responses.tallies import CHANNEL, LANGUAGE
from hscb_voice.web.languages import LANGUAGES

_ANSWERED = "answered"
_CHANNELS = {
    "link": "By a link",
    "poster": "By a poster’s code",
    "tablet": "On a shared tablet",
    "worker": "With a worker",
    "paper": "On paper",
    "import": "Brought in from print or a spreadsheet",
}
_OFFERED = {CHANNEL: tuple(_CHANNELS), LANGUAGE: tuple(LANGUAGES)}


@dataclass(frozen=True)
class Quality:
    """One questionnaire's data, and how far they can be trusted."""

    figures: Figures
    filled_in: Distribution | None  # alone, with help; None when it was not asked
    came: Distribution | None  # by which way; None when the questionnaire's number is too few to show
    spoken: Distribution | None  # in which language
    second: int | None  # sittings of which a second, different answer came; None when too few to show

    @property
    def is_shown(self) -> bool:
        """Tell whether anything of it may be shown."""
        return self.figures.responses is not None


@dataclass(frozen=True)
class DataQuality:
    """What the page shows."""

    questionnaires: tuple[Quality, ...]  # those that somebody answered
    reading: tuple[str, ...]  # how much of what was written is read and coded

    @property
    def shown(self) -> tuple[Quality, ...]:
        """Return those of which something may be shown."""
        return tuple(one for one in self.questionnaires if one.is_shown)


def data_quality(connection: Connection, period: Period) -> DataQuality:
    """Put the page together.

    Args:
        connection: a reading connection.
        period: a reporting year or one of its quarters.

    Returns:
        Guarded counts of every questionnaire that was answered.
    """
    read = read_year(connection, period, published_slugs(connection))
    figures = figures_from(connection, read)
    answered = [one for one in figures.values() if one.responses != 0]
    return DataQuality(
        questionnaires=tuple(_quality(one, read, read.counts[one.slug].came) for one in answered),
        reading=reading_sentences(connection, period, read.told(read.at), is_over=read.is_over),
    )


def _quality(figures: Figures, read: YearRead, arrived: Sequence[Mapping[Place, int]]) -> Quality:
    question = figures.question(_ANSWERED)
    filled_in = question.rows[0] if question and question.rows else None
    opens = read.opens[figures.slug]
    totals = tuple(one.responses for one in read.heads[figures.slug])
    seconds = tuple(one.get((SECOND, "", "yes"), 0) for one in arrived)
    is_shown = figures.responses is not None
    return Quality(
        figures=figures,
        filled_in=filled_in if is_shown else None,
        came=_spread(CHANNEL, read, figures.slug, arrived) if is_shown else None,
        spoken=_spread(LANGUAGE, read, figures.slug, arrived) if is_shown else None,
        second=guard_line(seconds, totals, opens, is_over=read.is_over)[read.at],
    )


def _spread(what: str, read: YearRead, slug: str, arrived: Sequence[Mapping[Place, int]]) -> Distribution:
    """Guard one thing that is known of every response, like a question that everybody answered."""
    heard = {choice for one in arrived for question, _, choice in one if question == what}
    # All that could be, and not only what came: else a place in the list would tell that somebody stands behind it.
    choices = [*_OFFERED[what], *sorted(heard - set(_OFFERED[what]))]
    columns = [tuple(one.get((what, "", choice), 0) for one in arrived) for choice in choices]
    known = [sum(row) for row in zip(*columns, strict=True)]
    totals = [one.responses for one in read.heads[slug]]
    rest = [max(total - n, 0) for total, n in zip(totals, known, strict=True)]
    rows = tuple(zip(*columns, rest, strict=True))
    guarded = guard_rows(rows, read.opens[slug], is_over=read.is_over)[read.at]
    base = guarded.base
    is_enough = base is not None and base >= BOARD.percent_base
    counts = tuple(
        Count(choice, _name(what, choice), n, wilson(n, base) if is_enough and base and n is not None else None, bound)
        for choice, n, bound in zip(choices, guarded.counts, guarded.at_least, strict=True)
    )
    return Distribution(what, what, base, base if is_enough else None, counts)


def _name(what: str, choice: str) -> str:
    if what == CHANNEL:
        return _CHANNELS.get(choice, choice.capitalize())
    try:
        return Locale.parse(choice, sep="-").get_display_name("en") or choice
    except (UnknownLocaleError, ValueError):
        return choice
