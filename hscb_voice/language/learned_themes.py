"""Let a model learned from people speak beside the rules and the shipped model.

Why: what people said of other comments helps to read this one. A model has its say only for the themes for which it
was not worse on comments that it never saw, and it names the words that moved it.
May not: train, run code from a model's file, or load anything heavy.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hscb_voice.language.codebook import Codebook
from hscb_voice.language.errors import LanguageError
from hscb_voice.language.evidence import Evidence, evidence_at
from hscb_voice.language.learned import Model, built_model, probability
from hscb_voice.language.learning_features import Known, known_of
from hscb_voice.language.model_files import opened
from hscb_voice.language.polarity import Polarity, PolarityReading
from hscb_voice.language.reading import Comment, Reading
from hscb_voice.language.theme_matching import ThemeMatch

FORMAT = "people 1"
"""How the file is written; a file of another format is refused."""
POLARITY = "polarity"
_WAYS: tuple[Polarity, ...] = ("positive", "negative", "mixed", "neutral")


@dataclass(frozen=True, slots=True)
class Score:
    """F1 on held-out comments, with its bounds at 95 %; for polarity, the share read rightly."""

    f1: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Part:
    """What a model knows of one theme, or of polarity."""

    name: str
    examples: int
    is_on: bool
    removes: bool  # else it only adds
    with_model: Score | None
    without: Score


@dataclass(frozen=True)
class PeoplesModel:
    """A model learned from people."""

    model: Model
    parts: Mapping[str, Part]
    comments: int
    themes: Mapping[str, str]  # our id -> what the theme is called outside
    languages: frozenset[str] = frozenset({"en"})  # in which it learned enough to speak
    codebook: str = ""  # the hash of the codebook by which it learned, where it was a stranger's
    program: str = ""  # the version of the program that wrote it
    rare: frozenset[str] = frozenset()  # polarities that too few comments had to be learned

    def has_say(self, language: str | None, off: Collection[str] = ()) -> bool:
        """Tell whether it speaks of a comment in some language at all, less what a person has switched off."""
        return language in self.languages and bool(self.speaks_for(off))

    @property
    def digest(self) -> str:
        """Return the hash of everything that it knows."""
        return self.model.digest

    def speaks_for(self, off: Collection[str] = ()) -> frozenset[str]:
        """Return the themes for which it has a say, less those that a person has switched off."""
        return frozenset(name for name, part in self.parts.items() if part.is_on) - frozenset(off)


def peoples_model_from(packed: bytes) -> PeoplesModel:
    """Read a model as `learning` packs it.

    Args:
        packed: gzipped JSON.

    Returns:
        The model.

    Raises:
        LanguageError: it is no such model, or not the one that its hash names.
    """
    return opened(packed, _built, "The learned model")


def _built(body: Any, digest: str) -> PeoplesModel:  # noqa: ANN401 - as JSON has it
    model = built_model(body, digest)
    if body.get("format") != FORMAT:
        message = (
            "This is no model learned from people’s codes."
            if "format" not in body
            else "This model was written by another version of the program: learn it anew."
        )
        raise LanguageError(message)
    known = PeoplesModel(
        model=model,
        parts={str(told["name"]): _part(told) for told in body["trials"]},
        comments=int(body["comments"]),
        themes={str(own): str(name) for own, name in body.get("themes", {}).items()},
        languages=frozenset(str(code) for code in body.get("languages", ("en",))),
        codebook=str(body.get("codebook", "")),
        program=str(body.get("program", "")),
        rare=frozenset(str(way) for way in body.get("rare", ())),
    )
    ways = {label.removeprefix("polarity:") for label in model.labels if label.startswith("polarity:")}
    needed = {f"theme:{name}" for name in known.speaks_for() - {POLARITY}}
    is_whole = needed <= set(model.labels) & set(model.thresholds) and ways <= set(_WAYS)
    if not is_whole or (POLARITY in known.speaks_for()) != bool(ways):
        message = "The learned model is damaged: a theme has no weights."
        raise LanguageError(message)
    return known


def _part(told: Mapping[str, Any]) -> Part:
    tried = told.get("with")
    return Part(
        name=str(told["name"]),
        examples=int(told["examples"]),
        is_on=bool(told["on"]),
        removes=bool(told["removes"]),
        with_model=None if tried is None else _score(tried),
        without=_score(told["without"]),
    )


def _score(told: Mapping[str, Any]) -> Score:
    return Score(float(told["f1"]), float(told["low"]), float(told["high"]))


def read_with(
    comment: Comment,
    codebook: Codebook,
    people: PeoplesModel,
    *,
    off: Collection[str] = (),
) -> Reading:
    """Read one comment by rules, shipped model and the model learned from people.

    Args:
        comment: the comment.
        codebook: the themes to look for.
        people: the learned model.
        off: themes for which a person has switched it off.

    Returns:
        What `read_comment` returns, its themes and polarity as people taught it; never another concern or mask. Of a
        comment in a language in which it did not learn it says nothing.
    """
    known = known_of(comment, codebook)
    speaks = people.speaks_for(off)
    if not speaks or known.reading.language not in people.languages:
        return known.reading
    scores = people.model.scores(known.features)
    reading = known.reading
    if POLARITY in speaks:
        reading = replace(reading, polarity=_judged_polarity(known, people, scores))
    return replace(reading, themes=_judged_themes(known, reading.polarity, codebook, people, scores, speaks))


def _judged_polarity(known: Known, people: PeoplesModel, scores: Mapping[str, float]) -> PolarityReading:
    ways = [way for way in _WAYS if f"polarity:{way}" in scores]
    best = max(ways, key=lambda way: scores[f"polarity:{way}"])
    before = known.reading.polarity
    # A way that too few comments had to be learned stands as it was read without them.
    if best == before.polarity or before.polarity in people.rare:
        return before
    learned = _moved(known, people.model, f"polarity:{best}", f"learned.people.{best}")
    evidence = sorted((*before.evidence, *learned), key=lambda one: (one.start, one.end))
    return replace(before, polarity=best, evidence=tuple(evidence))


def _judged_themes(
    known: Known,
    polarity: PolarityReading,
    codebook: Codebook,
    people: PeoplesModel,
    scores: Mapping[str, float],
    speaks: Collection[str],
) -> tuple[ThemeMatch, ...]:
    before = {theme.id: theme for theme in known.reading.themes}
    found = []
    for theme_id in codebook.theme_ids():
        was = before.get(theme_id)
        if theme_id not in speaks:
            found += [was] if was else []
            continue
        says_so = scores[f"theme:{theme_id}"] > people.model.thresholds[f"theme:{theme_id}"]
        if was and (says_so or not people.parts[theme_id].removes):
            found.append(was)
        elif says_so:
            found.append(_theme(known, polarity, theme_id, scores[f"theme:{theme_id}"], people.model))
    return tuple(found)


def _theme(known: Known, polarity: PolarityReading, theme_id: str, score: float, model: Model) -> ThemeMatch:
    """Put together a theme that only this model finds."""
    words = model.movers(f"theme:{theme_id}", known.masked.text)
    rule = f"learned.people.{theme_id}"
    near, wish = polarity.around([(word.start, word.end) for word in words])
    first = evidence_at(known.masked, words[0].start, words[0].end, rule)
    evidence = _moved(known, model, f"theme:{theme_id}", rule)
    return ThemeMatch(theme_id, first.start, first.end, near, wish, round(probability(score), 2), evidence)


def _moved(known: Known, model: Model, label: str, rule: str) -> tuple[Evidence, ...]:
    found = (evidence_at(known.masked, w.start, w.end, rule) for w in model.movers(label, known.masked.text))
    return tuple(sorted(found, key=lambda one: (one.start, one.end)))
