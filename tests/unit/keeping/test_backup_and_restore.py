"""B1, B2: a backup of either engine comes back on either, the same row for row, into an empty place only."""

import stat
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, String, Table, delete, insert, select, text
from sqlalchemy.exc import DBAPIError

from hscb_voice.audit.queries import entries, verify
from hscb_voice.audit.service import note
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.database import Base, Database, Moment
from hscb_voice.foundation.errors import KeyMissingError
from hscb_voice.foundation.fence import FENCED
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.jobs import WorkerBeat
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.foundation.migrating import migrate, newest_revision, revision_of
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings
from hscb_voice.keeping import records
from hscb_voice.keeping.backup import make_backup, name_for, remove_older
from hscb_voice.keeping.errors import BackupError, DamagedBackupError, RestoreError
from hscb_voice.keeping.restore import RESTORING, bring_back, bring_back_into_folder, read_backup
from hscb_voice.keeping.rotation import rotate
from hscb_voice.opening import build_platform
from hscb_voice.packs.keeping import file_of
from hscb_voice.packs.models import IssuedPack
from hscb_voice.packs.service import ISSUE_JOB, Order, order_pack
from hscb_voice.questionnaires.queries import current_version
from hscb_voice.responses.queries import response_of_receipt
from hscb_voice.staff.models import Account, SignIn
from tests.support.answering import CHILD, keep_answer
from tests.support.backups import backed_up, brought_back, quiet, wanted
from tests.support.installations import (
    add_key,
    counts,
    every_row_opens,
    fill,
    opened,
    opened_words,
)
from tests.support.two_teams import fill_two_teams

CHANGED_BY_COMING_BACK = {"audit_entries", "audit_head"}


def test_b2_everything_comes_back_on_either_engine(
    platform: Platform, settings: Settings, clock: SetClock, tmp_path: Path, place: str
) -> None:
    ids = fill(platform)
    receipt = keep_answer(platform, {"q2a": "Łódź, “quoted”, ☂"}).receipt
    before, said = counts(platform), opened_words(platform)
    file = backed_up(platform, tmp_path)
    restored = brought_back(place, wanted(platform, file))
    with opened(settings, place, clock) as back:
        assert opened_words(back) == said
        assert every_row_opens(back)
        after = counts(back)
        assert {name: after[name] for name in after if name not in CHANGED_BY_COMING_BACK} == {
            name: before[name] for name in before if name not in CHANGED_BY_COMING_BACK
        }
        assert restored.backup.rows == sum(before.values())
        with platform.database.reading() as here, back.database.reading() as there:
            assert current_version(there, CHILD) == current_version(here, CHILD)
            assert response_of_receipt(there, back.keys, receipt)
            assert verify(there).is_sound
            assert "brought a backup back" in [entry.act for entry in entries(there)[0]]
        assert revision_of(back.database) == newest_revision()
        assert keep_answer(back, {"q2a": "And it goes on."}).is_new
    assert len(ids) < restored.backup.rows


def test_b2_what_every_room_keeps_comes_back_and_what_was_issued_stays_as_issued(
    platform: Platform, settings: Settings, clock: SetClock, tmp_path: Path, place: str
) -> None:
    fill_two_teams(platform)
    with platform.database.writing() as connection:
        pack_id = order_pack(connection, Order("meeting", "2025-26", reason="For a test"), "an analyst", platform.clock)
    platform.jobs.run_for(pack_id, [ISSUE_JOB])
    before = counts(platform)
    assert {name for name in FENCED if not before[name]} == set()
    brought_back(place, wanted(platform, backed_up(platform, tmp_path)))
    with opened(settings, place, clock) as back:
        assert every_row_opens(back)
        after = counts(back)
        assert {name for name in before if before[name] != after[name]} <= CHANGED_BY_COMING_BACK
        with platform.database.reading() as here, back.database.reading() as there:
            assert file_of(there, back.keys, pack_id, "pdf") == file_of(here, platform.keys, pack_id, "pdf")
        with pytest.raises(DBAPIError), back.database.writing() as connection:
            connection.execute(delete(IssuedPack))


