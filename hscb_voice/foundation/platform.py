"""The platform: one installation's settings, database, keys, clock, mail and jobs, handed to whoever needs them."""

from collections.abc import Callable
from dataclasses import dataclass, field

from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.database import Database
from hscb_voice.foundation.jobs import JobRunner
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.foundation.mail import Mailer
from hscb_voice.foundation.settings import Settings


@dataclass(frozen=True)
class Platform:
    """What an installation is made of."""

    settings: Settings
    database: Database
    keys: KeyRing
    clock: Clock
    mailer: Mailer
    jobs: JobRunner


@dataclass
class PlatformDoor:
    """Opens the platform when a command first asks for it, so that help and pure text work need no database."""

    opener: Callable[[], Platform]
    _opened: Platform | None = field(default=None, init=False)

    def open(self) -> Platform:
        """Return the platform, built once.

        Raises:
            SettingError: a setting is missing or wrong.
            KeyMissingError: there is no usable encryption key.
        """
        if self._opened is None:
            self._opened = self.opener()
        return self._opened
