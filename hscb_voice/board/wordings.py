"""The words beside the counts: each questionnaire's newest wording, with what only its earlier versions asked."""

from collections.abc import Sequence

from sqlalchemy import Connection

from hscb_voice.questionnaires.definition import Definition, Option, Question, Row
from hscb_voice.questionnaires.queries import PublishedVersion, all_versions

# By the hashes of all versions, newest first: versions never change, so what is made of them does not either.
_WHOLE: dict[tuple[str, ...], Definition] = {}


def whole_wordings(connection: Connection) -> dict[str, Definition]:
    """Return every questionnaire's newest wording, with what only its earlier versions asked set at the end.

    Args:
        connection: a reading connection.

    Returns:
        Slug -> one definition in which every counted answer has its words.
    """
    return {slug: _whole(versions) for slug, versions in all_versions(connection).items()}


def _whole(versions: Sequence[PublishedVersion]) -> Definition:
    hashes = tuple(version.content_hash for version in versions)
    known = _WHOLE.get(hashes)
    if known is None:
        questions: dict[str, Question] = {}
        for version in versions:
            for question in version.definition.questions:
                newer = questions.get(question.key)
                questions[question.key] = question if newer is None else _with_earlier(newer, question)
        newest = versions[0].definition
        known = _WHOLE[hashes] = newest.model_copy(update={"questions": tuple(questions.values())})
    return known


def _with_earlier(newer: Question, earlier: Question) -> Question:
    options: dict[str, Option] = {option.key: option for option in (*earlier.options, *newer.options)}
    rows: dict[str, Row] = {row.key: row for row in (*earlier.rows, *newer.rows)}
    order = [*newer.options, *(o for o in earlier.options if newer.option(o.key) is None)]
    known = {row.key for row in newer.rows}
    lines = [*newer.rows, *(row for row in earlier.rows if row.key not in known)]
    update = {"options": tuple(options[o.key] for o in order), "rows": tuple(rows[row.key] for row in lines)}
    return newer.model_copy(update=update)
