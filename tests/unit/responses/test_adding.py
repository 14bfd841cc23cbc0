"""Words that are added to an answer: kept once, sealed, to be read, and refused where nothing can be added any more."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.adding import MOST_LINES, Added, add_words
from hscb_voice.responses.errors import ErasedError, TooManyAddedError, UnknownResponseError
from hscb_voice.responses.models import Comment, Response, ToBeRead
from hscb_voice.responses.queries import words_added
from hscb_voice.responses.words import comments_of
from tests.support.answering import keep_answer
from tests.support.figures_afresh import figures_afresh, figures_kept


@pytest.fixture
def response_id(platform: Platform) -> str:
    """An answer with words."""
    return keep_answer(platform, {"q2a": "She played with me."}).response_id


def add(platform: Platform, response_id: str, text: str = "More.", once: str = "", days: int = 1) -> bool:
    """Add words some days later."""
    added = Added(once or new_id(), response_id, text)
    with platform.database.writing() as connection:
        return add_words(connection, added, platform.keys, platform.clock.now() + timedelta(days=days))


def test_what_is_added_is_kept_once_sealed_and_known_by_its_day(platform: Platform, response_id: str) -> None:
    once = new_id()
    assert add(platform, response_id, "She came on time.", once, days=2)
    assert not add(platform, response_id, "She came on time.", once, days=3)
    with platform.database.reading() as connection:
        texts = [one.text for one in comments_of(connection, platform.keys, [response_id])]
        sealed = connection.execute(select(Comment.sealed).where(Comment.id == once)).scalar_one()
        waiting = connection.execute(select(func.count()).where(ToBeRead.read_at.is_(None))).scalar_one()
        added = words_added(connection, response_id)
        assert figures_kept(connection) == figures_afresh(connection)
    assert sorted(texts) == ["She came on time.", "She played with me."]
    assert b"time" not in sealed
    assert waiting == 2
    assert added == {once: platform.clock.now() + timedelta(days=2)}


def test_it_refuses_more_where_there_is_no_such_answer(platform: Platform, response_id: str) -> None:
    with pytest.raises(UnknownResponseError):
        add(platform, new_id())
    with platform.database.writing() as connection:
        taken_back = update(Response).where(Response.id == response_id).values(taken_back_at=platform.clock.now())
        connection.execute(taken_back)
    with pytest.raises(UnknownResponseError):
        add(platform, response_id)


def test_it_refuses_more_once_the_words_have_gone(platform: Platform, response_id: str) -> None:
    with platform.database.writing() as connection:
        gone = update(Response).where(Response.id == response_id)
        connection.execute(gone.values(wrapped_key=None, erased_at=platform.clock.now()))
    with pytest.raises(ErasedError):
        add(platform, response_id)


def test_after_many_additions_a_person_must_help(platform: Platform, response_id: str) -> None:
    for number in range(MOST_LINES):
        assert add(platform, response_id, f"Line {number}.")
    with pytest.raises(TooManyAddedError):
        add(platform, response_id)
    with platform.database.reading() as connection:
        assert len(words_added(connection, response_id)) == MOST_LINES
