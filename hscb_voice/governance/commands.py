"""Commands of keeping and erasing: what goes by age, what goes on request, and what is told to whoever asks."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from hscb_voice.foundation.clock import written_date
from hscb_voice.foundation.platform import Platform, PlatformDoor
from hscb_voice.governance.access import FORMATS, write_copy
from hscb_voice.governance.correcting import Correction, put_right
from hscb_voice.governance.erasing import KEEP, RECORD_CHOICES, WHYS, Erasing, erase
from hscb_voice.governance.finding import find_response
from hscb_voice.governance.holding import Holding, end_hold, hold
from hscb_voice.governance.jobs import run_retention
from hscb_voice.governance.ledger import write_outside
from hscb_voice.governance.leftovers import count_leftovers
from hscb_voice.governance.retention import DueInMonth, periods, what_is_due
from hscb_voice.governance.sweeping import NotSweptError, sweep

_OPERATOR = "operator"  # whoever may run commands on the machine; the audit says so
_WHICH = (
    click.option("--receipt", default="", help="The three words, in quotation marks."),
    click.option("--response", default="", help="The id of the response, instead of its receipt."),
)


def _names_a_response(function: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(_WHICH):
        function = option(function)
    return function


@click.command("retention")
@click.option("--dry-run", is_flag=True, help="Only show what would go.")
@click.option("--sweep-wholly", is_flag=True, help="Rewrite large tables too. Answers wait meanwhile.")
@click.pass_obj
def retention_command(door: PlatformDoor, *, dry_run: bool, sweep_wholly: bool) -> None:
    """Take away words that have been kept long enough. The worker does this every day by itself."""
    platform = door.open()
    with platform.database.reading() as connection:
        due = what_is_due(connection, platform.clock.today())
        kept = periods(connection)
        leftovers = count_leftovers(connection, platform.clock.now())
    _show_due(due, kept, leftovers)
    if dry_run:
        click.echo("Nothing was changed.")
        return
    click.echo(f"The words of {run_retention(platform)} responses have gone.")
    _clear_up(platform, wholly=sweep_wholly)


@click.command("erase")
@_names_a_response
@click.option("--why", type=click.Choice(sorted(WHYS)), default="asked", show_default=True, help="By what right.")
@click.option("--record", type=click.Choice(RECORD_CHOICES), help="Of a closed concern: keep its record, or remove it.")
@click.option("--yes", is_flag=True, help="Do not ask again.")
@click.pass_obj
def erase_command(door: PlatformDoor, *, receipt: str, response: str, why: str, record: str | None, yes: bool) -> None:
    """Take a whole answer back: words, ticks, codes, quotes and figures. It cannot be undone."""
    platform = door.open()
    response_id = _found(platform, receipt, response)
    if not yes:
        click.confirm(f"Erase response {response_id} for good?", abort=True)
    erase(platform, Erasing(response_id, why, _OPERATOR, record or ""))
    kept = " The record of its concern is kept." if record == KEEP else ""
    click.echo(f"Erased: {response_id}.{kept}")
    _clear_up(platform)


@click.command("hold")
@_names_a_response
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The last day of the hold, such as 2027-03-31.")
@click.option("--reason", default="", help="Why it must stay as it is.")
@click.option("--end", is_flag=True, help="End the hold instead.")
@click.pass_obj
def hold_command(
    door: PlatformDoor, *, receipt: str, response: str, until: datetime | None, reason: str, end: bool
) -> None:
    """Hold a response, so that nothing takes it away until a day; or end a hold."""
    platform = door.open()
    response_id = _found(platform, receipt, response)
    if not end and until is None:
        message = "Say until which day: --until 2027-03-31. Or end a hold: --end."
        raise click.UsageError(message)
    with platform.database.writing() as connection:
        if until is None:
            was_held = end_hold(connection, response_id, _OPERATOR, platform.clock.now())
            click.echo("The hold has ended." if was_held else "Nobody held it.")
        else:
            hold(connection, Holding(response_id, reason, until.date(), _OPERATOR), platform.clock)
            click.echo(f"Held until {written_date(until.date())}: {response_id}.")


@click.command("correct")
@_names_a_response
@click.option(
    "--answers",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="A JSON file: question key to answer. All answers, not only those that change.",
)
@click.option("--reason", required=True, help="Why; it stands in the audit.")
@click.pass_obj
def correct_command(door: PlatformDoor, *, receipt: str, response: str, answers: Path, reason: str) -> None:
    """Put an answer right that was typed wrongly. The old words cannot be opened afterwards."""
    platform = door.open()
    try:
        given = json.loads(answers.read_text(encoding="utf-8"))
    except ValueError:
        given = None
    if not isinstance(given, dict):
        message = f"{answers} is no JSON object of question keys and answers."
        raise click.UsageError(message)
    response_id = _found(platform, receipt, response)
    put_right(platform, Correction(response_id, given, _OPERATOR, reason[:300]))
    click.echo(f"Corrected: {response_id}.")


@click.command("subject-access")
@_names_a_response
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write.")
@click.option("--as", "kind", type=click.Choice(FORMATS), default="pdf", show_default=True, help="For whom.")
@click.pass_obj
def subject_access_command(door: PlatformDoor, *, receipt: str, response: str, out: Path, kind: str) -> None:
    """Write down everything that is held about one answer. A safeguarding lead must have released it."""
    platform = door.open()
    write_copy(platform, _found(platform, receipt, response), kind, out, by=_OPERATOR)
    click.echo(f"Written: {out}. It holds somebody’s words: hand it over in person, and keep no copy.")


def _found(platform: Platform, receipt: str, response: str) -> str:
    if bool(receipt) == bool(response):
        message = "Name the answer by --receipt or by --response."
        raise click.UsageError(message)
    return find_response(platform, receipt or response, _OPERATOR, is_known=True)


def _show_due(due: list[DueInMonth], kept: dict[str, int], leftovers: dict[str, int]) -> None:
    if not due:
        click.echo("No words have been kept long enough to go.")
    for one in due:
        stays = [f"{one.held} held"] if one.held else []
        stays += [f"{one.not_over} not over"] if one.not_over else []
        more = f" ({', '.join(stays)}: they stay)" if stays else ""
        click.echo(f"{one.slug}, {one.month:%B %Y}, kept {kept[one.slug]} months: {one.words_due} to go{more}")
    for name, number in leftovers.items():
        click.echo(f"Leftovers, {name}: {number} to go")


def _clear_up(platform: Platform, *, wholly: bool = False) -> None:
    write_outside(platform.database, platform.settings.erasure_ledger, platform.clock)
    try:
        sweep(platform.database, wholly=wholly)
    except NotSweptError as fault:
        click.echo(f"{fault} The worker sees to it.", err=True)
