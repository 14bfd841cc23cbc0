"""Taking back a whole answer, and dropping words: what goes, what stays, and what refuses to go."""

from typing import Any

import pytest
from sqlalchemy import String, cast, func, select

from hscb_voice.audit.queries import verify
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.database import Base
from hscb_voice.foundation.platform import Platform
from hscb_voice.governance.erasing import Erasing, drop_old_words, erase
from hscb_voice.governance.errors import (
    HeldError,
    NotNowError,
    NotScreenedError,
    OpenConcernError,
    RecordDecisionError,
)
from hscb_voice.governance.holding import Holding, end_hold, hold
from hscb_voice.responses.errors import AnotherAnswerError, TakenBackError, UnknownResponseError
from hscb_voice.responses.models import Comment, Erasure, Response, SecondAnswer, Tally
from hscb_voice.responses.queries import EVERY_TEAM, ResponseFilter, response_of_receipt, responses_list
from hscb_voice.responses.service import READ_JOB, SCREEN_JOB
from hscb_voice.responses.words import comments_of
from hscb_voice.safeguarding.models import Concern, ConcernNote
from hscb_voice.safeguarding.queries import concerns_of, history_of
from hscb_voice.safeguarding.service import acknowledge, add_note, close, reopen
from hscb_voice.themes.models import CodedTheme, Coding, Quote
from hscb_voice.themes.quoting import approve_quote
from hscb_voice.themes.service import Mask
from tests.support.answering import keep_answer, keep_second_answer
from tests.support.concerns import written
from tests.support.figures_afresh import figures_afresh, figures_kept

WORDS = {"q2": ["happy", "okay"], "q2a": "My worker listened to me and I feel safe now.", "may_quote": "yes"}
WORRY = {"q2a": "I am scared of my step dad."}


def _read(platform: Platform, response_id: str) -> None:
    platform.jobs.run_for(response_id, [SCREEN_JOB, READ_JOB])


def _kept(platform: Platform, answers: dict[str, Any] | None = None, **more: Any) -> str:
    kept = keep_answer(platform, WORDS if answers is None else answers, **more)
    _read(platform, kept.response_id)
    return kept.response_id


def _erase(platform: Platform, response_id: str, record: str = "") -> None:
    erase(platform, Erasing(response_id, "asked", "somebody", record))


def _close_all(platform: Platform, response_id: str) -> None:
    clock = platform.clock
    with platform.database.writing() as connection:
        for concern in concerns_of(connection, EVERY_TEAM, response_id):
            acknowledge(connection, concern, "somebody", clock)
            add_note(connection, concern, "somebody", written(platform, "I rang the school."), clock)
            close(connection, concern, "somebody", "spoke_with_child", clock)


def _count(platform: Platform, table: type[Base]) -> int:
    with platform.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _where_it_stands(platform: Platform, needle: str) -> set[str]:
    """Return every table, but the ledger and the audit, in which a text stands in any column."""
    found = set()
    with platform.database.reading() as connection:
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                query = select(func.count()).where(cast(column, String).contains(needle))
                if connection.execute(query).scalar_one():
                    found.add(table.name)
    return found - {"erasures", "audit_entries"}


def test_e2_an_erased_answer_is_gone_from_every_table(platform: Platform) -> None:
    response_id = _kept(platform)
    keep_second_answer(platform, {"q2a": "Something else."}, sitting_id=response_id)
    with platform.database.writing() as connection:
        (comment,) = comments_of(connection, platform.keys, [response_id])
        approve_quote(connection, comment.id, [Mask(0, 2, "person")], "somebody", platform.clock.now())
    assert {"responses", "comments", "codings", "quotes", "second_answers"} <= _where_it_stands(platform, response_id)
    _erase(platform, response_id)
    assert _where_it_stands(platform, response_id) == set()
    assert _where_it_stands(platform, comment.id) == set()
    for table in (Response, Comment, SecondAnswer, Coding, CodedTheme, Quote):
        assert _count(platform, table) == 0


