"""Tokens of the API, on both engines: found by their hash, and refused after their day or when revoked."""

from datetime import timedelta

import pytest

from hscb_voice.api.errors import TokenRefusedError, UnknownTokenError
from hscb_voice.api.tokens import Scope, make_token, mark_used, may_ask, revoke_token, token_given, tokens
from hscb_voice.foundation.platform import Platform


def _made(
    platform: Platform, *, days: int = 30, name: str = "Tests", scopes: tuple[Scope, ...] = (Scope.PACKS,)
) -> str:
    last = platform.clock.today() + timedelta(days=days)
    with platform.database.writing() as connection:
        return make_token(connection, name, scopes, last, by="operator", keys=platform.keys, clock=platform.clock)


def test_a_token_is_found_used_and_revoked(platform: Platform) -> None:
    token, now, today = _made(platform), platform.clock.now(), platform.clock.today()
    with platform.database.writing() as connection:
        line = token_given(connection, token, platform.keys, today)
        assert line is not None
        assert line.may(Scope.PACKS)
        assert not line.may(Scope.FIGURES)
        assert may_ask(connection, line, now)
        mark_used(connection, line, now, today)
        assert tokens(connection)[0].last_used_on == today
        assert token_given(connection, token + "x", platform.keys, today) is None
        assert token_given(connection, token, platform.keys, today + timedelta(days=31)) is None
        revoke_token(connection, line.id, by="operator", clock=platform.clock)
        assert token_given(connection, token, platform.keys, today) is None


@pytest.mark.parametrize("changes", [{"days": 400}, {"days": -1}, {"name": " "}, {"name": "x" * 81}, {"scopes": ()}])
def test_a_token_without_name_scope_or_end_is_refused(platform: Platform, changes: dict[str, object]) -> None:
    with pytest.raises(TokenRefusedError):
        _made(platform, **changes)  # type: ignore[arg-type]  # each of its own kind
    with platform.database.reading() as connection:
        assert tokens(connection) == []


def test_what_is_no_token_cannot_be_revoked(platform: Platform) -> None:
    with platform.database.writing() as connection, pytest.raises(UnknownTokenError):
        revoke_token(connection, "none", by="operator", clock=platform.clock)
