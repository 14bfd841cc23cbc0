"""Noting an act, in the act's own transaction: both are kept or neither is.

Call `note` as the last thing of a transaction: on PostgreSQL, acts wait for each other from there to the commit.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from hscb_voice.audit.chain import Entry, hash_of
from hscb_voice.audit.errors import NotNotableError
from hscb_voice.audit.models import AuditEntry, AuditHead

HEAD = 1
PLATFORM = "platform"  # who, for what the program does by itself or at a command's word
VERIFIED = "checked the record"
_LONGEST = {"who": 60, "act": 60, "subject": 120, "reason": 300}


def note(connection: Connection, who: str, act: str, subject: str, *, now: datetime, reason: str = "") -> Entry:
    """Write one act into the record.

    Args:
        connection: the writing connection on which the act itself is done.
        who: the account's id; `nobody` when no one is known, `platform` for what the program does by itself.
        act: what was done, in the past tense, such as `signed in` or `read a comment`.
        subject: what it was done to: an id, or kind and id. Never anything that somebody answered.
        now: when.
        reason: why, where a reason is asked for.

    Returns:
        The entry as written.

    Raises:
        NotNotableError: the act has no name, or something is too long.
    """
    _check(who=who, act=act, subject=subject, reason=reason)
    head = connection.execute(
        select(AuditHead.number, AuditHead.entry_hash).where(AuditHead.id == HEAD).with_for_update()
    ).one()
    draft = Entry(head.number + 1, now, who, act, subject, reason, head.entry_hash, "")
    entry = replace(draft, entry_hash=hash_of(draft))
    connection.execute(insert(AuditEntry).values(**vars(entry)))
    connection.execute(
        update(AuditHead).where(AuditHead.id == HEAD).values(number=entry.number, entry_hash=entry.entry_hash)
    )
    return entry


def _check(**texts: str) -> None:
    if not texts["act"] or not texts["who"]:
        message = "An entry of the record needs an act and somebody who did it."
        raise NotNotableError(message)
    for name, text in texts.items():
        if len(text) > _LONGEST[name]:
            message = f"In the record, {name} may hold {_LONGEST[name]} characters, not {len(text)}."
            raise NotNotableError(message)
