"""Tables of accounts. What a role may do stands in `roles`, not here."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, UniqueConstraint
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
    whole: Mapped[bool] = mapped_column(default=True)  # False while the second factor is still to come
    how: Mapped[str] = mapped_column(String(40), default="password")
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)  # when the person last proved who they are
    seen_at: Mapped[datetime | None] = mapped_column(Moment)  # to the minute
    browser: Mapped[str] = mapped_column(String(60), default="")  # such as “Firefox on Windows”; never an address


class AuthenticatorApp(Base):
    """The secret that one person's authenticator app shares with us, sealed."""

    __tablename__ = "authenticator_apps"
    __table_args__ = (Index("ix_authenticator_apps_account_id", "account_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    key_id: Mapped[str] = mapped_column(String(40))
    wrapped_key: Mapped[bytes] = mapped_column(LargeBinary)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(Moment)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)  # counts only once a code of it was right
    last_step: Mapped[int] = mapped_column(default=0)  # of the newest code taken; it and older ones are refused


class RecoveryCode(Base):
    """One of the codes for the day on which telephone or key is lost; it opens once."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("account_id", "code_hash"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class Passkey(Base):
    """The public half of one passkey; the private half never leaves the person's device."""

    __tablename__ = "passkeys"
    __table_args__ = (Index("ix_passkeys_account_id", "account_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)  # base64url
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)  # up to 2**32 by the standard
    name: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class PasskeyChallenge(Base):
    """A question that a passkey answers; it can be answered once, within minutes."""

    __tablename__ = "passkey_challenges"
    __table_args__ = (Index("ix_passkey_challenges_made_at", "made_at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    challenge: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(Moment)


class EntryLink(Base):
    """A link that lets one person choose a password once: an invitation, or a reset. Kept only as a hash."""

    __tablename__ = "entry_links"
    __table_args__ = (Index("ix_entry_links_account_id", "account_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by: Mapped[str] = mapped_column(String(60))
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class ResetRequest(Base):
    """Somebody's wish for a new password, known or not: the letter is written later, so that time tells nothing."""

    __tablename__ = "reset_requests"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    asked_at: Mapped[datetime] = mapped_column(Moment)
