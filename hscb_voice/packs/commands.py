"""The command `pack`: a meeting pack as a file, for whoever works from the command line. It issues nothing."""

from datetime import datetime
from pathlib import Path

import click

from hscb_voice.actions.statuses import LOOKS
from hscb_voice.board.errors import UnknownPeriodError
from hscb_voice.board.periods import covering
from hscb_voice.foundation.platform import PlatformDoor
from hscb_voice.packs.composing import Asked
from hscb_voice.packs.service import STYLES, Order, compose
from hscb_voice.packs.writing import FORMATS, written

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command("pack")
@click.option("--from", "start", type=_DAY, required=True, metavar="DATE", help="The first day, such as 2016-04-01.")
@click.option("--to", "end", type=_DAY, required=True, metavar="DATE", help="The last day, such as 2017-03-31.")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), required=True, help="Of the file.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file to write.")
@click.option("--style", type=click.Choice(list(STYLES)), default="meeting", show_default=True, help="Which pack.")
@click.option(
    "--look", type=click.Choice(list(LOOKS)), default="child", show_default=True, help="For which age (young)."
)
@click.pass_obj
def pack_command(
    door: PlatformDoor,
    start: datetime,
    end: datetime,
    form: str,
    out: Path,
    *,
    style: str,
    look: str,
) -> None:
    """Write a meeting pack of some days to a file.

    Figures are given by quarter and reporting year (April to March), so the days are widened to one of these.
    """
    platform = door.open()
    try:
        used = covering(start.date(), end.date())
    except UnknownPeriodError as trouble:
        raise click.BadParameter(str(trouble), param_hint="--from and --to") from trouble
    asked = Asked(used.used, platform.settings.board_name, platform.clock.today())
    with platform.database.reading() as connection:
        document = compose(connection, platform.keys, Order(style, used.used.name, look=look), asked)
    out.write_bytes(written(document, form))
    click.echo(f"{out}: {used.used.label}")
    if used.note:
        click.echo(used.note)
