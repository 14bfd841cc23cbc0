"""A new version reads all comments in the background; people's codes win; to switch is one act, and undo-able."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st
from sqlalchemy import Connection, select, text, update

from hscb_voice.board.periods import reporting_year
from hscb_voice.codebooks.queries import codebook_in_force, standing, theme_titles
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.jobs import LEASE, Job
from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.models import Response
from hscb_voice.responses.service import READ_JOB
from hscb_voice.responses.tallies import OTHERS
from hscb_voice.responses.words import comments_of
from hscb_voice.themes import comparing, rerunning, switching
from hscb_voice.themes.comparing import changes, coded_by_people, last_run
from hscb_voice.themes.errors import CodingError, RunError
from hscb_voice.themes.forgetting import fade_codes, forget_codes
from hscb_voice.themes.models import Coding
from hscb_voice.themes.queries import codings_of
from hscb_voice.themes.rerunning import (
    FINISHED,
    PAUSED,
    RERUN_JOB,
    RUNNING,
    continue_run,
    drop_run,
    pause_run,
)
from hscb_voice.themes.service import PERSON, NewCoding, ThemeCode, keep_codings, withdraw_person_coding
from hscb_voice.themes.switching import can_undo, switch, undo_switch
from tests.support.answering import keep_answer
from tests.support.codebooks import publish_pets, run_pets
from tests.support.figures_afresh import counts_read_anew, counts_remembered, figures_afresh, figures_kept

WHO = "an analyst"
YEAR = reporting_year(2026)  # in which the tests' clock stands
TEXTS = ("the puppets were fun", "my hamster is funny", "she listened to me", "I miss my dog and the puppets")


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a few answers make several parts."""
    monkeypatch.setattr(rerunning, "RESPONSES_A_PART", 2)


def say(platform: Platform, text: str, *, read: bool = True) -> str:
    response_id = keep_answer(platform, {"q2a": text}).response_id
    if read:
        platform.jobs.run_for(response_id, [READ_JOB])
    return response_id


def said(platform: Platform) -> list[str]:
    return [say(platform, text) for text in TEXTS]


def comment_of(platform: Platform, response_id: str) -> str:
    with platform.database.reading() as connection:
        return comments_of(connection, platform.keys, [response_id])[0].id


def themes_of(platform: Platform, response_id: str) -> set[str]:
    with platform.database.reading() as connection:
        return {code.theme for one in codings_of(connection, response_id).values() for code in one.themes}


def code(platform: Platform, response_id: str, theme: str) -> None:
    coding = NewCoding(
        comment_of(platform, response_id), PERSON, WHO, "1", "mixed", [ThemeCode(theme, "wish", 0, 3)], ()
    )
    with platform.database.writing() as connection:
        keep_codings(connection, response_id, [coding], platform.clock.now())


def act(platform: Platform, what: Callable[..., Any]) -> Any:
    with platform.database.writing() as connection:
        return what(connection, WHO, platform.clock)


def state_of(platform: Platform) -> str:
    with platform.database.reading() as connection:
        run = last_run(connection)
    assert run is not None
    return run.state


def balances(platform: Platform) -> bool:
    with platform.database.reading() as connection:
        kept, afresh = figures_kept(connection), figures_afresh(connection)
        assert counts_remembered(connection, YEAR) == counts_read_anew(connection, YEAR)
    assert kept == afresh
    return True


def work(platform: Platform) -> None:
    platform.jobs.run_due(50, [RERUN_JOB])


def test_nothing_changes_until_somebody_switches_and_then_everything_at_once(platform: Platform) -> None:
    ids = said(platform)
    run_pets(platform)
    work(platform)
    assert state_of(platform) == FINISHED
    assert "activities" in themes_of(platform, ids[0])
    assert balances(platform)
    assert act(platform, switch) == 2
    assert [themes_of(platform, one) & {"pets", "activities"} for one in ids] == [set(), {"pets"}, set(), {"pets"}]
    assert balances(platform)
    with platform.database.reading() as connection:
        assert codebook_in_force(connection).version == 2
        assert theme_titles(connection)["activities"].endswith("(retired)")


