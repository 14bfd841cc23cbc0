"""Figures are for reporting years and their quarters, and the reader is told which were used."""

from datetime import date

import pytest

from hscb_voice.board.errors import UnknownPeriodError
from hscb_voice.board.periods import (
    Period,
    covering,
    period_named,
    quarter,
    reporting_year,
    reporting_year_of,
    year_around,
)


def test_a_reporting_year_runs_from_april_to_march() -> None:
    assert reporting_year(2015) == Period(date(2015, 4, 1), date(2016, 3, 31))
    assert reporting_year_of(date(2016, 3, 31)) == 2015
    assert reporting_year_of(date(2016, 4, 1)) == 2016


def test_the_last_quarter_lies_in_the_next_calendar_year() -> None:
    assert quarter(2015, 1) == Period(date(2015, 4, 1), date(2015, 6, 30))
    assert quarter(2015, 4) == Period(date(2016, 1, 1), date(2016, 3, 31))


@pytest.mark.parametrize("name", ["2015-16", "2016-17-q2", "1999-00", "2016-17-q4"])
def test_a_period_keeps_its_name(name: str) -> None:
    assert period_named(name).name == name


@pytest.mark.parametrize("name", ["", "2015", "2015-17", "2015-16-q5", "1066-67", "2015-16 or 1=1", "x" * 500])
def test_it_refuses_what_is_no_period(name: str) -> None:
    with pytest.raises(UnknownPeriodError):
        period_named(name)


def test_asked_days_are_rounded_outward_to_a_quarter_or_a_year_and_it_says_so() -> None:
    asked = covering(date(2016, 4, 3), date(2016, 5, 10))
    assert asked.used == quarter(2016, 1)
    assert "You asked for 3 April 2016 to 10 May 2016" in asked.note
    assert "1 April 2016 to 30 June 2016" in asked.note
    assert covering(date(2016, 4, 3), date(2016, 7, 1)).used == reporting_year(2016)


def test_only_years_and_quarters_have_figures() -> None:
    assert year_around(quarter(2016, 4)) == year_around(reporting_year(2016)) == reporting_year(2016)
    with pytest.raises(UnknownPeriodError, match="neither a reporting year nor one of its quarters"):
        year_around(Period(date(2016, 4, 1), date(2016, 5, 31)))


def test_a_whole_year_needs_no_note() -> None:
    assert covering(date(2015, 4, 1), date(2016, 3, 31)).note == ""


def test_it_refuses_a_period_that_ends_before_it_begins() -> None:
    with pytest.raises(UnknownPeriodError, match="before it begins"):
        covering(date(2016, 4, 3), date(2016, 4, 2))
    with pytest.raises(UnknownPeriodError, match="years must lie"):
        covering(date(1, 1, 1), date(2016, 4, 2))
    with pytest.raises(UnknownPeriodError, match="one reporting year"):
        covering(date(2016, 3, 1), date(2016, 4, 2))


def test_it_says_its_name_in_words() -> None:
    assert reporting_year(2015).label == "April 2015 to March 2016"
    assert quarter(2016, 2).label == "July to September 2016"
    assert Period(date(2016, 2, 1), date(2016, 2, 29)).label == "February 2016"
