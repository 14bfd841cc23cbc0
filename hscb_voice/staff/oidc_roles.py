"""Which of the council's groups is which role here, and in which team. Pure: no database, no page.

Whoever is in none of the groups is nobody here, however well they have signed in there.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from hscb_voice.foundation.errors import SettingError
from hscb_voice.staff.roles import Role

_COMMENT, _IS, _IN = "#", "=", "@"
_LONGEST_TEAM = 80


@dataclass(frozen=True)
class Granted:
    """What a group, or several together, make of somebody."""

    roles: frozenset[Role]
    teams: frozenset[str]


@dataclass(frozen=True)
class GroupRoles:
    """Every group that means something here."""

    by_group: dict[str, Granted]

    def granted(self, groups: Iterable[str]) -> Granted:
        """Return what somebody's groups make of them together.

        Args:
            groups: names or ids as the sign-in service tells them; they must fit letter for letter.

        Returns:
            All their roles and teams; no role when none of the groups is known.
        """
        found = [self.by_group[group] for group in groups if group in self.by_group]
        roles = frozenset(role for one in found for role in one.roles)
        return Granted(roles, frozenset(team for one in found for team in one.teams))


def read_group_roles(text: str) -> GroupRoles:
    """Read the list of groups.

    Args:
        text: one group a line: `Group = role`, `Group = role @ Team` or `Group = @ Team`; a group may have several
            lines, and `#` begins a remark.

    Returns:
        The groups.

    Raises:
        SettingError: a line cannot be read, or names no role of ours; the message names it.
    """
    by_group: dict[str, Granted] = {}
    for line in text.splitlines():
        said = line.split(_COMMENT, 1)[0].strip()
        if not said:
            continue
        group, granted = _read(said)
        before = by_group.get(group, Granted(frozenset(), frozenset()))
        by_group[group] = Granted(before.roles | granted.roles, before.teams | granted.teams)
    if not any(granted.roles for granted in by_group.values()):
        message = "VOICE_OIDC_ROLES gives no group a role, so nobody could sign in."
        raise SettingError(message)
    return GroupRoles(by_group)


def _read(said: str) -> tuple[str, Granted]:
    group, is_there, right = (part.strip() for part in said.rpartition(_IS))
    role, _, team = (part.strip() for part in right.partition(_IN))
    team = " ".join(team.split())
    if not is_there or not group or not (role or team) or len(team) > _LONGEST_TEAM:
        message = f"VOICE_OIDC_ROLES: “{said}” is not “Group = role” or “Group = role @ Team”."
        raise SettingError(message)
    if role and role not in {known.value for known in Role}:
        message = f"VOICE_OIDC_ROLES: “{role}” is no role. Roles are {', '.join(known.value for known in Role)}."
        raise SettingError(message)
    return group, Granted(frozenset({Role(role)} if role else set()), frozenset({team} if team else set()))
