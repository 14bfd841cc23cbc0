"""Tables of the codebook: versions that never change, the draft turn by turn, and what is in force.

No word that anybody answered stands here.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hscb_voice.foundation.database import Base, Moment


class CodebookVersion(Base):
    """One published version. Only the program's own, version 1, follows the program until people publish another."""

    __tablename__ = "codebook_versions"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    based_on: Mapped[int | None]
    body: Mapped[str] = mapped_column(Text)  # the codebook as JSON, in the shape of its YAML
    digest: Mapped[str] = mapped_column(String(64))
    gone: Mapped[dict[str, Any]] = mapped_column(JSON)  # theme id -> name, act (retired, merged, split), into (ids)
    note: Mapped[str] = mapped_column(Text)
    published_by: Mapped[str] = mapped_column(String(60))
    published_at: Mapped[datetime] = mapped_column(Moment)


class CodebookDraft(Base):
    """The draft after one change. The last row is the draft; to undo is to remove it."""

    __tablename__ = "codebook_drafts"

    turn: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    based_on: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    gone: Mapped[dict[str, Any]] = mapped_column(JSON)
    did: Mapped[str] = mapped_column(String(200))  # what this change did, in words
    changed_by: Mapped[str] = mapped_column(String(60))
    changed_at: Mapped[datetime] = mapped_column(Moment)


class CodebookState(Base):
    """Which version is in force, and which one stands by: its codes lie ready beside those in force. One row."""

    __tablename__ = "codebook_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    in_force: Mapped[int]
    standing_by: Mapped[int | None]


class CodebookSwitch(Base):
    """One act of putting another version in force."""

    __tablename__ = "codebook_switches"

    turn: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    came: Mapped[int]
    went: Mapped[int]
    is_undo: Mapped[bool]
    switched_by: Mapped[str] = mapped_column(String(60))
    switched_at: Mapped[datetime] = mapped_column(Moment)
