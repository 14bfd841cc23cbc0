"""Looks at the words that people are told, before anybody reads them: are they easy enough, do they name somebody?

It measures and points; a person decides. Only English can be measured for its grade; of other languages the length of
sentences is. It keeps nothing.
"""

import re
from dataclasses import dataclass

from hscb_voice.language.normalise import normalise
from hscb_voice.language.reading_level import reading_level, syllables
from hscb_voice.language.redaction import redact

_WORD = re.compile(r"[A-Za-z’']+")
_LONG = 3  # syllables
_MOST_NAMED = 6
_TELLING = {"person", "school", "contact"}  # a town or a day by itself tells on nobody


@dataclass(frozen=True)
class Limit:
    """What one kind of reader can be asked to read: the same limits that the questionnaires keep."""

    grade: float
    words_a_sentence: int


_CHILDREN, _ADULTS = Limit(3, 12), Limit(6, 20)


@dataclass(frozen=True)
class Checked:
    """What was found in some words."""

    grade: float | None  # None for a language that is not measured
    longest_sentence: int
    limit: Limit
    hard_words: tuple[str, ...]  # of three syllables and more
    likely_names: tuple[str, ...]

    @property
    def is_hard(self) -> bool:
        """Tell whether it is harder to read than it should be."""
        too_high = self.grade is not None and self.grade > self.limit.grade
        return too_high or self.longest_sentence > self.limit.words_a_sentence

    @property
    def problems(self) -> tuple[str, ...]:
        """Return what to mend, in sentences."""
        found = []
        if self.longest_sentence > self.limit.words_a_sentence:
            found.append(
                f"The longest sentence has {self.longest_sentence} words; "
                f"{self.limit.words_a_sentence} are enough for these readers"
            )
        if self.grade is not None and self.grade > self.limit.grade:
            words = f" Words to make shorter: {', '.join(self.hard_words)}." if self.hard_words else ""
            found.append(
                f"It reads like school grade {self.grade:.0f}; these readers manage {self.limit.grade:.0f}.{words}"
            )
        if self.likely_names:
            found.append(f"This may name somebody: {', '.join(self.likely_names)}")
        return tuple(found)


def check_words(texts: list[str], look: str, language: str) -> Checked:
    """Measure words for some readers.

    Args:
        texts: what they will read, together.
        look: for whom, such as `child`.
        language: its code.

    Returns:
        What was found.

    Raises:
        ValueError: there are no words.
    """
    level = reading_level(texts)
    is_english = language == "en"
    words = {word.lower() for text in texts for word in _WORD.findall(text)}
    hard = sorted((word for word in words if syllables(word) >= _LONG), key=lambda word: (-syllables(word), word))
    return Checked(
        grade=level.grade if is_english else None,
        longest_sentence=level.longest_sentence,
        limit=_ADULTS if look == "adult" else _CHILDREN,
        hard_words=tuple(hard[:_MOST_NAMED]) if is_english else (),
        likely_names=_names(texts),
    )


def _names(texts: list[str]) -> tuple[str, ...]:
    spans = [(text, span) for text in texts for span in redact(normalise(text)).spans]
    found = [text[span.start : span.end] for text, span in spans if span.kind in _TELLING]
    return tuple(dict.fromkeys(found))[:_MOST_NAMED]
