"""A6: the settings of single sign-on, the list of groups, and accounts that are joined by hand; on both engines."""

from dataclasses import replace
from pathlib import Path

import pytest

from hscb_voice.cli import main
from hscb_voice.foundation.errors import SettingError
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.sign_on import sign_on_from
from hscb_voice.staff.errors import AccountError, SignOnRefusedError, UnknownPersonError
from hscb_voice.staff.oidc_accounts import account_for, bind_account, bound_account, unbind_account
from hscb_voice.staff.oidc_roles import read_group_roles
from hscb_voice.staff.oidc_tokens import SignedOn
from hscb_voice.staff.queries import everybody, person_by_id
from hscb_voice.staff.roles import Role
from hscb_voice.staff.service import NewPerson, add_person

ISSUER = "https://sign-in.council.example"
GIVEN = {
    "VOICE_OIDC_ISSUER": ISSUER,
    "VOICE_OIDC_CLIENT_ID": "voice",
    "VOICE_OIDC_CLIENT_SECRET": "a secret",
    "VOICE_OIDC_ROLES": "Leads = safeguarding_lead; Workers = worker @ City; Admins = administrator",
}
GROUPS = read_group_roles(GIVEN["VOICE_OIDC_ROLES"].replace(";", "\n"))


def signed_on(subject: str = "s-1", *groups: str, email: str = "sam@council.example") -> SignedOn:
    """Return what a checked token says."""
    return SignedOn(ISSUER, subject, email, "Sam Example", frozenset(groups), two_proofs=True)


def come(platform: Platform, who: SignedOn) -> str | None:
    """Come in by single sign-on."""
    with platform.database.writing() as connection:
        return account_for(connection, who, GROUPS, now=platform.clock.now())


def add_by_hand(platform: Platform, email: str, role: Role = Role.ANALYST) -> str:
    """Add an account with a password."""
    new = NewPerson(email, "Example Person", frozenset({role}))
    with platform.database.writing() as connection:
        return add_person(connection, new, "copper lantern meadow 47", now=platform.clock.now())


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"VOICE_OIDC_ISSUER": "http://sign-in.council.example"}, "VOICE_OIDC_ISSUER"),
        ({"VOICE_OIDC_ISSUER": "https://user@council.example"}, "VOICE_OIDC_ISSUER"),
        ({"VOICE_OIDC_CLIENT_ID": ""}, "VOICE_OIDC_CLIENT_ID"),
        ({"VOICE_OIDC_CLIENT_SECRET": " "}, "VOICE_OIDC_CLIENT_SECRET"),
        ({"VOICE_OIDC_ROLES": ""}, "VOICE_OIDC_ROLES"),
        ({"VOICE_OIDC_ROLES_FILE": "/nowhere/roles"}, "VOICE_OIDC_ROLES_FILE"),
        ({"VOICE_OIDC_SECOND_FACTOR": "never"}, "VOICE_OIDC_SECOND_FACTOR"),
        ({"VOICE_OIDC_ONLY": "perhaps"}, "VOICE_OIDC_ONLY"),
        ({"VOICE_OIDC_ONLY": "yes"}, "VOICE_OIDC_EMERGENCY"),
        ({"VOICE_OIDC_ISSUER": "", "VOICE_OIDC_ONLY": "yes"}, "VOICE_OIDC_ISSUER"),
    ],
)
def test_a6_a_wrong_setting_is_named(changes: dict[str, str], named: str) -> None:
    with pytest.raises(SettingError, match=named):
        sign_on_from({**GIVEN, **changes})


def test_a6_nothing_is_set_up_without_a_service_and_the_secret_is_not_shown() -> None:
    assert sign_on_from({}) is None
    assert "a secret" not in repr(sign_on_from(GIVEN))


def test_a6_groups_may_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "groups"
    file.write_text("# who is what\nA = B = analyst # by its own name\n\nA = B = @ North  team\n", encoding="utf-8")
    read = sign_on_from({**GIVEN, "VOICE_OIDC_ROLES_FILE": str(file)})
    assert read is not None
    granted = read_group_roles(read.roles).granted(["A = B"])
    assert (granted.roles, granted.teams) == (frozenset({Role.ANALYST}), frozenset({"North team"}))


