"""Reading what was learned from people: the model in use, how each theme fared, and phrases that wait for a decision.

May not: load what trains models. A web process shows figures from here, and the worker reads comments with the model.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from hscb_voice.foundation.jobs import Job
from hscb_voice.language.learned_themes import Part, PeoplesModel, peoples_model_from
from hscb_voice.responses.models import Response
from hscb_voice.themes.errors import LearningError
from hscb_voice.themes.learning_models import LearnedModel, LearnedSwitch, PatternSuggestion

LEARN_JOB = "themes.learn"
EVERYTHING = "everything"
"""What the job of learning is about: all that people have coded."""
# A worker reads thousands of comments by one model: it is unpacked once. A model never changes under its hash.
_OPEN: dict[str, PeoplesModel] = {}
_MOST_OPEN = 2  # the one in use, and the one to which a run is pinned


@dataclass(frozen=True)
class InUse:
    """The model by which comments are read, and the themes for which somebody switched it off."""

    number: int
    people: PeoplesModel
    off: frozenset[str]


@dataclass(frozen=True)
class Taught:
    """What the newest model was taught."""

    number: int
    made_at: datetime
    codebook: str
    digest: str
    comments: int
    responses: int
    corrected: Mapping[str, int]
    parts: Mapping[str, Part]


@dataclass(frozen=True)
class Suggested:
    """A phrase that waits for a decision."""

    id: str
    theme: str
    phrase: str
    right: int
    wrong: int


def model_in_use(connection: Connection) -> InUse | None:
    """Return the model by which comments are read; None when nothing was learned, or all of it is switched off.

    Args:
        connection: any connection.
    """
    newest = connection.execute(
        select(LearnedModel.number, LearnedModel.digest).order_by(LearnedModel.number.desc()).limit(1)
    ).first()
    if newest is None:
        return None
    off = switched_off(connection)
    people = model_of(connection, newest.number, newest.digest)
    return InUse(newest.number, people, off) if people.speaks_for(off) else None


def switched_off(connection: Connection) -> frozenset[str]:
    """Return the themes for which a person wants no learned model."""
    return frozenset(connection.execute(select(LearnedSwitch.theme)).scalars())


def taught(connection: Connection) -> Taught | None:
    """Return what the newest model was taught; None when nothing was learned.

    Args:
        connection: a reading connection.
    """
    query = select(*[column for column in LearnedModel.__table__.columns if column.name != "packed"])
    row = connection.execute(query.order_by(LearnedModel.number.desc()).limit(1)).first()
    if row is None:
        return None
    return Taught(
        number=row.number,
        made_at=row.made_at,
        codebook=row.codebook,
        digest=row.digest,
        comments=row.comments,
        responses=row.responses,
        corrected=row.corrected,
        parts=model_of(connection, row.number, row.digest).parts,
    )


def open_suggestions(connection: Connection) -> list[Suggested]:
    """Return the phrases that wait for a decision, the most useful first.

    Args:
        connection: a reading connection.
    """
    found = PatternSuggestion
    query = (
        select(found.id, found.theme, found.phrase, found.right, found.wrong)
        .where(found.state == "open")
        .order_by((found.wrong - found.right), found.phrase, found.theme)
    )
    return [Suggested(*row) for row in connection.execute(query)]


def decided_suggestions(connection: Connection) -> Collection[tuple[str, str]]:
    """Return the phrases that somebody has accepted or rejected, each with its theme."""
    query = select(PatternSuggestion.theme, PatternSuggestion.phrase).where(PatternSuggestion.state != "open")
    return {(row.theme, row.phrase) for row in connection.execute(query)}


def is_learning_asked(connection: Connection) -> bool:
    """Tell whether the worker has been asked to learn and has not done it yet."""
    return connection.execute(select(Job.id).where(Job.kind == LEARN_JOB).limit(1)).first() is not None


def with_words(connection: Connection) -> int:
    """Count the responses whose words are still there, to be read again."""
    query = select(func.count()).select_from(Response).where(Response.wrapped_key.is_not(None))
    return connection.execute(query).scalar_one()


def learned_at(connection: Connection) -> dict[int, datetime]:
    """Return when each model was learned that there ever was, by number.

    Args:
        connection: a reading connection.
    """
    return {row.number: row.made_at for row in connection.execute(select(LearnedModel.number, LearnedModel.made_at))}


def model_of(connection: Connection, number: int, digest: str) -> PeoplesModel:
    """Return one model.

    Args:
        connection: any connection.
        number: its number.
        digest: its hash.

    Raises:
        LearningError: it is not here any more, or not the one that the hash names.
    """
    kept = _OPEN.get(digest)
    if kept is None:
        packed = connection.execute(select(LearnedModel.packed).where(LearnedModel.number == number)).scalar()
        kept = peoples_model_from(packed) if packed else None
        if kept is None or kept.digest != digest:
            message = "The model learned from people is not here any more as it was. Give the run up and begin anew."
            raise LearningError(message)
        if len(_OPEN) >= _MOST_OPEN:
            _OPEN.clear()
        _OPEN[digest] = kept
    return kept
