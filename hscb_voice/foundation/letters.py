"""The outbox of letters: a letter is a row in the transaction of the act that causes it, and is sent afterwards.

A slow or dead mail server holds up nobody: sending holds no connection to the database, and has a lane of its own in
the worker. A letter is sent at least once. Its words lie sealed, because they may hold a one-time link, and are
dropped once it has gone. No letter may hold a child's words.
"""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Index, LargeBinary, Row, String, and_, func, insert, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.database import Base, Moment
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.jobs import Job, Write, enqueue
from hscb_voice.foundation.keys import KeyRing, WrappedKey
from hscb_voice.foundation.mail import Letter, LetterSender

SEND_JOB = "letters.send"
_EMPTIED = {"key_id": None, "wrapped_key": None, "sealed": None}


class PostedLetter(Base):
    """One letter to one address; its words only until it has gone."""

    __tablename__ = "letters"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    about: Mapped[str] = mapped_column(String(80), default="")  # such as “concern 0190…”; never a person
    posted_at: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime | None] = mapped_column(Moment)  # of no use afterwards, so not sent any more
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    key_id: Mapped[str | None] = mapped_column(String(40))
    wrapped_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (Index("ix_letters_about", "about"),)


@dataclass(frozen=True)
class LetterFate:
    """How it stands with one letter."""

    sent_at: datetime | None
    is_given_up: bool  # its time ran out before any mail server took it
    tries: int  # that failed, while it waits
    trouble: str  # why the last try failed, as the name of a kind of fault; empty when none has


@dataclass(frozen=True)
class LettersWaiting:
    """How many letters wait, and whether they get through."""

    waiting: int
    failing: int  # of these, tried at least once in vain
    oldest: datetime | None
    trouble: str  # why the oldest failing one did


def post(
    connection: Connection,
    keys: KeyRing,
    letter: Letter,
    now: datetime,
    *,
    about: str = "",
    until: datetime | None = None,
) -> str:
    """Post a letter in the caller's transaction; it is sent at least once, soon after the commit.

    Args:
        connection: a writing connection.
        keys: seal the letter while it waits.
        letter: to whom, and what; never a child's words.
        now: the present moment.
        about: what it is about, to find it again, such as “concern 0190…”; at most 80 characters.
        until: when it is of no use any more, such as the end of a one-time link; sent however late when left out.

    Returns:
        The letter's id.

    Raises:
        KeyMissingError: there is no key, so nothing may be stored.
    """
    letter_id = new_id()
    seal, wrapped = keys.seal_for_new_row(PostedLetter.__tablename__, letter_id)
    words = json.dumps([letter.to, letter.subject, letter.text], ensure_ascii=False)
    row = {
        "id": letter_id,
        "about": about,
        "posted_at": now,
        "until": until,
        "key_id": wrapped.key_id,
        "wrapped_key": wrapped.wrapped,
        "sealed": seal.close(words, "sealed"),
    }
    connection.execute(insert(PostedLetter), row)
    enqueue(connection, (SEND_JOB,), letter_id, now)
    return letter_id


def prepare_sending(
    connection: Connection, letter_id: str, *, keys: KeyRing, clock: Clock, sender: LetterSender
) -> Callable[[], Write]:
    """Read a letter, to be sent once the connection has been given back.

    Args:
        connection: a reading connection.
        letter_id: which letter.
        keys: open it.
        clock: tells whether it is still of use, and when it was sent.
        sender: hands it over.

    Returns:
        What sends it, raises `MailError` when nobody takes it, and returns what writes down that it has gone.

    Raises:
        KeyMissingError: the key that sealed it is not here.
    """
    row = connection.execute(select(PostedLetter).where(PostedLetter.id == letter_id)).first()
    if row is None or row.sealed is None:
        return lambda: _nothing
    if row.until is not None and row.until < clock.now():
        return lambda: _ended(letter_id, None)
    letter = _opened(row, keys)

    def send() -> Write:
        sender.send(letter)
        return _ended(letter_id, clock.now())

    return send


def fates_of(connection: Connection, letter_ids: Collection[str]) -> dict[str, LetterFate]:
    """Tell how it stands with letters.

    Args:
        connection: a reading connection.
        letter_ids: which; at most some hundreds.

    Returns:
        Letter id -> its fate; a letter that is not there any more is left out.
    """
    joined = select(
        PostedLetter.id,
        PostedLetter.sent_at,
        PostedLetter.sealed.is_(None).label("is_empty"),
        Job.attempts,
        Job.trouble,
    ).outerjoin(Job, and_(Job.subject_id == PostedLetter.id, Job.kind == SEND_JOB))
    rows = connection.execute(joined.where(PostedLetter.id.in_(letter_ids)))
    return {
        row.id: LetterFate(row.sent_at, row.is_empty and row.sent_at is None, row.attempts or 0, row.trouble or "")
        for row in rows
    }


def latest_about(connection: Connection, about: str, limit: int) -> list[tuple[datetime, LetterFate]]:
    """Tell how it stands with the newest letters about something.

    Args:
        connection: a reading connection.
        about: as it was said when they were posted.
        limit: how many at most.

    Returns:
        When each was posted, and its fate; the newest first.
    """
    query = select(PostedLetter.id, PostedLetter.posted_at).where(PostedLetter.about == about)
    rows = connection.execute(query.order_by(PostedLetter.posted_at.desc(), PostedLetter.id).limit(limit)).all()
    fates = fates_of(connection, [row.id for row in rows])
    return [(row.posted_at, fates[row.id]) for row in rows]


def letters_waiting(connection: Connection, now: datetime) -> LettersWaiting:
    """Count the letters that wait to be sent.

    Args:
        connection: a reading connection.
        now: the present moment; what is of no use any more does not count.

    Returns:
        How many wait, how many have been tried in vain, the oldest, and why the last one failed.
    """
    waits = and_(PostedLetter.sealed.is_not(None), or_(PostedLetter.until.is_(None), PostedLetter.until >= now))
    joined = select(func.count(), func.count().filter(Job.trouble != ""), func.min(PostedLetter.posted_at))
    of_letter = and_(Job.subject_id == PostedLetter.id, Job.kind == SEND_JOB)
    waiting, failing, oldest = connection.execute(
        joined.select_from(PostedLetter).join(Job, of_letter).where(waits)
    ).one()
    troubles = select(Job.trouble).join(PostedLetter, of_letter).where(waits, Job.trouble != "")
    trouble = connection.execute(troubles.order_by(PostedLetter.posted_at).limit(1)).scalar()
    return LettersWaiting(waiting, failing, oldest, trouble or "")


def _opened(row: Row[Any], keys: KeyRing) -> Letter:
    seal = keys.seal_of_row(PostedLetter.__tablename__, row.id, WrappedKey(row.key_id, row.wrapped_key))
    to, subject, text = json.loads(seal.open(row.sealed, "sealed"))
    return replace(Letter(to, subject, text), reference=row.id)


def _ended(letter_id: str, sent_at: datetime | None) -> Write:
    def write(connection: Connection) -> None:
        values = {**_EMPTIED, "sent_at": sent_at}
        connection.execute(update(PostedLetter).where(PostedLetter.id == letter_id).values(values))

    return write


def _nothing(_connection: Connection) -> None:
    """Write nothing: the letter has gone already."""
