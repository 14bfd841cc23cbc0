"""The second fence: PostgreSQL itself shows a staff request only the rows of the signed-in person's teams.

The first fence stands in the queries (`visible_to`). This one holds even when a query forgets it: the staff surface
says once whose request it is, and every transaction carries that to the database, where policies on the tables decide.
It knows no role and no page. On SQLite there is no such fence; there the queries stand alone.
"""

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, event, text

from hscb_voice.foundation.database import Database

# The teams of one request; None where nothing is narrowed: the worker, commands, respondents' pages.
Teams = frozenset[str] | None
# Every table that holds something of one response or one child: ticks, words, what was made of them, what is planned.
FENCED = (
    "responses",
    "comments",
    "second_answers",
    "concerns",
    "concern_notes",
    "codings",
    "coded_themes",
    "quotes",
    "to_be_read",
    "reading_acts",
    "mask_edits",
    "blind_codings",
    "suggested_comments",
    "tablets",
    "paper_piles",
    "typed_forms",
    "uploads",
    "uploaded_rows",
    "series",
    "planned_points",
)
_SETTING = "voice.teams"
_NARROW = text(f"SELECT set_config('{_SETTING}', :teams, true)")
_NOW = text(f"SELECT coalesce(current_setting('{_SETTING}', true), '')")
_SAID = f"coalesce(current_setting('{_SETTING}', true), '')"
# Written as sub-selects of their own, so that PostgreSQL works each out once a query and not once a row.
_IS_OPEN = f"(SELECT {_SAID} = '')"
_OWN_TEAMS = f"ARRAY(SELECT jsonb_array_elements_text(nullif({_SAID}, '')::jsonb))"


@dataclass(frozen=True)
class FenceReport:
    """Whether the second fence holds on this database."""

    stands: bool
    trouble: str = ""  # in plain words; empty when it stands


def narrow_by(database: Database, whose: Callable[[], Teams]) -> None:
    """Narrow every further transaction of a database to what its asker may meet.

    Args:
        database: the staff surface's own.
        whose: asked at the start of each transaction; None narrows nothing, no teams at all shows no row.
    """
    if database.is_sqlite:
        return

    @event.listens_for(database.engine, "begin")
    def _narrow(connection: Connection) -> None:
        teams = whose()
        if teams is not None:
            connection.execute(_NARROW, {"teams": json.dumps(sorted(teams))})


@contextlib.contextmanager
def beyond_the_fence(connection: Connection) -> Iterator[None]:
    """Read rows of every team for a while, within one transaction. Each use says beside it why it may.

    Args:
        connection: in a transaction; afterwards it is as narrow as before.
    """
    if connection.dialect.name != "postgresql":
        yield
        return
    before = connection.execute(_NOW).scalar_one()
    connection.execute(_NARROW, {"teams": ""})
    yield
    # Not in a `finally`: after a fault the transaction takes no further statement, and ends with its narrowness.
    connection.execute(_NARROW, {"teams": before})


def fence_report(connection: Connection) -> FenceReport:
    """Tell whether the second fence holds for the role that this connection has come as.

    Args:
        connection: a reading connection.

    Returns:
        The report. SQLite has no second fence and says so.
    """
    if connection.dialect.name != "postgresql":
        return FenceReport(stands=False, trouble="SQLite has no row fence; the program's own queries are the only one.")
    role = connection.execute(
        text("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
    ).one()
    if role.rolsuper or role.rolbypassrls:
        what = "is a superuser" if role.rolsuper else "may bypass row-level security"
        trouble = f"The database role “{role.rolname}” {what}, so PostgreSQL's row fence does not hold for it. "
        trouble += "Use an ordinary role that owns the database and nothing else."
        return FenceReport(stands=False, trouble=trouble)
    bare = [table for table in FENCED if not _is_fenced(connection, table)]
    if bare:
        trouble = f"No row fence stands on {', '.join(bare)}. Run “hscb-voice migrate”."
        return FenceReport(stands=False, trouble=trouble)
    return FenceReport(stands=True)


def fencing_of(table: str, column: str, above: str = "") -> list[str]:
    """Return the statements that put the fence on one table. Migrations have run with these words: write others anew.

    Args:
        table: which; it belongs into `FENCED` then.
        column: the column that holds the team, or that leads to a table with a fence of its own.
        above: that table; what can be seen of it decides.

    Returns:
        PostgreSQL statements, in order. The table's owner is bound too.
    """
    own = f"{column} = ANY ({_OWN_TEAMS})"
    if above:
        own = f"EXISTS (SELECT 1 FROM {above} AS above WHERE above.id = {table}.{column})"  # noqa: S608 - our own names
    return [
        f"CREATE POLICY teams_only ON {table} USING ({_IS_OPEN} OR {own})",
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
    ]


def unfencing_of(table: str) -> list[str]:
    """Return the statements that take the fence off one table; for migrations."""
    return [
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        f"DROP POLICY teams_only ON {table}",
    ]


def _is_fenced(connection: Connection, table: str) -> bool:
    query = text("SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = to_regclass(:table)")
    return bool(connection.execute(query, {"table": table}).scalar())
