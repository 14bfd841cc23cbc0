"""Puts comments that use the same words into small groups: subjects for which the codebook may lack a theme.

Why: a subject is not always one phrase; several comments may share rare words in any order.
May not: form a group of fewer than three responses, or show words that fewer than three of its responses share.

Comments are compared by the cosine of their rarer words and word pairs (TF-IDF), and the two groups that are most alike
on average are joined until none is alike enough. There is no chance in it: the same comments give the same groups.
"""

import heapq
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import log, sqrt

from hscb_voice.language.emerging import FEWEST_RESPONSES, Written, little_words, runs_of

ALIKE = 0.2  # the average cosine of two groups from which they are one
MOST_COMMENTS = 1500  # beyond, the newest: pairs grow with the square
_FAINT = 0.05  # pairs that share next to nothing are not kept
_EVERYWHERE, _ENOUGH_TO_SAY = 0.2, 50
_SHARED_BY = 0.5
_MOST_WORDS = 4
_THE_SAME = 0.6
_SHORTEST_WORD, _SHORTEST_STEM = 3, 4


@dataclass(frozen=True, slots=True)
class Group:
    """Comments that use the same words."""

    words: tuple[str, ...]  # what at least half of them share, the most telling first
    responses: int
    comments: tuple[str, ...]


def groups_of(comments: Sequence[Written]) -> list[Group]:
    """Put comments into groups.

    Args:
        comments: newest first; those beyond the most that are compared are left out.

    Returns:
        The largest group first. Most comments stand in none.
    """
    some = comments[:MOST_COMMENTS]
    terms = [_terms(one) for one in some]
    rarity = _rarity(terms)
    weighted = [_unit({term: rarity[term] for term in found if term in rarity}) for found in terms]
    groups = [
        _described([some[i] for i in members], [terms[i] for i in members], rarity) for members in _join(weighted)
    ]
    return sorted((group for group in groups if group), key=lambda group: (-group.responses, group.words))


def signature_of(phrases: Iterable[str]) -> frozenset[str]:
    """Return what makes a subject the same one again: its words, without the endings of plurals and in no order."""
    return frozenset(_stem(word) for phrase in phrases for word in phrase.split())


def is_same_subject(one: Collection[str], other: Collection[str]) -> bool:
    """Tell whether two subjects are the same: most of the words of both together are words of each.

    Args:
        one: what `signature_of` returns, or fingerprints of it.
        other: the same of the other.
    """
    together = set(one) | set(other)
    return bool(together) and len(set(one) & set(other)) >= _THE_SAME * len(together)


def _described(members: Sequence[Written], terms: Sequence[set[str]], rarity: Mapping[str, float]) -> Group | None:
    responses = {one.response for one in members}
    if len(responses) < FEWEST_RESPONSES:
        return None
    said_by: dict[str, set[str]] = defaultdict(set)
    for one, found in zip(members, terms, strict=True):
        for term in found:
            said_by[term].add(one.response)
    shared = [
        (-len(who) * rarity.get(term, 0.0), term)
        for term, who in said_by.items()
        if len(who) >= max(FEWEST_RESPONSES, _SHARED_BY * len(responses))
    ]
    words: list[str] = []
    for _, term in sorted(shared):
        if not any(set(term.split()) & set(word.split()) for word in words):
            words.append(term)
    return Group(tuple(words[:_MOST_WORDS]), len(responses), tuple(one.id for one in members)) if words else None


def _terms(one: Written) -> set[str]:
    found: set[str] = set()
    for run in runs_of(one.text, one.hidden):
        words = [_stem(word) for word in run if len(word) >= _SHORTEST_WORD and word not in little_words()]
        found.update(words, (f"{first} {second}" for first, second in pairwise(words)))
    return found


def _stem(word: str) -> str:
    """Take a plural's ending off, so that buses are a bus and puppies stay what they are."""
    if len(word) <= _SHORTEST_STEM or word.endswith(("ss", "us", "is")) or "'" in word:
        return word
    if word.endswith(("ches", "shes", "xes", "sses", "uses")):
        return word[:-2]
    return word.removesuffix("s")


def _rarity(terms: Sequence[set[str]]) -> dict[str, float]:
    """Return how telling each term is: those of one comment link nothing, those of every fifth tell nothing."""
    counts = Counter(term for found in terms for term in found)
    most = _EVERYWHERE * len(terms) if len(terms) >= _ENOUGH_TO_SAY else len(terms)
    return {term: log((1 + len(terms)) / (1 + n)) + 1 for term, n in counts.items() if 1 < n <= most}


def _unit(weights: Mapping[str, float]) -> dict[str, float]:
    length = sqrt(sum(weight * weight for weight in weights.values()))
    return {term: weight / length for term, weight in weights.items()} if length else {}


def _pairs(weighted: Sequence[Mapping[str, float]]) -> dict[tuple[int, int], float]:
    """Return how alike each two comments are that share a telling term."""
    where: dict[str, list[int]] = defaultdict(list)
    for place, weights in enumerate(weighted):
        for term in weights:
            where[term].append(place)
    alike: dict[tuple[int, int], float] = defaultdict(float)
    for term in sorted(where):
        for one, other in combinations(where[term], 2):
            alike[one, other] += weighted[one][term] * weighted[other][term]
    return {pair: cosine for pair, cosine in alike.items() if cosine >= _FAINT}


def _join(weighted: Sequence[Mapping[str, float]]) -> list[list[int]]:
    """Join the two groups that are most alike on average, again and again; return those of several comments."""
    members = {place: [place] for place in range(len(weighted))}
    total: dict[int, dict[int, float]] = defaultdict(dict)  # group -> other group -> sum of their pairs
    waiting: list[tuple[float, int, int]] = []
    for (one, other), cosine in _pairs(weighted).items():
        total[one][other] = total[other][one] = cosine
        waiting.append((-cosine, one, other))
    heapq.heapify(waiting)
    following = len(weighted)
    while waiting:
        average, one, other = heapq.heappop(waiting)
        if -average < ALIKE:
            break
        if one not in members or other not in members:
            continue
        members[following] = members.pop(one) + members.pop(other)
        sums = Counter(total.pop(one)) + Counter(total.pop(other))
        for third, amount in sums.items():
            if third in members:
                total[following][third] = total[third][following] = amount
                size = len(members[following]) * len(members[third])
                heapq.heappush(waiting, (-amount / size, third, following))
        following += 1
    return [sorted(places) for places in members.values() if len(places) > 1]
