"""Answers for tests, kept as the page would keep them: checked against the questionnaire, in one transaction."""

from typing import Any

from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.platform import Platform
from hscb_voice.questionnaires.kinds import check_answers
from hscb_voice.questionnaires.queries import current_version
from hscb_voice.responses.service import Kept, Setting, Submission, keep, keep_second

CHILD = "support-worker-child"


def submission(
    platform: Platform,
    answers: dict[str, Any],
    *,
    slug: str = CHILD,
    sitting_id: str | None = None,
    setting: Setting | None = None,
    **more: Any,
) -> Submission:
    """Return a checked answer, ready to be kept.

    Args:
        platform: where the questionnaire is published.
        answers: question key -> what was given.
        slug: which questionnaire.
        sitting_id: the sitting; a new one when left out.
        setting: what the worker's invitation says.
        **more: further fields of `Submission`.

    Returns:
        The submission, received now by the platform's clock.
    """
    with platform.database.reading() as connection:
        version = current_version(connection, slug)
    return Submission(
        sitting_id=sitting_id or new_id(),
        version=version,
        answers=check_answers(version.definition, answers),
        received_at=more.pop("received_at", platform.clock.now()),
        setting=setting or Setting(),
        **more,
    )


def keep_answer(platform: Platform, answers: dict[str, Any], **more: Any) -> Kept:
    """Keep an answer and return what the sitting is told; the arguments are those of `submission`."""
    with platform.database.writing() as connection:
        return keep(connection, submission(platform, answers, **more), platform.keys)


def keep_second_answer(platform: Platform, answers: dict[str, Any], **more: Any) -> None:
    """Hold a different answer of a sitting already used; the arguments are those of `submission`."""
    with platform.database.writing() as connection:
        keep_second(connection, submission(platform, answers, **more), platform.keys)
