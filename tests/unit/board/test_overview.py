"""The overview puts guarded figures together, and what stands side by side gives nothing away."""

from datetime import date
from pathlib import Path
from types import MappingProxyType

import pytest
from sqlalchemy import select

from hscb_voice.board.concerns_counted import ConcernsCounted, concerns_counted
from hscb_voice.board.conferences import INITIAL, REVIEW
from hscb_voice.board.counts import Raw
from hscb_voice.board.figures import Invented
from hscb_voice.board.overview import Overview, overview_of, periods_heard
from hscb_voice.board.periods import Period, quarter, reporting_year
from hscb_voice.board.quotes import balanced
from hscb_voice.board.themes_heard import GroupHeard, ThemeYear, themes_heard, written_about
from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.importing import import_records, read_records
from hscb_voice.responses.models import Comment, Response
from hscb_voice.responses.service import READ_JOB, SCREEN_JOB
from hscb_voice.safeguarding.queries import concern_list
from hscb_voice.safeguarding.service import acknowledge, close
from hscb_voice.themes.quoted import ApprovedQuote
from hscb_voice.themes.quoting import approve_quote
from tests.support.answering import keep_answer
from tests.support.board_data import fill_2016_17

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PRINTED = Path(__file__).parents[3] / "hscb_voice" / "demonstration" / "report-2015-16.jsonl"
EVERYBODY = frozenset({"child", "parent", "professional"})


@pytest.fixture
def printed(platform: Platform) -> Platform:
    """A platform with what the annual report prints, read."""
    for line in import_records(platform.database, platform.keys, platform.clock, read_records(PRINTED)):
        platform.jobs.run_for(line.response_id, [SCREEN_JOB, READ_JOB])
    return platform


def overview(platform: Platform, period: Period) -> Overview:
    with platform.database.reading() as connection:
        return overview_of(connection, platform.keys, period)


@ONE_ENGINE
def test_2015_16_shows_what_the_report_prints_and_says_what_is_lost(printed: Platform) -> None:
    document = overview(printed, reporting_year(2015))
    assert document.heard.total == 33
    assert document.heard.by_respondent == ()
    shown = {c.figures.slug: c.figures.responses for group in document.groups for c in group.cards}
    assert shown["my-story"] == 12
    assert shown["cidva-parent"] is None
    assert document.headlines == ()
    assert any("Children and young people wrote most often about" in sentence for sentence in document.written)
    assert document.invented is Invented.NONE
    assert document.conferences is not None
    assert document.conferences.is_empty
    assert "14 forms from initial and 38 from review" in document.conferences.lost
    assert {INITIAL, REVIEW} <= {figures.slug for figures in document.silent}


@ONE_ENGINE
def test_quotes_stand_there_once_a_person_has_cleared_them_good_and_bad_in_turn(printed: Platform) -> None:
    assert overview(printed, reporting_year(2015)).quotes.total == 0
    with printed.database.writing() as connection:
        for comment_id in list(connection.execute(select(Comment.id)).scalars()):
            approve_quote(connection, comment_id, [], "annual report", printed.clock.now())
    quotes = overview(printed, reporting_year(2015)).quotes
    assert quotes.total > 20
    assert [quote.respondent for quote in quotes.lead] == ["child", "child"]
    assert len({quote.polarity for quote in quotes.lead}) == 2
    assert not set(quotes.lead) & {*quotes.first, *quotes.rest}
    assert all("section" in quote.source for quote in quotes.first)


