"""Every figure counted afresh from the rows themselves, beside the summary table that is kept up as things happen."""

from collections import Counter
from typing import Any
from unittest.mock import patch
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, select

from hscb_voice.board import counts
from hscb_voice.board.counts import year_counts
from hscb_voice.board.periods import Period
from hscb_voice.questionnaires.queries import published_slugs, version_by_id
from hscb_voice.responses.models import Comment, Response, Tally
from hscb_voice.responses.service import span_of
from hscb_voice.responses.tallies import cells_of, cells_of_arrival
from hscb_voice.safeguarding.models import Concern
from hscb_voice.safeguarding.service import cells_counted
from hscb_voice.themes.service import cells_in_force

Figures = dict[tuple[Any, ...], int]
# Responses are kept apart by service, age and helper; what other rooms count by service; what was answered by neither.
_OTHER_ROOMS = ("theme", "polarity", "concern:", "standby:")
_KEYS = [column for column in Tally.__table__.columns if column.name != "n"]


def figures_kept(connection: Connection) -> Figures:
    """Return what the summary table says; cells that stand at nought are left out."""
    rows = connection.execute(select(*_KEYS, Tally.n)).all()
    return {tuple(row[:-1]): row[-1] for row in rows if row[-1]}


def figures_afresh(connection: Connection) -> Figures:
    """Count every cell again: answers, themes and concerns, row by row."""
    counted: Counter[tuple[Any, ...]] = Counter()
    for response in connection.execute(select(Response.__table__)).mappings():
        span = span_of({**response})
        cells = list(cells_in_force(connection, response["id"]))
        if response["taken_back_at"] is None:
            worded = select(Comment.question).where(Comment.response_id == response["id"]).distinct()
            answers = {**response["answers"], **dict.fromkeys(connection.execute(worded).scalars(), "")}
            cells += cells_of(version_by_id(connection, response["version_id"]).definition, answers)
            cells += cells_of_arrival(response["channel"], response["language"])
        concerns = select(Concern.__table__).where(Concern.response_id == response["id"])
        for concern in connection.execute(concerns).mappings():
            cells += cells_counted({**concern})
        for cell in cells:
            place = {**vars(span), **cell._asdict()}
            if cell.question:
                place |= {"age_band": "", "answered": ""}
            if cell.question and not cell.question.startswith(_OTHER_ROOMS):
                place["service"] = ""
            counted[tuple(place[column.name] for column in _KEYS)] += 1
    return dict(counted)


def counts_remembered(connection: Connection, year: Period) -> tuple[object, ...]:
    """Return what the Board's room says of a year, which reads again only what it knows to have changed."""
    return (year_counts(connection, year, published_slugs(connection)),)


def counts_read_anew(connection: Connection, year: Period) -> tuple[object, ...]:
    """Return the same by a room that remembers nothing."""
    with patch.object(counts, "_MEMORIES", WeakKeyDictionary()):
        return counts_remembered(connection, year)
