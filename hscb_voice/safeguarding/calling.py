"""Calls people about a concern by letter: one at once, a second after 15 minutes, the lead after an hour.

The calls are job rows written with the concern, so they survive any restart. Each looks first whether somebody has
acknowledged the concern in between. A call writes a letter, a line in the concern's history and an entry of the record
in one transaction; sending is somebody else's work. Nobody is called about invented answers.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from hscb_voice.audit.service import note as note_in_record
from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.jobs import ShortWork, enqueue
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.foundation.letters import post
from hscb_voice.responses.models import Response
from hscb_voice.safeguarding.duties import Turn, called_for, duties_of, who_handles
from hscb_voice.safeguarding.errors import NobodyToCallError
from hscb_voice.safeguarding.history import Step, write_history
from hscb_voice.safeguarding.letter_words import ConcernFacts, calling_letter
from hscb_voice.safeguarding.models import Concern, ConcernNote
from hscb_voice.safeguarding.wording import OPEN

CALL_JOBS = {turn: f"safeguarding.call_{turn.value}" for turn in Turn}
CALLED_AFTER = {Turn.FIRST: timedelta(0), Turn.SECOND: timedelta(minutes=15), Turn.LEAD: timedelta(minutes=60)}
_OF_USE_FOR = timedelta(days=7)  # a letter that no mail server takes for so long would only puzzle


def plan_calls(connection: Connection, concern_id: str, since: datetime) -> None:
    """Plan all calls about a concern that is open from now on, in the transaction that opens it.

    Args:
        connection: a writing connection.
        concern_id: which.
        since: the moment from which it is open, as it stands in the concern.
    """
    for turn, kind in CALL_JOBS.items():
        enqueue(connection, (kind,), concern_id, since + CALLED_AFTER[turn])


def call_handlers(keys: KeyRing, clock: Clock, address: str) -> dict[str, ShortWork]:
    """Return who does the calls, by kind of job.

    Args:
        keys: seal the letters.
        clock: tells when.
        address: of the site, for the link.
    """

    def of_turn(turn: Turn) -> ShortWork:
        return lambda connection, concern_id: _call(connection, concern_id, turn, _Office(keys, clock, address))

    return {kind: of_turn(turn) for turn, kind in CALL_JOBS.items()}


class _Office:
    """What a call needs beside the database."""

    def __init__(self, keys: KeyRing, clock: Clock, address: str) -> None:
        self.keys, self.clock, self.address = keys, clock, address


def _call(connection: Connection, concern_id: str, turn: Turn, office: _Office) -> None:
    columns = (Concern.id, Concern.state, Concern.calling_since, Concern.heard_at, Concern.read_due)
    query = select(*columns, Response.service, Response.invented).join(Response, Response.id == Concern.response_id)
    # Locked, so that an acknowledgement comes either before the call, which then is none, or after it.
    row = connection.execute(query.where(Concern.id == concern_id).with_for_update(of=Concern)).first()
    now = office.clock.now()
    if row is None or row.invented or row.state != OPEN:
        return
    if _is_made(connection, concern_id, row.calling_since, turn, now):
        return
    called = called_for(duties_of(connection, row.service), who_handles(connection), turn, now)
    if not called:
        message = "There is nobody who could be called about a concern."
        raise NobodyToCallError(message)  # its job stays, and is tried again until there is somebody
    facts = ConcernFacts(row.id, office.address, row.service, row.heard_at, row.read_due)
    for one in called:
        letter = calling_letter(facts, one, turn)
        letter_id = post(connection, office.keys, letter, now, about=f"concern {concern_id}", until=now + _OF_USE_FOR)
        write_history(connection, concern_id, Step(act_of(turn), "", told=one.said, letter_id=letter_id), now)
    acts = f"{len(called)} letter{'s' if len(called) > 1 else ''}, {turn.value} call"
    note_in_record(
        connection, "platform", "called people about a concern", f"concern {concern_id}", now=now, reason=acts
    )


def act_of(turn: Turn) -> str:
    """Return the name of a call in a concern's history."""
    return f"called_{turn.value}"


def _is_made(connection: Connection, concern_id: str, since: datetime, turn: Turn, now: datetime) -> bool:
    """Tell whether this call has been made, or its job is left over from before the concern was opened anew."""
    made = select(ConcernNote.id).where(
        ConcernNote.concern_id == concern_id, ConcernNote.act == act_of(turn), ConcernNote.made_at >= since
    )
    return now < since + CALLED_AFTER[turn] or connection.execute(made.limit(1)).first() is not None
