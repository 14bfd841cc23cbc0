"""Tables of accounts. What a role may do stands in `roles`, not here."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from hscb_voice.foundation.database import Base, Moment


class Account(Base):
    """One person who works here."""

    __tablename__ = "accounts"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)  # in lower case, so that it is found however typed
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    session_key: Mapped[str] = mapped_column(String(64), unique=True)  # a new one ends every session at once
    created_at: Mapped[datetime] = mapped_column(Moment)


class AccountRole(Base):
    """One role of one person."""

    __tablename__ = "account_roles"

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(40), primary_key=True)


class AccountTeam(Base):
    """One team of one person."""

    __tablename__ = "account_teams"

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    team: Mapped[str] = mapped_column(String(80), primary_key=True)


class SignIn(Base):
    """One sign-in, from the password to the sign-out. The browser holds its id; here it can be ended."""

    __tablename__ = "sign_ins"
    __table_args__ = (Index("ix_sign_ins_account_id", "account_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    started_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class SignInTries(Base):
    """The recent tries to sign in under one name, known or not; kept for minutes only."""

    __tablename__ = "sign_in_tries"
    __table_args__ = (Index("ix_sign_in_tries_last_at", "last_at"),)

    name_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    tries: Mapped[list[Any]] = mapped_column(JSON)  # moments as text, oldest first
    last_at: Mapped[datetime] = mapped_column(Moment)
