"""The command `tablets`: which shared tablets there are, and switching one off when nobody can sign in."""

import click

from hscb_voice.audit.service import PLATFORM
from hscb_voice.foundation.fence import Teams
from hscb_voice.foundation.platform import PlatformDoor
from hscb_voice.tablets.queries import tablet_by_id, tablets_of
from hscb_voice.tablets.service import revoke_tablet
from hscb_voice.tablets.wording import help_words, seen_words, state_words, waiting_words

_EVERY_TEAM: Teams = None


@click.group("tablets")
def tablets_group() -> None:
    """Shared tablets on which children answer."""


@tablets_group.command("list")
@click.pass_obj
def list_command(door: PlatformDoor) -> None:
    """List tablets: how each stands, when it was last heard, how many answers wait on it."""
    platform, now = door.open(), door.open().clock.now()
    with platform.database.reading() as connection:
        found = tablets_of(connection, _EVERY_TEAM)
    for one in found:
        waits = ", ".join(filter(None, (f"answers waiting: {waiting_words(one, now)}", help_words(one))))
        click.echo(f"{one.id}  {one.name} ({one.team}): {state_words(one, now)}")
        click.echo(f"    last heard: {seen_words(one, now)}; {waits}")
    if not found:
        click.echo("There is no tablet yet. Workers add them on the staff pages.")


@tablets_group.command("revoke")
@click.argument("tablet_id", metavar="ID")
@click.pass_obj
def revoke_command(door: PlatformDoor, tablet_id: str) -> None:
    """Switch the tablet ID off for good. Answers that wait on it are still taken."""
    platform = door.open()
    with platform.database.writing() as connection:
        name = tablet_by_id(connection, _EVERY_TEAM, tablet_id).name
        is_new = revoke_tablet(connection, _EVERY_TEAM, tablet_id, PLATFORM, platform.clock.now())
    click.echo(f"{name} {'has been' if is_new else 'was'} switched off{'' if is_new else ' before'}.")
    click.echo("Answers that wait on it still come in when it has a signal. To use it again, add it anew.")