def test_e2_every_figure_goes_down_by_exactly_what_the_answer_had_counted(platform: Platform) -> None:
    stays, goes = _kept(platform), _kept(platform, {**WORDS, "age_band": "10_to_14"})
    with platform.database.reading() as connection:
        with_both = figures_kept(connection)
    _erase(platform, goes)
    with platform.database.reading() as connection:
        left = figures_kept(connection)
        assert left == figures_afresh(connection)
    assert left != with_both
    assert sum(n for key, n in left.items() if key[3] == "") == 1
    _erase(platform, stays)
    with platform.database.reading() as connection:
        assert figures_kept(connection) == {}
        assert all(n == 0 for n in connection.execute(select(Tally.n)).scalars())


def test_e2_the_ledger_and_the_audit_know_of_it_and_hold_no_word(platform: Platform) -> None:
    response_id = _kept(platform)
    _erase(platform, response_id)
    with platform.database.reading() as connection:
        line = connection.execute(select(Erasure.response_id, Erasure.act, Erasure.why)).one()
        assert verify(connection).is_sound
    assert tuple(line) == (response_id, "answer", "asked")
    assert _where_it_stands(platform, "My worker listened to me") == set()


def test_e2_the_receipt_leads_nowhere_afterwards(platform: Platform) -> None:
    kept = keep_answer(platform, WORDS)
    _read(platform, kept.response_id)
    _erase(platform, kept.response_id)
    with platform.database.reading() as connection:
        assert response_of_receipt(connection, platform.keys, kept.receipt) is None


def test_e2_a_tablet_that_sends_it_again_does_not_bring_it_back(platform: Platform) -> None:
    response_id = _kept(platform)
    _erase(platform, response_id)
    for answers in (WORDS, {"q2a": "Other words."}):
        with pytest.raises(TakenBackError):
            keep_answer(platform, answers, sitting_id=response_id)
    assert _count(platform, Response) == _count(platform, Comment) == 0
    with platform.database.reading() as connection:
        assert figures_kept(connection) == {}


def test_e2_what_was_erased_cannot_be_erased_again(platform: Platform) -> None:
    response_id = _kept(platform)
    _erase(platform, response_id)
    with pytest.raises(UnknownResponseError):
        _erase(platform, response_id)


def test_e2_it_refuses_to_erase_from_under_an_open_concern(platform: Platform, clock: SetClock) -> None:
    response_id = _kept(platform, WORRY)
    with pytest.raises(OpenConcernError, match="must close it first"):
        _erase(platform, response_id, "remove")
    with platform.database.writing() as connection:
        (concern,) = concerns_of(connection, EVERY_TEAM, response_id)
        acknowledge(connection, concern, "somebody", clock)
    with pytest.raises(OpenConcernError):
        _erase(platform, response_id, "remove")
    assert _count(platform, Response) == 1


def test_e2_an_answer_is_screened_before_it_may_go(platform: Platform) -> None:
    kept = keep_answer(platform, WORRY)
    with pytest.raises(OpenConcernError):
        _erase(platform, kept.response_id)
    assert _count(platform, Concern) == 1


