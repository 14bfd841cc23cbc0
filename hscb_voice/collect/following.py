"""Follows the code of an address: to a form that may be opened, to where answers may be sent, or to why not."""

import re
from collections.abc import Callable

from flask_babel import gettext
from sqlalchemy import Connection
from werkzeug.datastructures import MultiDict

from hscb_voice.collect.errors import TooManyWrongCodesError
from hscb_voice.collect.guessing import count_wrong, refuse_guessing
from hscb_voice.collect.held import CODE_FIELD, Closed
from hscb_voice.collect.room import room
from hscb_voice.collect.ways import Guard, Way
from hscb_voice.foundation.errors import DatabaseUnreachableError, KeyMissingError
from hscb_voice.foundation.ids import is_id
from hscb_voice.invitations.codes import LONGEST_CODE, tidied_code
from hscb_voice.invitations.errors import ClosedCodeError, UnknownCodeError
from hscb_voice.invitations.queries import EXPIRED, REVOKED, USED
from hscb_voice.questionnaires.errors import UnknownQuestionnaireError
from hscb_voice.responses.queries import is_kept
from hscb_voice.web.current import platform
from hscb_voice.web.places import place_of_request

_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_UNKNOWN = "That code leads nowhere."


def way_to_open(code: str) -> Way:
    """Follow a code to a form that may be opened.

    Args:
        code: as it stands in the address.

    Raises:
        ClosedCodeError: it has been used, has run out or was taken back.
        UnknownCodeError: it leads nowhere.
        TooManyWrongCodesError: so many wrong ones came from the same place that this one waits.
        DatabaseUnreachableError: the database is down and the code was not followed here before.
    """
    return _followed(code, room().ways.find)


def has_own_language(code: str) -> bool:
    """Tell whether a code leads to a form in a language of its own, whatever language its reader was speaking."""
    try:
        return way_to_open(code).invitation.language is not None
    except (UnknownCodeError, TooManyWrongCodesError, DatabaseUnreachableError):
        return False


def way_to_send(code: str, sitting: object) -> Way:
    """Follow a code for answers that somebody sends; whatever has been kept already leads to its receipt for ever.

    Args:
        code: as it stands in the address.
        sitting: the sitting's id, as it was sent.

    Raises:
        ClosedCodeError: it has run out long ago or was taken back, and nothing of this sitting has been kept.
        UnknownCodeError: it leads nowhere.
        DatabaseUnreachableError: the database is down and the code was not followed here before.
    """
    try:
        return _followed(code, room().ways.find_for_sending)
    except ClosedCodeError:
        if not isinstance(sitting, str) or not is_id(sitting):
            raise
        with platform().database.reading() as connection:
            if not is_kept(connection, sitting):
                raise
        return room().ways.find_closed(code)


def way_meant(code: str, sent: MultiDict[str, str]) -> Way | None:
    """Follow the address's code; a new one that was typed comes first, if it leads to the questions answered here.

    Args:
        code: as it stands in the address.
        sent: every field of the form.

    Returns:
        Where it leads; None when it leads nowhere any more.

    Raises:
        DatabaseUnreachableError: the database is down and the code was not followed here before.
    """
    typed = tidied_code(sent.get(CODE_FIELD, ""))
    try:
        way = way_to_send(typed or code, sent.get("sitting"))
    except UnknownCodeError:
        return None
    return way if not typed or room().forms.belongs(way, sent) else None


def told(fault: UnknownCodeError) -> Closed:
    """Return what is said where a form cannot be opened.

    Args:
        fault: why the code leads nowhere.
    """
    ask = gettext("Ask the person who gave you the link for a new code. You can type it here.")
    headings = {
        USED: gettext("This link has been used"),
        EXPIRED: gettext("This link has run out"),
        REVOKED: gettext("This link has been closed"),
    }
    lines = {
        USED: gettext("It was for one time only. Somebody has sent answers with it. They are safe."),
        EXPIRED: gettext("It was open for some time, and that time is over."),
        REVOKED: gettext("The person who made it has closed it."),
    }
    if isinstance(fault, ClosedCodeError):
        return Closed(410, headings[fault.why], (lines[fault.why], ask))
    check = gettext("Look at each word of your code. A letter may be wrong or missing. Then type it here.")
    return Closed(404, gettext("This page is not here"), (check, gettext("If it does not work, ask for a new code.")))


def _followed(code: str, follow: Callable[[str, Guard | None], Way]) -> Way:
    """Follow a code and count it if it is wrong; a closed one was right once."""
    _check(code)
    try:
        return follow(code, _guard)
    except UnknownQuestionnaireError as fault:
        raise UnknownCodeError(_UNKNOWN) from fault
    except ClosedCodeError:
        raise
    except UnknownCodeError:
        if place := _place():
            count_wrong(platform(), place)
        raise


def _guard(connection: Connection) -> None:
    """Hold up whoever guesses; asked only where this process has not followed the code before."""
    if place := _place():
        refuse_guessing(connection, place, platform().clock.now())


def _place() -> str:
    """Return a keyed hash of where the request comes from; nothing without the key: a form is shown then, too."""
    try:
        return place_of_request()
    except (KeyMissingError, DatabaseUnreachableError):
        return ""


def _check(code: str) -> None:
    if len(code) > LONGEST_CODE or _CODE.fullmatch(code) is None:
        raise UnknownCodeError(_UNKNOWN)
