"""Says in a sentence or two what was done about what people said. Only actions are counted here, no people."""

from collections import Counter
from collections.abc import Sequence

from hscb_voice.actions.queries import ActionLine, Answering
from hscb_voice.actions.statuses import Status

# In the order in which a Board asks: what came of it, what is going on, what nobody has answered.
_TOLD = {
    Status.DONE: "done",
    Status.UNDER_WAY: "under way",
    Status.PLANNED: "planned",
    Status.ON_HOLD: "on hold",
    Status.CANNOT: "refused with a reason",
    Status.ASKED: "waiting for a decision",
}


def done_sentences(answering: Answering, acted: Sequence[ActionLine]) -> tuple[str, ...]:
    """Say what was done about what people said in a period.

    Args:
        answering: of the themes that needed a decision, how many got one.
        acted: the actions that were noted, decided or ended in the period.

    Returns:
        Plain sentences, at least one.
    """
    told = []
    if answering.themes:
        named = "1 theme" if answering.themes == 1 else f"{answering.themes} themes"
        sentence = f"Of {named} that many wanted changed, {answering.answered} got a decision"
        if answering.median_days is not None:
            sentence += f", half of them within {round(answering.median_days)} days"
        told.append(sentence + ".")
    if acted:
        counts = Counter(one.status for one in acted)
        named = "1 thing was" if len(acted) == 1 else f"{len(acted)} things were"
        parts = [f"{counts[status]} {words}" for status, words in _TOLD.items() if counts[status]]
        told.append(f"{named} taken up in this time: {_listed(parts)}.")
    return tuple(told) or ("Nothing was decided or done in this period.",)


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
