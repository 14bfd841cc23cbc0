"""Row S1: every staff route, tried with every role on both teams' things, on both engines (R2, R3, R4).

`pytest -m faults tests/faults/test_row_s1_role_matrix.py -s` prints the size of the matrix and its mismatches.
"""

from types import MappingProxyType

import pytest
from flask import Flask

from hscb_voice.foundation.platform import Platform
from hscb_voice.staff import roles as table_of_roles
from hscb_voice.staff.roles import Permission, Role, permissions_of
from tests.support.access_matrix import OTHER, OWN, Matrix, guarded_rules, try_everything
from tests.support.two_teams import TwoTeams, fill_two_teams

pytestmark = pytest.mark.faults
READERS = {role for role in Role if Permission.READ_COMMENTS in permissions_of([role])}


@pytest.fixture
def filled(platform: Platform) -> TwoTeams:
    """Two teams' things."""
    return fill_two_teams(platform)


def told(matrix: Matrix) -> str:
    """Return a matrix's size, printed too, and what did not fit."""
    print("\nrole matrix:", matrix.size())  # noqa: T201 - the row asks for the figure
    return "\n".join(matrix.mismatches)


def test_row_s1_every_route_answers_every_role_as_the_rule_says(app: Flask, filled: TwoTeams) -> None:
    matrix = try_everything(app, filled)
    assert matrix.mismatches == [], told(matrix)
    told(matrix)
    assert {one.question.endpoint for one in matrix.tried} == {rule.endpoint for rule in guarded_rules(app)}
    assert {one.question.role for one in matrix.tried} == set(Role)
    _check_words(matrix)


def _check_words(matrix: Matrix) -> None:
    """R4: words reach nobody without the permission, nobody of another team, and nobody unnoted."""
    shown = [one for one in matrix.tried if one.shown]
    # Without this, a planted sentence that stands nowhere would prove everything.
    assert {one.question.role for one in shown} == READERS
    assert {side for one in shown for side in one.shown} == {OWN, OTHER}
    fenced = [one for one in shown if one.question.role in table_of_roles.OWN_TEAMS_ONLY]
    assert fenced
    assert [one.question for one in fenced if OTHER in one.shown] == []
    assert [one.question for one in shown if not one.is_noted] == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_row_s1_whoever_may_do_all_but_read_words_meets_none(
    app: Flask, filled: TwoTeams, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_but_words = frozenset(Permission) - {Permission.READ_COMMENTS}
    everything = {role: frozenset(Permission) for role in Role} | {Role.BOARD_MEMBER: all_but_words}
    monkeypatch.setattr(table_of_roles, "PERMISSIONS", MappingProxyType(everything))
    matrix = try_everything(app, filled, [Role.BOARD_MEMBER, Role.ADMINISTRATOR])
    assert matrix.mismatches == [], told(matrix)
    assert {one.question.role for one in matrix.tried if one.shown} == {Role.ADMINISTRATOR}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_row_s1_r3_a_worker_who_may_do_everything_still_finds_nothing_of_another_team(
    app: Flask, filled: TwoTeams, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = dict.fromkeys(Role, frozenset(Permission))
    monkeypatch.setattr(table_of_roles, "PERMISSIONS", MappingProxyType(everything))
    matrix = try_everything(app, filled, [Role.WORKER])
    assert matrix.mismatches == [], told(matrix)
    others = [one for one in matrix.tried if one.question.side == OTHER]
    assert len(others) >= 10
    assert {one.status for one in others} == {404}
    assert [one.question for one in matrix.tried if OTHER in one.shown] == []
