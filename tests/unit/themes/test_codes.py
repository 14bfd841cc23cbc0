"""A person's code wins and stays; undo works; the counts of themes equal a plain recount after any mix."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.models import Comment, Tally
from hscb_voice.responses.words import comments_of
from hscb_voice.themes.errors import CodingError, UnknownCommentError
from hscb_voice.themes.jobs import prepare_reading, prepare_readings
from hscb_voice.themes.models import CodedTheme, Coding
from hscb_voice.themes.queries import codings_of, comments_under, mask_text
from hscb_voice.themes.service import (
    MACHINE,
    PERSON,
    NewCoding,
    ThemeCode,
    keep_codings,
    overall,
    withdraw_person_coding,
)
from tests.support.answering import keep_answer

WORDS = {"q2a": "she always listened to me", "q6": "the puppets were fun"}


def a_response(platform: Platform) -> tuple[str, list[str]]:
    response_id = keep_answer(platform, dict(WORDS)).response_id
    with platform.database.reading() as connection:
        return response_id, [comment.id for comment in comments_of(connection, platform.keys, [response_id])]


def code(platform: Platform, response_id: str, comment_id: str, source: str, themes: dict[str, str]) -> None:
    codes = [ThemeCode(theme, polarity, 0, 3) for theme, polarity in themes.items()]
    polarity = overall(set(themes.values()) - {"wish"}) if themes else "neutral"
    coding = NewCoding(comment_id, source, "somebody", "1", polarity, codes, ())
    with platform.database.writing() as connection:
        keep_codings(connection, response_id, [coding], platform.clock.now())


def themes_in_force(platform: Platform, response_id: str) -> set[str]:
    with platform.database.reading() as connection:
        return {code.theme for coding in codings_of(connection, response_id).values() for code in coding.themes}


def theme_counts(platform: Platform) -> dict[tuple[str, str], int]:
    query = select(Tally.question, Tally.choice, Tally.n).where(Tally.n != 0)
    with platform.database.reading() as connection:
        rows = connection.execute(query).all()
    counted: Counter[tuple[str, str]] = Counter()
    for row in rows:
        if row.question.startswith(("theme", "polarity")):
            counted[row.question, row.choice] += row.n
    return dict(counted)


def recount(platform: Platform) -> dict[tuple[str, str], int]:
    """Count themes afresh from the codings, without the code that keeps the sums."""
    query = (
        select(Coding.response_id, Coding.polarity.label("whole"), CodedTheme.theme, CodedTheme.polarity)
        .outerjoin(CodedTheme, CodedTheme.coding_id == Coding.id)
        .where(Coding.in_force)
    )
    said: dict[str, dict[str, set[str]]] = {}
    wholes: dict[str, set[str]] = {}
    with platform.database.reading() as connection:
        for row in connection.execute(query):
            wholes.setdefault(row.response_id, set()).add(row.whole)
            themes = said.setdefault(row.response_id, {})
            if row.theme:
                themes.setdefault(row.theme, set()).add(row.polarity)
    counted: Counter[tuple[str, str]] = Counter()
    for response_id, themes in said.items():
        counted.update([("themes", ""), ("polarity", ""), ("polarity", overall(wholes[response_id]))])
        counted.update([("themes", "none")] if not themes else [])
        for theme, polarities in themes.items():
            counted.update([(f"theme:{theme}", ""), (f"theme:{theme}", overall(polarities))])
    return dict(counted)


def test_the_machine_gives_a_wish_as_people_do_and_it_is_counted(platform: Platform) -> None:
    response_id = keep_answer(platform, {"q5": "I would like more sessions please"}).response_id
    with platform.database.reading() as connection:
        write = prepare_reading(connection, response_id, keys=platform.keys, clock=platform.clock)
    with platform.database.writing() as connection:
        write(connection)
    with platform.database.reading() as connection:
        (coding,) = codings_of(connection, response_id).values()
    assert [(one.theme, one.polarity) for one in coding.themes] == [("more_sessions", "wish")]
    assert theme_counts(platform) == recount(platform)
    assert theme_counts(platform)["theme:more_sessions", "wish"] == 1


def test_the_machine_reads_every_comment_of_an_answer(platform: Platform) -> None:
    response_id, comment_ids = a_response(platform)
    with platform.database.writing() as connection:
        prepare_reading(connection, response_id, keys=platform.keys, clock=platform.clock)(connection)
    with platform.database.reading() as connection:
        codings = codings_of(connection, response_id)
    assert set(codings) == set(comment_ids)
    assert {coding.source for coding in codings.values()} == {MACHINE}
    assert "listened_to" in themes_in_force(platform, response_id)


def test_what_decided_is_kept_as_places_and_never_as_words(platform: Platform) -> None:
    response_id, _ = a_response(platform)
    with platform.database.writing() as connection:
        prepare_reading(connection, response_id, keys=platform.keys, clock=platform.clock)(connection)
        kept = connection.execute(select(Coding.evidence)).scalars().all()
    assert any(kept), "something must have decided"
    assert "listened" not in str(kept).replace("listened_to", "")


def test_words_that_the_machine_hides_are_hidden_in_what_would_be_quoted(platform: Platform) -> None:
    words = "Mrs Bufton helped me, ring 07700 900123"
    response_id = keep_answer(platform, {"q2a": words}).response_id
    with platform.database.writing() as connection:
        prepare_reading(connection, response_id, keys=platform.keys, clock=platform.clock)(connection)
        (coding,) = codings_of(connection, response_id).values()
    quote = mask_text(words, coding.redactions)
    assert quote.endswith("helped me, ring [contact]")
    assert "Bufton" not in quote


def test_many_answers_are_read_with_one_writing_as_each_would_be_alone(platform: Platform) -> None:
    ids = [a_response(platform)[0] for _ in range(3)]
    (first,) = a_response(platform)[1][:1]
    taken, (mine, _) = a_response(platform)
    code(platform, taken, mine, PERSON, {"school": "negative"})
    for _ in range(2):
        with platform.database.writing() as connection:
            keep = prepare_readings(connection, [*ids, taken], keys=platform.keys, clock=platform.clock)
            keep(connection, {*ids[:2], taken})
    assert theme_counts(platform) == recount(platform)
    with platform.database.reading() as connection:
        one, other = (codings_of(connection, response_id) for response_id in ids[:2])
        by_person = codings_of(connection, taken)
        assert codings_of(connection, ids[2]) == {}, "another worker's"
        assert first not in by_person
    assert [coding.themes for coding in one.values()] == [coding.themes for coding in other.values()]
    assert by_person[mine].source == PERSON


def test_reading_again_changes_nothing(platform: Platform) -> None:
    response_id, _ = a_response(platform)
    for _ in range(3):
        with platform.database.writing() as connection:
            prepare_reading(connection, response_id, keys=platform.keys, clock=platform.clock)(connection)
    assert theme_counts(platform) == recount(platform)
    with platform.database.reading() as connection:
        assert len(connection.execute(select(Coding.id)).all()) == len(WORDS)


def test_a_persons_code_wins_and_survives_a_new_run_of_the_machine(platform: Platform) -> None:
    response_id, (first, _) = a_response(platform)
    code(platform, response_id, first, MACHINE, {"worker": "positive"})
    code(platform, response_id, first, PERSON, {"respect": "negative"})
    code(platform, response_id, first, MACHINE, {"worker": "positive", "safe": "positive"})
    assert themes_in_force(platform, response_id) == {"respect"}
    assert theme_counts(platform) == recount(platform)


def test_a_person_can_take_the_last_code_back(platform: Platform, clock: SetClock) -> None:
    response_id, (first, _) = a_response(platform)
    code(platform, response_id, first, MACHINE, {"worker": "positive"})
    code(platform, response_id, first, PERSON, {"respect": "negative"})
    clock.pass_time(timedelta(minutes=1))
    code(platform, response_id, first, PERSON, {"school": "negative"})
    with platform.database.writing() as connection:
        withdraw_person_coding(connection, first)
    assert themes_in_force(platform, response_id) == {"respect"}
    with platform.database.writing() as connection:
        withdraw_person_coding(connection, first)
    assert themes_in_force(platform, response_id) == {"worker"}
    with platform.database.writing() as connection, pytest.raises(CodingError):
        withdraw_person_coding(connection, first)
    assert theme_counts(platform) == recount(platform)


def test_two_people_who_take_the_same_code_back_at_once_count_it_once(platform: Platform) -> None:
    response_id, (first, _) = a_response(platform)
    code(platform, response_id, first, MACHINE, {"worker": "positive"})
    code(platform, response_id, first, PERSON, {"respect": "negative"})

    def take_back() -> None:
        with platform.database.writing() as connection:
            withdraw_person_coding(connection, first)

    with ThreadPoolExecutor(1) as other:
        with platform.database.writing() as connection:
            withdraw_person_coding(connection, first)
            second = other.submit(take_back)
            time.sleep(0.3)  # long enough for the other to come as far as it can
        with pytest.raises(CodingError):
            second.result()
    assert theme_counts(platform) == recount(platform)


def test_of_two_codes_made_at_one_moment_the_later_takes_force(platform: Platform) -> None:
    response_id, (first, _) = a_response(platform)
    code(platform, response_id, first, PERSON, {"respect": "negative"})
    code(platform, response_id, first, PERSON, {"school": "negative"})
    assert themes_in_force(platform, response_id) == {"school"}


def test_it_refuses_a_code_on_another_responses_comment(platform: Platform) -> None:
    response_id, _ = a_response(platform)
    _, (other, _) = a_response(platform)
    with pytest.raises(UnknownCommentError):
        code(platform, response_id, other, PERSON, {"school": "negative"})


def test_it_refuses_a_polarity_that_is_none(platform: Platform) -> None:
    response_id, (first, _) = a_response(platform)
    with pytest.raises(CodingError):
        code(platform, response_id, first, PERSON, {"school": "splendid"})


def test_an_answer_in_a_language_that_the_machine_cannot_read_is_said_to_be_unread(platform: Platform) -> None:
    kept = keep_answer(platform, {"q2a": "Μου άρεσε πολύ να μιλάω μαζί της κάθε εβδομάδα"}, language="el")
    with platform.database.writing() as connection:
        prepare_reading(connection, kept.response_id, keys=platform.keys, clock=platform.clock)(connection)
        codings = codings_of(connection, kept.response_id)
    assert [coding.polarity for coding in codings.values()] == ["unread"]


@given(
    steps=st.lists(
        st.tuples(
            st.integers(0, 1),
            st.sampled_from([MACHINE, PERSON, "undo"]),
            st.dictionaries(
                st.sampled_from(["worker", "safe", "home"]),
                st.sampled_from(["positive", "negative", "mixed", "neutral", "wish"]),
                max_size=2,
            ),
        ),
        max_size=6,
    )
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_counts_equal_a_recount_after_any_mix(platform: Platform, steps: list[tuple[int, str, dict[str, str]]]) -> None:
    response_id, comment_ids = a_response(platform)
    for place, what, themes in steps:
        if what != "undo":
            code(platform, response_id, comment_ids[place], what, themes)
            continue
        with platform.database.writing() as connection:
            try:
                withdraw_person_coding(connection, comment_ids[place])
            except CodingError:
                continue
    assert theme_counts(platform) == recount(platform)


def test_comments_of_another_team_are_not_listed(platform: Platform) -> None:
    response_id, (first, _) = a_response(platform)
    code(platform, response_id, first, PERSON, {"school": "negative"})
    with platform.database.reading() as connection:
        mine = comments_under(connection, None, "school")
        theirs = comments_under(connection, frozenset({"North"}), "school")
        assert connection.execute(select(Comment.id)).all()
    assert [row.comment_id for row in mine[0]] == [first]
    assert theirs == ([], 0)
