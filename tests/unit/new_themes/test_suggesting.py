"""The look for new themes: from comments to suggestions, by the worker; what is decided does not come back."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.database import Database
from hscb_voice.foundation.jobs import Job, JobRunner
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.foundation.platform import Platform
from hscb_voice.new_themes import service
from hscb_voice.new_themes.errors import DecisionError, UnknownSuggestionError
from hscb_voice.new_themes.models import ThemeDecision, ThemeSearch, ThemeSuggestion
from hscb_voice.new_themes.queries import comments_under, last_search, suggestions
from hscb_voice.new_themes.searching import SEARCH_JOB, ask_for_search, prepare_search, see_to_the_daily_search
from hscb_voice.new_themes.service import GROUP, PHRASE, Found, keep_found, reject, take_decision_back
from hscb_voice.responses.erasing import drop_words
from hscb_voice.responses.models import Comment, Response
from hscb_voice.responses.queries import EVERY_TEAM
from hscb_voice.responses.service import Setting
from hscb_voice.themes.masks import keep_masks
from hscb_voice.themes.service import MACHINE, Mask, NewCoding, ThemeCode, keep_codings
from tests.support.answering import keep_answer

SUBJECTS = ("taxis", "puppies", "lanterns", "trumpets")
NEW, OLD = "The taxi driver shouted", "We walked beside the river"


def say(platform: Platform, text: str, *, themes: tuple[str, ...] = (), masks: tuple[Mask, ...] = ()) -> str:
    """Keep an answer with the machine's codes; return its comment's id."""
    kept = keep_answer(platform, {"q2a": text}, setting=Setting(team="North team"))
    with platform.database.writing() as connection:
        comment_id = connection.execute(select(Comment.id).where(Comment.response_id == kept.response_id)).scalar_one()
        codes = [ThemeCode(theme, "positive", 0, 3) for theme in themes]
        coding = NewCoding(comment_id, MACHINE, "", "1", "neutral", codes, masks)
        keep_codings(connection, kept.response_id, [coding], platform.clock.now())
    return str(comment_id)


def look(platform: Platform) -> str:
    """Write down a look that is finished, on a connection of its own; return its id."""
    with platform.database.writing() as connection:
        assert ask_for_search(connection, "an analyst", platform.clock)
        search_id = connection.execute(select(ThemeSearch.id).where(ThemeSearch.finished_at.is_(None))).scalar_one()
        connection.execute(update(ThemeSearch).values(finished_at=platform.clock.now()))
    return str(search_id)


def run(platform: Platform) -> None:
    """Ask for a look and let the worker do it."""
    with platform.database.writing() as connection:
        ask_for_search(connection, "an analyst", platform.clock)
    assert platform.jobs.run_due(kinds=[SEARCH_JOB]) == 1


def suggested(platform: Platform) -> list[tuple[str, ...]]:
    with platform.database.reading() as connection:
        return [one.words for one in suggestions(connection, platform.keys, sees_small=True)]


def months_later(platform: Platform, months: int) -> None:
    assert isinstance(platform.clock, SetClock)
    platform.clock.pass_time(timedelta(days=30.5 * months))


@pytest.fixture
def heard(platform: Platform) -> Platform:
    """Walks in both times, and taxis in the newer."""
    for number in range(12):
        say(platform, f"{OLD} {number}.")
    months_later(platform, 3)
    for number in range(12):
        say(platform, f"{OLD} {number}.")
    for number in range(8):
        say(platform, f"{NEW} {number}.")
    return platform


def test_the_worker_finds_what_rises_and_what_belongs_together_and_tells_how_far_it_is(heard: Platform) -> None:
    run(heard)
    with heard.database.reading() as connection:
        found = suggestions(connection, heard.keys, sees_small=True)
        search = last_search(connection)
    (rise,) = [one for one in found if one.kind == PHRASE]
    assert (rise.words, rise.responses, rise.before) == (("taxi driver shouted",), 8, 0)
    assert {one.responses for one in found if one.kind == GROUP} == {8, 24}
    assert search is not None
    assert (search.done, search.total, search.without_theme) == (32, 32, 32)
    assert search.times is not None
    assert search.times.words == "December 2026 to February 2027, after September to November 2026"
    assert search.finished_at is not None


def test_where_the_last_three_months_are_silent_what_was_heard_last_is_looked_at(heard: Platform) -> None:
    months_later(heard, 12)
    run(heard)
    assert ("taxi driver shouted",) in suggested(heard)
    with heard.database.reading() as connection:
        search = last_search(connection)
    assert search is not None
    assert search.times is not None
    assert search.times.words == "December 2026 to February 2027, after September to November 2026"


def test_comments_with_a_theme_are_no_ground_for_a_new_one(platform: Platform) -> None:
    for number in range(8):
        say(platform, f"{NEW} {number}.", themes=("visits",))
    run(platform)
    assert suggested(platform) == []


def test_what_was_decided_makes_room_for_what_comes_after_it(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_SHOWN", 2)
    said = {word: tuple(say(platform, f"{word} {number}.") for number in range(3)) for word in SUBJECTS}
    found = [Found(kind, (word,), 3, ids) for word, ids in said.items() for kind in (PHRASE, GROUP)]
    for _ in range(2):
        search_id = look(platform)
        with platform.database.writing() as connection:
            kept = keep_found(connection, platform.keys, search_id, found)
            rows = connection.execute(select(ThemeSuggestion.id).where(ThemeSuggestion.kind == PHRASE)).scalars()
            for suggestion_id in list(rows):
                reject(connection, suggestion_id, "covered", "an analyst", platform.clock)
        assert kept == 4, "thirty of each kind, whatever was decided before"
    search_id = look(platform)
    with platform.database.writing() as connection:
        assert keep_found(connection, platform.keys, search_id, found) == 0


def test_looking_again_finds_the_same_and_doubles_nothing(heard: Platform) -> None:
    run(heard)
    before = suggested(heard)
    run(heard)
    assert suggested(heard) == before


def test_hidden_words_are_never_suggested_whoever_hid_them(platform: Platform) -> None:
    for number in range(8):
        text = f"{NEW} {number}."
        start = text.index("taxi")
        comment_id = say(platform, text, masks=(Mask(start, start + 4, "other"),))
        with platform.database.writing() as connection:
            driver = text.index("driver")
            keep_masks(connection, comment_id, [Mask(driver, driver + 6, "other")], [], "a", platform.clock.now())
    run(platform)
    words = {word for one in suggested(platform) for phrase in one for word in phrase.split()}
    assert words == {"shouted"}


def test_words_of_suggestions_stand_sealed(heard: Platform) -> None:
    run(heard)
    with heard.database.reading() as connection:
        rows = connection.execute(select(ThemeSuggestion.sealed, ThemeSuggestion.prints)).all()
    assert rows
    for row in rows:
        assert b"taxi" not in row.sealed
        assert "taxi" not in str(row.prints)


def test_what_was_erased_counts_no_more_and_too_few_are_shown_to_nobody(platform: Platform) -> None:
    ids = [say(platform, f"{NEW} {number}.") for number in range(3)]
    run(platform)
    assert len(suggested(platform)) == 1
    with platform.database.writing() as connection:
        whose = connection.execute(select(Comment.response_id).where(Comment.id == ids[0])).scalar_one()
        assert drop_words(connection, whose, "asked", keys=platform.keys, now=platform.clock.now())
    assert suggested(platform) == []
    run(platform)
    with platform.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(ThemeSuggestion)).scalar_one() == 0


def test_a_comment_that_is_erased_while_the_machine_looks_is_left_out(heard: Platform) -> None:
    with heard.database.writing() as connection:
        ask_for_search(connection, "an analyst", heard.clock)
        search_id = connection.execute(select(ThemeSearch.id)).scalar_one()
    with heard.database.reading() as connection:
        go = prepare_search(connection, search_id, database=heard.database, keys=heard.keys, clock=heard.clock)
    write = go()
    with heard.database.writing() as connection:
        for response_id in connection.execute(select(Response.id)).scalars().all():
            drop_words(connection, response_id, "asked", keys=heard.keys, now=heard.clock.now())
        write(connection)
    assert suggested(heard) == []


FOUND = Found(PHRASE, ("taxi driver",), 4, (), 0, 2.0)


def offered(platform: Platform, found: Found = FOUND) -> list[str]:
    """Offer a subject on real comments; return the ids of what is suggested then."""
    with platform.database.reading() as connection:
        missing = found.responses - len(connection.execute(select(Comment.id)).all())
    for number in range(missing):
        say(platform, f"{NEW} {number}.")
    search_id = look(platform)
    with platform.database.writing() as connection:
        comments = tuple(connection.execute(select(Comment.id)).scalars())[: found.responses]
        whole = Found(found.kind, found.words, found.responses, comments, found.before, found.z)
        keep_found(connection, platform.keys, search_id, [whole])
        return list(connection.execute(select(ThemeSuggestion.id)).scalars())


def rejected(platform: Platform, reason: str, found: Found = FOUND) -> None:
    (suggestion_id,) = offered(platform, found)
    with platform.database.writing() as connection:
        reject(connection, suggestion_id, reason, "an analyst", platform.clock)


def more(words: tuple[str, ...], responses: int = 4, kind: str = PHRASE) -> Found:
    return Found(kind, words, responses, ())


def test_what_was_rejected_does_not_come_back_in_any_order_number_or_kind(platform: Platform) -> None:
    rejected(platform, "no_theme")
    assert offered(platform) == []
    assert offered(platform, more(("drivers", "taxi"), kind=GROUP)) == []
    assert offered(platform, more(("taxi driver",), 12)) == []
    assert len(offered(platform, more(("taxi rank fares",)))) == 1


def test_a_phrase_and_a_group_of_the_same_words_are_decided_together(platform: Platform) -> None:
    for number in range(8):
        say(platform, f"{NEW} {number}.")
    search_id = look(platform)
    with platform.database.writing() as connection:
        comments = tuple(connection.execute(select(Comment.id)).scalars())
        subjects = (("taxi driver",), ("driver", "taxi"), ("cold soup",))
        keep_found(connection, platform.keys, search_id, [Found(GROUP, words, 8, comments) for words in subjects])
        first = connection.execute(select(ThemeSuggestion.id).order_by(ThemeSuggestion.place).limit(1)).scalar_one()
        reject(connection, first, "covered", "an analyst", platform.clock)
    assert suggested(platform) == [("cold soup",)]


def test_what_too_few_said_comes_back_when_twice_as_many_say_it(platform: Platform) -> None:
    rejected(platform, service.TOO_FEW)
    assert offered(platform, more(("taxi driver",), 7)) == []
    assert len(offered(platform, more(("taxi driver",), 8))) == 1


def test_of_a_rejection_no_word_is_kept_and_taking_it_back_lets_it_return(platform: Platform) -> None:
    rejected(platform, "private")
    with platform.database.reading() as connection:
        row = connection.execute(select(*ThemeDecision.__table__.columns)).one()
        assert connection.execute(select(ThemeSuggestion.id)).first() is None
    assert "taxi" not in str(row)
    assert len(row.prints) == 2
    with platform.database.writing() as connection:
        assert take_decision_back(connection, row.id, "an analyst", platform.clock)
        assert not take_decision_back(connection, row.id, "an analyst", platform.clock)
    assert len(offered(platform)) == 1


def test_fingerprints_cannot_be_made_without_the_installations_key(platform: Platform) -> None:
    other = KeyRing({"2026-01": bytes(range(32))})
    assert service.prints_of(platform.keys, ["taxi"]) != service.prints_of(other, ["taxi"])


def test_it_refuses_a_reason_that_is_none_and_a_suggestion_that_is_gone(platform: Platform) -> None:
    (suggestion_id,) = offered(platform)
    with platform.database.writing() as connection:
        with pytest.raises(DecisionError):
            reject(connection, suggestion_id, "whatever", "an analyst", platform.clock)
        reject(connection, suggestion_id, "covered", "an analyst", platform.clock)
        with pytest.raises(UnknownSuggestionError):
            reject(connection, suggestion_id, "covered", "an analyst", platform.clock)


def test_another_teams_comments_are_not_among_those_that_somebody_may_read(platform: Platform) -> None:
    (suggestion_id,) = offered(platform)
    with platform.database.reading() as connection:
        assert len(comments_under(connection, EVERY_TEAM, suggestion_id)) == 4
        assert len(comments_under(connection, frozenset({"North team"}), suggestion_id)) == 4
        assert comments_under(connection, frozenset({"South team"}), suggestion_id) == []


def searches(platform: Platform) -> tuple[int, int]:
    with platform.database.reading() as connection:
        jobs = connection.execute(select(func.count()).select_from(Job).where(Job.kind == SEARCH_JOB)).scalar_one()
        return jobs, connection.execute(select(func.count()).select_from(ThemeSearch)).scalar_one()


def test_the_worker_asks_once_a_day_however_often_it_thinks_of_it(platform: Platform) -> None:
    for _ in range(3):
        see_to_the_daily_search(platform)
    assert searches(platform) == (1, 1)
    platform.jobs.run_due(kinds=[SEARCH_JOB])
    see_to_the_daily_search(platform)
    assert searches(platform) == (0, 1)
    assert isinstance(platform.clock, SetClock)
    platform.clock.pass_time(timedelta(days=1))
    see_to_the_daily_search(platform)
    assert searches(platform) == (1, 2)


def test_a_second_wish_for_a_look_joins_the_first(platform: Platform) -> None:
    with platform.database.writing() as connection:
        assert ask_for_search(connection, "one", platform.clock)
        assert not ask_for_search(connection, "another", platform.clock)
    assert searches(platform) == (1, 1)


def test_a_look_that_failed_says_so_and_is_tried_again(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_self: Database) -> None:
        message = "the line is down"
        raise OSError(message)

    say(platform, NEW)
    with platform.database.writing() as connection:
        ask_for_search(connection, "an analyst", platform.clock)
    monkeypatch.setattr("hscb_voice.new_themes.searching.comments_of", broken)
    assert platform.jobs.run_due(kinds=[SEARCH_JOB]) == 0
    monkeypatch.undo()
    with platform.database.reading() as connection:
        search = last_search(connection)
    assert search is not None
    assert search.has_failed
    assert isinstance(platform.clock, SetClock)
    platform.clock.pass_time(timedelta(minutes=1))
    assert isinstance(platform.jobs, JobRunner)
    assert platform.jobs.run_due(kinds=[SEARCH_JOB]) == 1