@ONE_ENGINE
def test_a_quote_disappears_while_a_concern_about_its_response_is_open(platform: Platform) -> None:
    response_id = keep_answer(platform, {"q2a": "We made a volcano.", "may_quote": "yes", "talk": "yes"}).response_id
    platform.jobs.run_for(response_id, [READ_JOB])
    for _ in range(4):  # fewer than five answers would hide the quote for another reason
        keep_answer(platform, {"q2": ["happy"]})
    with platform.database.writing() as connection:
        comment_id = connection.execute(select(Comment.id)).scalar_one()
        approve_quote(connection, comment_id, [], "an analyst", platform.clock.now())
    assert overview(platform, reporting_year(2026)).quotes.total == 0
    platform.jobs.run_for(response_id, [SCREEN_JOB])
    assert overview(platform, reporting_year(2026)).quotes.total == 0
    with platform.database.writing() as connection:
        (concern,) = concern_list(connection, None, ["open"])
        acknowledge(connection, concern, "a lead", platform.clock)
        close(connection, concern, "a lead", "spoke_with_child", platform.clock)
    assert overview(platform, reporting_year(2026)).quotes.total == 1


@ONE_ENGINE
def test_a_year_that_is_known_only_as_a_year_is_offered_without_quarters(printed: Platform) -> None:
    with printed.database.reading() as connection:
        assert periods_heard(connection) == [reporting_year(2015)]
    keep_answer(printed, {"q2": ["happy"]})
    with printed.database.reading() as connection:
        assert periods_heard(connection) == [reporting_year(2026), quarter(2026, 3), reporting_year(2015)]


@ONE_ENGINE
def test_a_quarter_says_that_wider_answers_are_not_in_it(printed: Platform) -> None:
    document = overview(printed, quarter(2015, 2))
    assert document.is_empty
    assert document.is_wider
    assert document.sure == ()


@ONE_ENGINE
def test_a_full_year_leads_with_sentences_about_children_parents_and_conferences(platform: Platform) -> None:
    fill_2016_17(platform)
    document = overview(platform, reporting_year(2016))
    abouts = [headline.slug for headline in document.headlines]
    assert abouts[0] == "support-worker-child"
    assert "support-worker-parent" in abouts
    assert {INITIAL, REVIEW} <= set(abouts)
    assert document.invented is Invented.ALL
    assert document.conferences is not None
    assert [item.key for item in document.conferences.watched] == ["q2", "q9", "q10", "q13", "q14"]
    assert document.conferences.days is not None
    assert document.conferences.lost == ""


@ONE_ENGINE
def test_one_questionnaire_too_small_to_show_hides_the_exact_total(platform: Platform) -> None:
    fill_2016_17(platform, sizes={"my-story": 12, "cidva-parent": 3})
    heard = overview(platform, reporting_year(2016)).heard
    assert (heard.total, heard.at_least, heard.by_respondent) == (None, 13, ())


@ONE_ENGINE
def test_without_small_ones_it_says_how_many_of_each(platform: Platform) -> None:
    fill_2016_17(platform, sizes={"my-story": 12, "cidva-parent": 8})
    heard = overview(platform, reporting_year(2016)).heard
    assert heard.total == 20
    assert heard.by_respondent == (("children and young people", 12), ("parents and carers", 8))


def heard_of_children(counts: dict[tuple[str, str, str], int], responses: int, told: frozenset[str]) -> GroupHeard:
    """Guard counts of themes of which no quarter is known, only the year."""
    slices: list[dict[str, dict[tuple[str, str, str], int]]] = [{}, {}, {}, {}, {"child": counts}, {"child": counts}]
    known = {"child": (0, 0, 0, 0, responses, responses)}
    return themes_heard(ThemeYear(slices, known, known, told, 5))[0]


def test_how_many_wrote_is_not_told_where_it_would_narrow_a_hidden_questionnaire() -> None:
    counts = {("themes", "", ""): 30, ("theme:worker", "", ""): 14, ("themes", "", "none"): 16}
    shown = heard_of_children(counts, 30, EVERYBODY)
    quiet = heard_of_children(counts, 30, frozenset({"parent"}))
    assert (shown.written, quiet.written) == (30, None)
    assert quiet.themes[0].count.n == 14


