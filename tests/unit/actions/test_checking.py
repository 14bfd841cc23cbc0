"""What people are told is looked at first: is it easy enough, and does it name somebody?"""

from hscb_voice.actions.checking import check_words


def test_easy_words_pass() -> None:
    found = check_words(["You want us to come after school.", "We now come after school."], "child", "en")
    assert found.problems == ()
    assert not found.is_hard


def test_long_sentences_and_hard_words_are_named() -> None:
    text = (
        "The organisation is reconsidering its visiting arrangements with the participation of representatives "
        "of young people so that appointments do not coincide with education"
    )
    found = check_words([text], "young_person", "en")
    assert found.is_hard
    assert "organisation" in found.hard_words
    assert found.problems[0].startswith("The longest sentence has 23 words; 12 are enough")
    assert found.problems[1].startswith("It reads like school grade")


def test_grown_ups_may_be_told_more_at_once() -> None:
    text = "We asked each team to plan visits after school, so that no child has to miss a lesson."
    assert check_words([text], "child", "en").is_hard
    assert not check_words([text], "adult", "en").is_hard


def test_a_name_is_pointed_out_and_a_town_is_not() -> None:
    found = check_words(["My worker Katarzyna listens.", "We spoke with all in Leominster."], "child", "en")
    assert found.likely_names == ("Katarzyna",)
    assert "This may name somebody: Katarzyna" in found.problems


def test_of_other_languages_only_the_length_of_sentences_is_measured() -> None:
    found = check_words(["Przychodzimy teraz po szkole, żeby nikt nie tracił lekcji."], "child", "pl")
    assert found.grade is None
    assert not found.is_hard
