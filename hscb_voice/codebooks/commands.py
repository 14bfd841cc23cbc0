"""The commands `codebook list`, `export` and `import`: versions as YAML files, in the shape of the program's own."""

from pathlib import Path

import click

from hscb_voice.audit.service import PLATFORM
from hscb_voice.codebooks import queries, service
from hscb_voice.codebooks.editing import bring_in
from hscb_voice.foundation.clock import written_date
from hscb_voice.foundation.platform import PlatformDoor
from hscb_voice.language.codebook import read_codebook, written_codebook
from hscb_voice.language.errors import LanguageError


@click.group("codebook")
def codebook_group() -> None:
    """Versions of the codebook: what themes mean, and which words show them."""


@codebook_group.command("list")
@click.pass_obj
def list_command(door: PlatformDoor) -> None:
    """List the versions, the newest first."""
    with door.open().database.reading() as connection:
        now = queries.standing(connection)
        for one in queries.versions(connection):
            when = written_date(one.published_at.date()) if one.published_at else "with the program"
            mark = " (in force)" if one.number == now.in_force else ""
            click.echo(f"{one.number}{mark}: {when}: {one.note}")


@codebook_group.command("export")
@click.option("--version", "number", type=int, help="Which version; the one in force when left out.")
@click.pass_obj
def export_command(door: PlatformDoor, number: int | None) -> None:
    """Write a version as YAML to standard output."""
    with door.open().database.reading() as connection:
        wanted = queries.standing(connection).in_force if number is None else number
        click.echo(written_codebook(queries.codebook_of(connection, wanted)), nl=False)


@codebook_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def import_command(door: PlatformDoor, file: Path) -> None:
    """Put a YAML file into the draft, for people to look at, try and publish. Nothing is in force by it."""
    platform = door.open()
    try:
        book = read_codebook(file.read_text(encoding="utf-8"))
    except (LanguageError, UnicodeDecodeError) as fault:
        message = f"{file} is no codebook: {fault}"
        raise click.ClickException(message) from fault
    with platform.database.writing() as connection:
        found = queries.draft(connection)
        turn = found.turn if found else service.begin_draft(connection, PLATFORM, platform.clock)
        did = f"Brought in {file.name}"
        now = service.change_draft(connection, turn, lambda old: bring_in(old, book), did, PLATFORM, platform.clock)
    told = "The draft says what the file says" if now != turn else "Nothing differs from the draft"
    click.echo(f"{told}: {len(book.themes)} themes. Look at it, and publish it, at /staff/codebook/draft.")
