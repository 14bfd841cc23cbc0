"""Making, checking and revoking API tokens. A token is shown once; what is kept of it opens nothing."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, insert, select, update

from hscb_voice.api.errors import TokenRefusedError, UnknownTokenError
from hscb_voice.api.models import ApiToken
from hscb_voice.audit.service import note
from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.foundation.tries import Limit, give_back_try, take_try

LONGEST_NAME = 80
LONGEST_LIFE = timedelta(days=366)
ASKING = Limit(a_minute=60, a_while=300)
WRONG_ONES = Limit(a_minute=30, a_while=100)
_BEGINS = "voice_"
_PURPOSE = "api token"


class Scope(StrEnum):
    """One thing that a token may read."""

    FIGURES = "figures"
    PACKS = "packs"
    ACTIONS = "actions"


@dataclass(frozen=True)
class TokenLine:
    """One token, without what it is."""

    id: str
    name: str
    scopes: str
    made_by: str
    made_at: datetime
    expires_on: date
    revoked_at: datetime | None
    last_used_on: date | None

    def opens(self, today: date) -> bool:
        """Tell whether it still opens anything."""
        return self.revoked_at is None and today <= self.expires_on

    def may(self, scope: Scope) -> bool:
        """Tell whether it may read something."""
        return scope.value in self.scopes.split()


_LINE = [getattr(ApiToken, name) for name in TokenLine.__dataclass_fields__]


def make_token(
    connection: Connection,
    name: str,
    scopes: Collection[Scope],
    expires_on: date,
    *,
    by: str,
    keys: KeyRing,
    clock: Clock,
) -> str:
    """Make a token, and note it.

    Args:
        connection: a writing connection.
        name: what it is for.
        scopes: what it may read.
        expires_on: its last day.
        by: the person's id.
        keys: for the keyed hash.
        clock: tells when.

    Returns:
        The token. It can be shown now and never again.

    Raises:
        TokenRefusedError: it has no name or scope, or lives too long or not at all.
    """
    name, today = " ".join(name.split()), clock.today()
    if not name or len(name) > LONGEST_NAME or not scopes:
        message = "Say what it is for, and choose what it may read"
        raise TokenRefusedError(message)
    if not today <= expires_on <= today + LONGEST_LIFE:
        message = "Its last day must lie within a year from today"
        raise TokenRefusedError(message)
    token, token_id, now = _BEGINS + secrets.token_urlsafe(32), new_id(), clock.now()
    written = " ".join(sorted(scope.value for scope in scopes))
    values = {"id": token_id, "name": name, "scopes": written, "made_by": by, "made_at": now, "expires_on": expires_on}
    connection.execute(insert(ApiToken), values | {"token_hash": keys.fingerprint(_PURPOSE, token)})
    note(connection, by, "made an API token", f"token {token_id}", now=now, reason=f"{name} ({written})")
    return token


def revoke_token(connection: Connection, token_id: str, *, by: str, clock: Clock) -> None:
    """Make a token open nothing any more, and note it. Again changes nothing.

    Args:
        connection: a writing connection.
        token_id: which.
        by: the person's id.
        clock: tells when.

    Raises:
        UnknownTokenError: there is none of that id.
    """
    line = next((one for one in tokens(connection) if one.id == token_id), None)
    if line is None:
        message = "There is no such token."
        raise UnknownTokenError(message)
    if line.revoked_at is None:
        now = clock.now()
        connection.execute(update(ApiToken).where(ApiToken.id == token_id).values(revoked_at=now))
        note(connection, by, "revoked an API token", f"token {token_id}", now=now, reason=line.name)


def tokens(connection: Connection) -> list[TokenLine]:
    """Return all tokens, newest first."""
    query = select(*_LINE).order_by(ApiToken.made_at.desc(), ApiToken.id)
    return [TokenLine(*row) for row in connection.execute(query)]


def token_given(connection: Connection, given: str, keys: KeyRing, today: date) -> TokenLine | None:
    """Return the token that a program gives, if it opens anything.

    Args:
        connection: a reading connection.
        given: what stands in the request.
        keys: for the keyed hash.
        today: the day.
    """
    if not given.startswith(_BEGINS):
        return None
    is_it = ApiToken.token_hash == keys.fingerprint(_PURPOSE, given)
    row = connection.execute(select(*_LINE).where(is_it)).first()
    line = TokenLine(*row) if row else None
    return line if line and line.opens(today) else None


def may_ask(connection: Connection, line: TokenLine, now: datetime) -> bool:
    """Take one of a token's questions; False when there have been too many.

    Args:
        connection: a writing connection.
        line: which token.
        now: when.
    """
    return take_try(connection, _key(line.id), ASKING, now=now)


def may_give(connection: Connection, place: str, now: datetime) -> bool:
    """Take one of a place's tries at giving a token; False when too many from there were wrong.

    Args:
        connection: a writing connection; commit before checking.
        place: a keyed hash of where the request comes from.
        now: when.
    """
    return take_try(connection, _key(place), WRONG_ONES, now=now)


def was_right(connection: Connection, place: str) -> None:
    """Give a place its newest try back: the token was right."""
    give_back_try(connection, _key(place))


def mark_used(connection: Connection, line: TokenLine, now: datetime, today: date) -> None:
    """Note the first use of a token on a day."""
    if line.last_used_on != today:
        connection.execute(update(ApiToken).where(ApiToken.id == line.id).values(last_used_on=today))
        note(connection, f"token {line.id}", "read by API", f"token {line.id}", now=now, reason="first use that day")


def _key(name: str) -> str:
    return hashlib.sha256(f"api|{name}".encode()).hexdigest()
