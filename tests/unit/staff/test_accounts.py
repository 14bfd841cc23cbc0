"""Adding people, changing what they may do, and shutting them out; each act in the record."""

from datetime import timedelta

import pytest

from hscb_voice.audit.queries import entries, verify
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.platform import Platform
from hscb_voice.staff import service
from hscb_voice.staff.errors import AccountError, KnownAddressError, UnknownPersonError, WeakPasswordError
from hscb_voice.staff.queries import credentials_by, everybody, open_sign_in, person_by_id
from hscb_voice.staff.roles import Permission, Role
from hscb_voice.staff.service import NewPerson

PASSWORD = "copper lantern meadow 47"


def _add(
    platform: Platform, *roles: Role, email: str = "someone@example.org", teams: frozenset[str] | None = None
) -> str:
    new = NewPerson(email, "Example  Person", frozenset(roles), teams or frozenset())
    with platform.database.writing() as connection:
        return service.add_person(connection, new, PASSWORD, now=platform.clock.now())


def _acts(platform: Platform) -> list[str]:
    with platform.database.reading() as connection:
        assert verify(connection).is_sound
        return [entry.act for entry in reversed(entries(connection)[0])]


def test_a_person_is_found_with_roles_teams_and_permissions(platform: Platform) -> None:
    account_id = _add(platform, Role.WORKER, email=" Someone@Example.ORG ", teams=frozenset({"North  team"}))
    with platform.database.reading() as connection:
        person = person_by_id(connection, account_id)
        assert everybody(connection) == [person]
        found = credentials_by(connection, email="SOMEONE@example.org")
    assert (person.name, person.email) == ("Example Person", "someone@example.org")
    assert person.teams == person.own_teams == {"North team"}
    assert person.may(Permission.READ_COMMENTS)
    assert not person.may(Permission.READ_CONCERNS)
    assert found is not None
    assert PASSWORD not in found.password_hash
    assert _acts(platform) == ["added an account"]


@pytest.mark.parametrize(
    ("new", "password", "fault"),
    [
        (NewPerson("nobody", "A Name", frozenset({Role.ANALYST})), PASSWORD, AccountError),
        (NewPerson("a@b@c", "A Name", frozenset({Role.ANALYST})), PASSWORD, AccountError),
        (NewPerson("a@example.org", "  ", frozenset({Role.ANALYST})), PASSWORD, AccountError),
        (NewPerson("a@example.org", "A Name", frozenset()), PASSWORD, AccountError),
        (NewPerson("a@example.org", "A Name", frozenset({Role.WORKER})), PASSWORD, AccountError),
        (NewPerson("a@example.org", "A Name", frozenset({Role.WORKER}), frozenset({" "})), PASSWORD, AccountError),
        (NewPerson("a@example.org", "A Name", frozenset({Role.ANALYST})), "too short", WeakPasswordError),
    ],
)
def test_it_refuses_somebody_who_will_not_do(
    platform: Platform, new: NewPerson, password: str, fault: type[Exception]
) -> None:
    with pytest.raises(fault), platform.database.writing() as connection:
        service.add_person(connection, new, password, now=platform.clock.now())
    with platform.database.reading() as connection:
        assert everybody(connection) == []


def test_it_refuses_a_second_account_for_one_address_however_written(platform: Platform) -> None:
    _add(platform, Role.ANALYST)
    with pytest.raises(KnownAddressError):
        _add(platform, Role.ANALYST, email="SOMEONE@example.org")


def test_roles_and_teams_are_changed_and_the_record_says_from_what_to_what(platform: Platform) -> None:
    account_id = _add(platform, Role.WORKER, teams=frozenset({"North team"}))
    with platform.database.writing() as connection:
        service.change_roles(
            connection, account_id, frozenset({Role.ANALYST}), frozenset(), now=platform.clock.now(), by="boss"
        )
    with platform.database.reading() as connection:
        person = person_by_id(connection, account_id)
        newest = entries(connection)[0][0]
    assert (set(person.roles), set(person.own_teams), person.teams) == ({Role.ANALYST}, set(), None)
    assert (newest.who, newest.act) == ("boss", "changed roles")
    assert newest.reason == "worker -> analyst; teams North team -> none"


