"""Keep labelled comments as numbers, ready to be learned from.

Why: what one word is called in 10,000 comments is kept once, so that memory stays small; and comments that are nearly
copies of each other must stay on one side when a model is tried on comments it never saw.
May not: be imported by a web process (numpy and scipy load with it), or keep a comment.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags

from hscb_voice.language.learned import KINDS, Features

Sparse = Any  # scipy's matrices have no types of their own
Numbers = NDArray[Any]
FOLDS = 5
# Rare words tell more than common ones; but among few comments the word that matters may stand in half of them.
_COMMON, _RARITY_SCALE = 1.5, 4.0
_SHINGLES_HASHED = 32
_BANDS = 8
_PRIME = 2_147_483_629
_KIND_MARKS = KINDS.index("marks")


@dataclass(frozen=True, slots=True)
class Labels:
    """What a person says of one comment, and what is said of it without the model that is to be learned."""

    themes: frozenset[str]
    polarity: str | None
    themes_without: frozenset[str]
    polarity_without: str


class Lessons:
    """The labelled comments, as numbers only: what one word is called in 10,000 comments is kept once."""

    def __init__(self) -> None:
        """Begin with none."""
        self.labels: list[Labels] = []
        self._numbers: dict[tuple[int, str], int] = {}
        self._owners_seen = array("l")
        self._last_owner = array("l")
        self._owners: dict[str, int] = {}
        self._rows: list[tuple[array[int], array[int]]] = []  # a comment's features, and how many are of each kind

    def __len__(self) -> int:
        """Return how many comments there are."""
        return len(self._rows)

    def add(self, features: Features, labels: Labels, owner: str) -> None:
        """Add one comment.

        Args:
            features: what is known of it.
            labels: what a person says of it.
            owner: whose words they are; one owner's comments come one after the other.
        """
        who = self._owners.setdefault(owner, len(self._owners))
        row, sizes = array("l"), array("l")
        for kind, (names, _) in enumerate(features.weighed()):
            # In order, so that numbers do not hang on how a set happens to lie in memory.
            row.extend(self._number(kind, name, who) for name in sorted(names))
            sizes.append(len(names))
        self._rows.append((row, sizes))
        self.labels.append(labels)

    def _number(self, kind: int, name: str, who: int) -> int:
        number = self._numbers.setdefault((kind, name), len(self._numbers))
        if number == len(self._owners_seen):
            self._owners_seen.append(1)
            self._last_owner.append(who)
        elif self._last_owner[number] != who:
            self._owners_seen[number] += 1
            self._last_owner[number] = who
        return number

    def matrix(self, seen_by: int, marks: float) -> tuple[Sparse, list[tuple[int, str]], Numbers]:
        """Return the features as a sparse matrix.

        Args:
            seen_by: a feature that fewer owners share is left out.
            marks: how much a mark counts; there are many, and each stands in full however long the comment is.

        Returns:
            The matrix (a row a comment), what each column is called, and how much each column counts.
        """
        starts = np.cumsum([0, *(len(row) for row, _ in self._rows)])
        columns = np.concatenate([np.frombuffer(row, dtype="l") for row, _ in self._rows]).astype(np.int32)
        values = np.concatenate([np.repeat(_worth(sizes), sizes) for _, sizes in self._rows])
        whole = csr_matrix((values, columns, starts.astype(np.int32)), shape=(len(self), len(self._numbers)))
        owners = np.frombuffer(self._owners_seen, dtype="l")
        kept = np.flatnonzero(owners >= seen_by)
        kinds = np.array([kind for kind, _ in self._numbers])[kept]
        rarity = (_COMMON + np.log(max(len(self._owners), 2) / owners[kept])) / _RARITY_SCALE
        counts = np.where(kinds == _KIND_MARKS, marks, rarity)
        matrix = narrow(whole[:, kept] @ diags(counts))
        names = list(self._numbers)
        return matrix, [names[place] for place in kept], counts

    def folds(self) -> Numbers:
        """Part the comments so that near-copies of one comment lie in one fold, and rare themes are spread evenly.

        Returns:
            The fold of each comment.
        """
        groups = _near_copies([row for row, _ in self._rows])
        often: dict[str, int] = {}
        for labels in self.labels:
            for theme in labels.themes:
                often[theme] = often.get(theme, 0) + 1

        def rank(place: int) -> tuple[int, str, int]:
            themes = self.labels[place].themes
            return min(((often[theme], theme, place) for theme in themes), default=(len(self), "", place))

        dealt: dict[int, int] = {}
        for place in sorted(range(len(self)), key=rank):
            dealt.setdefault(groups[place], len(dealt) % FOLDS)
        return np.array([dealt[group] for group in groups])


def _worth(sizes: Sequence[int]) -> list[float]:
    return [1.0 if kind == _KIND_MARKS else 1 / max(size, 1) ** 0.5 for kind, size in enumerate(sizes)]


def _near_copies(rows: Sequence[Sequence[int]]) -> list[int]:
    """Number comments so that those with nearly the same features have one number (MinHash, in bands)."""
    numbers = np.random.RandomState(1)
    by, plus = numbers.randint(1, _PRIME, size=(2, _SHINGLES_HASHED, 1)).astype(np.int64)
    parents = list(range(len(rows)))

    def root(place: int) -> int:
        while parents[place] != place:
            parents[place] = parents[parents[place]]
            place = parents[place]
        return place

    first: dict[tuple[int, bytes], int] = {}
    for place, row in enumerate(rows):
        features = np.array(row, dtype=np.int64)
        least = ((features[None, :] * by + plus) % _PRIME).min(axis=1, initial=_PRIME)
        for band, hashes in enumerate(least.reshape(_BANDS, -1)):
            other = first.setdefault((band, hashes.tobytes()), place)
            one, two = sorted((root(place), root(other)))
            parents[two] = one
    return [root(place) for place in range(len(rows))]


def narrow(matrix: Sparse) -> Sparse:
    """Return a matrix as the solver takes it: with places of 32 bits."""
    matrix = matrix.tocsr()
    matrix.indices, matrix.indptr = matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32)
    return matrix
