"""Says in plain sentences what the guarded figures show. Every word is chosen by a number; nothing is canned.

It sees guarded figures only, so it cannot say more than the tables beside it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hscb_voice.board.figures import Count, Distribution, Figures, QuestionFigures
from hscb_voice.board.intervals import Share, wilson
from hscb_voice.questionnaires.definition import Kind

WHO = {
    "child": "children and young people",
    "parent": "parents and carers",
    "professional": "professionals",
    "several": "people",
}
_SINGLE_SCALES = frozenset({Kind.ONE_OF, Kind.FACES_SCALE, Kind.YES_NO})
_MOST_FACES = 3
_PERCENT = "\u00a0%"  # never parted from its number at a line's end


@dataclass(frozen=True)
class Lean:
    """How many of those asked leaned to the good side of a scale."""

    text: str  # what they were asked about
    n: int
    is_at_least: bool
    out_of: int
    of_all_sent: bool  # the base is hidden, and shares are of all who sent the form
    words: tuple[str, ...]  # the answers that count as good

    @property
    def share(self) -> Share:
        """Return the share and how sure it is; of a lower bound when only that is known."""
        return wilson(self.n, self.out_of)


def percent(share: float) -> str:
    """Return a share as people write it, such as 71 %; never 0 % or 100 % for what is not quite so."""
    rounded = round(share * 100)
    if rounded == 0 and share > 0:
        return f"under 1{_PERCENT}"
    return f"over 99{_PERCENT}" if rounded == 100 and share < 1 else f"{rounded}{_PERCENT}"  # noqa: PLR2004 - a hundred in a hundred


def scale_rows(figures: Figures) -> list[tuple[QuestionFigures, Distribution]]:
    """Return every row with a good and a bad side, in the order asked.

    Args:
        figures: guarded figures.

    Returns:
        The question and the row: rows of grids, and questions of one answer whose answers have a tone.
    """
    return [
        (question, row)
        for question in figures.questions
        if question.kind is Kind.GRID or question.kind in _SINGLE_SCALES
        for row in question.rows
        if any(count.tone is not None for count in row.counts)
    ]


def lean_of(row: Distribution) -> Lean | None:
    """Return how many leaned to the good side.

    Args:
        row: a guarded distribution over a scale.

    Returns:
        The count; a lower bound when a good answer is hidden; None when nothing good is shown or the base is small.
    """
    good = [count for count in row.counts if (count.tone or 0) > 0]
    known = sum(count.n or count.at_least or 0 for count in good)
    is_at_least = any(count.hidden for count in good)
    # A lower bound says something only when it is most of them.
    if row.out_of is None or not good or (is_at_least and known * 2 < row.out_of):
        return None
    counted = [count for count in good if not count.hidden or count.at_least]
    return Lean(
        text=row.text,
        n=known,
        is_at_least=is_at_least,
        out_of=row.out_of,
        of_all_sent=row.base is None,
        words=tuple(count.text for count in counted),
    )


def said_about(lean: Lean, respondent: str) -> str:
    """Say one lean, such as “Of 24 parents and carers, 21 said “Very Good” or “Good” of “Advice given to you”.”."""
    share = lean.share
    number = f"at least {lean.n}" if lean.is_at_least else str(lean.n)
    sure = f"{percent(share.value)} or more" if lean.is_at_least else _sure(share)
    of = f"Of {lean.out_of} {WHO[respondent]}{' who sent the form' if lean.of_all_sent else ''}"
    return f"{of}, {number} said {either(lean.words)} to “{lean.text.rstrip('.')}” ({sure})."


def feelings_said(row: Distribution, respondent: str) -> str:
    """Say which feelings were chosen most, and whether hard ones were among them.

    Args:
        row: the guarded set of faces.
        respondent: who answered.

    Returns:
        A sentence; empty when nothing can be said.
    """
    shown = sorted((count for count in row.counts if _known(count)), key=_known, reverse=True)
    if row.out_of is None or not shown:
        return ""
    most = [f"{_known_words(count)} chose “{count.text}”" for count in shown[:1]]
    most += [f"{_known_words(count)} “{count.text}”" for count in shown[1:_MOST_FACES]]
    hard = [count for count in shown[_MOST_FACES:] if (count.tone or 0) < 0]
    told = f"Of {row.out_of} {WHO[respondent]}, {_list(most)}; more than one feeling can be true."
    if hard:
        named = [f"“{count.text}” by {_known_words(count)}" for count in hard]
        told += f" Harder feelings were chosen too: {_list(named)}."
    return told


def said_in(figures: Figures) -> tuple[str, ...]:
    """Say what one questionnaire shows: the feelings, what was rated best, and what least.

    Args:
        figures: guarded figures.

    Returns:
        No sentence, or up to three.
    """
    sentences = [
        feelings_said(question.rows[0], figures.respondent)
        for question in figures.questions
        if question.kind is Kind.FACES_SET
    ][:1]
    rows = [row for _, row in scale_rows(figures) if row.base != 0]
    leans = [lean for row in rows if (lean := lean_of(row)) is not None]
    if leans:
        best = max(leans, key=lambda lean: (lean.share.value, lean.out_of))
        exact = [lean for lean in leans if not lean.is_at_least and lean is not best]
        sentences.append(said_about(best, figures.respondent))
        if exact:
            least = min(exact, key=lambda lean: lean.share.value)
            # A hidden row may lie lower still, so nothing is claimed of it.
            scope = "Least often" if len(leans) == len(rows) else "Least often, of what can be shown"
            sentences += [f"{scope}: {_lowered(said_about(least, figures.respondent))}"]
    return tuple(sentence for sentence in sentences if sentence)


def either(words: Sequence[str]) -> str:
    """Return answers as alternatives: “Very Good” or “Good”."""
    quoted = [f"“{word}”" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"


def widest(figures: Iterable[Figures]) -> tuple[int, int] | None:
    """Return the narrowest and the widest interval among all shares, in percentage points; None without any."""
    widths = [
        count.share.high - count.share.low
        for one in figures
        for question in one.questions
        for row in question.rows
        for count in row.counts
        if count.share is not None
    ]
    return (round(min(widths) * 100), round(max(widths) * 100)) if widths else None


def _sure(share: Share) -> str:
    return f"{percent(share.value)}; likely between {percent(share.low)} and {percent(share.high)}"


def _known(count: Count) -> int:
    return count.n or count.at_least or 0


def _known_words(count: Count) -> str:
    return str(count.n) if count.n is not None else f"at least {count.at_least}"


def _list(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _lowered(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]
