"""Packs are made by the worker, kept as issued, and put right only by a new one that says why."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from hscb_voice.foundation.platform import Platform
from hscb_voice.governance.erasing import Erasing, erase
from hscb_voice.packs.errors import PackRefusedError, QuotesChangedError, UnknownPackError
from hscb_voice.packs.keeping import file_of
from hscb_voice.packs.models import IssuedFile, IssuedPack
from hscb_voice.packs.queries import issued_packs, pack_by_id, waiting_packs
from hscb_voice.packs.service import ISSUE_JOB, Order, order_pack, prepare_issuing
from hscb_voice.packs.writing import FORMATS
from hscb_voice.responses.queries import CommentText
from hscb_voice.responses.service import READ_JOB, SCREEN_JOB, Span
from hscb_voice.responses.words import comments_of
from hscb_voice.themes.quoting import approve_quote, withdraw_quote
from hscb_voice.themes.service import Mask
from tests.support.answering import keep_answer

ORDER = Order("meeting", "2026-27", date(2026, 12, 3), reason="The year is not over, but the meeting is tomorrow")
BY = "an analyst"
TEXT = "She always listened to me and played games."


def said(platform: Platform) -> CommentText:
    kept = keep_answer(platform, {"q2a": TEXT, "may_quote": "yes"}, span=Span(date(2026, 11, 1), date(2026, 11, 30)))
    platform.jobs.run_for(kept.response_id, [SCREEN_JOB, READ_JOB])
    with platform.database.reading() as connection:
        return comments_of(connection, platform.keys, [kept.response_id])[0]


def issue(platform: Platform, order: Order = ORDER) -> str:
    with platform.database.writing() as connection:
        pack_id = order_pack(connection, order, BY, platform.clock)
    platform.jobs.run_for(pack_id, [ISSUE_JOB])
    return pack_id


def test_a_pack_is_issued_once_with_every_file(platform: Platform) -> None:
    keep_answer(platform, {"q2": ["happy"]})
    with platform.database.writing() as connection:
        pack_id = order_pack(connection, ORDER, BY, platform.clock)
        assert [one.done for one in waiting_packs(connection)] == [0]
    platform.jobs.run_for(pack_id, [ISSUE_JOB])
    with platform.database.reading() as connection:
        assert waiting_packs(connection) == []
        (line,) = issued_packs(connection)
        assert (line.id, line.title) == (pack_id, "Pack for a meeting, April 2026 to March 2027")
        found, document = pack_by_id(connection, platform.keys, pack_id)
        assert found == line
        assert document.period_name == "2026-27"
        assert all(file_of(connection, platform.keys, pack_id, form) for form in FORMATS)


def test_what_is_issued_stays_though_answers_come_and_nobody_can_change_it(platform: Platform) -> None:
    pack_id = issue(platform)
    with platform.database.reading() as connection:
        before = {form: file_of(connection, platform.keys, pack_id, form) for form in FORMATS}
    for _ in range(12):
        keep_answer(platform, {"q2": ["happy"]})
    with platform.database.reading() as connection:
        assert {form: file_of(connection, platform.keys, pack_id, form) for form in FORMATS} == before
    for statement in (
        update(IssuedPack).values(sealed=b"other"),
        delete(IssuedPack),
        update(IssuedFile).values(sealed=b"other"),
        delete(IssuedFile),
    ):
        with pytest.raises(DBAPIError), platform.database.writing() as connection:
            connection.execute(statement)


def test_a_correction_names_the_old_one_and_says_why(platform: Platform) -> None:
    old = issue(platform)
    with platform.database.writing() as connection, pytest.raises(PackRefusedError, match="Say what was wrong"):
        order_pack(connection, Order("meeting", "2026-27", replaces=old), BY, platform.clock)
    new = issue(platform, Order("meeting", "2026-27", replaces=old, reason="A quarter was missing"))
    with platform.database.reading() as connection:
        by_id = {line.id: line for line in issued_packs(connection)}
    assert by_id[old].replaced_by == new
    assert (by_id[new].replaces, by_id[new].reason) == (old, "A quarter was missing")


def withdrawn(platform: Platform, comment: CommentText) -> None:
    with platform.database.writing() as connection:
        withdraw_quote(connection, comment.id, platform.clock.now())


def masked_anew(platform: Platform, comment: CommentText) -> None:
    with platform.database.writing() as connection:
        approve_quote(connection, comment.id, [Mask(0, 3, "person")], "an analyst", platform.clock.now())


def taken_back(platform: Platform, comment: CommentText) -> None:
    erase(platform, Erasing(comment.response_id, "asked", "somebody"))


@pytest.mark.parametrize("meanwhile", [withdrawn, masked_anew, taken_back])
def test_b3_words_that_are_taken_back_while_files_are_written_are_not_issued(
    platform: Platform, meanwhile: Callable[[Platform, CommentText], None]
) -> None:
    for _ in range(6):
        comment = said(platform)
    with platform.database.writing() as connection:
        approve_quote(connection, comment.id, [], "an analyst", platform.clock.now())
        pack_id = order_pack(connection, ORDER, BY, platform.clock)
    with platform.database.reading() as connection:
        go = prepare_issuing(
            connection,
            pack_id,
            database=platform.database,
            keys=platform.keys,
            clock=platform.clock,
            board="the Board",
        )
    keep = go()
    meanwhile(platform, comment)
    with pytest.raises(QuotesChangedError), platform.database.writing() as connection:
        keep(connection)
    platform.jobs.run_for(pack_id, [ISSUE_JOB])
    with platform.database.reading() as connection:
        assert TEXT not in pack_by_id(connection, platform.keys, pack_id)[1].quoted


@pytest.mark.parametrize("order", [Order("other", "2026-27"), Order("meeting", "2026")])
def test_it_refuses_what_is_no_pack(platform: Platform, order: Order) -> None:
    with platform.database.writing() as connection, pytest.raises(PackRefusedError):
        order_pack(connection, order, BY, platform.clock)


def test_what_is_not_there_is_said_so(platform: Platform) -> None:
    with platform.database.reading() as connection:
        with pytest.raises(UnknownPackError):
            pack_by_id(connection, platform.keys, "none")
        with pytest.raises(UnknownPackError):
            file_of(connection, platform.keys, "none", "pdf")
