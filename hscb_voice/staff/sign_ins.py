"""What happens to a sign-in after its first step: it becomes whole, is proved again, and is seen to be in use.

Beginning and ending one stand in `service`, with everything else that changes who is signed in.
"""

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from hscb_voice.audit.service import note
from hscb_voice.foundation.ids import new_id
from hscb_voice.staff.errors import AccountError
from hscb_voice.staff.models import SignIn
from hscb_voice.staff.queries import OpenSignIn
from hscb_voice.staff.service import begin_sign_in, end_sign_in


def complete_sign_in(connection: Connection, waiting: OpenSignIn, *, now: datetime, how: str) -> str:
    """Make a sign-in whole after its second factor, under another id, so that nobody who knew the old one comes along.

    Args:
        connection: a writing connection.
        waiting: the sign-in whose second factor was right.
        now: when.
        how: by what it was proved, such as `password and code`.

    Returns:
        The new sign-in's id.

    Raises:
        AccountError: the waiting sign-in has been ended meanwhile.
    """
    ended = update(SignIn).where(SignIn.id == waiting.id, SignIn.ended_at.is_(None)).values(ended_at=now)
    if connection.execute(ended.returning(SignIn.id)).first() is None:
        message = "This took too long. Sign in again."
        raise AccountError(message)
    return begin_sign_in(connection, waiting.person.id, now=now, how=how, browser=waiting.browser)


def renew_sign_in(connection: Connection, old: OpenSignIn) -> str:
    """Let a sign-in go on under another id, neither longer nor more freshly proved than it was.

    Args:
        connection: a writing connection.
        old: the sign-in; whoever calls has ended it with the others.

    Returns:
        The new id.
    """
    values = {**vars(old), "id": new_id(), "account_id": old.person.id, "whole": True}
    del values["person"]
    connection.execute(insert(SignIn), values)
    return str(values["id"])


def confirm_sign_in(connection: Connection, sign_in_id: str, *, now: datetime) -> None:
    """Write down that whoever is signed in has just proved again who they are.

    Args:
        connection: a writing connection.
        sign_in_id: which sign-in.
        now: when.
    """
    confirmed = update(SignIn).where(SignIn.id == sign_in_id, SignIn.ended_at.is_(None)).values(confirmed_at=now)
    account_id = connection.execute(confirmed.returning(SignIn.account_id)).scalar()
    if account_id is not None:
        note(connection, account_id, "proved again who they are", f"sign-in {sign_in_id}", now=now)


def mark_sign_in_seen(connection: Connection, sign_in_id: str, *, now: datetime) -> None:
    """Write down that a sign-in is in use.

    Args:
        connection: a writing connection.
        sign_in_id: which.
        now: when.
    """
    connection.execute(update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=now))


def end_own_sign_in(connection: Connection, account_id: str, sign_in_id: str, *, now: datetime) -> None:
    """End one of somebody's own sessions, such as one left open on another computer.

    Args:
        connection: a writing connection.
        account_id: whose it must be.
        sign_in_id: which.
        now: when.

    Raises:
        AccountError: it is not theirs, or has ended already.
    """
    is_theirs = select(SignIn.id).where(
        SignIn.id == sign_in_id, SignIn.account_id == account_id, SignIn.ended_at.is_(None)
    )
    if connection.execute(is_theirs).first() is None:
        message = "That session has ended already."
        raise AccountError(message)
    end_sign_in(connection, sign_in_id, now=now, act="ended a session of their own")
