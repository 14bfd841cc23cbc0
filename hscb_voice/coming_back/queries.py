"""What somebody with three words is told of their answer: whether a person has read it. Never what it says."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from hscb_voice.questionnaires.queries import version_by_id
from hscb_voice.responses.models import Response, ToBeRead


@dataclass(frozen=True)
class Standing:
    """How an answer stands."""

    look: str
    who: str  # child, parent or professional
    language: str
    service: str
    received_at: datetime
    waiting: int  # pieces of writing that no person has read yet
    read: int
    read_at: datetime | None  # when a person read the last of them
    has_words: bool  # that can still be read; after their time they are thrown away


def standing_of(connection: Connection, response_id: str) -> Standing | None:
    """Return how an answer stands; None when it has gone.

    Args:
        connection: a reading connection.
        response_id: found by its receipt.
    """
    columns = (Response.version_id, Response.variant, Response.language, Response.respondent, Response.service)
    more = (Response.received_at, Response.wrapped_key)
    query = select(*columns, *more).where(Response.id == response_id, Response.taken_back_at.is_(None))
    row = connection.execute(query).first()
    if row is None:
        return None
    counted = select(
        func.count().filter(ToBeRead.read_at.is_(None)), func.count(ToBeRead.read_at), func.max(ToBeRead.read_at)
    ).where(ToBeRead.response_id == response_id)
    waiting, read, read_at = connection.execute(counted).one()
    look = version_by_id(connection, row.version_id).definition.look_of(row.variant)
    kept = row.wrapped_key is not None
    return Standing(look, row.respondent, row.language, row.service, row.received_at, waiting, read, read_at, kept)
