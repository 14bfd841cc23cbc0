"""Train the small models that read beside the rules: `make models`.

Why: width of vocabulary decides, and several thousand invented comments know more words than any author of rules.
Authors are held out in turn, so that the thresholds and the figures printed are those for a stranger's words.
May not: look at the locked evaluation comments: those only score. The open ones are learned from like the corpus, and
say nothing any more about how well a stranger is read.
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import diags, vstack
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from hscb_voice.language.analyse import comment_from
from hscb_voice.language.codebook import default_codebook
from hscb_voice.language.learned import KINDS, LARGEST, Features, packed_model, written_table
from hscb_voice.language.polarity_together import WAYS, terms
from hscb_voice.language.reading import rule_reading
from hscb_voice.language.reading_features import BY_RULE, BY_SIGNS
from tests.quality.held_out import mistakes, report, thresholds

HERE = Path(__file__).parent
CORPUS, OPEN, WORRIES = HERE / "corpus", HERE / "open", HERE / "worries"
MODEL = HERE.parents[1] / "hscb_voice" / "language" / "models" / "reader.json.gz"
POLARITIES = ("positive", "negative", "even", "mixed")
_IN_DOUBT = 0.5
_CODERS = ("", "second", "third", "third")  # the author, and who coded after him; who decided counts twice
_SEEN_AT_LEAST = 2  # a word that one comment alone holds teaches nothing about others
_RARITY_SCALE = 4.0
_DIGITS = 6
_BY_RULES = frozenset({"k:", "p:", "t:"})
_BY_AUTHOR = "marks:by:"
_FOLDS = 6  # authors are held out some at a time: each alone would take twice as long and say the same
_EVEN_SHARE, _EVEN_SHARE_OF_POLARITY = 0.5, 0.3
_MORE_SEEN = 4.0
_STRENGTH_TOGETHER = 0.05


@dataclass(frozen=True)
class Coding:
    """What one person read in a comment; `polarity` is empty where it was not coded.

    `perhaps` are themes of which the coder thought that two good coders might differ.
    """

    polarity: str
    themes: frozenset[str]
    perhaps: frozenset[str]
    concern: bool

    def share(self, label: str) -> float:
        """Return 1 where a label holds, 0 where it does not, and a half where the coder was in doubt."""
        kind, _, name = label.partition(":")
        if label == "polarity:even":
            return float(self.polarity in {"mixed", "neutral"})
        if kind == "polarity":
            return float(self.polarity == name)
        if kind == "theme":
            return _IN_DOUBT if name in self.perhaps else float(name in self.themes)
        return float(self.concern)


def coding(told: Mapping[str, Any]) -> Coding:
    """Read what one person coded.

    Args:
        told: polarity, themes, perhaps more themes, and concern.
    """
    themes = frozenset(told.get("themes", ()))
    return Coding(told.get("polarity", ""), themes, frozenset(told.get("perhaps", ())), told["concern"])


@dataclass(frozen=True)
class Example:
    """One invented comment: its features, and what people coded: its author, and perhaps others.

    The second did not see what the first had coded; where the two differ, a third saw both and decided.
    """

    author: str
    concern_features: Features
    features: Features
    by_rules: float  # what the rules alone made of its polarity
    codings: tuple[Coding, ...]

    def raised_by(self) -> str:
        """Tell whether a rule, faint signs or nothing raised a concern."""
        return next((mark for mark in (BY_RULE, BY_SIGNS) if mark in self.features.marks), "")

    def share(self, label: str) -> float:
        """Return how far a label holds, from 0 to 1: the mean over those who coded it."""
        return sum(one.share(label) for one in self.codings) / len(self.codings)

    def is_so(self, label: str) -> bool:
        """Tell whether a label holds, as whoever had the last word sees it."""
        return self.codings[-1].share(label) > _IN_DOUBT


def training_files() -> list[Path]:
    """Return the files to learn from, one author each; those of `worries` teach the concern and nothing else."""
    return [file for folder in (CORPUS, OPEN, WORRIES) for file in sorted(folder.glob("*.jsonl"))]


def examples(files: Sequence[Path]) -> list[Example]:
    """Read the corpus with the rules.

    Args:
        files: JSON lines, one author a file.

    Returns:
        Examples in order.
    """
    found = []
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            reading = rule_reading(comment_from(row), default_codebook())
            known = (reading.concern_features, reading.features, reading.reading.polarity.score)
            if file.parent == OPEN:
                known = (_without_rules(known[0]), _without_rules(known[1]), 0.0)
            found.append(
                Example(
                    f"{file.parent.name}/{file.stem}",
                    *known,
                    tuple(coding(row[who]) if who else coding(row) for who in _CODERS if not who or who in row),
                )
            )
    return found


def _without_rules(features: Features) -> Features:
    """Leave out what the rules found: they were written with the open comments in sight, and are too right there."""
    return replace(features, marks=frozenset(mark for mark in features.marks if mark[:2] not in _BY_RULES))


def labels() -> tuple[str, ...]:
    """Return what is learned: polarity, themes and concern."""
    return (*(f"polarity:{p}" for p in POLARITIES), *(f"theme:{t}" for t in default_codebook().theme_ids()), "concern")


def _numbered(features: Features) -> dict[str, float]:
    kinds = zip(KINDS, features.weighed(), strict=True)
    return {f"{kind}:{name}": value for kind, (names, value) in kinds for name in names}


def _with_author(features: Features, author: str) -> dict[str, float]:
    """Add who wrote it: one coder gives twice as many themes as another, and that is no word's doing.

    No comment that is read later has this mark, nor has one of a held-out author: its weight is left out.
    """
    return {**_numbered(features), f"{_BY_AUTHOR}{author}": 1.0}


def _narrow(matrix: Any) -> Any:
    # The solver takes 32-bit places only, and scipy now makes 64-bit ones.
    matrix = matrix.tocsr()
    matrix.indices, matrix.indptr = matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32)
    return matrix


class Matrices:
    """The examples' features as two matrices over one table: those of the concern, and all."""

    def __init__(self, rows: Sequence[Example]) -> None:
        """Turn the examples' features into numbers."""
        table = DictVectorizer()
        everything = table.fit_transform(_with_author(row.features, row.author) for row in rows)
        kept = np.flatnonzero(np.asarray((everything > 0).sum(axis=0)).ravel() >= _SEEN_AT_LEAST)
        self.names = [str(name) for name in table.get_feature_names_out()[kept]]
        self.rarity = self._rarities(everything[:, kept])
        of_concern = table.transform(_with_author(row.concern_features, row.author) for row in rows)
        self._everything = _narrow(everything[:, kept] @ diags(self.rarity))
        self._of_concern = _narrow(of_concern[:, kept] @ diags(self.rarity))

    def _rarities(self, matrix: Any) -> Any:
        """Return how much each feature counts while learning: rare words say more than common ones; marks all alike."""
        seen = np.asarray((matrix > 0).sum(axis=0)).ravel()
        marks = np.array([name.startswith("marks:") for name in self.names])
        return np.where(marks, 1.0, np.log(matrix.shape[0] / seen) / _RARITY_SCALE)

    def of(self, label: str) -> Any:
        """Return the matrix by which a label is judged."""
        return self._of_concern if label == "concern" else self._everything


