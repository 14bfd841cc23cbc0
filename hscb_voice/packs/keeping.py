"""Keeping what was issued: sealed, under a key of each pack's own, and opened again byte for byte.

The key may be destroyed, and nothing else of a pack be changed: the database itself sees to that.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from hscb_voice.foundation.keys import KeyRing, RowSeal, WrappedKey
from hscb_voice.packs.document import Document, as_text, content_hash
from hscb_voice.packs.errors import UnknownPackError, WordsTakenOutError
from hscb_voice.packs.models import IssuedFile, IssuedPack

_DOCUMENT, _QUOTED = "sealed", "quoted"


@dataclass(frozen=True)
class Made:
    """A pack that is ready to be issued."""

    document: Document
    files: Mapping[str, bytes]  # by format
    quoted: Mapping[str, list[str]]  # its words -> the ids of the comments they are of


def keep_issued(connection: Connection, keys: KeyRing, row: Mapping[str, object], made: Made) -> None:
    """Keep a pack and its files, sealed.

    Args:
        connection: a writing connection.
        keys: seal it.
        row: what is said of it, with its id.
        made: what it holds.
    """
    pack_id, text = str(row["id"]), as_text(made.document)
    seal, wrapped = keys.seal_for_new_row(IssuedPack.__tablename__, pack_id)
    sealed = {"key_id": wrapped.key_id, "wrapped_key": wrapped.wrapped, "sealed": seal.close(text, _DOCUMENT)}
    sealed |= {"quoted": seal.close(json.dumps(made.quoted), _QUOTED), "content_hash": content_hash(text)}
    connection.execute(insert(IssuedPack), {**row, **sealed})
    files = [
        {
            "pack_id": pack_id,
            "form": form,
            "content_hash": hashlib.sha256(content).hexdigest(),
            "sealed": seal.close(base64.b64encode(content).decode(), _column(form)),
        }
        for form, content in made.files.items()
    ]
    connection.execute(insert(IssuedFile), files)


def text_of(connection: Connection, keys: KeyRing, pack_id: str) -> str:
    """Open a pack's document, as text.

    Args:
        connection: a reading connection.
        keys: open it.
        pack_id: which.

    Raises:
        UnknownPackError: there is none of that id, its words have been taken out, or it is not what was issued.
        KeyMissingError: the key that sealed it is not here.
    """
    columns = (IssuedPack.sealed, IssuedPack.content_hash, IssuedPack.key_id, IssuedPack.wrapped_key)
    row = connection.execute(select(*columns).where(IssuedPack.id == pack_id)).first()
    if row is None:
        message = "There is no such pack."
        raise UnknownPackError(message)
    text = _seal(keys, pack_id, row.key_id, row.wrapped_key).open(row.sealed, _DOCUMENT)
    if content_hash(text) != row.content_hash:
        message = "This pack is not as it was issued."
        raise UnknownPackError(message)
    return text


def quoted_in(connection: Connection, keys: KeyRing, pack_id: str) -> dict[str, list[str]]:
    """Return what a pack quotes: words -> the ids of the comments they are of.

    Args:
        connection: a reading connection.
        keys: open it.
        pack_id: one whose words have not been taken out.
    """
    columns = (IssuedPack.quoted, IssuedPack.key_id, IssuedPack.wrapped_key)
    row = connection.execute(select(*columns).where(IssuedPack.id == pack_id)).one()
    found: dict[str, list[str]] = json.loads(
        _seal(keys, pack_id, row.key_id, row.wrapped_key).open(row.quoted, _QUOTED)
    )
    return found


def file_of(connection: Connection, keys: KeyRing, pack_id: str, form: str) -> bytes:
    """Return a file of a pack, as it was issued.

    Args:
        connection: a reading connection.
        keys: open it.
        pack_id: which pack.
        form: which format.

    Raises:
        UnknownPackError: there is none, its words have been taken out, or it is not what was issued.
        KeyMissingError: the key that sealed it is not here.
    """
    query = (
        select(IssuedFile.sealed, IssuedFile.content_hash, IssuedPack.key_id, IssuedPack.wrapped_key)
        .join(IssuedPack, IssuedPack.id == IssuedFile.pack_id)
        .where(IssuedFile.pack_id == pack_id, IssuedFile.form == form)
    )
    row = connection.execute(query).first()
    if row is None:
        message = "There is no such file."
        raise UnknownPackError(message)
    seal = _seal(keys, pack_id, row.key_id, row.wrapped_key)
    content = base64.b64decode(seal.open(row.sealed, _column(form)))
    if hashlib.sha256(content).hexdigest() != row.content_hash:
        message = "This file is not as it was issued."
        raise UnknownPackError(message)
    return content


def _seal(keys: KeyRing, pack_id: str, key_id: str, wrapped: bytes | None) -> RowSeal:
    if wrapped is None:
        message = "Words in this pack have been taken back. A later pack has everything else that stood in it."
        raise WordsTakenOutError(message)
    return keys.seal_of_row(IssuedPack.__tablename__, pack_id, WrappedKey(key_id, wrapped))


def _column(form: str) -> str:
    return f"file {form}"
