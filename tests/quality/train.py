"""Train the small models that read beside the rules: `make models`.

Why: width of vocabulary decides, and several thousand invented comments know more words than any author of rules.
Each author's file is held out in turn, so that the thresholds and the figures printed are those for a stranger's words.
May not: look at the evaluation comments, open or locked: those only score.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from hscb_voice.language.analyse import comment_from
from hscb_voice.language.codebook import default_codebook
from hscb_voice.language.learned import packed_model
from hscb_voice.language.reading import rule_reading

CORPUS = Path(__file__).parent / "corpus"
MODEL = Path(__file__).parents[2] / "hscb_voice" / "language" / "models" / "reader.json.gz"
POLARITIES = ("positive", "negative", "mixed", "neutral")
_FALSE_ALARMS = 0.16  # of harmless comments; the bar is 0.20
_SMALLEST_WEIGHT = 0.02
_DIGITS = 3
_GRID = np.arange(-2.0, 1.51, 0.1)
_SHRINK = 40  # a theme's own threshold counts as much as the common one at so many comments


@dataclass(frozen=True)
class Example:
    """One invented comment: its features and what its author coded."""

    author: str
    concern_features: dict[str, float]
    features: dict[str, float]
    polarity: str
    themes: frozenset[str]
    concern: bool


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
            themes = frozenset(row["themes"])
            found.append(
                Example(
                    file.stem, reading.concern_features, reading.features, row["polarity"], themes, bool(row["concern"])
                )
            )
    return found


class Trained:
    """One linear model a label over one table of features."""

    def __init__(self, rows: Sequence[Example], *, strength: float) -> None:
        """Fit polarity, themes and concern.

        Args:
            rows: what to learn from.
            strength: the inverse of how hard weights are held down.
        """
        self.table = DictVectorizer().fit([row.features for row in rows])
        features = self._matrix([row.features for row in rows])
        concern_features = self._matrix([row.concern_features for row in rows])
        self.labels = [*(f"polarity:{p}" for p in POLARITIES), *(f"theme:{t}" for t in themes()), "concern"]
        self.weights = np.zeros((len(self.labels), features.shape[1]))
        self.biases = np.zeros(len(self.labels))
        for place, label in enumerate(self.labels):
            truth = [is_so(row, label) for row in rows]
            given = concern_features if label == "concern" else features
            model = LogisticRegression(C=strength, class_weight="balanced", solver="liblinear", max_iter=400)
            model.fit(given, truth)
            self.weights[place], self.biases[place] = model.coef_[0], model.intercept_[0]

    def scores(self, rows: Sequence[Example]) -> Any:
        """Score rows: one row of scores each, one column a label."""
        scores = self._matrix([row.features for row in rows]) @ self.weights.T + self.biases
        scores[:, -1] = self._matrix([row.concern_features for row in rows]) @ self.weights[-1] + self.biases[-1]
        return scores

    def _matrix(self, rows: Sequence[dict[str, float]]) -> Any:
        matrix = self.table.transform(rows)
        # The solver takes 32-bit places only, and scipy now makes 64-bit ones.
        matrix.indices, matrix.indptr = matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32)
        return matrix


def themes() -> tuple[str, ...]:
    """Return the ids of the codebook's themes, in order."""
    return tuple(default_codebook().theme_ids())


def is_so(row: Example, label: str) -> bool:
    """Tell whether a label holds for an example."""
    kind, _, name = label.partition(":")
    if kind == "polarity":
        return row.polarity == name
    return name in row.themes if kind == "theme" else row.concern


def held_out_scores(rows: Sequence[Example], strength: float) -> Any:
    """Score each author's rows by models that never saw that author."""
    scores: Any = None
    for author in sorted({row.author for row in rows}):
        mine = [place for place, row in enumerate(rows) if row.author == author]
        trained = Trained([row for row in rows if row.author != author], strength=strength)
        part = trained.scores([rows[place] for place in mine])
        scores = np.zeros((len(rows), part.shape[1])) if scores is None else scores
        scores[mine] = part
    return scores


def thresholds(rows: Sequence[Example], labels: Sequence[str], scores: Any) -> dict[str, float]:
    """Choose where each theme and the concern begin, on scores of held-out authors.

    Args:
        rows: the examples.
        labels: the columns.
        scores: held-out scores.

    Returns:
        Label -> the least score that counts.
    """
    columns = [place for place, label in enumerate(labels) if label.startswith("theme:")]
    truths = {place: np.array([is_so(row, labels[place]) for row in rows]) for place in columns}

    def mean_f1(limit: float) -> float:
        return float(np.mean([f1_score(truths[p], scores[:, p] > limit, zero_division=0.0) for p in columns]))

    common = max(_GRID, key=mean_f1)
    chosen = {}
    for place in columns:
        own = max(_GRID, key=lambda limit: f1_score(truths[place], scores[:, place] > limit, zero_division=0.0))
        n = truths[place].sum()
        chosen[labels[place]] = float((own * n + common * _SHRINK) / (n + _SHRINK))
    return chosen | concern_thresholds(rows, scores[:, -1])


