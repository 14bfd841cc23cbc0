"""When each form of a series is due, by what the questionnaires themselves say."""

from datetime import date

from hscb_voice.questionnaires.reading import all_definitions
from hscb_voice.series.planning import has_sessions, plan_of

BY_SLUG = {definition.slug: definition for definition in all_definitions()}
START = date(2026, 11, 23)


def _plan(slug: str, sessions: int = 1, gap: int = 7) -> list[tuple[str, str]]:
    return [(due.point, due.day.isoformat()) for due in plan_of(BY_SLUG[slug], START, sessions, gap)]


def test_cidva_is_planned_first_each_session_last_and_about_six_months_later() -> None:
    assert _plan("cidva-child-5-8", 4) == [
        ("first", "2026-11-23"),
        ("during", "2026-11-30"),
        ("during", "2026-12-07"),
        ("final", "2026-12-14"),
        ("later", "2027-06-14"),
    ]


def test_two_sessions_have_a_first_and_a_last_and_nothing_between() -> None:
    assert [point for point, _ in _plan("cidva-parent", 2, 14)] == ["first", "final", "later"]


def test_an_event_is_followed_after_two_weeks_and_after_one_to_three_months() -> None:
    assert _plan("event") == [("first", "2026-11-23"), ("two-weeks", "2026-12-07"), ("later", "2027-01-22")]
    days = (date(2027, 1, 22) - START).days
    assert 30 <= days <= 91


def test_only_work_in_sessions_asks_how_many_there_will_be() -> None:
    assert {slug for slug, one in BY_SLUG.items() if has_sessions(one)} == {
        "cidva-child-5-8",
        "cidva-child-9-18",
        "cidva-parent",
        "cidva-professional",
    }
