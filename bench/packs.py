"""What a pack of a year costs: seconds of processor time, bytes and pages, for each format.

Usage: python -m bench.packs [--turns 3]
"""

import argparse
import io
import resource
import statistics
import tempfile
from datetime import date
from pathlib import Path

from pypdf import PdfReader

from hscb_voice.board.periods import reporting_year
from hscb_voice.foundation.key_sources import source_of
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.packs.composing import Asked, hear, meeting_pack
from hscb_voice.packs.writing import FORMATS, written
from tests.support.board_data import filled_file, looked_after

_YEAR = reporting_year(2016)


def cpu() -> float:
    """Return the processor seconds of this process and of those it has waited for."""
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def main() -> None:
    """Make a pack of a year some times in each format, and print medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=3)
    turns = parser.parse_args().turns
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = looked_after(filled_file(folder))
        keys = KeyRing.watching(source_of(folder / "keys", ""))
        with database.reading() as connection:
            began = cpu()
            heard = hear(connection, keys, _YEAR)
        database.dispose()
    document = meeting_pack(heard, Asked(_YEAR, "Example Board", date(2026, 11, 22)))
    print(f"put together: {cpu() - began:.2f} CPU-s, {sum(1 for _ in document.tables)} tables")
    for form in FORMATS:
        spent, content = [], b""
        for _ in range(turns):
            began = cpu()
            content = written(document, form)
            spent.append(cpu() - began)
        pages = f", {len(PdfReader(io.BytesIO(content)).pages)} pages" if form == "pdf" else ""
        print(f"{form}: {statistics.median(spent):.2f} CPU-s (first {spent[0]:.2f}), {len(content):,} bytes{pages}")


if __name__ == "__main__":
    main()
