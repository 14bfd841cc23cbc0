"""Publishing: a definition becomes an immutable version. Nothing here edits one."""

import hashlib

from sqlalchemy import Connection, insert, select

from hscb_voice.foundation.clock import Clock
from hscb_voice.questionnaires.definition import Definition
from hscb_voice.questionnaires.models import QuestionnaireVersion


def content_hash(definition: Definition) -> str:
    """Return the hash that tells one wording from another.

    Args:
        definition: the questionnaire.

    Returns:
        64 hexadecimal digits.
    """
    return hashlib.sha256(definition.model_dump_json().encode()).hexdigest()


def publish(connection: Connection, definition: Definition, clock: Clock) -> int:
    """Publish a wording; publishing what is already current changes nothing.

    Args:
        connection: a writing connection.
        definition: what will be asked.
        clock: tells when.

    Returns:
        The id of the version that is current now.
    """
    table = QuestionnaireVersion
    digest = content_hash(definition)
    last = connection.execute(
        select(table.id, table.number, table.content_hash)
        .where(table.slug == definition.slug)
        .order_by(table.number.desc())
        .limit(1)
    ).first()
    if last is not None and last.content_hash == digest:
        return int(last.id)
    row = {
        "slug": definition.slug,
        "number": last.number + 1 if last else 1,
        "content_hash": digest,
        "definition": definition.model_dump(mode="json"),
        "published_at": clock.now(),
    }
    return connection.execute(insert(table).returning(table.id), row).scalar_one()
