"""Making and bringing back backups in tests, on whichever engine the place is."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from hscb_voice.foundation.database import Database
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import database_address
from hscb_voice.keeping.backup import make_backup
from hscb_voice.keeping.restore import Restored, Wanted, bring_back, bring_back_into_folder


def quiet(*_numbers: int) -> None:
    """Say nothing of how far the work is."""


def backed_up(platform: Platform, folder: Path) -> Path:
    """Back a platform up into a folder and return the file."""
    return make_backup(platform, folder / "one.backup", quiet).file


def wanted(platform: Platform, file: Path, **how: Any) -> Wanted:
    """Ask for a backup with the platform's own keys and an empty ledger, unless `how` says otherwise."""
    return replace(Wanted(file, platform.keys, platform.clock, []), **how)


def brought_back(place: str, asked: Wanted) -> Restored:
    """Bring a backup back into a folder, or into the PostgreSQL database of an address."""
    if "://" not in place:
        return bring_back_into_folder(Path(place), asked, quiet)[1]
    database = Database(database_address(place))
    try:
        return bring_back(database, asked, quiet)
    finally:
        database.dispose()
