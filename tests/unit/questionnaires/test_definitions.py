"""The eleven questionnaires as they come: who is asked what, under which keys, and what every one of them has."""

import pytest

from hscb_voice.questionnaires.definition import Definition, Kind
from hscb_voice.questionnaires.reading import all_definitions

BY_SLUG = {definition.slug: definition for definition in all_definitions()}
CHILD_SLUGS = sorted(slug for slug, definition in BY_SLUG.items() if definition.respondent == "child")
EIGHT_FACES = ["really_sad", "really_happy", "sad", "scared", "angry", "confused", "happy", "okay"]

each_questionnaire = pytest.mark.parametrize("definition", BY_SLUG.values(), ids=BY_SLUG.keys())


def _keys(slug: str, variant: str | None = None) -> list[str]:
    return [question.key for question in BY_SLUG[slug].asked_of(variant)]


def _forms(definition: Definition) -> list[str | None]:
    return [variant.key for variant in definition.variants] or [None]


def test_there_are_the_eleven_questionnaires_and_each_knows_who_answers() -> None:
    assert {slug: definition.respondent for slug, definition in BY_SLUG.items()} == {
        "support-worker-child": "child",
        "support-worker-parent": "parent",
        "cp-conference-parent-initial": "parent",
        "cp-conference-parent-review": "parent",
        "cp-conference-child": "child",
        "cidva-child-5-8": "child",
        "cidva-child-9-18": "child",
        "cidva-parent": "parent",
        "cidva-professional": "professional",
        "my-story": "child",
        "event": "child",
    }


def test_each_can_be_told_from_the_others_by_its_names() -> None:
    assert len({definition.short_title for definition in BY_SLUG.values()}) == 11
    assert len({definition.about for definition in BY_SLUG.values()}) == 11


@each_questionnaire
def test_who_answered_is_asked_last_of_everyone_and_never_passed_over(definition: Definition) -> None:
    for form in _forms(definition):
        last = definition.asked_of(form)[-1]
        assert last.key == "answered"
        assert last.required
        assert [option.key for option in last.options] == ["by_myself", "read_to_me", "together", "adult_for_me"]


@each_questionnaire
def test_nothing_else_must_be_answered(definition: Definition) -> None:
    assert [question.key for question in definition.questions if question.required] == ["answered"]


@each_questionnaire
def test_everyone_can_add_something_refuse_to_be_quoted_and_ask_to_talk(definition: Definition) -> None:
    for form in _forms(definition):
        keys = [question.key for question in definition.asked_of(form)]
        assert [key for key in keys if key in {"anything_else", "may_quote", "talk"}] == [
            "anything_else",
            "may_quote",
            "talk",
        ]
    talk = definition.question("talk")
    assert talk is not None
    assert [(option.key, option.raises) for option in talk.options] == [("yes", "talk"), ("no", None)]


@each_questionnaire
def test_every_form_invites_fault(definition: Definition) -> None:
    for form in _forms(definition):
        wishes = [q for q in definition.asked_of(form) if q.leaning == "wish" and q.takes_words]
        assert wishes, f"{definition.slug} {form} asks nobody what should change"


@each_questionnaire
def test_the_opening_is_two_or_three_sentences_long(definition: Definition) -> None:
    assert len(definition.opening) in {2, 3}


@pytest.mark.parametrize("slug", CHILD_SLUGS)
def test_children_give_an_age_band_and_never_a_birth_date(slug: str) -> None:
    age = BY_SLUG[slug].question("age_band")
    assert age is not None
    assert [option.key for option in age.options] == [
        "under_5",
        "5_to_9",
        "10_to_14",
        "15_to_18",
        "19_to_25",
        "not_said",
    ]


def test_adults_are_not_asked_their_age() -> None:
    adults = [(slug, None) for slug, d in BY_SLUG.items() if d.respondent != "child"] + [("event", "professional")]
    assert [slug for slug, form in adults if "age_band" in _keys(slug, form)] == []


def test_only_children_in_care_are_offered_an_advocate_and_a_yes_raises_one() -> None:
    assert [slug for slug in BY_SLUG if "talk_advocate" in _keys(slug)] == ["my-story"]
    question = BY_SLUG["my-story"].question("talk_advocate")
    assert question is not None
    assert [(option.key, option.raises) for option in question.options] == [("yes", "advocate"), ("no", None)]


def test_the_eight_faces_stand_in_the_order_of_the_paper_form_and_scared_raises_a_concern() -> None:
    sets = [(d, q) for d in BY_SLUG.values() for q in d.questions if q.kind is Kind.FACES_SET]
    assert {definition.slug for definition, _ in sets} == {
        "support-worker-child",
        "cp-conference-child",
        "cidva-child-9-18",
        "my-story",
        "event",
    }
    for _, question in sets:
        assert [option.key for option in question.options] == EIGHT_FACES
        assert [option.face for option in question.options] == EIGHT_FACES
        assert [option.key for option in question.options if option.raises == "scared"] == ["scared"]


def test_no_choice_of_faces_or_of_answers_is_all_good() -> None:
    for definition in BY_SLUG.values():
        for form in _forms(definition):
            for question in definition.asked_of(form):
                tones = [option.tone for option in question.options if option.tone is not None]
                assert not tones or min(tones) < 0, f"{definition.slug} {question.key}"


