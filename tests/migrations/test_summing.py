"""What is counted was once kept apart by service, age and helper; migrations sum it and lose none."""

from datetime import date

from sqlalchemy import delete, func, insert, select

from hscb_voice.foundation.migrating import migrate
from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.erasing import take_back
from hscb_voice.responses.models import Tally, TallyState
from hscb_voice.responses.service import Setting, Span
from tests.support.answering import keep_answer

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


def test_themes_and_concerns_are_summed_by_service_and_each_span_gets_a_state(platform: Platform) -> None:
    place = {"row": "", "choice": "", "respondent": "child", "answered": "", "invented": False, "n": 2}
    spans = [Span.month_of(date(2026, month, 1)) for month in (4, 5)]
    rows = [
        {**place, "slug": "event", "question": question, "service": "A", "age_band": age}
        | {"span_start": span.start, "span_end": span.end}
        for question in ("theme:safe", "concern:words", "standby:themes", "")
        for age in ("5_to_9", "10_to_14")
        for span in spans
    ]
    migrate(platform.database, "0026")
    with platform.database.writing() as connection:
        connection.execute(delete(Tally))
        connection.execute(insert(Tally), rows)
    migrate(platform.database)
    query = select(Tally.question, func.count(), func.sum(Tally.n)).group_by(Tally.question)
    states = select(TallyState.span_start, TallyState.state).order_by(TallyState.span_start)
    with platform.database.reading() as connection:
        found = {question: (lines, total) for question, lines, total in connection.execute(query)}
        first, second = connection.execute(states)
    assert found == {"theme:safe": (2, 8), "concern:words": (2, 8), "standby:themes": (2, 8), "": (4, 8)}
    assert (first.span_start, second.span_start) == (spans[0].start, spans[1].start)
    assert first.state != second.state


def test_how_answers_came_is_counted_of_those_that_are_there(platform: Platform) -> None:
    for channel, language in (("link", "en"), ("link", "pl"), ("paper", "en")):
        keep_answer(platform, {"q2": ["sad"]}, setting=Setting(channel=channel), language=language)
    gone = keep_answer(platform, {"q2": ["sad"]}).response_id
    with platform.database.writing() as connection:
        take_back(connection, gone, "asked", platform.clock.now(), keep_place=True)
    came = select(Tally.question, Tally.choice, Tally.n).where(Tally.question.startswith("came:"), Tally.n > 0)

    def counted() -> dict[tuple[str, str], int]:
        with platform.database.reading() as connection:
            return {(question, choice): n for question, choice, n in connection.execute(came)}

    before = counted()
    assert before == {
        ("came:channel", "link"): 2,
        ("came:channel", "paper"): 1,
        ("came:language", "en"): 2,
        ("came:language", "pl"): 1,
    }
    migrate(platform.database, "0029")
    assert counted() == {}
    migrate(platform.database)
    assert counted() == before
