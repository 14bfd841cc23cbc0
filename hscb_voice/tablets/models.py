"""Tables of tablets. Of its token and its code only keyed hashes stand here; no answer ever does."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from hscb_voice.foundation.database import Base, Moment


class Tablet(Base):
    """One shared tablet, from the moment a worker adds it. It is switched off, and never deleted: answers may wait."""

    __tablename__ = "tablets"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    # Of whom its answers speak; fixed, because answers may still wait on it.
    service: Mapped[str] = mapped_column(String(80), default="")
    team: Mapped[str] = mapped_column(String(80), default="")
    locality: Mapped[str] = mapped_column(String(80), default="")
    slugs: Mapped[list[Any]] = mapped_column(JSON)  # the questionnaires that a worker may open on it
    # A worker leaves the children's screen by a PIN that the tablet itself checks, so it stands in the kit, too.
    pin_salt: Mapped[bytes] = mapped_column(LargeBinary(16))
    pin_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    pin_iterations: Mapped[int]
    code_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    code_expires_at: Mapped[datetime | None] = mapped_column(Moment)
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    created_by: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(Moment)
    enrolled_at: Mapped[datetime | None] = mapped_column(Moment)
    last_seen_at: Mapped[datetime | None] = mapped_column(Moment)  # since it was enrolled
    waiting: Mapped[int] = mapped_column(default=0)  # answers on it that are not here yet, by its own word
    waiting_since: Mapped[datetime | None] = mapped_column(Moment)
    needs_help: Mapped[int] = mapped_column(default=0)  # those of them that were refused
    late_answers: Mapped[int] = mapped_column(default=0)  # answers that came after it was switched off
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
    revoked_by: Mapped[str | None] = mapped_column(String(60))

    __table_args__ = (Index("ix_tablets_team", "team"),)


class TabletKey(Base):
    """A key pair for which tablets seal answers. Old ones stay: a tablet may come back after years."""

    __tablename__ = "tablet_keys"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)  # what tablets know as its `kid`
    x: Mapped[str] = mapped_column(String(43))  # the public half, as a JWK writes it
    y: Mapped[str] = mapped_column(String(43))
    made_at: Mapped[datetime] = mapped_column(Moment)
    key_id: Mapped[str] = mapped_column(String(40))
    wrapped_key: Mapped[bytes] = mapped_column(LargeBinary)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)  # the private half
