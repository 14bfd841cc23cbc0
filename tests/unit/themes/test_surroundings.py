"""The product's reader is told what the system knows: the form's language, and the names to hide."""

from typing import Any

import pytest
from sqlalchemy import Connection, select

from hscb_voice.foundation.platform import Platform
from hscb_voice.invitations.making import Doer, Wish, make_single
from hscb_voice.language.codebook import default_codebook
from hscb_voice.language.reading import read_comment
from hscb_voice.language.redaction_around import Around
from hscb_voice.responses.queries import CommentText
from hscb_voice.responses.service import READ_JOB, Setting
from hscb_voice.staff.roles import Role
from hscb_voice.staff.service import NewPerson, add_person
from hscb_voice.themes.learning import examples
from hscb_voice.themes.models import Coding
from hscb_voice.themes.queries import codings_of, mask_text
from hscb_voice.themes.rerunning import RERUN_JOB
from hscb_voice.themes.service import PERSON, STANDBY, UNREAD, NewCoding, keep_codings
from hscb_voice.themes.surroundings import Surroundings, surroundings_of
from tests.support.answering import keep_answer
from tests.support.codebooks import run_pets

PASSWORD = "a long enough password for tests"
TEAM = "Wobbly Hill"


@pytest.fixture(autouse=True)
def somebody_works_here(platform: Platform) -> str:
    new = NewPerson("worker@example.org", "Grace Kindley", frozenset({Role.WORKER}), frozenset({TEAM}))
    with platform.database.writing() as connection:
        return add_person(connection, new, PASSWORD, now=platform.clock.now())


def _read(platform: Platform, words: str, **more: Any) -> str:
    response_id = keep_answer(platform, {"q2a": words}, **more).response_id
    platform.jobs.run_for(response_id, [READ_JOB])
    return response_id


def _quoted(platform: Platform, words: str, **more: Any) -> str:
    response_id = _read(platform, words, **more)
    with platform.database.reading() as connection:
        (coding,) = codings_of(connection, response_id).values()
    return mask_text(words, coding.redactions)


def _polarity(connection: Connection, response_id: str) -> str:
    found: str = connection.execute(select(Coding.polarity).where(Coding.response_id == response_id)).scalar_one()
    return found


@pytest.mark.parametrize("name", ["kindley", "kindleys", "Kindley", "kindlay"])
def test_the_name_of_whoever_works_here_is_hidden_in_any_case_and_spelling(platform: Platform, name: str) -> None:
    assert name not in _quoted(platform, f"it was a {name} for us")


def test_the_first_name_of_whoever_gave_the_code_is_hidden_though_it_is_a_word(
    platform: Platform, somebody_works_here: str
) -> None:
    words = "i draw with grace and she has so much grace"
    with platform.database.writing() as connection:
        doer = Doer(somebody_works_here, platform.clock)
        (invitation_id,) = make_single(connection, Wish("support-worker-child", Setting(team=TEAM)), 1, doer)
    assert "grace" not in _quoted(platform, words, setting=Setting(team=TEAM, invitation_id=invitation_id))


def _helped_by(account: str, words: str) -> str:
    told = Surroundings("child", helper=account, around=Around((account,)))
    reading = read_comment(told.comment(CommentText("1", "1", "What helps?", 0, words)), default_codebook())
    return reading.redaction.redacted


@pytest.mark.parametrize(
    ("account", "words"),
    [
        ("Family Worker", "my family is happy"),
        ("Play Therapist", "we play at school"),
        ("School Nurse", "i like to play at school"),
        ("Help Line", "i help my mum"),
        ("Mum Support", "my mum is happy"),
        ("Mrs Young", "we are young and loud"),
        ("Dr Hope", "i hope she comes back"),
        ("Di Beer", "dad drinks beer all day"),
        ("May Cottage", "we live in a cottage"),
        ("Tom Rivers", "we played by the rivers"),
        ("Sam Walker", "my dog walker is nice"),
    ],
)
def test_an_account_that_is_called_by_ordinary_words_hides_none_of_them(account: str, words: str) -> None:
    assert _helped_by(account, words) == words


@pytest.mark.parametrize(
    ("account", "words", "name"),
    [
        ("Dr Grace Young", "i draw with grace and she has so much grace", "grace"),
        ("Miss Joy Hill", "joy is my worker and joy is kind", "joy"),
        ("Mrs Jones", "i like mrs jones", "jones"),
        ("Mr Young", "i saw Mr Young on Monday", "Young"),
        ("Bright Owusu", "bright helped me", "bright"),
        ("Tom Rivers", "rivers was kind and my worker rivers came", "rivers"),
    ],
)
def test_a_name_behind_a_title_is_hidden(account: str, words: str, name: str) -> None:
    assert name not in _helped_by(account, words)


def test_the_team_and_the_part_of_the_county_are_hidden(platform: Platform) -> None:
    quoted = _quoted(
        platform, "I went to wobbly hill and Fizzlebrook with her", setting=Setting(team=TEAM, locality="Fizzlebrook")
    )
    assert "fizzlebrook" not in quoted.lower()
    assert "Wobbly Hill" not in _quoted(platform, "I went to Wobbly Hill with her", setting=Setting(team=TEAM))


def test_the_language_of_the_form_is_believed(platform: Platform) -> None:
    polish, english = (_read(platform, "super", language=code) for code in ("pl", "en"))
    with platform.database.reading() as connection:
        assert _polarity(connection, polish) == UNREAD
        assert _polarity(connection, english) != UNREAD


def test_a_run_by_another_version_hides_the_same(platform: Platform) -> None:
    response_id = _read(platform, "i like to see kindley on fridays")
    run_pets(platform)
    platform.jobs.run_due(50, [RERUN_JOB])
    query = select(Coding.redactions).where(Coding.response_id == response_id, Coding.source == STANDBY)
    with platform.database.reading() as connection:
        (standing_by,) = connection.execute(query).scalars()
        (in_force,) = codings_of(connection, response_id).values()
    assert [(mask.start, mask.end) for mask in in_force.redactions] == [
        (one["start"], one["end"]) for one in standing_by
    ]
    assert standing_by


def test_learning_sees_no_name_either(platform: Platform) -> None:
    response_id = _read(platform, "i like to see kindley on fridays")
    with platform.database.writing() as connection:
        (comment_id,) = connection.execute(select(Coding.comment_id)).scalars()
        coding = NewCoding(comment_id, PERSON, "somebody", "1", "positive", [], ())
        keep_codings(connection, response_id, [coding], platform.clock.now())
        (example,) = examples(connection, platform.keys, default_codebook())
    assert "kindley" not in example.coded.text


def test_those_around_are_the_same_for_all_answers_of_a_place(platform: Platform) -> None:
    here, there = (Setting(team=TEAM, locality=name) for name in ("Fizzlebrook", "Bromyard"))
    ids = [keep_answer(platform, {"q2a": "fun"}, setting=setting).response_id for setting in (here, here, there)]
    with platform.database.reading() as connection:
        one, two, three = (surroundings_of(connection, ids)[response_id] for response_id in ids)
    assert one.around == two.around != three.around
    assert one.around.people == ("Grace Kindley",)
