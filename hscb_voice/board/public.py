"""Figures as the public and children get them: 1 to 7 hidden, everything else rounded to the nearest five.

It is made of the Board's guarded figures and of nothing else, so whatever is hidden from the Board is hidden here.
Every number is rounded by itself, totals too, so nothing adds up exactly; where one count of a row is hidden, the next
smallest is hidden with it. Nothing that hangs on exact numbers passes: no share, no range, no sentence, no order.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hscb_voice.board.disclosure import Level
from hscb_voice.board.figures import Count, Distribution, Figures, QuestionFigures
from hscb_voice.board.overview import Overview
from hscb_voice.board.quotes import Quotes, ShownQuote
from hscb_voice.board.themes_heard import ThemeHeard

PUBLIC = Level(fewest=8)
_STEP = 5


@dataclass(frozen=True)
class PublicFigures:
    """What of a period's overview the public may have."""

    by_respondent: tuple[tuple[str, int], ...]  # in words, and about how many; only those that are shown
    figures: tuple[Figures, ...]  # questionnaires with anything to show, most answers first
    themes: tuple[tuple[str, tuple[ThemeHeard, ...]], ...]  # respondent -> themes without how they were spoken of
    quotes: tuple[ShownQuote, ...]
    invented: str


def for_the_public(document: Overview) -> PublicFigures:
    """Return what of an overview may be published.

    Args:
        document: the Board's.

    Returns:
        Rounded figures.
    """
    every = (public_figures(card.figures) for group in document.groups for card in group.cards)
    shown = sorted((one for one in every if one.responses), key=lambda one: (-(one.responses or 0), one.slug))
    numbers = [(name, about(n)) for name, n in document.heard.by_respondent]
    slugs = {one.slug for one in shown}
    return PublicFigures(
        by_respondent=tuple((name, n) for name, n in numbers if n),
        figures=tuple(shown),
        themes=tuple((group.respondent, _themes(group.themes)) for group in document.themes),
        quotes=tuple(one for one in _all(document.quotes) if one.slug in slugs),
        invented=document.invented.value,
    )


def about(n: int | None) -> int | None:
    """Round a number that the Board may see to the nearest five.

    Args:
        n: how many; None where the Board is not shown it.

    Returns:
        About how many; None for 1 to 7 as well.
    """
    return None if n is None or PUBLIC.is_small(n) else (n + _STEP // 2) // _STEP * _STEP


def public_figures(figures: Figures) -> Figures:
    """Round one questionnaire's guarded figures.

    Args:
        figures: as the Board sees them.
    """
    return replace(
        figures,
        responses=about(figures.responses),
        invited=about(figures.invited),
        questions=tuple(_question(question) for question in figures.questions) if about(figures.responses) else (),
        top_throughout=None,
        invented_count=None,
        notes=("Numbers are rounded to the nearest five. Fewer than eight are not shown.",),
    )


def public_row(row: Distribution) -> Distribution:
    """Round one row, and hide a second count where one alone is hidden.

    Args:
        row: as the Board sees it.
    """
    base = about(row.base)
    numbers = [about(count.n) for count in row.counts]
    hidden = [place for place, n in enumerate(numbers) if n is None]
    # What is left of the sum is some answer too: those who gave none are no part of it.
    shown = [place for place, n in enumerate(numbers) if n]
    if len(hidden) == 1 and shown:
        numbers[min(shown, key=lambda place: (numbers[place] or 0, place))] = None
    if not base or base < PUBLIC.percent_base:
        numbers = [None] * len(numbers)
    counts = (replace(count, n=n, share=None, at_least=None) for count, n in zip(row.counts, numbers, strict=True))
    return Distribution(row.key, row.text, base, base if base and base >= PUBLIC.percent_base else None, tuple(counts))


def _question(question: QuestionFigures) -> QuestionFigures:
    return replace(question, base=about(question.base), rows=tuple(public_row(row) for row in question.rows))


def _themes(themes: Sequence[ThemeHeard]) -> tuple[ThemeHeard, ...]:
    rounded = [ThemeHeard(one.id, one.name, Count(one.id, one.name, about(one.count.n)), None) for one in themes]
    shown = [one for one in rounded if one.count.n]
    return tuple(sorted(shown, key=lambda one: (-(one.count.n or 0), one.name)))


def _all(quotes: Quotes) -> tuple[ShownQuote, ...]:
    return (*quotes.lead, *quotes.first, *quotes.rest)
