"""Reading the codebook: which version is in force, what each version says, and how far the draft is.

A web process and a worker keep the few versions that they use compiled; a version never changes, so nothing goes stale.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from hscb_voice.codebooks.editing import MERGED, Contents, Gone
from hscb_voice.codebooks.errors import UnknownVersionError
from hscb_voice.codebooks.models import CodebookDraft, CodebookState, CodebookSwitch, CodebookVersion
from hscb_voice.language.codebook import Codebook, default_codebook

OWN = 1  # the number of the program's own codebook


@dataclass(frozen=True)
class Standing:
    """Which versions are in use."""

    in_force: int
    standing_by: int | None


@dataclass(frozen=True)
class Version:
    """One published version, without its contents."""

    number: int
    based_on: int | None
    note: str
    published_by: str
    published_at: datetime | None  # None for the program's own, while nobody has published another


@dataclass(frozen=True)
class Draft:
    """The draft as it stands."""

    turn: int
    based_on: int
    contents: Contents
    did: tuple[str, ...]  # what was done so far, the newest first
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True)
class Switch:
    """One act of putting another version in force."""

    turn: int
    came: int
    went: int
    is_undo: bool
    switched_by: str
    switched_at: datetime


def standing(connection: Connection, *, locks: str = "") -> Standing:
    """Return which version is in force, and which one stands by.

    Args:
        connection: any connection.
        locks: `shared` to hold off a switch until the transaction ends, `alone` to be the one who switches.

    Returns:
        The state as it is now.
    """
    query = select(CodebookState.in_force, CodebookState.standing_by).where(CodebookState.id == 1)
    if locks:
        query = query.with_for_update(read=locks == "shared")
    row = connection.execute(query).one()
    return Standing(row.in_force, row.standing_by)


def codebook_in_force(connection: Connection) -> Codebook:
    """Return the codebook by which comments are read now.

    Args:
        connection: any connection.
    """
    return codebook_of(connection, standing(connection).in_force)


def codebook_of(connection: Connection, number: int) -> Codebook:
    """Return the codebook of one version, the same object each time.

    Args:
        connection: any connection.
        number: which version.

    Raises:
        UnknownVersionError: there is no such version.
    """
    return contents_of(connection, number).codebook


def contents_of(connection: Connection, number: int) -> Contents:
    """Return what one version says, and what is gone from it.

    Args:
        connection: any connection.
        number: which version.

    Raises:
        UnknownVersionError: there is no such version.
    """
    row = connection.execute(
        select(CodebookVersion.digest, CodebookVersion.gone).where(CodebookVersion.number == number)
    ).first()
    if row is None:
        if number == OWN:
            return Contents(default_codebook())
        message = "There is no such version of the codebook."
        raise UnknownVersionError(message)
    return Contents(_compiled(connection, number, row.digest), gone_from(row.gone))


def versions(connection: Connection) -> list[Version]:
    """Return every version, the newest first; the program's own is always among them."""
    columns = (CodebookVersion.number, CodebookVersion.based_on, CodebookVersion.note)
    query = select(*columns, CodebookVersion.published_by, CodebookVersion.published_at)
    found = [Version(*row) for row in connection.execute(query.order_by(CodebookVersion.number.desc()))]
    return found or [Version(OWN, None, own_note(), "", None)]


def draft(connection: Connection) -> Draft | None:
    """Return the draft; None when nobody works on one.

    Args:
        connection: any connection.
    """
    row = connection.execute(_last_turn()).first()
    if row is None:
        return None
    did = connection.execute(select(CodebookDraft.did).order_by(CodebookDraft.turn.desc())).scalars()
    contents = Contents(_parsed(row.body), gone_from(row.gone))
    return Draft(row.turn, row.based_on, contents, tuple(did), row.changed_by, row.changed_at)


def switches(connection: Connection, limit: int = 20) -> list[Switch]:
    """Return the newest switches, the last one first."""
    columns = (CodebookSwitch.turn, CodebookSwitch.came, CodebookSwitch.went, CodebookSwitch.is_undo)
    query = select(*columns, CodebookSwitch.switched_by, CodebookSwitch.switched_at)
    return [Switch(*row) for row in connection.execute(query.order_by(CodebookSwitch.turn.desc()).limit(limit))]


def theme_titles(connection: Connection) -> dict[str, str]:
    """Return the names of all themes that there are or ever were, by id, the present ones first.

    Args:
        connection: any connection.

    Returns:
        Names; those of themes that are gone say so, because codes that people gave under them still count.
    """
    contents = contents_of(connection, standing(connection).in_force)
    names = {theme.id: theme.name for theme in contents.codebook.themes}
    older: dict[str, str] = {}
    for row in connection.execute(select(CodebookVersion.number).order_by(CodebookVersion.number)):
        older |= {one.id: one.name for one in contents_of(connection, row.number).codebook.themes}
    gone = dict(contents.gone) | {i: Gone(name, "not in this version") for i, name in older.items() if i not in names}
    gone |= contents.gone
    return names | {theme_id: told_gone(one, names) for theme_id, one in gone.items() if theme_id not in names}


def told_gone(gone: Gone, names: Mapping[str, str]) -> str:
    """Say the name of a theme that is gone, and what became of it.

    Args:
        gone: the theme.
        names: theme id -> name of those that are there.
    """
    if gone.act == MERGED:
        into = " and ".join(names.get(theme_id, theme_id) for theme_id in gone.into)
        return f"{gone.name} (now part of {into})"
    return f"{gone.name} ({gone.act})"


def gone_from(written: Mapping[str, Mapping[str, Any]]) -> dict[str, Gone]:
    """Read what is gone as it is kept.

    Args:
        written: theme id -> name, act and into.
    """
    return {i: Gone(one["name"], one["act"], tuple(one["into"])) for i, one in written.items()}


def written_gone(gone: Mapping[str, Gone]) -> dict[str, dict[str, Any]]:
    """Write what is gone as it is kept; the other way round of `gone_from`."""
    return {i: {"name": one.name, "act": one.act, "into": list(one.into)} for i, one in gone.items()}


def body_of(codebook: Codebook) -> str:
    """Return a codebook as it is kept: JSON."""
    return codebook.model_dump_json()


def digest_of(body: str) -> str:
    """Return the hash by which a kept codebook is known."""
    return hashlib.sha256(body.encode()).hexdigest()


def own_note() -> str:
    """Return what is said of the program's own version."""
    return "The codebook that came with the program."


def _last_turn() -> Select[Any]:
    return select(*CodebookDraft.__table__.columns).order_by(CodebookDraft.turn.desc()).limit(1)


def _compiled(connection: Connection, number: int, digest: str) -> Codebook:
    if digest == _own_digest():
        return default_codebook()  # the same object, so that its phrases are compiled once
    known = _known.get(digest)
    if known is None:
        row: Row[Any] = connection.execute(select(CodebookVersion.body).where(CodebookVersion.number == number)).one()
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        known = _known[digest] = Codebook.model_validate_json(row.body)
    return known


_MOST_KNOWN = 6
_known: dict[str, Codebook] = {}


@lru_cache(maxsize=1)
def _own_digest() -> str:
    return digest_of(body_of(default_codebook()))


@lru_cache(maxsize=4)
def _parsed(body: str) -> Codebook:
    return Codebook.model_validate_json(body)