@pytest.mark.parametrize("line", ["Leads", "= analyst", "Leads =", "Leads = boss", "Leads = @", "Leads = @ North"])
def test_a6_a_line_that_gives_no_role_is_named(line: str) -> None:
    with pytest.raises(SettingError, match="VOICE_OIDC_ROLES"):
        read_group_roles(line)


def test_a6_groups_must_fit_letter_for_letter() -> None:
    assert GROUPS.granted(["leads", "Leads ", "Leads\n"]).roles == frozenset()


def test_a6_two_people_of_the_service_are_two_people_here(platform: Platform) -> None:
    one = come(platform, signed_on("s-1", "Leads"))
    other = come(platform, signed_on("s-2", "Leads", email="kim@council.example"))
    assert one is not None
    assert len({one, other}) == 2
    with platform.database.reading() as connection:
        assert person_by_id(connection, one).email == "sam@council.example"
    with pytest.raises(SignOnRefusedError, match="already an account"):
        come(platform, signed_on("s-3", "Leads"))


def test_a6_roles_and_teams_follow_the_groups_and_the_record_says_so(platform: Platform) -> None:
    account_id = come(platform, signed_on("s-1", "Leads"))
    assert come(platform, signed_on("s-1", "Workers")) == account_id
    with platform.database.reading() as connection:
        (person,) = everybody(connection)
    assert (person.roles, person.teams) == (frozenset({Role.WORKER}), frozenset({"City"}))


def test_a6_the_only_administrator_is_not_let_in_with_yesterdays_rights(platform: Platform) -> None:
    come(platform, signed_on("s-1", "Admins"))
    with pytest.raises(SignOnRefusedError, match="only administrator"):
        come(platform, signed_on("s-1", "Leads"))


def test_a6_an_account_is_joined_by_hand_and_taken_off_again(platform: Platform) -> None:
    now, account_id = platform.clock.now(), add_by_hand(platform, "sam@council.example")
    add_by_hand(platform, "kim@council.example")
    with platform.database.writing() as connection:
        assert bind_account(connection, "Sam@council.example", ISSUER, "s-1", now=now, by="platform") == account_id
        with pytest.raises(AccountError, match="another account"):
            bind_account(connection, "kim@council.example", ISSUER, "s-1", now=now, by="platform")
        with pytest.raises(UnknownPersonError):
            bind_account(connection, "nobody@council.example", ISSUER, "s-9", now=now, by="platform")
    assert come(platform, signed_on("s-1", "Leads")) == account_id
    with platform.database.writing() as connection:
        unbind_account(connection, "sam@council.example", now=now, by="platform")
        assert bound_account(connection, ISSUER, "s-1") is None
        with pytest.raises(UnknownPersonError):
            unbind_account(connection, "sam@council.example", now=now, by="platform")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a6_the_command_joins_an_account(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    add_by_hand(platform, "sam@council.example")
    settings = replace(platform.settings)
    for name, value in {
        **GIVEN,
        "VOICE_DATA": str(settings.data_folder),
        "VOICE_DATABASE_URL": settings.database_url,
        "VOICE_SECRET_KEY": settings.secret_key,
    }.items():
        monkeypatch.setenv(name, value)
    for arguments, told in (
        (["join-sign-on", "--email", "sam@council.example", "--subject", "s-1"], "now comes in by single sign-on"),
        (["leave-sign-on", "--email", "sam@council.example"], "no longer comes in"),
    ):
        with pytest.raises(SystemExit) as ended:
            main(["staff", *arguments])
        assert ended.value.code == 0
        assert told in capsys.readouterr().out
    monkeypatch.delenv("VOICE_OIDC_ISSUER")
    with pytest.raises(SystemExit) as ended:
        main(["staff", "join-sign-on", "--email", "sam@council.example", "--subject", "s-1"])
    assert ended.value.code == 1
    assert "VOICE_OIDC_ISSUER" in capsys.readouterr().err
