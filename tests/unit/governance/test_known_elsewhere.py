"""A copy of what is held names where an answer came from and where it went: code, series, paper, packs, files."""

import json
from datetime import date

import pytest
from sqlalchemy import select

from hscb_voice.exports.known import Extent
from hscb_voice.exports.service import MAKE_JOB, Asked, ask, take
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.platform import Platform
from hscb_voice.governance import access
from hscb_voice.governance.copies import NOTHING
from hscb_voice.invitations.making import Doer
from hscb_voice.invitations.models import Invitation
from hscb_voice.responses.service import Setting, Span
from hscb_voice.series.models import Series
from hscb_voice.series.planning import Due
from hscb_voice.series.queries import points_of
from hscb_voice.series.service import NewSeries, begin_series, give
from hscb_voice.staff.queries import Person
from hscb_voice.themes.quoting import approve_quote
from tests.support.answering import keep_answer
from tests.unit.exports.test_responses import SLUG, analyst
from tests.unit.packs.test_issuing import issue, said
from tests.unit.paper.test_typing import pile_of, typed

__all__ = ["analyst"]  # the fixture of the exports' own tests


def copied(platform: Platform, response_id: str, kind: str = access.JSON) -> bytes:
    with platform.database.writing() as connection:
        asked = access.ask(connection, response_id, "an officer", platform.clock.now())
        request = access.request_by_id(connection, asked)
        assert request is not None
        access.release(connection, request, NOTHING, "a lead", platform.clock.now())
    return access.copy_released(platform, response_id, kind, "a lead")


def told(platform: Platform, response_id: str) -> list[str]:
    lines: list[str] = json.loads(copied(platform, response_id))["elsewhere"]
    return lines


def test_e2_of_an_answer_without_more_nothing_more_is_told(platform: Platform) -> None:
    assert told(platform, keep_answer(platform, {"q2": ["happy"]}).response_id) == []


def test_e2_it_names_the_number_on_the_paper(platform: Platform) -> None:
    kept = typed(platform, pile_of(platform), number="12a")
    assert told(platform, kept.response_id) == [
        "Typed from a paper form, with the number 12a on it on 22 November 2026"
    ]


def test_e2_it_names_the_code_and_the_words_of_a_series(platform: Platform, clock: SetClock) -> None:
    doer = Doer("a worker", clock)
    with platform.database.writing() as connection:
        series_id = begin_series(connection, NewSeries("event", Setting(team="North")), [Due("", clock.today())], doer)
        invitation_id = give(connection, points_of(connection, None, series_id)[0], doer)
        code = connection.execute(select(Invitation.code)).scalar_one().replace("-", " ")
        words = connection.execute(select(Series.words)).scalar_one()
    kept = keep_answer(platform, {"q2": ["happy"]}, setting=Setting(team="North", invitation_id=invitation_id))
    assert told(platform, kept.response_id) == [
        f"Came by the code “{code}”, which was made on 22 November 2026",
        f"Form 1 of a series under the words “{words}”, which tie one person’s forms together",
    ]


def test_e2_it_names_the_packs_that_quote_it(platform: Platform) -> None:
    for _ in range(6):
        comment = said(platform)
    with platform.database.writing() as connection:
        approve_quote(connection, comment.id, [], "an analyst", platform.clock.now())
    issue(platform)
    line = "Quoted in “Pack for a meeting, April 2026 to March 2027”, issued on 22 November 2026"
    assert told(platform, comment.response_id) == [line]
    assert copied(platform, comment.response_id, access.FOR_A_CHILD).startswith(b"%PDF")
    assert told(platform, said(platform).response_id) == []


def test_e2_it_names_the_files_in_which_it_may_have_been_taken(platform: Platform, analyst: Person) -> None:
    response_id = keep_answer(platform, {"q2": ["happy"]}).response_id
    long_ago = keep_answer(platform, {"q2": ["sad"]}, span=Span(date(2016, 3, 1), date(2016, 3, 31))).response_id
    for period, words in (("", "masked"), ("2015-16", "")):
        asked = Asked(SLUG, period, "csv", words, "For a talk (in May)")
        with platform.database.writing() as connection:
            export_id = ask(connection, asked, analyst, platform.keys, platform.clock)
        platform.jobs.run_for(export_id, (MAKE_JOB,))
        with platform.database.writing() as connection:
            take(connection, export_id, analyst, platform.keys, platform.clock)
    file = "Perhaps in a file of answers to this form, {} what people wrote, that was taken on 22 November 2026"
    assert told(platform, response_id) == [file.format("with")]
    assert told(platform, long_ago) == [file.format("with"), file.format("without")]


@pytest.mark.parametrize("extent", [Extent("event", "", ""), Extent("event", "2026-27 Q1", "whole")])
def test_what_the_record_says_of_a_file_is_read_back(extent: Extent) -> None:
    assert Extent.read(f"For (event, all, csv, no words, 3 responses) a talk {extent.told('jsonl', 12)}") == extent
    assert Extent.read("For a talk") is None
