"""Taking words out of packs that were issued, when whoever said them takes them back.

A pack never changes. So the program issues another that has everything but those words, names the old one and says why;
then the old one's key is destroyed, and nobody can read it again. What was handed out on paper it cannot reach.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, select

from hscb_voice.audit.service import PLATFORM, note
from hscb_voice.board.quotes import words_gone
from hscb_voice.foundation.clock import Clock, written_date
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.jobs import ShortWork, Write
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.foundation.sealed_tables import destroy_row_key
from hscb_voice.packs.document import Document, from_text, without
from hscb_voice.packs.keeping import Made, keep_issued, quoted_in, text_of
from hscb_voice.packs.models import IssuedPack
from hscb_voice.packs.writing import FORMATS, written

REASON = "Words in it have been taken back"
_SAME = ("style", "look", "period_name", "meeting")


@dataclass(frozen=True)
class _Correction:
    """A pack in which words stand that are gone, and what is issued in its place."""

    old_id: str
    row: dict[str, object]
    document: Document | None  # none where a later pack stands in its place already
    quoted: dict[str, list[str]]


def prepare_taking_out(
    connection: Connection, subject: str, *, keys: KeyRing, clock: Clock, also: ShortWork
) -> Callable[[], Write]:
    """Find packs with words that were taken back; then write others without them, with no connection held.

    Args:
        connection: a reading connection.
        subject: of the job; every pack is meant.
        keys: open packs, and seal those that put them right.
        clock: tells when.
        also: takes words out of whatever else was copied, in the same transaction.

    Returns:
        What writes the files and returns what keeps them, in one transaction with the end of the old packs.
    """
    corrections = _corrections(connection, keys, clock)

    def go() -> Write:
        documents = {one.old_id: one.document for one in corrections if one.document is not None}
        files = {old_id: {form: written(it, form) for form in FORMATS} for old_id, it in documents.items()}

        def keep(writing: Connection) -> None:
            for one in corrections:
                _put_right(writing, one, files.get(one.old_id, {}), keys, clock)
            also(writing, subject)

        return keep

    return go


def _corrections(connection: Connection, keys: KeyRing, clock: Clock) -> list[_Correction]:
    columns = [IssuedPack.id, IssuedPack.replaces, *(getattr(IssuedPack, name) for name in _SAME)]
    found = []
    replaced = set(connection.execute(select(IssuedPack.replaces).where(IssuedPack.replaces.is_not(None))).scalars())
    for pack in connection.execute(select(*columns).where(IssuedPack.wrapped_key.is_not(None))).mappings().all():
        quoted = quoted_in(connection, keys, pack["id"])
        gone = words_gone(connection, keys, quoted, clock.now())
        if not gone:
            continue
        row = {name: pack[name] for name in _SAME} | {"id": new_id(), "replaces": pack["id"], "reason": REASON}
        instead = f"Words stood here that have been taken back. They were taken out on {written_date(clock.today())}."
        document = None
        if pack["id"] not in replaced:
            document = without(from_text(text_of(connection, keys, pack["id"])), gone, instead)
        left = {words: ids for words, ids in quoted.items() if words not in gone}
        found.append(_Correction(pack["id"], row, document, left))
    return found


def _put_right(connection: Connection, one: _Correction, files: dict[str, bytes], keys: KeyRing, clock: Clock) -> None:
    query = select(IssuedPack.wrapped_key).where(IssuedPack.id == one.old_id)
    if connection.execute(query.with_for_update()).scalar() is None:
        return  # another worker was quicker
    now = clock.now()
    if one.document is not None:
        row = {**one.row, "issued_by": PLATFORM, "issued_at": now}
        keep_issued(connection, keys, row, Made(one.document, files, one.quoted))
        note(connection, PLATFORM, "issued a pack", f"pack {one.row['id']}", now=now, reason=REASON)
    destroy_row_key(connection, IssuedPack.__tablename__, one.old_id)
    note(connection, PLATFORM, "took words out of a pack", f"pack {one.old_id}", now=now)
