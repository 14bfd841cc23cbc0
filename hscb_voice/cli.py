"""The command `hscb-voice`: finds each room's commands and turns expected errors into plain words.

A room is loaded only when one of its commands is asked for: who reads comments waits for no web page and no database.
"""

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import Context, Option

from hscb_voice import __version__
from hscb_voice.foundation.errors import VoiceError

if TYPE_CHECKING:
    from hscb_voice.foundation.platform import PlatformDoor

_FAULT = 1
_COMMANDS = {
    "analyse": "themes.commands:analyse_command",
    "audit": "audit.commands:audit_group",
    "backup": "keeping.commands:backup_command",
    "check": "operations.commands:check_command",
    "codebook": "codebooks.commands:codebook_group",
    "correct": "governance.commands:correct_command",
    "demo": "demonstration.commands:demo_command",
    "erase": "governance.commands:erase_command",
    "figures": "board.commands:figures_command",
    "hold": "governance.commands:hold_command",
    "import": "responses.commands:import_command",
    "invite": "invitations.commands:invite_command",
    "keys": "keeping.commands:keys_group",
    "learn": "themes.learn_command:learn_command",
    "metrics": "operations.commands:metrics_command",
    "migrate": "installing:migrate_command",
    "pack": "packs.commands:pack_command",
    "paper": "paper.commands:paper_command",
    "receipt": "responses.commands:receipt_command",
    "restore": "keeping.commands:restore_command",
    "retention": "governance.commands:retention_command",
    "serve": "running:serve_command",
    "staff": "staff.commands:staff_group",
    "subject-access": "governance.commands:subject_access_command",
    "tablets": "tablets.commands:tablets_group",
    "translations": "translations.commands:translations_group",
    "worker": "running:worker_command",
}
"""Name -> the module in this house and what the command is called there."""
_WITHOUT_INSTALLATION = frozenset({"analyse", "learn", "translations"})


class _Voice(click.Group):
    """The commands by name, each loaded when it is asked for."""

    def list_commands(self, ctx: Context) -> list[str]:  # noqa: ARG002 - as click asks for it
        return sorted(_COMMANDS)

    def get_command(self, ctx: Context, cmd_name: str) -> click.Command | None:
        place = _COMMANDS.get(cmd_name)
        if place is None:
            return None
        room, _, name = place.partition(":")
        command: click.Command = getattr(import_module(f"hscb_voice.{room}"), name)
        if cmd_name in _WITHOUT_INSTALLATION:
            return command
        if ctx.obj is None:
            ctx.obj = _door()
        return _takes_data(command)


def _door() -> "PlatformDoor":
    from hscb_voice.foundation.platform import PlatformDoor  # noqa: PLC0415 - it brings the database, which not all need
    from hscb_voice.installing import open_installation, prepare_installation  # noqa: PLC0415 - it brings every room

    return PlatformDoor(open_installation, prepare_installation)


def _note_data(context: Context, _option: click.Parameter, value: Path | None) -> None:
    if value is not None:
        door: PlatformDoor = context.obj
        door.data_folder = value


def _takes_data(command: click.Command) -> click.Command:
    """Give a command, and those below it, the option that names the data folder."""
    if isinstance(command, click.Group):
        for below in command.commands.values():
            _takes_data(below)
    runs_itself = not isinstance(command, click.Group) or command.invoke_without_command
    if runs_itself and not any(parameter.name == "data" for parameter in command.params):
        command.params.append(
            Option(
                ["--data"],
                type=click.Path(file_okay=False, path_type=Path),
                help="The folder of the embedded database (otherwise VOICE_DATA, otherwise ./var).",
                expose_value=False,
                callback=_note_data,
            )
        )
    return command


@click.group(cls=_Voice, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="hscb-voice")
def voice() -> None:
    """Hear children: questionnaires, answers, concerns and figures of a safeguarding children board."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; what goes wrong is said in one plain line.

    Args:
        arguments: what was typed after the name; the process's own when left out.

    Raises:
        SystemExit: always, with 0 when it went well, 1 when it could not be done, 2 when it was asked wrongly.
    """
    try:
        code = voice.main(args=arguments, prog_name="hscb-voice", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except click.ClickException as mistake:
        mistake.show()
        sys.exit(mistake.exit_code)
    except click.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except VoiceError as trouble:
        click.echo(f"Error: {trouble}", err=True)
        sys.exit(_FAULT)
    except BrokenPipeError:
        # The reader of our output went away (| head): that is no mistake of anybody's.
        sys.stderr.close()
        sys.exit(0)
    except OSError as fault:
        click.echo(f"Error: {fault.strerror}: {fault.filename}", err=True)
        sys.exit(_FAULT)
