"""Answers for the Board's pages in tests: a seeded mix over the months of 2016-17, from many down to none."""

import random
import shutil
from datetime import date
from pathlib import Path
from typing import Any

from hscb_voice.board.shown import look_after
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.database import Database
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.key_sources import make_key
from hscb_voice.foundation.migrating import migrate
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings
from hscb_voice.invitations.service import InvitedNote, note_invited
from hscb_voice.opening import build_platform
from hscb_voice.questionnaires.definition import Kind, Question
from hscb_voice.questionnaires.kinds import check_answers
from hscb_voice.questionnaires.queries import PublishedVersion, current_version
from hscb_voice.questionnaires.reading import all_definitions
from hscb_voice.questionnaires.service import publish
from hscb_voice.responses.service import Span, Submission, keep
from tests.support.once import once_a_run

_FILE = "voice.db"
SIZES = {
    "support-worker-child": 64,
    "support-worker-parent": 48,
    "cp-conference-parent-initial": 30,
    "cp-conference-parent-review": 41,
    "cidva-child-9-18": 26,
    "cidva-parent": 13,
    "cidva-professional": 7,
    "cp-conference-child": 3,
    "event": 24,
    "my-story": 15,
}
YEAR = Span(date(2016, 4, 1), date(2017, 3, 31))
_MONTHS = [Span.month_of(date(2016 + month // 12, month % 12 + 1, 5)) for month in range(3, 15)]
_WORDS = (
    "She listened to me and I feel happier now.",
    "I did not like that my worker changed again.",
    "The report came too late for us to read.",
    "We played games and talked about feelings.",
)


def fill_2016_17(platform: Platform, seed: int = 7, sizes: dict[str, int] | None = None) -> None:
    """Keep seeded answers to most questionnaires, and note how many were invited to some.

    Args:
        platform: where to.
        seed: the same seed gives the same answers.
        sizes: slug -> how many; `SIZES` when left out.
    """
    chance = random.Random(seed)  # noqa: S311 - repeatable answers, no secrets
    with platform.database.writing() as connection:
        for slug, size in (SIZES if sizes is None else sizes).items():
            version = current_version(connection, slug)
            for _ in range(size):
                keep(connection, made_up(platform, version, chance), platform.keys)
            if size > 20:
                note_invited(connection, InvitedNote(slug, "", YEAR, round(size * 1.7), invented=True))


def filled_file(folder: Path) -> Path:
    """Bring an embedded database with a year's answers, read, into a folder; they are read once a run.

    Args:
        folder: an empty folder that pytest has made.

    Returns:
        The database's file. Its words are sealed with a key of its own, so no test can open them.
    """
    shutil.copytree(once_a_run(folder, "year", _fill), folder, dirs_exist_ok=True)
    return folder / _FILE


def _fill(folder: Path) -> None:
    make_key(folder / "keys", "0001")
    settings = Settings.from_env(
        {"VOICE_DATA": str(folder), "VOICE_SECRET_KEY": "a secret for tests that is long enough"}
    )
    platform = build_platform(settings, SetClock())
    migrate(platform.database)
    with platform.database.writing() as connection:
        for definition in all_definitions():
            publish(connection, definition, platform.clock)
    fill_2016_17(platform)
    while platform.jobs.run_due(200):
        pass
    platform.database.dispose()
    assert (folder / _FILE).is_file()


def looked_after(file: Path) -> Database:
    """Open the database of such a file, as a platform would, so that its figures can be shown."""
    database = Database(f"sqlite:///{file}")
    look_after(database, SetClock())
    return database


def made_up(platform: Platform, version: PublishedVersion, chance: random.Random) -> Submission:
    """Return one seeded answer to a questionnaire, said in some month of 2016-17; it is not kept."""
    definition = version.definition
    variant = chance.choice(definition.variants).key if definition.variants else None
    answers: dict[str, Any] = {}
    for question in definition.asked_of(variant):
        if question.key == "answered" or chance.random() < 0.9:
            answers[question.key] = _answer(question, answers, chance)
    return Submission(
        sitting_id=new_id(),
        version=version,
        answers=check_answers(definition, answers),
        received_at=platform.clock.now(),
        variant=variant,
        respondent=definition.respondent_of(variant),
        span=chance.choice(_MONTHS),
        invented=True,
    )


def _answer(question: Question, answers: dict[str, Any], chance: random.Random) -> Any:
    options = [option.key for option in question.options]
    weights = [
        {2: 9, 1: 7, 0: 4, -1: 2, -2: 1}.get(option.tone if option.tone is not None else 9, 3)
        for option in question.options
    ]
    if question.kind is Kind.GRID:
        return {row.key: chance.choices(options, weights)[0] for row in question.rows if chance.random() < 0.95}
    if question.kind in {Kind.FACES_SET, Kind.SOME_OF}:
        offered = answers.get(question.options_from or "") or ([] if question.options_from else options)
        return [key for key in offered if chance.random() < 0.35] or None
    if question.takes_words:
        return [chance.choice(_WORDS)] if question.kind is Kind.BLANKS else chance.choice(_WORDS)
    return chance.choices(options or ["yes", "no"], weights or [1, 1])[0]
