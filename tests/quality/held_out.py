"""Choose where themes and concerns begin and how clear praise and blame must be, and report what held-out authors got.

Why: a threshold chosen on comments that a model has learned from flatters itself; these are chosen, and the figures
made, on scores by models that never saw the author.
May not: see the locked comments.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from hscb_voice.language.reading import DOUBT
from hscb_voice.language.reading_features import BY_RULE, BY_SIGNS
from tests.quality.score import wilson

FALSE_ALARMS = 0.16
"""How many of the harmless comments may be flagged; the bar is 0.20, and half of these here are hard on purpose."""

FLIPS = 0.06
"""How often praise may be read as blame or blame as praise."""

WAYS = ("polarity:positive", "polarity:negative", "polarity:even")
_GRID = np.arange(-2.0, 2.01, 0.1)
_SHRINK = 60  # a theme's own threshold counts as much as the common one at so many comments
_RULE_STANDS = 0.5  # a rule is taken back only so far below the score that raises a concern without one
_SIGNS_STAND = 0.1


class Coded(Protocol):
    """A comment as a person coded it, and what the rules raised."""

    @property
    def author(self) -> str:
        """Who wrote it."""

    def raised_by(self) -> str:
        """Tell whether a rule, faint signs or nothing raised a concern."""

    def is_so(self, label: str) -> bool:
        """Tell whether a label holds, as whoever had the last word sees it."""


def f1_of(so: Any, said: Any) -> float:
    """Return the F1 of a label.

    Args:
        so: whether the label holds, a comment each.
        said: whether the machine says so.
    """
    both = int(said.sum() + so.sum())
    return 2 * int((so & said).sum()) / both if both else 0.0


def thresholds(rows: Sequence[Coded], labels: Sequence[str], scores: Any, shares: Any) -> dict[str, float]:
    """Choose where each theme, "mixed" and the concern begin, on scores of held-out authors.

    Args:
        rows: the examples.
        labels: the columns.
        scores: held-out scores.
        shares: how likely each of `WAYS` is, by weights that never saw the author.

    Returns:
        Label -> the least score that counts; for the concern also with a rule and with faint signs.
    """
    columns = [place for place, label in enumerate(labels) if label.startswith("theme:")]
    so = {place: np.array([row.is_so(labels[place]) for row in rows]) for place in columns}

    def mean_f1(limit: float) -> float:
        return float(np.mean([f1_of(so[place], scores[:, place] > limit) for place in columns]))

    common = max(_GRID, key=mean_f1)
    chosen = {
        "polarity:mixed": _mixed_threshold(rows, labels, scores),
        DOUBT: _doubt(rows, shares),
    }
    for place in columns:
        own = max(_GRID, key=lambda limit: f1_of(so[place], scores[:, place] > limit))
        n = so[place].sum()
        chosen[labels[place]] = float((own * n + common * _SHRINK) / (n + _SHRINK))
    return chosen | _concern_thresholds(rows, scores[:, labels.index("concern")])


def _mixed_threshold(rows: Sequence[Coded], labels: Sequence[str], scores: Any) -> float:
    """Choose where a comment that is neither praise nor blame is both rather than none."""
    even = np.array([row.is_so("polarity:even") for row in rows])
    mixed = np.array([row.is_so("polarity:mixed") for row in rows])[even]
    score = scores[even, labels.index("polarity:mixed")]
    return float(max(_GRID - 2, key=lambda limit: float(((score > limit) == mixed).mean())))


def _said(shares: Any, doubt: float) -> Any:
    """Read polarity three ways, as the reader does: what speaks for blame counts against praise."""
    well, ill, even = shares.T
    return np.stack([well - doubt * ill, ill - doubt * well, even], axis=1).argmax(axis=1)


def _so(rows: Sequence[Coded]) -> Any:
    return np.array([[row.is_so(way) for way in WAYS].index(True) for row in rows])


def _doubt(rows: Sequence[Coded], shares: Any) -> float:
    """Choose how much each counts against the other: as little as keeps praise from being read as blame too often."""
    so = _so(rows)
    fits = [float(doubt) for doubt in np.arange(0, 3.0, 0.02) if _flips(_said(shares, doubt), so).mean() <= FLIPS]
    return fits[0]


def _flips(said: Any, so: Any) -> Any:
    return ((said == 0) & (so == 1)) | ((said == 1) & (so == 0))


def _limits(limit: float) -> dict[str, float]:
    return {"concern": limit, "concern:signs": limit - _SIGNS_STAND, "concern:rule": limit - _RULE_STANDS}


def _flagged(rows: Sequence[Coded], scores: Any, limits: Mapping[str, float]) -> Any:
    names = {BY_RULE: "concern:rule", BY_SIGNS: "concern:signs", "": "concern"}
    return scores > np.array([limits[names[row.raised_by()]] for row in rows])


def _concern_thresholds(rows: Sequence[Coded], scores: Any) -> dict[str, float]:
    """Choose the lowest limits that keep harmless comments within the false alarms allowed."""
    harmless = ~np.array([row.is_so("concern") for row in rows])
    fits = [
        limits
        for limit in np.arange(-3.0, 3.0, 0.05)
        if _flagged(rows, scores, limits := _limits(float(limit)))[harmless].mean() <= FALSE_ALARMS
    ]
    return fits[0]


def report(rows: Sequence[Coded], labels: Sequence[str], scores: Any, shares: Any, chosen: Mapping[str, float]) -> str:
    """Say what a stranger's comments would get.

    Args:
        rows: the examples.
        labels: the columns.
        scores: held-out scores.
        shares: how likely each of `WAYS` is.
        chosen: what `thresholds` chose.

    Returns:
        A line for all authors and one for each.
    """
    at = {label: place for place, label in enumerate(labels)}
    said, so = _said(shares, chosen[DOUBT]), _so(rows)
    flagged = _flagged(rows, scores[:, at["concern"]], chosen)
    concern = np.array([row.is_so("concern") for row in rows])
    authors = np.array([row.author for row in rows])
    lines = []
    for author in ("all held-out authors", *sorted(set(authors))):
        mine = np.ones(len(rows), dtype=bool) if author not in authors else authors == author
        some = [row for row, own in zip(rows, mine, strict=True) if own]
        f1s = [
            f1_of(np.array([row.is_so(label) for row in some]), scores[mine, at[label]] > chosen[label])
            for label in labels
            if label.startswith("theme:") and any(row.is_so(label) for row in some)
        ]
        right, met = said[mine] == so[mine], flagged[mine & concern]
        opposite = _flips(said, so)[mine].mean()
        lines.append(
            f"{author}: n {len(some)}  polarity {_share(right)}  opposite {opposite:.3f}  "
            f"themes macro-F1 {np.mean(f1s):.3f}  concern recall {_share(met)}  "
            f"false alarms {_share(flagged[mine & ~concern])}"
        )
    return "\n".join(lines)


def _share(hits: Any) -> str:
    low, high = wilson(int(hits.sum()), len(hits))
    return f"{hits.mean():.3f} ({low:.3f} to {high:.3f})"


def mistakes(
    rows: Sequence[Coded], labels: Sequence[str], scores: Any, shares: Any, chosen: Mapping[str, float]
) -> str:
    """Count what goes wrong on strangers' comments, by kind.

    Args:
        rows: the examples.
        labels: the columns.
        scores: held-out scores.
        shares: how likely each of `WAYS` is.
        chosen: what `thresholds` chose.

    Returns:
        A line for polarity and one for each theme, the worst first.
    """
    names = ("praise", "blame", "even")
    said, so = _said(shares, chosen[DOUBT]), _so(rows)
    pairs = Counter((names[a], names[b]) for a, b in zip(so, said, strict=True) if a != b)
    lines = [
        f"polarity, {pairs.total()} wrong: " + "; ".join(f"{a} read as {b} {n}" for (a, b), n in pairs.most_common())
    ]
    found = []
    for place, label in enumerate(labels):
        if label.startswith("theme:"):
            holds, here = np.array([row.is_so(label) for row in rows]), scores[:, place] > chosen[label]
            counts = int((holds & here).sum()), int((holds & ~here).sum()), int((here & ~holds).sum())
            found.append((f1_of(holds, here), label.removeprefix("theme:"), *counts))
    missed, added = sum(one[3] for one in found), sum(one[4] for one in found)
    lines.append(f"themes: {missed:.0f} of {sum(one[2] for one in found) + missed:.0f} missed, {added:.0f} added")
    for score, name, right, less, more in sorted(found):
        shares_of = f"precision {right / max(1, right + more):.2f}  recall {right / max(1, right + less):.2f}"
        lines.append(f"  {name:<18} F1 {score:.2f}  {shares_of}")
    return "\n".join(lines)
