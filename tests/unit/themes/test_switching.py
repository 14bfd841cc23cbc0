"""Codes change places in one statement that touches no index; what has no pair stays."""

from typing import Any

from sqlalchemy import event, select

from hscb_voice.foundation.platform import Platform
from hscb_voice.themes.models import Coding
from hscb_voice.themes.service import PERSON, STANDBY
from hscb_voice.themes.switching import switch, undo_switch
from tests.support.codebooks import run_pets
from tests.unit.themes.test_rerunning import act, balances, code, said, say, themes_of, work


def test_what_only_a_person_has_coded_has_no_pair_and_stays_where_it_is(platform: Platform) -> None:
    ids = said(platform)
    alone = say(platform, "my hamster is old", read=False)
    code(platform, alone, "respect")
    run_pets(platform)
    work(platform)
    act(platform, switch)
    assert themes_of(platform, alone) == {"respect"}
    assert themes_of(platform, ids[1]) >= {"pets"}
    assert balances(platform)
    with platform.database.reading() as connection:
        kept = select(Coding.source, Coding.in_force).where(Coding.response_id == alone)
        assert {tuple(row) for row in connection.execute(kept)} == {(PERSON, True), (STANDBY, False)}
    act(platform, undo_switch)
    assert themes_of(platform, alone) == {"respect"}
    assert balances(platform)


def test_to_switch_writes_each_code_once_and_no_index(platform: Platform) -> None:
    said(platform)
    run_pets(platform)
    work(platform)
    statements: list[str] = []

    def noted(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        statements.append(statement)

    event.listen(platform.database.engine, "before_cursor_execute", noted)
    act(platform, switch)
    event.remove(platform.database.engine, "before_cursor_execute", noted)
    assert len([one for one in statements if one.startswith("UPDATE codings")]) == 1
    indexed = {column.name for index in Coding.__table__.indexes for column in index.columns}  # type: ignore[attr-defined]  # a table, not only something to select from
    assert not indexed & {"source", "in_force"}
