"""The invented words of the demonstration: reads `words/*.yaml` and deals them out, none more than twice.

Nobody said these words. They are kept apart from the code so that people can read and improve them. This module
knows neither who answers nor what is ticked, and may not take words from anywhere else.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, StrictStr

WORDS = Path(__file__).parent / "words"
MOST_USES = 2
_QUARTERS_BETWEEN_USES = 3  # the same words twice on one page of the Board's would look like a fault
_USED_AGAIN = 0.35


class Voice(StrEnum):
    """Whose way of writing it is."""

    YOUNGER = "younger"  # a child of about 5 to 9
    OLDER = "older"  # 15 and over
    FATHER = "father"  # where the form asks which carer it is
    PROFESSIONAL = "professional"  # where a questionnaire is answered by young people and by professionals
    ANYONE = "anyone"  # of those who answer the questionnaire, except younger children


class Strand(StrEnum):
    """The mood of a comment, or the story of which it is a part."""

    POSITIVE = "positive"
    MIXED = "mixed"
    NEGATIVE = "negative"
    WISH = "wish"
    CONCERN = "concern"  # mild, and never graphic
    CHANGES_OF_WORKER = "changes_of_worker"
    MORE_SESSIONS = "more_sessions"
    LATE_REPORT = "late_report"
    TIMELY_REPORT = "timely_report"


class WordBook(BaseModel):
    """One file of invented words."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    questionnaires: tuple[StrictStr, ...]
    hidden: tuple[StrictStr, ...]  # made-up names in these words, which a quote must not show
    words: dict[str, dict[Voice, dict[Strand, tuple[StrictStr, ...]]]]


@dataclass(frozen=True)
class Comment:
    """One invented comment and where it belongs."""

    questionnaires: tuple[str, ...]
    question: str
    voice: Voice
    strand: Strand
    text: str


def word_books() -> tuple[WordBook, ...]:
    """Read every file of invented words, in the order of their names."""
    files = sorted(WORDS.glob("*.yaml"))
    return tuple(WordBook.model_validate(yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files)


def all_comments() -> tuple[Comment, ...]:
    """Return every invented comment, in a fixed order."""
    return tuple(comment for book in word_books() for comment in _comments_of(book))


def _comments_of(book: WordBook) -> Iterator[Comment]:
    for question, voices in book.words.items():
        for voice, strands in voices.items():
            for strand, texts in strands.items():
                for text in texts:
                    yield Comment(book.questionnaires, question, voice, strand, text)


class Deck:
    """Deals out comments: those not used yet first, then some once more, long after."""

    def __init__(self, chance: random.Random, comments: Sequence[Comment]) -> None:
        """Lay the comments ready.

        Args:
            chance: decides which comes next.
            comments: all there are.
        """
        self._chance = chance
        self._pools: dict[tuple[str, str], list[Comment]] = {}
        self._used: dict[str, list[int]] = {}
        for comment in comments:
            for slug in comment.questionnaires:
                self._pools.setdefault((slug, comment.question), []).append(comment)

    def draw(
        self, slug: str, question: str, voices: Sequence[Voice], strands: Sequence[Strand], quarter: int
    ) -> str | None:
        """Take a comment.

        Args:
            slug: the questionnaire.
            question: the question's key.
            voices: whose ways of writing fit.
            strands: what fits, best first.
            quarter: when it is said, counted from 0.

        Returns:
            The words; None when nothing that fits is left.
        """
        pool = [c for c in self._pools.get((slug, question), ()) if c.voice in voices]
        for strand in strands:
            fitting = [c.text for c in pool if c.strand is strand]
            fresh = [text for text in fitting if text not in self._used]
            again = [text for text in fitting if self._may_come_again(text, quarter)]
            if fresh or (again and self._chance.random() < _USED_AGAIN):
                text = self._chance.choice(fresh or again)
                self._used.setdefault(text, []).append(quarter)
                return text
        return None

    def _may_come_again(self, text: str, quarter: int) -> bool:
        before = self._used.get(text, [])
        return len(before) < MOST_USES and all(abs(quarter - used) >= _QUARTERS_BETWEEN_USES for used in before)

    def has_voice(self, slug: str, question: str, voice: Voice) -> bool:
        """Tell whether somebody writes in that way at that question."""
        return any(comment.voice is voice for comment in self._pools.get((slug, question), ()))
