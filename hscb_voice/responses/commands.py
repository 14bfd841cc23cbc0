"""The command `import`: answers that were given elsewhere, brought in from a file."""

from collections import Counter
from pathlib import Path

import click

from hscb_voice.foundation.platform import PlatformDoor
from hscb_voice.responses.importing import import_records, read_records
from hscb_voice.responses.queries import response_of_receipt

_EACH = 100


@click.command("receipt")
@click.argument("words", nargs=-1, required=True)
@click.pass_obj
def receipt_command(door: PlatformDoor, words: tuple[str, ...]) -> int:
    """Find the response to which the three WORDS of a receipt belong, for somebody who asks about their answer."""
    platform = door.open()
    with platform.database.reading() as connection:
        response_id = response_of_receipt(connection, platform.keys, " ".join(words))
    if response_id is None:
        click.echo("No answer has these words. Look again at how they are spelt, and in which order.", err=True)
        return 1
    click.echo(f"{platform.settings.public_address}/staff/responses/{response_id}")
    return 0


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--invented", is_flag=True, help="Mark every response as invented, for demonstration.")
@click.option("--read/--no-read", default=True, help="Screen and read the answers now, or leave it to the worker.")
@click.pass_obj
def import_command(door: PlatformDoor, file: Path, *, invented: bool, read: bool) -> int:
    """Bring in FILE: JSON lines, or CSV with a header. Importing a file again changes nothing.

    Each line that cannot be kept is named with its reason, and the rest is brought in.
    """
    platform = door.prepare()
    outcomes: Counter[str] = Counter()
    for line in import_records(platform.database, platform.keys, platform.clock, read_records(file), invented=invented):
        outcomes[line.outcome] += 1
        if line.outcome == "refused":
            click.echo(f"Line {line.number}{f' ({line.id})' if line.id else ''}: refused, {line.reason}.", err=True)
        if outcomes.total() % _EACH == 0:
            click.echo(f"{outcomes.total()} lines ...", err=True)
    if read:
        platform.jobs.run_all_due(_EACH, lambda done: click.echo(f"{done} pieces of reading done ...", err=True))
    click.echo(f"{outcomes['kept']} kept, {outcomes['known']} known already, {outcomes['refused']} refused.")
    return 1 if outcomes["refused"] else 0
