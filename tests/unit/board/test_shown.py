"""What figures showed is remembered: a later page never differs from an earlier one by one answer to four."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, event, select, update

from hscb_voice.board.by_service import by_service
from hscb_voice.board.counts import forget_all
from hscb_voice.board.figures import Figures, figures_of
from hscb_voice.board.models import ShownYear
from hscb_voice.board.overview import overview_of
from hscb_voice.board.periods import Period, quarter, reporting_year
from hscb_voice.board.shown import forget_what_was_read, look_after, year_as_shown
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.database import Database
from hscb_voice.foundation.errors import DatabaseUnreachableError
from hscb_voice.foundation.platform import Platform
from hscb_voice.questionnaires.kinds import check_answers
from hscb_voice.questionnaires.queries import current_version
from hscb_voice.responses.correcting import correct
from hscb_voice.responses.erasing import take_back
from hscb_voice.responses.service import Setting, Span
from hscb_voice.responses.tallies import note_change
from tests.support.answering import CHILD, keep_answer

YEAR = reporting_year(2026)  # in which the tests' clock stands
QUARTER = quarter(2026, 3)
SUMMER = Span(date(2026, 7, 1), date(2026, 7, 31))


def figures(platform: Platform, period: Period = QUARTER) -> Figures:
    with platform.database.reading() as connection:
        return figures_of(connection, CHILD, period)


def answers(platform: Platform, many: int, face: str = "happy", span: Span | None = None) -> list[str]:
    more: dict[str, Any] = {"span": span} if span else {}
    return [keep_answer(platform, {"q2": [face]}, **more).response_id for _ in range(many)]


def test_four_more_answers_leave_a_page_as_it_was_and_the_fifth_brings_it_up_to_date(platform: Platform) -> None:
    answers(platform, 12)
    first = figures(platform)
    assert first.responses == 12
    answers(platform, 4, "sad")
    assert figures(platform) == first
    assert figures(platform, YEAR).responses == 12
    answers(platform, 1, "sad")
    assert figures(platform).responses == 17


def test_figures_say_as_of_which_day_they_are(platform: Platform, clock: SetClock) -> None:
    answers(platform, 12)
    assert figures(platform).as_of == date(2026, 11, 22)
    clock.moment = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
    answers(platform, 4)
    assert figures(platform).as_of == date(2026, 11, 22)
    answers(platform, 1)
    assert figures(platform).as_of == date(2026, 11, 25)


def test_an_answer_put_right_or_taken_back_waits_as_well(platform: Platform) -> None:
    one, *others = answers(platform, 12)
    first = figures(platform)
    with platform.database.writing() as connection:
        definition = current_version(connection, CHILD).definition
        sad = check_answers(definition, {"q2": ["sad"]})
        correct(connection, others[-1], sad, platform.keys, platform.clock.now())
    assert figures(platform) == first
    with platform.database.writing() as connection:
        take_back(connection, one, "asked", platform.clock.now())
    assert figures(platform) == first
    with platform.database.writing() as connection:
        for response_id in others[:4]:
            take_back(connection, response_id, "asked", platform.clock.now())
    assert figures(platform).responses == 7


def test_a_quarter_that_changes_by_few_waits_and_the_next_one_goes_on(platform: Platform) -> None:
    answers(platform, 12, span=SUMMER)
    answers(platform, 6)
    assert figures(platform, YEAR).responses == 18
    answers(platform, 2, span=SUMMER)
    answers(platform, 6)
    assert figures(platform, quarter(2026, 2)).responses == 12
    assert figures(platform).responses == 12
    assert figures(platform, YEAR).responses == 24


def test_a_year_that_is_not_over_is_the_sum_of_what_its_quarters_show(platform: Platform) -> None:
    answers(platform, 12, span=SUMMER)
    answers(platform, 6, "sad", span=SUMMER)
    answers(platform, 8)
    answers(platform, 7, "okay")
    answers(platform, 3, "sad")
    question = figures(platform, YEAR).question("q2")
    assert question is not None
    faces = {count.key: count for count in question.rows[0].counts}
    assert faces["happy"].n == 20
    assert faces["okay"].n == 7
    assert (faces["sad"].n, faces["sad"].at_least) == (None, 6)


def test_an_answer_of_which_only_the_year_is_known_waits_until_it_is_over(platform: Platform, clock: SetClock) -> None:
    answers(platform, 12)
    answers(platform, 6, span=Span(YEAR.start, YEAR.end))
    assert figures(platform, YEAR).responses == 12
    clock.moment = datetime(2027, 4, 1, 9, 0, tzinfo=UTC)
    assert figures(platform, YEAR).responses == 18


def test_a_quarter_that_was_shown_is_never_hidden_for_the_sake_of_a_later_one(
    platform: Platform, clock: SetClock
) -> None:
    answers(platform, 12, span=SUMMER)
    answers(platform, 3)
    assert [figures(platform, one).responses for one in (quarter(2026, 2), QUARTER, YEAR)] == [12, None, None]
    clock.moment = datetime(2027, 1, 20, 9, 0, tzinfo=UTC)
    answers(platform, 8)
    assert figures(platform, quarter(2026, 4)).responses == 8
    clock.moment = datetime(2027, 4, 1, 9, 0, tzinfo=UTC)
    # Whoever kept the pages of two quarters could take them from the year: so it is the year that is hidden.
    quarters = [figures(platform, quarter(2026, number)).responses for number in (2, 3, 4)]
    assert [*quarters, figures(platform, YEAR).responses] == [12, None, 8, None]


def test_another_process_shows_the_same(platform: Platform) -> None:
    answers(platform, 12)
    first = figures(platform)
    answers(platform, 2)
    other = Database(platform.settings.database_url)
    look_after(other, platform.clock)
    with other.reading() as connection:
        assert figures_of(connection, CHILD, QUARTER) == first
    answers(platform, 3)
    with other.reading() as connection:
        assert figures_of(connection, CHILD, QUARTER).responses == 17
    other.dispose()
    assert figures(platform).responses == 17


def test_what_was_shown_is_read_again_by_a_process_that_has_forgotten_it(platform: Platform) -> None:
    answers(platform, 12)
    first = figures(platform)
    with platform.database.reading() as connection:
        document = overview_of(connection, platform.keys, QUARTER)
    forget_what_was_read()
    answers(platform, 1)
    assert figures(platform) == first
    with platform.database.reading() as connection:
        assert overview_of(connection, platform.keys, QUARTER) == document


def test_services_are_shown_as_of_the_same_day(platform: Platform) -> None:
    for _ in range(12):
        keep_answer(platform, {"q2": ["happy"]}, setting=Setting(service="North"))
    with platform.database.reading() as connection:
        first = by_service(connection, YEAR, [figures_of(connection, CHILD, YEAR)])
    keep_answer(platform, {"q2": ["happy"]}, setting=Setting(service="North"))
    with platform.database.reading() as connection:
        assert by_service(connection, YEAR, [figures_of(connection, CHILD, YEAR)]) == first


def test_while_nothing_can_be_kept_the_old_figures_stand_and_no_new_ones_begin(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room() -> None:
        message = "The disk is full."
        raise DatabaseUnreachableError(message)

    answers(platform, 12)
    first = figures(platform)
    answers(platform, 5)
    answers(platform, 12, span=Span(date(2025, 7, 1), date(2025, 7, 31)))
    monkeypatch.setattr(platform.database, "writing", no_room)
    assert figures(platform) == first
    with pytest.raises(DatabaseUnreachableError):
        figures(platform, reporting_year(2025))


def statements(connection: Connection) -> list[str]:
    """Return a list to which every statement comes that reads the summary table itself."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "FROM tallies" in statement:
            found.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    return found


