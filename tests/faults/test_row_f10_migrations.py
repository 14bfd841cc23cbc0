"""Row F10: the migrations go up, down and up again with data in the tables. The steps stand in tests/migrations."""

import pytest

from hscb_voice.foundation.migrating import migrate, newest_revision, revision_of
from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.service import SCREEN_JOB
from hscb_voice.responses.words import comments_of
from tests.support.answering import keep_answer

pytestmark = pytest.mark.faults


def test_row_f10_answers_survive_going_down_to_the_first_version_and_up_again_three_times(platform: Platform) -> None:
    kept = [keep_answer(platform, {"q2": ["scared"], "q2a": f"Word {number}."}).response_id for number in range(5)]
    for one in kept:
        platform.jobs.run_for(one, [SCREEN_JOB])
    for _ in range(3):
        migrate(platform.database, "0001")
        assert revision_of(platform.database) == "0001"
        migrate(platform.database)
        assert revision_of(platform.database) == newest_revision()
    with platform.database.reading() as connection:
        words = {comment.response_id: comment.text for comment in comments_of(connection, platform.keys, kept)}
    assert words == {one: f"Word {number}." for number, one in enumerate(kept)}