def test_a_server_lets_the_comparison_and_the_switch_of_many_comments_take_their_time(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    if platform.database.is_sqlite:
        pytest.skip("the embedded database ends nothing by itself")
    allowed: list[str] = []

    def noting(step: Callable[..., Any]) -> Callable[..., Any]:
        def noted(connection: Connection, *more: Any) -> Any:
            allowed.append(connection.execute(text("SHOW statement_timeout")).scalar_one())
            return step(connection, *more)

        return noted

    monkeypatch.setattr(switching, "_swap_codes", noting(switching._swap_codes))
    monkeypatch.setattr(comparing, "_moved", noting(comparing._moved))
    said(platform)
    run_pets(platform)
    work(platform)
    with platform.database.reading() as connection:
        assert changes(connection, None)
    assert act(platform, switch) == 2
    assert allowed == ["22500ms", "108s"]  # a moment before the line would be shut
    with platform.database.writing() as connection:
        assert connection.execute(text("SHOW statement_timeout")).scalar_one() not in allowed


def test_a_switch_can_be_undone_and_done_again(platform: Platform) -> None:
    ids = said(platform)
    with platform.database.reading() as connection:
        before = figures_kept(connection)
    run_pets(platform)
    work(platform)
    act(platform, switch)
    late = say(platform, "my dog ate the puppets")
    assert themes_of(platform, late) >= {"pets"}
    assert act(platform, undo_switch) == 1
    assert "activities" in themes_of(platform, ids[0])
    assert "pets" not in themes_of(platform, late)
    assert balances(platform)
    with platform.database.writing() as connection:
        forget_codes(connection, late)
        after = {place: n for place, n in figures_kept(connection).items() if place in before}
        assert {place: n for place, n in before.items() if str(place[3]).startswith("theme:")} == {
            place: n for place, n in after.items() if str(place[3]).startswith("theme:")
        }
    assert act(platform, switch) == 2
    assert balances(platform)
    with platform.database.writing() as connection:
        assert can_undo(connection)


def test_people_always_win_over_a_new_version(platform: Platform) -> None:
    ids = said(platform)
    code(platform, ids[1], "respect")
    run_pets(platform)
    code(platform, ids[3], "school")
    work(platform)
    code(platform, ids[0], "home")
    with platform.database.reading() as connection:
        assert coded_by_people(connection, None) == 3
    act(platform, switch)
    assert [themes_of(platform, ids[i]) for i in (1, 3, 0)] == [{"respect"}, {"school"}, {"home"}]
    assert balances(platform)
    with platform.database.writing() as connection:
        withdraw_person_coding(connection, comment_of(platform, ids[1]))
    assert themes_of(platform, ids[1]) >= {"pets"}, "below a person's codes stand those of the new version"
    act(platform, undo_switch)
    assert [themes_of(platform, ids[i]) for i in (3, 0)] == [{"school"}, {"home"}]
    assert balances(platform)


def test_a_run_rests_and_goes_on_where_it_was(platform: Platform) -> None:
    said(platform)
    run_pets(platform)
    platform.jobs.run_due(1, [RERUN_JOB])
    act(platform, pause_run)
    work(platform)
    with platform.database.reading() as connection:
        run = last_run(connection)
    assert run is not None
    assert (run.state, run.parts, run.parts_done, run.percent) == (PAUSED, 2, 1, 50)
    with pytest.raises(RunError):
        act(platform, switch)
    act(platform, continue_run)
    work(platform)
    assert state_of(platform) == FINISHED
    assert balances(platform)


def test_what_a_killed_worker_held_is_read_by_the_next_one(platform: Platform, clock: SetClock) -> None:
    said(platform)
    run_pets(platform)
    held = platform.jobs._claim_due(50, [RERUN_JOB])
    assert len(held) == 2
    work(platform)
    assert state_of(platform) == RUNNING
    clock.pass_time(LEASE * 2)
    work(platform)
    assert state_of(platform) == FINISHED
    assert balances(platform)


def test_a_part_that_is_read_twice_is_kept_once(platform: Platform) -> None:
    said(platform)
    run_pets(platform)
    with platform.database.reading() as connection:
        jobs = connection.execute(select(Job.subject_id).where(Job.kind == RERUN_JOB)).scalars().all()
        writes = [
            rerunning.prepare_part(connection, part, keys=platform.keys, clock=platform.clock)
            for part in (*jobs, *jobs)
        ]
    for write in writes:
        with platform.database.writing() as connection:
            write(connection)
    assert state_of(platform) == FINISHED
    assert balances(platform)
    with platform.database.reading() as connection:
        assert len(connection.execute(select(Coding.id)).all()) == 2 * len(TEXTS)


def test_an_answer_that_comes_during_a_run_is_read_by_both_versions(platform: Platform) -> None:
    said(platform)
    unread = say(platform, "my dog is old", read=False)
    run_pets(platform)
    late = say(platform, "my hamster is fast")
    work(platform)
    with pytest.raises(RunError, match="just come"):
        act(platform, switch)
    platform.jobs.run_for(unread, [READ_JOB])
    act(platform, switch)
    assert themes_of(platform, late) >= {"pets"}
    assert themes_of(platform, unread) >= {"pets"}
    assert balances(platform)


def test_words_read_before_a_switch_and_kept_after_it_are_read_again(platform: Platform) -> None:
    said(platform)
    run_pets(platform)
    work(platform)
    late = say(platform, "my hamster bites", read=False)
    prepare = platform.jobs._handlers[READ_JOB].prepare  # type: ignore[union-attr]  # it is long work
    with platform.database.reading() as connection:
        write = prepare(connection, late)
    act(platform, switch)
    with platform.database.writing() as connection:
        write(connection)
    assert themes_of(platform, late) >= {"pets"}
    assert balances(platform)


def test_what_has_no_words_any_more_keeps_its_codes(platform: Platform) -> None:
    ids = said(platform)
    with platform.database.writing() as connection:
        fade_codes(connection, ids[0])
        connection.execute(update(Response).where(Response.id == ids[0]).values(wrapped_key=None))
    run_pets(platform)
    work(platform)
    act(platform, switch)
    assert "activities" in themes_of(platform, ids[0])
    assert balances(platform)


def test_what_goes_takes_what_stands_by_with_it(platform: Platform) -> None:
    ids = said(platform)
    run_pets(platform)
    work(platform)
    with platform.database.writing() as connection:
        for one in ids:
            forget_codes(connection, one)
    with platform.database.reading() as connection:
        counted = [place for place in figures_kept(connection) if str(place[3]).startswith(OTHERS)]
        assert connection.execute(select(Coding.id)).all() == []
    assert counted == []


def test_a_run_can_be_given_up(platform: Platform) -> None:
    said(platform)
    number = run_pets(platform)
    act(platform, drop_run)
    work(platform)
    assert state_of(platform) == "dropped"
    with platform.database.reading() as connection:
        assert standing(connection).standing_by is None
    with pytest.raises(RunError):
        act(platform, switch)
    with platform.database.writing() as connection:
        rerunning.begin_run(connection, number, WHO, platform.clock)
        with pytest.raises(RunError, match="already"):
            rerunning.begin_run(connection, number, WHO, platform.clock)
    work(platform)
    act(platform, switch)
    assert balances(platform)
    with platform.database.writing() as connection, pytest.raises(RunError, match="in force already"):
        rerunning.begin_run(connection, number, WHO, platform.clock)


def test_with_no_answer_at_all_a_run_finishes_and_switches(platform: Platform) -> None:
    publish_pets(platform)
    with platform.database.writing() as connection:
        rerunning.begin_run(connection, 2, WHO, platform.clock)
    work(platform)
    assert act(platform, switch) == 2
    with pytest.raises(RunError):
        act(platform, switch)


def test_the_comparison_says_what_moves(platform: Platform) -> None:
    ids = said(platform)
    code(platform, ids[3], "school")
    run_pets(platform)
    work(platform)
    with platform.database.reading() as connection:
        found = {one.theme: one for one in changes(connection, None)}
        assert changes(connection, frozenset({"another team"})) == []
    assert (found["pets"].gained, found["pets"].lost, found["pets"].before) == (1, 0, {})
    assert sum(found["pets"].after.values()) == 1
    assert (found["activities"].gained, found["activities"].lost) == (0, 1)
    assert found["school"].is_still, "a person's code does not move"
    assert sum(found["school"].after.values()) == 1


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["say", "code", "undo code", "work", "switch", "undo switch", "drop", "begin", "forget"]),
        st.integers(0, 3),
    ),
    max_size=9,
)


