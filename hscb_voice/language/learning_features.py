"""Turn a comment into what a model learns from people is told of it: its words, and what was read without that model.

Why: training and reading must make the same features, or a model would be asked about things it never learned. What
the rules and the shipped model say is among them, so that a model learned from few examples begins where they stand.
May not: decide anything, or load anything heavy.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from hscb_voice.language.codebook import Codebook, default_codebook
from hscb_voice.language.edited import edited_themes
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


def known_of(comment: Comment, codebook: Codebook, *, with_shipped: bool = True) -> Known:
    """Read a comment without any model learned from people, and make the features for one.

    Args:
        comment: the comment.
        codebook: the themes to look for: the program's own, an edited one, or anybody's.
        with_shipped: whether the shipped model has its say; without it, the rules stand alone.

    Returns:
        The reading and the features. What is said of the program's own themes is told whatever the codebook: visits
        and kindness are spoken of elsewhere too.
    """
    own = default_codebook()
    ruled = rule_reading(comment, own)
    reading = judged_reading(comment, ruled, own) if with_shipped else ruled.reading
    marks = ruled.features.marks | set(_marks(comment, reading))
    if with_shipped:
        marks |= set(_nearness(ruled))
    if codebook is not own:
        reading = replace(reading, themes=edited_themes(comment, ruled, reading, codebook))
        marks |= {f"f:{theme.id}" for theme in reading.themes}
    return Known(ruled.masked, reading, replace(ruled.features, marks=marks))


def _marks(comment: Comment, reading: Reading) -> Iterator[str]:
    yield f"s:{reading.polarity.polarity}"
    for theme in reading.themes:
        yield f"m:{theme.id}"
        if theme.confidence > _SURE:
            yield f"m:{theme.id}:sure"
    if comment.question:
        yield f"w:{' '.join(comment.question.lower().split())[:_LONGEST_QUESTION]}"


def _nearness(ruled: RuleReading) -> Iterator[str]:
    """Yield marks for how near the shipped model is to each of its themes, said or not."""
    model = shipped_model()
    for label, score in model.scores(ruled.features).items():
        if label.startswith("theme:"):
            beyond = score - model.thresholds[label]
            yield from (f"m:{label.removeprefix('theme:')}:{step}" for step in _STEPS if beyond >= step)
