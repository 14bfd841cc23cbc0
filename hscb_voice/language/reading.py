"""Read one comment whole: polarity, themes, words to hide, and whether a person must look.

Why: rules read first and say which words they rest on; learned models, which take what the rules found as inputs of
their own, then tip what the rules leave level. Pages, jobs, the command line and the quality checks all read here.
May not: keep anything.
"""

from dataclasses import dataclass, replace
from typing import Literal

from hscb_voice.language.codebook import Codebook, default_codebook
from hscb_voice.language.concern import ConcernReading, screen
from hscb_voice.language.evidence import Evidence, evidence_at
from hscb_voice.language.learned import Model, Piece, probability, shipped_model, word_pieces
from hscb_voice.language.normalise import Normalised, normalise
from hscb_voice.language.polarity import Polarity, PolarityReading, read_polarity
from hscb_voice.language.questions import themes_asked
from hscb_voice.language.reading_features import concern_features, reading_features
from hscb_voice.language.redaction import Redaction, redact
from hscb_voice.language.theme_matching import ThemeMatch, match_themes

Respondent = Literal["child", "parent", "professional"]
_PERSON_WORD = "somename"
_CONCERN_LEANS = -1.0
# Reasons for a person to look that say nothing about good or bad.
_NO_BAD_NEWS = frozenset({"talk_to_someone", "unreadable_language"})
# The models have learned English comments, and nothing of these.
_NOT_FOR_MODELS = frozenset({"unreadable_language"})


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment to read; `known_names` are names that the system knows to belong to this response."""

    id: str
    text: str
    respondent: Respondent
    question: str | None = None
    known_names: tuple[str, ...] = ()
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read in one comment."""

    polarity: PolarityReading
    themes: tuple[ThemeMatch, ...]
    redaction: Redaction
    concern: ConcernReading


@dataclass(frozen=True, slots=True)
class RuleReading:
    """What the rules alone read, and the features that the models take from it."""

    masked: Normalised
    pieces: tuple[Piece, ...]
    reading: Reading
    concern_features: dict[str, float]
    features: dict[str, float]


def rule_reading(comment: Comment, codebook: Codebook) -> RuleReading:
    """Read one comment by the rules alone.

    Args:
        comment: the comment.
        codebook: the themes to look for.

    Returns:
        The reading and the features.
    """
    masked, redaction, concern = _screened(comment)
    polarity = read_polarity(
        masked,
        respondent=comment.respondent,
        question=comment.question,
        leaning=_CONCERN_LEANS if set(concern.reasons) - _NO_BAD_NEWS else None,
    )
    asked = themes_asked(comment.question, comment.respondent)
    themes = match_themes(masked, codebook, polarity, concern, asked)
    pieces = tuple(word_pieces(masked.text))
    first = concern_features(masked, pieces, concern, comment.respondent, comment.question)
    features = reading_features(first, polarity, themes, comment.respondent, comment.question)
    return RuleReading(masked, pieces, Reading(polarity, themes, redaction, concern), first, features)


def read_comment(comment: Comment, codebook: Codebook) -> Reading:
    """Read one comment.

    Args:
        comment: the comment.
        codebook: the themes to look for. The models know the themes of the program's own codebook; with another, the
            phrases decide alone.

    Returns:
        Polarity, themes, words to hide and concern, each with the words that decided.
    """
    ruled = rule_reading(comment, codebook)
    if _NOT_FOR_MODELS & set(ruled.reading.concern.reasons):
        return ruled.reading
    model = shipped_model()
    scores = dict(zip(model.labels, model.scores(ruled.features), strict=True))
    concern = _judged_concern(ruled.masked, ruled.pieces, ruled.reading.concern, ruled.concern_features, model)
    polarity = _judged_polarity(ruled, scores, model)
    themes = ruled.reading.themes
    if codebook is default_codebook():
        themes = _judged_themes(ruled, polarity, scores, model)
    return replace(ruled.reading, polarity=polarity, themes=themes, concern=concern)


def read_concern(comment: Comment) -> ConcernReading:
    """Screen one comment for concerns alone, without what reading the rest costs.

    Args:
        comment: the comment.

    Returns:
        The same concern as `read_comment` finds.
    """
    masked, _, concern = _screened(comment)
    if _NOT_FOR_MODELS & set(concern.reasons):
        return concern
    pieces = tuple(word_pieces(masked.text))
    features = concern_features(masked, pieces, concern, comment.respondent, comment.question)
    return _judged_concern(masked, pieces, concern, features, shipped_model())


