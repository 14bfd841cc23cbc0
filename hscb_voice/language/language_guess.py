"""Guess whether a comment is English, Polish, Romanian, Welsh or something else, and which parts of it are another.

Why: a worry written in a language that no lexicon covers must reach a person, not pass as silence.
May not: call short or badly spelt English foreign: without clear signs the answer is the language of the form.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from hscb_voice.language.concern_lexicon import lexicon_for
from hscb_voice.language.concern_words import plain_letters
from hscb_voice.language.foreign_words import (
    BY_EAR,
    EITHER,
    ENGLISH,
    FOREIGN,
    STRANGE,
    UNKNOWN,
    bare,
    by_all_lists,
    by_short_lists,
    other_script,
)
from hscb_voice.language.language_signs import CODES, common_words, own_letters, plain_english, shared_words
from hscb_voice.language.normalise import Normalised
from hscb_voice.language.redaction_lists import NAME, marks_of, words_under
from hscb_voice.language.sounding import sounds_english

# Where no spaces part the words, two signs count as one.
_WORD = re.compile(r"[\u0e00-\u0eff\u3040-\u9fff\uac00-\ud7af]{1,2}|[^\W_]+(?:['’][^\W\d_]+)*")
_PART = re.compile(r"[^.!?;:,\n()\u2013\u2014]+")
_PART_WORDS = 3  # fewer are a name or a word that somebody likes
_CLEAR = 2
_SHORT = 3  # letters: "iz" and "shi" are words elsewhere, and a child's "is" and "she"
_CLEAR_OTHER = 2.5
_ENGLISH_ENDS = ("n't", "'s", "'m", "'re", "'ve", "'ll", "'d")
_THING = 0.4  # what a word says for another language that may be the name of something
_FEWEST_TELLING = 3  # "ESA" is a benefit, too
_LONGEST_SHORT = 5  # letters of "EMDR" and "CAMHS"
_OWN_SHARE, _OWN_SHARE_ON_A_FORM = 0.34, 0.2
_OTHER_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class LanguagePart:
    """A part of a comment in a language of its own; `start` and `end` are places in its plain copy."""

    start: int
    end: int
    language: str


@dataclass(frozen=True, slots=True)
class Languages:
    """The language of a comment ("other" for one that no lexicon covers), and its parts that are in another."""

    whole: str
    parts: tuple[LanguagePart, ...]


_ENGLISH = Languages("en", ())


class _Word(NamedTuple):
    start: int
    end: int
    word: str
    plain: str
    kind: int
    is_name: bool
    is_thing: bool  # written as the name of a game or toy may be: with a capital, or alone between two marks


def languages_in(n: Normalised, form: str = "en", *, thorough: bool = True) -> Languages:
    """Guess the languages of a comment.

    Args:
        n: the comment with its plain copy.
        form: the language of the form that it was written on.
        thorough: whether to ask all lists of words. Without them, in a web process, a language of which few words are
            listed may be missed.

    Returns:
        "en", "pl", "ro", "cy", or "other" for the whole, and each part in another language: a stretch between two
        marks, or within one, of three words or more.
    """
    if form == "en" and not _is_strange(n.original, thorough):
        return _ENGLISH  # nearly every comment
    return _languages_in(n, form, thorough)


@lru_cache(maxsize=16)  # every step of reading asks again for the comment in hand
def _is_strange(text: str, thorough: bool) -> bool:  # noqa: FBT001 - a key of the cache
    """Say whether any word of a comment may be of another language than English."""
    kind_of = by_all_lists if thorough else by_short_lists
    return any(kind > EITHER for kind in map(kind_of, _WORD.findall(text.lower().replace("’", "'"))))


@lru_cache(maxsize=16)
def _languages_in(n: Normalised, form: str, thorough: bool) -> Languages:  # noqa: FBT001 - a key of the cache
    parts = _words_by_part(n, by_all_lists if thorough else by_short_lists)
    words = [word for part in parts for word in part]
    whole = _language_of(words, form)
    found = [one for part in parts if len(part) >= _PART_WORDS for one in _in_part(part, whole, form)]
    return Languages(whole, tuple(_placed(n, *one) for one in found))


def _words_by_part(n: Normalised, kind_of: Callable[[str], int]) -> list[list[_Word]]:
    """Cut a comment at its marks, and each part into words."""
    parts = [_WORD.finditer(n.original, *part.span()) for part in _PART.finditer(n.original)]
    found = [[word for word in part if not word[0].isdigit()] for part in parts]
    tell = 2 * sum(word[0][0].isupper() for part in found for word in part) < sum(map(len, found))
    shouts = any(_is_no_acronym(word[0], kind_of) for part in found for word in part)
    read = [
        [_word(n, word, kind_of, may_be_name=tell and at > 0, shouts=shouts) for at, word in enumerate(part)]
        for part in found
    ]
    return [[one._replace(is_thing=one.is_thing or len(part) == 1 < len(read)) for one in part] for part in read]


def _word(
    n: Normalised, found: re.Match[str], kind_of: Callable[[str], int], *, may_be_name: bool, shouts: bool
) -> _Word:
    start, end = found.span()
    word = found[0].lower().replace("’", "'")
    kind, plain, is_name = kind_of(word), plain_letters(bare(word)), False
    is_short_for = not shouts and len(word) <= _LONGEST_SHORT and found[0].isupper()  # “DBT”, “EMDR”
    if is_short_for and EITHER < kind < FOREIGN:
        kind = EITHER
    elif kind > EITHER:
        # A capital within a sentence makes a name of a word; and what a child spells so may be an English word.
        is_name = may_be_name and found[0][0].isupper() and not _is_listed(plain)
        read = n.text[bisect_left(n.offsets, start) : bisect_left(n.offsets, end)]
        if is_name or (read != word and kind_of(read) == ENGLISH):
            kind = EITHER
    return _Word(start, end, word, plain, kind, is_name, is_thing=found[0].istitle())


def _is_no_acronym(word: str, kind_of: Callable[[str], int]) -> bool:
    """Say whether capitals are how somebody writes: a long word in capitals, or a short one of another language."""
    is_foreign = len(word) > _FEWEST_TELLING and kind_of(word.lower()) == FOREIGN
    return word.isupper() and (len(word) > _LONGEST_SHORT or is_foreign)


def _is_listed(plain: str) -> bool:
    return any(plain in common_words(code) for code in (*CODES, "other"))


def _language_of(words: Sequence[_Word], form: str) -> str:
    if not words:
        return "en"
    if 2 * sum(other_script(one.word) for one in words) > len(words):
        return "other"
    english = len({one.plain for one in words if one.plain in plain_english()})
    scores = {code: _score(code, words) for code in CODES}
    best = max(scores, key=lambda code: (scores[code], code == form))
    if scores[best] >= _CLEAR and scores[best] > english:
        return best if _is_rather(best, words, form) else "other"
    if form != "en":
        return _on_another_form(words, form)
    return "other" if _is_foreign(words) else "en"


def _score(code: str, words: Sequence[_Word]) -> int:
    """Count the words that are common in a language, and those with letters of its own."""
    signs, shared = common_words(code), shared_words()
    plain = {one.plain for one in words}
    common = (plain & signs) - common_words("english") - shared
    weak = plain & signs & shared
    own = {one.word for one in words if one.kind == FOREIGN and not own_letters(code).isdisjoint(one.word)}
    return len(common) + len(own) + (1 if len(weak) > 1 and (common or own) else 0)


def _is_rather(code: str, words: Sequence[_Word], form: str) -> bool:
    """Say whether the words that are not English are rather of a language than of its neighbours that nobody reads."""
    own, other = _share(code, words), _share("other", words)
    if code == form:
        return own >= _OWN_SHARE_ON_A_FORM
    return own >= max(_OWN_SHARE, other)


def _share(code: str, words: Sequence[_Word]) -> float:
    asked = [one for one in words if not one.is_name and (one.kind != ENGLISH or one.plain in common_words(code))]
    return sum(_is_of(code, one) for one in asked) / len(asked) if asked else 0.0


def _is_of(code: str, one: _Word) -> bool:
    if one.plain in common_words(code):
        return True
    if code == "other":
        return False
    lexicon = lexicon_for(code)
    listed = one.plain in words_under("other_languages.txt", code) or not own_letters(code).isdisjoint(one.word)
    return listed or (lexicon is not None and lexicon.finder.knows(one.plain))


def _is_foreign(words: Sequence[_Word]) -> bool:
    """Say whether so few words are English that it must be another language."""
    strange = _strangeness(words)
    known = {one.plain for one in words if one.kind == ENGLISH}
    if strange >= _CLEAR_OTHER and strange > 2 * len(known):
        return True
    if known or (strange < _CLEAR and not any(one.kind == FOREIGN for one in words)):
        return False
    either = {one.plain for one in words if one.kind == EITHER}
    shared = either & shared_words()
    return strange > len(either - shared) and strange + len(shared) / 2 >= _CLEAR


def _strangeness(words: Sequence[_Word]) -> float:
    """Add up what different words say for another language; nothing where all may be English, spelt by ear."""
    strange = {one.plain: one.kind for one in words if one.kind > EITHER}
    firm = any(
        kind > BY_EAR and not (len(plain) <= _SHORT and sounds_english(plain)) for plain, kind in strange.items()
    )
    if not firm:
        return 0.0
    # “Ninjago Beyblades Bakugan”: what somebody likes. A sentence has a capital only where it begins.
    are_things = all(one.is_thing for one in words if one.kind > EITHER)
    return sum(_THING if are_things and kind == UNKNOWN else STRANGE[kind] for kind in strange.values())


def _on_another_form(words: Sequence[_Word], form: str) -> str:
    """Believe the form, unless a comment is clearly English or clearly in a language that nobody reads."""
    if _is_clearly_english(words, form) or _is_all_english(words, form):
        return "en"
    if form not in CODES:
        return "en" if len(words) == 1 and words[0].kind <= EITHER else "other"
    listed = {one.plain for one in words if one.kind == FOREIGN and one.plain in common_words("other")}
    is_other = len(listed) >= _CLEAR_OTHER and _share(form, words) < _OWN_SHARE_ON_A_FORM
    return "other" if is_other and _share("other", words) >= _OTHER_SHARE else form


def _is_clearly_english(words: Sequence[_Word], form: str) -> bool:
    """Say whether several words are English, most of them are, and none is of the form's own language."""
    english = {one.plain for one in words if one.plain in plain_english()}
    own = {one.plain for one in words if form in CODES and one.plain in common_words(form)} - common_words("english")
    return len(english) >= _CLEAR and not own and 2 * sum(one.kind == ENGLISH for one in words) >= len(words)


