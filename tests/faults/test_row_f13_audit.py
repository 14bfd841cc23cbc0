"""Row F13: the record edited, deleted, reordered, truncated, and rewritten from the start with every hash anew."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, text, update

from hscb_voice.audit.anchors import append_anchor, compare, read_anchors
from hscb_voice.audit.chain import BEGINNING, Entry, hash_of
from hscb_voice.audit.errors import AnchorError
from hscb_voice.audit.models import AuditEntry, AuditHead
from hscb_voice.audit.queries import entries, verify
from hscb_voice.audit.service import note
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.platform import Platform


@pytest.fixture
def anchors(platform: Platform, clock: SetClock, tmp_path: Path) -> Path:
    """Nine entries in three days, an anchor at the end of each day."""
    file = tmp_path / "outside" / "anchors.txt"
    file.parent.mkdir()
    for _day in range(3):
        for number in range(3):
            with platform.database.writing() as connection:
                note(connection, f"person-{number}", "read a comment", f"comment {number}", now=clock.now())
        with platform.database.reading() as connection:
            append_anchor(file, verify(connection), clock.now())
        clock.pass_time(timedelta(days=1))
    return file


def _take_the_guards_away(platform: Platform) -> None:
    """What somebody can do who owns the database."""
    with platform.database.writing() as connection:
        if platform.database.is_sqlite:
            for name in ("update", "delete", "replace"):
                connection.execute(text(f"DROP TRIGGER audit_entries_no_{name}"))
        else:
            connection.execute(text("ALTER TABLE audit_entries DISABLE TRIGGER USER"))


def _rewrite(platform: Platform, kept: list[Entry]) -> None:
    """Put another record in the place of this one: numbers in order, every hash reckoned anew, and the head too."""
    _take_the_guards_away(platform)
    before, written = BEGINNING, []
    for number, entry in enumerate(kept, start=1):
        draft = replace(entry, number=number, previous_hash=before)
        before = hash_of(draft)
        written.append(replace(draft, entry_hash=before))
    with platform.database.writing() as connection:
        connection.execute(delete(AuditEntry))
        connection.execute(insert(AuditEntry), [vars(entry) for entry in written])
        connection.execute(update(AuditHead).values(number=len(written), entry_hash=before))


def _all(platform: Platform) -> list[Entry]:
    with platform.database.reading() as connection:
        return list(reversed(entries(connection, size=100)[0]))


def test_row_f13_an_untouched_record_agrees_with_every_anchor(platform: Platform, anchors: Path) -> None:
    with platform.database.reading() as connection:
        report = compare(connection, read_anchors(anchors))
    assert (report.is_sound, report.anchors, report.chain.entries) == (True, 3, 9)


@pytest.mark.parametrize("way", ["edited", "deleted", "reordered", "truncated"])
def test_row_f13_a_record_that_was_meddled_with_is_not_sound(platform: Platform, anchors: Path, way: str) -> None:
    del anchors
    _take_the_guards_away(platform)
    swap = "UPDATE audit_entries SET number = CASE number WHEN 4 THEN -5 WHEN 5 THEN -4 END WHERE number IN (4, 5)"
    statements = {
        "edited": ["UPDATE audit_entries SET subject = 'comment 9' WHERE number = 5"],
        "deleted": ["DELETE FROM audit_entries WHERE number = 5"],
        "reordered": [swap, "UPDATE audit_entries SET number = -number WHERE number < 0"],
        "truncated": ["DELETE FROM audit_entries WHERE number > 4"],
    }
    with platform.database.writing() as connection:
        for statement in statements[way]:
            connection.execute(text(statement))
    with platform.database.reading() as connection:
        report = verify(connection)
    assert report.first_bad == (4 if way == "reordered" else 5)


@pytest.mark.parametrize("way", ["edited", "deleted", "reordered", "truncated", "emptied"])
def test_row_f13_a_record_rewritten_from_the_start_is_told_by_its_anchors(
    platform: Platform, anchors: Path, way: str
) -> None:
    found = _all(platform)
    _rewrite(
        platform,
        {
            "edited": [replace(entry, who="somebody else") if entry.number == 2 else entry for entry in found],
            "deleted": found[:1] + found[2:],
            "reordered": [found[1], found[0], *found[2:]],
            "truncated": found[:7],
            "emptied": [],
        }[way]
        or [found[-1]],
    )
    with platform.database.reading() as connection:
        assert verify(connection).is_sound  # the chain alone is fooled
        report = compare(connection, read_anchors(anchors))
    assert not report.is_sound
    assert "2026-11" in report.trouble


def test_row_f13_what_was_rewritten_after_the_newest_anchor_is_told_by_none(platform: Platform, anchors: Path) -> None:
    """Why anchors are taken every day: they tell of everything up to the newest one, and of nothing after it."""
    with platform.database.writing() as connection:
        note(connection, "person-1", "read a comment", "comment 7", now=platform.clock.now())
    _rewrite(platform, _all(platform)[:-1])
    with platform.database.reading() as connection:
        assert compare(connection, read_anchors(anchors)).is_sound


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("nonsense", "no anchor"),
        ("2026-11-22T10:00:00+00:00 9 short", "no anchor"),
        ("yesterday 9 " + "0" * 64, "no anchor"),
        ("2026-11-22T10:00:00+00:00 2 " + "0" * 64, "fewer entries"),
    ],
)
def test_it_refuses_a_file_of_anchors_that_was_changed(anchors: Path, line: str, told: str) -> None:
    anchors.write_text(anchors.read_text() + line + "\n")
    with pytest.raises(AnchorError, match=told):
        read_anchors(anchors)
