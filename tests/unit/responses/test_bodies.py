"""How a body is known again: by a keyed hash from the first moment, whatever version of the program kept it."""

import hashlib
import json

import pytest
from sqlalchemy import select, update

from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.bodies import body_hash, faded_hash, key_plain_hashes
from hscb_voice.responses.errors import AnotherAnswerError
from hscb_voice.responses.models import Response, SecondAnswer
from hscb_voice.responses.service import Submission
from tests.support.answering import keep_answer, keep_second_answer, submission

WORDS = {"q2a": "I like the garden."}
OTHER = {"q2a": "I like the kitchen."}


def plain(sent: Submission) -> bytes:
    """Return what an earlier version kept, and whoever knows the questions can make for any words."""
    body = [sent.version.id, sent.variant, sent.answers]
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).digest()


def stored(platform: Platform) -> list[bytes]:
    with platform.database.reading() as connection:
        return [
            bytes(found)
            for table in (Response, SecondAnswer)
            for found in connection.execute(select(table.body_hash)).scalars()
        ]


def as_an_earlier_version_left_it(platform: Platform, sent: Submission, second: Submission) -> None:
    """Put plain hashes in the places of keyed ones."""
    with platform.database.writing() as connection:
        connection.execute(update(Response).values(body_hash=plain(sent)))
        connection.execute(update(SecondAnswer).values(body_hash=plain(second)))


def test_k1_nobody_can_try_out_what_a_child_may_have_written(platform: Platform) -> None:
    sent = submission(platform, WORDS)
    keep_answer(platform, WORDS, sitting_id=sent.sitting_id)
    keep_second_answer(platform, OTHER, sitting_id=sent.sitting_id)
    digests = {plain(sent), plain(submission(platform, OTHER))}
    assert len(stored(platform)) == 2
    assert not any(digest in found for digest in digests for found in stored(platform))


def test_k1_two_sittings_that_say_the_same_cannot_be_seen_to(platform: Platform) -> None:
    keep_answer(platform, WORDS)
    keep_answer(platform, WORDS)
    one, other = stored(platform)
    assert one != other


def test_k1_what_an_earlier_version_left_plain_is_keyed_and_still_known(platform: Platform) -> None:
    sent = submission(platform, WORDS)
    second = submission(platform, OTHER, sitting_id=sent.sitting_id)
    kept = keep_answer(platform, WORDS, sitting_id=sent.sitting_id)
    keep_second_answer(platform, OTHER, sitting_id=sent.sitting_id)
    keyed = stored(platform)
    as_an_earlier_version_left_it(platform, sent, second)
    # Before it has been keyed the same sending gets its receipt, and another is refused.
    assert keep_answer(platform, WORDS, sitting_id=sent.sitting_id).receipt == kept.receipt
    with pytest.raises(AnotherAnswerError):
        keep_answer(platform, OTHER, sitting_id=sent.sitting_id)
    assert key_plain_hashes(platform.database, platform.keys) == 2
    assert stored(platform) == keyed
    assert key_plain_hashes(platform.database, platform.keys) == 0
    again = keep_answer(platform, WORDS, sitting_id=sent.sitting_id)
    assert (again.receipt, again.is_new) == (kept.receipt, False)
    keep_second_answer(platform, OTHER, sitting_id=sent.sitting_id)
    assert len(stored(platform)) == 2, "a different answer already held is not held twice"


def test_e1_a_body_whose_words_went_under_an_earlier_version_is_still_known(platform: Platform) -> None:
    sent = submission(platform, WORDS)
    kept = keep_answer(platform, WORDS, sitting_id=sent.sitting_id)
    faded = faded_hash(platform.keys, sent.version.id, sent.variant, sent.answers)
    with platform.database.writing() as connection:
        gone = {"body_hash": faded, "erased_at": platform.clock.now(), "wrapped_key": None}
        connection.execute(update(Response).values(gone))
    assert key_plain_hashes(platform.database, platform.keys) == 0, "it is keyed, if otherwise"
    assert keep_answer(platform, WORDS, sitting_id=sent.sitting_id).receipt == kept.receipt
    with pytest.raises(AnotherAnswerError):
        keep_answer(platform, OTHER, sitting_id=sent.sitting_id)


def test_a_keyed_hash_is_not_keyed_again(platform: Platform) -> None:
    sent = submission(platform, WORDS)
    keep_answer(platform, WORDS, sitting_id=sent.sitting_id)
    made = body_hash(platform.keys, sent.sitting_id, sent.version.id, sent.variant, sent.answers)
    assert stored(platform) == [made]
