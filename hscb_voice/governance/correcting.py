"""Correcting an answer: every room forgets what it made of the old one, and the new one is screened and read afresh.

Only where nothing is open: an open concern's evidence is never changed under the eyes of whoever looks after it.
"""

from dataclasses import dataclass

from hscb_voice.audit.service import note
from hscb_voice.foundation.jobs import enqueue
from hscb_voice.foundation.platform import Platform
from hscb_voice.governance.erasing import KEEP, refuse_unsettled
from hscb_voice.governance.sweeping import EVERYTHING, SWEEP_JOB
from hscb_voice.questionnaires.kinds import Answers, check_answers
from hscb_voice.questionnaires.queries import version_by_id
from hscb_voice.responses.correcting import correct
from hscb_voice.responses.queries import EVERY_TEAM, response_by_id
from hscb_voice.responses.service import SCREEN_JOB
from hscb_voice.safeguarding.forgetting import count_concerns, fade_places
from hscb_voice.themes.forgetting import forget_codes


@dataclass(frozen=True)
class Correction:
    """Other answers for a response, and who asked for them to be put right."""

    response_id: str
    answers: Answers  # as they were given: question key -> answer
    by: str
    reason: str


def put_right(platform: Platform, wanted: Correction) -> None:
    """Put other answers in the place of those that were wrong. The old words cannot be opened afterwards.

    Args:
        platform: where it stands.
        wanted: what, by whom and why.

    Raises:
        UnknownResponseError: there is no such answer.
        ErasedError: its words have gone.
        AnswerError: an answer does not fit the form that was answered.
        NotNowError: a concern is open, or somebody holds the response.
    """
    platform.jobs.run_for(wanted.response_id, (SCREEN_JOB,))
    now = platform.clock.now()
    with platform.database.writing() as connection:
        # What was done about a closed concern stays as it is, so there is nothing to decide about its record.
        refuse_unsettled(connection, wanted.response_id, KEEP, platform.clock.today())
        version = version_by_id(connection, response_by_id(connection, EVERY_TEAM, wanted.response_id).version_id)
        answers = check_answers(version.definition, wanted.answers)
        forget_codes(connection, wanted.response_id)
        count_concerns(connection, wanted.response_id, step=-1)
        fade_places(connection, wanted.response_id)
        correct(connection, wanted.response_id, answers, platform.keys, now)
        count_concerns(connection, wanted.response_id, step=1)
        enqueue(connection, (SWEEP_JOB,), EVERYTHING, now)
        subject = f"response {wanted.response_id}"
        note(connection, wanted.by, "corrected an answer", subject, now=now, reason=wanted.reason)
    platform.jobs.run_for(wanted.response_id, (SCREEN_JOB,))
