"""What people could have said instead, and when a split by age would tell an age that a quarter hides."""

from hscb_voice.board.disclosure_bound import keep_bound
from hscb_voice.board.disclosure_witness import BASE, Said, SplitQuestion, Stood, Value
from hscb_voice.board.queries import Answered
from hscb_voice.board.split_people import People
from hscb_voice.questionnaires.reading import all_definitions

CHILD = next(one for one in all_definitions() if one.slug == "support-worker-child")
OLD, YOUNG, YES, NO = (frozenset([("", BASE), ("", key)]) for key in ("old", "young", "yes", "no"))


def _people(*answers: dict[str, object]) -> People:
    return People([Answered(0, "", 1, None, "", one) for one in answers], {1: CHILD})


def _set(key: str) -> Value:
    return frozenset([("", BASE), ("", key)])


def test_two_people_may_exchange_what_they_ticked() -> None:
    people = _people({"q2": ["happy"]}, {"q2": ["sad"]})
    assert people.may_say("q2")([(0, _set("sad")), (1, _set("happy"))])


def test_nobody_may_say_what_the_form_does_not_offer() -> None:
    assert not _people({"q2": ["happy"]}).may_say("q2")([(0, _set("purple"))])


def test_a_tick_that_raises_a_concern_may_not_come_or_go_unseen() -> None:
    people = _people({"q2": ["happy"]}, {"q2": ["scared"]})
    assert not people.may_say("q2")([(0, _set("scared"))])
    assert people.may_say("q2")([(0, _set("scared")), (1, _set("happy"))])


def _year(*rows: tuple[int, int, int, Value]) -> tuple[list[Said], list[Said]]:
    """Return people as those who told their age, and as those who answered a question: row, old, young, answer."""
    ages = [Said(row, (), OLD if i < old else YOUNG) for row, old, young, _ in rows for i in range(old + young)]
    said = [
        Said(row, ("old" if i < old else "young",), value)
        for row, old, young, value in rows
        for i in range(old + young)
    ]
    return ages, said


def _is_dropped(hidden_rows: tuple[int, int]) -> bool:
    ages, said = _year((0, 3, 20, YES), (1, 20, 20, NO), (2, 10, 20, YES))
    question = SplitQuestion(said, Stood(frozenset()))
    question.protect()
    assert question.dropped == [False]
    stood = Stood(frozenset((row, ("", key)) for row in hidden_rows for key in ("old", "young")))
    keep_bound(SplitQuestion(ages, stood), {OLD: "old", YOUNG: "young"}, 0, [question])
    return question.dropped[0]


def test_row_s8_a_split_by_age_goes_where_it_would_tell_how_many_were_so_old_in_a_quarter() -> None:
    # All of the first quarter said yes and all of the second no: a split would tell who changed places between them.
    assert _is_dropped((0, 1))
    # Between the first and the third nothing is told, because both said yes.
    assert not _is_dropped((0, 2))
