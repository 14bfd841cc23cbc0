"""Keeps small counts of a question by which others are split, such as the age, beside those splits.

An age stands on the pages of the quarters itself. Where a quarter hides that two children were so old, somebody of that
age and somebody of another must be able to change places, and with them their places in every split by age. Where a
question's split would show it, and no exchange of answers in that question hides it again, it is not split by age.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from hscb_voice.board.disclosure_witness import Move, Place, SplitQuestion, Target, Value

_TRIED, _EACH = 60, 4  # so many exchanges are tried for a count, and so many pairs of people for each


def keep_bound(asked: SplitQuestion, places: Mapping[Value, str], cut: int, questions: Sequence[SplitQuestion]) -> None:
    """Drop the splits beside which a small count of the question that makes the cut could be told.

    Args:
        asked: that question, with the year and its quarters and no splits.
        places: its answers -> the line of the cut to which they belong.
        cut: which cut.
        questions: the guarded questions; their people in the same order.
    """
    for target in asked.of_the_year():
        fewest: Sequence[SplitQuestion] = questions
        for moves in islice(_worlds(asked, target), _TRIED):
            if lost := _lost(asked, moves, places, cut, questions):
                fewest = min(fewest, lost, key=len)
            else:
                fewest = ()
                break
        for question in fewest:
            question.dropped[cut] = True


def _lost(
    asked: SplitQuestion,
    moves: Sequence[Move],
    places: Mapping[Value, str],
    cut: int,
    questions: Sequence[SplitQuestion],
) -> list[SplitQuestion]:
    people = [i for i, _ in moves]
    ways = [(i, places[asked.people[i].value], places[value]) for i, value in moves]
    return [one for one in questions if not one.dropped[cut] and not one.absorbs(_moved(one, ways, cut), people)]


def _moved(question: SplitQuestion, ways: Sequence[tuple[int, str, str]], cut: int) -> Counter[Place]:
    """Return how a question's split differs when some people belong to another line."""
    net: Counter[Place] = Counter()
    for i, old, new in ways:
        for cell in question.people[i].value if old != new else ():
            net[cut, old, cell] -= 1
            net[cut, new, cell] += 1
    return net


def _worlds(asked: SplitQuestion, target: Target) -> Iterator[tuple[Move, ...]]:
    for changes in asked.candidates(target):
        yield from islice(asked.worlds(changes), _EACH)
