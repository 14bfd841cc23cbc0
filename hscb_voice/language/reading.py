"""Read one comment whole: polarity, themes, words to hide, and whether a person must look.

Why: rules read first and say which words they rest on; learned models, which take what the rules found as inputs of
their own, then tip what the rules leave level. Pages, jobs, the command line and the quality checks all read here.
May not: keep anything.
"""

import gc
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from hscb_voice.language.codebook import Codebook, default_codebook
from hscb_voice.language.concern import NOT_READ, ConcernReading, screen
from hscb_voice.language.concern_alone import FEWEST_TO_JUDGE
from hscb_voice.language.concern_words import words_of
from hscb_voice.language.evidence import Evidence, evidence_at
from hscb_voice.language.language_guess import languages_in
from hscb_voice.language.learned import Features, Model, probability, shipped_model
from hscb_voice.language.normalise import Normalised, normalise
from hscb_voice.language.polarity import Polarity, PolarityReading, read_polarity
from hscb_voice.language.polarity_together import WAYS
from hscb_voice.language.questions import themes_asked
from hscb_voice.language.reading_features import concern_features, reading_features
from hscb_voice.language.redaction import Redaction, redact
from hscb_voice.language.redaction_around import NOBODY, Around
from hscb_voice.language.redaction_learned import RULE as LEARNED_NAME
from hscb_voice.language.spelling import with_slips_mended
from hscb_voice.language.theme_matching import ThemeMatch, match_themes

Respondent = Literal["child", "parent", "professional"]
# When a rule, and not faint signs, says one of these, a person looks, whatever the model thinks.
_NEVER_OVERRULED = frozenset({"harm", "self_harm", "sexual_harm", "emotional_harm", "worker_conduct"})
# A score of the rules from which they are not softened. The printed answers of 2015-16, which trained nothing, hold
# long and plain praise that the model calls level; on comments of held-out authors it is right as often as not.
_LOUD = 4.5
READ_LANGUAGE = "en"
"""The language whose polarity and themes a machine can read; of others it screens and redacts some, and says so."""

DOUBT = "polarity:doubt"
"""The threshold that says how much what speaks for blame counts against praise, and the other way round."""

_UNREAD = PolarityReading("neutral", 0.0, wish=False, evidence=(), clauses=())
"""What is said of words that nobody could read. Phrases in their language may stand in somebody's own codebook."""

_SELDOM = (20_000, 20, 20)
_PERSON_WORD = "somename"
_OTHER_LANGUAGES = (".pl", ".ro", ".cy")
_CONCERN_LEANS = -1.0
# Reasons for a person to look that say nothing about good or bad.
_NO_BAD_NEWS = frozenset({"talk_to_someone", "unreadable_language"})


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment to read.

    `respondent` is one of `Respondent`; `known_names` are names that the system knows to belong to this response,
    `around` those of the house, whoever the comment is about; `language` is that of the form.
    """

    id: str
    text: str
    respondent: str
    question: str | None = None
    known_names: tuple[str, ...] = ()
    language: str = "en"
    around: Around = NOBODY


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read in one comment; of one in another language than English only what to hide and the concern."""

    polarity: PolarityReading
    themes: tuple[ThemeMatch, ...]
    redaction: Redaction
    concern: ConcernReading
    language: str = READ_LANGUAGE


@dataclass(frozen=True, slots=True)
class RuleReading:
    """What the rules alone read, and the features that the models take from it."""

    masked: Normalised
    reading: Reading
    concern_features: Features
    features: Features


def rule_reading(comment: Comment, codebook: Codebook) -> RuleReading:
    """Read one comment by the rules alone.

    Args:
        comment: the comment.
        codebook: the themes to look for.

    Returns:
        The reading and the features.
    """
    masked, redaction, concern, language = _screened(comment)
    polarity = read_polarity(
        masked,
        respondent=comment.respondent,
        question=comment.question,
        leaning=_CONCERN_LEANS if set(concern.reasons) - _NO_BAD_NEWS else None,
    )
    asked = themes_asked(comment.question, comment.respondent)
    themes = match_themes(masked, codebook, polarity, concern, asked)
    first = concern_features(masked, concern, comment.respondent, comment.question)
    features = reading_features(first, polarity, themes, comment.respondent, comment.question)
    if language != READ_LANGUAGE:
        polarity, themes = _UNREAD, () if codebook is default_codebook() else themes
    return RuleReading(masked, Reading(polarity, themes, redaction, concern, language), first, features)


