"""Reporting years and quarters, April to March."""

from datetime import date

from hscb_voice.responses.periods import named_period, period_names, span_words


def test_periods_are_named_newest_first_and_only_where_they_touch() -> None:
    assert period_names(date(2016, 1, 5), date(2016, 4, 2)) == ["2016-17", "2016-17 Q1", "2015-16", "2015-16 Q4"]
    assert named_period("2015-16 Q5") is None
    assert named_period("9999-00") is None
    assert span_words(date(2026, 11, 1), date(2026, 11, 30)) == "November 2026"
