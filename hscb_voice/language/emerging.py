"""Finds phrases that are said more than before: words that a new theme might begin with.

Why: a codebook knows only what its authors thought of. What people begin to speak of shows first as a phrase.
May not: show a word that could be somebody's name; say anything of fewer than three different responses; know a table.

How much a phrase has grown is the log-odds ratio with an informative Dirichlet prior of B. L. Monroe, M. P. Colaresi
and K. M. Quinn, Political Analysis 16 (2008), pages 372 to 403, divided by its standard error (z). A response counts
once, however often it repeats itself. The prior is a tenth of what all comments of both times say, so that a phrase
which nobody used before is neither impossible nor certain. The more phrases are tried, the more z is asked of each, so
that about five at most are found by chance alone.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import log, sqrt
from statistics import NormalDist

from hscb_voice.language.normalise import normalise
from hscb_voice.language.redaction_lists import (
    KEPT,
    LITTLE_WORD,
    NAME,
    NAME_FIRST,
    ORDINARY,
    SURNAME,
    folded,
    marks_of,
)

FEWEST_RESPONSES = 3
LONGEST_PHRASE = 3  # words
PERHAPS, PROBABLY, CLEARLY = 1.645, 1.96, 2.576  # z from which growth is worth a look, likely, hard to doubt
_PRIOR_SHARE = 0.1
_MOST_BY_CHANCE = 5
_SAME = 0.8
_SHORTEST_WORD = 3
_TOKEN = re.compile(r":[a-z]+:|[a-z]+(?:['-][a-z]+)*|[^\sa-z]")
_PLACEHOLDER = re.compile(r"\[[^\[\]\n]{1,40}\]")
_MAY_BE_SHOWN = ORDINARY | KEPT | LITTLE_WORD


@dataclass(frozen=True, slots=True)
class Written:
    """One comment; `hidden` are stretches of it, in characters, that nobody is to see."""

    id: str
    response: str
    text: str
    hidden: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Rise:
    """A phrase that is said more than before."""

    phrase: str
    now: int  # responses
    before: int
    z: float
    comments: tuple[str, ...]  # of now, in which it stands


@cache
def little_words() -> frozenset[str]:
    """Return the words that say nothing by themselves: a phrase neither begins nor ends with one."""
    source = resources.files("hscb_voice.language").joinpath("lexicons", "little_words.txt")
    lines = source.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def runs_of(text: str, hidden: Collection[tuple[int, int]] = ()) -> list[list[str]]:
    """Cut a comment into runs of plain words that may be shown to somebody who has not read it.

    Args:
        text: the comment.
        hidden: stretches that are masked; no phrase crosses one.

    Returns:
        Words in plain spelling. A run ends at a mark, a face, a masked word, a name, and a word that no list knows: it
        may be a name.
    """
    n = normalise(text)
    masked = [*hidden, *(found.span() for found in _PLACEHOLDER.finditer(text))]
    runs: list[list[str]] = [[]]
    for found in _TOKEN.finditer(n.text):
        start, end = n.original_span(*found.span())
        is_masked = any(left < end and start < right for left, right in masked)
        if not found[0][0].isalpha() or is_masked or not _may_be_shown(found[0], text, start, end):
            runs.append([])
        else:
            runs[-1].append(found[0])
    return [run for run in runs if run]


def phrases_of(runs: Sequence[Sequence[str]]) -> set[str]:
    """Return the phrases of one comment: one to three words that begin and end with a word that says something."""
    return {
        " ".join(words)
        for run in runs
        for start in range(len(run))
        for end in range(start + 1, min(start + LONGEST_PHRASE, len(run)) + 1)
        if _says_something((words := run[start:end])[0]) and _says_something(words[-1])
    }


def growth(now: int, of_now: int, before: int, of_before: int, prior: tuple[float, float]) -> float:
    """Return z: how many standard errors the log-odds of a phrase have grown.

    Args:
        now: responses with the phrase.
        of_now: all responses of that time.
        before: responses with the phrase in the time before.
        of_before: all responses of the time before.
        prior: how many responses with the phrase, and of how many, both times are taken to have had besides.

    Returns:
        Above 0 when it is said more now; 0 when nobody was heard.
    """
    added, of_added = prior
    odds = [
        log((count + added) / (total + of_added - count - added))
        for count, total in ((now, of_now), (before, of_before))
    ]
    return (odds[0] - odds[1]) / sqrt(1 / (now + added) + 1 / (before + added))


def needed_of(tried: int) -> float:
    """Return the z that a phrase needs so that about five at most of those tried are found by chance.

    Args:
        tried: how many phrases are tried.
    """
    return max(PERHAPS, NormalDist().inv_cdf(1 - _MOST_BY_CHANCE / tried)) if tried > 2 * _MOST_BY_CHANCE else PERHAPS


def rising(now: Sequence[Written], before: Sequence[Written], others: Sequence[Written] = ()) -> list[Rise]:
    """Find the phrases that are said more than before.

    Args:
        now: comments of the newer time.
        before: comments of the time before.
        others: further comments of both times, from which only the prior is drawn.

    Returns:
        The surest first; of phrases that stand in the same responses only one.
    """
    newer = {phrase: found for phrase, found in _responses_of(now).items() if len(found) >= FEWEST_RESPONSES}
    # Of the others only what could rise is counted, or many comments would fill the memory.
    older, rest = _responses_of(before, newer.keys()), _responses_of(others, newer.keys())
    of_now, of_before = len({one.response for one in now}), len({one.response for one in before})
    of_all = len({one.response for one in (*now, *before, *others)})
    found, needed = [], needed_of(len(newer))
    for phrase, comments in newer.items():
        if not of_before:
            break
        in_all = len({*comments, *older.get(phrase, ()), *rest.get(phrase, ())})
        # One more response without it, so that what everybody says is no division by nothing.
        prior = _PRIOR_SHARE * in_all, _PRIOR_SHARE * of_all + 1
        z = growth(len(comments), of_now, len(older.get(phrase, {})), of_before, prior)
        if z >= needed:
            ids = sorted(one for some in comments.values() for one in some)
            found.append((Rise(phrase, len(comments), len(older.get(phrase, {})), z, tuple(ids)), set(comments)))
    found.sort(key=lambda one: (-one[0].z, -len(one[0].phrase.split()), one[0].phrase))
    return _one_of_each(found)


def _one_of_each(found: Sequence[tuple[Rise, set[str]]]) -> list[Rise]:
    kept: list[tuple[Rise, set[str]]] = []
    for rise, responses in found:
        words = set(rise.phrase.split())
        if not any(
            words & set(other.phrase.split()) and len(responses & theirs) >= _SAME * min(len(responses), len(theirs))
            for other, theirs in kept
        ):
            kept.append((rise, responses))
    return [rise for rise, _ in kept]


def _responses_of(
    comments: Sequence[Written], only: Collection[str] | None = None
) -> Mapping[str, dict[str, list[str]]]:
    """Return phrase -> response -> its comments with the phrase."""
    found: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for one in comments:
        phrases = phrases_of(runs_of(one.text, one.hidden))
        for phrase in phrases if only is None else phrases.intersection(only):
            found[phrase].setdefault(one.response, []).append(one.id)
    return found


def _says_something(word: str) -> bool:
    return len(word) >= _SHORTEST_WORD and word not in little_words()


def _may_be_shown(word: str, text: str, start: int, end: int) -> bool:
    found = marks_of(folded(word))
    if not found & _MAY_BE_SHOWN or found & NAME_FIRST:
        return False
    written = text[start:end]
    is_capital = written[:1].isupper() and not (written.isupper() and len(written) > 1)
    # A capital within a sentence makes a name of what may be one: "Hope came" is no hope.
    return not (found & (NAME | SURNAME) and is_capital)
