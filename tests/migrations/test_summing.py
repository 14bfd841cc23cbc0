"""What was answered was once kept apart by service, age and helper; a migration sums it and loses none."""

from sqlalchemy import func, insert, select

from hscb_voice.foundation.migrating import migrate
from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.models import Tally
from hscb_voice.responses.service import Span

BEFORE = "0023"


def test_what_was_answered_is_summed_and_what_else_is_counted_stays_apart(platform: Platform) -> None:
    span = Span.month_of(platform.clock.today())
    one = {"slug": "event", "span_start": span.start, "span_end": span.end, "row": "", "choice": "sad"}
    one |= {"respondent": "child", "age_band": "5_to_9", "answered": "", "invented": False}
    rows = [
        {**one, "question": question, "service": service, "n": n}
        for question in ("q2", "theme:safe", "")
        for service, n in (("", 1), ("A", 3), ("B", 4))
    ]
    migrate(platform.database, BEFORE)
    with platform.database.writing() as connection:
        connection.execute(insert(Tally), rows)
    migrate(platform.database)
    query = select(Tally.question, func.count(), func.sum(Tally.n)).group_by(Tally.question)
    with platform.database.reading() as connection:
        found = {question: (lines, total) for question, lines, total in connection.execute(query)}
    assert found == {"q2": (1, 8), "theme:safe": (3, 8), "": (3, 8)}
