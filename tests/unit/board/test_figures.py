"""The figures agree with the answers, cell for cell, and leave guarded."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import delete, insert, select, update

from hscb_voice.board.data_quality import data_quality
from hscb_voice.board.disclosure import BOARD, Guarded
from hscb_voice.board.errors import UnknownPeriodError
from hscb_voice.board.figures import Figures, Invented, figures_of, figures_of_all
from hscb_voice.board.figures_json import as_json
from hscb_voice.board.periods import Period, covering, quarter, reporting_year
from hscb_voice.board.sureness import sure_sentences
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.platform import Platform
from hscb_voice.invitations.service import InvitedNote, note_invited
from hscb_voice.questionnaires.definition import Kind
from hscb_voice.questionnaires.errors import UnknownQuestionnaireError
from hscb_voice.questionnaires.queries import current_version, published_slugs
from hscb_voice.questionnaires.service import publish
from hscb_voice.responses.models import Comment, Response, Tally
from hscb_voice.responses.recounting import recount
from hscb_voice.responses.service import Span
from hscb_voice.responses.tallies import TOP_THROUGHOUT
from tests.support.answering import keep_answer
from tests.support.board_data import YEAR, fill_2016_17
from tests.unit.board.test_disclosure import told

Cells = Counter[tuple[object, ...]]
SIZES = {"support-worker-child": 24, "support-worker-parent": 21, "cidva-child-5-8": 14, "event": 9, "cidva-parent": 3}
GOOD = dict.fromkeys("12345", "good")
CHILD, PARENT = "support-worker-child", "support-worker-parent"
_EMPTY = Guarded((), (), None)
ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def kept(platform: Platform) -> Cells:
    """Count the summary table, without what only `pattern:` and the rooms above keep there."""
    with platform.database.reading() as connection:
        rows = connection.execute(select(*Tally.__table__.columns).where(Tally.n != 0))
        return Counter({tuple(row[:-1]): row.n for row in rows if ":" not in row.question})


def grouped(platform: Platform) -> Cells:
    """Group the responses themselves, written without any of the program's counting."""
    cells: Cells = Counter()
    with platform.database.reading() as connection:
        worded = {tuple(row) for row in connection.execute(select(Comment.response_id, Comment.question))}
        for row in connection.execute(select(*Response.__table__.columns)):
            answers = row.answers
            place = [("", "", "")]
            for key, given in answers.items():
                place.append((key, "", ""))
                if isinstance(given, str):
                    place.append((key, "", given))
                elif isinstance(given, list):
                    place += [(key, "", one) for one in given]
                else:
                    place += [cell for line, point in given.items() for cell in ((key, line, ""), (key, line, point))]
            place += [(question, "", "") for response_id, question in worded if response_id == row.id]
            apart = (row.service, answers.get("age_band", ""), answers.get("answered", ""))
            for one in place:
                rest = (row.respondent, *(("", "", "") if one[0] else apart), row.invented)
                cells[row.slug, row.span_start, row.span_end, *one, *rest] += 1
    return cells


@pytest.mark.parametrize("seed", [1, 2])
def test_the_summary_table_equals_a_plain_group_by_cell_for_cell(platform: Platform, seed: int) -> None:
    fill_2016_17(platform, seed, SIZES)
    assert kept(platform) == grouped(platform)


def all_tallies(platform: Platform) -> set[tuple[object, ...]]:
    with platform.database.reading() as connection:
        return {tuple(row) for row in connection.execute(select(*Tally.__table__.columns).where(Tally.n != 0))}


def test_a_recount_mends_a_spoilt_table_and_leaves_other_rooms_counts_alone(platform: Platform) -> None:
    fill_2016_17(platform, 3, SIZES)
    theme = {"slug": CHILD, "span_start": YEAR.start, "span_end": YEAR.end, "question": "theme:worker", "row": ""}
    theme |= {
        "choice": "",
        "respondent": "child",
        "service": "",
        "age_band": "",
        "answered": "",
        "invented": True,
        "n": 4,
    }
    with platform.database.writing() as connection:
        connection.execute(insert(Tally), theme)
    before = all_tallies(platform)
    with platform.database.writing() as connection:
        connection.execute(update(Tally).where(Tally.question == "q2").values(n=Tally.n + 7))
        connection.execute(delete(Tally).where(Tally.question == "q3"))
    assert all_tallies(platform) != before
    steps = list(recount(platform.database))
    assert all_tallies(platform) == before
    total = sum(SIZES.values())
    assert (steps[-1].done, steps[-1].of) == (total, total)
    assert all(step.done <= step.of for step in steps)
    assert steps[-1].mended
    assert [step.mended for step in recount(platform.database)][-1] == 0