def _screened(comment: Comment) -> tuple[Normalised, Redaction, ConcernReading]:
    plain = normalise(comment.text)
    redaction = redact(plain, known_names=comment.known_names)
    concern = screen(plain, respondent=comment.respondent, question=comment.question, language=comment.language)
    return _with_names_masked(plain, redaction), redaction, concern


def _judged_concern(
    n: Normalised, pieces: tuple[Piece, ...], concern: ConcernReading, features: dict[str, float], model: Model
) -> ConcernReading:
    """Let the model add concerns, and take back only what faint signs alone had raised."""
    score = model.scores(features)[model.labels.index("concern")]
    limit = model.thresholds["concern"]
    if score > limit and not concern.flag:
        words = model.movers("concern", pieces)
        evidence = tuple(evidence_at(n, word.start, word.end, "learned.concern") for word in words)
        return ConcernReading(flag=True, reasons=("likely",), evidence=tuple(sorted(evidence, key=lambda e: e.start)))
    if score <= limit - model.thresholds.get("concern:rules", 0.0) and concern.flag:
        return ConcernReading(flag=False, reasons=(), evidence=())
    return concern


def _judged_polarity(ruled: RuleReading, scores: dict[str, float], model: Model) -> PolarityReading:
    chances: dict[Polarity, float] = {
        "positive": probability(scores["polarity:positive"]),
        "negative": probability(scores["polarity:negative"]),
        "mixed": probability(scores["polarity:mixed"]),
        "neutral": probability(scores["polarity:neutral"]),
    }
    # Neither good nor bad, and both at once, are one answer first: which of the two it is comes second.
    even = chances["mixed"] + chances["neutral"]
    clear: Polarity = "positive" if chances["positive"] >= chances["negative"] else "negative"
    level: Polarity = "mixed" if chances["mixed"] >= chances["neutral"] else "neutral"
    judged = level if even > chances[clear] else clear
    reading = ruled.reading.polarity
    if judged == reading.polarity:
        return reading
    words = model.movers(f"polarity:{judged}", ruled.pieces)
    learned = tuple(evidence_at(ruled.masked, w.start, w.end, f"learned.{judged}") for w in words)
    evidence = tuple(sorted((*reading.evidence, *learned), key=lambda e: (e.start, e.end)))
    return replace(reading, polarity=judged, evidence=evidence)


def _judged_themes(
    ruled: RuleReading, polarity: PolarityReading, scores: dict[str, float], model: Model
) -> tuple[ThemeMatch, ...]:
    by_rule = {theme.id: theme for theme in ruled.reading.themes}
    found = []
    for theme_id in default_codebook().theme_ids():
        label = f"theme:{theme_id}"
        score = scores.get(label)
        if score is None or score <= model.thresholds[label]:
            continue
        found.append(by_rule.get(theme_id) or _learned_theme(ruled, polarity, theme_id, score, model))
    return tuple(found)


def _learned_theme(
    ruled: RuleReading, polarity: PolarityReading, theme_id: str, score: float, model: Model
) -> ThemeMatch:
    """Put together a theme that the model finds where no phrase of the codebook stands."""
    words = model.movers(f"theme:{theme_id}", ruled.pieces)
    rule = f"learned.{theme_id}"
    evidence: tuple[Evidence, ...] = tuple(evidence_at(ruled.masked, w.start, w.end, rule) for w in words)
    if not evidence:
        evidence = (evidence_at(ruled.masked, 0, len(ruled.masked.text), rule),)
    near, wish = polarity.around([(word.start, word.end) for word in words])
    first = evidence[0]
    return ThemeMatch(theme_id, first.start, first.end, near, wish, round(probability(score), 2), evidence)


def _with_names_masked(n: Normalised, redaction: Redaction) -> Normalised:
    """Put one same word for every person's name, so that "Joy was late" is not joyful and a name counts as a person."""
    people = {(span.start, span.end) for span in redaction.spans if span.kind == "person"}
    if not people:
        return n
    pieces: list[str] = []
    offsets: list[int] = []
    at = 0
    for start, end in sorted(people):
        left = next((i for i in range(at, len(n.text)) if n.offsets[i] >= start), len(n.text))
        right = next((i for i in range(left, len(n.text)) if n.offsets[i] >= end), len(n.text))
        pieces += [n.text[at:left], _PERSON_WORD]
        offsets += [*n.offsets[at:left], *([start] * len(_PERSON_WORD))]
        at = right
    pieces.append(n.text[at:])
    return Normalised(n.original, "".join(pieces), (*offsets, *n.offsets[at:]))
