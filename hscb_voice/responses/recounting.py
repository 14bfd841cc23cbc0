"""Counts all responses afresh, when the summary table is in doubt or a rule of counting has changed.

It touches only the counts that answers themselves make; those of themes and concerns belong to their rooms.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, select, text

from hscb_voice.foundation.database import Database
from hscb_voice.questionnaires.queries import PublishedVersion, published_slugs, version_by_id
from hscb_voice.responses import tallies
from hscb_voice.responses.models import Comment, Response, Tally
from hscb_voice.responses.service import span_of

_PAGE = 2000
_READ = [
    getattr(Response, name)
    for name in ("id", "version_id", "slug", "span_start", "span_end", "respondent", "service", "invented", "answers")
]


@dataclass(frozen=True)
class Recounted:
    """How far the recount is."""

    slug: str
    done: int
    of: int


def recount(database: Database) -> Iterator[Recounted]:
    """Count every response afresh, one questionnaire a transaction, while answers go on coming.

    Args:
        database: whose summary table.

    Yields:
        After each some thousand responses, and at the end of each questionnaire, how far it is.

    Raises:
        DatabaseUnreachableError: the database is down; what was finished stays, and the rest is as it was.
    """
    with database.reading() as connection:
        slugs = published_slugs(connection)
    for slug in slugs:
        with database.writing() as connection:
            yield from _recount_one(connection, slug)


def _recount_one(connection: Connection, slug: str) -> Iterator[Recounted]:
    if connection.dialect.name == "postgresql":
        # An answer that comes now waits until we have finished: otherwise it would be counted twice, or not at all.
        connection.execute(text("LOCK TABLE tallies IN SHARE ROW EXCLUSIVE MODE"))
    answered = (Response.slug == slug, Response.taken_back_at.is_(None))
    total = connection.execute(select(func.count()).select_from(Response).where(*answered)).scalar_one()
    sums: dict[tallies.TallySpan, Counter[tallies.Cell]] = {}
    versions: dict[int, PublishedVersion] = {}
    done = 0
    for page in _pages(connection, slug):
        worded = _worded(connection, slug, page)
        for row in page:
            # The words stay sealed: to count an answer in words it is enough to know that there is one.
            answers = {**row["answers"], **dict.fromkeys(worded.get(row["id"], ()), "")}
            version = row["version_id"]
            if version not in versions:  # asked once, and not for every response: versions never change
                versions[version] = version_by_id(connection, version)
            head, *own = tallies.cells_of(versions[version].definition, answers)
            span = span_of({**row})
            sums.setdefault(span, Counter())[head] += 1
            # Summed here already, so that the table is written once a cell and not once a service, age and helper.
            sums.setdefault(tallies.whole(span), Counter()).update(own)
        done += len(page)
        yield Recounted(slug, done, total)
    others = [~Tally.question.startswith(name, autoescape=True) for name in tallies.OTHERS]
    connection.execute(delete(Tally).where(Tally.slug == slug, *others))
    for span, cells in sums.items():
        tallies.add(connection, span, cells)
    tallies.note_change(connection, slug)


def _pages(connection: Connection, slug: str) -> Iterator[list[RowMapping]]:
    last = ""
    query = select(*_READ).where(Response.slug == slug, Response.taken_back_at.is_(None))
    query = query.order_by(Response.id).limit(_PAGE)
    while page := list(connection.execute(query.where(Response.id > last)).mappings()):
        last = page[-1]["id"]
        yield page


def _worded(connection: Connection, slug: str, page: list[RowMapping]) -> dict[str, set[str]]:
    """Return which questions each response of a page answered in words."""
    query = (
        select(Comment.response_id, Comment.question)
        .join(Response, Response.id == Comment.response_id)
        .where(Response.slug == slug, Response.id >= page[0]["id"], Response.id <= page[-1]["id"])
        .distinct()
    )
    found: dict[str, Any] = {}
    for row in connection.execute(query):
        found.setdefault(row.response_id, set()).add(row.question)
    return found
