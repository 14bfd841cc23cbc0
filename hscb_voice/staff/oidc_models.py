"""The table that binds accounts to people as the council's sign-in service knows them. Never by email address alone."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from hscb_voice.foundation.database import Base, Moment


class SignOnIdentity(Base):
    """One person at one sign-in service, and their account here."""

    __tablename__ = "sign_on_identities"

    issuer: Mapped[str] = mapped_column(String(255), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), unique=True)
    bound_at: Mapped[datetime] = mapped_column(Moment)
