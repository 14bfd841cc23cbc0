"""How long the Board's figures take at ten thousand, a hundred thousand and a million responses, on both engines.

Responses are written in bulk (`bench/filling.py`): three years, eleven questionnaires, four services, words, codes.
What is read is checked against the responses themselves before and after. Each reading is timed three ways: again, when
nothing has come since; after an answer to just what is read has come; and by a process that has read nothing yet.

Usage: python -m bench.board [--sizes 10000 100000] [--turns 15] [--engines sqlite postgresql] [--rebuild]
       [--different 20000]
"""

import argparse
import contextlib
import functools
import gc
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import patch

from sqlalchemy import Connection, delete, select

from bench.filling import POOL, fill, one_answer
from hscb_voice.board.counts import forget_all
from hscb_voice.board.disclosure_year import read_year
from hscb_voice.board.figures import figures_of
from hscb_voice.board.periods import quarter, reporting_year
from hscb_voice.board.shown import forget_what_was_read
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.key_sources import make_key
from hscb_voice.foundation.migrating import migrate
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings
from hscb_voice.opening import build_platform
from hscb_voice.questionnaires.queries import published_slugs
from hscb_voice.questionnaires.reading import all_definitions
from hscb_voice.questionnaires.service import publish
from hscb_voice.responses import tallies
from hscb_voice.responses.models import Response, Tally
from hscb_voice.responses.recounting import recount
from tests.support.engines import PostgresqlCluster

_QUARTER = quarter(2016, 4)
_YEARS = [reporting_year(year) for year in (2014, 2015, 2016)]
_CHILD = "support-worker-child"


def check(platform: Platform) -> None:
    """Refuse to time what is not true: a quarter's counts, counted from the answers themselves."""
    within = (Response.span_start >= _QUARTER.start, Response.span_end <= _QUARTER.end, Response.slug == _CHILD)
    true: Counter[tuple[str, str, str]] = Counter()
    with platform.database.reading() as connection:
        for answers in connection.execute(select(Response.answers).where(*within)).scalars():
            true["", "", ""] += 1
            for key, given in answers.items():
                rows = given.items() if isinstance(given, dict) else [("", one) for one in given]
                true.update((key, row, choice) for row, choice in ([("", given)] if isinstance(given, str) else rows))
        read = read_year(connection, _QUARTER, [_CHILD])
        kept = read.slices[_CHILD][read.at].counts
        shown = figures_of(connection, _CHILD, _QUARTER).responses
    wrong = {place: n for place, n in true.items() if kept.get(place, 0) != n}
    if wrong or shown != true["", "", ""]:
        message = f"The summary table is wrong at {wrong}, and shows {shown} responses."
        raise SystemExit(message)


def timed(act: Callable[[], object], turns: int, before: Callable[[], object] = lambda: None) -> str:
    """Tell median and 95th percentile in milliseconds, and the median of CPU, after one turn that warms up.

    Args:
        act: what is timed.
        turns: how often.
        before: what happens before each turn, and is not timed.
    """
    took, spent = [], []
    for turn in range(turns + 1):
        before()
        began, busy = time.perf_counter(), time.process_time()
        act()
        if turn:
            took.append((time.perf_counter() - began) * 1000)
            spent.append((time.process_time() - busy) * 1000)
    last = sorted(took)[round(0.95 * (turns - 1))]
    return f"p50 {statistics.median(took):.1f} ms, p95 {last:.1f} ms, {statistics.median(spent):.1f} CPU-ms"


def forget_everything() -> None:
    """Let this process be as if it had just begun."""
    forget_all()
    forget_what_was_read()


