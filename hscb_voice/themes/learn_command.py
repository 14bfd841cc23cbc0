"""The command `learn`: trains a model from anybody's labelled comments, and needs no database."""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hscb_voice.language.errors import LanguageError
from hscb_voice.themes.commands import plainly, say

if TYPE_CHECKING:
    from hscb_voice.language.learning import Learned, Trial
    from hscb_voice.language.learning_data import Lesson
    from hscb_voice.language.lessons import Labels, Lessons
    from hscb_voice.language.public_codebook import PublicCodebook

_EACH = 1000
_MOST_NAMED = 10
_LANGUAGE_FROM = 50
"""A model speaks in a language if it learned from so many comments in it; and in the commonest in any case."""
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass
class _Class:
    """The comments to learn from, and what is known of them beside."""

    lessons: "Lessons"
    languages: Counter[str] = field(default_factory=Counter)
    left_out: list[str] = field(default_factory=list)
    wordless: int = 0

    def spoken(self) -> list[str]:
        enough = {code for code, n in self.languages.items() if n >= _LANGUAGE_FROM}
        return sorted(enough | {code for code, _ in self.languages.most_common(1)})


@click.command("learn")
@click.option("--codebook", "book_file", required=True, type=_FILE, help="Themes: YAML, JSON, CSV or plain text.")
@click.option("--labelled", "labelled_file", required=True, type=_FILE, help="Labelled comments, one JSON a line.")
@click.option("--out", "out_file", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The model.")
@click.option("--skip-bad", is_flag=True, help="Leave out lines that are wrong, and count them.")
def learn_command(book_file: Path, labelled_file: Path, out_file: Path, *, skip_bad: bool) -> None:
    """Learn to find themes from comments that somebody has sorted, for “analyse --codebook FILE --model MODEL”.

    The codebook is one of ours, or a list of ids with optional label, definition and patterns (CSV: such columns). A
    comment is a line such as {"id": "1", "text": "...", "themes": ["a"]}, if you like with question, respondent and
    polarity. Each theme is tried on comments that its model never saw, and how it fared is printed beside simpler ways.
    A theme with fewer than 15 comments gets no model: its patterns find it, or nothing. What was left out is said on
    standard error.
    """
    # Imported here: no web process, and no other command, may wait for scikit-learn or load it.
    from hscb_voice.language.learned_themes import peoples_model_from  # noqa: PLC0415 - see above
    from hscb_voice.language.learning import Origin, learn  # noqa: PLC0415 - see above
    from hscb_voice.language.public_files import codebook_from  # noqa: PLC0415 - see above

    if not out_file.resolve().parent.is_dir():
        message = f"There is no folder {out_file.parent}."
        raise click.ClickException(message)
    try:
        book = codebook_from(book_file)
        for warning in book.warnings:
            say(f"Warning: {warning}.")
        pupils = _read(labelled_file, book, skip_bad=skip_bad)
        outside = {own: name for name, own in book.own_ids.items()}
        learned = learn(
            pupils.lessons,
            book.codebook.theme_ids(),
            origin=Origin(outside, book.digest(), pupils.spoken()),
            told=say,
        )
        peoples_model_from(learned.packed)  # what could not be read again is not written
        _keep(out_file, learned.packed)
    except LanguageError as mistake:
        raise click.ClickException(plainly(str(mistake))) from mistake
    except OSError as fault:
        message = f"A file cannot be read or written: {fault.strerror}."
        raise click.ClickException(message) from fault
    for line in _report(learned, pupils.lessons.labels, outside):
        click.echo(plainly(line) if line == line.lstrip() else f"  {plainly(line)}")
    click.echo(f"Wrote {out_file} ({len(learned.packed) // 1024 + 1} kB).")


def _keep(place: Path, packed: bytes) -> None:
    """Write beside the place first: a model that stood there stays whole if this one cannot be written."""
    beside = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        beside.write_bytes(packed)
        beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)


