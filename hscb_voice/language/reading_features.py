"""Put what the rules found into the marks that the learned models take beside the words.

Why: rules and models decide together; this is the one place where both training and reading make these marks, so
that they cannot drift apart.
May not: decide anything.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from hscb_voice.language.clauses import clauses
from hscb_voice.language.concern import ConcernReading
from hscb_voice.language.learned import Features, text_features
from hscb_voice.language.normalise import Normalised
from hscb_voice.language.polarity import PolarityReading
from hscb_voice.language.questions import leaning_of, themes_asked
from hscb_voice.language.theme_matching import ThemeMatch

_SHORT, _LONG = 6, 40
_SURE = 0.6
_STEPS = (0.5, 1.0, 2.0, 3.0)
BY_RULE, BY_SIGNS = "k:rule", "k:signs"
"""The marks of a concern that a rule raised, and of one that faint signs alone raised."""


def concern_features(n: Normalised, concern: ConcernReading, respondent: str, question: str | None) -> Features:
    """Return the features by which a concern is judged: words, who speaks, what was asked, what the screen found.

    Args:
        n: the normalised comment, names masked.
        concern: what the rules of the screen found.
        respondent: child, parent or professional.
        question: key or words of the question, when known.

    Returns:
        The features.
    """
    words = n.text.count(" ") + 1
    marks = [
        f"r:{respondent}",
        f"q:{leaning_of(question, respondent)}",
        "n:short" if words < _SHORT else "n:long" if words > _LONG else "n:middle",
    ]
    if concern.flag:
        by_signs = all(evidence.rule.startswith("signs.") for evidence in concern.evidence)
        marks.append(BY_SIGNS if by_signs else BY_RULE)
    marks += [f"k:{reason}" for reason in concern.reasons]
    parts = clauses(n)
    return text_features(n.text, parts[-1].text if len(parts) > 1 else "", marks)


def reading_features(
    features: Features,
    polarity: PolarityReading,
    themes: Sequence[ThemeMatch],
    respondent: str,
    question: str | None,
) -> Features:
    """Return the features by which polarity and themes are judged: those of the concern, and what the rules read.

    Args:
        features: what `concern_features` returned.
        polarity: what the rules read.
        themes: what the codebook's phrases found.
        respondent: child, parent or professional.
        question: key or words of the question, when known.

    Returns:
        The features.
    """
    more = {f"p:{polarity.polarity}", *_polarity_marks(polarity)}
    for theme in themes:
        more.add(f"t:{theme.id}")
        if theme.confidence > _SURE:
            more.add(f"t:{theme.id}:sure")
    more |= {f"a:{theme_id}" for theme_id in themes_asked(question, respondent)}
    return replace(features, marks=features.marks | more)


def _polarity_marks(polarity: PolarityReading) -> Iterator[str]:
    """Yield a mark for each step that the score reaches, and one for a wish."""
    if polarity.wish:
        yield "p:wish"
    for step in _STEPS:
        if abs(polarity.score) >= step:
            yield f"p:{'well' if polarity.score > 0 else 'ill'}:{step}"
