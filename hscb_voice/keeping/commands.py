"""The commands `keys`, `backup` and `restore`.

They say what they did and what to do next. No key is ever printed, but for one that has to be put into a setting.
"""

import re
from datetime import datetime
from pathlib import Path

import click

from hscb_voice.audit.service import note
from hscb_voice.foundation.clock import LOCAL_ZONE, SystemClock, written_date
from hscb_voice.foundation.database import Database
from hscb_voice.foundation.errors import KeyMissingError
from hscb_voice.foundation.key_register import register_current, registered_ids
from hscb_voice.foundation.key_sources import KeyFolder, checked_id, make_key, new_key, next_id, source_of
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.foundation.platform import Platform, PlatformDoor
from hscb_voice.foundation.settings import KeptOutside, database_address
from hscb_voice.keeping.backup import make_backup, name_for, remove_older
from hscb_voice.keeping.errors import RestoreError
from hscb_voice.keeping.replaying import complete_ledger, ledger_lines
from hscb_voice.keeping.restore import (
    BackupRead,
    Restored,
    Wanted,
    bring_back,
    bring_back_into_folder,
    read_backup,
)
from hscb_voice.keeping.rotation import ROWS_AT_ONCE, KeyUse, key_uses, rotate

_LEDGER_NAME = "erasures.ledger"
_ADDRESS = re.compile(r"[a-z+]+://")


@click.group("keys")
def keys_group() -> None:
    """The keys with which words are sealed."""


@keys_group.command("new")
@click.option("--id", "key_id", default="", help="Its name; the next number or today's date when left out.")
@click.pass_obj
def new_command(door: PlatformDoor, key_id: str) -> None:
    """Make a new key. New words are sealed with it from now on; “keys rotate” moves the older ones to it."""
    platform = door.open()
    settings, ring = platform.settings, platform.keys
    with platform.database.reading() as connection:
        registered = registered_ids(connection)
    key_id = _fitting_id(platform, key_id, registered)
    if settings.key_values:
        click.echo(f"Put this behind what stands in VOICE_KEY_VALUES, with a comma between: {key_id}:{new_key()}")
        click.echo("Then start every process again, and run “hscb-voice keys rotate”. It is shown only now.", err=True)
        return
    file = make_key(settings.keys_folder, key_id)
    fresh = KeyRing.watching(KeyFolder(settings.keys_folder))
    with platform.database.writing() as connection:
        register_current(connection, fresh, platform.clock.now())
        note(connection, "platform", "made a key", f"key {key_id}", now=platform.clock.now())
    click.echo(f"Made: {file}")
    click.echo("Copy it offline now, and to every other machine of this installation.")
    click.echo(f"Then run “hscb-voice keys rotate”, which moves what is sealed with “{ring.current}” to it.")


@keys_group.command("rotate")
@click.option("--batch", default=ROWS_AT_ONCE, show_default=True, type=click.IntRange(1, 5000), help="Rows at once.")
@click.pass_obj
def rotate_command(door: PlatformDoor, batch: int) -> None:
    """Move everything to the newest key. The site may run meanwhile; stopped half-way, run it again."""
    platform = door.open()
    done = rotate(platform, _Said("moved"), batch)
    click.echo(f"Everything is under the key “{platform.keys.current}” now: {done} rows were moved.")
    with platform.database.reading() as connection:
        retired = [use.key_id for use in key_uses(connection, platform.keys) if use.can_be_retired and use.is_here]
    if retired:
        names = " and ".join(f"“{key_id}”" for key_id in retired)
        click.echo(f"No row needs {names} any more. Older backups still do: keep it offline for as long as those.")


@keys_group.command("status")
@click.pass_obj
def status_command(door: PlatformDoor) -> None:
    """Say what each key seals, and which may be taken away."""
    platform = door.open()
    with platform.database.reading() as connection:
        uses = key_uses(connection, platform.keys)
    for use in uses:
        click.echo(f"{use.key_id}: {_standing(use)}")
        for table, rows in sorted(use.rows.items()):
            click.echo(f"    {table}: {rows} {'row' if rows == 1 else 'rows'}")
    missing = [use.key_id for use in uses if use.rows and not use.is_here]
    if missing:
        message = f"Not here, although words need it: {', '.join(missing)}. Bring the key back from its offline copy."
        raise KeyMissingError(message)


