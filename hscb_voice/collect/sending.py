"""Keeps what was sent, in one transaction, with the concerns that it plainly raises."""

from collections.abc import Callable

import structlog
from sqlalchemy import Connection

from hscb_voice.collect.forms import Envelope
from hscb_voice.collect.ways import Way
from hscb_voice.foundation.platform import Platform
from hscb_voice.invitations.service import mark_used
from hscb_voice.questionnaires.kinds import Answers
from hscb_voice.responses.errors import AnotherAnswerError
from hscb_voice.responses.service import Kept, Span, Submission, keep, keep_second

RaiseAtOnce = Callable[[Connection, str], None]
_LOG = structlog.get_logger(__name__)


def keep_sending(
    platform: Platform,
    way: Way,
    envelope: Envelope,
    answers: Answers,
    raise_at_once: RaiseAtOnce | None = None,
    span: Span | None = None,
) -> Kept | None:
    """Keep the answers of a sitting. When this returns, they have been committed.

    Args:
        platform: keeps them.
        way: the invitation that they answer.
        envelope: what stood around them.
        answers: checked.
        raise_at_once: raises concerns in the answers' own transaction; given when they sound worrying.
        span: when it was said, if not now: a tablet may have held it.

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
        span=span,
    )

    def write(connection: Connection) -> Kept | None:
        kept: Kept | None
        try:
            kept = keep(connection, submission, platform.keys)
            if kept.is_new:
                mark_used(connection, way.invitation, submission.received_at)
        except AnotherAnswerError:
            keep_second(connection, submission, platform.keys)
            kept = None
        if raise_at_once is not None and (kept is None or kept.is_new):
            _raise(connection, envelope.sitting, raise_at_once)
        return kept

    # Answers that come at the same moment share one trip to the disk; each is thanked for after that.
    return platform.database.write_together(write)


def _raise(connection: Connection, sitting: str, raise_at_once: RaiseAtOnce) -> None:
    """Raise concerns beside the answer. If that fails, the answer stands, and its job raises them soon."""
    try:
        with connection.begin_nested():
            raise_at_once(connection, sitting)
    except Exception as fault:  # noqa: BLE001 - no fault of ours may cost a child's answer
        _LOG.warning("concerns wait for the screening", fault=type(fault).__name__)