def test_closed_questions_of_our_own_leave_room_for_not_sure() -> None:
    without = {
        question.key
        for definition in BY_SLUG.values()
        for question in definition.questions
        if question.kind in {Kind.ONE_OF, Kind.DAYS_BEFORE} and question.source == "ours"
        if not {"not_sure", "maybe", "other", "not_said"} & {option.key for option in question.options}
    }
    # Facts that anyone knows, and a professional's five points (“Okay” is their middle).
    assert without == {"answered", "how_met", "points"}


def test_the_youngest_get_worded_faces_or_yes_maybe_no() -> None:
    closed = [
        question
        for question in BY_SLUG["cidva-child-5-8"].questions
        if question.options and question.key not in {"may_quote", "talk", "age_band", "answered"}
    ]
    assert [(q.key, q.kind.value) for q in closed] == [
        ("coming", "faces_scale"),
        ("talked_feelings", "faces_scale"),
        ("who_to_tell", "faces_scale"),
        ("know_what_to_do", "faces_scale"),
        ("again", "one_of"),
    ]
    assert all(len(question.options) == 3 for question in closed)
    assert all(not any(letter.isdigit() for o in question.options for letter in o.text) for question in closed)


def test_under_nines_get_a_short_form_whose_keys_are_those_of_the_long_one() -> None:
    long, short = _keys("support-worker-child", "9-and-over"), _keys("support-worker-child", "under-9")
    assert long[:7] == ["q1", "q2", "q2a", "q3", "q4", "q5", "q6"]
    assert short[:3] == ["q2", "q2a", "q5"]
    assert set(short) <= set(long)
    faces = BY_SLUG["support-worker-child"].asked_of("under-9")[0].options
    assert [option.key for option in faces] == ["sad", "scared", "angry", "happy", "okay"]


def test_the_first_form_is_the_one_given_when_nobody_chooses() -> None:
    firsts = {slug: d.variants[0].key for slug, d in BY_SLUG.items() if d.variants}
    assert firsts == {
        "support-worker-child": "9-and-over",
        "cp-conference-child": "8-11",
        "cidva-child-9-18": "9-12",
        "event": "young-person",
    }
    assert all(_keys(slug) == _keys(slug, first) for slug, first in firsts.items())


def test_the_parents_form_has_the_reports_keys() -> None:
    assert _keys("support-worker-parent")[:8] == ["carer", "q3", "q3a", "q4", "q4_own", "q5_areas", "q5", "q6"]
    parent = BY_SLUG["support-worker-parent"]
    areas, own, most = parent.question("q4"), parent.question("q4_own"), parent.question("q5_areas")
    assert areas is not None
    assert own is not None
    assert most is not None
    assert [option.key for option in areas.options] == [str(number) for number in range(1, 17)]
    assert own.blanks == 4
    assert most.options_from == "q4"
    assert most.options == areas.options


def test_the_board_watches_five_items_of_each_conference() -> None:
    for slug in ("cp-conference-parent-initial", "cp-conference-parent-review"):
        watched = [question.key for question in BY_SLUG[slug].questions if question.watched]
        assert watched == ["q2", "q9", "q10", "q13", "q14"]
    assert not [q for d in BY_SLUG.values() for q in d.questions if q.watched and "conference-parent" not in d.slug]


def test_initial_and_review_conferences_are_asked_alike_so_that_they_compare() -> None:
    initial, review = BY_SLUG["cp-conference-parent-initial"], BY_SLUG["cp-conference-parent-review"]
    only_in_review = [question.key for question in review.questions if initial.question(question.key) is None]
    assert only_in_review == ["q16", "q17", "q18"]
    for question in initial.questions:
        assert review.question(question.key) == question
    assert [question.key for question in initial.questions][:4] == ["q1", "q2", "q2a", "q3"]
    days = initial.question("q2a")
    assert days is not None
    assert days.kind is Kind.DAYS_BEFORE


def test_older_children_are_asked_more_about_their_conference_and_older_ones_more_about_the_adviser() -> None:
    young, old = set(_keys("cp-conference-child", "8-11")), set(_keys("cp-conference-child", "12-18"))
    assert young < old
    assert old - young == {
        "saw_report",
        "report_right",
        "chose_how",
        "advocate_offered",
        "views_changed",
        "chair_explained",
        "told_decision",
        "told_by",
    }
    assert set(_keys("cidva-child-9-18", "13-18")) - set(_keys("cidva-child-9-18", "9-12")) == {
        "chose_pace",
        "trust_shared",
        "healthy_relationships",
    }


def test_an_event_is_answered_with_faces_by_the_young_and_with_points_by_professionals() -> None:
    event = BY_SLUG["event"]
    assert [event.respondent_of(form) for form in (None, "young-person", "professional")] == [
        "child",
        "child",
        "professional",
    ]
    assert "feelings" in _keys("event")
    assert "points" not in _keys("event")
    assert "points" in _keys("event", "professional")
    assert "feelings" not in _keys("event", "professional")


def test_nobody_who_sees_the_domestic_violence_adviser_is_asked_what_happened() -> None:
    for slug in (slug for slug in BY_SLUG if slug.startswith("cidva-")):
        definition = BY_SLUG[slug]
        asked = " ".join([*definition.opening, *(f"{q.text} {q.help}" for q in definition.questions)]).lower()
        assert not [
            word for word in ("what happened", "hurt", "hit", "abuse", "father", "dad") if word in asked.split()
        ]
        assert "what happened" not in asked
