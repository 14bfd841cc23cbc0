"""The command `figures`: the Board's figures for other programs, and the recount of the summary table."""

import json
from datetime import date, datetime

import click

from hscb_voice.board.errors import UnknownPeriodError
from hscb_voice.board.figures import Count, Distribution, Figures, figures_of
from hscb_voice.board.figures_json import as_json
from hscb_voice.board.periods import AskedPeriod, covering
from hscb_voice.foundation.platform import PlatformDoor
from hscb_voice.questionnaires.errors import UnknownQuestionnaireError
from hscb_voice.responses.recounting import recount

_TOO_FEW = "too few to show"
_DAY = click.DateTime(["%Y-%m-%d"])


@click.group("figures", invoke_without_command=True)
@click.option("--questionnaire", "slug", metavar="SLUG", help="Which questionnaire, such as support-worker-child.")
@click.option("--from", "start", type=_DAY, metavar="DATE", help="The first day, such as 2015-04-01.")
@click.option("--to", "end", type=_DAY, metavar="DATE", help="The last day, such as 2016-03-31.")
@click.option("--json", "wants_json", is_flag=True, help="As JSON (docs/figures-json.md) instead of a table.")
@click.pass_context
def figures_command(
    context: click.Context, slug: str | None, start: datetime | None, end: datetime | None, *, wants_json: bool
) -> None:
    """Print the safe figures of a questionnaire for some days.

    Figures are given by quarter and reporting year (April to March), so the days are widened to one of these; the
    output says to which.
    """
    if context.invoked_subcommand is not None:
        return
    if slug is None or start is None or end is None:
        message = "Give --questionnaire, --from and --to; “hscb-voice figures --help” explains."
        raise click.UsageError(message)
    asked = _asked(start.date(), end.date())
    door: PlatformDoor = context.ensure_object(PlatformDoor)
    try:
        with door.open().database.reading() as connection:
            figures = figures_of(connection, slug, asked.used)
    except UnknownQuestionnaireError as trouble:
        raise click.BadParameter(str(trouble), param_hint="--questionnaire") from trouble
    if wants_json:
        click.echo(json.dumps(as_json(figures, asked), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_table(figures, asked)))


@figures_command.command("rebuild")
@click.pass_obj
def rebuild_command(door: PlatformDoor) -> None:
    """Count every response afresh, and set right what the summary table has wrong. Answers may go on coming."""
    last = None
    for last in recount(door.open().database):
        if last.of:
            click.echo(f"{last.done:,} of {last.of:,} responses counted ...", err=True)
    if last is None or not last.of:
        click.echo("There are no responses to count.")
    elif last.mended:
        click.echo(f"The figures have been counted afresh. {last.mended:,} counts were wrong, and are right now.")
    else:
        click.echo("The figures have been counted afresh. All of them were right.")


def _asked(start: date, end: date) -> AskedPeriod:
    try:
        return covering(start, end)
    except UnknownPeriodError as trouble:
        raise click.BadParameter(str(trouble), param_hint="--from and --to") from trouble


def _table(figures: Figures, asked: AskedPeriod) -> list[str]:
    lines = [f"{figures.title} ({figures.slug}), {figures.period.label}"]
    lines.append(f"Responses: {_number(figures.responses)}")
    lines.append("Invited: not noted" if figures.invited is None else f"Invited: {figures.invited}")
    for question in figures.questions:
        lines += ["", question.text, f"  answered: {_number(question.base)}"]
        for row in question.rows:
            lines += _row_lines(row)
    notes = [note for note in (asked.note, *figures.notes) if note]
    return [*lines, "", *notes]


def _row_lines(row: Distribution) -> list[str]:
    head = [f"  {row.text} (answered: {_number(row.base)})"] if row.key else []
    if row.base == 0:
        return head
    if not row.shows_any:
        return [*head, f"    {_TOO_FEW}"]
    width = max(len(count.text) for count in row.counts)
    return [*head, *(f"    {count.text:<{width}}  {_count(count)}" for count in row.counts)]


def _count(count: Count) -> str:
    if count.n is None:
        return f"at least {count.at_least}" if count.at_least else _TOO_FEW
    if count.share is None:
        return str(count.n)
    share = count.share
    return f"{count.n:>5}  {share.value:4.0%} ({share.low:.0%} to {share.high:.0%})"


def _number(n: int | None) -> str:
    return _TOO_FEW if n is None else str(n)
