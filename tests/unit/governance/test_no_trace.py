"""E3: after an erasure the database's own files hold no word, no sealed word and no key of it."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.keys import RowSeal
from hscb_voice.foundation.platform import Platform
from hscb_voice.governance.erasing import Erasing, erase
from hscb_voice.governance.jobs import see_to_the_daily_look
from hscb_voice.governance.sweeping import NotSweptError, sweep, tables_of_answers
from hscb_voice.responses.models import Comment, Erasure, Response, SecondAnswer
from tests.support.answering import keep_answer, keep_second_answer
from tests.support.database_files import bytes_on_disk
from tests.support.engines import PostgresqlCluster

SENTENCE, NAME, SECOND = "We made a zeppelin at the allotment.", "Quillon Featherby", "The marzipan cake was good."
PLAIN = [text.encode() for text in ("zeppelin", "allotment", NAME, "marzipan")]


@dataclass
class Planted:
    """An answer with words that stand nowhere else, among others that stay."""

    platform: Platform
    cluster: PostgresqlCluster | None
    response_id: str
    secrets: list[bytes]  # the sealed words and the wrapped keys, as the database keeps them

    def found_of(self, needles: list[bytes], *, with_log: bool = True) -> list[bytes]:
        """Return which of some bytes the files hold."""
        held = bytes_on_disk(self.platform.database, self.cluster, with_log=with_log)
        return [needle for needle in needles if needle in held]


def _plant(platform: Platform, request: pytest.FixtureRequest) -> Planted:
    cluster = None if platform.database.is_sqlite else request.getfixturevalue("postgresql")
    for number in range(12):
        keep_answer(platform, {"q2a": f"Words number {number}, which stay."})
    kept = keep_answer(platform, {"q2a": f"{SENTENCE} {NAME} helped.", "may_quote": "yes"})
    keep_second_answer(platform, {"q2a": SECOND}, sitting_id=kept.response_id)
    platform.jobs.run_all_due()
    with platform.database.reading() as connection:
        found = connection.execute(
            select(Response.wrapped_key, Comment.sealed, SecondAnswer.sealed, SecondAnswer.wrapped_key)
            .join(Comment, Comment.response_id == Response.id)
            .join(SecondAnswer, SecondAnswer.response_id == Response.id)
            .where(Response.id == kept.response_id)
        ).one()
    return Planted(platform, cluster, kept.response_id, [bytes(value) for value in found])


@pytest.fixture
def planted(platform: Platform, request: pytest.FixtureRequest) -> Planted:
    """The answer, sealed as always."""
    return _plant(platform, request)


def _in_the_clear(_seal: RowSeal, words: str, _column: str) -> bytes:
    return words.encode()


def _opened_in_the_clear(_seal: RowSeal, sealed: bytes, _column: str) -> str:
    return sealed.decode()


@pytest.fixture
def unsealed(platform: Platform, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Planted:
    """The same with sealing switched off: what the search must then find."""
    monkeypatch.setattr(RowSeal, "close", _in_the_clear)
    monkeypatch.setattr(RowSeal, "open", _opened_in_the_clear)
    return _plant(platform, request)


def _erase(planted: Planted) -> None:
    erase(planted.platform, Erasing(planted.response_id, "asked", "somebody"))


def test_e3_no_word_ever_stands_in_the_files_before_or_after_an_erasure(planted: Planted) -> None:
    assert planted.found_of(PLAIN) == []
    _erase(planted)
    assert planted.found_of(PLAIN) == []


def test_e3_the_search_finds_words_where_they_are_not_sealed(unsealed: Planted) -> None:
    assert unsealed.found_of(PLAIN) == PLAIN


def test_e3_after_the_sweep_the_files_hold_no_sealed_word_and_no_key_of_it(planted: Planted) -> None:
    assert planted.found_of(planted.secrets, with_log=False) == planted.secrets
    _erase(planted)
    assert planted.found_of(planted.secrets) != []  # freed, but not yet overwritten: so the sweep is needed
    planted.platform.jobs.run_all_due()
    assert planted.found_of(planted.secrets, with_log=planted.cluster is None) == []
    with planted.platform.database.reading() as connection:
        assert connection.execute(select(Erasure.swept_at)).scalar_one() == planted.platform.clock.now()
        assert len(connection.execute(select(Response.id)).all()) == 12


def test_e3_even_words_that_were_never_sealed_are_overwritten_by_the_sweep(unsealed: Planted) -> None:
    _erase(unsealed)
    unsealed.platform.jobs.run_all_due()
    assert unsealed.found_of(PLAIN, with_log=unsealed.cluster is None) == []


def test_e3_words_that_went_because_of_their_age_leave_no_trace_either(planted: Planted, clock: SetClock) -> None:
    clock.pass_time(timedelta(days=365 * 3))
    see_to_the_daily_look(planted.platform)
    planted.platform.jobs.run_all_due()
    with planted.platform.database.reading() as connection:
        assert set(connection.execute(select(Response.wrapped_key)).scalars()) == {None}
    clock.pass_time(timedelta(hours=1))
    planted.platform.jobs.run_all_due()
    assert planted.found_of([*planted.secrets, *PLAIN], with_log=planted.cluster is None) == []


def test_e3_a_sweep_waits_for_nobody_and_is_tried_again(planted: Planted, clock: SetClock) -> None:
    database = planted.platform.database
    with database.reading() as reader:
        reader.execute(select(Response.id)).all()
        _erase(planted)
        with pytest.raises(NotSweptError):
            sweep(database)
        planted.platform.jobs.run_all_due()
    with database.reading() as connection:
        assert connection.execute(select(Erasure.swept_at)).scalar_one() is None
    clock.pass_time(timedelta(minutes=1))
    planted.platform.jobs.run_all_due()
    assert planted.found_of(planted.secrets, with_log=planted.cluster is None) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_e3_sqlite_overwrites_what_it_frees(platform: Platform) -> None:
    with platform.database.reading() as connection:
        assert connection.execute(text("PRAGMA secure_delete")).scalar_one() == 1


def test_e3_every_table_that_refers_to_an_answer_is_swept() -> None:
    swept = tables_of_answers()
    assert {"responses", "comments", "second_answers", "codings", "coded_themes", "quotes"} < set(swept)
    assert {"uploads", "response_exports"} < set(swept)
    assert {"concerns", "concern_notes", "to_be_read", "mask_edits", "holds", "reading_acts"} < set(swept)
