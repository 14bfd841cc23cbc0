"""Read many imported comments by a new version of the codebook: comments a second, a kill in the middle, the switch.

    python bench/rerunning.py --comments 100000                  on SQLite, one worker killed and another that goes on
    python bench/rerunning.py --comments 100000 --workers 2 --url postgresql+psycopg://...

Workers are processes of their own, as in an installation. May not: touch an installation that holds anything.
"""

import argparse
import itertools
import json
import multiprocessing
import os
import resource
import signal
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from sqlalchemy import func, select, text

from hscb_voice.codebooks.editing import Contents, ThemeFields, add_theme
from hscb_voice.codebooks.service import begin_draft, change_draft, publish_draft
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.key_sources import make_key
from hscb_voice.foundation.migrating import migrate
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings
from hscb_voice.opening import build_platform
from hscb_voice.questionnaires.queries import current_version
from hscb_voice.questionnaires.reading import all_definitions
from hscb_voice.questionnaires.service import publish
from hscb_voice.responses.service import READ_JOB, Submission, keep
from hscb_voice.themes.comparing import Progress, changes, last_run
from hscb_voice.themes.models import Coding
from hscb_voice.themes.rerunning import FINISHED, RERUN_JOB, begin_run
from hscb_voice.themes.switching import switch, undo_switch

WORDS = Path(__file__).parent.parent / "hscb_voice" / "demonstration" / "report-2015-16.jsonl"
PETS = ThemeFields("Pets", "Animals at home.", patterns="my dog\nmy hamster")
BATCH = 50
KILL_AT_PERCENT = 33


def settings_of(folder: Path, url: str) -> Settings:
    """Return the settings of an installation for this bench alone."""
    env = {"VOICE_DATA": str(folder), "VOICE_SECRET_KEY": "a secret for the bench, and long enough"}
    return Settings.from_env(env | ({"VOICE_DATABASE_URL": url} if url else {}))


def texts() -> list[str]:
    """Return the comments of the printed report, which stand for everybody's."""
    found = []
    for line in WORDS.read_text(encoding="utf-8").splitlines():
        answers = json.loads(line).get("answers", {})
        found += [value for value in answers.values() if isinstance(value, str) and " " in value]
    return found


def fill(platform: Platform, comments: int) -> None:
    """Keep answers with one comment each, some hundreds a transaction."""
    with platform.database.reading() as connection:
        version = current_version(connection, "support-worker-child")
    words = itertools.islice(itertools.cycle(texts()), comments)
    while some := list(itertools.islice(words, 500)):
        with platform.database.writing() as connection:
            for text in some:
                sent = Submission(new_id(), version, {"q2a": text}, platform.clock.now())
                keep(connection, sent, platform.keys)


def work(folder: Path, url: str, kind: str) -> None:
    """Do the jobs of one kind until none is left."""
    platform = build_platform(settings_of(folder, url))
    while platform.jobs.run_due(BATCH, [kind]):
        pass


def workers(folder: Path, url: str, kind: str, number: int) -> list[multiprocessing.Process]:
    """Start some workers."""
    started = [multiprocessing.Process(target=work, args=(folder, url, kind)) for _ in range(number)]
    for one in started:
        one.start()
    return started


def progress(platform: Platform) -> Progress:
    """Return how far the run is."""
    with platform.database.reading() as connection:
        found = last_run(connection)
    assert found is not None
    return found


def rerun(platform: Platform, folder: Path, url: str, number: int, comments: int) -> None:
    """Run, kill a worker with a third done, let others go on, compare, switch and go back."""
    with platform.database.writing() as connection:

        def change(old: Contents) -> Contents:
            return add_theme(old, "pets", PETS)

        turn = change_draft(
            connection, begin_draft(connection, "bench", platform.clock), change, "Pets", "bench", platform.clock
        )
        version = publish_draft(connection, turn, "Pets.", "bench", platform.clock)
    with platform.database.writing() as connection:
        begun = time.perf_counter()
        begin_run(connection, version, "bench", platform.clock)
    print(f"begun in {time.perf_counter() - begun:.2f} s")
    start = time.perf_counter()
    first = workers(folder, url, RERUN_JOB, number)
    while progress(platform).percent < KILL_AT_PERCENT and any(one.is_alive() for one in first):
        time.sleep(0.2)
    os.kill(first[0].pid or 0, signal.SIGKILL)
    far = progress(platform)
    rate = far.comments / (time.perf_counter() - start)
    print(f"killed one worker at {far.percent} %, {far.comments:,} comments kept, {rate:,.0f} a second")
    kept, again = far.comments, time.perf_counter()
    more = workers(folder, url, RERUN_JOB, 1)
    while progress(platform).state != FINISHED:
        for one in more + first:
            one.join(1)
        if not any(one.is_alive() for one in more + first) and progress(platform).state != FINISHED:
            time.sleep(5)  # what the killed one held comes free when its lease ends
            more = workers(folder, url, RERUN_JOB, 1)
    took = time.perf_counter() - again
    print(f"{(comments - kept):,} more comments in {took:.1f} s, the killed worker's lease of two minutes among them")
    if not platform.database.is_sqlite:  # as a served database does by itself; one made for a bench may not
        with platform.database.writing() as connection:
            connection.execute(text("ANALYZE"))
    for name, act in (("switch", switch), ("back", undo_switch)):
        start = time.perf_counter()
        with platform.database.writing() as connection:
            act(connection, "bench", platform.clock)
        print(f"{name}: {time.perf_counter() - start:.2f} s in one transaction")
    start = time.perf_counter()
    with platform.database.reading() as connection:
        moved = [one for one in changes(connection, None) if not one.is_still]
        n = connection.execute(select(func.count()).select_from(Coding).where(Coding.in_force)).scalar_one()
    print(f"compared in {time.perf_counter() - start:.2f} s; {len(moved)} themes move; {n:,} codings in force")
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"largest worker: {memory:.0f} MiB")


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--comments", type=int, default=5000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--url", default="", help="an empty PostgreSQL database; SQLite when left out")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_key(folder / "keys", "bench")
        platform = build_platform(settings_of(folder, given.url))
        migrate(platform.database)
        with platform.database.writing() as connection:
            for definition in all_definitions():
                publish(connection, definition, platform.clock)
        start = time.perf_counter()
        fill(platform, given.comments)
        print(f"{given.comments:,} comments kept in {time.perf_counter() - start:.0f} s")
        start = time.perf_counter()
        for one in workers(folder, given.url, READ_JOB, given.workers):
            one.join()
        took = time.perf_counter() - start
        print(f"read for the first time: {given.comments / took:,.0f} a second, {given.workers} worker(s)")
        rerun(platform, folder, given.url, given.workers, given.comments)


if __name__ == "__main__":
    main()
