"""Binds a browser to a sign-in, first half and whole; every way to sign in ends here.

Each step gives the session another sign-in and drops what it held before, so that nobody who planted or copied an
earlier one comes along. It decides nothing about passwords, codes or passkeys: its callers have checked them.
"""

from datetime import datetime

from flask import g, request, session

from hscb_voice.staff.access import current_sign_in
from hscb_voice.staff.browsers import browser_in_words
from hscb_voice.staff.notices import tell_of_new_password
from hscb_voice.staff.queries import OpenSignIn, Person
from hscb_voice.staff.second_factors import has_second_factor
from hscb_voice.staff.service import begin_sign_in, set_password
from hscb_voice.staff.sessions import remember_sign_in
from hscb_voice.staff.sign_ins import complete_sign_in, renew_sign_in
from hscb_voice.web.current import platform

# What Flask-Security keeps of its own; the rest of a session goes at every step.
_THE_LIBRARYS = {"_user_id", "_id", "_fresh", "fs_paa"}


def enter_by_password(account_id: str) -> None:
    """Bind the browser to a sign-in after the right password: whole only in a demonstration without second factor.

    Args:
        account_id: whose password it was.
    """
    enter_half(account_id, how="password")


def enter_half(account_id: str, *, how: str) -> None:
    """Bind the browser to a sign-in that still owes the second factor: whole only in a demonstration without one.

    Args:
        account_id: who.
        how: by what was proved so far, such as `password` or `single sign-on`.
    """
    here, now = platform(), platform().clock.now()
    with here.database.writing() as connection:
        owes = has_second_factor(connection, account_id) or not here.settings.demonstration
        sign_in_id = begin_sign_in(
            connection, account_id, now=now, how=how, browser=browser_in_words(_user_agent()), whole=not owes
        )
    _bind(sign_in_id, now)


def enter_whole(account_id: str, *, how: str) -> None:
    """Bind the browser to a whole sign-in: all that was needed has been proved.

    Args:
        account_id: who.
        how: by what, such as `passkey` or `single sign-on`.
    """
    now = platform().clock.now()
    with platform().database.writing() as connection:
        sign_in_id = begin_sign_in(connection, account_id, now=now, how=how, browser=browser_in_words(_user_agent()))
    _bind(sign_in_id, now)


def enter_after_second_step(waiting: OpenSignIn, *, how: str) -> None:
    """Bind the browser to a whole sign-in after the second factor.

    Args:
        waiting: the half sign-in.
        how: by what it was completed, such as `password and code`.

    Raises:
        AccountError: the half sign-in has been ended meanwhile.
    """
    now = platform().clock.now()
    with platform().database.writing() as connection:
        sign_in_id = complete_sign_in(connection, waiting, now=now, how=how)
    _bind(sign_in_id, now)


def change_own_password(person: Person, password: str) -> None:
    """Give whoever is signed in another password: every session ends but this one, which goes on under another id.

    Args:
        person: who.
        password: the new one, as typed.

    Raises:
        WeakPasswordError: it is too short or too easily guessed.
    """
    here, now = platform(), platform().clock.now()
    with here.database.writing() as connection:
        set_password(connection, person.id, password, now=now, act="changed the password")
        sign_in_id = renew_sign_in(connection, current_sign_in())
        tell_of_new_password(connection, here, person)
    _bind(sign_in_id, now)


def _bind(sign_in_id: str, now: datetime) -> None:
    for name in set(session) - _THE_LIBRARYS:
        session.pop(name)
    for name in ("csrf_token", "person", "sign_in", "waiting"):
        g.pop(name, None)
    remember_sign_in(sign_in_id, now)


def _user_agent() -> str:
    return request.user_agent.string
