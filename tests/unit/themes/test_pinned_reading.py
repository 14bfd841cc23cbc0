"""An answer that was read before a run began is read again by the model to which that run is pinned."""

import pytest
from sqlalchemy import select, update

from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.service import READ_JOB
from hscb_voice.themes.errors import LearningError
from hscb_voice.themes.models import CodebookRun
from hscb_voice.themes.rerunning import RERUN_JOB, begin_again
from hscb_voice.themes.switching import switch
from tests.support.answering import keep_answer


def test_what_was_read_before_a_run_began_is_read_again_when_it_is_kept(platform: Platform) -> None:
    response_id = keep_answer(platform, {"q2a": "she listened to me"}).response_id
    platform.jobs.run_for(response_id, [READ_JOB])
    with platform.database.writing() as connection:
        begin_again(connection, "somebody", platform.clock)
    platform.jobs.run_due(50, [RERUN_JOB])
    with platform.database.writing() as connection:
        switch(connection, "somebody", platform.clock)
    prepare = platform.jobs._handlers[READ_JOB].prepare  # type: ignore[union-attr]  # it is long work
    with platform.database.reading() as connection:
        write = prepare(connection, response_id)
    with platform.database.writing() as connection:
        begin_again(connection, "somebody", platform.clock)
    platform.jobs.run_due(50, [RERUN_JOB])
    with platform.database.writing() as connection:
        known = connection.execute(select(CodebookRun.id).where(CodebookRun.state == "finished")).scalar_one()
        connection.execute(
            update(CodebookRun).where(CodebookRun.id == known).values(learned=9, learned_digest="9" * 64)
        )
    with pytest.raises(LearningError, match="not here any more"), platform.database.writing() as connection:
        write(connection)
