"""Train the small model that finds names which no rule hides: `python -m tests.quality.train_names`.

Why: the corpus is rich in places where a name stands, and poor in names: hope, will and a thousand unlisted ones. So
what the rules hide, and a "she" or "my worker" where no name stands, is put into other names and other letters, and the
model learns the places from these. Authors are held out in turn; the threshold is the least that keeps the plain words
hidden for nothing within what is allowed.
May not: look at the locked comments, nor at those of `names_and_worries`, which only score.
"""

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from hscb_voice.language.normalise import normalise
from hscb_voice.language.redaction import hidden_by_rules
from hscb_voice.language.redaction_contacts import Mask
from hscb_voice.language.redaction_learned import features_of, may_be_name, packed_name_model
from hscb_voice.language.redaction_lists import AMBIGUOUS, NAME, marks, words_under
from tests.quality.train import WORRIES, training_files

MODEL = Path(__file__).parents[2] / "hscb_voice" / "language" / "models" / "names.json.gz"
HIDDEN_FOR_NOTHING = 0.002
"""How many words of the corpus may be hidden beyond what the rules hide; some of them are names that the rules miss."""

_SEEN_AT_LEAST = 4
_STRENGTH = 0.3
_FOLDS = 3
_OTHER_NAMES, _PRONOUNS = 7, 2  # how often a comment is told again with other names
_WEIGHT_OF_NAMES, _WEIGHT_OF_PRONOUNS = 0.6, 0.4
_LONGEST_NAME = 25
_LETTERS = "bcdefghjklmnoprstvwz"
_LARGEST = 127
_DIGITS = 6
_TITLE = re.compile(r"(?i)(?:mrs|mr|ms|miss|dr|auntie|aunty|uncle|nanny|nan|grandad|nana|grandma|sister|brother)\.?\s+")
_SOMEBODY = re.compile(
    r"\b(?:she|he|him|they|(?:my|the|our) (?:social |support |key |family |youth )?(?:worker|teacher|carer|advocate|"
    r"lady|man|friend|mate|nurse|tutor|chair|mentor|uncle|aunt|auntie|brother|sister|cousin|nan|stepdad|mum|dad)|"
    r"(?:me|her)(?= (?:and|because|cos|when|again)|[.,!?]|$))\b(?!['’-])",
    re.IGNORECASE,
)
_HAVE_TITLES = frozenset({"teacher", "tutor", "lady", "nurse", "chair"})
_TITLES = ("mrs ", "miss ", "mr ", "ms ", "Mrs ", "Miss ", "Mr ")


@dataclass
class Told:
    """Words to learn from, one entry a word."""

    features: list[list[str]] = field(default_factory=list)
    is_name: list[bool] = field(default_factory=list)
    weight: list[float] = field(default_factory=list)
    author: list[str] = field(default_factory=list)
    is_free: list[bool] = field(default_factory=list)  # a word of the corpus as it stands that no rule hides
    is_missed: list[bool] = field(default_factory=list)  # a name put in that no rule hides


