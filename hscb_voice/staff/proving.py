"""Checks what somebody types or holds to prove who they are: password, code, recovery code, passkey.

Every try is counted before anything is checked, in a transaction of its own. What went wrong is told in the same words
whether a name is known or not, and noted without what was typed.
"""

from datetime import datetime

from hscb_voice.foundation.platform import Platform
from hscb_voice.staff import passkeys
from hscb_voice.staff.errors import AccountError
from hscb_voice.staff.notices import tell_of_recovery_code
from hscb_voice.staff.passwords import password_fits
from hscb_voice.staff.queries import Credentials, Person, credentials_by, person_by_id
from hscb_voice.staff.second_factors import DIGITS, code_fits, second_factors_of, use_recovery_code
from hscb_voice.staff.service import note_failed_sign_in
from hscb_voice.staff.throttle import CODE, forget_tries, may_try, may_try_from, was_right_from
from hscb_voice.web.current import platform
from hscb_voice.web.places import place_of_request

WRONG = "The email address or the password is not right"
TOO_OFTEN = "There have been too many tries with this email address. Wait 15 minutes, then try again"
TOO_OFTEN_FROM_HERE = "There have been too many tries from where you are. Wait 15 minutes, then try again"
WRONG_CODE = "The code is not right, or has been used already. Wait for the next one and try again"
WRONG_RECOVERY_CODE = "The recovery code is not right, or has been used already"
TOO_MANY_CODES = "There have been too many tries. Wait 15 minutes, then try again"
_WRONG_PASSWORD = "The password is not right"  # noqa: S105 - words for the person, not a password
_BY_WORK_ACCOUNT = "Sign in with your work account"
_PASSKEY_NEEDED = "Use your passkey: it is your second step"


class NotProvedError(AccountError):
    """What was typed or held does not prove who somebody is."""


def prove_password(email: str, password: str) -> Credentials:
    """Check a password, with every try counted first.

    Args:
        email: as typed.
        password: as typed.

    Returns:
        The account whose password it is.

    Raises:
        NotProvedError: with words for the person.
    """
    here, now, place = platform(), platform().clock.now(), place_of_request()
    with here.database.writing() as connection:
        if not may_try_from(connection, place, now=now):
            raise NotProvedError(TOO_OFTEN_FROM_HERE)
        is_allowed = may_try(connection, email, now=now)
    if not is_allowed:
        raise NotProvedError(TOO_OFTEN)
    with here.database.reading() as connection:
        known = credentials_by(connection, email=email)
    fits = password_fits(password, known.password_hash if known else "")
    with here.database.writing() as connection:
        if known is not None and fits and known.active and here.settings.opens_by_own_means(known.email):
            forget_tries(connection, email)
            was_right_from(connection, place)
            return known
        shut = "disabled" if known and not known.active else "not by password"
        why = shut if known and fits else "wrong password" if known else "unknown name"
        note_failed_sign_in(connection, known.account_id if known else None, now=now, reason=why)
    raise NotProvedError(WRONG)


def prove_code(person: Person, code: str) -> None:
    """Check a code of somebody's authenticator app, with every try counted first.

    Args:
        person: whose.
        code: as typed.

    Raises:
        NotProvedError: with words for the person.
    """
    here, now = _counted(person)
    with here.database.writing() as connection:
        if code_fits(connection, here.keys, person.id, code, now=now):
            forget_tries(connection, person.id, at=CODE)
            return
        note_failed_sign_in(connection, person.id, now=now, reason="wrong code")
    raise NotProvedError(WRONG_CODE)


def prove_recovery_code(person: Person, code: str) -> None:
    """Check a recovery code, with every try counted first; its owner is told by letter that one was used.

    Args:
        person: whose.
        code: as typed.

    Raises:
        NotProvedError: with words for the person.
    """
    here, now = _counted(person)
    with here.database.writing() as connection:
        if use_recovery_code(connection, person.id, code, now=now):
            forget_tries(connection, person.id, at=CODE)
            left = second_factors_of(connection, person.id).recovery_codes
            tell_of_recovery_code(connection, here, person, left=left)
            return
        note_failed_sign_in(connection, person.id, now=now, reason="wrong recovery code")
    raise NotProvedError(WRONG_RECOVERY_CODE)


def prove_by_passkey(site: passkeys.Site, purpose: str, answer: str, person: Person | None = None) -> str:
    """Check what a passkey answered, with every try counted first.

    Args:
        site: this site.
        purpose: for what the passkey was asked.
        answer: what the browser sent.
        person: whose passkey it must be; None when anybody's may be.

    Returns:
        The account's id.

    Raises:
        NotProvedError: with words for the person.
    """
    here, now, place = platform(), platform().clock.now(), place_of_request()
    account_id = person.id if person else None
    with here.database.writing() as connection:
        if not may_try_from(connection, place, now=now):
            raise NotProvedError(TOO_OFTEN_FROM_HERE)
    try:
        with here.database.writing() as connection:
            found = passkeys.proved_by(connection, site, purpose, answer, now=now, account_id=account_id)
            was_right_from(connection, place)
            owner = person_by_id(connection, found)
            if purpose == passkeys.SIGN_IN and not here.settings.opens_by_own_means(owner.email):
                raise NotProvedError(_BY_WORK_ACCOUNT)
    except AccountError as refusal:
        with here.database.writing() as connection:
            note_failed_sign_in(connection, account_id, now=now, reason="passkey not accepted")
        raise NotProvedError(str(refusal)) from refusal
    return found


def prove_again(person: Person, password: str, code: str) -> None:
    """Check password and second factor of somebody who is signed in.

    Args:
        person: who.
        password: as typed.
        code: of the authenticator app, or a recovery code; not looked at if there is no second factor.

    Raises:
        NotProvedError: with words for the person.
    """
    with platform().database.reading() as connection:
        has = second_factors_of(connection, person.id)
    prove_present_password(person, password)
    if not has.any:
        return
    is_recovery_code = len("".join(code.split())) > DIGITS + 1  # an app's code may be typed with a hyphen
    if is_recovery_code:
        prove_recovery_code(person, code)
    elif has.app_since is not None:
        prove_code(person, code)
    else:
        raise NotProvedError(_PASSKEY_NEEDED)


def prove_present_password(person: Person, password: str) -> None:
    """Check the password of somebody who is signed in.

    Args:
        person: who.
        password: as typed.

    Raises:
        NotProvedError: with words for the person.
    """
    try:
        prove_password(person.email, password)
    except NotProvedError as refusal:
        raise NotProvedError(_WRONG_PASSWORD if str(refusal) == WRONG else str(refusal)) from refusal


def _counted(person: Person) -> tuple[Platform, datetime]:
    here, now = platform(), platform().clock.now()
    with here.database.writing() as connection:
        is_allowed = may_try(connection, person.id, now=now, at=CODE)
    if not is_allowed:
        raise NotProvedError(TOO_MANY_CODES)
    return here, now
