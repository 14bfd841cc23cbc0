"""Which files of responses an answer may be in: told from the record, because the files themselves go after a day."""

import re
from dataclasses import dataclass
from typing import Self

from sqlalchemy import Connection, select

from hscb_voice.audit.queries import EntryFilter, entries
from hscb_voice.foundation.clock import written_day
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.responses.models import Response
from hscb_voice.responses.periods import named_period

ASKED_FOR, TOOK = "asked for an export of responses", "took an export of responses"
_EVERYTHING, _NO_WORDS = "all", "no"
_TOLD = re.compile(r"\((?P<slug>[^,()]+), (?P<period>[^,]+), [a-z]+, (?P<words>[a-z]+) words, [0-9]+ responses\)$")
_MOST = 1000


@dataclass(frozen=True)
class Extent:
    """What a file holds, as the record says it after the reason."""

    slug: str
    period: str  # empty for all
    words: str  # empty for none

    def told(self, kind: str, total: int) -> str:
        """Return it in words.

        Args:
            kind: which kind of file.
            total: how many responses.
        """
        words, period = self.words or _NO_WORDS, self.period or _EVERYTHING
        return f"({self.slug}, {period}, {kind}, {words} words, {total} responses)"

    @classmethod
    def read(cls, reason: str) -> Self | None:
        """Read back what `told` gave, at the end of a reason; None when it is none."""
        found = _TOLD.search(reason)
        if found is None:
            return None
        period, words = found["period"], found["words"]
        return cls(found["slug"], "" if period == _EVERYTHING else period, "" if words == _NO_WORDS else words)


def known_of_files(connection: Connection, _keys: KeyRing, response_id: str) -> list[str]:
    """Tell in which files that were taken an answer may be.

    Args:
        connection: a reading connection.
        _keys: no file is opened.
        response_id: which answer.
    """
    columns = (Response.slug, Response.span_start, Response.span_end, Response.received_at)
    row = connection.execute(select(*columns).where(Response.id == response_id)).first()
    if row is None:
        return []
    taken, _ = entries(connection, EntryFilter(act=TOOK, since=row.received_at), size=_MOST)
    lines = []
    for entry in reversed(taken):
        extent = Extent.read(entry.reason)
        if extent is None or extent.slug != row.slug:
            continue
        span = named_period(extent.period) if extent.period else None
        if span is None or (span.start <= row.span_start and row.span_end <= span.end):
            held = "with what people wrote" if extent.words else "without what people wrote"
            day = written_day(entry.at)
            lines.append(f"Perhaps in a file of answers to this form, {held}, that was taken on {day}")
    return lines
