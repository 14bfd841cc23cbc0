"""D1: where a code leads is remembered, so that the form is there while the database is not."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from hscb_voice.collect.shelf import Shelf
from hscb_voice.collect.ways import WAY_SHAPE, Memory, Way, Ways
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.errors import DatabaseUnreachableError
from hscb_voice.foundation.platform import Platform
from hscb_voice.invitations.errors import UnknownCodeError
from hscb_voice.invitations.models import Invitation
from hscb_voice.invitations.service import open_code
from hscb_voice.questionnaires.service import publish
from hscb_voice.responses.service import Setting
from tests.support.sittings import CHILD, PARENT, version_of


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """An empty shelf."""
    return Shelf(tmp_path / "forms", WAY_SHAPE, most=3)


@pytest.fixture
def ways(platform: Platform, shelf: Shelf) -> Ways:
    """Ways that ask the database every time."""
    with platform.database.writing() as connection:
        open_code(connection, "red-kite", CHILD, Setting(team="North"), platform.clock, variant="under-9")
    return Ways(platform.database, platform.clock, shelf, fresh_seconds=0)


def unreachable(*_: object) -> None:
    """Stand in for a database that is down."""
    message = "The database did not answer."
    raise DatabaseUnreachableError(message)


def test_a_code_leads_to_its_questionnaire_and_setting(ways: Ways) -> None:
    way = ways.find("red-kite")
    assert (way.version.slug, way.invitation.variant, way.invitation.setting.team) == (CHILD, "under-9", "North")


def test_a_code_that_nobody_opened_leads_nowhere(ways: Ways) -> None:
    with pytest.raises(UnknownCodeError):
        ways.find("blue-kite")


def test_a_code_followed_before_leads_on_while_the_database_is_down(
    ways: Ways, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = ways.find("red-kite")
    monkeypatch.setattr(platform.database, "reading", unreachable)
    assert ways.find("red-kite") == before
    with pytest.raises(DatabaseUnreachableError):
        ways.find("another-code")


def test_a_fresh_memory_spares_the_database(
    platform: Platform, ways: Ways, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = Ways(platform.database, platform.clock, shelf, fresh_seconds=60)
    before = patient.find("red-kite")
    monkeypatch.setattr(platform.database, "reading", unreachable)
    assert patient.find("red-kite") is before
    assert ways is not patient


def test_an_older_wording_is_found_for_whoever_had_it_open(ways: Ways, platform: Platform, clock: SetClock) -> None:
    old = ways.find("red-kite").version
    newer = old.definition.model_copy(update={"title": "Your helper"})
    clock.pass_time(timedelta(days=1))
    with platform.database.writing() as connection:
        publish(connection, newer, clock)
    way = ways.find("red-kite")
    assert way.version.number == old.number + 1
    assert ways.version_sent(way, old.id) == old
    assert ways.version_sent(way, old.id) is ways.version_sent(way, old.id)


def test_another_questionnaires_wording_is_not_taken(ways: Ways, platform: Platform) -> None:
    way: Way = ways.find("red-kite")
    assert ways.version_sent(way, version_of(platform, PARENT).id) is None
    assert ways.version_sent(way, 999_999) is None


def test_the_memory_forgets_the_oldest_first_and_never_grows_beyond_its_bound() -> None:
    moment = 0.0
    memory: Memory[int, str] = Memory(longest=2, now=lambda: moment)
    for number in range(3):
        memory.put(number, f"value {number}")
    assert [memory.last(number) for number in range(3)] == [None, "value 1", "value 2"]
    assert memory.fresh(2, 5) == "value 2"
    moment = 5.0
    assert memory.fresh(2, 5) is None
    assert memory.last(2) == "value 2"


def test_d1_a_process_that_starts_while_the_database_is_down_knows_where_codes_led(
    ways: Ways, platform: Platform, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = ways.find("red-kite")
    monkeypatch.setattr(platform.database, "reading", unreachable)
    fresh = Ways(platform.database, platform.clock, shelf)
    assert fresh.find("red-kite") == before
    with pytest.raises(DatabaseUnreachableError):
        fresh.find("another-code")


def test_a_code_that_was_taken_back_is_forgotten_on_disk_too(ways: Ways, platform: Platform, shelf: Shelf) -> None:
    ways.find("red-kite")
    assert shelf.get("red-kite") is not None
    with platform.database.writing() as connection:
        connection.execute(update(Invitation).values(revoked_at=platform.clock.now()))
    with pytest.raises(UnknownCodeError):
        ways.find("red-kite")
    assert shelf.get("red-kite") is None


def test_the_shelf_tells_no_code_and_keeps_only_the_latest(ways: Ways, platform: Platform, tmp_path: Path) -> None:
    with platform.database.writing() as connection:
        for number in range(5):
            open_code(connection, f"kite-{number}", CHILD, Setting(), platform.clock)
    for number in range(5):
        ways.find(f"kite-{number}")
    files = list((tmp_path / "forms").iterdir())
    assert len(files) == 3
    assert all("kite-" not in file.name + file.read_text(encoding="utf-8") for file in files)
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_a_shelf_that_is_broken_hides_no_form(ways: Ways, shelf: Shelf, tmp_path: Path) -> None:
    way = ways.find("red-kite")
    (file,) = (tmp_path / "forms").iterdir()
    for wrong in (b"{", b"{}", b"x" * 1_000_001):
        file.write_bytes(wrong)
        assert shelf.get("red-kite") is None
    blocked = Shelf(file / "below-a-file", WAY_SHAPE)
    blocked.put("red-kite", way)
    assert blocked.get("red-kite") is None
    blocked.forget("red-kite")


def test_while_the_database_is_down_nobody_waits_for_it_again_and_again(
    ways: Ways, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def silent() -> None:
        asked.append(1)
        unreachable()

    ways.find("red-kite")
    monkeypatch.setattr(platform.database, "reading", silent)
    for _ in range(10):
        ways.find("red-kite")
    assert len(asked) == 1
