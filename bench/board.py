"""How long the Board's figures take at ten thousand, a hundred thousand and a million responses, on both engines.

Responses are written in bulk, with the summary table filled by the same cells as `keep` fills it; whether it is true is
checked before anything is timed, by counting the responses of a quarter afresh. Three years, eleven questionnaires.

Usage: python -m bench.board [--sizes 10000 100000] [--turns 15] [--engines sqlite postgresql] [--rebuild]
"""

import argparse
import contextlib
import json
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select, text

from hscb_voice.board.disclosure_year import read_year
from hscb_voice.board.figures import figures_of
from hscb_voice.board.periods import quarter, reporting_year
from hscb_voice.factory import build_platform
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.key_sources import make_key
from hscb_voice.foundation.migrating import migrate
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings
from hscb_voice.questionnaires.queries import current_version, published_slugs
from hscb_voice.questionnaires.reading import all_definitions
from hscb_voice.questionnaires.service import publish
from hscb_voice.responses import tallies
from hscb_voice.responses.models import Response
from hscb_voice.responses.recounting import recount
from hscb_voice.responses.service import Span, parted, span_of
from tests.support.board_data import made_up
from tests.support.engines import PostgresqlCluster

_SERVICES = ("North", "South", "East", "West")
_MONTHS = [Span.month_of(date(2014 + month // 12, month % 12 + 1, 5)) for month in range(3, 39)]
_POOL = 60  # different answers to each questionnaire
_PAGE = 5000
_QUARTER = quarter(2015, 2)
_CHILD = "support-worker-child"


def fill(platform: Platform, size: int) -> None:
    """Write made-up responses in bulk, without words and without jobs, and their counts as `keep` would.

    Args:
        platform: with the questionnaires published.
        size: how many.
    """
    chance = random.Random(size)  # noqa: S311 - repeatable answers, no secrets
    pool = _pool(platform, chance)
    sums: dict[tallies.TallySpan, Counter[tallies.Cell]] = {}
    page: list[dict[str, Any]] = []
    with platform.database.writing() as connection:
        for _ in range(size):
            row, cells = chance.choice(pool)
            span = chance.choice(_MONTHS)
            new = {**row, "id": new_id(), "span_start": span.start, "span_end": span.end}
            new["service"] = chance.choice(_SERVICES)
            page.append(new)
            head, *answered = cells
            where = span_of(new)
            sums.setdefault(where, Counter())[head] += 1
            sums.setdefault(tallies.whole(where), Counter()).update(answered)
            if len(page) == _PAGE:
                connection.execute(insert(Response), page)
                page.clear()
        if page:
            connection.execute(insert(Response), page)
        for place, counted in sums.items():
            tallies.add(connection, place, counted)
    with platform.database.writing() as connection:
        connection.execute(text("ANALYZE"))


def check(platform: Platform) -> None:
    """Refuse to time what is not true: the quarter's responses, counted from the rows themselves."""
    within = (Response.span_start >= _QUARTER.start, Response.span_end <= _QUARTER.end, Response.slug == _CHILD)
    with platform.database.reading() as connection:
        true = connection.execute(select(func.count()).select_from(Response).where(*within)).scalar_one()
        shown = figures_of(connection, _CHILD, _QUARTER).responses
    if shown != true:
        message = f"The summary table says {shown}, and there are {true}."
        raise SystemExit(message)


def timed(act: Callable[[], object], turns: int) -> tuple[float, float]:
    """Return median and 95th percentile in milliseconds, after one turn that warms up."""
    act()
    took = []
    for _ in range(turns):
        began = time.perf_counter()
        act()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took), sorted(took)[round(0.95 * (turns - 1))]


def measure(platform: Platform, turns: int) -> dict[str, tuple[float, float]]:
    """Time what the Board's pages read."""
    with platform.database.reading() as connection:
        slugs = published_slugs(connection)
        years = [reporting_year(year) for year in (2014, 2015, 2016)]
        return {
            "quarter of one questionnaire, through the door": timed(
                lambda: figures_of(connection, _CHILD, _QUARTER), turns
            ),
            "quarter of all, read with its year": timed(lambda: read_year(connection, _QUARTER, slugs), turns),
            "36 months of all": timed(lambda: [read_year(connection, year, slugs) for year in years], turns),
        }


def upkeep(platform: Platform, turns: int) -> float:
    """Return what it costs to keep the summary table with one response, in milliseconds of CPU; undone at the end."""
    row, cells = _pool(platform, random.Random(1))[0]  # noqa: S311 - repeatable answers, no secrets
    span = span_of({**row, "span_start": _MONTHS[-1].start, "span_end": _MONTHS[-1].end, "service": "North"})
    with platform.database.writing() as connection:
        began = time.process_time()
        for _ in range(turns):
            tallies.add(connection, span, cells)
        cost = (time.process_time() - began) * 1000 / turns
        tallies.add(connection, span, cells, -turns)
    return cost


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


def _pool(platform: Platform, chance: random.Random) -> list[tuple[dict[str, Any], list[tallies.Cell]]]:
    """Make up answers without words, as rows of the table, each with the cells to which it adds."""
    pool = []
    with platform.database.reading() as connection:
        for slug in published_slugs(connection):
            version = current_version(connection, slug)
            for _ in range(_POOL):
                one = made_up(platform, version, chance)
                ticks, _words = parted(version.definition, one.answers)
                row = {"version_id": version.id, "slug": slug, "language": "en", "body_hash": b"", "answers": ticks}
                row |= {"respondent": one.respondent, "received_at": one.received_at, "channel": "link"}
                row |= {"key_id": "0001", "invented": True, "team": "", "wrapped_key": None}
                pool.append((row, tallies.cells_of(version.definition, ticks)))
    return pool


def main() -> None:
    """Measure every size on every engine, and print a line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--turns", type=int, default=15)
    parser.add_argument("--engines", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--rebuild", action="store_true", help="count everything afresh too")
    wanted = parser.parse_args()
    for engine in wanted.engines:
        for size in wanted.sizes:
            with platform_on(engine) as platform:
                fill(platform, size)
                check(platform)
                found: dict[str, Any] = {"engine": engine, "responses": size}
                for name, (half, most) in measure(platform, wanted.turns).items():
                    found[name] = f"p50 {half:.1f} ms, p95 {most:.1f} ms"
                found["upkeep"] = f"{upkeep(platform, 200):.2f} CPU-ms a response"
                if wanted.rebuild:
                    began = time.perf_counter()
                    list(recount(platform.database))
                    found["rebuild"] = f"{time.perf_counter() - began:.1f} s"
                    check(platform)
                print(json.dumps(found, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