def test_a_theme_too_seldom_to_show_is_named_without_a_number() -> None:
    counts = {("themes", "", ""): 30, ("theme:worker", "", ""): 14, ("theme:worker", "", "positive"): 14}
    counts |= {("theme:home", "", ""): 2, ("theme:own_words", "", ""): 9, ("themes", "", "none"): 8}
    group = heard_of_children(counts, 30, EVERYBODY)
    assert [theme.id for theme in group.themes] == ["worker", "own_words"]
    assert "Home, placement and moves" in group.hidden
    assert "at least 10" in written_about(group)
    few = heard_of_children({("themes", "", ""): 4}, 4, EVERYBODY)
    assert written_about(few) == ""


def in_the_year(**raw: Raw) -> tuple[ConcernsCounted, ...]:
    """Guard concerns of which no quarter is known, only the year."""
    return concerns_counted({slug: (*(Raw() for _ in range(4)), one, one) for slug, one in raw.items()}, 5)


def raw(**concerns: int) -> Raw:
    counts = {("", "", ""): 40} | {(f"concern:{kind}", "", "raised"): n for kind, n in concerns.items()}
    return Raw(counts)


def test_a_total_of_concerns_that_would_tell_a_hidden_tick_is_not_shown() -> None:
    counted = {one.kind: one for one in in_the_year(a=raw(scared=12, words=3), b=raw(scared=2, words=4))}
    assert counted["scared"].raised is None
    assert counted["words"].raised == 7
    assert counted["words"].acknowledged == 0
    assert counted["talk"].is_none


def test_few_concerns_taken_up_or_left_are_not_shown() -> None:
    taken = raw(words=9)
    taken = Raw(MappingProxyType({**taken.counts, ("concern:words", "", "acknowledged"): 7}))
    assert in_the_year(a=taken)[0].acknowledged is None


def test_c3_the_board_sees_how_many_were_reached_in_time_and_no_small_number_of_late_ones() -> None:
    def counted(**choices: int) -> ConcernsCounted:
        return in_the_year(a=Raw({("concern:words", "", choice): n for choice, n in choices.items()}))[0]

    ended = {"closed": 20, "closed_in_time": 14}
    shown = counted(raised=30, acknowledged=30, acknowledged_in_time=24, **ended)
    assert (shown.in_time, shown.ended, shown.ended_in_time) == (24, 20, 14)
    few_late = counted(raised=30, acknowledged=30, acknowledged_in_time=28, closed=20, closed_in_time=19)
    assert (few_late.acknowledged, few_late.in_time, few_late.ended, few_late.ended_in_time) == (30, None, 20, None)


def quote(polarity: str, name: str) -> ApprovedQuote:
    return ApprovedQuote(name, name, name, {}, polarity, "child", "my-story", "", invented=False)


def test_polarities_take_turns_and_none_is_lost() -> None:
    given = [quote("positive", "a"), quote("positive", "b"), quote("negative", "c"), quote("unread", "d")]
    assert [one.comment_id for one in balanced(given)] == ["c", "a", "b", "d"]


@ONE_ENGINE
def test_a_period_without_any_answers_is_empty_and_says_nothing(platform: Platform) -> None:
    document = overview(platform, Period(date(2016, 4, 1), date(2016, 6, 30)))
    assert document.is_empty
    assert (document.headlines, document.written, document.groups) == ((), (), ())
    with platform.database.reading() as connection:
        assert periods_heard(connection) == []
        assert connection.execute(select(Response.id)).first() is None


@ONE_ENGINE
def test_a_form_for_several_kinds_of_people_is_not_called_childrens(platform: Platform) -> None:
    for turn in range(24):
        answers = {"points": "very_good" if turn < 14 else "okay"}
        keep_answer(platform, answers, slug="event", variant="professional", respondent="professional")
    document = overview(platform, reporting_year(2026))
    assert [group.title for group in document.groups] == ["What children, young people and professionals said"]
    assert document.headlines[0].sentence.startswith("Of 24 people, 14 said “Very Good”")
    assert document.heard.by_respondent == (("professionals", 24),)
