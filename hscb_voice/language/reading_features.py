"""Put what the rules found into the numbers that the learned models take beside the words.

Why: rules and models decide together; this is the one place where both training and reading make these numbers, so
that they cannot drift apart.
May not: decide anything.
"""

from collections.abc import Sequence

from hscb_voice.language.concern import ConcernReading
from hscb_voice.language.learned import Piece, text_features
from hscb_voice.language.normalise import Normalised
from hscb_voice.language.polarity import PolarityReading
from hscb_voice.language.questions import leaning_of, themes_asked
from hscb_voice.language.theme_matching import ThemeMatch

_SCORE_SCALE = 3.0
_SHORT, _LONG = 6, 40


def concern_features(
    n: Normalised, pieces: Sequence[Piece], concern: ConcernReading, respondent: str, question: str | None
) -> dict[str, float]:
    """Return the features by which a concern is judged: words, who speaks, what was asked, what the screen found.

    Args:
        n: the normalised comment, names masked.
        pieces: its words and pairs of words.
        concern: what the rules of the screen found.
        respondent: child, parent or professional.
        question: key or words of the question, when known.

    Returns:
        Feature -> value.
    """
    features = text_features(n.text, pieces)
    features[f"r:{respondent}"] = 1.0
    features[f"q:{leaning_of(question, respondent)}"] = 1.0
    words = len(n.text.split())
    features["n:short" if words < _SHORT else "n:long" if words > _LONG else "n:middle"] = 1.0
    if concern.flag:
        by_signs = all(evidence.rule.startswith("signs.") for evidence in concern.evidence)
        features["k:signs" if by_signs else "k:rule"] = 1.0
    for reason in concern.reasons:
        features[f"k:{reason}"] = 1.0
    return features


def reading_features(
    features: dict[str, float],
    polarity: PolarityReading,
    themes: Sequence[ThemeMatch],
    respondent: str,
    question: str | None,
) -> dict[str, float]:
    """Return the features by which polarity and themes are judged: those of the concern, and what the rules read.

    Args:
        features: what `concern_features` returned.
        polarity: what the rules read.
        themes: what the codebook's phrases found.
        respondent: child, parent or professional.
        question: key or words of the question, when known.

    Returns:
        Feature -> value.
    """
    more = {f"p:{polarity.polarity}": 1.0, "p:wish": 1.0 if polarity.wish else 0.0}
    more["p:well"] = min(max(polarity.score, 0.0) / _SCORE_SCALE, 1.0)
    more["p:ill"] = min(max(-polarity.score, 0.0) / _SCORE_SCALE, 1.0)
    more |= {f"t:{theme.id}": theme.confidence for theme in themes}
    more |= {f"a:{theme_id}": 1.0 for theme_id in themes_asked(question, respondent)}
    return {**features, **more}