def measure(platform: Platform, turns: int) -> dict[str, str]:
    """Time what the Board's pages read."""
    span, cells = one_answer(platform, _CHILD)
    gc.collect()
    gc.freeze()  # as in service (`operations/serving.py`)

    def read(act: Callable[[Connection], object]) -> None:
        with platform.database.reading() as connection:
            act(connection)

    def answer_comes() -> None:
        with platform.database.writing() as connection:
            tallies.add(connection, span, cells)

    def all_years(connection: Connection) -> object:
        slugs = published_slugs(connection)
        return [read_year(connection, year, slugs) for year in _YEARS]

    acts: dict[str, Callable[[Connection], object]] = {
        "quarter of one questionnaire, guarded": lambda connection: figures_of(connection, _CHILD, _QUARTER),
        "36 months of all questionnaires": all_years,
    }
    found = {}
    for name, act in acts.items():
        reads = functools.partial(read, act)
        found[f"{name}, again"] = timed(reads, turns)
        found[f"{name}, after an answer"] = timed(reads, turns, answer_comes)
        found[f"{name}, first"] = timed(reads, max(turns // 5, 3), forget_everything)
    with platform.database.writing() as connection:
        tallies.add(connection, span, cells, -(2 * (turns + 1)))
    return found


def upkeep(platform: Platform, turns: int) -> float:
    """Return what it costs to keep the summary table with one response, in milliseconds of CPU; undone at the end.

    The database's own server is not in it, and neither are beginning and ending the answer's transaction.
    """
    span, cells = one_answer(platform, _CHILD)
    spent = []
    for _ in range(turns):
        with platform.database.writing() as connection:
            began = time.process_time()
            tallies.add(connection, span, cells)
            spent.append((time.process_time() - began) * 1000)
    with platform.database.writing() as connection:
        tallies.add(connection, span, cells, -turns)
    return statistics.median(spent)


def rebuild(platform: Platform) -> Iterator[tuple[str, str]]:
    """Count everything afresh: when all is right, and when everything that answers count is gone.

    Yields:
        What was done, and how long it took; of the second, also how long others had to wait before they could write.
    """
    held: list[float] = []
    writing = platform.database.writing

    @contextlib.contextmanager
    def watched() -> Iterator[Connection]:
        began = time.perf_counter()
        with writing() as connection:
            yield connection
        held.append(time.perf_counter() - began)

    own = [~Tally.question.startswith(name) for name in tallies.OTHERS]
    for name, spoil in (("rebuild, all right", False), ("rebuild, all gone", True)):
        if spoil:
            with writing() as connection:
                connection.execute(delete(Tally).where(*own))
        began, busy = time.perf_counter(), time.process_time()
        with patch.object(platform.database, "writing", watched):
            *_, last = recount(platform.database)
        took, spent = time.perf_counter() - began, time.process_time() - busy
        waited = f", longest write {max(held) * 1000:.0f} ms" if held else ""
        yield name, f"{took:.1f} s, {spent:.1f} CPU-s, {last.mended} counts mended{waited}"
        check(platform)


@contextlib.contextmanager
def platform_on(engine: str) -> Iterator[Platform]:
    """Make an empty platform on one engine, its questionnaires published."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        make_key(folder / "keys", "0001")
        given = {"VOICE_DATA": str(folder), "VOICE_SECRET_KEY": "a secret for benches that is long enough"}
        if engine == "postgresql":
            cluster = PostgresqlCluster()
            stack.callback(cluster.stop)
            given["VOICE_DATABASE_URL"] = stack.enter_context(cluster.copy("bench_board"))
        platform = build_platform(Settings.from_env(given), SetClock())
        stack.callback(platform.database.dispose)
        migrate(platform.database)
        with platform.database.writing() as connection:
            for definition in all_definitions():
                publish(connection, definition, platform.clock)
        yield platform


def main() -> None:
    """Measure every size on every engine, and print a table each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--turns", type=int, default=15)
    parser.add_argument("--engines", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--rebuild", action="store_true", help="count everything afresh too")
    parser.add_argument("--different", type=int, default=POOL, help="sets of answers drawn from, to each questionnaire")
    wanted = parser.parse_args()
    for engine in wanted.engines:
        for size in wanted.sizes:
            with platform_on(engine) as platform:
                began = time.perf_counter()
                fill(platform, size, wanted.different)
                check(platform)
                print(f"{engine}, {size:,} responses (made in {time.perf_counter() - began:.0f} s)", flush=True)
                for name, found in measure(platform, wanted.turns).items():
                    print(f"  {name}: {found}", flush=True)
                print(f"  upkeep: {upkeep(platform, 200):.2f} CPU-ms a response", flush=True)
                for name, found in rebuild(platform) if wanted.rebuild else ():
                    print(f"  {name}: {found}", flush=True)


if __name__ == "__main__":
    main()
