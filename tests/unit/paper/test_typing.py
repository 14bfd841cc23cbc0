"""What is typed of a paper form is kept as if it came from the page, once, and is undone while nobody has seen it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from hscb_voice.audit.models import AuditEntry
from hscb_voice.audit.service import note
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.platform import Platform
from hscb_voice.paper.errors import NotAnAnswerError, NotUndoneError, TypedAlreadyError, UnknownPileError
from hscb_voice.paper.form_codes import PaperForm
from hscb_voice.paper.models import TypedForm
from hscb_voice.paper.printing import printable_form
from hscb_voice.paper.queries import Pile, newest_pile, pile_by_id, tally_of
from hscb_voice.paper.service import PileSetting, TypedAnswer, keep_typed, open_pile, undo
from hscb_voice.paper.typing import UNREADABLE, fields_of, read_typed
from hscb_voice.questionnaires.kinds import Answers
from hscb_voice.responses.errors import AnotherAnswerError, TakenBackError
from hscb_voice.responses.models import Response
from hscb_voice.responses.queries import EVERY_TEAM, response_by_id
from hscb_voice.responses.reading_list import mark_response_read
from hscb_voice.responses.service import Kept, Span
from hscb_voice.responses.words import comments_of
from hscb_voice.safeguarding.queries import concerns_of
from tests.support.people import TEAM

PERSON = "11111111-1111-4111-8111-111111111111"


def pile_of(platform: Platform, slug: str = "support-worker-child", age: str | None = None) -> tuple[Pile, PaperForm]:
    span = Span.month_of(platform.clock.today())
    with platform.database.writing() as connection:
        form = printable_form(connection, slug, age)
        setting = PileSetting(form, "Family support", TEAM, "Ledbury", span, None, "", moves_on=False)
        pile_id = open_pile(connection, setting, PERSON, platform.clock)
        return pile_by_id(connection, PERSON, pile_id), form


def typed(
    platform: Platform, on: tuple[Pile, PaperForm], answers: Answers | None = None, number: str = "", **more: str
) -> Kept:
    pile, form = on
    answer = TypedAnswer(more.get("sitting") or new_id(), number, answers or {"q2": ["happy"]}, "another" in more)
    return keep_typed(platform, pile, form, answer)


def test_a_typed_form_is_kept_like_any_answer_with_the_setting_of_its_pile(platform: Platform) -> None:
    on = pile_of(platform)
    kept = typed(platform, on, {"q2": ["sad"], "q2a": "I mised her.", "answered": "together"})
    with platform.database.reading() as connection:
        response = response_by_id(connection, EVERY_TEAM, kept.response_id)
        assert (response.channel, response.team, response.service) == ("paper", TEAM, "Family support")
        assert response.locality == "Ledbury"
        assert response.answers == {"q2": ["sad"], "answered": "together"}
        assert [one.text for one in comments_of(connection, platform.keys, [kept.response_id])] == ["I mised her."]


def test_a_concern_is_raised_at_once_without_any_worker(platform: Platform) -> None:
    kept = typed(platform, pile_of(platform), {"q2": ["scared"], "q2a": "He hits me."})
    with platform.database.reading() as connection:
        assert len(concerns_of(connection, EVERY_TEAM, kept.response_id)) == 2


def test_the_same_page_sent_twice_is_kept_once(platform: Platform) -> None:
    on, sitting = pile_of(platform), new_id()
    first, again = (typed(platform, on, sitting=sitting, number="7") for _ in range(2))
    assert (first.response_id, again.is_new) == (again.response_id, False)
    with pytest.raises(AnotherAnswerError):
        typed(platform, on, {"q2": ["sad"]}, sitting=sitting)
    with platform.database.reading() as connection:
        assert tally_of(connection, on[0], platform.clock.today()).in_pile == 1


def test_it_asks_when_a_number_was_typed_before_and_takes_another_form_of_it(platform: Platform) -> None:
    on = pile_of(platform)
    typed(platform, on, number="7")
    with pytest.raises(TypedAlreadyError, match="Number 7 was typed in this pile at 10:00"):
        typed(platform, on, number="7")
    typed(platform, on, number="7", another="yes")
    typed(platform, on)
    typed(platform, on)
    typed(platform, pile_of(platform), number="7")
    with platform.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(Response)).scalar_one() == 5


def test_the_last_form_is_undone_with_its_figures_and_comes_back_to_be_mended(
    platform: Platform, clock: SetClock
) -> None:
    on = pile_of(platform, "support-worker-parent")
    answers: Answers = {"carer": "female", "q3": {"1": "good"}, "q4_own": ["Cooking", "Football"], "q6": "More visits."}
    typed(platform, on)
    clock.pass_time(timedelta(minutes=1))
    sitting = new_id()
    kept = typed(platform, on, answers, sitting=sitting)
    assert undo(platform, on[0], kept.response_id) == answers
    with platform.database.reading() as connection:
        assert connection.execute(select(Response.id).where(Response.id == kept.response_id)).first() is None
        assert tally_of(connection, on[0], clock.today()).in_pile == 1
        acts = connection.execute(select(AuditEntry.act).where(AuditEntry.who == PERSON)).scalars().all()
    assert acts == ["began to type paper forms", "erased an answer"]
    with pytest.raises(TakenBackError):
        typed(platform, on, answers, sitting=sitting)


def test_it_refuses_to_undo_any_but_the_last(platform: Platform, clock: SetClock) -> None:
    on = pile_of(platform)
    first = typed(platform, on)
    clock.pass_time(timedelta(minutes=1))
    typed(platform, on, {"q2": ["sad"]})
    with pytest.raises(NotUndoneError, match="typed last"):
        undo(platform, on[0], first.response_id)


def test_it_refuses_to_undo_after_ten_minutes(platform: Platform, clock: SetClock) -> None:
    on = pile_of(platform)
    kept = typed(platform, on)
    clock.pass_time(timedelta(minutes=10, seconds=1))
    with pytest.raises(NotUndoneError, match="10 minutes"):
        undo(platform, on[0], kept.response_id)


@pytest.mark.parametrize("how", ["read", "looked"])
def test_it_refuses_to_undo_what_somebody_has_seen(platform: Platform, how: str) -> None:
    on = pile_of(platform)
    kept = typed(platform, on, {"q2a": "She was kind."})
    with platform.database.writing() as connection:
        now = platform.clock.now()
        if how == "read":
            mark_response_read(connection, kept.response_id, "a reader", now)
        else:
            note(connection, "a reader", "looked at a response", f"response {kept.response_id}", now=now)
    with pytest.raises(NotUndoneError, match="Somebody has read it"):
        undo(platform, on[0], kept.response_id)


def test_it_refuses_to_undo_what_raised_a_concern(platform: Platform) -> None:
    on = pile_of(platform)
    kept = typed(platform, on, {"talk": "yes"})
    with pytest.raises(NotUndoneError, match="concern on this answer is not closed"):
        undo(platform, on[0], kept.response_id)


def test_a_pile_is_its_persons_own_and_the_newest_is_remembered(platform: Platform, clock: SetClock) -> None:
    pile, _ = pile_of(platform)
    clock.pass_time(timedelta(minutes=1))
    newer, _ = pile_of(platform, "my-story")
    with platform.database.reading() as connection:
        assert newest_pile(connection, PERSON) == newer
        assert newest_pile(connection, "somebody else") is None
        with pytest.raises(UnknownPileError):
            pile_by_id(connection, "somebody else", pile.id)


def test_the_tally_counts_the_pile_the_day_and_the_pace(platform: Platform, clock: SetClock) -> None:
    typed(platform, pile_of(platform, "my-story"), {"anything_else": "Hello."})
    clock.pass_time(timedelta(days=1))
    typed(platform, pile_of(platform, "cidva-child-5-8"), {"again": "yes"})
    on = pile_of(platform)
    for minute in range(5):
        typed(platform, on, {"q2": ["happy"]} if minute else {"q2": ["sad"]})
        clock.pass_time(timedelta(minutes=2))
    with platform.database.reading() as connection:
        tally = tally_of(connection, on[0], clock.today())
    assert (tally.in_pile, tally.an_hour, tally.all_today) == (5, 30, 6)
    assert tally.today == (("support-worker-child", 5), ("cidva-child-5-8", 1))


def test_numbers_of_papers_are_forgotten_after_ninety_days(platform: Platform, clock: SetClock) -> None:
    kept = typed(platform, pile_of(platform), number="7")
    clock.pass_time(timedelta(days=91))
    pile_of(platform)
    with platform.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(TypedForm)).scalar_one() == 0
        assert response_by_id(connection, EVERY_TEAM, kept.response_id).channel == "paper"


def parents_form(platform: Platform) -> PaperForm:
    with platform.database.reading() as connection:
        return printable_form(connection, "support-worker-parent")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_fields_become_answers_and_answers_fields(platform: Platform) -> None:
    form = parents_form(platform)
    answers: Answers = {
        "carer": "male",
        "q3": {"1": "good", "4": "poor"},
        "q4": ["1", "9"],
        "q4_own": ["Sleep", "Money"],
        "q6": "Come later.\nNot at tea time.",
    }
    assert read_typed(form, fields_of(form, answers)) == answers


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_is_required_that_nobody_ticked(platform: Platform) -> None:
    assert read_typed(parents_form(platform), MultiDict({"carer": "male", "answered": ""})) == {"carer": "male"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_it_refuses_an_empty_form_and_an_answer_that_is_none(platform: Platform) -> None:
    form = parents_form(platform)
    with pytest.raises(NotAnAnswerError, match="Nothing has been typed"):
        read_typed(form, MultiDict({"number": "7"}))
    with pytest.raises(NotAnAnswerError) as trouble:
        read_typed(form, MultiDict({"carer": "nobody", "q6": "x" * 5001}))
    assert set(trouble.value.troubles) == {"carer", "q6"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_words_that_cannot_be_read_are_marked_once(platform: Platform) -> None:
    form = parents_form(platform)
    marked = {"q6-unreadable": "yes", "q3a-unreadable": "yes", "q4_own-unreadable": "yes"}
    sent = MultiDict({**marked, "q6": "They were", "q3a": f"I {UNREADABLE} it"})
    answers = read_typed(form, sent)
    assert answers == {"q3a": f"I {UNREADABLE} it", "q4_own": [UNREADABLE], "q6": f"They were {UNREADABLE}"}
