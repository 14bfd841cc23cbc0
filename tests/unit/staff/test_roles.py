"""What each role may do. These sentences are the Board's promise; the table in `roles` has to keep them."""

from types import MappingProxyType

import pytest

from hscb_voice.staff import roles as table_of_roles
from hscb_voice.staff.roles import (
    FENCED_BY_TEAM,
    FREE_TEXT,
    OWN_TEAMS_ONLY,
    PERMISSIONS,
    Permission,
    Role,
    permissions_of,
    reach_of,
)


def test_every_role_has_permissions_and_a_label() -> None:
    assert set(PERMISSIONS) == set(Role)
    assert all(Permission.ENTER in PERMISSIONS[role] and role.label for role in Role)


def test_every_permission_is_somebodys() -> None:
    assert permissions_of(Role) == frozenset(Permission)


@pytest.mark.parametrize("role", [Role.BOARD_MEMBER, Role.DATA_PROTECTION_OFFICER, Role.ADMINISTRATOR])
def test_administrators_board_members_and_the_data_protection_officer_read_no_free_text(role: Role) -> None:
    assert not PERMISSIONS[role] & FREE_TEXT
    assert Permission.SEE_RESPONSES not in PERMISSIONS[role]


def test_a_board_member_sees_figures_and_actions_and_nothing_else() -> None:
    assert PERMISSIONS[Role.BOARD_MEMBER] == {Permission.ENTER, Permission.SEE_FIGURES, Permission.SEE_ACTIONS}


def test_only_the_safeguarding_lead_handles_concerns() -> None:
    assert [role for role in Role if Permission.HANDLE_CONCERNS in PERMISSIONS[role]] == [Role.SAFEGUARDING_LEAD]


def test_the_analyst_and_the_safeguarding_lead_read_code_and_approve_quotes_and_nobody_else() -> None:
    for permission in (Permission.USE_READING_ROOM, Permission.CODE_COMMENTS, Permission.APPROVE_QUOTES):
        assert {role for role in Role if permission in PERMISSIONS[role]} == {Role.ANALYST, Role.SAFEGUARDING_LEAD}


def test_the_codebook_packs_and_exports_stay_the_analysts() -> None:
    for permission in (Permission.EDIT_CODEBOOK, Permission.ISSUE_PACKS):
        assert [role for role in Role if permission in PERMISSIONS[role]] == [Role.ANALYST]
    assert Permission.EXPORT_RESPONSES not in PERMISSIONS[Role.SAFEGUARDING_LEAD]


@pytest.mark.parametrize("role", sorted(OWN_TEAMS_ONLY))
def test_workers_and_team_managers_reach_their_own_teams_only(role: Role) -> None:
    assert reach_of({role}, {"North team"}) == frozenset({"North team"})


@pytest.mark.parametrize("role", [Role.ANALYST, Role.SAFEGUARDING_LEAD])
def test_the_analyst_and_the_safeguarding_lead_reach_every_team(role: Role) -> None:
    assert reach_of({role}, {"North team"}) is None


@pytest.mark.parametrize("second", [Role.BOARD_MEMBER, Role.ADMINISTRATOR, Role.DATA_PROTECTION_OFFICER])
def test_a_second_role_without_responses_opens_no_other_teams_responses(second: Role) -> None:
    assert reach_of({Role.WORKER, second}, {"North team"}) == frozenset({"North team"})


def test_a_worker_who_is_also_analyst_still_invites_for_the_own_team_only() -> None:
    assert Permission.INVITE in FENCED_BY_TEAM
    assert reach_of({Role.WORKER, Role.ANALYST}, {"North team"}) == frozenset({"North team"})


def test_nobody_reaches_anything_without_a_role() -> None:
    assert permissions_of(set()) == frozenset()


def test_whoever_may_not_read_words_is_given_nothing_that_opens_them(monkeypatch: pytest.MonkeyPatch) -> None:
    all_but_words = frozenset(Permission) - {Permission.READ_COMMENTS}
    monkeypatch.setattr(table_of_roles, "PERMISSIONS", MappingProxyType({Role.BOARD_MEMBER: all_but_words}))
    given = permissions_of([Role.BOARD_MEMBER])
    opening = {Permission.CODE_COMMENTS, Permission.APPROVE_QUOTES, Permission.USE_READING_ROOM}
    assert given
    assert opening.isdisjoint(given)