def read_comment(comment: Comment, codebook: Codebook) -> Reading:
    """Read one comment.

    Args:
        comment: the comment.
        codebook: the themes to look for. The models know the themes of the program's own codebook; with another, the
            phrases decide alone.

    Returns:
        Polarity, themes, words to hide and concern, each with the words that decided.
    """
    return judged_reading(comment, rule_reading(comment, codebook), codebook)


@cache
def load_for_many() -> None:
    """Load all that reading needs, for a process that will read many comments; a second time nothing is done.

    What is loaded stays. To look through it for rubbish again and again would take a tenth of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        read_comment(Comment("", "They were there.", "parent"), default_codebook())
    finally:
        if was_on:
            gc.enable()
    gc.collect()  # or what is rubbish by now would be kept for good as well
    gc.freeze()
    gc.set_threshold(*_SELDOM)


def judged_reading(comment: Comment, ruled: RuleReading, codebook: Codebook) -> Reading:
    """Let the shipped model tip what the rules have read.

    Args:
        comment: the comment.
        ruled: what `rule_reading` returned for it.
        codebook: the same themes.

    Returns:
        What `read_comment` returns.
    """
    if ruled.reading.language != READ_LANGUAGE:  # the models have learned English comments, and nothing of others
        return ruled.reading
    model = shipped_model()
    scores = model.scores(ruled.features)
    # The concern is judged by what `read_concern` knows too: of marks beyond that it has learned nothing.
    concern = _judged_concern(ruled.masked, ruled.reading.concern, scores["concern"], model, comment.language)
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
    masked, _, concern, language = _screened(comment)
    if language != READ_LANGUAGE:
        return concern
    model = shipped_model()
    features = concern_features(masked, concern, comment.respondent, comment.question)
    return _judged_concern(masked, concern, model.scores(features)["concern"], model, comment.language)


def _screened(comment: Comment) -> tuple[Normalised, Redaction, ConcernReading, str]:
    """Return the comment as it is read, with names masked and slips mended; words to hide; the concern; its language.

    The screen mends the words that it looks for by itself: it must see the comment as it was written.
    """
    plain = normalise(comment.text)
    redaction = redact(plain, known_names=comment.known_names, around=comment.around, language=comment.language)
    concern = screen(plain, respondent=comment.respondent, question=comment.question, language=comment.language)
    masked = _with_names_masked(plain, redaction)
    language = languages_in(plain, comment.language).whole
    return _legible(masked, redaction, language), redaction, concern, language


def with_sure_names_masked(ruled: RuleReading) -> Normalised:
    """Return a comment in which words stand that only the model of names takes for names.

    People know their own words better: a phrase that they give is found even where the model thinks of somebody.

    Args:
        ruled: what `rule_reading` returned for the comment.
    """
    redaction = ruled.reading.redaction
    sure = tuple(span for span in redaction.spans if span.evidence.rule != LEARNED_NAME)
    if len(sure) == len(redaction.spans):
        return ruled.masked
    masked = _with_names_masked(normalise(ruled.masked.original), replace(redaction, spans=sure))
    return _legible(masked, redaction, ruled.reading.language)


def _legible(masked: Normalised, redaction: Redaction, language: str) -> Normalised:
    hidden = [(span.start, span.end) for span in redaction.spans]
    return with_slips_mended(masked, hidden) if language == READ_LANGUAGE else masked


def _moved(n: Normalised, model: Model, label: str, rule: str, *, up: bool = True) -> tuple[Evidence, ...]:
    """Give the words that moved a label, in the order in which they stand."""
    found = (evidence_at(n, word.start, word.end, rule) for word in model.movers(label, n.text, up=up))
    return tuple(sorted(found, key=lambda evidence: (evidence.start, evidence.end)))


def _judged_concern(
    n: Normalised, concern: ConcernReading, score: float, model: Model, language: str
) -> ConcernReading:
    """Let the model add concerns; and take one back where it sees clearly less than it asks for by itself.

    What was raised within a form in another language stands: a word of that language may have raised it. So does plain
    harm: being wrong about that in one harmless comment of fifty is the price of missing none.
    """
    is_too_short = len(words_of(n.text, FEWEST_TO_JUDGE + 1)) <= FEWEST_TO_JUDGE
    if is_too_short or (not concern.flag and score <= model.thresholds["concern"]):
        return concern
    if not concern.flag:
        return ConcernReading(flag=True, reasons=("likely",), evidence=_moved(n, model, "concern", "learned.concern"))
    by_signs = all(evidence.rule.startswith("signs.") for evidence in concern.evidence)
    if not by_signs and _NEVER_OVERRULED & set(concern.reasons):
        return concern
    # The model knows nothing of a Polish sentence in an English comment, nor of one that nobody could read.
    if any(evidence.rule.endswith(_OTHER_LANGUAGES) or evidence.rule == NOT_READ for evidence in concern.evidence):
        return concern
    if language != "en" or score > model.thresholds["concern:signs" if by_signs else "concern:rule"]:
        return concern
    harmless = _moved(n, model, "concern", "learned.harmless", up=False)
    return ConcernReading(flag=False, reasons=(), evidence=harmless)


def _clear_by_rules(reading: PolarityReading, shares: Mapping[str, float]) -> str | None:
    """Return what the rules say loudly, when the model leans the same way and only calls it level."""
    leaning = "positive" if shares["positive"] > shares["negative"] else "negative"
    return leaning if reading.polarity == leaning and abs(reading.score) >= _LOUD else None


def _shares(ruled: RuleReading, scores: Mapping[str, float], model: Model) -> dict[str, float]:
    if model.together is None:
        return {way: probability(scores[f"polarity:{way}"]) for way in WAYS}
    return model.together.shares(scores, ruled.reading.polarity.score)


def _judged_polarity(ruled: RuleReading, scores: Mapping[str, float], model: Model) -> PolarityReading:
    # Neither good nor bad, and both at once, are one answer first: which of the two it is comes second.
    # To read praise as blame is worse than to leave open which of them it is: what speaks for the other counts against.
    shares, doubt = _shares(ruled, scores, model), model.thresholds[DOUBT]
    well, ill = shares["positive"], shares["negative"]
    worth = {"positive": well - doubt * ill, "negative": ill - doubt * well, "even": shares["even"]}
    best = max(worth, key=lambda name: worth[name])
    if best == "even":
        best = _clear_by_rules(ruled.reading.polarity, shares) or best
    even: Polarity = "mixed" if scores["polarity:mixed"] > model.thresholds["polarity:mixed"] else "neutral"
    judged: Polarity = "positive" if best == "positive" else "negative" if best == "negative" else even
    reading = ruled.reading.polarity
    if judged == reading.polarity and reading.evidence:
        return reading
    learned = _moved(ruled.masked, model, f"polarity:{best}", f"learned.{judged}")
    evidence = tuple(sorted((*reading.evidence, *learned), key=lambda e: (e.start, e.end)))
    return replace(reading, polarity=judged, evidence=evidence)


def _judged_themes(
    ruled: RuleReading, polarity: PolarityReading, scores: Mapping[str, float], model: Model
) -> tuple[ThemeMatch, ...]:
    by_rule = {theme.id: theme for theme in ruled.reading.themes}
    found = []
    for theme_id in default_codebook().theme_ids():
        label = f"theme:{theme_id}"
        score = scores.get(label)
        if score is None or score <= model.thresholds[label]:
            continue
        found.append(by_rule.get(theme_id) or _learned_theme(ruled.masked, polarity, theme_id, score, model))
    return tuple(found)


def _learned_theme(n: Normalised, polarity: PolarityReading, theme_id: str, score: float, model: Model) -> ThemeMatch:
    """Put together a theme that the model finds where no phrase of the codebook stands."""
    words = model.movers(f"theme:{theme_id}", n.text)
    evidence = _moved(n, model, f"theme:{theme_id}", f"learned.{theme_id}")
    near, wish = polarity.around([(word.start, word.end) for word in words])
    first = evidence_at(n, words[0].start, words[0].end, f"learned.{theme_id}")
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
