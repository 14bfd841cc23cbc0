"""The words in which concerns are shown: what each kind means, how it stands, and how urgent it is. Pure text."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from hscb_voice.foundation.clock import LOCAL_ZONE, written_date
from hscb_voice.foundation.letters import LetterFate
from hscb_voice.language.concern import REASON_LABELS

WORDS, SCARED, TALK, ADVOCATE, WORKER = "words", "scared", "talk", "advocate", "worker"
OPEN, ACKNOWLEDGED, CLOSED = "open", "acknowledged", "closed"
STATE_LABELS = {OPEN: "Not yet read", ACKNOWLEDGED: "Acknowledged", CLOSED: "Closed"}
KIND_LABELS = {
    WORDS: "Something that was written",
    SCARED: "Chose the face “Scared”",
    TALK: "Asked for someone to talk to",
    ADVOCATE: "Asked for an advocate",
    WORKER: "Raised by a person who read it",
}
OUTCOME_LABELS = {
    "spoke_with_child": "Spoke with the child or young person",
    "referred_to_mash": "Referred to MASH",
    "emergency": "Emergency: called 999 or the duty team",
    "no_further_action": "No further action",
}
ACT_LABELS = {
    "raised": "Raised",
    "raised_again": "Raised again",
    "called_first": "Called",
    "called_second": "Called, because nobody had acknowledged it after 15 minutes",
    "called_lead": "Called, because nobody had acknowledged it after an hour",
    "handed_over": "Handed over",
    "acknowledged": "Acknowledged",
    "noted": "Note",
    "closed": "Closed",
    "reopened": "Opened again",
}
TROUBLES = {
    "MailAwayError": "the mail server did not answer",
    "MailRefusedError": "the mail server refused it",
    "NoMailError": "no mail server is set up",
    "KeyMissingError": "the encryption key is missing",
}
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


class Piece(NamedTuple):
    """A stretch of a comment, and whether it is among the words that decided."""

    text: str
    decided: bool


def reason_lines(kind: str, reasons: Sequence[str]) -> list[str]:
    """Say in plain words why a concern was raised.

    Args:
        kind: the concern's kind.
        reasons: ids of what the words were flagged for; only the kind “words” has any.

    Returns:
        One line a reason.
    """
    if kind != WORDS:
        return [KIND_LABELS[kind]]
    return [REASON_LABELS.get(reason, reason.replace("_", " ").capitalize()) for reason in reasons]


def due_words(due: datetime, now: datetime) -> str:
    """Say by when something is due, as a person would.

    Args:
        due: the deadline.
        now: the present moment.

    Returns:
        Such as “due today by 17:00”, “due on Tuesday 24 November by 17:00” or “late by 1 day”.
    """
    if now > due:
        return f"late by {_span_words(now.astimezone(UTC) - due.astimezone(UTC))}"
    local = due.astimezone(LOCAL_ZONE)
    # A deadline at midnight belongs to the day that ends then.
    day = (local - timedelta(microseconds=1)).date()
    hour = "midnight" if day != local.date() else f"{local:%H:%M}"
    days_off = (day - now.astimezone(LOCAL_ZONE).date()).days
    if days_off <= 1:
        return f"due {'tomorrow' if days_off else 'today'} by {hour}"
    return f"due on {day:%A} {day.day} {day:%B} by {hour}"


def fate_words(fate: LetterFate | None) -> str:
    """Say what has become of a letter; nothing when there was none."""
    if fate is None:
        return ""
    if fate.sent_at is not None:
        return f"letter sent on {moment_words(fate.sent_at)}"
    if fate.is_given_up:
        return "no mail server took the letter while it was of use"
    if fate.trouble:
        times = "once" if fate.tries == 1 else f"{fate.tries} times"
        return f"letter not sent yet: tried {times}, {trouble_words(fate.trouble)}"
    return "letter waits to be sent"


def trouble_words(trouble: str) -> str:
    """Say in plain words why a letter did not go.

    Args:
        trouble: the kind of fault that its last try met.
    """
    return TROUBLES.get(trouble, "something else went wrong; the log names it")


def moment_words(moment: datetime) -> str:
    """Return a moment as people here write it, such as 22 November 2026 at 14:02."""
    local = moment.astimezone(LOCAL_ZONE)
    return f"{written_date(local.date())} at {local:%H:%M}"


def marked(text: str, spans: Iterable[tuple[int, int]]) -> list[Piece]:
    """Cut a comment where the deciding words begin and end.

    Args:
        text: the whole comment.
        spans: start and end of deciding words, in any order; they may overlap.

    Returns:
        The whole text in pieces, none empty.
    """
    pieces, done = [], 0
    for start, end in sorted(spans):
        first, last = max(start, done), min(end, len(text))
        if last <= first:
            continue
        pieces += [Piece(text[done:first], decided=False), Piece(text[first:last], decided=True)]
        done = last
    pieces.append(Piece(text[done:], decided=False))
    return [piece for piece in pieces if piece.text]


def _span_words(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    for size, name in ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute")):
        if seconds >= size:
            number = seconds // size
            return f"{number} {name}{'' if number == 1 else 's'}"
    return "less than a minute"
