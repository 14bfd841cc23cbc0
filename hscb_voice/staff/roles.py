"""What each role may do, as one table that anybody can read. No database and no page decides this.

Administrators and the data-protection officer never read free text; a Board member sees safe figures and approved
quotes only; workers and team managers see their own teams' responses.
"""

from collections.abc import Iterable
from enum import StrEnum
from types import MappingProxyType


class Permission(StrEnum):
    """One thing that a person may be allowed to do."""

    ENTER = "enter"  # use the staff pages at all
    SEE_RESPONSES = "see_responses"  # lists and ticks
    READ_COMMENTS = "read_comments"  # free text
    READ_CONCERNS = "read_concerns"
    HANDLE_CONCERNS = "handle_concerns"
    SET_DUTIES = "set_duties"  # who is called about a concern
    READ_THEMES = "read_themes"
    USE_READING_ROOM = "use_reading_room"  # read what nobody has read yet, one after another
    CODE_COMMENTS = "code_comments"
    EDIT_CODEBOOK = "edit_codebook"  # what themes mean, tried on real comments
    APPROVE_QUOTES = "approve_quotes"
    SEE_FIGURES = "see_figures"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_SETTINGS = "manage_settings"
    SEE_AUDIT = "see_audit"
    KEEP_AND_ERASE = "keep_and_erase"  # holds, erasure, how long words are kept; never the words themselves
    RELEASE_COPIES = "release_copies"  # hand out what is held about an answer, words and all
    INVITE = "invite"
    KEEP_TABLETS = "keep_tablets"  # add, change and switch off shared tablets; no answer is seen there
    SEE_ACTIONS = "see_actions"  # what was said and what is done about it; report on one's own
    EXPORT_RESPONSES = "export_responses"  # take them elsewhere as a file; words only with READ_COMMENTS
    ISSUE_PACKS = "issue_packs"  # what the Board is handed, for good
    DECIDE_ACTIONS = "decide_actions"  # decide, tell people, publish


class Role(StrEnum):
    """What somebody is here."""

    WORKER = "worker"
    TEAM_MANAGER = "team_manager"
    SAFEGUARDING_LEAD = "safeguarding_lead"
    ANALYST = "analyst"
    BOARD_MEMBER = "board_member"
    DATA_PROTECTION_OFFICER = "data_protection_officer"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        """The role as people say it."""
        return _LABELS[self]


_LABELS = {
    Role.WORKER: "Worker",
    Role.TEAM_MANAGER: "Team manager",
    Role.SAFEGUARDING_LEAD: "Safeguarding lead",
    Role.ANALYST: "Analyst",
    Role.BOARD_MEMBER: "Board member",
    Role.DATA_PROTECTION_OFFICER: "Data-protection officer",
    Role.ADMINISTRATOR: "Administrator",
}

_P = Permission
PERMISSIONS = MappingProxyType(
    {
        Role.WORKER: frozenset({_P.ENTER, _P.SEE_RESPONSES, _P.READ_COMMENTS, _P.INVITE, _P.KEEP_TABLETS}),
        Role.TEAM_MANAGER: frozenset(
            {
                _P.ENTER,
                _P.SEE_RESPONSES,
                _P.READ_COMMENTS,
                _P.INVITE,
                _P.KEEP_TABLETS,
                _P.EXPORT_RESPONSES,
                _P.READ_THEMES,
                _P.SEE_FIGURES,
                _P.SEE_ACTIONS,
            }
        ),
        Role.SAFEGUARDING_LEAD: frozenset(
            {
                _P.ENTER,
                _P.SEE_RESPONSES,
                _P.READ_COMMENTS,
                _P.READ_CONCERNS,
                _P.HANDLE_CONCERNS,
                _P.USE_READING_ROOM,
                _P.CODE_COMMENTS,
                _P.APPROVE_QUOTES,
                _P.SET_DUTIES,
                _P.RELEASE_COPIES,
                _P.READ_THEMES,
                _P.SEE_FIGURES,
                _P.SEE_ACTIONS,
                _P.DECIDE_ACTIONS,
            }
        ),
        Role.ANALYST: frozenset(
            {
                _P.ENTER,
                _P.SEE_RESPONSES,
                _P.READ_COMMENTS,
                _P.USE_READING_ROOM,
                _P.READ_THEMES,
                _P.CODE_COMMENTS,
                _P.EDIT_CODEBOOK,
                _P.APPROVE_QUOTES,
                _P.EXPORT_RESPONSES,
                _P.ISSUE_PACKS,
                _P.SEE_FIGURES,
                _P.SEE_ACTIONS,
                _P.DECIDE_ACTIONS,
            }
        ),
        Role.BOARD_MEMBER: frozenset({_P.ENTER, _P.SEE_FIGURES, _P.SEE_ACTIONS}),
        Role.DATA_PROTECTION_OFFICER: frozenset({_P.ENTER, _P.SEE_FIGURES, _P.SEE_AUDIT, _P.KEEP_AND_ERASE}),
        Role.ADMINISTRATOR: frozenset({_P.ENTER, _P.MANAGE_PEOPLE, _P.MANAGE_SETTINGS, _P.SET_DUTIES, _P.KEEP_TABLETS}),
    }
)

# These roles reach only the teams that stand beside the person's name.
OWN_TEAMS_ONLY = frozenset({Role.WORKER, Role.TEAM_MANAGER})
# What a team is the fence of. Figures and themes are counted over all teams and hide small numbers instead.
FENCED_BY_TEAM = frozenset(
    {
        _P.SEE_RESPONSES,
        _P.READ_COMMENTS,
        _P.READ_CONCERNS,
        _P.HANDLE_CONCERNS,
        _P.USE_READING_ROOM,
        _P.INVITE,
        _P.KEEP_TABLETS,
        _P.RELEASE_COPIES,
        _P.EXPORT_RESPONSES,
    }
)
# Anything that shows words as somebody wrote them.
FREE_TEXT = frozenset(
    {_P.READ_COMMENTS, _P.READ_CONCERNS, _P.USE_READING_ROOM, _P.CODE_COMMENTS, _P.EDIT_CODEBOOK, _P.RELEASE_COPIES}
)

# Every page behind these shows words. Concerns can be seen without: then their words and notes stay sealed.
_OPENS_WORDS = frozenset({_P.CODE_COMMENTS, _P.EDIT_CODEBOOK, _P.APPROVE_QUOTES, _P.USE_READING_ROOM})


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """Return what a person with these roles may do. Whoever may not read words is given nothing that opens them."""
    may = frozenset(permission for role in roles for permission in PERMISSIONS[role])
    return may if Permission.READ_COMMENTS in may else may - _OPENS_WORDS


def reach_of(roles: Iterable[Role], teams: Iterable[str]) -> frozenset[str] | None:
    """Return whose responses a person may meet.

    Args:
        roles: the person's roles.
        teams: the teams beside the person's name.

    Returns:
        None for every team, only if each fenced thing the person may do comes with a role that knows no fence;
        otherwise their own teams, perhaps none. So a worker who also sits on the Board sees no other team's children.
    """
    roles = set(roles)
    fenced = permissions_of(roles) & FENCED_BY_TEAM
    unfenced = permissions_of(roles - OWN_TEAMS_ONLY)
    return None if fenced <= unfenced else frozenset(teams)