def test_e2_it_refuses_while_screening_cannot_be_done(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = keep_answer(platform, WORRY)
    monkeypatch.setattr(platform.jobs, "run_for", lambda *_: 0)
    with pytest.raises(NotScreenedError):
        _erase(platform, kept.response_id, "remove")
    assert _count(platform, Response) == 1


def test_e2_a_person_must_decide_about_the_record_of_a_closed_concern(platform: Platform) -> None:
    response_id = _kept(platform, WORRY)
    _close_all(platform, response_id)
    for nothing_decided in ("", "perhaps"):
        with pytest.raises(RecordDecisionError):
            _erase(platform, response_id, nothing_decided)
    _erase(platform, response_id, "remove")
    assert _count(platform, Concern) == _count(platform, ConcernNote) == _count(platform, Response) == 0
    assert _where_it_stands(platform, response_id) == set()
    with platform.database.reading() as connection:
        assert figures_kept(connection) == {}


def test_e2_a_kept_record_says_what_was_done_and_nothing_that_was_answered(platform: Platform, clock: SetClock) -> None:
    response_id = _kept(platform, {**WORRY, "q2": ["scared"], "age_band": "10_to_14"})
    _close_all(platform, response_id)
    _erase(platform, response_id, "keep")
    with platform.database.reading() as connection:
        row = connection.execute(select(Response.__table__)).mappings().one()
        concerns = concerns_of(connection, EVERY_TEAM, response_id)
        assert [e.text for e in history_of(connection, platform.keys, concerns[0].id) if e.text] == [
            "I rang the school."
        ]
        assert responses_list(connection, EVERY_TEAM, ResponseFilter()) == ([], 0)
        assert figures_kept(connection) == figures_afresh(connection)
    emptied = ("answers", "wrapped_key", "receipt_hash", "may_quote", "session_date", "invitation_id", "body_hash")
    assert not any(row[name] for name in emptied)
    assert {concern.kind for concern in concerns} == {"words", "scared"}
    assert all(place.start is None and not place.rule for concern in concerns for place in concern.places)
    assert _count(platform, Comment) == _count(platform, Coding) == 0
    with platform.database.writing() as connection:
        reopen(connection, concerns[0], "somebody", clock)
    with platform.database.reading() as connection:
        assert figures_kept(connection) == figures_afresh(connection)
    with pytest.raises(TakenBackError):
        keep_answer(platform, WORRY, sitting_id=response_id)


def test_e1_it_refuses_to_erase_what_a_person_holds(platform: Platform, clock: SetClock) -> None:
    response_id = _kept(platform)
    with platform.database.writing() as connection:
        hold(connection, Holding(response_id, "A complaint is being looked into", clock.today(), "somebody"), clock)
    with pytest.raises(HeldError, match="22 November 2026"):
        _erase(platform, response_id)
    with platform.database.writing() as connection:
        end_hold(connection, response_id, "somebody", clock.now())
    _erase(platform, response_id)
    assert _count(platform, Response) == 0


def test_e2_a_refusal_changes_nothing(platform: Platform) -> None:
    response_id = _kept(platform, {**WORDS, **WORRY})
    with platform.database.reading() as connection:
        before = figures_kept(connection)
    with pytest.raises(NotNowError):
        _erase(platform, response_id)
    with platform.database.reading() as connection:
        assert figures_kept(connection) == before
        assert comments_of(connection, platform.keys, [response_id])
    assert _count(platform, Erasure) == 0


def _drop(platform: Platform, response_id: str) -> bool:
    with platform.database.writing() as connection:
        return drop_old_words(connection, response_id, platform.keys, platform.clock.now())


def test_e1_dropping_words_keeps_ticks_figures_and_themes(platform: Platform) -> None:
    response_id = _kept(platform)
    with platform.database.writing() as connection:
        (comment,) = comments_of(connection, platform.keys, [response_id])
        approve_quote(connection, comment.id, [Mask(0, 2, "person")], "somebody", platform.clock.now())
        before = figures_kept(connection)
    assert _drop(platform, response_id)
    with platform.database.reading() as connection:
        row = connection.execute(select(Response.__table__)).mappings().one()
        assert figures_kept(connection) == figures_afresh(connection) == before
        assert comments_of(connection, platform.keys, [response_id]) == []
        assert [bytes(sealed) for sealed in connection.execute(select(Comment.sealed)).scalars()] == [b""]
        coding = connection.execute(select(Coding.redactions, Coding.evidence)).one()
        places = connection.execute(select(CodedTheme.start, CodedTheme.end)).all()
    assert row["answers"]["q2"] == ["happy", "okay"]
    assert row["wrapped_key"] is None
    assert tuple(coding) == ([], [])
    assert {tuple(place) for place in places} == {(0, 0)}
    assert _count(platform, Quote) == 0
    assert not _drop(platform, response_id)


def test_e1_a_sitting_whose_words_have_gone_is_still_known_by_its_body(platform: Platform) -> None:
    kept = keep_answer(platform, WORDS)
    _read(platform, kept.response_id)
    _drop(platform, kept.response_id)
    again = keep_answer(platform, WORDS, sitting_id=kept.response_id)
    assert (again.receipt, again.is_new) == (kept.receipt, False)
    with pytest.raises(AnotherAnswerError):
        keep_answer(platform, {"q2a": "Other words."}, sitting_id=kept.response_id)
