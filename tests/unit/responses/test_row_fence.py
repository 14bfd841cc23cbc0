"""R2, the second fence: PostgreSQL shows a narrowed transaction only its own teams' rows, whatever the query says."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Table, create_engine, func, select, update
from sqlalchemy.exc import ProgrammingError

from hscb_voice.foundation.database import Base, Database
from hscb_voice.foundation.fence import FENCED, Teams, beyond_the_fence, fence_report, narrow_by
from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.models import Comment, Response
from hscb_voice.responses.queries import EVERY_TEAM, ResponseFilter, responses_list
from hscb_voice.staff.access import requires
from hscb_voice.staff.roles import Permission, Role
from hscb_voice.web.current import EXTENSION
from tests.support.engines import PostgresqlCluster
from tests.support.people import TEAM, sign_in
from tests.support.two_teams import OTHER_TEAM, TwoTeams, fill_two_teams

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
# Columns that lead to one response, and tables that may have one and yet stand outside the fence.
LEADS_TO_A_RESPONSE = {"response_id", "comment_id", "concern_id", "coding_id", "series_id"}
_OFFICERS = "kept by people who meet every team; ids, dates and reasons, and no answer"
OUTSIDE = {
    "access_requests": _OFFICERS,
    "erasure_wishes": _OFFICERS,
    "holds": _OFFICERS,
    "account_teams": "says who works where, and nothing of a child",
    "erasures": "a ledger of ids that outlives its responses, and holds no answer",
    "invited_counts": "how many were invited is counted over all teams, as figures are, and says nothing of a child",
    "invitations": "a code is read by every child's page, and holds no answer",
}


@pytest.fixture
def filled(platform: Platform) -> TwoTeams:
    """Two teams' things, with every fenced table in use."""
    return fill_two_teams(platform)


@pytest.fixture
def narrowed(platform: Platform) -> Iterator[Database]:
    """The same database, entered as a staff request of one team does."""
    database = Database(platform.settings.database_url)
    narrow_by(database, lambda: frozenset({TEAM}))
    yield database
    database.dispose()


def table(name: str) -> Table:
    """Return a table by its name."""
    return Base.metadata.tables[name]


def rows(database: Database, name: str) -> int:
    """Count what can be seen of a table."""
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table(name))).scalar_one()


@pytest.mark.parametrize("name", FENCED)
def test_r2_a_query_that_forgets_its_scope_meets_only_its_own_teams_rows(
    platform: Platform, filled: TwoTeams, narrowed: Database, name: str
) -> None:
    del filled
    everything = rows(platform.database, name)
    assert everything >= 2, f"nothing stands in {name}, so this test proves nothing"
    assert rows(narrowed, name) == everything // 2


def test_r2_the_rows_that_are_left_are_the_right_ones(filled: TwoTeams, narrowed: Database) -> None:
    with narrowed.reading() as connection:
        listed, total = responses_list(connection, EVERY_TEAM, ResponseFilter())
        comments = set(connection.execute(select(Comment.id)).scalars())
    assert {response.team for response in listed} == {TEAM}
    assert total == 2
    assert filled.own.comment_id in comments
    assert filled.other.comment_id not in comments


def test_r2_nobody_is_shown_any_row_while_it_is_not_known_who_asks(platform: Platform, filled: TwoTeams) -> None:
    del filled
    database = Database(platform.settings.database_url)
    narrow_by(database, frozenset)
    assert [name for name in FENCED if rows(database, name)] == []
    database.dispose()


def test_r2_another_teams_row_is_not_changed_either(filled: TwoTeams, narrowed: Database) -> None:
    with narrowed.writing() as connection:
        change = update(Response).values(locality="Elsewhere").returning(Response.id)
        changed = set(connection.execute(change).scalars())
    assert filled.own.response_id in changed
    assert filled.other.response_id not in changed


def test_r2_no_row_is_handed_to_another_team(filled: TwoTeams, narrowed: Database) -> None:
    change = update(Response).where(Response.id == filled.own.response_id).values(team=OTHER_TEAM)
    with pytest.raises(ProgrammingError, match="row-level security"), narrowed.writing() as connection:
        connection.execute(change)


def test_r2_the_fence_does_not_outlast_its_transaction(platform: Platform, filled: TwoTeams) -> None:
    del filled
    asked: list[Teams] = [frozenset({TEAM}), None]
    database = Database(platform.settings.database_url)
    narrow_by(database, lambda: asked.pop(0))
    assert rows(database, "responses") == 2
    assert rows(database, "responses") == 4  # on the same pooled connection
    database.dispose()


def test_r2_a_named_place_may_look_beyond_the_fence_and_only_for_a_while(filled: TwoTeams, narrowed: Database) -> None:
    del filled
    count = select(func.count()).select_from(Response)
    with narrowed.reading() as connection:
        with beyond_the_fence(connection):
            assert connection.execute(count).scalar_one() == 4
        assert connection.execute(count).scalar_one() == 2


def test_r2_a_staff_page_that_forgets_its_scope_shows_nothing_of_another_team(app: Flask, filled: TwoTeams) -> None:
    del filled

    def forgetful() -> str:
        with app.extensions[EXTENSION].database.reading() as connection:
            return " ".join(sorted(connection.execute(select(Response.team)).scalars()))

    app.add_url_rule("/staff/forgetful", "forgetful", requires(Permission.SEE_RESPONSES)(forgetful))
    app.add_url_rule("/elsewhere", "elsewhere", forgetful)
    worker, lead = sign_in(app, Role.WORKER), sign_in(app, Role.SAFEGUARDING_LEAD)
    assert worker.pages.client.get("/staff/forgetful").text == f"{TEAM} {TEAM}"
    assert OTHER_TEAM in lead.pages.client.get("/staff/forgetful").text
    # Respondents' pages and the worker are not narrowed, in a browser where somebody is signed in either.
    assert OTHER_TEAM in worker.pages.client.get("/elsewhere").text


def test_r2_the_fence_says_whether_it_stands(platform: Platform, postgresql: PostgresqlCluster) -> None:
    with platform.database.reading() as connection:
        assert fence_report(connection).stands
    keeper = create_engine(platform.settings.database_url.replace("//voice@", "//keeper@"))
    with keeper.connect() as connection:
        report = fence_report(connection)
    keeper.dispose()
    assert postgresql.port
    assert not report.stands
    assert "“keeper” is a superuser" in report.trouble


def test_r2_a_fence_that_was_taken_down_is_named(platform: Platform) -> None:
    with platform.database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE comments NO FORCE ROW LEVEL SECURITY")
    with platform.database.reading() as connection:
        report = fence_report(connection)
    assert not report.stands
    assert "comments" in report.trouble


def test_r2_every_table_that_leads_to_a_response_stands_within_the_fence(platform: Platform) -> None:
    del platform
    leading = {
        one.name
        for one in Base.metadata.sorted_tables
        if LEADS_TO_A_RESPONSE & set(one.columns.keys()) or "team" in one.columns
    }
    bare = leading - set(FENCED) - set(OUTSIDE)
    assert bare == set(), "put a fence on these (see fencing_of in foundation/fence.py), or say why not"
