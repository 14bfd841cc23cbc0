"""`hscb-voice staff` and `hscb-voice audit`, as somebody types them on the server."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from hscb_voice.audit.commands import audit_group
from hscb_voice.audit.queries import entries
from hscb_voice.foundation.errors import VoiceError
from hscb_voice.foundation.platform import Platform, PlatformDoor
from hscb_voice.staff.commands import staff_group
from hscb_voice.staff.entry_links import INVITATION, use_link
from hscb_voice.staff.queries import everybody
from hscb_voice.staff.second_factors import has_second_factor
from tests.support.people import give_app

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PASSWORD = "copper lantern meadow 47"
ADD = ["add", "--email", "a@example.org", "--name", "A Worker", "--role", "worker", "--role", "analyst"]
Run = Callable[..., Result]


@pytest.fixture
def run(platform: Platform) -> Run:
    """Run a command of a group on the platform, with what is typed."""

    def _open(_folder: Path | None) -> Platform:
        return platform

    def _run(group: object, arguments: list[str], typed: str = "") -> Result:
        return CliRunner().invoke(group, arguments, input=typed, obj=PlatformDoor(_open, _open))  # type: ignore[arg-type]  # either group

    return _run


def test_somebody_is_added_with_a_password_that_is_asked_for_twice(run: Run, platform: Platform) -> None:
    done = run(staff_group, [*ADD, "--team", "North team"], f"{PASSWORD}\n{PASSWORD}\n")
    assert done.exit_code == 0
    assert PASSWORD not in done.output
    assert "Added A Worker: Analyst, Worker." in done.output
    with platform.database.reading() as connection:
        assert [(p.email, p.own_teams) for p in everybody(connection)] == [("a@example.org", frozenset({"North team"}))]


def test_the_password_can_come_from_standard_input(run: Run) -> None:
    done = run(staff_group, [*ADD, "--team", "North team", "--password-stdin"], f"{PASSWORD}\n")
    assert done.output == "Added A Worker: Analyst, Worker.\n"


@pytest.mark.parametrize(
    ("arguments", "typed", "says"),
    [
        ([*ADD, "--password-stdin"], f"{PASSWORD}\n", "at least one team"),
        ([*ADD, "--team", "North team", "--password-stdin"], "short\n", "at least 12 characters"),
        (
            ["add", "--email", "x", "--name", "X", "--role", "analyst", "--password-stdin"],
            f"{PASSWORD}\n",
            "not an email",
        ),
    ],
)
def test_it_refuses_in_plain_words_what_will_not_do(run: Run, arguments: list[str], typed: str, says: str) -> None:
    done = run(staff_group, arguments, typed)
    assert isinstance(done.exception, VoiceError)
    assert says in str(done.exception)


def test_a7_somebody_is_invited_and_the_link_is_shown_once_where_no_mail_is_set_up(
    run: Run, platform: Platform
) -> None:
    done = run(staff_group, ["invite", *ADD[1:], "--team", "North team"])
    assert done.exit_code == 0
    link = done.output.splitlines()[-1]
    assert link.startswith("http://127.0.0.1:8000/staff/invitation/")
    with platform.database.writing() as connection:
        token = link.rsplit("/", 1)[1]
        use_link(connection, INVITATION, token, PASSWORD, now=platform.clock.now())


def test_a3_a_second_step_is_reset_on_the_server_and_the_record_says_so(run: Run, platform: Platform) -> None:
    run(staff_group, [*ADD, "--team", "North team", "--password-stdin"], f"{PASSWORD}\n")
    with platform.database.reading() as connection:
        [person] = everybody(connection)
    give_app(platform, person.id, person.email)
    assert run(staff_group, ["reset-second-factor", "--email", person.email], "n\n").exit_code == 1
    done = run(staff_group, ["reset-second-factor", "--email", person.email.upper(), "--yes"])
    assert "sets up a new second step" in done.output
    with platform.database.reading() as connection:
        assert not has_second_factor(connection, person.id)
        assert entries(connection)[0][0].act == "reset a second factor"
    refused = run(staff_group, ["reset-second-factor", "--email", "nobody@example.org", "--yes"])
    assert "Nobody has an account" in str(refused.exception)


def test_it_refuses_a_role_that_there_is_not(run: Run) -> None:
    done = run(staff_group, ["add", "--email", "a@example.org", "--name", "A", "--role", "king"])
    assert done.exit_code == 2
    assert "safeguarding_lead" in done.output


def test_everybody_is_listed(run: Run, platform: Platform) -> None:
    assert "Nobody has an account yet" in run(staff_group, ["list"]).output
    run(staff_group, [*ADD, "--team", "North team", "--password-stdin"], f"{PASSWORD}\n")
    with platform.database.writing() as connection:
        connection.execute(text("UPDATE accounts SET active = false"))
    listed = run(staff_group, ["list"]).output
    assert listed == "a@example.org\tA Worker\tanalyst, worker [North team]\tdisabled\n"


def test_the_record_is_verified_and_a_change_in_it_is_named(run: Run, platform: Platform) -> None:
    run(staff_group, [*ADD, "--team", "North team", "--password-stdin"], f"{PASSWORD}\n")
    sound = run(audit_group, ["verify"])
    assert (sound.exit_code, "sound: 1 entries" in sound.output) == (0, True)
    with platform.database.writing() as connection:
        connection.execute(text("DROP TRIGGER audit_entries_no_update"))
        connection.execute(text("UPDATE audit_entries SET who = 'somebody else'"))
    broken = run(audit_group, ["verify"])
    assert broken.exit_code == 1
    assert "entry 1 was changed" in broken.output
