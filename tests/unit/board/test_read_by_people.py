"""What people have read, and what has no code, is counted in one go for a year, and comes out as row by row."""

from collections import Counter
from datetime import date

from sqlalchemy import delete, select

from hscb_voice.board.periods import quarter, reporting_year
from hscb_voice.board.read_by_people import reading_sentences
from hscb_voice.foundation.jobs import Job
from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.models import ToBeRead
from hscb_voice.responses.reading_list import mark_read, written_within
from hscb_voice.responses.service import READ_JOB, Span
from hscb_voice.themes.queries import uncoded_within
from tests.support.answering import keep_answer

YEAR = reporting_year(2026)
PARENT = "support-worker-parent"


def filled(platform: Platform) -> None:
    """Keep answers in words of several months and a whole year; a third is read, and a half has been coded."""
    spans = [Span.month_of(date(2026, month, 1)) for month in (3, 4, 6, 7, 11)]
    spans.append(Span(YEAR.start, YEAR.end))
    kept = []
    for at in range(36):
        span = spans[at % len(spans)]
        kept.append(keep_answer(platform, {"q2a": "She listened."}, span=span).response_id)
        keep_answer(platform, {"q4_own": ["Bedtimes", "Shopping"], "q6": "Nothing."}, slug=PARENT, span=span)
    # A third of every group and month: by their ids alone it would be chance how many of a quarter are read.
    in_groups = (ToBeRead.respondent, ToBeRead.span_start, ToBeRead.span_end, ToBeRead.id)
    with platform.database.writing() as connection:
        for item in list(connection.execute(select(ToBeRead.id).order_by(*in_groups)).scalars())[::3]:
            mark_read(connection, item, "somebody", platform.clock.now())
        of_half = delete(Job).where(Job.kind == READ_JOB, Job.subject_id.in_(kept[::2]))
        connection.execute(of_half)


def test_what_is_counted_for_a_year_is_what_its_rows_come_to(platform: Platform) -> None:
    filled(platform)
    written: Counter[tuple[date, date, str]] = Counter()
    waits: Counter[tuple[date, date, str]] = Counter()
    uncoded: Counter[tuple[date, date, str]] = Counter()
    with platform.database.reading() as connection:
        jobs = set(connection.execute(select(Job.subject_id).where(Job.kind == READ_JOB)).scalars())
        for row in connection.execute(select(ToBeRead.__table__)).mappings():
            place = (row["span_start"], row["span_end"], row["respondent"])
            if YEAR.holds(*place[:2]):
                written[place] += 1
                waits[place] += row["read_at"] is None
                uncoded[place] += row["response_id"] in jobs
        found = written_within(connection, YEAR.start, YEAR.end)
        lacking = uncoded_within(connection, YEAR.start, YEAR.end)
    assert found == {place: (n, waits[place]) for place, n in written.items()}
    assert lacking == {place: n for place, n in uncoded.items() if n}
    assert sum(uncoded.values()) not in {0, sum(written.values())}


def test_sentences_of_a_quarter_tell_of_its_own_comments(platform: Platform) -> None:
    filled(platform)
    with platform.database.reading() as connection:
        said = [
            reading_sentences(connection, period, ("child", "parent"), is_over=True)
            for period in (YEAR, quarter(2026, 1))
        ]
    assert any(" of 90" in sentence for sentence in said[0])
    assert any(" of 36" in sentence for sentence in said[1])