def test_the_last_administrator_can_be_neither_changed_nor_disabled(platform: Platform) -> None:
    only = _add(platform, Role.ADMINISTRATOR)
    now = platform.clock.now()
    with pytest.raises(AccountError, match="only administrator"), platform.database.writing() as connection:
        service.change_roles(connection, only, frozenset({Role.ANALYST}), frozenset(), now=now, by=only)
    with pytest.raises(AccountError, match="only administrator"), platform.database.writing() as connection:
        service.disable(connection, only, now=now, by="platform")
    _add(platform, Role.ADMINISTRATOR, email="second@example.org")
    with platform.database.writing() as connection:
        service.disable(connection, only, now=now, by="platform")
    with platform.database.reading() as connection:
        assert not person_by_id(connection, only).active


def test_nobody_disables_the_own_account(platform: Platform) -> None:
    account_id = _add(platform, Role.ANALYST)
    with pytest.raises(AccountError, match="own account"), platform.database.writing() as connection:
        service.disable(connection, account_id, now=platform.clock.now(), by=account_id)


def test_disabling_ends_every_session_at_once_and_enabling_opens_none_of_them(
    platform: Platform, clock: SetClock
) -> None:
    account_id = _add(platform, Role.ANALYST)
    with platform.database.writing() as connection:
        first = service.begin_sign_in(connection, account_id, now=clock.now())
        before = credentials_by(connection, email="someone@example.org")
        service.disable(connection, account_id, now=clock.now(), by="platform")
        service.enable(connection, account_id, now=clock.now(), by="platform")
    with platform.database.reading() as connection:
        after = credentials_by(connection, email="someone@example.org")
        assert open_sign_in(connection, first) is None
    assert before is not None
    assert after is not None
    assert before.session_key != after.session_key


def test_a_disabled_account_has_no_open_sign_in_even_if_one_was_not_ended(platform: Platform, clock: SetClock) -> None:
    account_id = _add(platform, Role.ANALYST)
    with platform.database.writing() as connection:
        service.disable(connection, account_id, now=clock.now(), by="platform")
        late = service.begin_sign_in(connection, account_id, now=clock.now())
        assert open_sign_in(connection, late) is None


def test_signing_in_and_out_is_noted_once(platform: Platform, clock: SetClock) -> None:
    account_id = _add(platform, Role.ANALYST)
    with platform.database.writing() as connection:
        sign_in = service.begin_sign_in(connection, account_id, now=clock.now())
    clock.pass_time(timedelta(minutes=5))
    with platform.database.reading() as connection:
        found = open_sign_in(connection, sign_in)
    assert found is not None
    assert clock.now() - found.started_at == timedelta(minutes=5)
    with platform.database.writing() as connection:
        service.end_sign_in(connection, sign_in, now=clock.now())
        service.end_sign_in(connection, sign_in, now=clock.now())
    assert _acts(platform) == ["added an account", "signed in", "signed out"]


def test_signing_out_everywhere_ends_all_of_one_persons_sessions_and_no_others(platform: Platform) -> None:
    one, other = _add(platform, Role.ANALYST), _add(platform, Role.ANALYST, email="other@example.org")
    now = platform.clock.now()
    with platform.database.writing() as connection:
        mine = [service.begin_sign_in(connection, one, now=now) for _ in range(2)]
        theirs = service.begin_sign_in(connection, other, now=now)
        service.sign_out_everywhere(connection, one, now=now, by=one)
        assert [open_sign_in(connection, s) for s in mine] == [None, None]
        assert open_sign_in(connection, theirs) is not None


def test_a_failed_sign_in_is_noted_without_what_was_typed(platform: Platform) -> None:
    with platform.database.writing() as connection:
        service.note_failed_sign_in(connection, None, now=platform.clock.now(), reason="unknown name")
    with platform.database.reading() as connection:
        newest = entries(connection)[0][0]
    assert (newest.who, newest.act, newest.subject) == ("nobody", "failed to sign in", "an unknown name")


def test_an_unknown_person_is_unknown(platform: Platform) -> None:
    with platform.database.writing() as connection, pytest.raises(UnknownPersonError):
        service.enable(connection, "nobody", now=platform.clock.now(), by="platform")
