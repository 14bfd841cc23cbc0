"""The command `hscb-voice`: gathers each room's commands and turns expected errors into plain words."""

import os
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path

import click
from click.core import Context, Option

from hscb_voice import __version__
from hscb_voice.audit.commands import audit_group
from hscb_voice.board.commands import figures_command
from hscb_voice.codebooks.commands import codebook_group
from hscb_voice.codebooks.service import import_own
from hscb_voice.demonstration.commands import demo_command
from hscb_voice.factory import build_platform
from hscb_voice.foundation.database import Database
from hscb_voice.foundation.errors import KeyMissingError, VoiceError
from hscb_voice.foundation.key_register import has_register, register_current
from hscb_voice.foundation.key_sources import make_key
from hscb_voice.foundation.migrating import migrate, older_revisions, revision_of
from hscb_voice.foundation.platform import Platform, PlatformDoor
from hscb_voice.foundation.settings import Settings
from hscb_voice.governance.commands import COMMANDS as KEEPING_COMMANDS
from hscb_voice.invitations.commands import invite_command
from hscb_voice.keeping.commands import backup_command, keys_group, restore_command
from hscb_voice.operations.commands import check_command, metrics_command
from hscb_voice.packs.commands import pack_command
from hscb_voice.paper.commands import paper_command
from hscb_voice.questionnaires.reading import all_definitions
from hscb_voice.questionnaires.service import publish
from hscb_voice.responses.bodies import key_plain_hashes
from hscb_voice.responses.commands import import_command, receipt_command
from hscb_voice.responses.queries import has_responses
from hscb_voice.running import serve_command, worker_command
from hscb_voice.staff.commands import staff_group
from hscb_voice.tablets.commands import tablets_group
from hscb_voice.themes.commands import analyse_command
from hscb_voice.themes.learn_command import learn_command
from hscb_voice.translations.commands import translations_group

_FAULT = 1


def open_installation(data: Path | None) -> Platform:
    """Open an installation as the environment, or --data, says.

    Args:
        data: the embedded database's folder; None for the environment's.

    Returns:
        Its platform.

    Raises:
        SettingError: a setting is missing or wrong.
        KeyMissingError: there is no usable encryption key.
    """
    platform = build_platform(_settings(data))
    _need_a_key(platform)
    return platform


def prepare_installation(data: Path | None) -> Platform:
    """Make an installation ready: secret and key when there is none, migrations, the questionnaires published.

    Args:
        data: the embedded database's folder; None for the environment's.

    Returns:
        Its platform.

    Raises:
        SettingError: a setting is missing or wrong.
    """
    folder = Path(data or os.environ.get("VOICE_DATA", "var")).resolve()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not os.environ.get("VOICE_SECRET_KEY"):
        _make_secret(folder / "secret-key")
    settings = _settings(data)
    if not settings.key_values and not list(settings.keys_folder.glob("*.key")):
        _refuse_to_lock_out(settings)
        make_key(settings.keys_folder, "0001")
    platform = build_platform(settings)
    migrate(platform.database, keys=platform.keys)
    with platform.database.writing() as connection:
        for definition in all_definitions():
            publish(connection, definition, platform.clock)
        import_own(connection, platform.clock)
        register_current(connection, platform.keys, platform.clock.now())
    key_plain_hashes(platform.database, platform.keys)
    return platform


def _settings(data: Path | None) -> Settings:
    return Settings.from_env({**os.environ, **({"VOICE_DATA": str(data)} if data else {})})


def _need_a_key(platform: Platform) -> None:
    """A web process may outlive its keys and still show forms; a command must not start without them."""
    _ = platform.keys.current


def _refuse_to_lock_out(settings: Settings) -> None:
    """Never make a new key where words wait that were sealed with another: the old one must be brought back."""
    database = Database(settings.database_url)
    try:
        if revision_of(database) is None:
            return
        with database.reading() as connection:
            if has_register(connection) or has_responses(connection):
                message = f"This installation has keys, but none lies in {settings.keys_folder}. "
                message += "Bring the keys back first."
                raise KeyMissingError(message)
    finally:
        database.dispose()


def _make_secret(place: Path) -> None:
    try:
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48) + "\n")


def _note_data(context: Context, _option: click.Parameter, value: Path | None) -> None:
    if value is not None:
        door: PlatformDoor = context.ensure_object(PlatformDoor)
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


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="hscb-voice")
def voice() -> None:
    """Hear children: questionnaires, answers, concerns and figures of a safeguarding children board."""


@click.command("migrate")
@click.option("--back-to", metavar="NUMBER", help="Go back to the database of an older version, such as 0010.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def migrate_command(door: PlatformDoor, back_to: str | None, *, yes: bool) -> None:
    """Make the database ready for this version, and a key and secret when there is none.

    Going back drops what only the newer version knows: make a backup first.
    """
    if back_to is None:
        platform = door.prepare()
    else:
        platform = door.opener(door.data_folder)
        current = revision_of(platform.database) or ""
        if back_to not in older_revisions(current):
            message = f"The database stands at {current or 'nothing'}, and {back_to} is no older version's number."
            raise click.ClickException(message)
        if not yes:
            click.confirm("This drops what only the newer version knows. Is there a backup of this moment?", abort=True)
        migrate(platform.database, back_to)
    click.echo(f"Ready: {platform.database.engine.url.render_as_string(hide_password=True)}")


def _gather() -> None:
    with_data = (
        demo_command,
        migrate_command,
        serve_command,
        worker_command,
        import_command,
        receipt_command,
        invite_command,
        paper_command,
        figures_command,
        pack_command,
        codebook_group,
        staff_group,
        audit_group,
        tablets_group,
        keys_group,
        backup_command,
        restore_command,
        metrics_command,
        check_command,
        *KEEPING_COMMANDS,
    )
    for command in with_data:
        voice.add_command(_takes_data(command))
    voice.add_command(analyse_command)
    voice.add_command(learn_command)
    voice.add_command(translations_group)


_gather()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; what goes wrong is said in one plain line.

    Args:
        arguments: what was typed after the name; the process's own when left out.

    Raises:
        SystemExit: always, with 0 when it went well, 1 when it could not be done, 2 when it was asked wrongly.
    """
    door = PlatformDoor(open_installation, prepare_installation)
    try:
        code = voice.main(args=arguments, prog_name="hscb-voice", standalone_mode=False, obj=door)
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
