"""Keeps what was sent, in one transaction, and then has it screened at once, without ever holding up the reply."""

import structlog

from hscb_voice.collect.forms import Envelope
from hscb_voice.collect.ways import Way
from hscb_voice.foundation.platform import Platform
from hscb_voice.questionnaires.kinds import Answers
from hscb_voice.responses.errors import AnotherAnswerError
from hscb_voice.responses.service import SCREEN_JOB, Kept, Submission, keep, keep_second

_LOG = structlog.get_logger(__name__)


def keep_sending(platform: Platform, way: Way, envelope: Envelope, answers: Answers) -> Kept | None:
    """Keep the answers of a sitting. When this returns, they have been committed.

    Args:
        platform: keeps them.
        way: the invitation that they answer.
        envelope: what stood around them.
        answers: checked.

    Returns:
        The receipt; None when the sitting had given other answers before, and these now wait for a person.

    Raises:
        DatabaseUnreachableError: nothing was kept.
        KeyMissingError: nothing was kept.
    """
    submission = Submission(
        sitting_id=envelope.sitting,
        version=envelope.version,
        answers=answers,
        received_at=platform.clock.now(),
        variant=envelope.variant,
        language=envelope.language,
        setting=way.invitation.setting,
        respondent=envelope.version.definition.respondent_of(envelope.variant),
    )
    with platform.database.writing() as connection:
        try:
            return keep(connection, submission, platform.keys)
        except AnotherAnswerError:
            keep_second(connection, submission, platform.keys)
            return None


def screen_at_once(platform: Platform, sitting: str) -> None:
    """Have an answer screened within a second: by the worker, or here after the reply when no worker is alive.

    Whatever fails here, a worker does when it is back: the job row stays.

    Args:
        platform: holds the job.
        sitting: whose answer.
    """
    try:
        if not platform.jobs.has_worker():
            platform.jobs.run_for(sitting, (SCREEN_JOB,))
    except Exception as fault:  # noqa: BLE001 - the answer is safe and its job row stays: nothing here may reach the reply
        _LOG.warning("screening waits for the worker", fault=type(fault).__name__)


def asks_for_somebody(envelope: Envelope, answers: Answers) -> bool:
    """Tell whether a tick by itself asks for a person: scared, talk to someone, an advocate.

    Args:
        envelope: what was answered.
        answers: checked.
    """
    for question in envelope.version.definition.questions:
        answer = answers.get(question.key)
        if answer is None or question.takes_words:
            continue
        chosen = {answer} if isinstance(answer, str) else set(answer)
        if any(option.raises and option.key in chosen for option in question.options):
            return True
    return False
