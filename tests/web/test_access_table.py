"""R1, R2: every staff route asks for what the table in tests/support/access_table.py says, and no role has grown."""

import pytest
from flask import Flask

from hscb_voice.staff.access import declared_access
from hscb_voice.staff.roles import FREE_TEXT, OWN_TEAMS_ONLY, PERMISSIONS, Permission, Role, permissions_of, reach_of
from tests.support.access_matrix import guarded_rules
from tests.support.access_table import GUARDED, NAMES

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
_P = Permission


def test_r2_every_route_asks_for_what_the_table_says_and_a_new_one_must_be_written_there(app: Flask) -> None:
    declared = {rule.endpoint: declared_access(app, rule.endpoint) for rule in guarded_rules(app)}
    differing = {endpoint: asks for endpoint, asks in declared.items() if GUARDED.get(endpoint) != asks}
    assert differing == {}, "write new routes into tests/support/access_table.py"


def test_r2_every_name_in_an_address_is_known(app: Flask) -> None:
    names = {name for rule in guarded_rules(app) for name in rule.arguments}
    assert names <= set(NAMES), "say in tests/support/access_table.py to whom these belong"


def test_r1_each_role_may_do_its_own_work_and_nothing_of_anothers(app: Flask) -> None:
    del app
    may = {role: permissions_of([role]) for role in Role}
    assert {role for role in Role if may[role] & {_P.READ_CONCERNS, _P.HANDLE_CONCERNS}} == {Role.SAFEGUARDING_LEAD}
    assert {role for role in Role if _P.EDIT_CODEBOOK in may[role]} == {Role.ANALYST}
    coders = {Role.ANALYST, Role.SAFEGUARDING_LEAD}
    for permission in (_P.USE_READING_ROOM, _P.CODE_COMMENTS, _P.APPROVE_QUOTES):
        assert {role for role in Role if permission in may[role]} == coders
    assert {role for role in Role if _P.MANAGE_PEOPLE in may[role]} == {Role.ADMINISTRATOR}
    assert {role for role in Role if _P.SEE_AUDIT in may[role]} == {Role.DATA_PROTECTION_OFFICER}
    assert {role for role in Role if _P.SEE_RESPONSES not in may[role]} == {
        Role.BOARD_MEMBER,
        Role.DATA_PROTECTION_OFFICER,
        Role.ADMINISTRATOR,
    }


def test_r1_administrator_board_member_and_data_protection_officer_read_no_free_text(app: Flask) -> None:
    del app
    for role in (Role.ADMINISTRATOR, Role.BOARD_MEMBER, Role.DATA_PROTECTION_OFFICER):
        assert not PERMISSIONS[role] & FREE_TEXT, role


def test_r4_whoever_opens_words_has_the_permission_to_read_them(app: Flask) -> None:
    del app
    for role, may in PERMISSIONS.items():
        assert _P.READ_COMMENTS in may or not may & FREE_TEXT, role


def test_r1_workers_and_team_managers_reach_their_own_teams_only(app: Flask) -> None:
    del app
    reach = {role: reach_of([role], ["North team"]) for role in Role}
    assert {role for role in Role if reach[role] is not None} == set(OWN_TEAMS_ONLY)
    assert frozenset({Role.WORKER, Role.TEAM_MANAGER}) == OWN_TEAMS_ONLY
