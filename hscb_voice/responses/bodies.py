"""How the body of a sitting is known again: by a hash that cannot be tried out without the installation's key.

A plain hash would let whoever holds a copy of the database try out what a child may have written. Earlier versions kept
one until the words went; `key_plain_hashes` puts keyed ones in their places, and until then both are known.
"""

import hashlib
import hmac
import json

from sqlalchemy import Select, func, select, update

from hscb_voice.foundation.database import Database
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.questionnaires.kinds import Answers
from hscb_voice.responses.models import Response, SecondAnswer

# Says of a hash that it is keyed: it stands before the 32 bytes, so that no plain one can be taken for it.
_KEYED = b"k"
_PLAIN_BYTES = 32
_AT_ONCE = 500
_in_one_way = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode  # whatever the order in which it was answered


def body_hash(keys: KeyRing, sitting_id: str, version_id: int, variant: str | None, answers: Answers) -> bytes:
    """Return the hash by which the same body of a sitting is known again.

    Args:
        keys: the installation's keys.
        sitting_id: whose body; two sittings that say the same cannot be seen to.
        version_id: of the questionnaire.
        variant: which age's questions.
        answers: as kept: not as they were sent.

    Returns:
        33 bytes, the first of which says that it is keyed.

    Raises:
        KeyMissingError: there is no usable key.
    """
    return keyed(keys, sitting_id, _plain(version_id, variant, answers))


def keyed(keys: KeyRing, sitting_id: str, stored: bytes) -> bytes:
    """Return the keyed hash of what is stored; it stays as it is when it is keyed already.

    Args:
        keys: the installation's keys.
        sitting_id: whose body.
        stored: a hash, plain or keyed.

    Raises:
        KeyMissingError: there is no usable key.
    """
    if len(stored) != _PLAIN_BYTES:
        return stored
    return _KEYED + keys.fingerprint("body", f"{sitting_id}|{stored.hex()}")


def is_same_body(keys: KeyRing, sitting_id: str, stored: bytes, given: bytes, faded: bytes) -> bool:
    """Tell in constant time whether a body is the one that is stored.

    Args:
        keys: the installation's keys.
        sitting_id: whose body.
        stored: its hash, of whatever version of the program.
        given: what `body_hash` gave for the body that came now.
        faded: what `faded_hash` gave for it: how earlier versions kept a body whose words had gone.
    """
    return hmac.compare_digest(stored, faded) or hmac.compare_digest(keyed(keys, sitting_id, stored), given)


def faded_hash(keys: KeyRing, version_id: int, variant: str | None, answers: Answers) -> bytes:
    """Return what earlier versions kept of a body once its words had gone; the arguments are those of `body_hash`."""
    return keys.fingerprint("faded body", _plain(version_id, variant, answers).hex())


def key_plain_hashes(database: Database, keys: KeyRing) -> int:
    """Put keyed hashes in the place of plain ones that an earlier version has left.

    Args:
        database: which. Others may use it meanwhile.
        keys: the installation's keys.

    Returns:
        How many there were.

    Raises:
        KeyMissingError: there is no usable key; none was changed.
    """
    # Where words have gone the hash is keyed already, if otherwise: that of a response's stays as it is.
    in_responses = select(Response.id, Response.id, Response.body_hash).where(Response.erased_at.is_(None))
    in_seconds = select(SecondAnswer.id, SecondAnswer.response_id, SecondAnswer.body_hash)
    done = 0
    for table, rows in ((Response, in_responses), (SecondAnswer, in_seconds)):
        plain = rows.where(func.length(table.body_hash) == _PLAIN_BYTES).limit(_AT_ONCE)
        while changed := _key_some(database, keys, table, plain):
            done += changed
    return done


def _key_some(
    database: Database, keys: KeyRing, table: type[Response | SecondAnswer], plain: Select[str, str, bytes]
) -> int:
    with database.writing() as connection:
        rows = connection.execute(plain).all()
        for row_id, sitting_id, stored in rows:
            change = update(table).where(table.id == row_id)
            connection.execute(change.values(body_hash=keyed(keys, sitting_id, stored)))
    return len(rows)


def _plain(version_id: int, variant: str | None, answers: Answers) -> bytes:
    return hashlib.sha256(_in_one_way([version_id, variant, answers]).encode()).digest()
