"""Codes that stood before say by which learned model they were read, as far as that is still known."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, text, update

from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.migrating import migrate
from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.service import READ_JOB
from hscb_voice.themes.learning_models import LearnedModel, LearnedSwitch
from hscb_voice.themes.models import CodebookRun, Coding
from tests.support.answering import keep_answer


def test_what_was_read_before_is_given_the_newest_model_of_its_time(platform: Platform, clock: SetClock) -> None:
    start, ids = clock.now(), []
    for _ in range(3):
        response_id = keep_answer(platform, {"q2a": "she listened to me"}).response_id
        platform.jobs.run_for(response_id, [READ_JOB])
        ids.append(response_id)
    made = {"codebook": "1", "digest": "0" * 64, "packed": b"", "comments": 2, "responses": 2, "corrected": {}}
    with platform.database.writing() as connection:
        for days, response_id in enumerate(ids):
            moment = start + timedelta(days=2 * days)
            connection.execute(update(Coding).where(Coding.response_id == response_id).values(made_at=moment))
        for number, days in ((4, 1), (5, 3)):
            row = {"number": number, "made_at": start + timedelta(days=days), **made}
            connection.execute(insert(LearnedModel), row)
    migrate(platform.database, "0031")
    migrate(platform.database)
    query = select(Coding.response_id, Coding.learned)
    with platform.database.reading() as connection:
        found = {row.response_id: row.learned for row in connection.execute(query)}
    assert [found[one] for one in ids] == [3, 4, 5], "the first by a model of which nothing is known any more"


@pytest.mark.parametrize("state", ["running", "paused", "finished", "dropped"])
def test_a_run_that_goes_on_is_pinned_to_the_newest_model(platform: Platform, clock: SetClock, state: str) -> None:
    made = {"codebook": "1", "packed": b"", "comments": 2, "responses": 2, "corrected": {}, "made_at": clock.now()}
    run = {"id": new_id(), "version": 1, "state": state, "started_by": "somebody", "started_at": clock.now()}
    with platform.database.writing() as connection:
        for number in (4, 5):
            connection.execute(insert(LearnedModel), {"number": number, "digest": str(number) * 64, **made})
        connection.execute(insert(LearnedSwitch), {"theme": "school", "off_by": "somebody", "off_at": clock.now()})
        connection.execute(insert(CodebookRun), run)
    migrate(platform.database, "0031")
    migrate(platform.database)
    query = select(CodebookRun.learned, CodebookRun.learned_digest, CodebookRun.learned_off)
    with platform.database.reading() as connection:
        found = tuple(connection.execute(query).one())
    assert found == ((None, None, None) if state == "dropped" else (5, "5" * 64, ["school"]))


def test_who_coded_blind_did_so_by_the_version_in_force_then(platform: Platform, clock: SetClock) -> None:
    response_id = keep_answer(platform, {"q2a": "she listened to me"}).response_id
    platform.jobs.run_for(response_id, [READ_JOB])
    moment = clock.now()
    with platform.database.writing() as connection:
        comment_id = connection.execute(select(Coding.comment_id)).scalar_one()
        migrated = {"turn": 1, "came": 2, "went": 1, "undo": False, "at": moment}
        connection.execute(
            text("INSERT INTO codebook_switches VALUES (:turn, :came, :went, :undo, 'somebody', :at)"), migrated
        )
    migrate(platform.database, "0031")
    for coded in (moment - timedelta(days=1), moment + timedelta(days=1)):
        _coded_blind(platform, response_id, comment_id, coded)
    migrate(platform.database)
    query = text("SELECT second_codebook FROM blind_codings ORDER BY coded_at")
    with platform.database.reading() as connection:
        assert connection.execute(query).scalars().all() == ["1", "2"]


def _coded_blind(platform: Platform, response_id: str, comment_id: str, coded: object) -> None:
    sample = {"id": new_id(), "at": coded, "response": response_id, "comment": comment_id}
    with platform.database.writing() as connection:
        connection.execute(
            text(
                "INSERT INTO blind_samples (id, span_start, span_end, wanted, seed, drawn_by, drawn_at) "
                "VALUES (:id, '2026-01-01', '2026-12-31', 1, 'a seed', 'somebody', :at)"
            ),
            sample,
        )
        connection.execute(
            text(
                "INSERT INTO blind_codings (sample_id, comment_id, response_id, place, first_coder, first_polarity, "
                "first_themes, second_coder, second_polarity, second_themes, coded_at, codebook) "
                "VALUES (:id, :comment, :response, 1, 'one', 'mixed', '{}', 'two', 'mixed', '{}', :at, '1')"
            ),
            sample,
        )
