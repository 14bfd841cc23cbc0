"""Row F11: backed up under load, brought back, flipped, cut, under an old key, and with somebody erased since."""

import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import structlog
from sqlalchemy import insert, select

from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.database import Database
from hscb_voice.foundation.errors import KeyMissingError
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings, database_address
from hscb_voice.governance.erasing import Erasing, erase
from hscb_voice.governance.ledger import write_outside
from hscb_voice.keeping.archive import MAGIC
from hscb_voice.keeping.backup import make_backup
from hscb_voice.keeping.errors import DamagedBackupError
from hscb_voice.keeping.replaying import ledger_lines
from hscb_voice.keeping.restore import Wanted, bring_back, bring_back_into_folder, read_backup
from hscb_voice.opening import build_platform
from hscb_voice.responses.models import Comment, Response, Tally
from hscb_voice.responses.recounting import recount
from hscb_voice.responses.service import keep
from tests.support.answering import submission
from tests.support.installations import counts, empty_place, every_row_opens, fill, opened, opened_words

SENDERS = 8
MANY = 10_000


def _quiet(*_numbers: int) -> None:
    """Say nothing."""


def _bring_back(place: str, wanted: Wanted) -> None:
    if "://" not in place:
        bring_back_into_folder(Path(place), wanted, _quiet)
        return
    database = Database(database_address(place))
    try:
        bring_back(database, wanted, _quiet)
    finally:
        database.dispose()


