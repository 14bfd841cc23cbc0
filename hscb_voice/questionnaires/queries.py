"""Reading published questionnaires. Versions never change, so each is parsed once a process."""

from dataclasses import dataclass

from sqlalchemy import Connection, Row, select

from hscb_voice.questionnaires.definition import Definition
from hscb_voice.questionnaires.errors import UnknownQuestionnaireError
from hscb_voice.questionnaires.models import QuestionnaireVersion


@dataclass(frozen=True)
class PublishedVersion:
    """A published wording."""

    id: int
    slug: str
    number: int
    content_hash: str
    definition: Definition


# By content hash, not by id: two databases of one process may give the same id to different wordings.
_PARSED: dict[str, Definition] = {}

_COLUMNS = (
    QuestionnaireVersion.id,
    QuestionnaireVersion.slug,
    QuestionnaireVersion.number,
    QuestionnaireVersion.content_hash,
)
_ALL = select(*_COLUMNS).order_by(QuestionnaireVersion.slug, QuestionnaireVersion.number.desc())


def current_version(connection: Connection, slug: str) -> PublishedVersion:
    """Return the wording that is asked now.

    Args:
        connection: a reading connection.
        slug: which questionnaire.

    Returns:
        Its newest version.

    Raises:
        UnknownQuestionnaireError: nothing of that name is published.
    """
    table = QuestionnaireVersion
    row = connection.execute(select(*_COLUMNS).where(table.slug == slug).order_by(table.number.desc()).limit(1)).first()
    return _parsed(connection, row, slug)


def version_by_id(connection: Connection, version_id: int) -> PublishedVersion:
    """Return one version, however old.

    Args:
        connection: a reading connection.
        version_id: which.

    Returns:
        The version.

    Raises:
        UnknownQuestionnaireError: there is none of that id.
    """
    row = connection.execute(select(*_COLUMNS).where(QuestionnaireVersion.id == version_id)).first()
    return _parsed(connection, row, str(version_id))


def published_slugs(connection: Connection) -> tuple[str, ...]:
    """Return the slugs of all published questionnaires, in order."""
    rows = connection.execute(select(QuestionnaireVersion.slug).distinct().order_by(QuestionnaireVersion.slug))
    return tuple(rows.scalars())


def versions_of(connection: Connection, slug: str) -> list[PublishedVersion]:
    """Return every wording of a questionnaire, oldest first; none when nothing of that name is published."""
    table = QuestionnaireVersion
    rows = connection.execute(select(*_COLUMNS).where(table.slug == slug).order_by(table.number)).all()
    return [_parsed(connection, row, slug) for row in rows]


def all_versions(connection: Connection) -> dict[str, list[PublishedVersion]]:
    """Return every wording of every published questionnaire, by slug in order, each with its newest first."""
    found: dict[str, list[PublishedVersion]] = {}
    for row in connection.execute(_ALL).all():
        found.setdefault(row.slug, []).append(_parsed(connection, row, row.slug))
    return found


def _parsed(connection: Connection, row: Row[int, str, int, str] | None, name: str) -> PublishedVersion:
    if row is None:
        message = f"There is no published questionnaire “{name}”."
        raise UnknownQuestionnaireError(message)
    definition = _PARSED.get(row.content_hash)
    if definition is None:
        table = QuestionnaireVersion
        raw = connection.execute(select(table.definition).where(table.id == row.id)).scalar_one()
        definition = _PARSED[row.content_hash] = Definition.model_validate(raw)
    return PublishedVersion(row.id, row.slug, row.number, row.content_hash, definition)
