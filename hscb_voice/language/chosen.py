"""Say how good or bad it was, and what about, by the faces and ticks of a form: where the words cannot be read.

Why: a child who writes Polish, or nothing at all, has still circled faces and ticked sentences of ours. Those sentences
are English, so they are read like any comment; the faces and the points of a scale say how good or bad.
May not: take the place of a person who reads the words, or be counted as if the words had been read.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hscb_voice.language.codebook import Codebook
from hscb_voice.language.normalise import normalise
from hscb_voice.language.polarity import Polarity, PolarityReading
from hscb_voice.language.reading import Comment, read_comment
from hscb_voice.language.theme_matching import match_themes

FACES: Mapping[str, int] = {
    "really happy": 2,
    "happy": 1,
    "okay": 0,
    "sad": -1,
    "angry": -1,
    "confused": -1,
    "worried": -1,
    "confused / worried": -1,
    "scared": -2,
    "really sad": -2,
}
"""The eight faces of the paper form by their words, and how good or bad each is."""

SCARED, TALK = "scared", "talk_to_someone"
"""What a face or a tick raises by itself: a person must look today. In questionnaires `raises` says so of options."""
_RAISING_FACES: Mapping[str, str] = {"scared": SCARED}
_ASKS = re.compile(r"\b(?:want|need|please|yes)\b|would (?:you )?like|'d like")
_FOR_SOMEBODY = re.compile(
    r"\b(?:talk|speak)(?:ing)? (?:to|with) (?:someone|somebody|an? (?:adult|advocate))|"
    r"\b(?:someone|somebody|an adult) (?:to|who) (?:\w+ )?(?:talk|speak)|\badvocate\b"
)
# “don't really want”, “no need”, “please don't make me”, “like not to”, with what follows in the clause.
_DENIED = re.compile(
    r"(?:(?:n't|\b(?:no|not|never))(?: (?:really|actually|even|ever|longer|currently|think|feel|that|i|we|do|to))*"
    r" (?:want|need|like|wish|call|(?:make|force|ask) (?:me|us))|\b(?:want|need|like) (?:not to|to not|no))\b"
    r"(?:(?! (?:but|and|because|so|please|i (?:want|need|would)|can i)\b)[^.,;:!?\n])*"
)
# A sentence of ours that asks, and the answer beside it.
_ANSWERED_NO = re.compile(
    r"\b(?:would you like|do you (?:want|need))\b.*[?:/>\-\u2013\u2014]\W*(?:no|nope|nah|not|never)\b"
    r"(?!.*\b(?:yes|but)\b)",
    re.DOTALL,
)

_OF_FACES = "feelings"
_SAYS_NOTHING = PolarityReading("neutral", 0.0, wish=False, evidence=(), clauses=())
_SENTENCE = 3  # so many words say something; "Domestic abuse" only names what was spoken about


@dataclass(frozen=True, slots=True)
class Chosen:
    """One thing that was chosen: our own English words for it, and how good (2) or bad (-2) it is; None when neither.

    `about` says in which words to look for themes where they are others: for a point on a scale, those of the question.
    """

    words: str
    tone: int | None = None
    is_face: bool = False
    about: str = ""


@dataclass(frozen=True, slots=True)
class ChosenTheme:
    """A theme that something chosen is about; `words` are ours, not the child's."""

    id: str
    polarity: Polarity
    words: str


@dataclass(frozen=True, slots=True)
class ChosenReading:
    """What faces and ticks say. `polarity` is None when nothing chosen is good or bad or in between."""

    polarity: Polarity | None
    themes: tuple[ChosenTheme, ...]
    by_faces: tuple[str, ...]
    by_ticks: tuple[str, ...]


def face(words: str) -> Chosen | None:
    """Know a face by its words or by its key.

    Args:
        words: such as "Really happy" or "really_happy".

    Returns:
        The face; None when it is none of the eight.
    """
    name = " ".join(words.replace("_", " ").lower().split())
    return Chosen(name, FACES[name], is_face=True) if name in FACES else None


def tick(words: str, respondent: str, codebook: Codebook) -> Chosen:
    """Take a ticked sentence of which nothing else is known; how good or bad it is, its own words say.

    Args:
        words: the sentence, in English.
        respondent: child, parent or professional.
        codebook: the themes to look for.

    Returns:
        The tick. A name of a topic is neither good nor bad.
    """
    if len(words.split()) < _SENTENCE:
        return Chosen(words)
    said = read_comment(Comment("", words, respondent), codebook).polarity.polarity
    return Chosen(words, {"positive": 1, "negative": -1}.get(said, 0))


def raised_by(chosen: Sequence[Chosen]) -> dict[str, str]:
    """Tell what faces and ticks raise by themselves.

    Args:
        chosen: what was chosen on the same form.

    Returns:
        Each reason, with the words chosen.
    """
    raised: dict[str, str] = {}
    for one in chosen:
        words = normalise(one.words).text
        reason = _RAISING_FACES.get(one.words) if one.is_face else TALK if _asks_for_somebody(words) else None
        if reason is not None:
            raised.setdefault(reason, one.words)
    return raised


def _asks_for_somebody(words: str) -> bool:
    """Say whether somebody to talk to is asked for: a “no” that denies anything else is “no rush”, or “not my mum”."""
    left = _DENIED.sub(" ", words)
    return bool(_ASKS.search(left) and _FOR_SOMEBODY.search(left) and not _ANSWERED_NO.search(words))


def read_chosen(chosen: Sequence[Chosen], codebook: Codebook) -> ChosenReading | None:
    """Read faces and ticks.

    Args:
        chosen: what was chosen on the same form, in its order.
        codebook: the themes to look for.

    Returns:
        What they say, with the words that decided; None when they say nothing.
    """
    themes: dict[str, list[tuple[Chosen, Polarity]]] = {}
    for one in chosen:
        for theme_id in _about(one, codebook):
            themes.setdefault(theme_id, []).append((one, _polarity([one]) or "neutral"))
    polarity = _polarity(chosen)
    if polarity is None and not themes:
        return None
    telling = [one for one in chosen if one.tone is not None or any(one is a for of in themes.values() for a, _ in of)]
    return ChosenReading(
        polarity,
        tuple(_theme(theme_id, themes[theme_id]) for theme_id in codebook.theme_ids() if theme_id in themes),
        tuple(one.words for one in telling if one.is_face),
        tuple(one.words for one in telling if not one.is_face),
    )


def _about(one: Chosen, codebook: Codebook) -> tuple[str, ...]:
    if one.is_face:
        return (_OF_FACES,) if one.tone and _OF_FACES in codebook.theme_ids() else ()
    # Phrases alone, and no model: a web process asks this too, and nothing heavy is loaded there.
    return tuple(theme.id for theme in match_themes(normalise(one.about or one.words), codebook, _SAYS_NOTHING))


def _theme(theme_id: str, found: Sequence[tuple[Chosen, Polarity]]) -> ChosenTheme:
    together = _polarity([one for one, _ in found]) or found[0][1]
    return ChosenTheme(theme_id, together, " · ".join(one.words for one, _ in found))


def _polarity(chosen: Sequence[Chosen]) -> Polarity | None:
    """Good and bad together are mixed, whichever is stronger: faces are a set of feelings, and never averaged."""
    tones = [one.tone for one in chosen if one.tone is not None]
    if not tones:
        return None
    is_good, is_bad = max(tones) > 0, min(tones) < 0
    if is_good and is_bad:
        return "mixed"
    return "positive" if is_good else "negative" if is_bad else "neutral"
