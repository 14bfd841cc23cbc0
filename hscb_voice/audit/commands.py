"""Commands for the record: check that nobody has changed it."""

import click

from hscb_voice.audit.queries import verify
from hscb_voice.foundation.platform import PlatformDoor


@click.group("audit")
def audit_group() -> None:
    """The record of who did and saw what."""


@audit_group.command("verify")
@click.pass_obj
def verify_command(door: PlatformDoor) -> None:
    """Check every entry against the one before; name the first that is not as it was written (exit code 1)."""
    with door.open().database.reading() as connection:
        report = verify(connection)
    if not report.is_sound:
        message = f"The record is not sound: {report.trouble}. Entries before it that are sound: {report.entries}."
        raise click.ClickException(message)
    click.echo(f"The record is sound: {report.entries} entries. Its newest hash is {report.head}.")