def _read(file: Path, book: "PublicCodebook", *, skip_bad: bool) -> _Class:
    from hscb_voice.language.learning_data import lessons_from  # noqa: PLC0415 - heavy: see `learn_command`
    from hscb_voice.language.lessons import Lessons  # noqa: PLC0415 - the same

    pupils = _Class(Lessons())

    def wordless(_: int) -> None:
        pupils.wordless += 1

    with file.open("rb") as lines:
        bad = pupils.left_out.append if skip_bad else None
        for number, lesson in enumerate(lessons_from(lines, book, left_out=bad, wordless=wordless), start=1):
            _teach(pupils, lesson, book, str(number))
            if number % _EACH == 0:
                say(f"{number:,} comments read ...")
    _tell(pupils)
    if not len(pupils.lessons):
        message = "There are no labelled comments."
        raise LanguageError(message)
    return pupils


def _teach(pupils: _Class, lesson: "Lesson", book: "PublicCodebook", owner: str) -> None:
    from hscb_voice.language.learning_features import known_of  # noqa: PLC0415 - heavy: see `learn_command`
    from hscb_voice.language.lessons import Labels  # noqa: PLC0415 - the same

    known = known_of(lesson.comment, book.codebook)
    found = frozenset(theme.id for theme in known.reading.themes)
    labels = Labels(lesson.themes, lesson.polarity, found, known.reading.polarity.polarity)
    pupils.lessons.add(known.features, labels, owner)
    pupils.languages[known.reading.language] += 1


def _tell(pupils: _Class) -> None:
    """Say what was left out, and what looks like a mistake."""
    for message in pupils.left_out[:_MOST_NAMED]:
        say(f"Left out: {message}.")
    if pupils.left_out:
        say(f"{len(pupils.left_out):,} lines that are wrong were left out.")
    if pupils.wordless:
        say(f"{pupils.wordless:,} lines without words were passed over: nothing can be learned from them.")
    if len(pupils.lessons) and not any(labels.themes for labels in pupils.lessons.labels):
        say("Warning: no comment has a theme. Is their field called “themes”?")


def _report(learned: "Learned", labels: "list[Labels]", outside: dict[str, str]) -> Iterator[str]:
    """Say how each theme fared on held-out comments, then all of them beside simpler ways."""
    from hscb_voice.language.learned_themes import POLARITY  # noqa: PLC0415 - see `learn_command`

    yield f"{learned.comments:,} comments. F1 on comments held out, with 95 % interval:"
    themes = [trial for trial in learned.trials if trial.name != POLARITY]
    for trial in themes:
        yield f"  {outside.get(trial.name, trial.name)}: {_fared(trial)}"
    seen = [trial for trial in themes if trial.examples]
    if seen:
        commonest = max(seen, key=lambda trial: trial.examples)
        majority = 2 * commonest.examples / (learned.comments + commonest.examples) / len(seen)
        said = [_in_use(trial) for trial in seen]
        patterns = [trial.without.f1 for trial in seen]
        yield (
            f"macro-F1 over {len(seen)} themes: {sum(said) / len(seen):.3f}; "
            f"patterns alone {sum(patterns) / len(seen):.3f}; "
            f"the commonest theme for every comment {majority:.3f}"
        )
    for trial in learned.trials:
        if trial.name == POLARITY and trial.with_model is not None:
            ways = [one.polarity for one in labels if one.polarity is not None]
            commonest_way = max(map(ways.count, set(ways)))
            yield (
                f"polarity: {trial.with_model.f1:.3f} read rightly; without learning {trial.without.f1:.3f}; "
                f"the commonest for every comment {commonest_way / len(ways):.3f}"
            )


def _in_use(trial: "Trial") -> float:
    return trial.with_model.f1 if trial.with_model is not None and trial.is_on else trial.without.f1


def _fared(trial: "Trial") -> str:
    from hscb_voice.language.learning import FEWEST  # noqa: PLC0415 - see `learn_command`

    low, high = trial.without.interval()
    without = f"patterns alone {trial.without.f1:.2f} ({low:.2f} to {high:.2f})"
    if trial.with_model is None:
        # Where every comment has it, there is nothing to tell it from.
        which = "" if trial.examples < FEWEST else "comments without it "
        return f"n {trial.examples}, too few {which}to learn from; {without}"
    low, high = trial.with_model.interval()
    chosen = "" if trial.is_on else "; patterns alone are used"
    return f"n {trial.examples}, F1 {trial.with_model.f1:.2f} ({low:.2f} to {high:.2f}); {without}{chosen}"
