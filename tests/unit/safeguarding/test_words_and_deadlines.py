"""When a person must have looked, and in what words that is said."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from hscb_voice.foundation.clock import LOCAL_ZONE
from hscb_voice.safeguarding.deadlines import due_to_read, due_to_speak
from hscb_voice.safeguarding.wording import Piece, due_words, marked, moment_words, reason_lines

SUNDAY = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("heard", "read"),
    [
        (datetime(2026, 11, 23, 9, 0, tzinfo=UTC), datetime(2026, 11, 23, 17, 0, tzinfo=UTC)),
        (SUNDAY, datetime(2026, 11, 22, 17, 0, tzinfo=UTC)),
        (datetime(2026, 11, 23, 15, 59, tzinfo=UTC), datetime(2026, 11, 23, 17, 0, tzinfo=UTC)),
        (datetime(2026, 11, 23, 16, 0, tzinfo=UTC), datetime(2026, 11, 24, 0, 0, tzinfo=UTC)),
        # In summer the clock on the wall is an hour ahead: 15:30 UTC is 16:30, and past the office's last hour.
        (datetime(2026, 7, 1, 15, 30, tzinfo=UTC), datetime(2026, 7, 1, 23, 0, tzinfo=UTC)),
        (datetime(2026, 7, 1, 9, 0, tzinfo=UTC), datetime(2026, 7, 1, 16, 0, tzinfo=UTC)),
        # Half past eleven in the evening in UTC is already the next day in a British summer.
        (datetime(2026, 7, 1, 23, 30, tzinfo=UTC), datetime(2026, 7, 2, 16, 0, tzinfo=UTC)),
    ],
)
def test_it_must_be_read_the_same_day(heard: datetime, read: datetime) -> None:
    assert due_to_read(heard) == read


@pytest.mark.parametrize(
    ("day_heard", "day_due"),
    [(23, 25), (25, 27), (26, 30), (27, 31 + 0), (22, 24), (21, 24), (20, 24)],
)
def test_somebody_must_have_spoken_within_two_working_days(day_heard: int, day_due: int) -> None:
    # The 23rd of November 2026 is a Monday; the 31st stands for the 1st of December.
    heard = datetime(2026, 11, day_heard, 9, 0, tzinfo=UTC)
    due = datetime(2026, 11, 1, 17, 0, tzinfo=UTC) + timedelta(days=day_due - 1)
    assert due_to_speak(heard) == due


@pytest.mark.parametrize(
    ("heard", "due"),
    [
        (date(2026, 12, 23), date(2026, 12, 29)),  # Christmas Day, a weekend, and Boxing Day's substitute between
        (date(2026, 12, 24), date(2026, 12, 30)),
        (date(2027, 3, 25), date(2027, 3, 31)),  # Good Friday and Easter Monday
        (date(2026, 11, 27), date(2026, 12, 1)),  # St Andrew's Day is one in Scotland only
    ],
)
def test_c3_bank_holidays_of_england_are_no_working_days(heard: date, due: date) -> None:
    moment = datetime.combine(heard, time(10), LOCAL_ZONE)
    assert due_to_speak(moment) == datetime.combine(due, time(17), LOCAL_ZONE)
    assert due_to_read(moment) == datetime.combine(heard, time(17), LOCAL_ZONE)


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (datetime(2026, 11, 22, 17, 0, tzinfo=UTC), "due today by 17:00"),
        (datetime(2026, 11, 23, 0, 0, tzinfo=UTC), "due today by midnight"),
        (datetime(2026, 11, 23, 17, 0, tzinfo=UTC), "due tomorrow by 17:00"),
        (datetime(2026, 11, 24, 17, 0, tzinfo=UTC), "due on Tuesday 24 November by 17:00"),
        (datetime(2026, 11, 22, 9, 59, 40, tzinfo=UTC), "late by less than a minute"),
        (datetime(2026, 11, 22, 9, 59, tzinfo=UTC), "late by 1 minute"),
        (datetime(2026, 11, 22, 8, 0, tzinfo=UTC), "late by 2 hours"),
        (datetime(2026, 11, 21, 9, 0, tzinfo=UTC), "late by 1 day"),
        (datetime(2026, 11, 17, 9, 0, tzinfo=UTC), "late by 5 days"),
    ],
)
def test_it_says_by_when_as_a_person_would(due: datetime, words: str) -> None:
    assert due_words(due, SUNDAY) == words


def test_a_summer_deadline_is_said_in_the_time_on_the_wall() -> None:
    morning = datetime(2026, 7, 1, 7, 0, tzinfo=UTC)
    assert due_words(due_to_read(morning), morning) == "due today by 17:00"
    assert moment_words(morning) == "1 July 2026 at 08:00"


def test_a_deadline_at_midnight_is_of_the_day_that_ends() -> None:
    evening = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)
    assert due_words(due_to_read(evening), evening) == "due today by midnight"
    far = datetime(2026, 11, 28, 0, 0, tzinfo=UTC)
    assert due_words(far, SUNDAY) == "due on Friday 27 November by midnight"


@pytest.mark.parametrize(
    ("spans", "decided"),
    [
        ([], []),
        ([(4, 7)], ["two"]),
        ([(8, 13), (0, 3)], ["one", "three"]),
        ([(0, 7), (4, 13)], ["one two", " three"]),
        ([(4, 400)], ["two three"]),
        ([(0, 13), (4, 7)], ["one two three"]),
        ([(5, 5)], []),
    ],
)
def test_the_deciding_words_are_cut_out_and_no_letter_is_lost(spans: list[tuple[int, int]], decided: list[str]) -> None:
    pieces = marked("one two three", spans)
    assert "".join(piece.text for piece in pieces) == "one two three"
    assert [piece.text for piece in pieces if piece.decided] == decided
    assert all(piece.text for piece in pieces)
    assert marked("", spans) == []


def test_a_piece_says_whether_it_decided() -> None:
    assert marked("ab", [(1, 2)]) == [Piece("a", decided=False), Piece("b", decided=True)]


def test_the_reasons_are_said_in_plain_words() -> None:
    assert reason_lines("words", ["fear_of_person", "harm"]) == ["Afraid of a person", "Someone is hurting a child"]
    assert reason_lines("words", ["some_new_reason"]) == ["Some new reason"]
    assert reason_lines("talk", []) == ["Asked for someone to talk to"]