@pytest.fixture
def place(platform: Platform, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty place on the engine that is backed up."""
    with empty_place(platform.database.engine.dialect.name, request, tmp_path) as made:
        yield made


@pytest.mark.faults
def test_row_f11_a_backup_under_load_is_one_moment_and_stops_nobody(
    platform: Platform, settings: Settings, clock: SetClock, tmp_path: Path, place: str
) -> None:
    fill(platform, 300)
    said_meanwhile = submission(platform, {"q2": ["happy"], "q2a": "Said while it was backed up."})
    stop, kept, troubles = threading.Event(), list[str](), list[BaseException]()

    def send() -> None:
        while not stop.is_set():
            try:
                offered = replace(said_meanwhile, sitting_id=new_id())
                with platform.database.writing() as connection:
                    keep(connection, offered, platform.keys)
                kept.append(offered.sitting_id)
            except BaseException as fault:  # noqa: BLE001 - whatever it is, it must be told
                troubles.append(fault)

    people = [threading.Thread(target=send) for _ in range(SENDERS)]
    for person in people:
        person.start()
    time.sleep(0.3)
    files = []
    administrator = build_platform(settings, clock)  # the command is a process of its own
    for number in range(3):
        before = list(kept)
        files.append(make_backup(administrator, tmp_path / f"{number}.backup", _quiet).file)
        assert len(kept) > len(before)
    early = before
    stop.set()
    for person in people:
        person.join()
    administrator.database.dispose()
    assert troubles == []
    _bring_back(place, Wanted(files[-1], platform.keys, clock, []))
    with opened(settings, place, clock) as back:
        said, here = opened_words(back), opened_words(platform)
        assert set(early) <= set(said) <= set(here)
        assert all(here[response_id] == words for response_id, words in said.items())
        assert every_row_opens(back)
        assert _tallies(back) == _tallies_counted_anew(back)


def _tallies(platform: Platform) -> list[tuple[object, ...]]:
    with platform.database.reading() as connection:
        rows = connection.execute(select(*Tally.__table__.columns).where(Tally.n != 0)).all()
    return sorted((tuple(row) for row in rows), key=str)


def _tallies_counted_anew(platform: Platform) -> list[tuple[object, ...]]:
    assert list(recount(platform.database))
    return _tallies(platform)


@pytest.mark.faults
def test_row_f11_a_flipped_byte_in_any_region_is_noticed(platform: Platform, tmp_path: Path) -> None:
    fill(platform, 200)
    with platform.database.writing() as connection:
        connection.execute(insert(Comment), _incompressible(connection.execute(select(Response.id)).scalars().first()))
    file = make_backup(platform, tmp_path / "one.backup", _quiet).file
    whole = file.read_bytes()
    assert read_backup(file, platform.keys, _quiet).rows > 200
    head = len(MAGIC) + 4 + int.from_bytes(whole[len(MAGIC) : len(MAGIC) + 4], "big")
    assert len(whole) > 600_000  # several parts
    regions = [*range(0, head, 3), head, head + 3, head + 4, head + 20, *range(head, len(whole), 40_009)]
    regions += [len(whole) - 17, len(whole) - 1]
    for place in regions:
        changed = bytearray(whole)
        changed[place] ^= 0x10
        file.write_bytes(changed)
        with pytest.raises((DamagedBackupError, KeyMissingError)):
            read_backup(file, platform.keys, _quiet)
    for length in (0, 10, head, head + 100, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:length])
        with pytest.raises(DamagedBackupError):
            read_backup(file, platform.keys, _quiet)
    file.write_bytes(whole)
    assert read_backup(file, platform.keys, _quiet)


def _incompressible(response_id: str | None) -> list[dict[str, object]]:
    return [
        {
            "id": f"blob-{number}",
            "response_id": response_id,
            "question": "q2a",
            "line": number,
            "sealed": os.urandom(9000),
        }
        for number in range(1, 80)
    ]


@pytest.mark.faults
def test_row_f11_under_another_key_nothing_is_brought_back(
    platform: Platform, clock: SetClock, tmp_path: Path, place: str
) -> None:
    fill(platform)
    file = make_backup(platform, tmp_path / "one.backup", _quiet).file
    for ring in (KeyRing({"2027-01": b"n" * 32}), KeyRing({"2026-01": b"n" * 32})):
        with pytest.raises(KeyMissingError):
            _bring_back(place, Wanted(file, ring, clock, []))
    _bring_back(place, Wanted(file, platform.keys, clock, []))


@pytest.mark.faults
def test_row_f11_somebody_erased_since_stays_erased(
    platform: Platform, settings: Settings, clock: SetClock, tmp_path: Path, place: str
) -> None:
    ids = fill(platform, 20)
    file = make_backup(platform, tmp_path / "one.backup", _quiet).file
    for response_id in ids[5:8]:
        erase(platform, Erasing(response_id, "asked", "platform"))
    write_outside(platform.database, settings.erasure_ledger, clock)
    _bring_back(place, Wanted(file, platform.keys, clock, ledger_lines(settings.erasure_ledger)))
    with opened(settings, place, clock) as back:
        assert set(opened_words(back)) == set(ids) - set(ids[5:8])
        assert _tallies(back) == _tallies(platform)
        # A tablet that comes back with what it once sent does not bring it back either.
        assert counts(back)["erasures"] == 3


@pytest.mark.faults
def test_row_f11_ten_thousand_answers_come_back_in_minutes(
    platform: Platform,
    settings: Settings,
    clock: SetClock,
    tmp_path: Path,
    place: str,
) -> None:
    fill(platform, 1)
    offered = submission(platform, {"q2": ["happy"], "q2a": "It helped me to talk about it with somebody."})
    for _ in range(0, MANY, 500):
        with platform.database.writing() as connection:
            for _ in range(500):
                keep(connection, replace(offered, sitting_id=new_id()), platform.keys)
    begun = time.monotonic()
    made = make_backup(platform, tmp_path / "one.backup", _quiet)
    written = time.monotonic()
    _bring_back(place, Wanted(made.file, platform.keys, clock, []))
    back_again = time.monotonic()
    with opened(settings, place, clock) as back:
        assert counts(back)["responses"] == counts(platform)["responses"] > MANY
    engine = platform.database.engine.dialect.name
    structlog.get_logger(__name__).info(
        "backup and restore",
        engine=engine,
        rows=made.rows,
        megabytes=round(made.size / 1e6, 1),
        backup_seconds=round(written - begun, 1),
        restore_seconds=round(back_again - written, 1),
    )
    assert back_again - written < 180
