"""Learning from people's codes: what is trained, when it speaks, who can silence it, and what it never holds."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from hscb_voice.codebooks.queries import draft
from hscb_voice.foundation.jobs import Job
from hscb_voice.foundation.platform import Platform
from hscb_voice.language.codebook import default_codebook
from hscb_voice.language.learned_themes import peoples_model_from
from hscb_voice.language.reading import Comment, read_comment
from hscb_voice.language.suggesting import is_known, signature_of_phrase
from hscb_voice.responses.service import READ_JOB
from hscb_voice.responses.words import comments_of
from hscb_voice.themes import learning, learning_service, rerunning
from hscb_voice.themes.comparing import changes, last_run
from hscb_voice.themes.errors import LearningError, RunError
from hscb_voice.themes.learning import prepare_learning
from hscb_voice.themes.learning_models import LearnedModel
from hscb_voice.themes.learning_queries import (
    EVERYTHING,
    LEARN_JOB,
    is_learning_asked,
    model_in_use,
    open_suggestions,
    taught,
)
from hscb_voice.themes.models import CodebookRun, CodedTheme, Coding
from hscb_voice.themes.queries import coding_of
from hscb_voice.themes.rerunning import RERUN_JOB, begin_again
from hscb_voice.themes.service import MACHINE, PERSON, STANDBY, NewCoding, ThemeCode, keep_codings
from hscb_voice.themes.switching import can_undo, switch, undo_switch
from tests.support.answering import keep_answer

# Words that no rule and no shipped model takes for contact with the family; people say that they are.
LANTERN = "and the blue lantern"
NEW = "i saw the blue lantern again today"
CORPUS = Path(__file__).parents[2] / "quality" / "corpus" / "one.jsonl"


def comments() -> list[dict[str, Any]]:
    """Return varied invented comments that are not about the family."""
    rows = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if "family" not in row["themes"] and row["respondent"] == "child"]


def coded(platform: Platform, text: str, themes: Iterable[str]) -> str:
    response_id = keep_answer(platform, {"q6": text}).response_id
    with platform.database.writing() as connection:
        (comment,) = comments_of(connection, platform.keys, [response_id])
        codes = [ThemeCode(theme, "positive", 0, 3) for theme in sorted(themes)]
        coding = NewCoding(comment.id, PERSON, "somebody", "1", "neutral", codes, ())
        keep_codings(connection, response_id, [coding], platform.clock.now())
    return comment.id


def teach(platform: Platform, lanterns: int = 25) -> None:
    """Code twice as many comments, every second one with the lantern: its theme is the only thing corrected."""
    for number, row in enumerate(comments()[: 2 * lanterns]):
        known = read_comment(Comment("1", row["text"], "child", "q6"), default_codebook())
        themes = {theme.id for theme in known.themes} - {"family"}
        if number % 2:
            coded(platform, f"{row['text']} {LANTERN}", {*themes, "family"})
        else:
            coded(platform, row["text"], themes)


def learn(platform: Platform) -> None:
    with platform.database.reading() as connection:
        keep = prepare_learning(connection, EVERYTHING, keys=platform.keys, clock=platform.clock)
    with platform.database.writing() as connection:
        keep(connection)


def themes_read(platform: Platform, text: str) -> set[str]:
    response_id = keep_answer(platform, {"q6": text}).response_id
    platform.jobs.run_due(500, ["themes.read"])
    with platform.database.reading() as connection:
        (comment,) = comments_of(connection, platform.keys, [response_id])
        found = coding_of(connection, comment.id)
    assert found is not None
    assert found.source == MACHINE
    return {code.theme for code in found.themes}


def test_corrections_become_a_model_that_reads_new_comments(platform: Platform) -> None:
    assert "family" not in themes_read(platform, NEW)
    teach(platform)
    learn(platform)
    assert "family" in themes_read(platform, NEW)
    with platform.database.reading() as connection:
        found = taught(connection)
    assert found is not None
    part = found.parts["family"]
    assert part.is_on
    assert (part.examples, found.comments) == (25, 50)
    assert found.corrected["family"] >= 20  # in some of the 25 the machine may see the family by itself
    assert part.with_model is not None
    assert part.with_model.f1 > part.without.f1


def test_a_model_tells_comments_apart_and_does_not_say_a_theme_of_all(platform: Platform) -> None:
    teach(platform)
    learn(platform)
    said = [themes_read(platform, row["text"]) for row in comments()[100:120]]
    assert sum("family" in themes for themes in said) <= 2


def test_fewer_than_fifteen_corrections_teach_nothing(platform: Platform) -> None:
    teach(platform, 14)
    learn(platform)
    with platform.database.reading() as connection:
        found = taught(connection)
        assert found is not None
        assert found.parts["family"].with_model is None
        assert model_in_use(connection) is None
    assert "family" not in themes_read(platform, NEW)


def test_a_person_can_switch_a_theme_off_and_on_again(platform: Platform) -> None:
    teach(platform)
    learn(platform)
    for is_on in (False, True):
        with platform.database.writing() as connection:
            learning_service.switch(connection, "family", "somebody", platform.clock, is_on=is_on)
        assert ("family" in themes_read(platform, NEW)) is is_on
    with platform.database.writing() as connection, pytest.raises(LearningError):
        learning_service.switch(connection, "no_theme", "somebody", platform.clock, is_on=False)


def machines(platform: Platform, comment_id: str, source: str = MACHINE) -> tuple[int | None, set[str]]:
    """Return which learned model the machine read a comment by, and the themes that it found."""
    query = select(Coding.id, Coding.learned).where(Coding.comment_id == comment_id, Coding.source == source)
    with platform.database.reading() as connection:
        row = connection.execute(query).one()
        themes = connection.execute(select(CodedTheme.theme).where(CodedTheme.coding_id == row.id)).scalars()
        return row.learned, set(themes)


def test_reading_everything_again_changes_nothing_until_somebody_switches_and_can_be_taken_back(
    platform: Platform,
) -> None:
    assert "family" not in themes_read(platform, NEW)
    teach(platform)
    mine = coded(platform, NEW, ())
    platform.jobs.run_due(500, [READ_JOB])
    with platform.database.reading() as connection:
        old = connection.execute(
            select(Coding.comment_id).where(Coding.in_force, Coding.source == MACHINE)
        ).scalar_one()
    learn(platform)
    with platform.database.writing() as connection:
        begin_again(connection, "somebody", platform.clock)
        with pytest.raises(RunError, match="already"):
            begin_again(connection, "somebody", platform.clock)
    platform.jobs.run_due(500, [RERUN_JOB])
    assert machines(platform, old)[0] is None
    assert "family" not in machines(platform, old)[1]
    assert (machines(platform, old, STANDBY)[0], "family" in machines(platform, old, STANDBY)[1]) == (1, True)
    with platform.database.reading() as connection:
        assert {one.theme: one.gained for one in changes(connection, None)}["family"] >= 1
        assert not can_undo(connection)
    with platform.database.writing() as connection:
        assert switch(connection, "somebody", platform.clock) == 1
    assert "family" in machines(platform, old)[1]
    with platform.database.reading() as connection:
        found = coding_of(connection, mine)
        assert can_undo(connection)
    assert found is not None
    assert (found.source, found.themes) == (PERSON, ())
    with platform.database.writing() as connection:
        undo_switch(connection, "somebody", platform.clock)
    assert "family" not in machines(platform, old)[1]
    with platform.database.writing() as connection:
        assert switch(connection, "somebody", platform.clock) == 1
        begin_again(connection, "somebody", platform.clock)
        assert not can_undo(connection)


def test_a_run_reads_by_one_model_from_beginning_to_end_whatever_is_learned_meanwhile(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rerunning, "RESPONSES_A_PART", 20)
    teach(platform)
    learn(platform)
    with platform.database.writing() as connection:
        begin_again(connection, "somebody", platform.clock)
    platform.jobs.run_due(1, [RERUN_JOB])
    for row in comments()[200:210]:
        coded(platform, f"{row['text']} {LANTERN}", ["family"])
    learn(platform)
    with platform.database.writing() as connection:
        learning_service.switch(connection, "family", "somebody", platform.clock, is_on=False)
    late = keep_answer(platform, {"q6": NEW}).response_id
    platform.jobs.run_for(late, [READ_JOB])
    platform.jobs.run_due(500, [RERUN_JOB])
    with platform.database.reading() as connection:
        used = connection.execute(select(Coding.learned).where(Coding.source == STANDBY).distinct()).scalars().all()
        (comment,) = comments_of(connection, platform.keys, [late])
        run = last_run(connection)
        digest = connection.execute(select(LearnedModel.digest).where(LearnedModel.number == 1)).scalar_one()
        assert connection.execute(select(func.max(LearnedModel.number))).scalar_one() == 2
    assert used == [1]
    assert "family" in machines(platform, comment.id, STANDBY)[1], "pinned with what was switched off then"
    assert machines(platform, comment.id) == (None, machines(platform, comment.id)[1] - {"family"})
    assert run is not None
    assert (run.learned, run.digest) == (1, digest)


def test_a_run_whose_model_is_not_what_its_hash_names_reads_nothing(platform: Platform) -> None:
    teach(platform)
    learn(platform)
    with platform.database.writing() as connection:
        begin_again(connection, "somebody", platform.clock)
        connection.execute(update(CodebookRun).values(learned_digest="0" * 64))
        (part,) = connection.execute(select(Job.subject_id).where(Job.kind == RERUN_JOB).limit(1)).scalars()
        with pytest.raises(LearningError, match="Give the run up"):
            rerunning.prepare_part(connection, part, keys=platform.keys, clock=platform.clock)


def test_what_each_model_was_stays_known_and_only_the_newest_keep_their_weights(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "_MODELS_KEPT", 1)
    teach(platform, 16)
    learn(platform)
    coded(platform, f"one more {LANTERN}", ["family"])
    learn(platform)
    with platform.database.reading() as connection:
        rows = connection.execute(select(LearnedModel.digest, LearnedModel.packed).order_by(LearnedModel.number)).all()
    assert [bool(row.packed) for row in rows] == [False, True]
    assert all(len(row.digest) == 64 for row in rows)


def test_the_same_codes_make_the_same_model_and_no_new_one_is_kept(platform: Platform) -> None:
    teach(platform, 16)
    learn(platform)
    learn(platform)
    with platform.database.reading() as connection:
        row = connection.execute(select(LearnedModel.digest, LearnedModel.packed)).one()
    assert peoples_model_from(row.packed).digest == row.digest


def test_words_of_fewer_than_three_responses_never_enter_a_stored_model(platform: Platform) -> None:
    teach(platform)
    coded(platform, "the blue lantern and the purple walrus", ["family"])
    coded(platform, "the blue lantern and a purple walrus", ["family"])
    learn(platform)
    with platform.database.reading() as connection:
        packed = connection.execute(select(LearnedModel.packed)).scalar_one()
    weights = json.loads(gzip.decompress(packed))["model"]["weights"]
    assert "lantern" in weights["words"]["names"]
    assert "walrus" not in weights["words"]["names"]
    assert not {"walr", "alru", "lrus"} & set(weights["parts"]["names"].split("\n"))


def test_the_worker_learns_when_asked_and_is_asked_once(platform: Platform) -> None:
    teach(platform, 16)
    with platform.database.writing() as connection:
        assert learning_service.ask_to_learn(connection, "somebody", platform.clock)
        assert not learning_service.ask_to_learn(connection, "somebody", platform.clock)
    assert platform.jobs.run_due(5, [LEARN_JOB]) == 1
    with platform.database.reading() as connection:
        assert not is_learning_asked(connection)
        assert connection.execute(select(func.count()).select_from(LearnedModel)).scalar_one() == 1


def test_a_phrase_is_suggested_with_its_effect_and_goes_into_the_draft(platform: Platform) -> None:
    teach(platform, 16)
    learn(platform)
    with platform.database.reading() as connection:
        found = [one for one in open_suggestions(connection) if one.theme == "family"]
    assert found
    assert (found[0].right, found[0].wrong) == (16, 0)
    assert "lantern" in found[0].phrase or "blue" in found[0].phrase
    with platform.database.writing() as connection:
        phrase = learning_service.accept(connection, found[0].id, "somebody", platform.clock)
        now = draft(connection)
    assert now is not None
    assert phrase in now.contents.theme("family").patterns
    assert phrase not in next(theme for theme in default_codebook().themes if theme.id == "family").patterns
    with platform.database.writing() as connection, pytest.raises(LearningError):
        learning_service.accept(connection, found[0].id, "another", platform.clock)


def test_a_rejected_phrase_does_not_come_back(platform: Platform) -> None:
    teach(platform, 16)
    learn(platform)
    with platform.database.writing() as connection:
        first = next(one for one in open_suggestions(connection) if one.theme == "family")
        learning_service.reject(connection, first.id, "somebody", platform.clock)
    learn(platform)
    with platform.database.reading() as connection:
        again = {(one.theme, one.phrase) for one in open_suggestions(connection)}
    assert ("family", first.phrase) not in again


def test_a_phrase_rejected_while_the_machine_learns_stays_rejected_however_it_varies(platform: Platform) -> None:
    teach(platform, 16)
    learn(platform)
    with platform.database.reading() as connection:
        keep = prepare_learning(connection, EVERYTHING, keys=platform.keys, clock=platform.clock)
    with platform.database.writing() as connection:
        first = next(one for one in open_suggestions(connection) if one.theme == "family")
        learning_service.reject(connection, first.id, "somebody", platform.clock)
    with platform.database.writing() as connection:
        keep(connection)
        again = [one.phrase for one in open_suggestions(connection) if one.theme == "family"]
    assert not any(is_known(one, [signature_of_phrase(first.phrase)]) for one in again)


def test_a_comment_that_stays_unread_claims_no_model(platform: Platform) -> None:
    teach(platform)
    learn(platform)
    text = "Nie lubię kiedy pani przychodzi bo jest mi bardzo smutno w domu"
    response_id = keep_answer(platform, {"q6": text}).response_id
    platform.jobs.run_for(response_id, [READ_JOB])
    with platform.database.reading() as connection:
        (comment,) = comments_of(connection, platform.keys, [response_id])
    assert machines(platform, comment.id) == (None, set())


def test_no_web_process_loads_what_trains() -> None:
    import subprocess  # noqa: PLC0415 - a fresh interpreter is the point
    import sys  # noqa: PLC0415 - the same

    code = (
        "import sys, app_for_test\n"
        "heavy = {name.split('.')[0] for name in sys.modules} & {'sklearn', 'scipy', 'numpy', 'textblob', 'typst'}\n"
        "assert not heavy, heavy\n"
    ).replace("app_for_test", "hscb_voice.factory, hscb_voice.cli, hscb_voice.themes.learning")
    house = Path(__file__).parents[3]
    subprocess.run([sys.executable, "-c", code], check=True, cwd=house, timeout=120)  # noqa: S603 - our own words
