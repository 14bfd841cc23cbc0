"""The record in plain words: names instead of ids, moments as people write them. It reads no response."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from hscb_voice.audit.chain import Entry
from hscb_voice.audit.service import PLATFORM
from hscb_voice.foundation.clock import LOCAL_ZONE, written_date
from hscb_voice.foundation.spreadsheets import Cell
from hscb_voice.staff.queries import Person
from hscb_voice.staff.service import NOBODY

HEADER = ("Number", "When (UTC)", "Who", "Account", "What was done", "What it was done to", "Reason", "Hash")
_ACCOUNT = "account "
_NAMES = {PLATFORM: "The program itself", NOBODY: "Somebody who was not signed in"}


@dataclass(frozen=True)
class ShownEntry:
    """One entry as a page shows it."""

    number: int
    when: str
    who: str
    act: str
    subject: str
    reason: str


def names_of(people: Iterable[Person]) -> dict[str, str]:
    """Return account id -> name, of everybody who works or worked here, and of whoever has no account."""
    return {person.id: person.name for person in people} | _NAMES


def moment_words(moment: datetime) -> str:
    """Return a moment as people here write it, to the second: acts come close together."""
    local = moment.astimezone(LOCAL_ZONE)
    return f"{written_date(local.date())}, {local:%H:%M:%S}"


def shown(entry: Entry, names: Mapping[str, str]) -> ShownEntry:
    """Return an entry as a page shows it.

    Args:
        entry: as it was written.
        names: account id -> name.
    """
    return ShownEntry(
        number=entry.number,
        when=moment_words(entry.at),
        who=names.get(entry.who, entry.who),
        act=entry.act[:1].upper() + entry.act[1:],
        subject=_subject_words(entry.subject, names),
        reason=entry.reason,
    )


def rows_of(entries: Iterable[Entry], names: Mapping[str, str]) -> Iterator[list[Cell]]:
    """Yield entries as rows of a spreadsheet, under `HEADER`.

    Args:
        entries: oldest first.
        names: account id -> name.
    """
    for entry in entries:
        name = names.get(entry.who, entry.who)
        yield [entry.number, entry.at, name, entry.who, entry.act, entry.subject, entry.reason, entry.entry_hash]


def plain_of(entry: Entry, names: Mapping[str, str]) -> dict[str, str | int]:
    """Return an entry for a program, with everything that its hash is reckoned from.

    Args:
        entry: as it was written.
        names: account id -> name.
    """
    return {
        "number": entry.number,
        "at": entry.at.isoformat(timespec="microseconds"),
        "who": entry.who,
        "name": names.get(entry.who, entry.who),
        "act": entry.act,
        "subject": entry.subject,
        "reason": entry.reason,
        "previous_hash": entry.previous_hash,
        "entry_hash": entry.entry_hash,
    }


def _subject_words(subject: str, names: Mapping[str, str]) -> str:
    if subject.startswith(_ACCOUNT) and (name := names.get(subject.removeprefix(_ACCOUNT))):
        return f"Account of {name}"
    return subject[:1].upper() + subject[1:]
