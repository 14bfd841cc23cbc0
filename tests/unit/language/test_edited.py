"""An edited codebook: people's phrases decide where they changed, the shipped models help as before elsewhere."""

from hscb_voice.language.codebook import Codebook, Theme, default_codebook, read_codebook, written_codebook
from hscb_voice.language.edited import read_by_edited
from hscb_voice.language.reading import Comment, read_comment

BOOK = default_codebook()


def edited(theme_id: str, **changes: object) -> Codebook:
    themes = [one.model_copy(update=changes) if one.id == theme_id else one for one in BOOK.themes]
    return BOOK.model_copy(update={"themes": tuple(themes), "version": 2})


def themes_of(text: str, book: Codebook) -> set[str]:
    return {theme.id for theme in read_by_edited(Comment("1", text, "child"), book).themes}


def test_the_programs_own_codebook_reads_as_ever() -> None:
    for text in ("she listened to me", "the puppets were fun", "my brother is loud", "ok"):
        comment = Comment("1", text, "child")
        assert read_by_edited(comment, BOOK) == read_comment(comment, BOOK)


def test_an_unchanged_copy_reads_like_the_original_with_the_models_help() -> None:
    copy = BOOK.model_copy(update={"version": 2})
    for text in ("she listened to me and we laughed", "I want to see my nan more", "nobody told us what comes next"):
        comment = Comment("1", text, "child")
        assert read_by_edited(comment, copy) == read_comment(comment, BOOK)


def test_a_phrase_that_people_add_decides_whatever_the_models_think() -> None:
    text = "my mum came zorbing"
    assert "activities" not in themes_of(text, BOOK)
    activities = next(one for one in BOOK.themes if one.id == "activities")
    assert "activities" in themes_of(text, edited("activities", patterns=(*activities.patterns, "zorbing")))


def test_a_phrase_that_people_take_back_is_taken_back() -> None:
    text = "the puppets were fun"
    assert "activities" in themes_of(text, BOOK)
    activities = next(one for one in BOOK.themes if one.id == "activities")
    silent = edited("activities", unless=(*activities.unless, "the puppets were fun"))
    assert "activities" not in themes_of(text, silent)


def test_a_new_theme_is_found_by_its_phrases_and_a_retired_one_never() -> None:
    pets = Theme(id="pets", name="Pets", definition="Animals at home.", patterns=("my dog", "my hamster"))
    book = BOOK.model_copy(update={"themes": (*(t for t in BOOK.themes if t.id != "activities"), pets)})
    assert "pets" in themes_of("I miss my hamster", book)
    assert "activities" not in themes_of("the puppets were fun", book)


def test_a_codebook_written_as_yaml_reads_back_the_same() -> None:
    assert read_codebook(written_codebook(BOOK)) == BOOK
