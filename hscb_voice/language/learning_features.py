"""Turn a comment into what a model learns from people is told of it: its words, and what was read without that model.

Why: training and reading must make the same features, or a model would be asked about things it never learned. What
the rules and the shipped model say is among them, so that a model learned from few examples begins where they stand.
May not: decide anything, or load anything heavy.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from hscb_voice.language.codebook import Codebook
from hscb_voice.language.learned import Features, shipped_model
from hscb_voice.language.normalise import Normalised
from hscb_voice.language.reading import Comment, Reading, RuleReading, judged_reading, rule_reading

_SURE = 0.6
_STEPS = (-1.5, -0.75, 0.0, 0.75, 1.5)
_LONGEST_QUESTION = 80


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one comment before a model learned from people speaks."""

    masked: Normalised  # names replaced
    reading: Reading  # by rules and the shipped model
    features: Features


def known_of(comment: Comment, codebook: Codebook) -> Known:
    """Read a comment without any model learned from people, and make the features for one.

    Args:
        comment: the comment.
        codebook: the themes to look for.

    Returns:
        The reading and the features.
    """
    ruled = rule_reading(comment, codebook)
    reading = judged_reading(comment, ruled, codebook)
    marks = ruled.features.marks | set(_marks(comment, ruled, reading, codebook))
    return Known(ruled.masked, reading, replace(ruled.features, marks=marks))


def _marks(comment: Comment, ruled: RuleReading, reading: Reading, codebook: Codebook) -> Iterator[str]:
    yield f"s:{reading.polarity.polarity}"
    for theme in reading.themes:
        yield f"m:{theme.id}"
        if theme.confidence > _SURE:
            yield f"m:{theme.id}:sure"
    model = shipped_model()
    shared = [theme_id for theme_id in codebook.theme_ids() if f"theme:{theme_id}" in model.labels]
    if shared:
        scores = model.scores(ruled.features)
        for theme_id in shared:
            beyond = scores[f"theme:{theme_id}"] - model.thresholds[f"theme:{theme_id}"]
            yield from (f"m:{theme_id}:{step}" for step in _STEPS if beyond >= step)
    if comment.question:
        yield f"w:{' '.join(comment.question.lower().split())[:_LONGEST_QUESTION]}"
