"""Fixtures of concerns: an answer in which something worrying is said, screened."""

from collections.abc import Callable

import pytest

from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.queries import EVERY_TEAM
from hscb_voice.responses.service import SCREEN_JOB, Setting
from hscb_voice.safeguarding.queries import ConcernSummary, concerns_of
from tests.support.answering import keep_answer

WORRY = "It was ok. I am scared of my step dad."


@pytest.fixture
def worry(platform: Platform) -> Callable[..., ConcernSummary]:
    """Keep and screen an answer that raises a concern by its words; return the concern."""

    def make(text: str = WORRY, team: str = "north") -> ConcernSummary:
        kept = keep_answer(platform, {"q2a": text}, setting=Setting(team=team, service="Family support"))
        platform.jobs.run_for(kept.response_id, [SCREEN_JOB])
        with platform.database.reading() as connection:
            return concerns_of(connection, EVERY_TEAM, kept.response_id)[0]

    return make
