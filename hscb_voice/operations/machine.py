"""Looks over what lies around the program: settings, files, keys, disk. It changes nothing and opens no answer."""

import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.engine import make_url

from hscb_voice.foundation.settings import Settings
from hscb_voice.operations.findings import Finding, look, mend, well

_GIGABYTE = 1024**3
_LITTLE, _TOO_LITTLE = 2 * _GIGABYTE, _GIGABYTE // 4
_OLD_KEY = timedelta(days=400)
_SYNCHRONISED = Path("/run/systemd/timesync/synchronized")
_SYNC_PROGRAM = Path("/run/systemd/timesync")


def machine_findings(settings: Settings, environment: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what can be told without the database.

    Args:
        settings: checked settings.
        environment: the process's own, for switches that are none of ours.

    Yields:
        Findings.
    """
    yield from _of_address(settings)
    yield from _of_switches(settings, environment)
    yield from _of_folder(settings)
    yield from _of_private_files(settings)
    yield from _of_keys(settings)
    yield from _of_clock()


def _of_address(settings: Settings) -> Iterator[Finding]:
    about, address = "Address", settings.public_address
    if settings.secure:
        yield well(about, f"People reach the site at {address}; cookies are marked Secure.")
        if not settings.trusted_proxies:
            said = "The address begins with https://, but no web server of yours is trusted (VOICE_TRUSTED_PROXIES=0)."
            remedy = "Set it to how many web servers stand in front, or the site believes that it is asked by http."
            yield mend("Proxies", said, remedy)
    elif "localhost" in settings.allowed_hosts:
        said = f"VOICE_PUBLIC_ADDRESS is {address}: the site can be used on this machine only."
        yield look(
            about, said, "For others, set VOICE_PUBLIC_ADDRESS to an https:// address and put a web server before."
        )
    else:
        said = f"VOICE_PUBLIC_ADDRESS is {address}: everything that children write crosses the network unsealed."
        yield mend(about, said, "Put a web server with a certificate before it, and set an https:// address.")


def _of_switches(settings: Settings, environment: Mapping[str, str]) -> Iterator[Finding]:
    about = "Demonstration"
    if settings.demonstration and settings.secure:
        said = "VOICE_DEMONSTRATION is on: everybody is shown accounts and a password, and data are invented."
        yield mend(about, said, "Take VOICE_DEMONSTRATION away before a real answer is given.")
    elif settings.demonstration:
        yield look(about, "VOICE_DEMONSTRATION is on.", "Never keep real answers in a demonstration.")
    else:
        yield well(about, "It is off.")
    wrong = [n for n in ("FLASK_DEBUG", "PYTHONDEVMODE") if environment.get(n, "") not in {"", "0", "false", "False"}]
    if wrong:
        yield mend("Debugging", f"{' and '.join(wrong)} is set.", "Take it out of the environment of the services.")
    else:
        yield well("Debugging", "It is off.")


def _of_folder(settings: Settings) -> Iterator[Finding]:
    about, folder = "Data folder", settings.data_folder
    if not folder.is_dir():
        yield mend(about, f"{folder} is not there.", "Run “hscb-voice migrate” as the user of the services.")
        return
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
            file.flush()
            os.fsync(file.fileno())
    except OSError as fault:
        said = f"Nothing can be written in {folder}: {fault.strerror}."
        yield mend(
            about, said, "Run this as the user of the services; else give that user the folder, or free the disk."
        )
    else:
        yield well(about, f"{folder} can be written.")
    free = shutil.disk_usage(folder).free
    said = f"{free / _GIGABYTE:.1f} GB are free in {folder}."
    if free < _TOO_LITTLE:
        yield mend("Disk", said, "Free some space now: a full disk refuses every answer.")
    elif free < _LITTLE:
        yield look("Disk", said, "Free some space soon.")
    else:
        yield well("Disk", said)


def _of_private_files(settings: Settings) -> Iterator[Finding]:
    private = [settings.data_folder / "secret-key"]
    if settings.uses_sqlite and (place := make_url(settings.database_url).database):
        private += [Path(place + ending) for ending in ("", "-wal", "-shm")]
    if not settings.data_folder.is_dir():
        return
    opened = [file for file in private if file.is_file() and file.stat().st_mode & stat.S_IRWXO]
    if opened and settings.data_folder.stat().st_mode & stat.S_IRWXO:
        names = ", ".join(file.name for file in opened)
        remedy = f"Run: chmod o-rwx {settings.data_folder}"
        yield mend("Private files", f"Everybody on this machine can read {names}.", remedy)
    else:
        yield well("Private files", "The secret and the database can be read by the services' user only.")


def _of_keys(settings: Settings) -> Iterator[Finding]:
    if settings.key_values:
        said = "They come from VOICE_KEY_VALUES; their age is not known."
        yield look("Keys' age", said, "See to it that they are changed once a year.")
        return
    files = sorted(settings.keys_folder.glob("*.key"))
    if not files:
        return  # that there is none is told where they are opened
    age = timedelta(seconds=max(0.0, time.time() - max(file.stat().st_mtime for file in files)))
    said = f"The newest of {len(files)} was made {age.days} days ago."
    if age > _OLD_KEY:
        yield look("Keys' age", said, "Make a new one: “hscb-voice keys new”, then “hscb-voice keys rotate”.")
    else:
        yield well("Keys' age", said)
    if settings.keys_folder.is_relative_to(settings.data_folder):
        said = f"They lie within the data folder ({settings.keys_folder})."
        remedy = "Move them and set VOICE_KEYS: whoever copies the folder has the words and the keys to them."
        yield look("Keys' place", said, remedy)
    else:
        yield well("Keys' place", f"They lie apart from the data, in {settings.keys_folder}.")


def _of_clock() -> Iterator[Finding]:
    said = f"This machine says {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
    if _SYNC_PROGRAM.is_dir() and not _SYNCHRONISED.exists():
        yield mend("Clock", f"{said} and has not been set by a time server.", "Run: timedatectl set-ntp true")
    elif _SYNCHRONISED.exists():
        yield well("Clock", f"{said}, set by a time server.")
    else:
        remedy = "See to it that a time server sets it: deadlines and second factors go by this clock."
        yield look("Clock", f"{said}; whether a time server sets it is not known.", remedy)
