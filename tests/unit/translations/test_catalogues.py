"""A catalogue keeps what translators wrote, asks for what is new, and never loses the mark of a speaker."""

from pathlib import Path

import pytest

from hscb_voice.translations.catalogues import (
    bring_up_to_date,
    is_checked,
    mark_checked,
    read_catalogue,
    write_catalogue,
)
from hscb_voice.translations.errors import CatalogueError
from hscb_voice.translations.report import standing_of
from hscb_voice.translations.sources import Source, all_sources
from hscb_voice.web.catalogues import catalogue_file


def source(text: str, context: str = "", plural: str = "") -> Source:
    return Source(text, context, plural, ("here",), ())


HELLO, BYE = source("Hello, you."), source("See you tomorrow.")


def fill(folder: Path, code: str, **words: str) -> None:
    """Translate texts of a catalogue; a text is named by its first word."""
    catalogue = read_catalogue(code, folder)
    for message in catalogue:
        if isinstance(message.id, str) and (name := message.id.split(" ")[0].strip(",").lower()) in words:
            message.string = words[name]
    write_catalogue(code, catalogue, folder)


def test_a_new_text_is_asked_for_and_what_was_written_stays(tmp_path: Path) -> None:
    bring_up_to_date("pl", [HELLO], tmp_path)
    fill(tmp_path, "pl", hello="Cześć.")
    bring_up_to_date("pl", [HELLO, BYE], tmp_path)
    standing = standing_of("pl", read_catalogue("pl", tmp_path), [HELLO, BYE])
    assert [fault.text for fault in standing.missing] == [BYE.text]
    assert read_catalogue("pl", tmp_path)[HELLO.text].string == "Cześć."


def test_a_text_that_was_changed_a_little_is_offered_as_a_guess_and_not_shown(tmp_path: Path) -> None:
    bring_up_to_date("pl", [HELLO], tmp_path)
    fill(tmp_path, "pl", hello="Cześć.")
    changed = source("Hello, you!")
    bring_up_to_date("pl", [changed], tmp_path)
    standing = standing_of("pl", read_catalogue("pl", tmp_path), [changed])
    assert [fault.text for fault in standing.doubtful] == [changed.text]
    assert not standing.is_complete
    assert HELLO.text not in catalogue_file("pl", tmp_path).read_text().split("#| ")[0]


def test_updating_twice_changes_nothing(tmp_path: Path) -> None:
    bring_up_to_date("cy", all_sources()[:40], tmp_path)
    first = catalogue_file("cy", tmp_path).read_bytes()
    bring_up_to_date("cy", all_sources()[:40], tmp_path)
    assert catalogue_file("cy", tmp_path).read_bytes() == first


def test_what_no_speaker_has_read_is_marked_and_a_mark_outlives_an_update(tmp_path: Path) -> None:
    bring_up_to_date("ro", [HELLO], tmp_path)
    fill(tmp_path, "ro", hello="Salut.")
    assert "# checked by a speaker: no" in catalogue_file("ro", tmp_path).read_text()
    catalogue = read_catalogue("ro", tmp_path)
    mark_checked(catalogue[HELLO.text])
    write_catalogue("ro", catalogue, tmp_path)
    after = bring_up_to_date("ro", [HELLO, BYE], tmp_path)
    assert is_checked(after[HELLO.text])
    standing = standing_of("ro", read_catalogue("ro", tmp_path), [HELLO, BYE])
    assert (standing.checked, standing.unchecked) == (1, 1)


def test_a_guess_is_no_longer_checked(tmp_path: Path) -> None:
    bring_up_to_date("ro", [HELLO], tmp_path)
    catalogue = read_catalogue("ro", tmp_path)
    catalogue[HELLO.text].string = "Salut."
    mark_checked(catalogue[HELLO.text])
    write_catalogue("ro", catalogue, tmp_path)
    changed = source("Hello, you!")
    bring_up_to_date("ro", [changed], tmp_path)
    assert standing_of("ro", read_catalogue("ro", tmp_path), [changed]).checked == 0


def test_what_one_questionnaire_says_otherwise_is_kept(tmp_path: Path) -> None:
    asked = [source("Not sure")]
    bring_up_to_date("pl", asked, tmp_path)
    catalogue = read_catalogue("pl", tmp_path)
    catalogue.add("Not sure", "Nie mam zdania", context="cidva-parent")
    write_catalogue("pl", catalogue, tmp_path)
    bring_up_to_date("pl", asked, tmp_path)
    kept = read_catalogue("pl", tmp_path).get("Not sure", "cidva-parent")
    assert kept is not None
    assert kept.string == "Nie mam zdania"
    assert standing_of("pl", read_catalogue("pl", tmp_path), asked).lost == ()


@pytest.mark.parametrize("code", ["xx", "polish", "../pl", ""])
def test_it_refuses_what_is_no_language(code: str, tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="no language's code"):
        bring_up_to_date(code, [HELLO], tmp_path)


def test_a_catalogue_that_cannot_be_read_names_its_file(tmp_path: Path) -> None:
    file = catalogue_file("pl", tmp_path)
    file.parent.mkdir(parents=True)
    file.write_text('msgid "Hello"\n<<<<<<< one\nmsgstr "Salut"\n')
    with pytest.raises(CatalogueError, match=r"messages\.po cannot be read"):
        read_catalogue("pl", tmp_path)


@pytest.mark.parametrize(
    ("text", "words", "trouble"),
    [
        ("Line %(number)s", "Wiersz", r"%\(number\)s must stand in it"),
        ("Question {n} of {m}", "Pytanie {n} z {n}", r"\{m\}, \{n\} must stand in it"),
        ("I am 9 to 12", "Mam od 9 do 13 lat", "the number 12, 13 must"),
        ("All of it", "Całość w %", "a lone %"),
        ("All of it", " Wszystko", "a space stands"),
    ],
)
def test_what_must_not_change_is_watched(text: str, words: str, trouble: str, tmp_path: Path) -> None:
    asked = source(text)
    bring_up_to_date("pl", [asked], tmp_path)
    catalogue = read_catalogue("pl", tmp_path)
    catalogue[text].string = words
    broken = standing_of("pl", catalogue, [asked]).broken
    assert len(broken) == 1
    with pytest.raises(AssertionError, match=trouble):
        raise AssertionError(broken[0].trouble)


def test_each_language_has_its_own_number_of_plural_forms(tmp_path: Path) -> None:
    asked = source("%(num)s word", plural="%(num)s words")
    bring_up_to_date("pl", [asked], tmp_path)
    catalogue = read_catalogue("pl", tmp_path)
    message = catalogue[(asked.text, asked.plural)]
    message.string = ("%(num)s słowo", "%(num)s słowa")
    assert "needs 3 forms and has 2" in standing_of("pl", catalogue, [asked]).broken[0].trouble
    message.string = ("%(num)s słowo", "%(num)s słowa", "%(num)s słów")
    assert standing_of("pl", catalogue, [asked]).is_complete
