"""Brings a database to the shape that this version of the program needs, or back.

Alembic is loaded only where it is at work: web servers never change a table, and it would take a tenth of their memory.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from hscb_voice.foundation.database import Database, reachable
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.foundation.watchdog import unhurried

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

_SCRIPTS = Path(__file__).parent.parent.parent / "migrations"
_LONGEST_STEP_SECONDS = 3600  # rebuilding a large table may take a while, and nobody waits before a page


def migrate(database: Database, target: str = "head", keys: KeyRing | None = None) -> None:
    """Run the migrations up, or down, to a revision.

    Args:
        database: which database.
        target: a revision such as `0001`, `head` for the newest, `base` for an empty database.
        keys: seal what an earlier version kept in the clear; an empty database needs none.

    Raises:
        DatabaseUnreachableError: the database does not answer, or its file is none.
    """
    from alembic import command  # noqa: PLC0415 - see above

    with reachable(), unhurried(_LONGEST_STEP_SECONDS), database.engine.connect() as connection:
        config = _config()
        config.attributes |= {"connection": connection, "keys": keys}
        is_down = target == "base" or _is_ahead_of(connection, target)
        connection.rollback()
        # SQLite rebuilds tables to alter them, and may not mind references while it does.
        if database.is_sqlite:
            _mind_references(connection, yes=False)
        (command.downgrade if is_down else command.upgrade)(config, target)
        connection.commit()
        if database.is_sqlite:
            _mind_references(connection, yes=True)


def _mind_references(connection: Connection, *, yes: bool) -> None:
    """Say so to SQLite itself: within a transaction, which SQLAlchemy would begin, it does not listen to this."""
    raw: Any = connection.connection.driver_connection
    raw.execute(f"PRAGMA foreign_keys={'ON' if yes else 'OFF'}")


def revision_of(database: Database) -> str | None:
    """Return the revision at which a database stands; None when it is empty.

    Raises:
        DatabaseUnreachableError: the database does not answer.
    """
    with reachable(), database.engine.connect() as connection:
        return _current_revision(connection)


def newest_revision() -> str:
    """Return the revision that this version of the program needs."""
    return str(_scripts().get_current_head())


def known_revisions() -> frozenset[str]:
    """Return every revision that this version of the program has been through."""
    return frozenset(script.revision for script in _scripts().walk_revisions())


def older_revisions(current: str) -> list[str]:
    """Return the revisions to which a database can go back.

    Args:
        current: where it stands.

    Returns:
        Older ones, newest first; none when the program does not know where it stands.
    """
    known = [str(each.revision) for each in _scripts().walk_revisions()]
    return known[known.index(current) + 1 :] if current in known else []


def _config() -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - see above

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    return config


def _scripts() -> "ScriptDirectory":
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - see above

    return ScriptDirectory.from_config(_config())


def _current_revision(connection: Connection) -> str | None:
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415 - see above

    return MigrationContext.configure(connection).get_current_revision()


def _is_ahead_of(connection: Connection, target: str) -> bool:
    current = _current_revision(connection)
    return target != "head" and current is not None and target < current