def test_of_an_answer_that_must_wait_no_more_is_read_than_that_it_came(platform: Platform) -> None:
    answers(platform, 12)
    first = figures(platform)
    answers(platform, 1, "sad")
    with platform.database.reading() as connection:
        read = statements(connection)
        assert figures_of(connection, CHILD, QUARTER) == first
    assert len(read) == 1
    assert "sum(tallies.n)" in read[0]


def test_what_all_had_to_be_looked_at_again_is_written_down_as_looked_at(platform: Platform) -> None:
    for month in (4, 7, 10):
        answers(platform, 12, span=Span.month_of(date(2026, month, 1)))
    first = figures(platform, YEAR)
    with platform.database.writing() as connection:
        note_change(connection)
    for _ in range(2):
        forget_what_was_read()
        forget_all()
        with platform.database.reading() as connection:
            read = statements(connection)
            year_as_shown(connection, YEAR, [CHILD])
    assert read == []
    assert figures(platform, YEAR) == first


def test_years_that_an_earlier_version_kept_are_shown_as_they_were(platform: Platform) -> None:
    answers(platform, 12)
    first = figures(platform)
    with platform.database.writing() as connection:
        for slug, body in connection.execute(select(ShownYear.slug, ShownYear.body)).all():
            older = body | {"seen": "".join(body["seen"])}
            connection.execute(update(ShownYear).where(ShownYear.slug == slug).values(body=older, mark=7))
    answers(platform, 4, "sad")
    forget_what_was_read()
    assert figures(platform) == first
    answers(platform, 1, "sad")
    assert figures(platform).responses == 17
