"""Weigh what is known beside a comment's words: the faces and ticks of the same form, and that nobody said who wrote.

Why: a scared face is a worry whatever stands beside it; faces and ticks say how good or bad where words leave it open;
and what nobody said may have been said by a child.
May not: take the place of words that say something themselves, or be used for what is kept and counted: there the ticks
are counted as ticks already.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hscb_voice.language.chosen import Chosen, ChosenReading, raised_by, read_chosen
from hscb_voice.language.codebook import Codebook, default_codebook
from hscb_voice.language.concern import ConcernReading
from hscb_voice.language.evidence import Evidence
from hscb_voice.language.normalise import normalise
from hscb_voice.language.phrases import tokens
from hscb_voice.language.polarity import Polarity, read_polarity
from hscb_voice.language.reading import READ_LANGUAGE, Comment, Reading, read_concern, rule_reading
from hscb_voice.language.theme_matching import ThemeMatch

_CONFIDENCE = 0.5  # as of a theme that hints show
_RULE = "chosen"


@dataclass(frozen=True, slots=True)
class Said:
    """A reading in which faces and ticks had a say, and which of them; `instead_of_words` when words said nothing."""

    reading: Reading
    by_faces: tuple[str, ...]
    by_ticks: tuple[str, ...]
    instead_of_words: bool


def by_faces_and_ticks(
    comment: Comment, reading: Reading, chosen: Sequence[Chosen], codebook: Codebook, *, is_read: bool
) -> Said | None:
    """Let faces and ticks speak where words cannot be read or there are none, and lean what words leave undecided.

    Args:
        comment: the comment.
        reading: what was read in its words.
        chosen: what was chosen on the same form.
        codebook: the themes to look for.
        is_read: whether somebody has learned to read the comment's language.

    Returns:
        The reading with what they say; None where they change nothing.
    """
    known = read_chosen(chosen, codebook)
    if known is None:
        return None
    if is_read and tokens(normalise(comment.text).text):
        return _leaned(comment, reading, known, chosen)
    themes = tuple(
        ThemeMatch(
            one.id, 0, 0, one.polarity, wish=False, confidence=_CONFIDENCE, evidence=(Evidence(0, 0, _RULE, one.words),)
        )
        for one in known.themes
    )
    said = replace(_with_polarity(reading, known.polarity or reading.polarity.polarity, known), themes=themes)
    return Said(said, known.by_faces, known.by_ticks, instead_of_words=True)


def _leaned(comment: Comment, reading: Reading, known: ChosenReading, chosen: Sequence[Chosen]) -> Said | None:
    if reading.polarity.polarity != "neutral" or known.polarity not in {"positive", "negative"}:
        return None
    leaning = 1.0 if known.polarity == "positive" else -1.0
    if reading.language == READ_LANGUAGE:
        masked = rule_reading(comment, default_codebook()).masked
        read = read_polarity(masked, respondent=comment.respondent, question=comment.question, leaning=leaning)
        if read.polarity not in {"neutral", known.polarity}:
            return None
        if read.polarity == "neutral" and read.score * leaning < 0:  # the words lean the other way, and more
            return None
    faces = tuple(one.words for one in chosen if one.is_face and one.tone is not None)
    ticks = tuple(one.words for one in chosen if not one.is_face and one.tone is not None)
    return Said(_with_polarity(reading, known.polarity, known), faces, ticks, instead_of_words=False)


def _with_polarity(reading: Reading, polarity: Polarity, known: ChosenReading) -> Reading:
    words = (*known.by_faces, *known.by_ticks) if known.polarity else ()
    evidence = (*reading.polarity.evidence, *(Evidence(0, 0, _RULE, one) for one in words))
    return replace(reading, polarity=replace(reading.polarity, polarity=polarity, evidence=evidence))


def with_raised(reading: Reading, chosen: Sequence[Chosen]) -> Reading:
    """Raise a concern by faces and ticks that do so by themselves.

    Args:
        reading: what was read.
        chosen: what was chosen on the same form.

    Returns:
        The reading; the same where none of them raises anything.
    """
    raised = raised_by(chosen)
    if not raised:
        return reading
    before = reading.concern if reading.concern.flag else ConcernReading(flag=False, reasons=(), evidence=())
    reasons = tuple(dict.fromkeys((*before.reasons, *raised)))
    evidence = (*before.evidence, *(Evidence(0, 0, f"{_RULE}.{reason}", words) for reason, words in raised.items()))
    return replace(reading, concern=ConcernReading(flag=True, reasons=reasons, evidence=evidence))


def as_of_a_child(comment: Comment, concern: ConcernReading) -> ConcernReading:
    """Screen a comment of which nobody said who wrote it for what a child's words would raise as well.

    Args:
        comment: the comment, read as somebody else's.
        concern: what was found so.

    Returns:
        What either finds.
    """
    child = read_concern(replace(comment, respondent="child"))
    if not child.flag:
        return concern
    if not concern.flag:
        return child
    evidence = {(one.start, one.rule): one for one in (*concern.evidence, *child.evidence)}
    reasons = tuple(dict.fromkeys((*concern.reasons, *child.reasons)))
    return ConcernReading(flag=True, reasons=reasons, evidence=tuple(evidence[key] for key in sorted(evidence)))
