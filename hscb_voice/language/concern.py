"""Screen a comment for words that a safeguarding person must read today.

Why: a child may tell of harm inside a form about something else, misspelt, sideways or within praise. This looks
for it, widely, and shows the words that raised it.
May not: say that anyone is safe: no flag means only that no rule was met. It stores nothing, sends nothing and decides
nothing about a family.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from hscb_voice.language.concern_alone import lone_worry
from hscb_voice.language.concern_guards import Guards
from hscb_voice.language.concern_lexicon import Lexicon, lexicon_for
from hscb_voice.language.concern_matching import Match
from hscb_voice.language.concern_signals import enough, weigh
from hscb_voice.language.concern_words import Word, words_of
from hscb_voice.language.concern_written import as_written
from hscb_voice.language.evidence import Evidence, evidence_at
from hscb_voice.language.language_guess import LanguagePart, languages_in
from hscb_voice.language.normalise import Normalised
from hscb_voice.language.spelling import Speller

REASON_LABELS: dict[str, str] = {
    "harm": "Someone is hurting a child",
    "emotional_harm": "Shouting, threats or cruelty towards a child",
    "fear_of_person": "Afraid of a person",
    "fear_of_home": "Afraid of home, of a placement or of contact",
    "fear": "Afraid, and it is not clear of what",
    "domestic_abuse_now": "Violence or control between adults at home",
    "breach_of_order": "Someone comes near, follows or makes contact who should not",
    "sexual_harm": "Touching, pictures or secrets of a sexual kind",
    "exploitation": "Used by others for sex, drugs, money or errands",
    "neglect": "Not fed, clothed, warm, looked after or taken to a doctor",
    "substance_misuse": "Drink or drugs of an adult reach the child",
    "self_harm": "Self-harm, suicidal words or not eating",
    "missing": "Running away or being missing",
    "honour_or_extremism": "Forced marriage, cutting, honour or extremism",
    "bullying": "Bullying that frightens or hurts",
    "worker_conduct": "What a worker or carer did is a worry",
    "parent_in_crisis": "A parent cannot cope or may do harm",
    "not_acted_on": "Someone was told and nothing was done",
    "talk_to_someone": "Asks for help or to talk to someone",
    "likely": "Reads like a worry, though no single rule says why",
    "unreadable_language": "Written in a language that the machine cannot read",
}
"""What each reason is called on staff pages."""

_LEARNT = "learn"
NOT_READ = "language.not-read"
"""The rule by which words that no lexicon reads go to a person."""
_SCREENED = ("en", "pl", "ro", "cy")


@dataclass(frozen=True, slots=True)
class ConcernReading:
    """What screening found: whether a person must look today, why, and the words that say so."""

    flag: bool
    reasons: tuple[str, ...]
    evidence: tuple[Evidence, ...]


def screen(
    n: Normalised, *, respondent: str, question: str | None = None, language: str = "en", thorough: bool = True
) -> ConcernReading:
    """Screen one comment for concerns.

    Args:
        n: the normalised comment.
        respondent: "child", "parent" or "professional".
        question: the question that the comment answers; an answer to "what did you learn" is not read as happening now.
        language: the language of the form ("en", "pl", "ro", "cy" or another code); the comment may be in another.
        thorough: whether all lists of words are asked if it is in a language that nobody reads; see `languages_in`.

    Returns:
        The reading; reasons are keys of `REASON_LABELS`, in the order in which the words stand, each once.
    """
    languages = languages_in(n, language, thorough=thorough)
    guess, others = languages.whole, languages.parts
    found, reasons = _unreadable(n, others if guess != "other" else (LanguagePart(0, len(n.text), guess),))
    words = words_of(n.text)
    learnt = question is not None and _LEARNT in question.lower()
    for code in dict.fromkeys(("en", guess, language, *(part.language for part in others))):
        lexicon = lexicon_for(code) if code in _SCREENED else None
        if lexicon is None:
            continue
        read = words if code == "en" else as_written(n, words, lexicon.finder.knows)
        for rule, reason, match in _worries(lexicon, code, read, respondent, learnt=learnt):
            place = words[match.first].start
            found.setdefault(f"{rule}@{place}", evidence_at(n, place, words[match.last - 1].end, rule))
            reasons[reason] = min(place, reasons.get(reason, place))
    lone = lone_worry(words) if respondent == "child" and not learnt and not reasons else None
    if lone is not None:
        rule, reason, word = lone
        found[rule], reasons[reason] = evidence_at(n, word.start, word.end, rule), word.start
    ordered = tuple(sorted(reasons, key=lambda reason: (reasons[reason], reason)))
    evidence = tuple(sorted(found.values(), key=lambda item: (item.start, item.rule)))
    return ConcernReading(flag=bool(ordered), reasons=ordered, evidence=evidence)


def _unreadable(n: Normalised, parts: Sequence[LanguagePart]) -> tuple[dict[str, Evidence], dict[str, int]]:
    """Give the evidence and reason of the parts that no lexicon reads: one such sentence may hold all that matters."""
    unread = [part for part in parts if part.language == "other"]
    found = {f"{NOT_READ}@{part.start}": evidence_at(n, part.start, part.end, NOT_READ) for part in unread}
    return found, {"unreadable_language": unread[0].start} if unread else {}


def _worries(
    lexicon: Lexicon, code: str, words: tuple[Word, ...], respondent: str, *, learnt: bool
) -> list[tuple[str, str, Match]]:
    """Give rule, reason and place of each worry: the rules that stand, or else the faint signs where they add up."""
    speller = speller_for(code)
    texts = [speller.mended(word.text) for word in words]
    guards = Guards(lexicon, words, texts, learnt=learnt)
    standing = _standing(lexicon, words, texts, respondent, guards)
    if standing:
        return [(lexicon.rules[match.rule].rule, lexicon.rules[match.rule].reason, match) for match in standing]
    weighed = weigh(lexicon, words, texts, guards, respondent)
    if not enough(lexicon, weighed, respondent):
        return []
    reason = weighed.met[0][0].reason
    return [(f"signs.{signal.signal}", reason, match) for signal, match in weighed.met if signal.weight > 0]


def _standing(
    lexicon: Lexicon, words: tuple[Word, ...], texts: list[str], respondent: str, guards: Guards
) -> list[Match]:
    """Give the first match of each rule that no guard silences."""
    standing: dict[int, Match] = {}
    for match in lexicon.finder.find(words, texts):
        if match.rule in standing or respondent not in lexicon.rules[match.rule].only:
            continue
        if guards.silence(match, lexicon.rules[match.rule]) is None:
            standing[match.rule] = match
    return list(standing.values())


@lru_cache(maxsize=len(_SCREENED))
def speller_for(code: str) -> Speller:
    """Return what mends the few words that matter most for concern.

    Args:
        code: a language.

    Returns:
        A speller that leaves what a rule knows and what is listed as a real word; of a language without lexicon, all.
    """
    lexicon = lexicon_for(code)
    if lexicon is None:
        return Speller((), len)
    knows, real = lexicon.finder.knows, lexicon.real_words
    return Speller(sorted(lexicon.often_misspelt), lambda word: len(word) if word in real or knows(word) else 1)