@click.command("backup")
@click.option("--out", type=click.Path(path_type=Path), help="File, or folder (VOICE_BACKUPS when left out).")
@click.option("--keep", type=click.IntRange(1), help="Keep so many backups in that folder, remove older ones.")
@click.pass_obj
def backup_command(door: PlatformDoor, out: Path | None, keep: int | None) -> None:
    """Write everything but the keys into one sealed file, while the site runs."""
    platform = door.open()
    out = out or platform.settings.backups_folder
    if out is None:
        message = "Say where to: --out FILE or FOLDER, or set VOICE_BACKUPS."
        raise click.UsageError(message)
    is_folder = out.is_dir() or out == platform.settings.backups_folder
    if keep and not is_folder:
        message = "--keep needs a folder to keep them in, not one file."
        raise click.UsageError(message)
    file = (out / name_for(platform.clock.now()) if is_folder else out).resolve()
    made = make_backup(platform, file, _Said("written"))
    click.echo(f"Written: {made.file}, {made.rows} rows, {_size(made.size)}.")
    click.echo(f"It opens only with the key “{made.key_id}”, which is not in it.")
    for gone in remove_older(file.parent, keep) if keep else ():
        click.echo(f"Removed: {gone.name}")
    for ledger in {platform.settings.erasure_ledger, file.parent / _LEDGER_NAME}:
        complete_ledger(platform.database, ledger)


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--into", "place", default="", help="An empty folder, or postgresql://… of an empty database.")
@click.option("--verify", is_flag=True, help="Alone: read and prove the backup, write nothing. (--into always proves.)")
@click.option("--ledger", type=click.Path(dir_okay=False, path_type=Path), help="The ledger of erasures.")
@click.option("--without-ledger", is_flag=True, help="Bring back even what was erased since. Only when it is lost.")
@click.option("--despite-lost-keys", is_flag=True, help="Bring back what nobody can read, too.")
@click.pass_obj
def restore_command(
    door: PlatformDoor,
    file: Path,
    place: str,
    ledger: Path | None,
    *,
    verify: bool,
    without_ledger: bool,
    despite_lost_keys: bool,
) -> None:
    """Bring a backup back into an empty place, compare it with what was there, erase again what was erased since."""
    outside = KeptOutside.from_env(door.data_folder)
    ring = KeyRing.watching(source_of(outside.keys_folder, outside.key_values))
    if not place:
        if not verify:
            message = "Say where to: --into FOLDER or postgresql://…; or --verify to look only."
            raise click.UsageError(message)
        _say_read(read_backup(file, ring, _Said("read")))
        return
    lines = None
    if without_ledger:
        click.echo("WITHOUT THE LEDGER: whatever was erased after this backup comes back. Erase it again.", err=True)
    else:
        lines = ledger_lines(ledger or outside.erasure_ledger)
    wanted = Wanted(file, ring, SystemClock(), lines, despite_lost_keys=despite_lost_keys)
    where, restored = _brought_back(place, wanted)
    _say_read(restored.backup)
    _say_restored(where, restored, wanted)


def _brought_back(place: str, wanted: Wanted) -> tuple[str, Restored]:
    if not _ADDRESS.match(place):
        database_file, restored = bring_back_into_folder(Path(place).resolve(), wanted, _Said("brought back"))
        return str(database_file), restored
    database = Database(database_address(place))
    if database.is_sqlite:
        message = "Name the folder, not an address, for an embedded database."
        raise RestoreError(message)
    try:
        return database.engine.url.render_as_string(), bring_back(database, wanted, _Said("brought back"))
    finally:
        database.dispose()


def _say_read(backup: BackupRead) -> None:
    made = datetime.fromisoformat(backup.made).astimezone(LOCAL_ZONE)
    click.echo(f"The backup of {written_date(made.date())}, {made:%H:%M}, is whole: {backup.rows} rows.")
    for name, total in sorted(backup.tables.items()):
        if total.rows:
            click.echo(f"    {name}: {total.rows}")
    click.echo(f"The record of who did what has {backup.audit_number} entries; its newest hash is {backup.audit_hash}.")


def _say_restored(where: str, restored: Restored, wanted: Wanted) -> None:
    click.echo(f"Brought back into {where}, and compared: every row is as it was.")
    if wanted.ledger:
        newest = max(line.at for line in wanted.ledger).astimezone(LOCAL_ZONE)
        click.echo(
            f"The ledger names {len(wanted.ledger)} erasures, the newest of {written_date(newest.date())}, "
            f"{newest:%H:%M}. Erased again: {restored.erased_again}."
        )
    for key_id, rows in sorted(restored.lost.items()):
        click.echo(f"LOST: {rows} rows under the key “{key_id}”, which is not here. Nobody can read them.", err=True)
    click.echo("Everybody is signed out. Run “hscb-voice migrate” there before you start the site.")


def _fitting_id(platform: Platform, wanted: str, registered: tuple[str, ...]) -> str:
    here = platform.keys.ids
    if set(registered) - set(here):
        names = ", ".join(f"“{key_id}”" for key_id in sorted(set(registered) - set(here)))
        message = f"The key {names} belongs to this installation and is not here. Copy it here; make no other."
        raise KeyMissingError(message)
    key_id = wanted or next_id((*here, *registered), platform.clock.today())
    try:
        checked_id(key_id)
    except ValueError as fault:
        raise click.UsageError(str(fault)) from fault
    if key_id <= max(here):
        message = f"Ids sort by age: the new one must come after “{max(here)}”."
        raise click.UsageError(message)
    return key_id


def _standing(use: KeyUse) -> str:
    said = ["here" if use.is_here else "NOT HERE"]
    if use.is_current:
        said.append("seals what is new")
    elif use.can_be_retired:
        said.append("no row needs it; keep it offline for as long as backups that were made under it")
    elif not use.rows:
        said.append("run “hscb-voice keys rotate” once to let it go")
    return ", ".join(said)


class _Said:
    """Tells on the error channel how far a long piece of work has come."""

    def __init__(self, what: str) -> None:
        self._what = what

    def __call__(self, done: int, in_all: int | None = None) -> None:
        of = "" if in_all is None else f" of {in_all}"
        click.echo(f"{done}{of} rows {self._what}", err=True)


def _size(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{size} bytes"  # noqa: PLR2004 - where small ends
