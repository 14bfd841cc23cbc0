"""Judge by a small learned model which words that no rule hides are names all the same.

Why: "will is nice" and "when hope came" are told by what stands around a word; a linear model that has seen thousands
of names in such places knows more of them than any list of rules. It only adds to what the rules hide.
May not: load anything but its own file of weights, which is plain JSON with a hash; take back what a rule hides.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from hscb_voice.language import redaction_contexts as around
from hscb_voice.language.model_files import opened, packed, shipped
from hscb_voice.language.redaction_contacts import Mask
from hscb_voice.language.redaction_lists import (
    AMBIGUOUS,
    KEPT,
    LITTLE_WORD,
    NAME,
    NAME_FIRST,
    ORDINARY,
    SURNAME,
    WORD_FIRST,
    nearly_ordinary,
    words_under,
)
from hscb_voice.language.redaction_words import CAPITAL, LOWER, Word, Words

_MODEL_FILE = "models/names.json.gz"
_WHAT = "The model of names"
_HIDDEN, _BEGIN, _END = "@", "^", "$"
_LONG, _TAIL = 6, 3
_NO_LETTERS = frozenset("aix")
_NEVER_AFTER_NAMES = words_under("shapes.txt", "after will or may as words")
_OBJECTS = words_under("shapes.txt", "after a verb")
_SAID_OF = words_under("shapes.txt", "before what is said of somebody")
_BEFORE_LETTERS = words_under("shapes.txt", "before letters") - {"and"}
_BESIDE_WILL = frozenset({"", "and", "with", "by", "from", "to", "for", "n"})
_NAMED_BEFORE = frozenset({"name", "this", "that", "called"})
_BESIDE_LETTERS = frozenset(" .,!?'’")
_TITLES_BEFORE_LETTERS = frozenset({"mr", "mrs", "ms", "miss", "dr"})
_NAME_KINDS = frozenset({"name", "name first"})
RULE = "learned.name"
_CLASSES = (
    ("naming", around.NAMING),
    ("title", around.TITLES),
    ("family", around.FAMILY_TITLES),
    ("worker", around.WORKER_ROLES),
    ("child", around.CHILD_ROLES),
    ("adult", around.ADULT_ROLES),
    ("owner", around.OWNERS),
    ("article", around.ARTICLES),
    ("determiner", around.DETERMINERS),
    ("acts", around.PEOPLE_VERBS),
    ("being", around.BEING),
    ("talk", around.TALK_LEFT),
    ("work", around.WORK_WITH),
    ("person", around.PERSON_WORDS),
    ("noun", around.NOUNS_RIGHT),
    ("verb", around.VERB_BEFORE),
    ("near", around.NEAR_LEFT),
    ("plain", around.ACTS_PLAIN),
)


@dataclass(frozen=True, slots=True)
class NameModel:
    """Weights of a linear model: a word whose features add up to more than nothing is a name."""

    weights: Mapping[str, float]
    start: float
    digest: str

    def score(self, features: Sequence[str]) -> float:
        """Add up the weights.

        Args:
            features: what `features_of` says of a word.

        Returns:
            More than 0 for a name.
        """
        return self.start + sum(filter(None, map(self.weights.get, features)))


@lru_cache(maxsize=20_000)
def _class_of(key: str) -> str:
    return next((name for name, words in _CLASSES if key in words), "")


def _kind(word: Word) -> str:
    marks = word.marks
    if len(word.key) == 1:
        return "letter"
    for mark, name in ((LITTLE_WORD, "little"), (NAME_FIRST, "name first"), (WORD_FIRST, "word first"), (NAME, "name")):
        if marks & mark and marks & NAME:
            return name
    if marks & SURNAME:
        return "surname" if not marks & (ORDINARY | KEPT) else "surname word"
    if marks:
        return "word"
    return "misspelt" if nearly_ordinary(word.key) else "unknown"


def may_be_name(words: Words, at: int) -> bool:
    """Tell whether a word is worth judging.

    Args:
        words: the words of a comment.
        at: index of a word that nothing hides yet.

    Returns:
        True for names that are words, unknown words, letters and words with a capital inside a sentence.
    """
    word = words.words[at]
    if len(word.key) == 1:
        return not word.kept and _may_be_initial(words, at)
    if word.kept or word.marks & KEPT:
        return False
    is_name = word.marks & NAME or not word.marks or word.marks == SURNAME
    if not is_name and not (word.case == CAPITAL and not word.first and words.capitals_tell):
        return False
    return not _is_plainly_a_word(words, at)


def _is_plainly_a_word(words: Words, at: int) -> bool:
    """Tell "a ray of sunshine", "the chair was frank" and "my worker drew a house" from Ray, Frank and Drew."""
    word = words.words[at]
    left, right = words.left(at), words.right(at)
    if word.key in {"will", "may"}:
        placed = left in around.NEAR_LEFT | around.TALK_LEFT | around.NAMING | around.WORKER_ROLES | _BESIDE_WILL
        return right in _NEVER_AFTER_NAMES or (word.case == LOWER and not placed)
    if word.key in around.SEASONS and left in around.SEASON_LEFT | around.SEASONS | around.ARTICLES:
        return True
    return bool(word.marks & AMBIGUOUS) and word.case == LOWER and _stands_as_a_word(words, at, left, right)


def _stands_as_a_word(words: Words, at: int, left: str, right: str) -> bool:
    word = words.words[at]
    if word.marks & LITTLE_WORD or (word.key in {"dawn", "eve"} and left in {"at", "before", "until", "by"}):
        return True
    if left in around.ARTICLES or "of" in {left, right} or (word.key in around.VERB_LIKE and right in _OBJECTS):
        return True
    named = words.left(at, 2) in _NAMED_BEFORE or (words.left(at, 2) in around.WORKER_ROLES and words.closed(at))
    return left in _SAID_OF and not named and right not in around.PEOPLE_VERBS


def _may_be_initial(words: Words, at: int) -> bool:
    """Tell "mr d", "chloe b" and "working with T" from "25m", "b&b" and "games r good"."""
    word, text = words.words[at], words.text
    around_it = text[max(0, word.start - 1) : word.start] + text[word.end : word.end + 1]
    if not set(around_it) <= _BESIDE_LETTERS or word.key in _NO_LETTERS or words.left(at) in _BEFORE_LETTERS:
        return False
    if word.case != LOWER:
        return True
    before = words.words[at - 1] if at else None
    return before is not None and not word.first and (before.key in around.TITLES or _kind(before) in _NAME_KINDS)


def features_of(words: Words, at: int, hidden: Sequence[bool]) -> list[str]:
    """Say what a word looks like and what stands around it.

    Args:
        words: the words of a comment.
        at: index of the word.
        hidden: for each word, whether something hides it already.

    Returns:
        The names of the features.
    """
    found = words.words
    word = found[at]

    def beside(step: int) -> str:
        key = words.left(at, -step) if step < 0 else words.right(at, step)
        if not key:
            return _BEGIN if step < 0 else _END
        return _HIDDEN if hidden[at + step] else key

    left2, left, right, right2 = beside(-2), beside(-1), beside(1), beside(2)
    about = _class_of(left), _class_of(right)
    kind = _kind(word)
    shape = f"{kind}{word.case}{int(word.first)}{int(words.capitals_tell)}{int(words.loose)}"
    own = f"w={word.key}" if word.marks and len(word.key) > 1 else f"e={word.key[-_TAIL:]}"
    return [
        shape,
        own,
        f"{own} {word.case}",
        f"k{kind}{int(word.possessive)}{min(len(word.key), _LONG)}{int(words.closed(at))}",
        f"m{word.marks}",
        f"l={left}",
        f"r={right}",
        f"ll={left2}",
        f"rr={right2}",
        f"l2={left2} {left}",
        f"r2={right} {right2}",
        f"lr={left} {right}",
        f"L={about[0]}",
        f"R={about[1]}",
        f"LR={about[0]} {about[1]}",
        f"{shape} l={left}",
        f"{shape} r={right}",
        f"{kind} L={about[0]} R={about[1]}",
        f"{kind} {word.case} l={left}",
        f"{own} l={left}",
        f"{own} r={right}",
        f"{own} L={about[0]}",
        f"{own} R={about[1]}",
    ]


def find_learned(words: Words, taken: Sequence[bool], model: NameModel | None = None) -> Iterator[Mask]:
    """Find the names that no rule hides.

    Args:
        words: the words of a comment.
        taken: for each word, whether something hides it already.
        model: the weights; those that come with the program when none are given.

    Yields:
        One mask a word.
    """
    model = model or shipped_name_model()
    for at, word in enumerate(words.words):
        if taken[at] or not may_be_name(words, at):
            continue
        if len(word.key) == 1 and words.left(at) in _TITLES_BEFORE_LETTERS:
            yield Mask(words.words[at - 1].start, word.end, "person", "title")
        elif model.score(features_of(words, at, taken)) > 0:
            yield Mask(word.start, word.end, "person", RULE)


@lru_cache(maxsize=1)
def shipped_name_model() -> NameModel:
    """Return the model that comes with the program.

    Raises:
        LanguageError: the file is missing or damaged.
    """
    return name_model_from(shipped(_MODEL_FILE, _WHAT))


def name_model_from(content: bytes) -> NameModel:
    """Read a model.

    Args:
        content: gzipped JSON as written by `packed_name_model`.

    Returns:
        The model.

    Raises:
        LanguageError: it is not a model, or not the one that its hash names.
    """
    return opened(content, _built, _WHAT)


def _built(body: Any, digest: str) -> NameModel:  # noqa: ANN401 - as JSON has it
    scale = float(body["scale"])
    weights = {str(name): int(weight) * scale for name, weight in body["weights"].items()}
    return NameModel(weights, float(body["start"]), digest)


def packed_name_model(weights: Mapping[str, int], *, scale: float, start: float) -> bytes:
    """Pack a model with its hash, byte-identical for the same weights.

    Args:
        weights: feature -> whole number.
        scale: what a weight of 1 is worth.
        start: the score of a word without features.

    Returns:
        Gzipped JSON.
    """
    return packed({"scale": scale, "start": start, "weights": dict(weights)})
