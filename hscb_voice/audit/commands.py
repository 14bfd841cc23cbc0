"""Commands for the record: check that nobody has changed it, and anchor it outside the database."""

from pathlib import Path

import click

from hscb_voice.audit.anchors import append_anchor, compare, read_anchors
from hscb_voice.audit.queries import ChainReport, verify
from hscb_voice.audit.service import PLATFORM, VERIFIED, note
from hscb_voice.foundation.platform import Platform, PlatformDoor


@click.group("audit")
def audit_group() -> None:
    """The record of who did and saw what."""


@audit_group.command("verify")
@click.pass_obj
def verify_command(door: PlatformDoor) -> None:
    """Check every entry against the one before; name the first that is not as it was written (exit code 1).

    That it was checked is noted in the record itself, so that `hscb-voice check` can tell when it last was.
    """
    platform = door.open()
    with platform.database.reading() as connection:
        report = verify(connection)
    _refuse_unless_sound(report)
    _note_that_it_was_checked(platform, report)
    click.echo(f"The record is sound: {report.entries} entries. Its newest hash is {report.head}.")


@audit_group.command("anchor")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Append the newest hash to this file, once what stands there already has been compared.",
)
@click.option(
    "--check",
    "compared",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Compare the record with the anchors in this file, and write nothing.",
)
@click.pass_obj
def anchor_command(door: PlatformDoor, out: Path | None, compared: Path | None) -> None:
    """Write the record's newest hash outside the database, or compare the record with what was written there.

    A record that somebody rewrote from the start, every hash reckoned anew, is sound by itself; only an anchor tells.
    Keep the file where whoever runs the database cannot write. Exit code 1 when the record is not what it was.
    """
    if (out is None) == (compared is None):
        message = "Say either --out FILE or --check FILE."
        raise click.UsageError(message)
    platform = door.open()
    anchors = read_anchors(compared or out or Path())
    with platform.database.reading() as connection:
        report = compare(connection, anchors)
    _refuse_unless_sound(report.chain)
    if report.trouble:
        message = f"The record is not what it was: {report.trouble}."
        raise click.ClickException(message)
    if out is None:
        click.echo(f"The record holds {report.chain.entries} entries and agrees with {report.anchors} anchors.")
        return
    written = append_anchor(out, report.chain, platform.clock.now())
    _note_that_it_was_checked(platform, report.chain)
    click.echo(f"Anchored: {written.number} entries, {written.entry_hash}.")


def _refuse_unless_sound(report: ChainReport) -> None:
    if not report.is_sound:
        message = f"The record is not sound: {report.trouble}. Entries before it that are sound: {report.entries}."
        raise click.ClickException(message)


def _note_that_it_was_checked(platform: Platform, report: ChainReport) -> None:
    with platform.database.writing() as connection:
        note(connection, PLATFORM, VERIFIED, f"entries 1 to {report.entries}", now=platform.clock.now())
