"""Putting an answer right: what was typed wrongly from paper, or what somebody asks to have corrected.

The old words cannot be opened afterwards. The rooms above must forget what they made of the old answer first, and the
new one is screened and read like any other.
"""

from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from hscb_voice.foundation.jobs import enqueue
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.questionnaires.kinds import Answers
from hscb_voice.questionnaires.queries import version_by_id
from hscb_voice.responses import tallies
from hscb_voice.responses.erasing import own_cells
from hscb_voice.responses.errors import ErasedError, UnknownResponseError
from hscb_voice.responses.models import Comment, Response
from hscb_voice.responses.service import READ_JOB, SCREEN_JOB, keep_words, may_quote, parted, span_of


def correct(connection: Connection, response_id: str, answers: Answers, keys: KeyRing, now: datetime) -> None:
    """Put other answers in the place of those of a response, and set its own figures right.

    The sitting stays known by what it first sent, so that a tablet which sends that again is still answered.

    Args:
        connection: a writing connection.
        response_id: which.
        answers: checked against the version that was answered.
        keys: seal the new words, with a new key.
        now: the present moment.

    Raises:
        UnknownResponseError: there is no such answer.
        ErasedError: its words have gone, so nobody can say any more what they were.
    """
    query = select(*Response.__table__.columns).where(Response.id == response_id, Response.taken_back_at.is_(None))
    row = connection.execute(query.with_for_update()).mappings().first()
    if row is None:
        message = "There is no such response."
        raise UnknownResponseError(message)
    if row["erased_at"] is not None:
        message = "The words of this response have gone, so it cannot be corrected any more."
        raise ErasedError(message)
    definition = version_by_id(connection, row["version_id"]).definition
    tallies.add(connection, span_of({**row}), own_cells(connection, response_id, row["version_id"], row["answers"]), -1)
    ticks, words = parted(definition, answers)
    seal, wrapped = keys.seal_for_new_row(Response.__tablename__, response_id)
    changes = {
        "answers": ticks,
        "may_quote": may_quote(ticks),
        "key_id": wrapped.key_id,
        "wrapped_key": wrapped.wrapped,
    }
    connection.execute(update(Response).where(Response.id == response_id).values(changes))
    connection.execute(delete(Comment).where(Comment.response_id == response_id))
    keep_words(connection, {**row}, words, seal)
    tallies.add(connection, span_of({**row, "answers": ticks}), tallies.cells_of(definition, answers))
    enqueue(connection, (SCREEN_JOB, READ_JOB), response_id, now)
