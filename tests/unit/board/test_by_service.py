"""Responses by service: a whole year only, and no service gives a small number away, by itself or by the rest."""

from hscb_voice.board.by_service import Served, by_service
from hscb_voice.board.figures import figures_of_all
from hscb_voice.board.periods import Period, quarter, reporting_year
from hscb_voice.foundation.platform import Platform
from hscb_voice.invitations.service import InvitedNote, note_invited
from hscb_voice.responses.service import Setting, Span
from tests.support.answering import CHILD, keep_answer

YEAR = reporting_year(2026)


def answer(platform: Platform, **times: int) -> None:
    for service, many in times.items():
        for _ in range(many):
            keep_answer(platform, {"q2": ["happy"]}, setting=Setting(service=service.capitalize()))


def served(platform: Platform, period: Period = YEAR) -> tuple[Served, ...]:
    with platform.database.reading() as connection:
        figures = figures_of_all(connection, [CHILD], period)
        return by_service(connection, period, list(figures.values()))


def test_each_service_is_shown_with_how_many_it_invited_and_the_range(platform: Platform) -> None:
    answer(platform, north=8, south=12)
    with platform.database.writing() as connection:
        for name, invited in (("North", 20), ("South", 16)):
            note_invited(connection, InvitedNote(CHILD, name, Span(YEAR.start, YEAR.end), invited))
    (one,) = served(platform)
    told = {line.name: (line.answered, line.invited) for line in one.services}
    assert told == {"North": (8, 20), "South": (12, 16), "Service not noted": (0, None)}
    assert one.services[0].share is not None
    assert one.services[0].share.low < 0.4 < one.services[0].share.high


def test_a_small_service_takes_another_with_it_so_that_the_sum_does_not_tell_it(platform: Platform) -> None:
    answer(platform, north=9, south=12, west=2)
    (one,) = served(platform)
    hidden = {line.name for line in one.services if line.answered is None}
    assert "West" in hidden
    assert len(hidden) > 1


def test_a_quarter_is_never_split_by_service(platform: Platform) -> None:
    answer(platform, north=8, south=12)
    assert served(platform, quarter(2026, 3)) == ()


def test_a_questionnaire_too_small_to_show_is_not_split_either(platform: Platform) -> None:
    answer(platform, north=3)
    assert served(platform) == ()


def test_a_few_who_were_invited_by_one_service_are_not_told_by_the_others(platform: Platform) -> None:
    answer(platform, north=8, south=12)
    with platform.database.writing() as connection:
        for name, invited in (("North", 20), ("South", 3)):
            note_invited(connection, InvitedNote(CHILD, name, Span(YEAR.start, YEAR.end), invited))
    (one,) = served(platform)
    assert [line.invited for line in one.services] == [None, None, None]
    assert all(line.share is None for line in one.services)
