"""Two packs of the same days must not tell by their difference what a few said; a person may override, and says why."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from hscb_voice.board.periods import Period, quarter, reporting_year
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.platform import Platform
from hscb_voice.governance.erasing import Erasing, erase
from hscb_voice.packs.consistency import why_not_now
from hscb_voice.packs.errors import PackRefusedError
from hscb_voice.packs.models import IssuedPack
from hscb_voice.packs.service import Order, order_pack
from hscb_voice.responses.service import Span
from tests.support.answering import keep_answer

YEAR, SUMMER = reporting_year(2025), quarter(2025, 2)
BY = "an analyst"
REASON = "For the next meeting"


def answer(platform: Platform, times: int, month: int = 7) -> list[str]:
    span = Span.month_of(date(2025, month, 1))
    return [keep_answer(platform, {"q2": ["happy"]}, span=span).response_id for _ in range(times)]


def issue(platform: Platform, period: str = YEAR.name, reason: str = "") -> None:
    """Ask for a pack and keep it as issued; its files take their time and say nothing here."""
    now = platform.clock.now()
    with platform.database.writing() as connection:
        pack_id = order_pack(connection, Order("meeting", period, reason=reason), BY, platform.clock)
        row = {"id": pack_id, "style": "meeting", "period_name": period, "issued_by": BY, "issued_at": now}
        connection.execute(insert(IssuedPack), row | {"content_hash": "", "key_id": "", "sealed": b"", "quoted": b""})
    assert isinstance(platform.clock, SetClock)
    platform.clock.pass_time(timedelta(hours=1))


def said(platform: Platform, period: Period = YEAR) -> str:
    with platform.database.reading() as connection:
        return why_not_now(connection, period, platform.clock.today())


def test_a_period_that_is_not_over_needs_a_reason(platform: Platform) -> None:
    open_year = reporting_year(2026)
    assert "is not over until 31 March 2027" in said(platform, open_year)
    with pytest.raises(PackRefusedError):
        issue(platform, open_year.name)
    issue(platform, open_year.name, REASON)


def test_a_few_answers_since_the_last_pack_stand_in_the_way_and_are_named(platform: Platform) -> None:
    answer(platform, 12)
    issue(platform)
    assert said(platform) == ""
    answer(platform, 3)
    assert "fewer than five answers came or went (Support worker: children)" in said(platform)
    with pytest.raises(PackRefusedError):
        issue(platform)
    issue(platform, reason=REASON)


def test_five_answers_since_are_enough(platform: Platform) -> None:
    answer(platform, 12)
    issue(platform)
    answer(platform, 5)
    assert said(platform) == ""


def test_a_pack_of_a_quarter_is_held_against_that_of_its_year_and_not_against_another_quarters(
    platform: Platform,
) -> None:
    answer(platform, 12)
    issue(platform, SUMMER.name)
    answer(platform, 2, month=11)
    assert said(platform, SUMMER) == ""
    issue(platform)
    answer(platform, 2)
    assert "fewer than five" in said(platform, SUMMER)
    assert said(platform, quarter(2025, 3)) == ""


def test_an_earlier_pack_than_the_last_one_counts_too(platform: Platform) -> None:
    answer(platform, 12)
    issue(platform)
    answer(platform, 4)
    issue(platform, reason=REASON)
    assert "fewer than five" in said(platform)


def test_a_few_that_were_taken_back_stand_in_the_way_as_well(platform: Platform) -> None:
    first, *_ = answer(platform, 12)
    issue(platform)
    erase(platform, Erasing(first, "asked", "somebody"))
    assert "answers taken back" in said(platform)
