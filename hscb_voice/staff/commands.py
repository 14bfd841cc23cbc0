"""Commands for accounts: add or invite somebody, list everybody, help who has lost the second step.

The first administrator comes in by this door. What is done here is noted in the record as done by the platform.
"""

import sys
from collections.abc import Callable

import click

from hscb_voice.foundation.platform import PlatformDoor
from hscb_voice.staff.entry_links import invite
from hscb_voice.staff.errors import UnknownPersonError
from hscb_voice.staff.notices import letters_go, send_link, tell_of_second_factor
from hscb_voice.staff.oidc_commands import join_command, leave_command
from hscb_voice.staff.passwords import SHORTEST
from hscb_voice.staff.queries import credentials_by, everybody, person_by_id
from hscb_voice.staff.roles import Role
from hscb_voice.staff.service import PLATFORM, NewPerson, add_person, reset_second_factor

_WHOM = (
    click.option("--email", required=True, help="Their email address; they sign in with it."),
    click.option("--name", required=True, help="Their name, as colleagues know it."),
    click.option(
        "--role",
        "roles",
        required=True,
        multiple=True,
        type=click.Choice([role.value for role in Role]),
        help="What they are; may be given more than once.",
    ),
    click.option("--team", "teams", multiple=True, help="A team of theirs; may be given more than once."),
)


def _whom(function: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(_WHOM):
        function = option(function)
    return function


@click.group("staff")
def staff_group() -> None:
    """People who work here: add or invite somebody, list everybody, reset a second step."""


@staff_group.command("add")
@_whom
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking for it.")
@click.pass_obj
def add_command(
    door: PlatformDoor, email: str, name: str, roles: tuple[str, ...], teams: tuple[str, ...], *, password_stdin: bool
) -> None:
    """Add somebody. Their password must have at least twelve characters."""
    platform = door.open()
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        asked = f"Password (at least {SHORTEST} characters; it is not shown)"
        password = str(click.prompt(asked, hide_input=True, confirmation_prompt="The same again"))
    new = NewPerson(email, name, frozenset(Role(role) for role in roles), frozenset(teams))
    with platform.database.writing() as connection:
        add_person(connection, new, password, now=platform.clock.now())
    click.echo(f"Added {name}: {', '.join(sorted(role.label for role in new.roles))}.")


@staff_group.command("invite")
@_whom
@click.pass_obj
def invite_command(door: PlatformDoor, email: str, name: str, roles: tuple[str, ...], teams: tuple[str, ...]) -> None:
    """Invite somebody: they choose their password and second step by a link that works once, for 48 hours."""
    platform = door.open()
    new = NewPerson(email, name, frozenset(Role(role) for role in roles), frozenset(teams))
    with platform.database.writing() as connection:
        link = invite(connection, new, now=platform.clock.now(), by=PLATFORM)
        send_link(connection, platform, link)
    if letters_go(platform):
        click.echo(f"Invited {link.person.name}: a letter goes to {link.person.email}.")
    else:
        click.echo(f"Invited {link.person.name}. No mail is set up: hand this link over. It is shown only now.")
        click.echo(link.address(platform.settings.public_address))


@staff_group.command("reset-second-factor")
@click.option("--email", required=True, help="Whose second step is lost.")
@click.confirmation_option(prompt="Are you sure that it is really them who asks")
@click.pass_obj
def reset_second_factor_command(door: PlatformDoor, email: str) -> None:
    """Take somebody's second factors away. They set up new ones when they next sign in; every session ends."""
    platform = door.open()
    with platform.database.writing() as connection:
        known = credentials_by(connection, email=email)
        if known is None:
            message = f"Nobody has an account with the address {email}."
            raise UnknownPersonError(message)
        reset_second_factor(connection, known.account_id, now=platform.clock.now(), by=PLATFORM)
        person = person_by_id(connection, known.account_id)
        change = "The second step of your account on Voice has been reset by whoever looks after the server"
        tell_of_second_factor(connection, platform, person, change)
    click.echo(f"{person.name} sets up a new second step at the next sign-in. Every session has ended.")


@staff_group.command("list")
@click.pass_obj
def list_command(door: PlatformDoor) -> None:
    """List everybody with an account."""
    with door.open().database.reading() as connection:
        people = everybody(connection)
    for person in people:
        roles = ", ".join(sorted(role.value for role in person.roles))
        teams = f" [{', '.join(sorted(person.own_teams))}]" if person.own_teams else ""
        state = "" if person.active else "\tdisabled"
        click.echo(f"{person.email}\t{person.name}\t{roles}{teams}{state}")
    if not people:
        click.echo("Nobody has an account yet. Add somebody with “hscb-voice staff add”.", err=True)


staff_group.add_command(join_command)
staff_group.add_command(leave_command)
