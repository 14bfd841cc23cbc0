"""Hold the words that decided something.

Why: every polarity, theme, redaction and concern must show a person which words it rests on, and which rule read them.
May not: decide anything itself.
"""

from dataclasses import dataclass

from hscb_voice.language.normalise import Normalised


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of a comment that a rule rests on; `start` and `end` are offsets in the original text."""

    start: int
    end: int
    rule: str
    words: str


def evidence_at(n: Normalised, start: int, end: int, rule: str) -> Evidence:
    """Make evidence for a stretch of normalised text.

    Args:
        n: the normalised comment.
        start: first character, in the normalised text.
        end: one past the last character, in the normalised text.
        rule: stable name of the rule that read these words.

    Returns:
        The evidence, with offsets and words of the original text.
    """
    first, last = n.original_span(start, end)
    return Evidence(start=first, end=last, rule=rule, words=n.original[first:last])