def concern_thresholds(rows: Sequence[Example], scores: Any) -> dict[str, float]:
    """Choose where a concern begins without a rule, and how far below that a rule is overruled.

    Args:
        rows: the examples.
        scores: held-out scores of the concern.

    Returns:
        The limit, and under `concern:rules` how far below it a score must be to take back what a rule raised: the
        pair that misses the fewest concerns while harmless comments stay within the false alarms allowed.
    """
    truth = np.array([row.concern for row in rows])
    by_rule = np.array(["k:rule" in row.concern_features or "k:signs" in row.concern_features for row in rows])

    def flagged(limit: float, margin: float) -> Any:
        return (scores > limit) | (by_rule & (scores > limit - margin))

    pairs = [(float(limit), float(margin)) for limit in _GRID for margin in np.arange(0, 2.01, 0.25)]
    allowed = [pair for pair in pairs if flagged(*pair)[~truth].mean() <= _FALSE_ALARMS]
    limit, margin = max(allowed, key=lambda pair: (flagged(*pair)[truth].mean(), pair))
    return {"concern": limit, "concern:rules": margin}


def report(rows: Sequence[Example], labels: Sequence[str], scores: Any, chosen: dict[str, float]) -> None:
    """Print what a stranger's comments would get."""
    three = {"mixed": "neutral"}
    at = {label: place for place, label in enumerate(labels)}
    probabilities = 1 / (1 + np.exp(-scores))
    guesses = []
    for row in probabilities:
        even = row[at["polarity:mixed"]] + row[at["polarity:neutral"]]
        options = {"positive": row[at["polarity:positive"]], "negative": row[at["polarity:negative"]], "neutral": even}
        guesses.append(max(options, key=lambda name: options[name]))
    truth = [three.get(row.polarity, row.polarity) for row in rows]
    right = float(np.mean([one == other for one, other in zip(guesses, truth, strict=True)]))
    opposite = float(
        np.mean([{one, other} == {"positive", "negative"} for one, other in zip(guesses, truth, strict=True)])
    )
    f1s = [
        f1_score([is_so(row, label) for row in rows], scores[:, at[label]] > chosen[label], zero_division=0.0)
        for label in labels
        if label.startswith("theme:")
    ]
    by_rule = np.array(["k:rule" in row.concern_features or "k:signs" in row.concern_features for row in rows])
    least = chosen["concern"] - np.where(by_rule, chosen["concern:rules"], 0.0)
    flagged = scores[:, -1] > least
    concern = np.array([row.concern for row in rows])
    print(f"held-out authors, n = {len(rows)}: polarity {right:.3f}, opposite {opposite:.3f}, ", end="")
    print(f"themes macro-F1 {np.mean(f1s):.3f}, concern recall {flagged[concern].mean():.3f} ", end="")
    print(f"with false alarms {flagged[~concern].mean():.3f}")


def main() -> None:
    """Train, print what held-out authors got, and write the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strength", type=float, default=3.0)
    parser.add_argument("--try-only", action="store_true", help="print the held-out figures and write nothing")
    arguments = parser.parse_args()
    rows = examples(sorted(CORPUS.glob("*.jsonl")))
    scores = held_out_scores(rows, arguments.strength)
    trained = Trained(rows, strength=arguments.strength)
    chosen = thresholds(rows, trained.labels, scores)
    report(rows, trained.labels, scores, chosen)
    if arguments.try_only:
        return
    names = trained.table.get_feature_names_out()
    weights = {}
    for column, name in enumerate(names):
        kept = [
            [place, round(float(weight), _DIGITS)]
            for place, weight in enumerate(trained.weights[:, column])
            if abs(weight) >= _SMALLEST_WEIGHT
        ]
        if kept:
            weights[str(name)] = kept
    body = {
        "version": f"{len(rows)} comments by {len({row.author for row in rows})} authors",
        "labels": trained.labels,
        "biases": [round(float(bias), _DIGITS) for bias in trained.biases],
        "thresholds": {label: round(limit, _DIGITS) for label, limit in chosen.items()},
        "weights": weights,
    }
    MODEL.parent.mkdir(exist_ok=True)
    MODEL.write_bytes(packed_model(body))
    print(f"wrote {len(weights)} features, {MODEL.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