@ONE_ENGINE
def test_what_is_shown_is_true_and_what_is_hidden_cannot_be_solved(platform: Platform) -> None:
    fill_2016_17(platform)
    for period in (reporting_year(2016), *(quarter(2016, number) for number in range(1, 5))):
        with platform.database.reading() as connection:
            figures = figures_of_all(connection, published_slugs(connection), period)
        for slug, one in figures.items():
            _check_against_answers(platform, slug, one, period)


def _check_against_answers(platform: Platform, slug: str, figures: Figures, period: Period) -> None:
    with platform.database.reading() as connection:
        query = select(Response.answers).where(
            Response.slug == slug, Response.span_start >= period.start, Response.span_end <= period.end
        )
        answers = list(connection.execute(query).scalars())
    assert figures.responses in {None, len(answers)}
    assert figures.responses is None or not BOARD.is_small(len(answers))
    if figures.responses is None:
        assert not any(row.shows_any for question in figures.questions for row in question.rows)
        return
    for question in figures.questions:
        for row in question.rows:
            given = [a[question.key] for a in answers if question.key in a]
            points = [g.get(row.key) for g in given if row.key in g] if question.kind is Kind.GRID else given
            true = [sum(c.key == p if isinstance(p, str) else c.key in p for p in points) for c in row.counts]
            assert row.base in {None, len(points)}
            assert all(count.n in {None, n} for count, n in zip(row.counts, true, strict=True))
            assert all((count.at_least or 0) <= n for count, n in zip(row.counts, true, strict=True))
            assert not any(BOARD.is_small(count.n or 0) for count in row.counts)
            assert not BOARD.is_small(len(answers) - row.base if row.base is not None else 0)
            if question.kind not in {Kind.FACES_SET, Kind.SOME_OF} and len(answers) >= BOARD.fewest:
                guarded = replace(_EMPTY, counts=tuple(c.n for c in row.counts), base=row.base)
                guarded = replace(guarded, at_least=tuple(c.at_least for c in row.counts))
                assert told(guarded, true, len(answers) - len(points)) == []


def test_a_period_takes_the_spans_that_lie_wholly_within_it(platform: Platform) -> None:
    printed = Span(date(2015, 4, 1), date(2016, 3, 31))
    for _ in range(6):
        keep_answer(platform, {"q3": GOOD, "answered": "by_myself"}, slug=PARENT, span=printed)
    for _ in range(5):
        keep_answer(platform, {"q3": GOOD}, slug=PARENT, span=Span.month_of(date(2016, 2, 3)))
    with platform.database.reading() as connection:
        year = figures_of(connection, PARENT, reporting_year(2015))
        last = figures_of(connection, PARENT, quarter(2015, 4))
        spring = figures_of(connection, PARENT, quarter(2015, 1))
    assert (year.responses, last.responses, spring.responses) == (11, 5, 0)
    assert not any("longer time" in note for note in year.notes)
    assert any("longer time" in note for note in last.notes)


@ONE_ENGINE
def test_a_share_stands_only_on_a_base_of_ten_and_with_its_range(platform: Platform) -> None:
    for _ in range(9):
        keep_answer(platform, {"q3": GOOD}, slug=PARENT)
    now = covering(platform.clock.today(), platform.clock.today()).used
    with platform.database.reading() as connection:
        few = figures_of(connection, PARENT, now).question("q3")
    assert few is not None
    assert few.base == 9
    assert not any(row.shows_any for row in few.rows)
    for _ in range(11):
        keep_answer(platform, {"q3": dict.fromkeys("12345", "poor")}, slug=PARENT)
    with platform.database.reading() as connection:
        many = figures_of(connection, PARENT, now).question("q3")
    assert many is not None
    poor = next(count for count in many.rows[0].counts if count.key == "poor")
    assert poor.n == 11
    assert poor.share is not None
    assert poor.share.low < 0.55 < poor.share.high


@ONE_ENGINE
def test_it_says_how_many_were_invited_who_was_alone_and_how_much_is_invented(platform: Platform) -> None:
    today = platform.clock.today()
    for turn in range(24):
        answered = "by_myself" if turn < 14 else "together"
        answers = {"q2": ["happy"], "q3": "yes_a_lot" if turn < 12 else "not_really", "answered": answered}
        keep_answer(platform, answers, invented=turn < 10)
    with platform.database.writing() as connection:
        note_invited(connection, InvitedNote(CHILD, "", Span.month_of(today), 60))
    with platform.database.reading() as connection:
        figures = figures_of(connection, CHILD, covering(today, today).used)
    assert (figures.invited, figures.response_share) == (60, 0.4)
    assert figures.alone is not None
    assert figures.alone.n == 14
    assert (figures.invented, figures.invented_count) == (Invented.SOME, 10)
    assert figures.top_throughout is not None
    assert [count.n for count in figures.top_throughout.counts] == [12, 12]


