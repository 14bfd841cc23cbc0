"""Fills an installation with demonstration data. Doing it again goes on where it stopped and doubles nothing."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from hscb_voice.demonstration.answering import load_answers
from hscb_voice.demonstration.handling import handle_old_concerns
from hscb_voice.demonstration.inventing import invented_invitations, invented_records
from hscb_voice.foundation.clock import Clock, SetClock
from hscb_voice.foundation.platform import Platform
from hscb_voice.invitations.queries import invited
from hscb_voice.invitations.service import note_invited, open_code
from hscb_voice.language.wishes import WISH
from hscb_voice.questionnaires.queries import published_slugs
from hscb_voice.responses.importing import import_records, read_records
from hscb_voice.responses.queries import CommentText
from hscb_voice.responses.service import Setting
from hscb_voice.responses.words import comments_of
from hscb_voice.themes.quoting import approve_quote
from hscb_voice.themes.service import PERSON, Mask, NewCoding, ThemeCode, keep_codings

PRINTED = Path(__file__).parent / "report-2015-16.jsonl"
PRINTED_IN = "printed in the annual report 2015-16"
_ONE_CODER = "one coder of the annual report"
_CODEBOOK = "1"
FIRST_DAY, LAST_DAY = date(2015, 4, 1), date(2016, 3, 31)  # what the report covers
_ARRIVES_TODAY = date(2018, 3, 1)
_AFTERNOON = time(14, 0)
_MARK = "demonstration-is-loaded"
Progress = Callable[[str], None]


def load(platform: Platform, say: Progress) -> None:
    """Load the demonstration: codes, printed answers, invented responses, readings, human codes and quotes.

    Args:
        platform: a prepared installation.
        say: told now and then how far it is.
    """
    mark = platform.settings.data_folder / _MARK
    if mark.exists():
        return
    _open_front_door(platform)
    say("Bringing in the 33 answers that the annual report of 2015-16 prints ...")
    printed = _bring_in(platform, read_records(PRINTED), say)
    say("Bringing in invented responses for the two years after it ...")
    _bring_in(platform, enumerate(invented_records(), start=1), say, invented=True)
    _note_invited(platform)
    read_all(platform, say)
    handle_old_concerns(platform)
    _keep_printed_codes(platform, printed)
    load_answers(platform)
    mark.write_text("yes\n", encoding="ascii")


def read_all(platform: Platform, say: Progress) -> None:
    """Screen and read every answer that waits.

    Args:
        platform: whose answers.
        say: told now and then how far it is.
    """
    platform.jobs.run_all_due(100, lambda done: say(f"  {done} pieces of reading done"))


def _open_front_door(platform: Platform) -> None:
    with platform.database.writing() as connection:
        for slug in published_slugs(connection):
            open_code(connection, slug, slug, Setting(channel="poster"), platform.clock)


def _bring_in(
    platform: Platform, records: Iterator[tuple[int, Any]], say: Progress, *, invented: bool = False
) -> dict[str, str]:
    """Bring records in; return the ids under which they are kept, by their own ids."""
    kept = {}
    for number, record in records:
        clock = _clock_of(record, platform.clock)
        for line in import_records(platform.database, platform.keys, clock, [(number, record)], invented=invented):
            if line.outcome == "refused":
                say(f"  line {line.number} refused: {line.reason}")
            else:
                kept[line.id] = line.response_id
        if number % 100 == 0:
            say(f"  {number} brought in")
    return kept


def _clock_of(record: Any, now: Clock) -> Clock:  # noqa: ANN401 - a record not yet checked
    """Let an answer arrive when it was said; the newest invented month arrives today, so that something waits."""
    day = record.get("date") if isinstance(record, dict) else None
    said = date.fromisoformat(day) if day else LAST_DAY
    return now if said >= _ARRIVES_TODAY else SetClock(datetime.combine(said, _AFTERNOON, UTC))


def _note_invited(platform: Platform) -> None:
    with platform.database.writing() as connection:
        for note in invented_invitations():
            if invited(connection, note.slug, note.span.start, note.span.end, note.service) is None:
                note_invited(connection, note)


def _keep_printed_codes(platform: Platform, printed: Mapping[str, str]) -> None:
    """Keep the codes that one person gave to the printed answers, and clear them as quotes, masked as marked."""
    now = platform.clock.now()
    for line in PRINTED.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        response_id = printed.get(record["id"])
        if response_id is None or not record.get("codes"):
            continue
        with platform.database.writing() as connection:
            comments = comments_of(connection, platform.keys, [response_id])
            codings = [
                _coding(comment, record["codes"][comment.question])
                for comment in comments
                if comment.question in record["codes"]
            ]
            keep_codings(connection, response_id, codings, now)
            for coding in codings:
                approve_quote(connection, coding.comment_id, coding.redactions, PRINTED_IN, now)


def _coding(comment: CommentText, codes: Mapping[str, Any]) -> NewCoding:
    way = WISH if codes.get("wish") else codes["polarity"]
    themes = [ThemeCode(theme, way, 0, len(comment.text)) for theme in codes.get("themes", [])]
    masks = [Mask(at, at + len(part), _kind(part)) for part in codes.get("redact", []) for at in _places(comment, part)]
    return NewCoding(comment.id, PERSON, _ONE_CODER, _CODEBOOK, codes["polarity"], themes, masks)


def _places(comment: CommentText, part: str) -> Iterator[int]:
    at = comment.text.find(part)
    while at >= 0:
        yield at
        at = comment.text.find(part, at + len(part))


def _kind(part: str) -> str:
    return "place" if part in {"Hereford", "Shropshire"} else "person"
