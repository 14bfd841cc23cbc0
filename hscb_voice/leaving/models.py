"""The table of exits: where somebody is led who leaves a page in a hurry."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from hscb_voice.foundation.database import Base, Moment


class ExitAddress(Base):
    """The address for one service; the service "" counts for every other."""

    __tablename__ = "exit_addresses"

    service: Mapped[str] = mapped_column(String(80), primary_key=True)
    address: Mapped[str] = mapped_column(String(200))
    set_by: Mapped[str] = mapped_column(String(60))
    set_at: Mapped[datetime] = mapped_column(Moment)
