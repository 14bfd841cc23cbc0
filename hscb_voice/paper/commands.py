"""The command `paper`: a questionnaire as a printable form."""

from pathlib import Path

import click

from hscb_voice.foundation.platform import PlatformDoor
from hscb_voice.paper.printing import file_name, paper_form, printable_form


@click.command("paper")
@click.option("--questionnaire", "slug", required=True, metavar="SLUG", help="Which questionnaire.")
@click.option("--language", default="en", show_default=True, help="The language of the form.")
@click.option("--age", default=None, help="The form for one age, such as under-9; the first one when left out.")
@click.option("--point", default="", help="A point in the work with a short form, such as during.")
@click.option("--large-print", "is_large", is_flag=True, help="In large print.")
@click.option("--out", type=click.Path(path_type=Path), help="The PDF file, or a folder; otherwise the folder here.")
@click.pass_obj
def paper_command(
    door: PlatformDoor, slug: str, language: str, age: str | None, point: str, *, is_large: bool, out: Path | None
) -> None:
    """Print a questionnaire as a paper form: tagged PDF, A4, black on white.

    The code at its foot tells whoever types it in which wording it has.
    """
    platform = door.open()
    with platform.database.reading() as connection:
        form = printable_form(connection, slug, age, language, point)
    pdf = paper_form(form, platform.settings.board_name, is_large=is_large)
    place = out or Path()
    if place.is_dir():
        place /= file_name(form, is_large=is_large)
    place.write_bytes(pdf)
    click.echo(f"{place}: form {form.code}")
