"""Counts are read once and remembered for as long as they hold, and never longer."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event

import hscb_voice
from hscb_voice.board import counts
from hscb_voice.board.counts import year_counts
from hscb_voice.board.figures import figures_of
from hscb_voice.board.periods import quarter, reporting_year
from hscb_voice.foundation.platform import Platform
from hscb_voice.responses import tallies
from hscb_voice.responses.recounting import recount
from hscb_voice.responses.service import Span
from tests.support.answering import CHILD, keep_answer, submission

YEAR = reporting_year(2026)  # in which the tests' clock stands
PARENT = "support-worker-parent"


@contextmanager
def reads_of_the_table(connection: Connection) -> Iterator[list[str]]:
    """Note every statement that reads the summary table itself."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if re.search(r"FROM tallies\b", statement):
            found.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    yield found
    event.remove(connection, "before_cursor_execute", note)


def responses(platform: Platform, slug: str = CHILD) -> int:
    with platform.database.reading() as connection:
        return year_counts(connection, YEAR, [slug])[slug].slices[-1].responses


def test_what_has_not_changed_is_not_read_again(platform: Platform) -> None:
    keep_answer(platform, {"q2": ["happy"]})
    with platform.database.reading() as connection:
        first = figures_of(connection, CHILD, YEAR)
        with reads_of_the_table(connection) as read:
            assert figures_of(connection, CHILD, YEAR) == first
            assert figures_of(connection, CHILD, quarter(2026, 3)).period != first.period
    assert read == []


def test_an_answer_lets_its_own_questionnaire_be_read_again_and_no_other(platform: Platform) -> None:
    keep_answer(platform, {"q2": ["happy"]})
    keep_answer(platform, {"q3": {"1": "good"}}, slug=PARENT)
    assert (responses(platform), responses(platform, PARENT)) == (1, 1)
    keep_answer(platform, {"q2": ["sad"]})
    with platform.database.reading() as connection, reads_of_the_table(connection) as read:
        found = year_counts(connection, YEAR, [CHILD, PARENT])
    assert len(read) == 1
    assert found[CHILD].slices[-1].counts["q2", "", "sad"] == 1
    assert (found[CHILD].slices[-1].responses, found[PARENT].slices[-1].responses) == (2, 1)


def test_what_was_seen_of_a_transaction_that_was_undone_is_forgotten(platform: Platform) -> None:
    keep_answer(platform, {"q2": ["happy"]})
    assert responses(platform) == 1
    with pytest.raises(InterruptedError):
        see_one_more_and_stop(platform)
    assert responses(platform) == 1


def see_one_more_and_stop(platform: Platform) -> None:
    one = submission(platform, {"q2": ["happy"]})
    month = Span.month_of(platform.clock.today())
    span = tallies.TallySpan(CHILD, month.start, month.end, "child", "", "", "", invented=False)
    with platform.database.writing() as connection:
        tallies.add(connection, span, tallies.cells_of(one.version.definition, one.answers))
        assert year_counts(connection, YEAR, [CHILD])[CHILD].slices[-1].responses == 2
        raise InterruptedError


def test_a_recount_is_seen_at_once(platform: Platform) -> None:
    keep_answer(platform, {"q2": ["happy"]})
    with platform.database.writing() as connection:
        connection.exec_driver_sql("UPDATE tallies SET n = 9")
        tallies.note_change(connection)
    assert responses(platform) == 9
    list(recount(platform.database))
    assert responses(platform) == 1


def test_no_more_is_remembered_than_there_is_room_for(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counts, "_MOST_BLOCKS", 1)
    monkeypatch.setattr(counts, "_MOST_YEARS", 1)
    keep_answer(platform, {"q2": ["happy"]})
    keep_answer(platform, {"q3": {"1": "good"}}, slug=PARENT)
    for _ in range(2):
        assert (responses(platform), responses(platform, PARENT)) == (1, 1)
    memory = counts._MEMORIES[platform.database.engine]
    assert (len(memory._blocks), len(memory._years)) == (1, 1)


def test_whatever_changes_the_table_lets_it_be_read_again() -> None:
    room = Path(hscb_voice.__file__).parent
    writes = re.compile(r"(insert|update|delete|upsert)\((connection, )?Tally\)|(INTO|UPDATE|FROM) tallies\b")
    texts = {str(path.relative_to(room)): path.read_text("utf-8") for path in room.rglob("*.py")}
    writers = {name for name, text in texts.items() if writes.search(text)}
    assert writers == {"responses/tallies.py", "themes/switching.py"}
    assert all("note_change(" in texts[name] for name in writers)
