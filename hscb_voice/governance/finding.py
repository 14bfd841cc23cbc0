"""Finding an answer by its receipt or its id, with a limit on guesses; and taking it back by receipt."""

import hashlib

from sqlalchemy import Connection, select

from hscb_voice.foundation.database import upsert
from hscb_voice.foundation.ids import is_id
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.tries import Limit, give_back_try, take_try
from hscb_voice.governance.erasing import RECEIPT, Erasing, erase
from hscb_voice.governance.errors import NotNowError, TooManyTriesError, UnknownReceiptError
from hscb_voice.governance.models import ErasureWish
from hscb_voice.responses.errors import UnknownResponseError
from hscb_voice.responses.models import Response
from hscb_voice.responses.queries import response_of_receipt

GUESSES = Limit(a_minute=5, a_while=20)
# From whoever is not signed in, however many places they come from. Those who work here are not held up by it.
GUESSES_IN_ALL = Limit(a_minute=60, a_while=300)
NOBODY = "nobody"
_MISSING = (
    "No answer has these words. Look again at how they are spelt, and in which order. It may have been taken back."
)


def find_response(platform: Platform, typed: str, source: str, *, is_known: bool = False) -> str:
    """Return the answer to which three words, or an id, belong.

    Args:
        platform: where answers are.
        typed: what somebody typed.
        source: who or from where, as a name under which wrong tries are counted: a person's id, or a keyed hash of an
            address. Never an address itself.
        is_known: whether the source is somebody who has signed in, or a command on the machine.

    Returns:
        The response's id.

    Raises:
        TooManyTriesError: there have been too many wrong tries.
        UnknownReceiptError: there is no such answer.
    """
    limits = {_key(source): GUESSES} if is_known else {_key(source): GUESSES, _key(""): GUESSES_IN_ALL}
    now = platform.clock.now()
    with platform.database.writing() as connection:
        allowed = [take_try(connection, key, limit, now=now) for key, limit in limits.items()]
    if not all(allowed):
        message = "There have been too many wrong tries. Wait a quarter of an hour, then try again."
        raise TooManyTriesError(message)
    found = _find(platform, " ".join(typed.split()).casefold())
    if found is None:
        raise UnknownReceiptError(_MISSING)
    with platform.database.writing() as connection:
        for key in limits:
            give_back_try(connection, key)
    return found


def take_back_by_receipt(platform: Platform, words: str, source: str) -> bool:
    """Take an answer back for whoever holds its receipt. It cannot be undone: the page must have said so before.

    Args:
        platform: where answers are.
        words: the receipt.
        source: as for `find_response`.

    Returns:
        True when it is gone; False when a person must look first, because of a concern or a hold: they are asked.

    Raises:
        TooManyTriesError: there have been too many wrong tries.
        UnknownReceiptError: there is no such answer.
    """
    response_id = find_response(platform, words, source)
    try:
        erase(platform, Erasing(response_id, RECEIPT, NOBODY))
    except NotNowError:
        with platform.database.writing() as connection:
            wish_for_erasure(connection, platform, response_id, RECEIPT, NOBODY)
        return False
    except UnknownResponseError as fault:
        raise UnknownReceiptError(_MISSING) from fault
    return True


def wish_for_erasure(connection: Connection, platform: Platform, response_id: str, why: str, by: str) -> None:
    """Write down that somebody wishes an answer to be taken back, for a person to see to. Again changes nothing.

    Args:
        connection: a writing connection.
        platform: tells when.
        response_id: which answer.
        why: a key, such as `receipt`.
        by: nobody, or a person's id.
    """
    values = {"response_id": response_id, "asked_at": platform.clock.now(), "asked_by": by, "why": why}
    connection.execute(upsert(connection, ErasureWish).on_conflict_do_nothing(index_elements=["response_id"]), values)


def _key(source: str) -> str:
    return hashlib.sha256(f"receipt|{source}".encode()).hexdigest()


def _find(platform: Platform, typed: str) -> str | None:
    with platform.database.reading() as connection:
        if is_id(typed):
            query = select(Response.id).where(Response.id == typed, Response.taken_back_at.is_(None))
            return connection.execute(query).scalar()
        return response_of_receipt(connection, platform.keys, typed)
