"""The demonstration tells what the Children in Care Council asked and what became of it, in words for children."""

import pytest

from hscb_voice.actions.checking import check_words
from hscb_voice.actions.queries import action_list, told_of, told_to
from hscb_voice.actions.statuses import Origin, Status
from hscb_voice.demonstration.answering import load_answers
from hscb_voice.foundation.platform import Platform

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_what_the_council_asked_is_there_once_with_what_became_of_it(platform: Platform) -> None:
    load_answers(platform)
    load_answers(platform)
    with platform.database.reading() as connection:
        asked = action_list(connection, origin=Origin.COUNCIL)
        invented = [one for one in action_list(connection) if one.origin is not Origin.COUNCIL]
    assert len(asked) == 10
    assert sorted(one.status for one in asked if one.status is not Status.ASKED) == [Status.DONE, Status.ON_HOLD]
    assert invented
    assert all(one.invented for one in invented)
    assert not any(one.invented for one in asked)


def test_every_word_for_children_can_be_read_by_them(platform: Platform) -> None:
    load_answers(platform)
    with platform.database.reading() as connection:
        told = [words for one in action_list(connection) for words in told_of(connection, one.id).values()]
        assert len(told_to(connection, "child", "en")) == len(told)
    hard = {w.we_did: p for w in told if (p := check_words([w.you_said, w.we_did], w.look, "en").problems)}
    assert not hard
