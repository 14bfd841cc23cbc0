"""Which model learned from people a run reads by: the one in use when it began, whatever is learned meanwhile.

Why: a run takes hours, and half of it by one model and half by the next would be figures that nobody can make again.
May not: train, or read a comment.
"""

from typing import Any

from sqlalchemy import Connection, select

from hscb_voice.themes.learning_queries import InUse, model_in_use, model_of
from hscb_voice.themes.models import CodebookRun

_ENDED = ("dropped", "switched")


def pin_now(connection: Connection) -> dict[str, Any]:
    """Return the columns of a run that begins now: the model in use, its hash, and the themes that it leaves alone.

    Args:
        connection: any connection.
    """
    learned = model_in_use(connection)
    if learned is None:
        return {"learned": None, "learned_digest": None, "learned_off": None}
    return {
        "learned": learned.number,
        "learned_digest": learned.people.digest,
        "learned_off": sorted(learned.off),
    }


def model_of_run(connection: Connection, run: Any) -> InUse | None:  # noqa: ANN401 - a row with a run's columns
    """Return the model to which a run is pinned.

    Args:
        connection: any connection.
        run: a row with the columns that `pin_now` gives.

    Returns:
        The model; None when the run reads without one.

    Raises:
        LearningError: the model is not here any more, or not the one that its hash names.
    """
    if run.learned is None:
        return None
    return InUse(run.learned, model_of(connection, run.learned, run.learned_digest), frozenset(run.learned_off or ()))


def pin_standing_by(connection: Connection) -> tuple[Any, ...] | None:
    """Return the run that goes on or has finished, with its pin: what is read beside the version in force is read so.

    Args:
        connection: any connection.
    """
    run = _run_standing_by(connection)
    return None if run is None else (run.id, run.learned, run.learned_digest, run.learned_off)


def model_standing_by(connection: Connection) -> InUse | None:
    """Return the model by which what comes now is read beside the version in force.

    Args:
        connection: any connection.

    Returns:
        The model of the run that goes on or has finished; after a switch the one in use, as before the run.
    """
    run = _run_standing_by(connection)
    return model_in_use(connection) if run is None else model_of_run(connection, run)


def _run_standing_by(connection: Connection) -> Any:  # noqa: ANN401 - a row with a run's columns
    query = select(*CodebookRun.__table__.columns).where(CodebookRun.state.not_in(_ENDED))
    return connection.execute(query.order_by(CodebookRun.started_at.desc()).limit(1)).first()
