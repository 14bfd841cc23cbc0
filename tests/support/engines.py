"""A PostgreSQL server of our own on loopback, beside SQLite: the same tests run on both engines."""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg

from hscb_voice.foundation.database import Database
from hscb_voice.foundation.migrating import migrate
from tests.support.sooner import quick_folder

_PLACES = ("/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/17/bin")
_STARTS = 20
_FIRST_PORT, _LAST_PORT, _DRAWS = 24000, 31999, 200
TEMPLATE = "voice_template"
# The program comes as an ordinary role: a superuser would walk through every row fence unseen.
ROLE, _KEEPER = "voice", "keeper"
_QUICK = " -c fsync=off -c full_page_writes=off -c autovacuum=off -c checkpoint_timeout=1h"


def postgresql_programs() -> Path | None:
    """Return the folder of PostgreSQL's programs, if it is installed."""
    for place in _PLACES:
        if Path(place, "initdb").exists():
            return Path(place)
    found = shutil.which("initdb")
    return Path(found).parent if found else None


def free_port() -> int:
    """Return a free port on loopback, below the range that the system hands out by itself.

    It is drawn by lot, because others on this machine look for one at the same time and would meet at the first.
    """
    for _ in range(_DRAWS):
        port = secrets.choice(range(_FIRST_PORT, _LAST_PORT))
        with contextlib.closing(socket.socket()) as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    message = "no free port on loopback"
    raise RuntimeError(message)


class PostgresqlCluster:
    """A throw-away PostgreSQL server; every test gets a database copied from a migrated template."""

    def __init__(self, *, safe: bool = False, environment: Mapping[str, str] | None = None) -> None:
        """Make the cluster and start it.

        Args:
            safe: write to the disk as a real server does, for tests that kill it; otherwise it is only quick.
            environment: further variables for the server.
        """
        self._environment = {**os.environ, **(environment or {})}
        programs = postgresql_programs()
        if programs is None:
            message = "PostgreSQL 15 is not installed: run “make setup”, or install the package postgresql-15."
            raise RuntimeError(message)
        self._programs = programs
        self._folder = Path(tempfile.mkdtemp(prefix="voice-pg-", dir=None if safe else quick_folder()))
        # PostgreSQL refuses to run as root, so as root it is run as its own user.
        self._as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self._as_user:
            shutil.chown(self._folder, "postgres")
        self._run("initdb", "-D", str(self._folder / "data"), "-U", _KEEPER, "-A", "trust", "-E", "UTF8", "--no-sync")
        self.port = free_port()
        self._options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
        self._options += " -c max_connections=60" + ("" if safe else _QUICK)
        self.start()
        self._sql(f"CREATE ROLE {ROLE} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE")
        self._sql(f"CREATE DATABASE {TEMPLATE} OWNER {ROLE}")
        database = Database(self.url(TEMPLATE))
        migrate(database)
        database.dispose()

    def url(self, name: str) -> str:
        """Return the address of one of its databases."""
        return f"postgresql+psycopg://{ROLE}@127.0.0.1:{self.port}/{name}"

    @contextlib.contextmanager
    def copy(self, name: str, template: str = TEMPLATE) -> Iterator[str]:
        """Make a database from a template, and drop it afterwards."""
        self.make(name, template)
        try:
            yield self.url(name)
        finally:
            self._sql(f"DROP DATABASE {name} WITH (FORCE)")

    def make(self, name: str, template: str = TEMPLATE) -> None:
        """Make a database from another, which nobody may use meanwhile; it stays as long as the server does."""
        # Whole files are copied faster than pages, each of which would go through the log.
        self._sql(f"CREATE DATABASE {name} OWNER {ROLE} TEMPLATE {template} STRATEGY FILE_COPY")

    def start(self) -> None:
        """Start the server; after a kill it is tried again until what is left of the old one has gone."""
        log = str(self._folder / "log")
        for trial in range(_STARTS):
            try:
                self._run("pg_ctl", "-D", str(self.data), "-o", self._options, "-l", log, "-w", "start")
            except subprocess.CalledProcessError:
                if self._answers():
                    return
                if trial == _STARTS - 1:
                    raise
                time.sleep(0.5)
            else:
                return

    def _answers(self) -> bool:
        try:
            self._sql("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    @property
    def process(self) -> int:
        """Return the id of the server's first process."""
        return int((self.data / "postmaster.pid").read_text(encoding="ascii").split()[0])

    def kill(self) -> None:
        """Kill the server's first process, with no chance to finish anything. The others notice and end."""
        os.kill(self.process, signal.SIGKILL)

    @property
    def data(self) -> Path:
        """Return the folder in which its files lie."""
        return self._folder / "data"

    def write_to_disk(self) -> None:
        """Have everything written to its files that it holds in memory."""
        self._sql("CHECKPOINT")

    def stop(self) -> None:
        """Stop the server and remove its files."""
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._as_user, str(self._programs / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/tmp", env=self._environment)  # noqa: S603, S108 - our own programs; a folder every user may enter

    def _sql(self, statement: str) -> None:
        with psycopg.connect(f"postgresql://{_KEEPER}@127.0.0.1:{self.port}/postgres", autocommit=True) as connection:
            connection.execute(statement)
