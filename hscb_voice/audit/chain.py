"""How one entry is chained to the one before. Pure: the same entry gives the same hash, for ever."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime

BEGINNING = "0" * 64


@dataclass(frozen=True)
class Entry:
    """One entry of the record, as it was written."""

    number: int
    at: datetime
    who: str
    act: str
    subject: str
    reason: str
    previous_hash: str
    entry_hash: str


def hash_of(entry: Entry) -> str:
    """Return the hash that an entry must carry.

    Args:
        entry: the entry; its own `entry_hash` plays no part.

    Returns:
        64 hexadecimal digits of SHA-256 over everything else, the previous entry's hash included.
    """
    moment = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    parts = [entry.number, moment, entry.who, entry.act, entry.subject, entry.reason, entry.previous_hash]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
