"""An installation on a PostgreSQL server of its own, which writes to the disk as a real one does and may be killed."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.key_sources import make_key
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings
from hscb_voice.opening import build_platform
from hscb_voice.questionnaires.reading import all_definitions
from hscb_voice.questionnaires.service import publish
from tests.support.disks import BreakableDisk
from tests.support.engines import PostgresqlCluster


@dataclass(frozen=True)
class OwnServer:
    """The server and the installation on it."""

    cluster: PostgresqlCluster
    settings: Settings
    platform: Platform
    disk: BreakableDisk | None


@contextlib.contextmanager
def own_server(folder: Path, disk: BreakableDisk | None = None) -> Iterator[OwnServer]:
    """Start a server and prepare an installation on it.

    Args:
        folder: for the installation's data.
        disk: on which the server writes.

    Yields:
        Both, ready.
    """
    environment = disk.environment("pg_wal") if disk else {}
    cluster = PostgresqlCluster(safe=True, environment=environment)
    try:
        with cluster.copy("own") as url:
            make_key(folder / "keys", "2026-01")
            env = {
                "VOICE_DATA": str(folder),
                "VOICE_DATABASE_URL": url.replace("+psycopg", ""),
                "VOICE_SECRET_KEY": "a secret for tests that is long enough",
            }
            settings = Settings.from_env(env)
            platform = build_platform(settings, SetClock())
            with platform.database.writing() as connection:
                for definition in all_definitions():
                    publish(connection, definition, platform.clock)
            yield OwnServer(cluster, settings, platform, disk)
            platform.database.dispose()
    finally:
        cluster.stop()
