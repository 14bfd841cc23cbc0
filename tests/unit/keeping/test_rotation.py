"""K2: a new key takes over while the site runs; the old one can then be taken away, and nothing is lost by it."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Connection, func, select, update

from hscb_voice.audit.queries import entries
from hscb_voice.foundation import keys as keys_module
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.database import MOST_CONNECTIONS
from hscb_voice.foundation.errors import KeyMissingError
from hscb_voice.foundation.key_register import RegisteredKey, registered_ids
from hscb_voice.foundation.key_sources import make_key
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings
from hscb_voice.keeping import rotation
from hscb_voice.keeping.errors import KeysNotTurnedError
from hscb_voice.keeping.rotation import key_uses, rotate
from hscb_voice.opening import build_platform
from hscb_voice.responses.models import Response
from hscb_voice.responses.queries import response_of_receipt
from hscb_voice.responses.service import Submission, keep
from tests.support.answering import keep_answer, submission
from tests.support.installations import (
    NEW_KEY,
    OLD_KEY,
    add_key,
    every_row_opens,
    fill,
    key_ids_in_use,
    opened_words,
)


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """New keys are noticed at every look, so that no test has to wait for a second to pass."""
    monkeypatch.setattr(keys_module, "NOTICED_WITHIN_SECONDS", 0.0)
    monkeypatch.setattr(rotation, "_GRACE_SECONDS", 0.05)


def _quietly(done: int, in_all: int) -> None:
    assert 0 <= done <= in_all


def _with_only(platform: Platform, settings: Settings, clock: SetClock, key_id: str) -> Platform:
    """Start the program afresh after every key but one has been taken away."""
    for file in settings.keys_folder.glob("*.key"):
        if file.stem != key_id:
            file.unlink()
    platform.database.dispose()
    return build_platform(settings, clock)


def test_k2_after_a_rotation_the_old_key_opens_nothing_and_is_needed_by_nothing(
    platform: Platform, settings: Settings, clock: SetClock
) -> None:
    ids = fill(platform)
    said = opened_words(platform)
    sent = submission(platform, {"q2a": "Kept before."})
    receipt = keep_answer(platform, {"q2a": "Kept before."}, sitting_id=sent.sitting_id).receipt
    add_key(settings)
    assert rotate(platform, _quietly, 2) > len(ids)
    assert key_ids_in_use(platform) == {NEW_KEY}
    alone = _with_only(platform, settings, clock, NEW_KEY)
    assert every_row_opens(alone)
    assert {key: words for key, words in opened_words(alone).items() if key in said} == said
    with alone.database.reading() as connection:
        assert response_of_receipt(connection, alone.keys, receipt) == sent.sitting_id
    again = keep_answer(alone, {"q2a": "Kept before."}, sitting_id=sent.sitting_id)
    assert (again.receipt, again.is_new) == (receipt, False)


def test_k2_a_rotation_goes_on_where_it_was_stopped(platform: Platform, settings: Settings) -> None:
    fill(platform)
    add_key(settings)

    class PulledPlugError(Exception):
        """The machine stops here."""

    def stop(_done: int, _in_all: int) -> None:
        raise PulledPlugError

    for _ in range(3):
        with pytest.raises(PulledPlugError):
            rotate(platform, stop, 1)
        assert every_row_opens(platform)
        assert key_ids_in_use(platform) == {OLD_KEY, NEW_KEY}
    rest = rotate(platform, _quietly, 1)
    assert key_ids_in_use(platform) == {NEW_KEY}
    assert rest > 0
    assert rotate(platform, _quietly) == 0


def test_k2_what_is_kept_while_the_key_changes_is_kept_once_and_ends_under_the_new_key(
    platform: Platform, settings: Settings, clock: SetClock
) -> None:
    """A web process goes on keeping answers; it is told nothing and notices by itself."""
    fill(platform, 40)
    web = build_platform(settings, clock)
    stop, kept = threading.Event(), list[str]()

    def answer() -> None:
        while not stop.is_set():
            kept.append(keep_answer(web, {"q2a": "Said meanwhile."}).response_id)
            time.sleep(0.005)

    people = [threading.Thread(target=answer) for _ in range(2)]
    for person in people:
        person.start()
    try:
        add_key(settings)
        rotate(platform, _quietly, 5)
    finally:
        stop.set()
        for person in people:
            person.join()
    web.database.dispose()
    rotate(platform, _quietly, 50)
    assert key_ids_in_use(platform) == {NEW_KEY}
    assert every_row_opens(platform)
    said = opened_words(platform)
    assert kept
    assert all(said[response_id] == ["Said meanwhile."] for response_id in kept)


def test_a_row_that_does_not_open_is_told_and_keeps_nobody_else_waiting(
    platform: Platform, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = fill(platform)
    with platform.database.writing() as connection:
        connection.execute(update(Response).where(Response.id == ids[2]).values(key_id="2025-01"))
    add_key(settings)
    monkeypatch.setattr(rotation, "_MOST_PASSES", 2)
    with pytest.raises(KeysNotTurnedError, match=r"“2025-01” \(1 rows\)"):
        rotate(platform, _quietly)
    assert key_ids_in_use(platform) == {"2025-01", NEW_KEY}
    with platform.database.reading() as connection:
        assert OLD_KEY in registered_ids(connection)


def test_erasing_while_the_key_changes_leaves_no_key(platform: Platform, settings: Settings) -> None:
    ids = fill(platform)
    with platform.database.writing() as connection:
        connection.execute(update(Response).where(Response.id == ids[1]).values(wrapped_key=None))
    add_key(settings)
    rotate(platform, _quietly)
    with platform.database.reading() as connection:
        wrapped = connection.execute(select(Response.wrapped_key).where(Response.id == ids[1])).scalar_one()
    assert wrapped is None


def test_the_status_counts_rows_and_names_the_key_that_can_go(platform: Platform, settings: Settings) -> None:
    ids = fill(platform)
    add_key(settings)
    with platform.database.reading() as connection:
        old, new = key_uses(connection, platform.keys)
    assert (old.key_id, old.is_here, old.is_current, old.is_registered) == (OLD_KEY, True, False, True)
    assert (old.rows["responses"], old.rows["second_answers"]) == (len(ids), 1)
    assert (new.key_id, new.is_current, new.rows, old.can_be_retired) == (NEW_KEY, True, {}, False)
    rotate(platform, _quietly)
    with platform.database.reading() as connection:
        old, new = key_uses(connection, platform.keys)
        acts = [entry.act for entry in entries(connection)[0]]
    assert old.can_be_retired
    assert new.rows["responses"] == len(ids)
    assert not new.can_be_retired
    assert "changed the key" in acts


def test_k4_a_key_of_the_right_name_and_the_wrong_content_stores_nothing(
    platform: Platform, settings: Settings, clock: SetClock
) -> None:
    fill(platform)
    (settings.keys_folder / f"{OLD_KEY}.key").unlink()
    make_key(settings.keys_folder, OLD_KEY)
    other = build_platform(settings, clock)
    with pytest.raises(KeyMissingError, match="not this installation's key of that name"):
        keep_answer(other, {"q2a": "Must not be sealed with a key that nobody knows."})
    with pytest.raises(KeyMissingError):
        rotate(other, _quietly)
    assert _responses(other) == _responses(platform)
    other.database.dispose()


def test_k4_keys_of_another_installation_store_nothing(platform: Platform, settings: Settings, clock: SetClock) -> None:
    fill(platform)
    make_key(settings.data_folder / "others", "2028-01")
    other = build_platform(replace(settings, keys_folder=settings.data_folder / "others"), clock)
    with pytest.raises(KeyMissingError, match="“2026-01” is not here"):
        keep_answer(other, {"q2a": "Must not be sealed with a stranger's key."})
    assert _responses(other) == _responses(platform)
    other.database.dispose()


def test_k5_the_register_holds_no_key(platform: Platform, settings: Settings) -> None:
    fill(platform)
    keys = {file.read_text().strip() for file in settings.keys_folder.glob("*.key")}
    with platform.database.reading() as connection:
        rows = connection.execute(select(RegisteredKey.wrapped_key)).scalars().all()
    index_key = platform.keys.first_index_key
    assert rows
    assert all(bytes.fromhex(key) not in row and index_key not in row for row in rows for key in keys)


def test_without_a_register_fingerprints_are_those_of_the_oldest_key_and_stay_so(
    platform: Platform, settings: Settings
) -> None:
    """An installation from before the register: its receipts must be found afterwards, too."""
    before = KeyRing.from_folder(settings.keys_folder).fingerprint("receipt", "three plain words")
    assert platform.keys.fingerprint("receipt", "three plain words") == before
    fill(platform)
    add_key(settings, "2020-01")  # sorts before the others, as no key of ours would
    fresh = build_platform(settings)
    assert fresh.keys.fingerprint("receipt", "three plain words") == before
    fresh.database.dispose()


def _responses(platform: Platform) -> int:
    with platform.database.reading() as connection:
        return _count(connection)


def _count(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(Response)).scalar_one()


def test_k4_no_room_seals_with_a_key_that_nobody_knows(platform: Platform, settings: Settings, clock: SetClock) -> None:
    """Not only answers: a note or a letter, which makes no receipt, is refused as well."""
    fill(platform)
    (settings.keys_folder / f"{OLD_KEY}.key").unlink()
    make_key(settings.keys_folder, OLD_KEY)
    other = build_platform(settings, clock)
    with pytest.raises(KeyMissingError):
        other.keys.seal_for_new_row("concern_notes", "a note")
    other.database.dispose()


def test_as_many_at_once_as_there_are_connections_do_not_wait_for_each_other(
    platform: Platform, settings: Settings, clock: SetClock
) -> None:
    """A process that has just started asks the register while each of its threads is within a transaction."""
    fill(platform, 1)
    fresh = build_platform(settings, clock)
    together = threading.Barrier(MOST_CONNECTIONS)
    offered = [submission(platform, {"q2a": "Said at once."}) for _ in range(MOST_CONNECTIONS)]

    def send(one: Submission) -> bool:
        with fresh.database.writing() as connection:
            if not fresh.database.is_sqlite:  # there, one writer at a time has a connection at all
                together.wait(10)
            return keep(connection, one, fresh.keys).is_new

    with ThreadPoolExecutor(MOST_CONNECTIONS) as pool:
        assert all(pool.map(send, offered))
    fresh.database.dispose()
