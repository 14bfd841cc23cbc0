"""The command `translations`: what there is to translate, brought to the catalogues, and how far each language is."""

from io import BytesIO
from pathlib import Path

import click
from babel.messages.pofile import write_po

from hscb_voice.translations.catalogues import (
    bring_up_to_date,
    mark_checked,
    read_catalogue,
    template_of,
    write_catalogue,
)
from hscb_voice.translations.errors import CatalogueError
from hscb_voice.translations.report import standing_of
from hscb_voice.translations.sources import all_sources
from hscb_voice.web.catalogues import CATALOGUES, catalogue_file
from hscb_voice.web.languages import DEFAULT_LANGUAGE, LANGUAGES

_CODES = click.argument("codes", nargs=-1, metavar="[LANGUAGE]...")


@click.group("translations")
def translations_group() -> None:
    """Words of respondents' pages in other languages (docs/guide-translator.md)."""


@translations_group.command("extract")
@click.option("--to", "file", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Such as words.pot.")
def extract_command(file: Path) -> None:
    """Write an empty catalogue of every text, for a translation service that asks for one."""
    packed = BytesIO()
    write_po(packed, template_of(all_sources()))
    file.write_bytes(packed.getvalue())
    click.echo(f"{file}: {len(all_sources())} texts.")


@translations_group.command("update")
@_CODES
def update_command(codes: tuple[str, ...]) -> None:
    """Bring catalogues up to date: new texts empty, changed ones doubtful, lost ones gone. A new code begins one."""
    for code in codes or _known_codes():
        bring_up_to_date(code, all_sources())
        click.echo(_summary(code))


@translations_group.command("report")
@_CODES
def report_command(codes: tuple[str, ...]) -> None:
    """Say what is missing, doubtful, lost or broken, and what no speaker has read. Fails when a language has gaps."""
    complete = True
    for code in codes or _known_codes():
        standing = standing_of(code, read_catalogue(code), all_sources())
        complete = complete and standing.is_complete
        click.echo(_summary(code))
        for fault in (*standing.missing, *standing.doubtful, *standing.broken, *standing.lost):
            click.echo(f"  {fault}")
    if not complete:
        message = "A language has gaps. Fill them in its catalogue: docs/guide-translator.md."
        raise click.ClickException(message)


@translations_group.command("checked")
@click.argument("code", metavar="LANGUAGE")
@click.option("--form", metavar="SLUG", help="Only the words of one questionnaire, such as cidva-parent.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def checked_command(code: str, form: str | None, *, yes: bool) -> None:
    """Note that a speaker has read every translation, or those of one questionnaire."""
    catalogue = read_catalogue(code)
    read = [
        message
        for message in catalogue
        if message.id and message.string and (form is None or _stands_in(message.locations, form))
    ]
    if not read:
        message = f"There is nothing to mark: no text of “{code}” stands in “{form}”."
        raise CatalogueError(message)
    if not yes:
        click.confirm(f"Has a speaker of “{code}” read all {len(read)} texts?", abort=True)
    for one in read:
        mark_checked(one)
    write_catalogue(code, catalogue)
    click.echo(_summary(code))


def _stands_in(places: list[tuple[str, int]], form: str) -> bool:
    return any(place == form or place.startswith(f"{form}/") for place, _ in places)


def _known_codes() -> list[str]:
    begun = [file.parent.parent.name for file in CATALOGUES.glob("*/LC_MESSAGES/messages.po")]
    return sorted({*begun, *LANGUAGES} - {DEFAULT_LANGUAGE})


def _summary(code: str) -> str:
    standing = standing_of(code, read_catalogue(code), all_sources())
    faults = {
        "missing": standing.missing,
        "doubtful": standing.doubtful,
        "broken": standing.broken,
        "said no more": standing.lost,
    }
    told = [f"{len(found)} {name}" for name, found in faults.items() if found]
    told.append(f"{standing.unchecked} not checked by a speaker")
    return f"{code}: {standing.total} texts; {', '.join(told)}. ({catalogue_file(code)})"
