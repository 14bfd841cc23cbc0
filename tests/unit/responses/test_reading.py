"""Lists of responses: only one's own teams', filtered, in pages, never with words."""

from dataclasses import fields
from datetime import date

import pytest

from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.errors import UnknownResponseError
from hscb_voice.responses.queries import (
    EVERY_TEAM,
    ResponseFilter,
    ResponseSummary,
    Teams,
    response_by_id,
    responses_list,
    services_heard,
)
from hscb_voice.responses.service import Setting, Span
from tests.support.answering import keep_answer


@pytest.fixture
def three(platform: Platform) -> list[str]:
    """Three responses of two teams, from three months, newest first."""
    made = []
    for month, slug, team, service in (
        (9, "support-worker-child", "north", "Family support"),
        (8, "support-worker-parent", "south", "Family support"),
        (7, "support-worker-child", "south", "CIDVA"),
    ):
        setting = Setting(team=team, service=service)
        span = Span.month_of(date(2026, month, 1))
        made.append(keep_answer(platform, {"anything_else": "x"}, slug=slug, setting=setting, span=span).response_id)
    return made


def _ids(platform: Platform, teams: Teams, wanted: ResponseFilter, **paging: int) -> list[str]:
    with platform.database.reading() as connection:
        return [response.id for response in responses_list(connection, teams, wanted, **paging)[0]]


def test_the_newest_come_first(platform: Platform, three: list[str]) -> None:
    assert _ids(platform, EVERY_TEAM, ResponseFilter()) == three


@pytest.mark.parametrize(
    ("wanted", "places"),
    [
        (ResponseFilter(slug="support-worker-child"), [0, 2]),
        (ResponseFilter(respondent="parent"), [1]),
        (ResponseFilter(service="CIDVA"), [2]),
        (ResponseFilter(start=date(2026, 8, 15)), [0, 1]),
        (ResponseFilter(end=date(2026, 8, 15)), [1, 2]),
        (ResponseFilter(start=date(2026, 8, 1), end=date(2026, 8, 31)), [1]),
        (ResponseFilter(ids=frozenset()), []),
        (ResponseFilter(service="' OR 1=1 --"), []),
    ],
)
def test_each_filter_narrows_the_list(
    platform: Platform, three: list[str], wanted: ResponseFilter, places: list[int]
) -> None:
    assert _ids(platform, EVERY_TEAM, wanted) == [three[place] for place in places]


def test_a_page_holds_its_part_and_the_total_is_told(platform: Platform, three: list[str]) -> None:
    with platform.database.reading() as connection:
        first, total = responses_list(connection, EVERY_TEAM, ResponseFilter(), page=1, size=2)
        beyond, _ = responses_list(connection, EVERY_TEAM, ResponseFilter(), page=9, size=2)
    assert ([response.id for response in first], total, beyond) == (three[:2], 3, [])
    assert _ids(platform, EVERY_TEAM, ResponseFilter(), page=2, size=2) == three[2:]


def test_another_teams_responses_are_nowhere(platform: Platform, three: list[str]) -> None:
    north = frozenset({"north"})
    assert _ids(platform, north, ResponseFilter()) == three[:1]
    assert _ids(platform, frozenset(), ResponseFilter()) == []
    with platform.database.reading() as connection:
        assert response_by_id(connection, north, three[0]).team == "north"
        with pytest.raises(UnknownResponseError):
            response_by_id(connection, north, three[1])
        assert services_heard(connection, north) == ["Family support"]
        assert services_heard(connection, EVERY_TEAM) == ["CIDVA", "Family support"]


def test_an_unknown_response_is_unknown(platform: Platform) -> None:
    with pytest.raises(UnknownResponseError), platform.database.reading() as connection:
        response_by_id(connection, EVERY_TEAM, "nothing")


def test_a_summary_has_no_room_for_words() -> None:
    assert {field.name for field in fields(ResponseSummary)}.isdisjoint({"comments", "text", "words", "wrapped_key"})