@ONE_ENGINE
def test_it_refuses_a_period_that_is_not_guarded_together_with_the_others(platform: Platform) -> None:
    may = Period(date(2016, 5, 1), date(2016, 5, 31))
    with platform.database.reading() as connection, pytest.raises(UnknownPeriodError, match="neither a reporting year"):
        figures_of(connection, CHILD, may)


@ONE_ENGINE
def test_answers_that_only_an_earlier_wording_offered_keep_their_words(platform: Platform, clock: SetClock) -> None:
    for _ in range(12):
        keep_answer(platform, {"q3": "sometimes"})
    for _ in range(12):
        keep_answer(platform, {"q3": "yes_a_lot"})
    with platform.database.writing() as connection:
        definition = current_version(connection, CHILD).definition
        fewer = tuple(
            q.model_copy(update={"options": tuple(o for o in q.options if o.key != "sometimes")})
            if q.key == "q3"
            else q
            for q in definition.questions
            if q.key != "q4"
        )
        publish(connection, definition.model_copy(update={"questions": fewer}), clock)
        figures = figures_of(connection, CHILD, covering(clock.today(), clock.today()).used)
    question = figures.question("q3")
    assert question is not None
    assert {count.text: count.n for count in question.rows[0].counts}["Sometimes"] == 12
    assert figures.question("q4") is not None


@ONE_ENGINE
def test_the_json_shows_no_small_number_anywhere_and_null_where_something_is_hidden(platform: Platform) -> None:
    fill_2016_17(platform)
    asked = covering(date(2016, 4, 2), date(2017, 3, 30))
    with platform.database.reading() as connection:
        for slug in published_slugs(connection):
            plain = json.loads(json.dumps(as_json(figures_of(connection, slug, asked.used), asked)))
            assert set(plain) >= {"slug", "title", "period", "responses", "invited", "questions", "notes"}
            assert "3 to 31" not in plain["notes"][0]
            _check_numbers(plain)


def _check_numbers(value: object, name: str = "") -> None:
    if isinstance(value, dict):
        if "hidden" in value:
            assert value["hidden"] == (value["n"] is None)
            assert value["n"] is not None or value["share"] is value["low"] is value["high"] is None
        for key, below in value.items():
            _check_numbers(below, key)
    elif isinstance(value, list):
        for below in value:
            _check_numbers(below, name)
    elif name in {"n", "base", "responses", "invited", "out_of"} and value is not None:
        assert isinstance(value, int)
        assert not BOARD.is_small(value)


@ONE_ENGINE
def test_it_refuses_a_questionnaire_that_is_not_there(platform: Platform) -> None:
    with platform.database.reading() as connection, pytest.raises(UnknownQuestionnaireError):
        figures_of(connection, "no-such", reporting_year(2016))


@ONE_ENGINE
def test_top_throughout_needs_two_points_of_a_scale(platform: Platform) -> None:
    keep_answer(platform, {"q2": ["happy", "really_happy"]})
    keep_answer(platform, {"q2": ["happy"], "q3": "yes_a_lot"})
    keep_answer(platform, {"q2": ["happy", "sad"], "q3": "yes_a_lot"})
    with platform.database.reading() as connection:
        query = select(Tally.choice, Tally.n).where(Tally.question == TOP_THROUGHOUT)
        assert sorted(tuple(row) for row in connection.execute(query)) == [("", 2), ("yes", 1)]


def test_that_nobody_of_a_small_group_filled_in_the_form_alone_is_told_on_no_way_out(platform: Platform) -> None:
    for helped in ["together"] * 6 + ["read_to_me"] * 5:
        keep_answer(platform, {"age_band": "5_to_9", "answered": helped}, slug="cidva-child-5-8")
    with platform.database.reading() as connection:
        one = figures_of(connection, "cidva-child-5-8", reporting_year(2026))
        quality = data_quality(connection, reporting_year(2026)).shown[0]
    assert one.responses == 11
    assert one.alone is not None
    assert (one.alone.n, one.alone.share) == (None, None)
    assert quality.filled_in == one.questions[-1].rows[0]
    assert [count.n for count in quality.filled_in.counts] == [None, None, 6, 0]
    told = as_json(one, covering(date(2026, 4, 1), date(2027, 3, 31)))["questions"][-1]["options"][0]
    assert (told["key"], told["n"], told["share"], told["hidden"]) == ("by_myself", None, None, True)
    assert not any("by themselves (" in sentence for sentence in sure_sentences([one]))
