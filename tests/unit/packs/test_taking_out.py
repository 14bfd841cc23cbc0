"""Words that are taken back are taken out of packs that were issued: another pack names the old one, which goes."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from hscb_voice.board.periods import reporting_year
from hscb_voice.foundation.clock import SetClock, written_date
from hscb_voice.foundation.jobs import enqueue
from hscb_voice.foundation.platform import Platform
from hscb_voice.governance.erasing import Erasing, drop_old_words, erase
from hscb_voice.governance.sweeping import COPIES_JOB, EVERYTHING
from hscb_voice.packs.consistency import why_not_now
from hscb_voice.packs.document import as_text
from hscb_voice.packs.errors import WordsTakenOutError
from hscb_voice.packs.keeping import file_of
from hscb_voice.packs.models import IssuedFile, IssuedPack
from hscb_voice.packs.queries import PackLine, issued_packs, line_of, pack_by_id
from hscb_voice.packs.service import Order
from hscb_voice.packs.taking_out import REASON
from hscb_voice.packs.writing import FORMATS
from hscb_voice.responses.models import Response
from hscb_voice.responses.queries import CommentText
from hscb_voice.themes.quoted import quotes_gone
from hscb_voice.themes.quoting import approve_quote, withdraw_quote
from hscb_voice.themes.service import Mask
from tests.unit.packs.test_issuing import TEXT, issue, said


@pytest.fixture
def quoted(platform: Platform) -> CommentText:
    """Return a comment that is cleared, among answers enough to be shown."""
    for _ in range(6):
        comment = said(platform)
    with platform.database.writing() as connection:
        approve_quote(connection, comment.id, [], "an analyst", platform.clock.now())
    return comment


def written_in(docx: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(docx)) as parts:
        return parts.read("word/document.xml").decode()


def erased(platform: Platform, comment: CommentText) -> None:
    erase(platform, Erasing(comment.response_id, "asked", "somebody"))


def withdrawn_a_day_ago(platform: Platform, comment: CommentText) -> None:
    with platform.database.writing() as connection:
        withdraw_quote(connection, comment.id, platform.clock.now() - timedelta(hours=25))


def masked_anew(platform: Platform, comment: CommentText) -> None:
    with platform.database.writing() as connection:
        approve_quote(connection, comment.id, [Mask(0, 3, "person")], "an analyst", platform.clock.now())


def said_no_since(platform: Platform, comment: CommentText) -> None:
    with platform.database.writing() as connection:
        connection.execute(update(Response).where(Response.id == comment.response_id).values(may_quote=False))


def ask_for_the_look(platform: Platform) -> None:
    """Do what every erasure, and every day, asks for."""
    with platform.database.writing() as connection:
        enqueue(connection, (COPIES_JOB,), EVERYTHING, platform.clock.now())
    platform.jobs.run_for(EVERYTHING, [COPIES_JOB])


def whole_and_not(platform: Platform) -> tuple[list[PackLine], list[PackLine]]:
    with platform.database.reading() as connection:
        lines = issued_packs(connection)
    return [line for line in lines if line.is_whole], [line for line in lines if not line.is_whole]


@pytest.mark.parametrize("gone", [erased, withdrawn_a_day_ago, masked_anew, said_no_since])
def test_words_are_gone_when_they_may_not_be_shown_any_more(
    platform: Platform, quoted: CommentText, gone: Callable[[Platform, CommentText], None]
) -> None:
    said_elsewhere = {TEXT: [quoted.id]}
    with platform.database.reading() as connection:
        assert quotes_gone(connection, platform.keys, said_elsewhere, platform.clock.now()) == frozenset()
    gone(platform, quoted)
    with platform.database.reading() as connection:
        assert quotes_gone(connection, platform.keys, said_elsewhere, platform.clock.now()) == {TEXT}


def test_e3_words_that_are_taken_back_go_from_packs_and_everything_else_stays(
    platform: Platform, quoted: CommentText
) -> None:
    old = issue(platform)
    with platform.database.reading() as connection:
        before = pack_by_id(connection, platform.keys, old)[1]
    assert TEXT in before.quoted
    erased(platform, quoted)
    ask_for_the_look(platform)
    (new,), (closed,) = whole_and_not(platform)
    assert (closed.id, closed.replaced_by, new.replaces, new.reason) == (old, new.id, old, REASON)
    with platform.database.reading() as connection:
        after = pack_by_id(connection, platform.keys, new.id)[1]
        assert TEXT not in as_text(after)
        assert [section.title for section in after.sections] == [section.title for section in before.sections]
        assert list(after.tables) == list(before.tables)
        assert all(file_of(connection, platform.keys, new.id, form) for form in FORMATS)
        assert TEXT not in written_in(file_of(connection, platform.keys, new.id, "docx"))
        with pytest.raises(WordsTakenOutError):
            pack_by_id(connection, platform.keys, old)
        for form in FORMATS:
            with pytest.raises(WordsTakenOutError):
                file_of(connection, platform.keys, old, form)
        assert line_of(connection, old).content_hash == closed.content_hash


def test_looking_again_changes_nothing(platform: Platform, quoted: CommentText) -> None:
    issue(platform)
    erased(platform, quoted)
    for _ in range(3):
        ask_for_the_look(platform)
    whole, not_whole = whole_and_not(platform)
    assert (len(whole), len(not_whole)) == (1, 1)


def test_a_quote_that_is_put_back_within_a_day_stays(platform: Platform, quoted: CommentText) -> None:
    issue(platform)
    with platform.database.writing() as connection:
        withdraw_quote(connection, quoted.id, platform.clock.now())
    ask_for_the_look(platform)
    assert len(whole_and_not(platform)[0]) == 1
    assert whole_and_not(platform)[1] == []


def test_words_that_have_only_become_old_stay_in_packs(platform: Platform, quoted: CommentText) -> None:
    issue(platform)
    with platform.database.writing() as connection:
        drop_old_words(connection, quoted.response_id, platform.keys, platform.clock.now())
    ask_for_the_look(platform)
    assert whole_and_not(platform)[1] == []


def test_a_pack_that_was_put_right_by_a_person_loses_its_words_and_gets_no_second_successor(
    platform: Platform, quoted: CommentText
) -> None:
    first = issue(platform)
    second = issue(platform, Order("meeting", "2026-27", replaces=first, reason="A quarter was missing"))
    erased(platform, quoted)
    ask_for_the_look(platform)
    whole, not_whole = whole_and_not(platform)
    assert [line.replaces for line in whole] == [second]
    assert {line.id for line in not_whole} == {first, second}


def test_k1_no_word_of_a_pack_stands_in_the_database_in_the_clear(platform: Platform, quoted: CommentText) -> None:
    pack_id = issue(platform)
    with platform.database.reading() as connection:
        rows = [*connection.execute(select(IssuedPack)).mappings(), *connection.execute(select(IssuedFile)).mappings()]
        file = file_of(connection, platform.keys, pack_id, "docx")
        assert TEXT in pack_by_id(connection, platform.keys, pack_id)[1].quoted
    assert quoted.text == TEXT
    assert TEXT in written_in(file)
    kept = b"".join(value for row in rows for value in row.values() if isinstance(value, bytes))
    assert TEXT.encode() not in kept
    assert TEXT not in "".join(value for row in rows for value in row.values() if isinstance(value, str))


def test_the_next_pack_is_held_against_what_a_person_issued_and_not_against_what_the_program_put_right(
    platform: Platform, quoted: CommentText, clock: SetClock
) -> None:
    issued_on = written_date(clock.today())
    issue(platform)
    clock.pass_time(timedelta(days=2))
    erased(platform, quoted)
    ask_for_the_look(platform)
    clock.pass_time(timedelta(days=200))
    with platform.database.reading() as connection:
        told = why_not_now(connection, reporting_year(2026), clock.today())
    assert told.startswith(f"Since the pack of {issued_on}")
