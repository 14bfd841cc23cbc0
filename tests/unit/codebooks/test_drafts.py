"""Versions never change, a draft is changed turn by turn, and what is gone is remembered under its id."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from hscb_voice.cli import voice
from hscb_voice.codebooks import editing, queries, service
from hscb_voice.codebooks.editing import Contents, ThemeFields
from hscb_voice.codebooks.errors import CodebookEditError, DraftMovedError, UnknownVersionError
from hscb_voice.codebooks.models import CodebookVersion
from hscb_voice.foundation.platform import Platform, PlatformDoor
from hscb_voice.language.codebook import default_codebook, read_codebook
from hscb_voice.language.normalise import normalise
from hscb_voice.language.theme_matching import phrases_showing
from tests.support.codebooks import PETS, publish_pets, with_pets

OWN = Contents(default_codebook())
WHO = "an analyst"


def test_the_programs_own_codebook_is_imported_once_as_version_1(platform: Platform) -> None:
    with platform.database.writing() as connection:
        for _ in range(2):
            service.import_own(connection, platform.clock)
        assert [one.number for one in queries.versions(connection)] == [1]
        assert queries.codebook_in_force(connection) is default_codebook()


def test_a_published_version_reads_back_as_it_was_written(platform: Platform) -> None:
    number = publish_pets(platform)
    with platform.database.reading() as connection:
        contents = queries.contents_of(connection, number)
        assert queries.draft(connection) is None
        assert queries.standing(connection).in_force == 1, "to publish puts nothing in force"
        assert queries.codebook_of(connection, number) is queries.codebook_of(connection, number)
    assert contents.codebook.themes == with_pets(OWN).codebook.themes
    assert contents.gone["activities"].act == editing.RETIRED
    assert contents.codebook.version == number


def test_a_version_that_is_not_there_is_unknown(platform: Platform) -> None:
    with platform.database.reading() as connection, pytest.raises(UnknownVersionError):
        queries.codebook_of(connection, 99)


def test_it_refuses_to_write_over_a_change_that_somebody_has_not_seen(platform: Platform) -> None:
    with platform.database.writing() as connection:
        turn = service.begin_draft(connection, WHO, platform.clock)
        service.change_draft(connection, turn, with_pets, "Pets", WHO, platform.clock)
    for act in (service.undo_change, service.discard_draft):
        with platform.database.writing() as connection, pytest.raises(DraftMovedError):
            act(connection, turn, WHO, platform.clock)
    with platform.database.writing() as connection, pytest.raises(DraftMovedError):
        service.change_draft(connection, turn, with_pets, "Pets", WHO, platform.clock)
    with platform.database.writing() as connection, pytest.raises(CodebookEditError, match="draft already"):
        service.begin_draft(connection, WHO, platform.clock)


def test_undo_leads_back_to_the_beginning_and_no_further(platform: Platform) -> None:
    with platform.database.writing() as connection:
        turn = service.begin_draft(connection, WHO, platform.clock)
        turn = service.change_draft(connection, turn, with_pets, "Pets", WHO, platform.clock)
        assert service.undo_change(connection, turn, WHO, platform.clock) == "Pets"
        found = queries.draft(connection)
        assert found is not None
        assert found.contents.codebook.themes == OWN.codebook.themes
        with pytest.raises(CodebookEditError):
            service.undo_change(connection, found.turn, WHO, platform.clock)


def test_merging_keeps_every_phrase_and_says_what_became_of_the_theme() -> None:
    merged = editing.merge_themes(OWN, "visits", "worker")
    both = {*OWN.theme("visits").patterns, *OWN.theme("worker").patterns}
    assert set(merged.theme("worker").patterns) == both
    names = {theme.id: theme.name for theme in merged.codebook.themes}
    assert "now part of The worker" in queries.told_gone(merged.gone["visits"], names)


def fruits_and_phones() -> editing.Contents:
    fruits = ThemeFields(
        "Fruits", "What grows.", patterns="apple*\nred pear", hints="plum", unless="apple phone\nrotten"
    )
    phones = ThemeFields("Phones", "What rings.", patterns="phone(s)\nmy old phone", unless="plum phone\ndoor bell")
    return editing.add_theme(editing.add_theme(OWN, "fruits", fruits), "phones", phones)


def test_merging_leaves_out_exceptions_that_would_silence_phrases_of_the_other_theme() -> None:
    before = fruits_and_phones()
    merged = editing.merge_themes(before, "phones", "fruits").theme("fruits")
    assert merged.unless == ("rotten", "door bell")
    assert editing.left_out_by_merging(before, "phones", "fruits") == ("apple phone", "plum phone")
    book = editing.merge_themes(before, "phones", "fruits").codebook
    for said in ("she took my apple phone away", "i have a plum phone"):
        assert phrases_showing(normalise(said), book, "fruits"), said
    assert not phrases_showing(normalise("rotten apple"), before.codebook, "phones")


@pytest.mark.parametrize(
    ("line", "is_left_out"),
    [
        ("no ~ contact", True),
        ("@nobody visited", True),
        ("see(n)", True),
        ("contacting", True),
        ("contact lens", True),
        ("a lens", False),
        ("contact my worker", True),
        ("here", False),
        ("the/a family/home worker", True),
    ],
)
def test_an_exception_is_left_out_whatever_way_it_is_written(line: str, *, is_left_out: bool) -> None:
    contents = editing.add_theme(OWN, "lenses", ThemeFields("Lenses", "Glasses.", patterns="glasses", unless=line))
    contents = editing.add_theme(
        contents,
        "meetings",
        ThemeFields("Meetings", "Seeing.", patterns="contact*\nvisited\nseen\nnot contact my worker here\na home"),
    )
    sets = {**contents.codebook.sets, "nobody": "nobody no+one"}
    contents = replace(contents, codebook=contents.codebook.model_copy(update={"sets": sets}))
    assert (line in editing.left_out_by_merging(contents, "lenses", "meetings")) is is_left_out


def test_what_both_themes_except_stays_excepted() -> None:
    one = ThemeFields("One", "One.", patterns="apple", unless="apple phone")
    two = ThemeFields("Two", "Two.", patterns="phone", unless="apple phone")
    contents = editing.add_theme(editing.add_theme(OWN, "one_theme", one), "two_theme", two)
    assert editing.merge_themes(contents, "one_theme", "two_theme").theme("two_theme").unless == ("apple phone",)


def test_splitting_moves_phrases_and_loses_none() -> None:
    moved = OWN.theme("school").patterns[:2]
    split = editing.split_theme(OWN, "school", "lessons", ThemeFields("Lessons", "Being taught."), moved)
    old, new = split.theme("school"), split.theme("lessons")
    assert (*new.patterns, *old.patterns) == OWN.theme("school").patterns
    ids = split.codebook.theme_ids()
    assert ids.index("lessons") == ids.index("school") + 1
    for wrong in ((), ("no such phrase",), (*old.patterns, *new.patterns, *old.hints)):
        with pytest.raises(CodebookEditError):
            editing.split_theme(OWN, "school", "lessons", ThemeFields("Lessons", "Being taught."), wrong)


def test_an_id_that_is_gone_is_never_given_again() -> None:
    without = editing.retire_theme(OWN, "school")
    with pytest.raises(CodebookEditError):
        editing.add_theme(without, "school", PETS)


def test_a_codebook_keeps_one_theme_at_least() -> None:
    contents = OWN
    for theme in default_codebook().themes[1:]:
        contents = editing.retire_theme(contents, theme.id)
    with pytest.raises(CodebookEditError, match="at least one"):
        editing.retire_theme(contents, default_codebook().themes[0].id)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_version_is_exported_and_a_file_brought_into_the_draft(platform: Platform, tmp_path: Path) -> None:
    publish_pets(platform)
    door = PlatformDoor(lambda _: platform, lambda _: platform)
    run = CliRunner()
    exported = run.invoke(voice, ["codebook", "export", "--version", "2"], obj=door)
    assert exported.exit_code == 0, exported.output
    assert read_codebook(exported.output).themes[-1].id == "pets"
    assert "1 (in force)" in run.invoke(voice, ["codebook", "list"], obj=door).output
    file = tmp_path / "ours.yaml"
    file.write_text(exported.output, encoding="utf-8")
    assert "19 themes" in run.invoke(voice, ["codebook", "import", str(file)], obj=door).output
    with platform.database.reading() as connection:
        found = queries.draft(connection)
    assert found is not None
    assert {"pets", "activities"} & {*found.contents.codebook.theme_ids()} == {"pets"}
    assert "activities" in found.contents.gone
    file.write_text("themes: 3", encoding="utf-8")
    refused = run.invoke(voice, ["codebook", "import", str(file)], obj=door)
    assert refused.exit_code == 1
    assert "is no codebook" in refused.output


@pytest.mark.parametrize("theme_id", ["concern", "polarity"])
def test_no_new_theme_is_called_by_a_short_name_that_the_program_uses(theme_id: str) -> None:
    with pytest.raises(CodebookEditError, match="The program itself uses this short name"):
        editing.add_theme(OWN, theme_id, PETS)


@pytest.mark.parametrize("theme_id", ["concern", "polarity"])
def test_a_version_from_before_with_such_a_theme_is_still_read(platform: Platform, theme_id: str) -> None:
    number = publish_pets(platform)
    with platform.database.writing() as connection:
        query = select(CodebookVersion.body).where(CodebookVersion.number == number)
        body = connection.execute(query).scalar_one().replace('"id":"pets"', f'"id":"{theme_id}"')
        assert theme_id in body
        changed = update(CodebookVersion).where(CodebookVersion.number == number)
        connection.execute(changed.values(body=body, digest=queries.digest_of(body)))
        assert theme_id in queries.codebook_of(connection, number).theme_ids()
