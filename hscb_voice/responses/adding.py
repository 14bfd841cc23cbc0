"""Adding words to an answer that is here already: sealed like the first, to be read like the first, and kept once.

They stand in a further line of a question in words, so that whoever reads the answer meets them where they belong.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from hscb_voice.foundation.database import upsert
from hscb_voice.foundation.jobs import enqueue
from hscb_voice.foundation.keys import KeyRing, WrappedKey
from hscb_voice.questionnaires.definition import Definition, Kind
from hscb_voice.questionnaires.queries import version_by_id
from hscb_voice.responses import tallies
from hscb_voice.responses.erasing import own_cells
from hscb_voice.responses.errors import ErasedError, TooManyAddedError, UnknownResponseError
from hscb_voice.responses.models import Comment, Response
from hscb_voice.responses.reading_list import put_comments
from hscb_voice.responses.service import READ_JOB, SCREEN_JOB, span_of

MOST_LINES = 20


@dataclass(frozen=True)
class Added:
    """What somebody adds."""

    id: str  # minted with the page; the same again is the same sending
    response_id: str
    text: str


def add_words(connection: Connection, added: Added, keys: KeyRing, now: datetime) -> bool:
    """Keep further words with an answer.

    Args:
        connection: a writing connection.
        added: what is added, and to which answer.
        keys: open the key of the answer's row.
        now: the present moment.

    Returns:
        False when these words were kept before.

    Raises:
        UnknownResponseError: there is no such answer.
        ErasedError: its words have gone, and the key that could seal more with them.
        TooManyAddedError: so much has been added already that a person must help.
        KeyMissingError: the key that sealed the answer is not here.
    """
    query = select(*Response.__table__.columns).where(
        Response.id == added.response_id, Response.taken_back_at.is_(None)
    )
    row = connection.execute(query.with_for_update()).mappings().first()
    if row is None:
        message = "There is no such answer."
        raise UnknownResponseError(message)
    if row["wrapped_key"] is None:
        message = "The words of this answer have gone, so nothing can be added to them."
        raise ErasedError(message)
    version = version_by_id(connection, row["version_id"])
    question = _question_for_more(version.definition, row["variant"])
    line = _next_line(connection, added.response_id, question)
    before = own_cells(connection, added.response_id, version.id, row["answers"])
    seal = keys.seal_of_row(Response.__tablename__, added.response_id, WrappedKey(row["key_id"], row["wrapped_key"]))
    values = {
        "id": added.id,
        "response_id": added.response_id,
        "question": question,
        "line": line,
        "sealed": seal.close(added.text, f"{question}|{line}"),
    }
    statement = upsert(connection, Comment).on_conflict_do_nothing(index_elements=["id"])
    if connection.execute(statement.returning(Comment.id), values).first() is None:
        return False
    put_comments(connection, {**row}, [added.id], now)  # it came today, however old the answer is
    after = own_cells(connection, added.response_id, version.id, row["answers"])
    tallies.add(connection, span_of({**row}), [cell for cell in after if cell not in before])
    enqueue(connection, (SCREEN_JOB, READ_JOB), added.response_id, now)
    return True


def _question_for_more(definition: Definition, variant: str | None) -> str:
    """Return the last question in words, where “anything else” is asked; of the age's form if it has one."""
    of_age = [question.key for question in definition.asked_of(variant) if question.kind is Kind.LONG_TEXT]
    of_any = [question.key for question in definition.questions if question.takes_words]
    return (of_age or of_any)[-1]


def _next_line(connection: Connection, response_id: str, question: str) -> int:
    query = select(func.max(Comment.line)).where(Comment.response_id == response_id, Comment.question == question)
    last = connection.execute(query).scalar()
    line = 0 if last is None else int(last) + 1
    if line >= MOST_LINES:
        message = "So much has been added already that a person must help."
        raise TooManyAddedError(message)
    return line
