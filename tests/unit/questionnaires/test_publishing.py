"""Publishing: each new wording is a version of its own, and a response can always read the one that it answered."""

import pytest

from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.platform import Platform
from hscb_voice.questionnaires.definition import Definition
from hscb_voice.questionnaires.errors import UnknownQuestionnaireError
from hscb_voice.questionnaires.queries import current_version, published_slugs, version_by_id
from hscb_voice.questionnaires.reading import all_definitions
from hscb_voice.questionnaires.service import content_hash, publish

MY_STORY = next(definition for definition in all_definitions() if definition.slug == "my-story")


def _reworded() -> Definition:
    first = MY_STORY.questions[0].model_copy(update={"text": "What would you like to tell us?"})
    return MY_STORY.model_copy(update={"questions": (first, *MY_STORY.questions[1:])})


def test_every_questionnaire_is_read_back_as_it_was_published(platform: Platform) -> None:
    with platform.database.reading() as connection:
        assert list(published_slugs(connection)) == [definition.slug for definition in all_definitions()]
        for definition in all_definitions():
            version = current_version(connection, definition.slug)
            assert version.number == 1
            assert version.definition == definition
            assert version.content_hash == content_hash(definition)


def test_publishing_the_same_words_again_makes_no_new_version(platform: Platform, clock: SetClock) -> None:
    with platform.database.writing() as connection:
        first = current_version(connection, "my-story")
        assert publish(connection, MY_STORY, clock) == first.id
        assert current_version(connection, "my-story") == first


def test_new_words_make_a_new_version_and_leave_the_old_one_as_it_was(platform: Platform, clock: SetClock) -> None:
    with platform.database.writing() as connection:
        old = current_version(connection, "my-story")
        new_id = publish(connection, _reworded(), clock)
        assert new_id != old.id
        now = current_version(connection, "my-story")
        assert (now.id, now.number) == (new_id, 2)
        assert now.definition.questions[0].text == "What would you like to tell us?"
        assert version_by_id(connection, old.id) == old
        assert old.definition == MY_STORY


def test_going_back_to_old_words_is_a_version_too(platform: Platform, clock: SetClock) -> None:
    with platform.database.writing() as connection:
        publish(connection, _reworded(), clock)
        publish(connection, MY_STORY, clock)
        assert current_version(connection, "my-story").number == 3


def test_it_refuses_a_questionnaire_that_was_never_published(platform: Platform) -> None:
    with platform.database.reading() as connection:
        with pytest.raises(UnknownQuestionnaireError, match="There is no published questionnaire “my-day”"):
            current_version(connection, "my-day")
        with pytest.raises(UnknownQuestionnaireError):
            version_by_id(connection, 10**6)