def test_b1_a_backup_holds_no_word_and_no_key_and_is_for_its_owner_only(
    platform: Platform, settings: Settings, tmp_path: Path
) -> None:
    fill(platform)
    with platform.database.writing() as connection:
        note(connection, "person-1", "read a comment", "a marker to look for", now=platform.clock.now())
    made = make_backup(platform, tmp_path / "one.backup", quiet)
    data = made.file.read_bytes()
    key = (settings.keys_folder / "2026-01.key").read_text().strip()
    for secret in (b"felt better", b"a marker to look for", b"support-worker-child", key.encode(), bytes.fromhex(key)):
        assert secret not in data
    assert stat.S_IMODE(made.file.stat().st_mode) == 0o600
    assert (made.size, made.key_id) == (len(data), "2026-01")
    assert list(tmp_path.glob(".one*")) == []


def test_b1_a_backup_is_of_one_moment_whatever_is_written_meanwhile(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(platform)
    before = counts(platform)
    read = records.rows_of

    def read_late(connection: Connection, table: Table) -> Iterator[bytes]:
        if table.name == "responses":
            keep_answer(platform, {"q2a": "Said while it was backed up."})
        return read(connection, table)

    monkeypatch.setattr("hscb_voice.keeping.backup.rows_of", read_late)
    file = backed_up(platform, tmp_path)
    found = {name: total.rows for name, total in read_backup(file, platform.keys, quiet).tables.items()}
    assert {name: found[name] for name in before} == before
    assert counts(platform)["responses"] == before["responses"] + 1


def test_b1_a_backup_never_takes_the_place_of_another_and_leaves_nothing_half_made(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one.backup").write_text("another")
    with pytest.raises(BackupError, match="is there already"):
        backed_up(platform, tmp_path)
    assert (tmp_path / "one.backup").read_text() == "another"

    def fail(*_: object) -> None:
        message = "the disk is full"
        raise OSError(message)

    monkeypatch.setattr("hscb_voice.keeping.backup.rows_of", fail)
    with pytest.raises(OSError, match="full"):
        make_backup(platform, tmp_path / "two.backup", quiet)
    assert {file.name for file in tmp_path.iterdir() if "backup" in file.name} == {"one.backup"}


def test_b1_a_backup_is_noted_and_tells_how_far_it_is(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hscb_voice.keeping.backup._TOLD_EVERY", 10)
    fill(platform)
    told: list[tuple[int, int]] = []
    made = make_backup(platform, tmp_path / "one.backup", lambda done, in_all: told.append((done, in_all)))
    assert told[0][0] == 10
    assert told[-1] == (made.rows, made.rows)
    with platform.database.reading() as connection:
        assert entries(connection)[0][0].subject == f"backup {made.backup_id}"


def test_b1_older_backups_go_and_nothing_else_does(tmp_path: Path, clock: SetClock) -> None:
    names = []
    for _ in range(5):
        names.append(name_for(clock.now()))
        clock.pass_time(timedelta(hours=7))
    for name in [*names, "voice.db", "voice-by-hand.backup", "notes.txt"]:
        (tmp_path / name).write_text("x")
    assert [file.name for file in remove_older(tmp_path, 2)] == names[:3]
    assert {file.name for file in tmp_path.iterdir() if file.is_file()} == {
        *names[3:],
        "voice.db",
        "voice-by-hand.backup",
        "notes.txt",
    }
    assert remove_older(tmp_path, 2) == []


def test_b2_reading_proves_a_backup_and_writes_nothing(platform: Platform, tmp_path: Path) -> None:
    fill(platform)
    rows = sum(counts(platform).values())
    file = backed_up(platform, tmp_path)
    read = read_backup(file, platform.keys, quiet)
    assert (read.rows, read.revision) == (rows, newest_revision())
    with platform.database.reading() as connection:
        assert read.audit_number == verify(connection).entries - 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_b2_a_place_that_is_not_empty_is_refused_and_left_as_it_was(platform: Platform, tmp_path: Path) -> None:
    file = backed_up(platform, tmp_path)
    full = tmp_path / "full"
    full.mkdir()
    (full / "voice.db").write_text("somebody's")
    with pytest.raises(RestoreError, match="empty place only"):
        bring_back_into_folder(full, wanted(platform, file), quiet)
    assert (full / "voice.db").read_text() == "somebody's"
    with pytest.raises(RestoreError, match="not empty"):
        bring_back(platform.database, wanted(platform, file), quiet)


def test_b2_what_does_not_come_back_as_it_was_is_refused_and_cannot_be_used(
    platform: Platform, tmp_path: Path, own_place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault between reading and writing: one tick is lost on the way."""
    fill(platform)
    file = backed_up(platform, tmp_path)
    whole = records.row_from

    def lose_a_tick(line: bytes) -> list[object]:
        row = whole(line)
        return [{"q2": ["sad"]} if value == {"q2": ["happy"]} else value for value in row]

    monkeypatch.setattr("hscb_voice.keeping.restore.row_from", lose_a_tick)
    with pytest.raises(RestoreError, match="table responses did not come back as it was"):
        brought_back(own_place, wanted(platform, file))
    if "://" not in own_place:
        assert list(Path(own_place).iterdir()) == []
        return
    database = Database(own_place)
    assert revision_of(database) == RESTORING
    with pytest.raises(RestoreError, match="ended before it was whole"):
        bring_back(database, wanted(platform, file), quiet)
    database.dispose()


def test_b2_a_manifest_that_says_otherwise_is_refused(platform: Platform, tmp_path: Path) -> None:
    fill(platform)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hscb_voice.keeping.backup.TableSum.written", property(lambda _total: {"rows": 1, "hash": "0"}))
        file = backed_up(platform, tmp_path)
    with pytest.raises(DamagedBackupError, match="not what its own manifest says"):
        read_backup(file, platform.keys, quiet)


def test_b2_a_record_that_was_changed_before_the_backup_is_refused(
    platform: Platform, tmp_path: Path, own_place: str
) -> None:
    with platform.database.writing() as connection:
        for number in range(3):
            note(connection, "person-1", "read a comment", f"comment {number}", now=platform.clock.now())
        connection.execute(text("UPDATE audit_head SET entry_hash = 'another', number = 3"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hscb_voice.keeping.backup.note", note_nothing)
        file = backed_up(platform, tmp_path)
    with pytest.raises(RestoreError, match="record of who did what is not sound"):
        brought_back(own_place, wanted(platform, file))


def note_nothing(*_: object, **__: object) -> None:
    """Note nothing."""


def test_b2_the_wrong_key_is_said_before_anything_is_made(platform: Platform, tmp_path: Path, own_place: str) -> None:
    file = backed_up(platform, tmp_path)
    with pytest.raises(KeyMissingError, match="made under the key “2026-01”, and that key is not here"):
        brought_back(own_place, wanted(platform, file, ring=KeyRing({"2027-01": b"n" * 32})))
    with pytest.raises(KeyMissingError, match="not the one that was used"):
        brought_back(own_place, wanted(platform, file, ring=KeyRing({"2026-01": b"n" * 32})))
    if "://" not in own_place:
        assert not Path(own_place, "voice.db").exists()
    else:
        database = Database(own_place)
        assert revision_of(database) is None
        database.dispose()


def test_b2_words_under_a_key_that_is_not_here_are_told_and_refused(
    platform: Platform, settings: Settings, tmp_path: Path, own_place: str
) -> None:
    fill(platform, 4)
    new = add_key(settings)
    fresh = build_platform(settings, platform.clock)
    assert fresh.keys.current == new.current
    file = backed_up(fresh, tmp_path)
    fresh.database.dispose()
    (settings.keys_folder / "2026-01.key").unlink()
    ring = KeyRing.from_folder(settings.keys_folder)
    with pytest.raises(RestoreError, match=r"Keys are missing.*“2026-01” \([0-9]+ rows\)"):
        brought_back(own_place, wanted(platform, file, ring=ring))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_b2_told_to_it_brings_back_what_nobody_can_read(platform: Platform, settings: Settings, tmp_path: Path) -> None:
    fill(platform, 4)
    add_key(settings)
    fresh = build_platform(settings, platform.clock)
    file = backed_up(fresh, tmp_path)
    fresh.database.dispose()
    (settings.keys_folder / "2026-01.key").unlink()
    ring = KeyRing.from_folder(settings.keys_folder)
    asked = wanted(platform, file, ring=ring, despite_lost_keys=True)
    assert brought_back(str(tmp_path / "back"), asked).lost["2026-01"] >= 4


def test_b2_an_older_revision_is_brought_back_and_then_brought_up_to_date(
    settings: Settings, clock: SetClock, tmp_path: Path, own_place: str
) -> None:
    old = build_platform(settings, clock)
    with old.database.writing() as connection:
        connection.execute(insert(Account), _account(clock))
        note(connection, "person-1", "signed in", "person-1", now=clock.now())
    migrate(old.database, "0004")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hscb_voice.keeping.backup.note", note_nothing)
        file = backed_up(old, tmp_path)
    assert read_backup(file, old.keys, quiet).revision == "0004"
    brought_back(own_place, wanted(old, file))
    with opened(settings, own_place, clock) as back:
        assert revision_of(back.database) == newest_revision()
        with back.database.reading() as connection:
            assert connection.execute(select(Account.name)).scalar_one() == "A worker"
            assert verify(connection).is_sound
    old.database.dispose()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_b2_a_backup_of_a_newer_program_is_refused(platform: Platform, tmp_path: Path) -> None:
    with platform.database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    file = backed_up(platform, tmp_path)
    with pytest.raises(RestoreError, match="newer version of the program"):
        brought_back(str(tmp_path / "back"), wanted(platform, file))


def test_b2_nobody_is_signed_in_by_a_backup(
    platform: Platform, settings: Settings, clock: SetClock, tmp_path: Path, own_place: str
) -> None:
    account = _account(clock)
    with platform.database.writing() as connection:
        connection.execute(insert(Account), account)
        values = _required("sign_ins", clock) | {"account_id": account["id"]}
        connection.execute(insert(SignIn).values(values))
    file = backed_up(platform, tmp_path)
    brought_back(own_place, wanted(platform, file))
    with opened(settings, own_place, clock) as back, back.database.reading() as connection:
        assert connection.execute(select(SignIn.ended_at)).scalar_one() == clock.now()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_backup_made_under_a_retired_key_comes_back_while_that_key_is_kept(
    platform: Platform, settings: Settings, clock: SetClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hscb_voice.keeping.rotation._GRACE_SECONDS", 1.1)
    fill(platform)
    said = opened_words(platform)
    file = backed_up(platform, tmp_path)
    add_key(settings)
    rotate(platform, quiet)
    brought_back(str(tmp_path / "back"), wanted(platform, file))
    with opened(settings, str(tmp_path / "back"), clock) as back:
        assert opened_words(back) == said


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_b1_memory_does_not_grow_with_the_backup(platform: Platform, tmp_path: Path) -> None:
    """Rows are streamed: twenty times as many take no more memory."""
    peaks = []
    for rows in (500, 10_000):
        with platform.database.writing() as connection:
            marks = [{"name": f"worker {number}", "seen": platform.clock.now()} for number in range(rows)]
            connection.execute(delete(WorkerBeat))
            connection.execute(insert(WorkerBeat), marks)
        tracemalloc.start()
        make_backup(platform, tmp_path / f"{rows}.backup", quiet)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 1_000_000


def _account(clock: SetClock) -> dict[str, object]:
    values = _required("accounts", clock)
    return values | {"email": "worker@example.gov.uk", "name": "A worker", "session_key": new_id()}


def _required(table: str, clock: SetClock) -> dict[str, object]:
    """Give every column that must have a value some value of its type."""
    values: dict[str, object] = {}
    for column in Base.metadata.tables[table].columns:
        if column.nullable or column.default is not None or column.server_default is not None:
            continue
        if isinstance(column.type, Moment):
            values[column.name] = clock.now()
        else:
            values[column.name] = new_id() if isinstance(column.type, String) else column.type.python_type()
    return values
