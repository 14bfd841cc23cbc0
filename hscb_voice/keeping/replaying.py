"""Erasing again, after an older backup has been brought back, what had been erased since: the ledger says what.

Without the ledger nobody can know, so a restore does not end without it, unless it is told to.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from sqlalchemy import Connection, select

from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.database import Database
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.governance.erasing import KEEP, Erasing, drop_old_words, erase_in
from hscb_voice.governance.errors import LedgerError
from hscb_voice.governance.ledger import append_lines, read_lines
from hscb_voice.keeping.errors import RestoreError
from hscb_voice.responses.erasing import ErasureLine, keep_line
from hscb_voice.responses.models import Erasure
from hscb_voice.responses.service import ANSWER_GONE

_LINE = [getattr(Erasure, name) for name in ErasureLine.__dataclass_fields__]
_PLATFORM = "platform"


def ledger_lines(file: Path) -> list[ErasureLine]:
    """Read a ledger, or refuse.

    Args:
        file: the ledger outside the database.

    Returns:
        Its lines.

    Raises:
        RestoreError: it is not there, or is no ledger.
    """
    if not file.is_file():
        message = (
            f"The ledger of erasures is not at {file}. Without it, what was erased after this backup would come back. "
            "Bring it, or name it with --ledger. Only if it is lost for good: --without-ledger."
        )
        raise RestoreError(message)
    try:
        return list(read_lines(file))
    except LedgerError as fault:
        raise RestoreError(str(fault)) from fault


def refuse_older_ledger(connection: Connection, lines: Sequence[ErasureLine]) -> None:
    """Refuse a ledger that knows less than the backup itself.

    Args:
        connection: to what was brought back.
        lines: of the ledger.

    Raises:
        RestoreError: it is older than the backup, or another installation's.
    """
    known = {line.id for line in lines}
    missing = [line_id for line_id in connection.execute(select(Erasure.id)).scalars() if line_id not in known]
    if missing:
        message = (
            f"The ledger of erasures lacks {len(missing)} erasures that the backup itself knows of: it is an older "
            "ledger, or another installation's. Bring the newest."
        )
        raise RestoreError(message)


def erase_again(connection: Connection, keys: KeyRing, lines: Iterable[ErasureLine], clock: Clock) -> int:
    """Erase what the ledger names and the backup has brought back.

    Args:
        connection: a writing connection.
        keys: fade the hashes by which bodies are known again.
        lines: of the ledger.
        clock: tells the moment that is noted.

    Returns:
        How many answers, or answers' words, were erased again.
    """
    again = 0
    for line in lines:
        if line.act == ANSWER_GONE:
            # Whether the record of a concern may go too was a person's decision, and they may decide again.
            done = erase_in(connection, Erasing(line.response_id, line.why, _PLATFORM, KEEP), clock.now())
        else:
            done = drop_old_words(connection, line.response_id, keys, clock.now(), line.why)
        keep_line(connection, line)
        again += done
    return again


def complete_ledger(database: Database, file: Path) -> int:
    """Write into the ledger outside whatever it lacks, making it when it is not there.

    Args:
        database: knows every erasure.
        file: the ledger outside.

    Returns:
        How many lines were added.

    Raises:
        LedgerError: the file cannot be read or written.
    """
    known = {line.id for line in read_lines(file)} if file.is_file() else set()
    with database.reading() as connection:
        rows = connection.execute(select(*_LINE).order_by(Erasure.at, Erasure.id))
        lacking = [line for row in rows if (line := ErasureLine(*row)).id not in known]
    append_lines(file, lacking)
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
    return len(lacking)