@dataclass(frozen=True)
class Fitted:
    """One label's weights and where they start."""

    weights: Any
    bias: float

    def scores(self, matrix: Any) -> Any:
        """Score rows."""
        return matrix @ self.weights + self.bias


def fitted(matrix: Any, shares: Any, label: str, strength: float) -> Fitted:
    """Fit one label's model.

    A comment on which coders differ teaches both ways, each as far as it was said.

    Args:
        matrix: features.
        shares: how far the label holds, from 0 to 1, a row each.
        label: which.
        strength: the inverse of how hard weights are held down.

    Returns:
        The fitted model, for the features as they are given.
    """
    even_share = _EVEN_SHARE_OF_POLARITY if label.startswith("polarity:") else _EVEN_SHARE
    telling = _telling(matrix, shares, even_share)
    told = _narrow(matrix @ diags(telling))
    so, not_so = np.flatnonzero(shares > 0), np.flatnonzero(shares < 1)
    truth = np.repeat([True, False], [len(so), len(not_so)])
    weight = np.concatenate([shares[so], 1 - shares[not_so]])
    if label == "concern":  # rare, and to miss one is worse than to raise one too many
        for side in (truth, ~truth):
            weight[side] *= len(shares) / (2 * weight[side].sum())
    model = LogisticRegression(C=strength, solver="liblinear", tol=1e-2, random_state=0)
    model.fit(_narrow(vstack([told[so], told[not_so]])), truth, sample_weight=weight)
    return Fitted(model.coef_[0] * telling, float(model.intercept_[0]))


def _telling(matrix: Any, shares: Any, even_share: float) -> Any:
    """Return how freely each feature may be used: more where it goes with the label, or against it, more than chance.

    How often the label holds beside a feature is drawn towards how often it holds at all, as if `_MORE_SEEN` more
    comments had been seen: a word met twice says little.
    """
    is_there = matrix.astype(bool).astype(float).T
    share, seen = float(np.mean(shares)), np.asarray(is_there.sum(axis=1)).ravel()
    beside = (is_there @ shares + _MORE_SEEN * share) / (seen + _MORE_SEEN)
    apart = np.abs(np.log(beside / (1 - beside)) - np.log(share / (1 - share)))
    return even_share + (1 - even_share) * apart


def _coded(rows: Sequence[Example], label: str) -> Any:
    """Tell which comments were coded for a label."""
    return np.array([label == "concern" or bool(row.codings[0].polarity) for row in rows])


