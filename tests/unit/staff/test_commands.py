"""`hscb-voice staff` and `hscb-voice audit`, as somebody types them on the server."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from hscb_voice.audit.commands import audit_group
from hscb_voice.foundation.errors import VoiceError
from hscb_voice.foundation.platform import Platform, PlatformDoor
from hscb_voice.staff.commands import staff_group
from hscb_voice.staff.queries import everybody

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
