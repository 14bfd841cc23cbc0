"""Reading exports: a person's own, and nobody else's."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from hscb_voice.exports.errors import UnknownExportError
from hscb_voice.exports.models import ResponseExport


@dataclass(frozen=True)
class ExportLine:
    """One export, without its file."""

    id: str
    person_id: str
    slug: str
    period: str
    kind: str
    words: str
    reason: str
    asked_at: datetime
    made_at: datetime | None
    total: int
    done: int
    taken: int
    trouble: str

    @property
    def waits(self) -> bool:
        """Tell whether it is still being made."""
        return self.made_at is None and not self.trouble


_LINE = [getattr(ResponseExport, name) for name in ExportLine.__dataclass_fields__]


def exports_of(connection: Connection, person_id: str) -> list[ExportLine]:
    """Return what a person has asked for, newest first."""
    query = select(*_LINE).where(ResponseExport.person_id == person_id)
    rows = connection.execute(query.order_by(ResponseExport.asked_at.desc(), ResponseExport.id))
    return [ExportLine(*row) for row in rows]


def export_of(connection: Connection, person_id: str, export_id: str) -> ExportLine:
    """Return one of a person's own exports.

    Args:
        connection: a reading connection.
        person_id: whose.
        export_id: which.

    Raises:
        UnknownExportError: there is none of that id for this person, or its day is over.
    """
    is_it = (ResponseExport.id == export_id, ResponseExport.person_id == person_id)
    row = connection.execute(select(*_LINE).where(*is_it)).first()
    if row is None:
        message = "There is no such export, or its day is over."
        raise UnknownExportError(message)
    return ExportLine(*row)