def _is_all_english(words: Sequence[_Word], form: str) -> bool:
    """Say whether all words are English or names, and none is of the form's own language: "swimming", "She is kind"."""
    theirs = (common_words(form) | words_under("other_languages.txt", form)) if form in CODES else frozenset[str]()
    own = theirs - (common_words("english") & shared_words())
    return any(one.kind == ENGLISH for one in words) and all(
        one.plain not in own and _may_be_english(one) for one in words
    )


def _may_be_english(one: _Word) -> bool:
    """Say whether a word is English as it is written, or a name: "pić" and "i'r" only look like "pic" and "i"."""
    if not one.word.isascii() or ("'" in one.word and not one.word.endswith(_ENGLISH_ENDS)):
        return False
    is_name = one.kind == EITHER and (one.is_name or bool(marks_of(one.plain) & NAME))
    return one.kind == ENGLISH or one.plain in common_words("english") or is_name


def _in_part(words: Sequence[_Word], whole: str, form: str) -> list[tuple[Sequence[_Word], str]]:
    """Give what of a part between two marks is in another language than the whole."""
    base = whole if whole in CODES else form
    language = _language_of(words, base)
    if language != "en":
        return [(words, language)] if language != whole else []
    if whole != "en":
        return [(words, "en")] if _is_clearly_english(words, base) else []
    run = _strange_run(words)
    return [(run, next(one for one in (_language_of(run, form), "other") if one != "en"))] if run else []


def _strange_run(words: Sequence[_Word]) -> Sequence[_Word]:
    """Give the stretch that holds the most words more that English does not know than words that it does.

    Empty unless it holds three such words.
    """
    most, first, last = 0.0, 0, 0
    start, sum_so_far = 0, 0.0
    for at, one in enumerate(words):
        if sum_so_far <= 0:
            start, sum_so_far = at, 0.0
        sum_so_far += STRANGE[one.kind] + (one.plain in shared_words()) / 4 - (one.kind == ENGLISH)
        if sum_so_far > most:
            most, first, last = sum_so_far, start, at + 1
    run = words[first:last]
    return run if most >= _CLEAR_OTHER and _strangeness(run) >= _CLEAR else ()


def _placed(n: Normalised, words: Sequence[_Word], language: str) -> LanguagePart:
    """Give the place of words of the original in the plain copy."""
    start, end = bisect_left(n.offsets, words[0].start), bisect_left(n.offsets, words[-1].end)
    return LanguagePart(start, max(end, start + 1), language)
