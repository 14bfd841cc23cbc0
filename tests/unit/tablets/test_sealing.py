"""What a tablet sealed is opened by the installation that made the pair, and outlives new keys and backups."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from hscb_voice.foundation import keys as keys_module
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings
from hscb_voice.keeping import rotation
from hscb_voice.keeping.rotation import key_uses, rotate
from hscb_voice.tablets.errors import CannotOpenError, NoSealingKeyError
from hscb_voice.tablets.models import TabletKey
from hscb_voice.tablets.sealing import SealedAnswer, make_sealing_key, open_answer, sealing_key
from tests.support.backups import backed_up, brought_back, wanted
from tests.support.installations import NEW_KEY, add_key, empty_place, opened, register_keys
from tests.support.tablet_device import seal

WRITTEN = {"slug": "my-story", "fields": [["q1", "Łódź, “quoted”, ☂"]]}


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """New keys are noticed at every look, so that no test has to wait for a second to pass."""
    monkeypatch.setattr(keys_module, "NOTICED_WITHIN_SECONDS", 0.0)
    monkeypatch.setattr(rotation, "_GRACE_SECONDS", 0.05)


@pytest.fixture
def waiting(platform: Platform) -> SealedAnswer:
    """An answer that was sealed on a tablet."""
    register_keys(platform)
    with platform.database.writing() as connection:
        make_sealing_key(connection, platform.keys, platform.clock.now())
    with platform.database.reading() as connection:
        key = sealing_key(connection)
    sitting = new_id()
    return SealedAnswer.of(sitting, seal(key.kid, key.jwk, sitting, WRITTEN))


def opens(platform: Platform, answer: SealedAnswer) -> dict[str, Any]:
    """Open it."""
    with platform.database.reading() as connection:
        return open_answer(connection, platform.keys, answer)


def test_the_installation_opens_what_was_sealed_for_it(platform: Platform, waiting: SealedAnswer) -> None:
    assert opens(platform, waiting) == WRITTEN


def test_the_private_half_stands_nowhere_open(platform: Platform, waiting: SealedAnswer) -> None:
    with platform.database.reading() as connection:
        row = connection.execute(select(*TabletKey.__table__.columns)).one()
    assert row.id == waiting.kid
    assert b"PRIVATE KEY" not in row.sealed


def test_a_pair_is_made_once(platform: Platform, waiting: SealedAnswer) -> None:
    with platform.database.writing() as connection:
        make_sealing_key(connection, platform.keys, platform.clock.now())
        assert connection.execute(select(TabletKey.id)).scalars().all() == [waiting.kid]


def test_without_a_pair_there_is_nothing_to_seal_for(platform: Platform) -> None:
    with platform.database.reading() as connection, pytest.raises(NoSealingKeyError):
        sealing_key(connection)


def test_what_was_sealed_for_one_sitting_opens_for_no_other(platform: Platform, waiting: SealedAnswer) -> None:
    moved = SealedAnswer(new_id(), waiting.kid, waiting.epk, waiting.iv, waiting.sealed)
    with pytest.raises(CannotOpenError):
        opens(platform, moved)


def test_what_was_sealed_is_an_answer_and_nothing_else(platform: Platform, waiting: SealedAnswer) -> None:
    with platform.database.reading() as connection:
        key = sealing_key(connection)
    strange: list[Any] = [[], "words", 7, None]
    for written in strange:
        sealed = seal(key.kid, key.jwk, waiting.sitting, written)
        with pytest.raises(CannotOpenError):
            opens(platform, SealedAnswer.of(waiting.sitting, sealed))


def test_k2_a_new_key_takes_the_pair_over_and_what_waits_still_opens(
    platform: Platform, settings: Settings, waiting: SealedAnswer
) -> None:
    add_key(settings, NEW_KEY)
    rotate(platform, lambda *_: None)
    with platform.database.reading() as connection:
        uses = {use.key_id: use.rows for use in key_uses(connection, platform.keys)}
    assert uses[NEW_KEY] == {"tablet_keys": 1}
    assert opens(platform, waiting) == WRITTEN


def test_b2_a_backup_brings_the_pair_back(
    platform: Platform,
    settings: Settings,
    clock: SetClock,
    waiting: SealedAnswer,
    request: pytest.FixtureRequest,
    tmp_path: Path,
) -> None:
    file = backed_up(platform, tmp_path)
    with empty_place(platform.database.engine.dialect.name, request, tmp_path) as place:
        brought_back(place, wanted(platform, file))
        with opened(settings, place, clock) as back:
            assert opens(back, waiting) == WRITTEN
