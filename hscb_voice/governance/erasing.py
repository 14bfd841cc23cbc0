"""Erasing: what must be settled first, what every room forgets, and the order in which it goes.

Two acts. *Words* go when they are old enough (figures, ticks and themes stay). The whole *answer* goes when somebody
asks: words, ticks, codes, quotes, receipt and every figure it had made. Never from under an open concern, never what a
person holds, never before it has been screened. An erasure cannot be taken back.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, delete, select

from hscb_voice.audit.service import note
from hscb_voice.foundation.clock import written_date
from hscb_voice.foundation.jobs import enqueue
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.foundation.platform import Platform
from hscb_voice.governance.errors import HeldError, NotScreenedError, OpenConcernError, RecordDecisionError
from hscb_voice.governance.ledger import LEDGER_JOB
from hscb_voice.governance.models import AccessRequest, ErasureWish, Hold
from hscb_voice.governance.sweeping import COPIES_JOB, EVERYTHING, SWEEP_JOB
from hscb_voice.responses.erasing import drop_words, lock_response, take_back
from hscb_voice.responses.errors import UnknownResponseError
from hscb_voice.responses.service import SCREEN_JOB
from hscb_voice.safeguarding.forgetting import count_concerns, fade_places, forget_concerns, how_concerns_stand
from hscb_voice.themes.forgetting import fade_codes, forget_codes

ASKED, MISTAKE, RECEIPT, OLD = "asked", "mistake", "receipt", "age"
# Why a person may erase an answer; the ledger keeps the key.
WHYS = {
    ASKED: "The person who answered asked for it",
    "guardian": "Somebody who speaks for the child asked for it",
    MISTAKE: "It was sent by mistake, or is no real answer",
    "order": "A court or the Information Commissioner ordered it",
}
KEEP, REMOVE = "keep", "remove"
RECORD_CHOICES = (KEEP, REMOVE)
# What follows every erasure.
AFTERWARDS = (LEDGER_JOB, COPIES_JOB, SWEEP_JOB)


@dataclass(frozen=True)
class Erasing:
    """What is to be erased, why, and by whom."""

    response_id: str
    why: str
    by: str  # a person's id; platform for what the program does by itself, nobody for whoever holds the receipt
    record: str = ""  # of closed concerns: keep or remove; empty when nobody has decided


def erase(platform: Platform, wanted: Erasing) -> None:
    """Take a whole answer back, in one transaction. When this returns it is gone from the database.

    Args:
        platform: where it stands.
        wanted: what, why, and by whom.

    Raises:
        UnknownResponseError: there is no such answer, or it has gone before.
        NotNowError: something must be settled first; the message says what.
    """
    # Screened first, whoever else is at work: a cry for help is not erased unheard.
    platform.jobs.run_for(wanted.response_id, (SCREEN_JOB,))
    now = platform.clock.now()
    with platform.database.writing() as connection:
        refuse_unsettled(connection, wanted.response_id, wanted.record, platform.clock.today())
        erase_in(connection, wanted, now)
        enqueue(connection, AFTERWARDS, EVERYTHING, now)
        note(connection, wanted.by, "erased an answer", f"response {wanted.response_id}", now=now, reason=wanted.why)


def erase_in(connection: Connection, wanted: Erasing, now: datetime) -> bool:
    """Take a whole answer back in the caller's transaction, whatever is settled or not.

    Args:
        connection: a writing connection.
        wanted: what, and why.
        now: the present moment.

    Returns:
        False when there was no such answer.
    """
    response_id = wanted.response_id
    if not lock_response(connection, response_id):
        return False
    standing = how_concerns_stand(connection, response_id)
    keeps_record = wanted.record == KEEP and standing.unclosed + standing.closed > 0
    forget_codes(connection, response_id)
    if keeps_record:
        count_concerns(connection, response_id, step=-1)
        fade_places(connection, response_id)
    else:
        forget_concerns(connection, response_id)
    for table in (Hold, ErasureWish, AccessRequest):
        connection.execute(delete(table).where(table.response_id == response_id))
    take_back(connection, response_id, wanted.why, now, keep_place=keeps_record)
    if keeps_record:
        # Without the answer it belongs to another slice of the figures, that of “age not said”.
        count_concerns(connection, response_id, step=1)
    return True


def drop_old_words(connection: Connection, response_id: str, keys: KeyRing, now: datetime, why: str = OLD) -> bool:
    """Take the words of a response away in the caller's transaction, and what rooms know of their places.

    Args:
        connection: a writing connection.
        response_id: which.
        keys: fade the hash by which its body is known again.
        now: the present moment.
        why: a key for the ledger.

    Returns:
        False when there is no such response, or its words have gone before.
    """
    if not lock_response(connection, response_id) or not drop_words(connection, response_id, why, keys, now):
        return False
    fade_codes(connection, response_id)
    fade_places(connection, response_id)
    return True


def refuse_unsettled(connection: Connection, response_id: str, record: str, today: date) -> None:
    """Refuse to erase an answer about which something is not settled.

    Args:
        connection: a writing connection; the response stays locked until the transaction ends.
        response_id: which.
        record: keep or remove; empty when nobody has decided about the record of closed concerns.
        today: the day on which a hold must have ended.

    Raises:
        UnknownResponseError: there is no such answer.
        NotNowError: the message says what must be settled.
    """
    if not lock_response(connection, response_id):
        message = "There is no such response."
        raise UnknownResponseError(message)
    standing = how_concerns_stand(connection, response_id)
    if standing.waits_to_be_screened:
        message = "This answer has not been screened yet. Try again in a minute."
        raise NotScreenedError(message)
    if standing.unclosed:
        message = "A concern on this answer is not closed. Whoever looks after it must close it first."
        raise OpenConcernError(message)
    held = hold_on(connection, response_id, today)
    if held is not None:
        message = f"This answer is held until {written_date(held)}. End the hold first, if it may end."
        raise HeldError(message)
    if standing.closed and record not in RECORD_CHOICES:
        message = "There was a concern on this answer. Say whether the record of it is kept."
        raise RecordDecisionError(message)


def hold_on(connection: Connection, response_id: str, today: date) -> date | None:
    """Return until which day somebody holds a response; None when nobody does now."""
    query = select(Hold.until).where(Hold.response_id == response_id, Hold.until >= today)
    return connection.execute(query).scalar()
