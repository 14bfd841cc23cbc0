"""Keeps what somebody adds to their answer, with the concerns that it plainly raises, in one transaction."""

import structlog
from sqlalchemy import Connection, select

from hscb_voice.collect.sending import RaiseAtOnce
from hscb_voice.foundation.platform import Platform
from hscb_voice.language.reading import Comment
from hscb_voice.language.worry import worry_by_rules
from hscb_voice.responses.adding import Added, add_words
from hscb_voice.responses.models import Response

LONGEST_WORDS = 4000
_LOG = structlog.get_logger(__name__)


def add_and_screen(platform: Platform, added: Added, raise_at_once: RaiseAtOnce) -> bool:
    """Keep further words. When this returns they have been committed; a job screens them whole.

    Args:
        platform: keeps them.
        added: what is added, and to which answer.
        raise_at_once: raises concerns in the words' own transaction, when they sound worrying.

    Returns:
        Whether they sound worrying.

    Raises:
        UnknownResponseError: there is no such answer.
        ErasedError: its words have gone.
        TooManyAddedError: a person must help.
        DatabaseUnreachableError: nothing was kept.
        KeyMissingError: nothing was kept.
    """
    with platform.database.writing() as connection:
        query = select(Response.respondent, Response.language).where(Response.id == added.response_id)
        row = connection.execute(query).first()
        worried = row is not None and sounds_worrying(added.text, row.respondent, row.language)
        if add_words(connection, added, platform.keys, platform.clock.now()) and worried:
            _raise(connection, added.response_id, raise_at_once)
    return worried


def sounds_worrying(text: str, who: str, language: str) -> bool:
    """Tell whether the rules find a worry in words.

    Args:
        text: the words.
        who: child, parent or professional.
        language: in which the answer was given.
    """
    return worry_by_rules(Comment("", text, who, "", language=language)).flag


def _raise(connection: Connection, response_id: str, raise_at_once: RaiseAtOnce) -> None:
    """Raise concerns beside the words. If that fails, the words stand, and their job raises them soon."""
    try:
        with connection.begin_nested():
            raise_at_once(connection, response_id)
    except Exception as fault:  # noqa: BLE001 - no fault of ours may cost a child's words
        _LOG.warning("concerns wait for the screening", fault=type(fault).__name__)
