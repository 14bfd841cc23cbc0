"""Learn themes and polarity from comments that people have coded: linear models, each tried on comments it never saw.

Why: width of vocabulary decides, and people who code comments know words that no author of rules thought of. A model
speaks for a theme only where, on held-out comments, it is not worse than what is said without it.
May not: be imported by a web process (numpy and scikit-learn load with it: whoever learns imports it when learning
begins), keep a comment, or let a word that too few people used into a model.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.sparse import diags
from sklearn.svm import LinearSVC

from hscb_voice import __version__
from hscb_voice.language.learned import KINDS, LARGEST, packed_model, written_table
from hscb_voice.language.learned_themes import FORMAT, POLARITY
from hscb_voice.language.lessons import FOLDS, Lessons, Numbers, Sparse, narrow
from hscb_voice.language.scoring import Counts, counts_of

FEWEST = 15
"""A theme with fewer examples gets no model."""
STRENGTH = 0.25
_SHRINK = 20.0
_MARKS_COUNT = 0.3
_CLEARLY = 0.5
_SMOOTH = 0.5
_TELLS_AT_LEAST, _TELLS_MORE = 0.3, 0.25
_DIGITS = 6
_AGREED_AT_LEAST = 5
_FEWEST_WAYS = 2

Told = Callable[[str], None]


@dataclass(frozen=True)
class Origin:
    """Where codebook and comments came from: our id -> what a theme is called there; hash; languages learned."""

    outside: Mapping[str, str] = field(default_factory=dict)
    codebook: str = ""
    languages: Collection[str] = ("en",)


@dataclass(frozen=True)
class Trial:
    """How one theme, or polarity, fared on comments that its model never saw."""

    name: str
    examples: int  # comments that a person gave it
    with_model: Counts | None  # None when there were too few to learn from
    without: Counts
    is_on: bool
    may_remove: bool  # else it only adds to what is found without it


@dataclass(frozen=True)
class Learned:
    """A trained model as bytes, and how each part fared."""

    packed: bytes
    comments: int
    trials: tuple[Trial, ...]


def learn(
    lessons: Lessons,
    themes: Sequence[str],
    *,
    seen_by: int = 2,
    corrected: dict[str, int] | None = None,
    cautious: bool = False,
    origin: Origin | None = None,
    told: Told = lambda _: None,
) -> Learned:
    """Learn a model for each theme with enough examples, and for polarity, and try each on comments it never saw.

    Args:
        lessons: the labelled comments.
        themes: which themes there are, in order.
        seen_by: a word that fewer owners used is left out.
        corrected: theme -> how often people corrected it, where that decides whether there is enough to learn from;
            the number of its examples when left out.
        cautious: a model must be better by more than chance allows, and takes nothing back that it has hardly seen
            to be right: for the few comments that people choose to correct, which are not a fair sample.
        origin: where codebook and comments came from; kept with the model.
        told: is told how far it is.

    Returns:
        The model, and how each theme fared.
    """
    came_from = origin or Origin()
    themes = [theme for theme in themes if theme != POLARITY]  # a book kept from before may have one: it has no model
    matrix, names, counts = lessons.matrix(seen_by, _MARKS_COUNT)
    bench = _Bench(matrix, lessons.folds(), lessons, cautious=cautious)
    parts: list[_Part] = []
    trials: list[Trial] = []
    for place, theme in enumerate(themes):
        truth = bench.truth(theme)
        enough = int(truth.sum()) if corrected is None else corrected.get(theme, 0)
        learnable = enough >= FEWEST and _AGREED_AT_LEAST <= truth.sum() <= len(lessons) - _AGREED_AT_LEAST
        if learnable:
            parts.append(bench.part(f"theme:{theme}", truth))
        name = came_from.outside.get(theme, theme)
        told(f"{place + 1} of {len(themes)} themes: {name} ({int(truth.sum())} examples)")
    shared = bench.shared_threshold(parts)
    for theme in themes:
        part = next((part for part in parts if part.label == f"theme:{theme}"), None)
        trials.append(bench.trial(theme, part, shared))
    is_enough = corrected is None or corrected.get(POLARITY, 0) >= FEWEST
    ways, rare = bench.polarity_parts(told) if is_enough else ([], [])
    if ways:
        trials.append(bench.polarity_trial(ways, rare))
    fitted = _Fitted(matrix, names, counts)
    body = _body(len(lessons), fitted, [*parts, *ways], trials, bench.thresholds(parts, shared))
    body |= {"themes": dict(came_from.outside), "languages": sorted(came_from.languages)}
    body |= {"codebook": came_from.codebook, "program": __version__, "rare": rare}
    return Learned(packed_model(body), len(lessons), tuple(trials))


@dataclass(frozen=True)
class _Part:
    """One label: whether it holds for each comment, and how its model scored each comment held out.

    `among` are the comments of which it is known.
    """

    label: str
    truth: Numbers
    scores: Numbers
    among: Numbers


@dataclass(frozen=True)
class _Fitted:
    matrix: Sparse
    names: list[tuple[int, str]]
    counts: Numbers

    def weights(self, part: _Part) -> tuple[Numbers, float]:
        # Nothing is copied where every comment counts.
        some = self.matrix if part.among.all() else self.matrix[part.among]
        line = _fit(some, part.truth[part.among])
        return line.weights * self.counts, line.bias


@dataclass(frozen=True)
class _Line:
    """A fitted model: a weight for each column, and where it begins."""

    weights: Numbers
    bias: float

    def scores(self, matrix: Sparse) -> Numbers:
        found: Numbers = matrix @ self.weights + self.bias
        return found


def _fit(matrix: Sparse, truth: Numbers) -> _Line:
    """Fit a linear support vector machine over features weighed by how much each tells the label by itself.

    Of the ways tried on comments of held-out authors this was the best, and forty times as quick as the plain one; to
    weigh rare labels up as well made it worse, for a threshold is chosen afterwards in any case.
    """
    present = matrix.copy()
    present.data = np.ones_like(present.data)
    n_yes, n_no = int(truth.sum()), int((~truth).sum())
    yes = (np.asarray(present[truth].sum(axis=0)).ravel() + _SMOOTH) / (n_yes + 2 * _SMOOTH)
    no = (np.asarray(present[~truth].sum(axis=0)).ravel() + _SMOOTH) / (n_no + 2 * _SMOOTH)
    tells = _TELLS_AT_LEAST + _TELLS_MORE * np.abs(np.log(yes / no))
    weighed = narrow(matrix @ diags(tells))
    model = LinearSVC(C=STRENGTH, tol=0.1, random_state=0).fit(weighed, truth)
    return _Line(model.coef_[0] * tells, float(model.intercept_[0]))


class _Bench:
    """Tries labels on held-out comments."""

    def __init__(self, matrix: Sparse, folds: Numbers, lessons: Lessons, *, cautious: bool) -> None:
        self._matrix, self._folds, self._lessons, self._cautious = matrix, folds, lessons, cautious

    def truth(self, theme: str) -> Numbers:
        return np.array([theme in labels.themes for labels in self._lessons.labels], dtype=bool)

    def part(self, label: str, truth: Numbers, among: Numbers | None = None) -> _Part:
        known = np.ones(len(truth), dtype=bool) if among is None else among
        scores = np.zeros(len(truth))
        for fold in range(FOLDS):
            held, others = self._folds == fold, (self._folds != fold) & known
            if not held.any():
                continue
            # A fold may hold every example of a theme whose comments are near-copies: then nothing is known of it.
            if truth[others].all() or not truth[others].any():
                scores[held] = 1.0 if others.any() and truth[others].all() else -1.0
                continue
            scores[held] = _fit(self._matrix[others], truth[others]).scores(self._matrix[held])
        return _Part(label, truth, scores, known)

    def shared_threshold(self, parts: Sequence[_Part]) -> float:
        own = [_best_threshold(part.truth, part.scores) for part in parts]
        return float(np.median(own)) if own else 0.0

    def thresholds(self, parts: Sequence[_Part], shared: float) -> dict[str, float]:
        return {part.label: _shrunk(part.truth, part.scores, shared) for part in parts}

    def trial(self, theme: str, part: _Part | None, shared: float) -> Trial:
        """Judge a theme: each fold by the threshold that the other folds chose."""
        truth = self.truth(theme)
        without = np.array([theme in labels.themes_without for labels in self._lessons.labels], dtype=bool)
        before = counts_of(without, truth)
        if part is None:
            return Trial(theme, int(truth.sum()), None, before, is_on=False, may_remove=False)
        said = np.zeros(len(truth), dtype=bool)
        for fold in range(FOLDS):
            held = self._folds == fold
            said[held] = part.scores[held] > _shrunk(truth[~held], part.scores[~held], shared)
        may_remove = not self._cautious or before.right >= _AGREED_AT_LEAST
        said = said if may_remove else said | without
        after = counts_of(said, truth)
        is_on = after.f1 > 0 and after.f1 >= before.f1 and self._more_than_chance(said, without, truth)
        return Trial(theme, int(truth.sum()), after, before, is_on=bool(is_on), may_remove=bool(may_remove))

    def _more_than_chance(self, said: Numbers, without: Numbers, truth: Numbers) -> bool:
        """Tell whether a model is better by more than half of its standard error; asked only of the cautious."""
        if not self._cautious:
            return True
        # Where many of the comments coded have the theme, or people coded only mistakes, to say it of every comment
        # would look good too.
        return all(_is_clearly_better(said, other, truth) for other in (without, np.ones(len(truth), dtype=bool)))

    def polarity_parts(self, told: Told) -> tuple[list[_Part], list[str]]:
        """Learn the ways of which there are enough comments, from the comments of which a person said one.

        Returns:
            Those ways; and the ways that people do use, but too seldom.
        """
        said = [labels.polarity for labels in self._lessons.labels]
        known = np.array([way is not None for way in said], dtype=bool)
        often = Counter(way for way in said if way is not None)
        ways = sorted(way for way, n in often.items() if n >= _AGREED_AT_LEAST)
        if not known.any():
            return [], []
        of = f"{int(known.sum()):,} of {len(said):,} comments have one"
        if len(ways) < _FEWEST_WAYS or known.sum() < FEWEST:
            told(f"polarity is not learned: {of}; {FEWEST} are needed, and {_AGREED_AT_LEAST} of each of two ways")
            return [], []
        rare = sorted(set(often) - set(ways))
        seldom = ", ".join(f"{way} ({often[way]})" for way in rare)
        told(f"polarity: {of}" + (f"; too rare to be learned: {seldom}" if rare else ""))
        truths = {way: np.array([one == way for one in said], dtype=bool) for way in ways}
        return [self.part(f"polarity:{way}", truth, known) for way, truth in truths.items()], rare

    def polarity_trial(self, ways: Sequence[_Part], rare: Sequence[str]) -> Trial:
        names = [way.label.removeprefix("polarity:") for way in ways]
        best = np.stack([way.scores for way in ways], axis=1).argmax(axis=1)
        with_model = without = 0
        for one, labels in zip(best, self._lessons.labels, strict=True):
            if labels.polarity is not None:
                before = labels.polarity_without
                # What was too rare to be learned stands as it was read before: see `learned_themes`.
                with_model += labels.polarity == (before if before in rare else names[one])
                without += labels.polarity == before
        n = int(ways[0].among.sum())
        after, before_it = Counts(with_model, n, n), Counts(without, n, n)
        clearly = with_model - without >= (n**0.5 if self._cautious else 0)
        return Trial(POLARITY, n, after, before_it, is_on=clearly, may_remove=True)


def _is_clearly_better(said: Numbers, other: Numbers, truth: Numbers) -> bool:
    gain = _pulls(said, truth) - _pulls(other, truth)
    better = counts_of(said, truth).f1 - counts_of(other, truth).f1
    return better > 0 and better >= _CLEARLY * float(np.sqrt((gain**2).sum()))


def _pulls(said: Numbers, truth: Numbers) -> Numbers:
    """Return how much each comment pulls on F1: what the standard error is made of."""
    f1 = counts_of(said, truth).f1
    each: Numbers = (2.0 * (said & truth) - f1 * (said.astype(int) + truth)) / max(int(said.sum() + truth.sum()), 1)
    return each


def _best_threshold(truth: Numbers, scores: Numbers) -> float:
    """Choose the score above which saying so gives the best F1; of several as good, the middle one."""
    order = np.argsort(-scores, kind="stable")
    right = np.cumsum(truth[order])
    f1 = 2 * right / (np.arange(1, len(truth) + 1) + max(int(truth.sum()), 1))
    good = np.flatnonzero(f1 >= f1.max() - 0.01)
    place = int(good[len(good) // 2])
    below = scores[order[place + 1]] if place + 1 < len(order) else scores[order[place]] - 1
    return float((scores[order[place]] + below) / 2)


def _shrunk(truth: Numbers, scores: Numbers, shared: float) -> float:
    """Pull a threshold towards what all themes share: a few examples know their own place badly."""
    n = int(truth.sum())
    return (n * _best_threshold(truth, scores) + _SHRINK * shared) / (n + _SHRINK) if n else shared


def _body(
    comments: int, fitted: _Fitted, parts: Sequence[_Part], trials: Sequence[Trial], thresholds: Mapping[str, float]
) -> dict[str, Any]:
    """Put together what a model's file holds: only weights of labels that are to speak."""
    on = {trial.name for trial in trials if trial.is_on}
    used = [
        part for part in parts if part.label.removeprefix("theme:") in on or (_is_way(part.label) and POLARITY in on)
    ]
    learned = [fitted.weights(part) for part in used]
    weights = np.array([row for row, _ in learned]).T if learned else np.zeros((len(fitted.names), 0))
    scales = np.maximum(np.abs(weights).max(axis=0, initial=0.0), 1e-9) / LARGEST
    whole = np.rint(weights / scales).astype(int)
    tables: list[dict[str, list[int]]] = [{} for _ in KINDS]
    for (kind, name), row in zip(fitted.names, whole, strict=True):
        if row.any():
            tables[kind][name] = [int(weight) for weight in row]
    labels = [part.label for part in used]
    return {
        "format": FORMAT,
        "version": f"{comments} comments coded by people",
        "labels": labels,
        "biases": [round(bias, _DIGITS) for _, bias in learned],
        "scales": [round(float(scale), 9) for scale in scales],
        "thresholds": {label: round(thresholds.get(label, 0.0), _DIGITS) for label in labels},
        "weights": dict(zip(KINDS, map(written_table, tables), strict=True)),
        "comments": comments,
        "trials": [dict(_told(trial)) for trial in trials],
    }


def _is_way(label: str) -> bool:
    return label.startswith("polarity:")


def _told(trial: Trial) -> Iterator[tuple[str, Any]]:
    yield from (("name", trial.name), ("examples", trial.examples), ("on", trial.is_on), ("removes", trial.may_remove))
    for name, counts in (("with", trial.with_model), ("without", trial.without)):
        if counts is not None:
            low, high = counts.interval()
            yield name, {"f1": round(counts.f1, 4), "low": round(low, 4), "high": round(high, 4)}
