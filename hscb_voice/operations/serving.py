"""How gunicorn serves the site; `gunicorn.conf.py` at the top of the house holds these, and `serve` uses that file.

There is no access log, because it would keep people's addresses. The application is loaded once and then forked;
web processes are replaced now and then, and when they have grown too large, each after its last reply.
"""

import gc
import os
from functools import cache
from pathlib import Path
from typing import Any, cast

import structlog
from flask import Flask
from gunicorn.glogging import Logger
from sqlalchemy.orm import configure_mappers

from hscb_voice.collect.beforehand import draw_forms
from hscb_voice.foundation.logs import LibraryHandler
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings
from hscb_voice.web.current import EXTENSION

WORKER_CLASS = "hscb_voice.operations.bounded_worker.BoundedWorker"
# prometheus_client looks for this name when it is first imported.
_COUNTS = "PROMETHEUS_MULTIPROC_DIR"
_LOOK_EVERY = 50  # requests between two looks at a process's memory
_MEGABYTE = 1024 * 1024
_LOG = structlog.get_logger(__name__)


class WordlessLogger(Logger):  # type: ignore[misc]  # gunicorn publishes no types
    """gunicorn's log, without what it was sent: its own says the address and the faulty line of a bad request."""

    def setup(self, cfg: Any) -> None:  # noqa: ANN401 - gunicorn's own signature
        """Let every event pass through our own handler only."""
        super().setup(cfg)
        self.error_log.handlers = [LibraryHandler()]
        self.access_log.handlers = []
        self.access_log.disabled = True


def prepare_counts(settings: Settings) -> None:
    """Make the folder in which web processes leave their counts, and tell the counting library where it is.

    Args:
        settings: say whether anything is measured.
    """
    if not settings.metrics_port:
        os.environ.pop(_COUNTS, None)
        return
    folder = settings.metrics_folder
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.environ[_COUNTS] = str(folder)


def begin_with_nothing_counted(_server: object) -> None:
    """Remove what an earlier run counted; gunicorn calls this once, before the first web process.

    Args:
        _server: gunicorn's arbiter.
    """
    folder = os.environ.get(_COUNTS)
    if folder and Path(folder).is_dir():
        for file in Path(folder).glob("*.db"):
            file.unlink(missing_ok=True)


def share_what_is_loaded(_server: object, worker: Any) -> None:  # noqa: ANN401 - gunicorn's worker has no published type
    """Do before the first fork what each web process would do for itself, and let all of them share its memory.

    Args:
        _server: gunicorn's arbiter.
        worker: gunicorn's worker, not yet forked.
    """
    make_ready(worker.app.wsgi())
    gc.collect()
    gc.freeze()  # out of the collector's rounds, which would write to every page of memory and so part it


@cache
def make_ready(app: Flask) -> None:
    """Draw the forms and join the tables' classes once. Whatever is wrong here is met again where it matters.

    Args:
        app: the application. Afterwards it holds no connection, because none may be taken through a fork.
    """
    database = app.extensions[EXTENSION].database
    configure_mappers()
    try:
        if "respondents" in app.extensions[EXTENSION].settings.surfaces:
            draw_forms(app)
    except Exception as fault:  # noqa: BLE001 - the site must come up without its database, and serve what it can
        _LOG.warning("forms are drawn later", fault=type(fault).__name__)
    finally:
        database.dispose()


def share_no_connection(_server: object, worker: Any) -> None:  # noqa: ANN401 - gunicorn's worker has no published type
    """Forget, in a new web process, the connections that were opened before the fork: they are not ours to use.

    Args:
        _server: gunicorn's arbiter.
        worker: gunicorn's worker.
    """
    platform_of(worker).database.engine.dispose(close=False)


def platform_of(worker: Any) -> Platform:  # noqa: ANN401 - as above
    """Return the platform that a web process serves.

    Args:
        worker: gunicorn's worker, its application loaded.
    """
    return cast("Platform", worker.app.wsgi().extensions[EXTENSION])


def leave_when_large(worker: Any, _request: object, _environ: object, _reply: object) -> None:  # noqa: ANN401 - as above
    """Let a web process that has grown too large end after its open requests; gunicorn starts another.

    Args:
        worker: gunicorn's worker.
    """
    limit = platform_of(worker).settings.worker_memory
    if not limit or not worker.alive or worker.nr % _LOOK_EVERY:
        return
    used = memory_of(os.getpid())
    if used > limit:
        worker.log.warning("Worker (pid:%s) holds %s MB and is replaced", os.getpid(), used)
        worker.alive = False


def memory_of(process: int) -> int:
    """Return how much memory a process holds.

    Args:
        process: its id.

    Returns:
        Whole megabytes; 0 where the system does not say.
    """
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError, ValueError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") // _MEGABYTE


def temporary_folder() -> str | None:
    """Return a folder in memory for gunicorn's signs of life, so that a slow disk never looks like a dead process."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - gunicorn makes a private file there
