"""The platform: one installation's settings, database, keys, clock, mail and jobs, handed to whoever needs them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection

from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.database import Database
from hscb_voice.foundation.errors import VoiceError
from hscb_voice.foundation.jobs import JobRunner
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.foundation.mail import LetterSender
from hscb_voice.foundation.migrating import newest_revision, revision_of
from hscb_voice.foundation.settings import Settings


class NotPreparedError(VoiceError):
    """The installation has no database yet, or an older one."""


# What one room knows of an answer beside what it says: lines in plain words, for whoever asks what is held.
KnownElsewhere = Callable[[Connection, KeyRing, str], list[str]]


@dataclass(frozen=True)
class Platform:
    """What an installation is made of."""

    settings: Settings
    database: Database
    keys: KeyRing
    clock: Clock
    mailer: LetterSender
    jobs: JobRunner
    letters: JobRunner  # sends what has been posted, in a lane of its own: a slow mail server holds up nothing else
    known_elsewhere: tuple[KnownElsewhere, ...] = ()  # of rooms that stand above the one that tells what is held


@dataclass
class PlatformDoor:
    """Opens the platform when a command first asks for it, so that help and pure text work need no database."""

    opener: Callable[[Path | None], Platform]
    preparer: Callable[[Path | None], Platform]
    data_folder: Path | None = None  # from --data; the settings say when it is left out
    _opened: Platform | None = field(default=None, init=False)

    def open(self) -> Platform:
        """Return the platform of an installation that has been prepared.

        Raises:
            SettingError: a setting is missing or wrong.
            KeyMissingError: there is no usable encryption key.
            NotPreparedError: there is no database, or it needs `hscb-voice migrate`.
        """
        if self._opened is None:
            platform = self.opener(self.data_folder)
            if revision_of(platform.database) != newest_revision():
                message = "The database is not ready for this version. Run “hscb-voice migrate” first."
                raise NotPreparedError(message)
            self._opened = platform
        return self._opened

    def prepare(self) -> Platform:
        """Return the platform, made ready first: folders, keys, migrations, published questionnaires.

        Raises:
            SettingError: a setting is missing or wrong.
        """
        if self._opened is None:
            self._opened = self.preparer(self.data_folder)
        return self._opened
