"""Says how sure we are, from the figures themselves: how many were asked, who helped, how wide the ranges are.

A sum is made only of counts that are shown, so it says nothing that a reader could not add up himself.
"""

from collections.abc import Sequence

from hscb_voice.board.disclosure import BOARD
from hscb_voice.board.figures import Figures, Invented
from hscb_voice.board.sentences import percent, widest


def sure_sentences(answered: Sequence[Figures]) -> tuple[str, ...]:
    """Say how far the figures of a period can be trusted.

    Args:
        answered: the questionnaires that somebody answered, guarded.

    Returns:
        Plain sentences; none when nobody answered.
    """
    if not answered:
        return ()
    told = (_reach(answered), _ranges(answered), _alone(answered), _top(answered), _invented(answered))
    return tuple(sentence for sentence in told if sentence)


def _reach(answered: Sequence[Figures]) -> str:
    noted = [one for one in answered if one.response_share is not None]
    if not noted:
        return "Nobody noted how many people were invited, so we cannot say how many did not answer."
    invited, heard = sum(one.invited or 0 for one in noted), sum(one.responses or 0 for one in noted)
    told = f"Of {invited} people known to have been invited, {heard} answered ({percent(heard / invited)})."
    unknown = len(answered) - len(noted)
    if unknown:
        told += f" For {unknown} of the {len(answered)} questionnaires answered, the number invited is not known."
    return told


def _ranges(answered: Sequence[Figures]) -> str:
    widths = widest(answered)
    if widths is None:
        return "Too few people ticked an answer to any one question for a percentage to be given."
    narrow, wide = widths
    span = f"{wide} points" if narrow == wide else f"{narrow} to {wide} points"
    return f"Each percentage stands with the range in which it likely lies. Here those ranges are {span} wide" + (
        ", so read them as rough." if wide > 20 else "."  # noqa: PLR2004 - wider than a fifth of the whole scale
    )


def _alone(answered: Sequence[Figures]) -> str:
    alone = base = 0
    for one in answered:
        question, count = one.question("answered"), one.alone
        if question and question.base and count and count.n is not None:
            alone, base = alone + count.n, base + question.base
    if not base:
        return "How many filled in the form alone is too few to show, or nobody said."
    return f"Of {base} who said who filled in the form, {alone} did it by themselves ({percent(alone / base)})."


def _top(answered: Sequence[Figures]) -> str:
    top = base = 0
    for one in answered:
        spread = one.top_throughout
        if spread and spread.base and spread.counts[0].n is not None:
            top, base = top + spread.counts[0].n, base + spread.base
    if base < BOARD.percent_base:
        return ""
    share = percent(top / base)
    return f"Of {base} who answered several points of a scale, {top} gave the best answer at every one ({share})."


def _invented(answered: Sequence[Figures]) -> str:
    states = {one.invented for one in answered}
    if states == {Invented.NONE}:
        return "None of these answers are invented."
    if states == {Invented.ALL}:
        return "All of these answers are invented, to show how the pages work. They say nothing about real people."
    return "Some of these answers are invented, to show how the pages work."