@given(STEPS)
@how(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_counts_equal_a_rebuild_after_any_mix(platform: Platform, steps: list[tuple[str, int]]) -> None:
    ids = [say(platform, text) for text in TEXTS[:2]]
    with platform.database.reading() as connection:
        number = 2 if "2" in {str(v.number) for v in _versions(connection)} else 0
    number = number or publish_pets(platform)
    for what, place in steps:
        response_id = ids[place % len(ids)]
        try:
            _step(platform, what, response_id, ids, place, number)
        except (RunError, CodingError):
            continue
    assert balances(platform)


def _versions(connection: Any) -> Any:
    from hscb_voice.codebooks.queries import versions  # noqa: PLC0415 - only here

    return versions(connection)


def _step(platform: Platform, what: str, response_id: str, ids: list[str], place: int, number: int) -> None:
    acts: dict[str, Callable[..., Any]] = {"switch": switch, "undo switch": undo_switch, "drop": drop_run}
    if what in acts:
        act(platform, acts[what])
    elif what == "say":
        ids.append(say(platform, TEXTS[place]))
    elif what == "code":
        code(platform, response_id, "respect")
    elif what == "work":
        work(platform)
    else:
        with platform.database.writing() as connection:
            if what == "begin":
                other = 1 if standing(connection).in_force == number else number
                rerunning.begin_run(connection, other, WHO, platform.clock)
            elif what == "forget":
                forget_codes(connection, response_id)
            else:
                (comment,) = comments_of(connection, platform.keys, [response_id])
                withdraw_person_coding(connection, comment.id)
