"""The pages of “You said, we did”: noting, deciding, reporting, telling, publishing, and what the public sees."""

import pytest
from flask import Flask

from hscb_voice.actions.noticing import notice_themes
from hscb_voice.actions.queries import action_list
from hscb_voice.foundation.platform import Platform
from hscb_voice.staff.roles import Role
from tests.support.actions import decided, noted, spoken_of, told
from tests.support.pages import PageChecker
from tests.support.people import sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ACTIONS = "/staff/actions/"
TOLD = "What people are told"


def the_id(platform: Platform) -> str:
    with platform.database.reading() as connection:
        return action_list(connection)[0].id


def test_an_analyst_goes_from_a_waiting_theme_to_a_published_answer(app: Flask, platform: Platform) -> None:
    spoken_of(platform, 12, service="Family support")
    with platform.database.writing() as connection:
        notice_themes(connection, platform.clock.today())
    analyst = sign_in(app, Role.ANALYST)
    pages = analyst.pages
    assert "1 theme waits for a decision" in pages.get("/staff/").words()
    page = pages.get(ACTIONS)
    assert "October to December 2026, by 10 or more" in page.words()
    page = pages.get(page.link("Note what was said about Visits, times and reliability, Family support"))
    page = pages.follow(pages.submit(page, {"said": "Visits clash with school"}, expect=303))
    page = pages.get(page.link("Decide"))
    due = {"due": ["15", "12", "2026"], "owner": analyst.account_id, "can": "yes", "doing": "Visits move"}
    page = pages.follow(pages.submit(page, due, expect=303))
    assert "15 December 2026" in page.words()
    page = pages.get(page.link("Report how it goes"))
    page = pages.follow(pages.submit(page, {"status": "done", "outcome": "Nobody misses maths"}, expect=303))
    page = pages.get(page.link("Write the words: Children of 9 to 12, English"))
    words = {"you_said": "Come after school.", "we_did": "We now come after school."}
    page = pages.follow(pages.submit(page, words, expect=303))
    page = pages.follow(pages.submit(page, {}, form="form[action*=publish]", expect=303))
    assert "since 22 November 2026" in page.words()
    assert "No theme waits" in pages.get(ACTIONS).words()
    public = PageChecker(app).get("/you-said")
    assert "Come after school." in public.words()
    assert "We now come after school. Done. 22 November 2026" in public.words()
    assert "set-cookie" not in {name.lower() for name in public.response.headers.keys()}  # noqa: SIM118 - not a dict


def test_half_a_decision_is_refused_beside_its_field_and_keeps_what_was_typed(app: Flask, platform: Platform) -> None:
    noted(platform)
    pages = sign_in(app, Role.ANALYST).pages
    page = pages.get(f"{ACTIONS}{the_id(platform)}/decide")
    page = pages.submit(page, {"can": "yes", "doing": "Visits move"}, expect=422)
    assert "Choose who sees to it" in page.words(".govuk-error-summary")
    assert "Visits move" in page.text


def test_hard_words_and_names_are_shown_and_kept_only_when_somebody_has_looked(app: Flask, platform: Platform) -> None:
    noted(platform)
    pages = sign_in(app, Role.ANALYST).pages
    address = f"{ACTIONS}{the_id(platform)}/tell/child/en"
    words = {"you_said": "Visits.", "we_did": "Katarzyna reorganised the appointment documentation."}
    page = pages.submit(pages.get(address), words, expect=422)
    assert "This may name somebody: Katarzyna" in page.words(".govuk-error-summary")
    page = pages.follow(pages.submit(page, {"keep_it": "y"}, expect=303))
    assert "Hard to read" in page.words()


def test_only_whoever_sees_to_it_or_decides_reports_how_it_goes(app: Flask, platform: Platform) -> None:
    owner = sign_in(app, Role.BOARD_MEMBER)
    decided(platform, noted(platform), owner=owner.account_id)
    address = f"{ACTIONS}{the_id(platform)}/report"
    other = sign_in(app, Role.BOARD_MEMBER, email="other@example.org")
    assert "Whoever sees to it" in other.pages.follow(other.pages.get(address, expect=303)).words()
    assert "Report how it goes" not in other.pages.get(f"{ACTIONS}{the_id(platform)}").words()
    owner.pages.submit(owner.pages.get(address), {"status": "under_way", "note": "Begun"}, expect=303)
    assert "1 of yours" in owner.pages.get("/staff/").words()
    assert "Begun" in owner.pages.get(f"{ACTIONS}{the_id(platform)}").words()


def test_the_list_is_filtered_by_its_address_and_says_when_nothing_fits(app: Flask, platform: Platform) -> None:
    noted(platform)
    pages = sign_in(app, Role.ANALYST).pages
    assert "Visits clash" in pages.get(f"{ACTIONS}?status=asked").words()
    assert "No action fits this choice" in pages.get(f"{ACTIONS}?status=done&mine=yes").words()
    assert "There is no action yet" not in pages.get(ACTIONS).words()


def test_a_service_may_have_its_own_threshold(app: Flask) -> None:
    pages = sign_in(app, Role.SAFEGUARDING_LEAD).pages
    page = pages.get(f"{ACTIONS}thresholds")
    assert "Enter a number from 5" in pages.submit(page, {"fewest": "4"}, expect=422).words(".govuk-error-summary")
    page = pages.follow(pages.submit(page, {"service": "Small", "fewest": "6"}, expect=303))
    assert "Small: 6" in page.words()


@pytest.mark.parametrize("look", ["young_child", "child", "young_person", "adult", "nonsense"])
def test_the_public_page_is_well_made_for_every_age_and_when_there_is_nothing(app: Flask, look: str) -> None:
    page = PageChecker(app).get(f"/you-said?for={look}&service=None")
    assert "There is nothing here yet" in page.words()
    assert page.response.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_nothing_is_public_before_somebody_publishes_it(app: Flask, platform: Platform) -> None:
    told(platform, decided(platform, noted(platform)), we_did="Secret so far.")
    assert "Secret so far" not in PageChecker(app).get("/you-said").text


def test_publishing_too_early_says_what_is_missing(app: Flask, platform: Platform) -> None:
    noted(platform)
    pages = sign_in(app, Role.ANALYST).pages
    page = pages.get(f"{ACTIONS}{the_id(platform)}")
    page = pages.follow(pages.submit(page, {}, form="form[action*=publish]", expect=303))
    assert "Decide first" in page.words()


def test_what_is_not_there_is_404(app: Flask) -> None:
    pages = sign_in(app, Role.ANALYST).pages
    nobody = "00000000-0000-4000-8000-000000000000"
    for address in (nobody, f"{nobody}/decide", f"{nobody}/tell/child/en", f"{nobody}/tell/tall/en"):
        pages.get(ACTIONS + address, expect=404)