class Namer:
    """Gives other names, always the same ones in the same order."""

    def __init__(self, seed: int) -> None:
        """Take the lists."""
        self.chance = random.Random(seed)  # noqa: S311 - it makes examples, no secrets
        table = marks()
        self.common = sorted(word for word in words_under("ambiguous.txt", "often met") if table.get(word, 0) & NAME)
        self.ambiguous = sorted(word for word, mark in table.items() if mark & NAME and mark & AMBIGUOUS)
        self.listed = sorted(word for word, mark in table.items() if mark == NAME and word.isalpha())

    def _unlisted(self) -> str:
        """Put two names together into one that no list holds."""
        while True:
            one, two = self.chance.choice(self.listed), self.chance.choice(self.listed)
            name = one[: (len(one) + 1) // 2] + two[len(two) // 2 :]
            if name not in marks():
                return name

    def name(self, old: str) -> str:
        """Give another name: mostly a word as well, or one that no list holds; now and then a letter."""
        draw = self.chance.random()
        if draw < 0.30:
            return self.chance.choice(self.common)
        if draw < 0.50:
            return self.chance.choice(self.ambiguous)
        if draw < 0.85:
            return self._unlisted()
        if draw < 0.93:
            return self.chance.choice(_LETTERS)
        return f"{old.split(maxsplit=1)[0].lower()} {self.chance.choice(_LETTERS)}"

    def other_names(self, text: str, masks: Sequence[Mask]) -> tuple[str, list[tuple[int, int]]] | None:
        """Tell a comment again with other names; return it with where they stand, or None where there are no names."""
        people = [mask for mask in masks if mask.kind == "person" and mask.end - mask.start < _LONGEST_NAME]
        if not people:
            return None
        is_low, out, at = self.chance.random() < 0.45, "", 0
        gold: list[tuple[int, int]] = []
        seen: dict[str, str] = {}
        for mask in masks:
            out += text[at : mask.start]
            written = text[mask.start : mask.end]
            if mask in people:
                title = _TITLE.match(written)
                before = title.group() if title else ""
                old = written[len(before) :] or written
                new = seen.setdefault(old.lower(), self.name(old))
                written = self._cased(new) if old[:1].isupper() and self.chance.random() < 0.75 else new
                out += before
            gold.append((len(out), len(out) + len(written)))
            out += written
            at = mask.end
        out += text[at:]
        return (out.lower() if is_low else out), gold

    def instead_of_pronouns(self, text: str, masks: Sequence[Mask]) -> tuple[str, list[tuple[int, int]]] | None:
        """Put a name where "she" or "my worker" stands."""
        places = [
            match
            for match in _SOMEBODY.finditer(text)
            if not any(mask.start < match.end() and match.start() < mask.end for mask in masks)
        ]
        if not places:
            return None
        match = self.chance.choice(places)
        old, before, new = match.group(), "", self.name("sam")
        if old.lower() in {"they", "me"} and self.chance.random() < 0.6:
            return None
        if " " in old and self.chance.random() < 0.5:
            before = f"{old} "
        elif old.split()[-1].lower() in _HAVE_TITLES and self.chance.random() < 0.6:
            before = self.chance.choice(_TITLES)
        if text != text.lower() and self.chance.random() < 0.8:
            new = self._cased(new)
        start = match.start() + len(before)
        moved = start + len(new) - match.end()
        gold = [
            (mask.start, mask.end) if mask.end <= match.start() else (mask.start + moved, mask.end + moved)
            for mask in masks
        ]
        out = text[: match.start()] + before + new + text[match.end() :]
        return (out.lower() if self.chance.random() < 0.25 else out), [(start, start + len(new)), *gold]

    @staticmethod
    def _cased(name: str) -> str:
        return " ".join(part[:1].upper() + part[1:] for part in name.split())


def _comments() -> Iterator[tuple[str, str]]:
    for file in training_files():
        if file.parent == WORRIES:
            continue
        for line in file.read_text(encoding="utf-8").splitlines():
            yield file.stem, str(json.loads(line)["text"])


def _tell(told: Told, author: str, text: str, gold: Sequence[tuple[int, int]] | None, weight: float) -> list[Mask]:
    """Add the words of one comment; without `gold` the names are what the rules hide."""
    words, masks, hidden = hidden_by_rules(normalise(text))
    for at, word in enumerate(words.words):
        if not may_be_name(words, at):
            continue
        named = hidden[at] if gold is None else any(start <= word.start < end for start, end in gold)
        told.features.append(features_of(words, at, hidden))
        told.is_name.append(named)
        told.weight.append(weight)
        told.author.append(author)
        told.is_free.append(gold is None and not hidden[at])
        told.is_missed.append(gold is not None and named and not hidden[at])
    return masks


def examples(seed: int) -> tuple[Told, int]:
    """Read the corpus as it stands and told again with other names.

    Args:
        seed: for the names.

    Returns:
        The words to learn from, and how many words the corpus has.
    """
    told, namer, words = Told(), Namer(seed), 0
    for author, text in _comments():
        words += len(text.split())
        masks = _tell(told, author, text, None, 1.0)
        here, draw = [(mask.start, mask.end) for mask in masks], namer.chance.random()
        if draw < 0.35:
            _tell(told, author, text.lower(), here, 1.0)
        elif draw < 0.70 and len(text.upper()) == len(text):  # people who write in capitals name nobody more often
            _tell(told, author, text.upper(), here, 1.0)
        again = [(namer.instead_of_pronouns(text, masks), _WEIGHT_OF_PRONOUNS) for _ in range(_PRONOUNS)]
        again += [(namer.other_names(text, masks), _WEIGHT_OF_NAMES) for _ in range(_OTHER_NAMES)]
        for another, weight in again:
            if another is not None:
                _tell(told, author, *another, weight)
    return told, words


def matrix_of(told: Told) -> tuple[Any, list[str]]:
    """Turn features into numbers, those seen too seldom left out."""
    seen = Counter(name for features in told.features for name in set(features))
    names = sorted(name for name, times in seen.items() if times >= _SEEN_AT_LEAST)
    columns = {name: column for column, name in enumerate(names)}
    places = [
        (row, columns[name]) for row, features in enumerate(told.features) for name in features if name in columns
    ]
    rows, cols = np.array(places, dtype=np.int32).T
    matrix = csr_matrix((np.ones(len(rows)), (rows, cols)), shape=(len(told.features), len(names)))
    matrix.indices, matrix.indptr = matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32)
    return matrix, names


def _fitted(matrix: Any, told: Told, rows: Any) -> LogisticRegression:
    model = LogisticRegression(C=_STRENGTH, solver="liblinear", tol=1e-2, random_state=0)
    return model.fit(matrix[rows], np.array(told.is_name)[rows], sample_weight=np.array(told.weight)[rows])


def main() -> None:
    """Train, print what held-out authors got, and write the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--try-only", action="store_true", help="print the held-out figures and write nothing")
    arguments = parser.parse_args()
    told, words = examples(seed=7)
    matrix, names = matrix_of(told)
    authors, scores = np.array(told.author), np.zeros(len(told.author))
    for fold in range(_FOLDS):
        held = np.isin(authors, sorted(set(authors))[fold::_FOLDS])
        scores[held] = _fitted(matrix, told, np.flatnonzero(~held)).decision_function(matrix[held])
    free, missed = np.sort(scores[np.array(told.is_free)])[::-1], scores[np.array(told.is_missed)]
    limit = float(free[int(HIDDEN_FOR_NOTHING * words)])
    print(
        f"held-out authors: {(missed > limit).mean():.3f} of {len(missed)} names that the rules miss are found, "
        f"and {HIDDEN_FOR_NOTHING} of {words} words hidden beside them"
    )
    if arguments.try_only:
        return
    model = _fitted(matrix, told, np.arange(len(authors)))
    scale = float(np.abs(model.coef_[0]).max()) / _LARGEST
    weights = {name: round(weight / scale) for name, weight in zip(names, model.coef_[0], strict=True)}
    kept = {name: weight for name, weight in weights.items() if weight}
    start = round(float(model.intercept_[0]) - limit, _DIGITS)
    MODEL.write_bytes(packed_name_model(kept, scale=round(scale, _DIGITS), start=start))
    print(f"wrote {len(kept)} features, {MODEL.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
