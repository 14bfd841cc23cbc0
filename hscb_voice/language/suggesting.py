"""Find phrases that would have told a theme where people had to add it, with what each would change.

Why: a model helps, but a phrase in the codebook can be read, judged and kept by people; corrections show which is
missing.
May not: propose a phrase that fewer than three responses used, or one that holds a name.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from hscb_voice.language.codebook import Codebook, theme_problem
from hscb_voice.language.emerging_groups import is_same_subject, signature_of
from hscb_voice.language.phrases import PhraseBook, tokens

OWNERS_AT_LEAST = 3
MOST_A_THEME = 5
_LONGEST = 3
_RIGHT_FOR_ONE_WRONG = 4
_MOST_TRIED = 60
_PERSON_WORD = "somename"
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
# A phrase of these alone says nothing by itself, however well it fits a few comments.
# Little as they are, these turn what a phrase says: "not safe" is another phrase than "safe".
_TURNING_WORDS = frozenset(["never", "no", "nobody", "nor", "not", "nothing", "too", "without"])
_NOT = "n't"
_LITTLE_WORDS = frozenset(
    re.findall(
        r"\S+",
        """a about after all also always am an and any are as at be because been before but by can
        could did do does don't
    for from get go going got had has have he her here him his how i i'd i'm i've if in is it it's its just like lot
    make me more much my no not now of off on one or our out over said say see she so some than that that's the their
    them then there they they're thing things this to too up us very was wasn't way we went were what when which who
    will with would you your""",
    )
)


@dataclass(frozen=True, slots=True)
class Coded:
    """One comment that a person has coded."""

    text: str  # normalised, names replaced
    owner: str  # whose words they are
    themes: frozenset[str]  # as the person says
    found: frozenset[str]  # as the machine says


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A phrase for a theme, and what it would change in the comments that people have coded."""

    theme: str
    phrase: str
    right: int  # comments that would rightly get the theme, and did not before
    wrong: int  # comments that would wrongly get it, and did not before


def suggestions(
    comments: Sequence[Coded], codebook: Codebook, decided: Collection[tuple[str, str]] = ()
) -> list[Suggestion]:
    """Suggest phrases.

    Args:
        comments: what people have coded.
        codebook: whose phrases are there already.
        decided: theme and phrase that a person has accepted or rejected: they do not come back, however they vary.

    Returns:
        At most five a theme, the most useful first; themes in the codebook's order.
    """
    phrases = [frozenset(_phrases(comment.text)) for comment in comments]
    found: list[Suggestion] = []
    for theme in codebook.themes:
        refused = [phrase for theme_id, phrase in decided if theme_id == theme.id]
        there = {*theme.patterns, *refused}
        open_ones = [place for place, comment in enumerate(comments) if theme.id not in comment.found]
        missed = [place for place in open_ones if theme.id in comments[place].themes]
        known = [signature_of_phrase(phrase) for phrase in refused]
        promising = _promising(comments, phrases, open_ones, missed, theme.id)
        # What is there or was decided goes first, so that it takes nobody's place among those that are tried.
        new = (one for one in promising if one not in there and not is_known(one, known))
        tried = _tried(list(islice(new, _MOST_TRIED)), comments, open_ones, theme.id, codebook.sets)
        found += _apart(tried)
    return found


def signature_of_phrase(phrase: str) -> frozenset[str]:
    """Return what makes a phrase the same one again, however its little words and endings vary.

    What turns its meaning, such as "not" or "too", is kept.
    """
    words = ["not" if word.endswith(_NOT) else word for word in phrase.split()]
    return signature_of([" ".join(word for word in words if word in _TURNING_WORDS or word not in _LITTLE_WORDS)])


def is_known(phrase: str, decided: Iterable[frozenset[str]]) -> bool:
    """Tell whether a phrase says the same as one about which somebody has decided.

    Args:
        phrase: the phrase.
        decided: what `signature_of_phrase` returns of those.
    """
    mine = signature_of_phrase(phrase)
    turned = mine & _TURNING_WORDS
    return any(turned == other & _TURNING_WORDS and is_same_subject(mine, other) for other in decided)


def _phrases(text: str) -> Iterator[str]:
    """Yield one to three words that stand together in a sentence and say something."""
    words = tokens(text)
    for at in range(len(words)):
        for end in range(at + 1, min(at + _LONGEST, len(words)) + 1):
            piece = [word for word, _, _ in words[at:end]]
            if text[words[at][1] : words[end - 1][2]].count(" ") != len(piece) - 1:
                break
            if not _WORD.fullmatch(piece[-1]) or piece[-1] == _PERSON_WORD:
                break
            if not set(piece) <= _LITTLE_WORDS:
                yield " ".join(piece)


def _promising(
    comments: Sequence[Coded],
    phrases: Sequence[Collection[str]],
    open_ones: Sequence[int],
    missed: Sequence[int],
    theme: str,
) -> list[str]:
    """Choose phrases that at least three responses share among the comments missed, and few others have."""
    owners: dict[str, set[str]] = {}
    for place in missed:
        for phrase in phrases[place]:
            owners.setdefault(phrase, set()).add(comments[place].owner)
    shared = {phrase for phrase, who in owners.items() if len(who) >= OWNERS_AT_LEAST}
    wrong = Counter(
        phrase
        for place in open_ones
        if theme not in comments[place].themes
        for phrase in phrases[place]
        if phrase in shared
    )
    good = [phrase for phrase in shared if wrong[phrase] * _RIGHT_FOR_ONE_WRONG <= len(owners[phrase])]
    return sorted(good, key=lambda phrase: (wrong[phrase] - len(owners[phrase]), phrase))


def _tried(
    promising: Sequence[str], comments: Sequence[Coded], open_ones: Sequence[int], theme: str, sets: Mapping[str, str]
) -> list[tuple[Suggestion, frozenset[int]]]:
    """Count what each phrase would do as the codebook reads it: “late” finds “late's” too."""
    usable = [one for one in promising if not theme_problem(_alone(one))]
    book: PhraseBook[str] = PhraseBook(((phrase, phrase) for phrase in usable), sets)
    hits: dict[str, set[int]] = {}
    for place in open_ones:
        for hit in book.find(comments[place].text):
            hits.setdefault(hit.label, set()).add(place)
    tried = []
    for phrase in usable:
        places = frozenset(hits.get(phrase, ()))
        right = sum(theme in comments[place].themes for place in places)
        wrong = len(places) - right
        if right and wrong * _RIGHT_FOR_ONE_WRONG <= right:
            tried.append((Suggestion(theme, phrase, right, wrong), places))
    return sorted(tried, key=lambda one: (one[0].wrong - one[0].right, len(one[0].phrase), one[0].phrase))


def _alone(phrase: str) -> dict[str, object]:
    return {"id": "a_theme", "name": "A theme", "definition": "A theme", "patterns": phrase}


def _apart(tried: Sequence[tuple[Suggestion, frozenset[int]]]) -> list[Suggestion]:
    """Leave out phrases that only find again what a better one finds."""
    chosen: list[Suggestion] = []
    covered: set[int] = set()
    for suggestion, places in tried:
        if len(chosen) == MOST_A_THEME:
            break
        if not places <= covered:
            chosen.append(suggestion)
            covered |= places
    return chosen
