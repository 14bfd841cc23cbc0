"""Commands for accounts: add somebody, and list everybody. The first administrator comes in by this door."""

import sys

import click

from hscb_voice.foundation.platform import PlatformDoor
from hscb_voice.staff.oidc_commands import join_command, leave_command
from hscb_voice.staff.passwords import SHORTEST
from hscb_voice.staff.queries import everybody
from hscb_voice.staff.roles import Role
from hscb_voice.staff.service import NewPerson, add_person


@click.group("staff")
def staff_group() -> None:
    """People who work here: add somebody, list everybody."""


@staff_group.command("add")
@click.option("--email", required=True, help="Their email address; they sign in with it.")
@click.option("--name", required=True, help="Their name, as colleagues know it.")
@click.option(
    "--role",
    "roles",
    required=True,
    multiple=True,
    type=click.Choice([role.value for role in Role]),
    help="What they are; may be given more than once.",
)
@click.option("--team", "teams", multiple=True, help="A team of theirs; may be given more than once.")
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
