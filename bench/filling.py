"""Writes a great many made-up responses at once, with their words and counts, for benches that need a large database.

Answers, months, services, ages, questionnaires and codes vary. The counts of answers can be checked against the rows;
those of themes are made up beside them, as many as there would be, and no codes stand behind them.
"""

import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from hscb_voice.foundation.database import as_kept
from hscb_voice.foundation.platform import Platform
from hscb_voice.language.codebook import default_codebook
from hscb_voice.questionnaires.queries import PublishedVersion, current_version, published_slugs
from hscb_voice.responses import tallies
from hscb_voice.responses.service import Span, parted, span_of
from hscb_voice.themes.service import THEME_POLARITIES
from tests.support.board_data import made_up

SERVICES = ("North", "South", "East", "West")
MONTHS = [Span.month_of(date(2014 + month // 12, month % 12 + 1, 5)) for month in range(3, 39)]
POOL = 400  # different answers to each questionnaire, when nothing else is said
_PAGE = 20_000
_SEALED = b"\0" * 90
_RESPONSE = (
    "id, version_id, slug, variant, language, respondent, body_hash, answers, span_start, span_end, received_at,"
    " channel, service, team, locality, point, source, invented, receipt_turn, key_id"
)
_COMMENT = "id, response_id, question, line, sealed"


@dataclass(frozen=True)
class _Made:
    """One answer of the pool."""

    version: PublishedVersion
    variant: str | None
    respondent: str
    ticks: dict[str, object]
    written: str  # the ticks as they stand in the table
    words: tuple[tuple[str, int], ...]  # question and line
    cells: tuple[tallies.Cell, ...]
    themes: tuple[tallies.Cell, ...]


def fill(platform: Platform, size: int, different: int = POOL) -> None:
    """Write made-up responses in bulk, without jobs, and their counts as `keep` would.

    Args:
        platform: with the questionnaires published.
        size: how many.
        different: from how many sets of ticks and words to each questionnaire they are drawn; some come out the same.
    """
    chance = random.Random(size)  # noqa: S311 - repeatable answers, no secrets
    pool = _pool(platform, chance, different)
    drawn = Counter[tuple[int, int, int]]()
    with platform.database.writing() as connection:
        for rows, comments in _pages(connection, pool, chance, size, platform.clock.now(), drawn):
            _write(connection, "responses", _RESPONSE, rows)
            _write(connection, "comments", _COMMENT, comments)
        for span, cells in _counted(pool, drawn).items():
            tallies.add(connection, span, cells)
    if platform.database.is_sqlite:
        with platform.database.writing() as connection:
            connection.execute(text("ANALYZE"))
        return
    # As PostgreSQL's own housekeeping would before long; until then it looks up each row that an index names.
    with platform.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE responses, comments, tallies"))


def one_answer(platform: Platform, slug: str) -> tuple[tallies.TallySpan, tuple[tallies.Cell, ...]]:
    """Return where an answer of the last month to a questionnaire would be counted, and in which cells."""
    with platform.database.reading() as connection:
        version = current_version(connection, slug)
    made = _make(platform, version, random.Random(1), [])  # noqa: S311 - repeatable answers, no secrets
    return _span(made, MONTHS[-1], SERVICES[0]), made.cells


def _pool(platform: Platform, chance: random.Random, different: int) -> list[_Made]:
    themes = [theme.id for theme in default_codebook().themes]
    with platform.database.reading() as connection:
        versions = [current_version(connection, slug) for slug in published_slugs(connection)]
    return [_make(platform, version, chance, themes) for version in versions for _ in range(different)]


def _make(platform: Platform, version: PublishedVersion, chance: random.Random, themes: list[str]) -> _Made:
    one = made_up(platform, version, chance)
    ticks, words = parted(version.definition, one.answers)
    heard = [tallies.Cell("themes", "", ""), *_spoken(chance, themes)] if words and themes else []
    return _Made(
        version=version,
        variant=one.variant,
        respondent=one.respondent or version.definition.respondent,
        ticks=dict(ticks),
        written=json.dumps(ticks),
        words=tuple((question, line) for question, line, _ in words),
        cells=(*tallies.cells_of(version.definition, one.answers), *tallies.cells_of_arrival("link", "en")),
        themes=tuple(heard),
    )


def _spoken(chance: random.Random, themes: list[str]) -> Iterator[tallies.Cell]:
    for theme in chance.sample(themes, chance.randint(1, 2)):
        yield tallies.Cell(f"theme:{theme}", "", "")
        yield tallies.Cell(f"theme:{theme}", "", chance.choice(THEME_POLARITIES))


def _pages(
    connection: Connection,
    pool: list[_Made],
    chance: random.Random,
    size: int,
    now: datetime,
    drawn: Counter[tuple[int, int, int]],
) -> Iterator[tuple[list[tuple[object, ...]], list[tuple[object, ...]]]]:
    came = as_kept(connection, now)
    is_sqlite = connection.dialect.name == "sqlite"
    spans = [(m.start.isoformat(), m.end.isoformat()) if is_sqlite else (m.start, m.end) for m in MONTHS]
    ids = (str(UUID(int=chance.getrandbits(128), version=4)) for _ in iter(int, 1))
    for done in range(0, size, _PAGE):
        rows: list[tuple[object, ...]] = []
        comments: list[tuple[object, ...]] = []
        for _ in range(min(_PAGE, size - done)):
            draw = (chance.randrange(len(pool)), chance.randrange(len(MONTHS)), chance.randrange(len(SERVICES)))
            drawn[draw] += 1
            made, response_id = pool[draw[0]], next(ids)
            said = (made.version.id, made.version.slug, made.variant, "en", made.respondent, b"", made.written)
            rest = (came, "link", SERVICES[draw[2]], "", "", "", "", True, 0, "0001")
            rows.append((response_id, *said, *spans[draw[1]], *rest))
            comments += [(next(ids), response_id, *word, _SEALED) for word in made.words]
        yield rows, comments


def _write(connection: Connection, table: str, names: str, rows: list[tuple[object, ...]]) -> None:
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(names.split(",")))
        connection.exec_driver_sql(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608 - our own names
        return
    # PostgreSQL copies into no table that has a row fence, so by way of one that has none.
    connection.exec_driver_sql(f"CREATE TEMPORARY TABLE IF NOT EXISTS new_{table} (LIKE {table} INCLUDING DEFAULTS)")
    raw: Any = connection.connection.cursor()
    with raw.copy(f"COPY new_{table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    connection.exec_driver_sql(f"INSERT INTO {table} SELECT * FROM new_{table}")  # noqa: S608 - as above
    connection.exec_driver_sql(f"TRUNCATE new_{table}")


def _counted(pool: list[_Made], drawn: Counter[tuple[int, int, int]]) -> dict[tallies.TallySpan, Counter[tallies.Cell]]:
    sums: dict[tallies.TallySpan, Counter[tallies.Cell]] = {}
    for (made_at, month, service), times in drawn.items():
        made = pool[made_at]
        span = _span(made, MONTHS[month], SERVICES[service])
        head, *answered = made.cells
        _add(sums.setdefault(span, Counter()), [head, *made.themes], times)
        _add(sums.setdefault(tallies.whole(span), Counter()), answered, times)
    return sums


def _add(counter: Counter[tallies.Cell], cells: Iterable[tallies.Cell], times: int) -> None:
    for cell in cells:
        counter[cell] += times


def _span(made: _Made, month: Span, service: str) -> tallies.TallySpan:
    where = {"slug": made.version.slug, "span_start": month.start, "span_end": month.end, "service": service}
    return span_of(where | {"respondent": made.respondent, "invented": True, "answers": made.ticks})
