"""Open an installation, or make one ready: secret, keys, database, questionnaires.

Why: every command that needs an installation opens it here, and `migrate` and the demonstration make it ready here.
May not: make a key where words wait that were sealed with another.
"""

import os
import secrets
from pathlib import Path

import click

from hscb_voice.codebooks.service import import_own
from hscb_voice.foundation.database import Database
from hscb_voice.foundation.errors import KeyMissingError
from hscb_voice.foundation.key_register import has_register, register_current
from hscb_voice.foundation.key_sources import make_key
from hscb_voice.foundation.migrating import migrate, older_revisions, revision_of
from hscb_voice.foundation.platform import Platform, PlatformDoor
from hscb_voice.foundation.settings import Settings
from hscb_voice.opening import build_platform
from hscb_voice.questionnaires.reading import all_definitions
from hscb_voice.questionnaires.service import publish
from hscb_voice.responses.bodies import key_plain_hashes
from hscb_voice.responses.queries import has_responses


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
