"""One demonstration account for each role, all with the same printed password: never on a real installation."""

from dataclasses import dataclass

from hscb_voice.foundation.platform import Platform
from hscb_voice.staff.errors import KnownAddressError
from hscb_voice.staff.roles import OWN_TEAMS_ONLY, Role
from hscb_voice.staff.service import NewPerson, add_person

PASSWORD = "apples on the windowsill"  # noqa: S105 - printed on the screen, for demonstration data only
_TEAM = "City"


@dataclass(frozen=True)
class DemonstrationPerson:
    """Whom one can sign in as."""

    role: Role
    email: str

    @property
    def role_name(self) -> str:
        """The role as people say it."""
        return self.role.label


def people() -> tuple[DemonstrationPerson, ...]:
    """Return one person a role."""
    return tuple(DemonstrationPerson(role, f"{role.value.replace('_', '.')}@example.org") for role in Role)


def add_people(platform: Platform) -> None:
    """Add the demonstration accounts that are not there yet.

    Args:
        platform: a demonstration's platform.
    """
    for person in people():
        teams = frozenset({_TEAM}) if person.role in OWN_TEAMS_ONLY else frozenset()
        new = NewPerson(person.email, f"Demonstration {person.role_name.lower()}", frozenset({person.role}), teams)
        try:
            with platform.database.writing() as connection:
                add_person(connection, new, PASSWORD, now=platform.clock.now())
        except KnownAddressError:
            continue