def _of_authors(rows: Sequence[Example]) -> Iterator[Any]:
    """Yield which rows are held out, some authors at a time."""
    authors = sorted({row.author for row in rows})
    for fold in range(_FOLDS):
        yield np.isin([row.author for row in rows], authors[fold::_FOLDS])


def held_out_scores(rows: Sequence[Example], matrices: Matrices, strength: float) -> Any:
    """Score each author's rows by models that never saw that author, some authors at a time: a column a label."""
    scores = np.zeros((len(rows), len(labels())))
    for held in _of_authors(rows):
        for place, label in enumerate(labels()):
            shares = np.array([row.share(label) for row in rows])
            taught = ~held & _coded(rows, label)
            model = fitted(matrices.of(label)[taught], shares[taught], label, strength)
            scores[held, place] = model.scores(matrices.of(label)[held])
    return scores


def weighed_together(rows: Sequence[Example], scores: Any) -> tuple[dict[str, Any], Any]:
    """Learn to weigh the polarities against each other.

    Args:
        rows: the examples.
        scores: held-out scores, a column a label.

    Returns:
        The weights as the model's file holds them, and each row's shares by weights that never saw its author.
    """
    names = labels()
    made = np.array(
        [terms(dict(zip(names, row, strict=True)), one.by_rules) for one, row in zip(rows, scores, strict=True)]
    )
    so = np.array([[row.is_so(f"polarity:{way}") for way in WAYS] for row in rows]).argmax(axis=1)
    coded = _coded(rows, "polarity:even")
    shares = np.zeros((len(rows), len(WAYS)))
    for held in _of_authors(rows):
        weights, biases = _weights_of_terms(made[~held & coded], so[~held & coded])
        totals = made[held] @ weights.T + biases
        parts = np.exp(totals - totals.max(axis=1, keepdims=True))
        shares[held] = parts / parts.sum(axis=1, keepdims=True)
    weights, biases = _weights_of_terms(made[coded], so[coded])
    written = {"weights": np.round(weights, _DIGITS).tolist(), "biases": np.round(biases, _DIGITS).tolist()}
    return written, shares


def _weights_of_terms(made: Any, so: Any) -> tuple[Any, Any]:
    means, spreads = made.mean(axis=0), made.std(axis=0)
    model = LogisticRegression(C=_STRENGTH_TOGETHER, max_iter=300).fit((made - means) / spreads, so)
    weights = model.coef_ / spreads
    return weights, model.intercept_ - weights @ means


def _tables(names: Sequence[str], weights: Any) -> Iterator[tuple[str, dict[str, str]]]:
    for kind in KINDS:
        own = {
            name.removeprefix(f"{kind}:"): [int(weight) for weight in row]
            for name, row in zip(names, weights, strict=True)
            if name.startswith(f"{kind}:") and row.any()
        }
        yield kind, written_table(own)


def write_model(
    rows: Sequence[Example], matrices: Matrices, strength: float, chosen: dict[str, float], together: dict[str, Any]
) -> None:
    """Train on all rows and write the model that the program ships."""
    columns, biases = [], []
    for label in labels():
        taught = _coded(rows, label)
        shares = np.array([row.share(label) for row in rows])[taught]
        model = fitted(matrices.of(label)[taught], shares, label, strength)
        columns.append(model.weights * matrices.rarity)
        biases.append(model.bias)
    weights = np.array(columns).T
    weights[[name.startswith(_BY_AUTHOR) for name in matrices.names]] = 0
    scales = np.abs(weights).max(axis=0) / LARGEST
    body = {
        "version": f"{len(rows)} comments by {len({row.author for row in rows})} authors",
        "labels": labels(),
        "biases": [round(bias, _DIGITS) for bias in biases],
        "scales": [round(float(scale), _DIGITS) for scale in scales],
        "thresholds": {label: round(limit, _DIGITS) for label, limit in chosen.items()},
        "together": together,
        "weights": dict(_tables(matrices.names, np.rint(weights / scales))),
    }
    MODEL.parent.mkdir(exist_ok=True)
    MODEL.write_bytes(packed_model(body))
    print(f"wrote {len(matrices.names)} features, {MODEL.stat().st_size // 1024} kB")


def main() -> None:
    """Train, print what held-out authors got, and write the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strength", type=float, default=6.0)
    parser.add_argument("--try-only", action="store_true", help="print the held-out figures and write nothing")
    arguments = parser.parse_args()
    rows = examples(training_files())
    matrices = Matrices(rows)
    scores = held_out_scores(rows, matrices, arguments.strength)
    together, shares = weighed_together(rows, scores)
    strange = np.array([row.author.startswith(CORPUS.name) for row in rows])
    strangers = [row for row, is_strange in zip(rows, strange, strict=True) if is_strange]
    chosen = thresholds(strangers, labels(), scores[strange], shares[strange])
    for told in (report, mistakes):
        print(told(strangers, labels(), scores[strange], shares[strange], chosen))
    if not arguments.try_only:
        write_model(rows, matrices, arguments.strength, chosen, together)


if __name__ == "__main__":
    main()
