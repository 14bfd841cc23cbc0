"""Answers Prometheus on a port of its own, on this machine only: what web processes counted, and how it stands now.

A process apart from the web servers, so that nothing of this is ever on the public port, and so that it still tells of
late concerns while no web process runs. It says totals only: no service, team, questionnaire or person.
"""

import shutil
import time
from collections.abc import Iterable
from pathlib import Path

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from hscb_voice.foundation.errors import DatabaseUnreachableError
from hscb_voice.foundation.platform import Platform
from hscb_voice.operations.counts import Standing, standing

# However often somebody asks, the database is asked no more often than this.
_KEPT_SECONDS = 5.0


class InstallationCollector(Collector):
    """Tells how an installation stands whenever Prometheus asks."""

    def __init__(self, platform: Platform) -> None:
        """Remember whose numbers these are.

        Args:
            platform: the installation.
        """
        self._platform = platform
        self._asked = float("-inf")
        self._standing: Standing | None = None

    def collect(self) -> Iterable[Metric]:
        """Yield every number; of the database's only that it is down, when it is.

        Yields:
            Gauges.
        """
        found = self._now()
        yield _gauge("voice_database_up", "Whether the database answers (1) or not (0).", int(found is not None))
        free = shutil.disk_usage(_existing(self._platform.settings.data_folder)).free
        yield _gauge("voice_disk_free_bytes", "Bytes free where the data folder lies.", free)
        if found is not None:
            yield from _of_work(found)
            yield from _of_people(found)

    def _now(self) -> Standing | None:
        if time.monotonic() - self._asked >= _KEPT_SECONDS:
            try:
                with self._platform.database.reading() as connection:
                    self._standing = standing(connection, self._platform.clock.now())
            except DatabaseUnreachableError:
                self._standing = None
            self._asked = time.monotonic()
        return self._standing


def registry_of(platform: Platform) -> CollectorRegistry:
    """Return everything that is told of an installation.

    Args:
        platform: the installation.

    Returns:
        A registry of its own, without what the library would tell of this process and its machine.
    """
    registry = CollectorRegistry()
    registry.register(InstallationCollector(platform))
    folder = platform.settings.metrics_folder
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    MultiProcessCollector(registry, path=str(folder))  # type: ignore[no-untyped-call]  # the library types it only in part
    return registry


def _of_work(found: Standing) -> Iterable[Metric]:
    waiting = GaugeMetricFamily("voice_jobs_waiting", "Jobs that wait.", labels=["kind"])
    failing = GaugeMetricFamily("voice_jobs_failing", "Waiting jobs that were tried in vain.", labels=["kind"])
    oldest = GaugeMetricFamily("voice_jobs_oldest_seconds", "How long the oldest job is overdue.", labels=["kind"])
    for kind, work in sorted(found.work.items()):
        waiting.add_metric([kind], work.waiting)
        failing.add_metric([kind], work.failing)
        oldest.add_metric([kind], max(0.0, (found.at - work.oldest_due).total_seconds()))
    yield from (waiting, failing, oldest)
    if found.beat_age is not None:
        age = found.beat_age.total_seconds()
        yield _gauge("voice_worker_beat_age_seconds", "Since a worker last said that it is alive.", age)


def _of_people(found: Standing) -> Iterable[Metric]:
    yield _gauge("voice_letters_waiting", "Letters that wait to be sent.", found.letters.waiting)
    yield _gauge("voice_letters_failing", "Waiting letters that were tried in vain.", found.letters.failing)
    yield _gauge("voice_concerns_open", "Concerns that nobody has acknowledged.", found.concerns.open)
    yield _gauge("voice_concerns_acknowledged", "Concerns that somebody has taken on.", found.concerns.acknowledged)
    yield _gauge("voice_concerns_late", "Concerns past their deadline.", found.concerns.late)
    yield _gauge("voice_answers_kept", "Answers that are kept here.", found.answers)
    yield _gauge("voice_tablets_in_use", "Shared tablets that are set up and not switched off.", found.tablets.in_use)
    yield _gauge("voice_tablet_answers_waiting", "Answers that waited on tablets last heard.", found.tablets.waiting)
    yield _gauge("voice_tablet_answers_stuck", "Of these, answers that were refused.", found.tablets.needs_help)


def _gauge(name: str, what: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, what, value=value)


def _existing(folder: Path) -> Path:
    return folder if folder.exists() else _existing(folder.parent)
