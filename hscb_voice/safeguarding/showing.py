"""A concern as a safeguarding person reads it: why it was raised, the deciding words in their place, what was done."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from hscb_voice.foundation.letters import fates_of
from hscb_voice.questionnaires.definition import Definition
from hscb_voice.responses.reading import OpenedAnswer
from hscb_voice.safeguarding.queries import ConcernSummary, HistoryEntry
from hscb_voice.safeguarding.wording import (
    ACT_LABELS,
    OUTCOME_LABELS,
    STATE_LABELS,
    WORDS,
    WORKER,
    Piece,
    due_words,
    fate_words,
    marked,
    moment_words,
    reason_lines,
)
from hscb_voice.staff.errors import UnknownPersonError
from hscb_voice.staff.queries import person_by_id


@dataclass(frozen=True)
class QueueLine:
    """One concern in the queue."""

    concern: ConcernSummary
    reasons: list[str]  # in plain words
    due: str  # empty once it is closed
    is_late: bool
    state: str
    came: str
    outcome: str
    holder: str  # the name of whoever has it in hand; empty when nobody has


@dataclass(frozen=True)
class ShownWords:
    """One answer in words, with the deciding words cut out."""

    question: str
    pieces: list[Piece]
    is_second: bool


@dataclass(frozen=True)
class Step:
    """One line of a history."""

    act: str
    when: str
    who: str
    outcome: str
    text: str
    is_sealed: bool  # something was written that this reader may not read
    told: str = ""  # whom a letter went to
    fate: str = ""  # what became of that letter


def queue_line(concern: ConcernSummary, now: datetime, names: Mapping[str, str] | None = None) -> QueueLine:
    """Return a concern as the queue shows it.

    Args:
        concern: which.
        now: the present moment.
        names: account id -> name of those who may have it in hand.

    Returns:
        The line.
    """
    return QueueLine(
        concern,
        reasons=reason_lines(concern.kind, concern.reasons),
        due=due_words(concern.due, now) if concern.due else "",
        is_late=concern.due is not None and now > concern.due,
        state=STATE_LABELS[concern.state],
        came=moment_words(concern.heard_at),
        outcome=OUTCOME_LABELS.get(concern.outcome or "", ""),
        holder=(names or {}).get(concern.holder or "", ""),
    )


def ticks_that_raised(concern: ConcernSummary, definition: Definition) -> list[str]:
    """Return the questions at which a tick raised a concern.

    Args:
        concern: which.
        definition: the version that was answered.

    Returns:
        The questions as they were asked; none when it was raised by words or by a person.
    """
    if concern.kind in {WORDS, WORKER}:
        return []
    asked = [definition.question(place.question) for place in concern.places]
    return list(dict.fromkeys(question.text for question in asked if question is not None))


def shown_words(answers: Sequence[OpenedAnswer], concerns: Iterable[ConcernSummary]) -> list[ShownWords]:
    """Return everything that was written, with the words marked that raised any of these concerns.

    Args:
        answers: opened for a reader who may read them.
        concerns: those of the response.

    Returns:
        The words by question, in the order of the form; those of a later answer after those of the first.
    """
    spans: dict[tuple[str, str, int], list[tuple[int, int]]] = defaultdict(list)
    for place in (place for concern in concerns for place in concern.places):
        if place.start is not None and place.end is not None:
            spans[place.source, place.question, place.line].append((place.start, place.end))
    shown = []
    for answer in answers:
        questions = {one.key: one.question for one in answer.shown}
        order = list(questions)
        for comment in sorted(answer.comments, key=lambda comment: (order.index(comment.question), comment.line)):
            pieces = marked(comment.text, spans[comment.id, comment.question, comment.line])
            shown.append(ShownWords(questions[comment.question], pieces, answer.is_second))
    return shown


def shown_history(connection: Connection, entries: Iterable[HistoryEntry]) -> list[Step]:
    """Return a history with people by their names.

    Args:
        connection: a reading connection.
        entries: in order.

    Returns:
        The same, in words.
    """
    entries = list(entries)
    fates = fates_of(connection, [entry.letter_id for entry in entries if entry.letter_id])
    names: dict[str, str] = {"": ""}
    steps = []
    for entry in entries:
        if entry.made_by not in names:
            names[entry.made_by] = _name(connection, entry.made_by)
        steps.append(
            Step(
                act=ACT_LABELS.get(entry.act, entry.act),
                when=moment_words(entry.made_at),
                who=names[entry.made_by],
                outcome=OUTCOME_LABELS.get(entry.outcome or "", ""),
                text=entry.text,
                is_sealed=entry.is_written and not entry.text,
                told=entry.told,
                fate=fate_words(fates.get(entry.letter_id or "")),
            )
        )
    return steps


def names_of(connection: Connection, concerns: Iterable[ConcernSummary]) -> dict[str, str]:
    """Return the names of those who have concerns in hand, by account id."""
    holders = {concern.holder for concern in concerns if concern.holder}
    return {holder: _name(connection, holder) for holder in holders}


def _name(connection: Connection, account_id: str) -> str:
    try:
        return person_by_id(connection, account_id).name
    except UnknownPersonError:
        return "somebody who no longer has an account"
