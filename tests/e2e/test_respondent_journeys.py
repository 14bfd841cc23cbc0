"""A child's and a parent's way through their questions in a browser: with the script, without it, without signal."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, Route, expect
from sqlalchemy import select

from hscb_voice.foundation.platform import Platform
from hscb_voice.questionnaires.reading import all_definitions
from hscb_voice.responses.models import Response
from hscb_voice.responses.words import comments_of
from tests.support.browser import axe_problems, running, watch
from tests.support.sittings import CHILD, FORMS, LONGEST, PARENT, open_codes

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
CONFERENCE = "cp-conference-child"


@dataclass
class Site:
    """A running site and what it keeps."""

    address: str
    platform: Platform

    def kept(self) -> list[dict[str, object]]:
        """Return the ticks of every answer kept."""
        with self.platform.database.reading() as connection:
            return list(connection.execute(select(Response.answers)).scalars())

    def words(self) -> dict[str, str]:
        """Return the words of every answer kept."""
        with self.platform.database.reading() as connection:
            ids = list(connection.execute(select(Response.id)).scalars())
            return {c.question: c.text for c in comments_of(connection, self.platform.keys, ids)}


@pytest.fixture
def site(app: Flask) -> Iterator[Site]:
    """A running site whose codes are open."""
    platform = open_codes(app)
    with running(app) as address:
        yield Site(address, platform)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A telephone's page; whatever the browser complains of fails the test."""
    with browser.new_context(viewport={"width": 360, "height": 640}) as context:
        page = context.new_page()
        faults = watch(page)
        yield page
        assert faults == []


def focused(page: Page) -> Locator:
    """Return what has the focus: on a new screen, its heading."""
    return page.locator(":focus")


def asks(slug: str, key: str) -> str:
    """Return how a questionnaire words one question."""
    question = next(d for d in all_definitions() if d.slug == slug).question(key)
    assert question is not None
    return question.text


def press(page: Page, name: str) -> None:
    """Press the button of this name that is on the screen."""
    page.get_by_role("button", name=name, exact=True).click()


def skip_to(page: Page, key: str) -> None:
    """Go on, passing over every question, until one is reached."""
    for _ in range(40):
        if page.locator(f"#{key}").is_visible():
            return
        must = page.locator("section.on[data-must] label").first
        if must.count():
            must.click()
            press(page, "Next")
        else:
            begin(page) if page.locator("#begin").is_visible() else press(page, "Skip")


def begin(page: Page) -> None:
    """Go past the promises and what to know about leaving, to the first question."""
    press(page, "Start")
    expect(page.get_by_role("heading", name="If you need to stop fast")).to_be_visible()
    press(page, "Next")


def test_a_child_taps_faces_writes_and_gets_three_words(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/f/{CHILD}")
    begin(page)
    expect(focused(page)).to_have_text(asks(CHILD, "q1"))
    expect(page.get_by_text("Question 1 of 12")).to_be_visible()
    press(page, "Skip")
    page.get_by_role("checkbox", name="Scared").check()
    page.get_by_role("checkbox", name="Happy", exact=True).check()
    page.get_by_role("checkbox", name="Scared").uncheck()  # rubbed out again
    press(page, "Next")
    page.get_by_role("textbox").fill("She was kind.")
    press(page, "Next")
    skip_to(page, "end")
    press(page, "Send my answers")
    expect(page.locator(".receipt")).to_be_visible()
    expect(focused(page)).to_have_text("Thank you for telling us")
    assert site.kept() == [{"q2": ["happy"], "answered": "by_myself"}]
    assert site.words() == {"q2a": "She was kind."}


def test_one_question_is_on_the_screen_at_a_time_and_back_brings_the_last_one(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/f/{CHILD}")
    for button in ("Start", "Next", "Skip", "Skip"):
        expect(page.locator(".q:visible")).to_have_count(1)
        press(page, button)
    before = focused(page).inner_text()
    press(page, "Back")
    expect(focused(page)).to_contain_text("Draw a circle around the faces")
    page.go_back()  # the browser's own way back
    expect(focused(page)).to_have_text(before)
    for _ in range(4):
        page.go_back()
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    page.go_forward()
    expect(focused(page)).to_have_text("If you need to stop fast")
    page.go_forward()
    expect(focused(page)).to_have_text(asks(CHILD, "q1"))


def test_skip_is_there_until_something_is_chosen_and_again_when_it_is_rubbed_out(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/f/{CHILD}")
    begin(page)
    skip, choice = page.get_by_role("button", name="Skip"), page.get_by_text("A few times")
    expect(skip).to_be_visible()
    choice.click()
    expect(skip).to_be_hidden()
    choice.click()
    expect(skip).to_be_visible()
    expect(page.get_by_role("radio", name="A few times")).not_to_be_checked()


def test_a_question_that_depends_on_another_is_asked_only_then(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/f/{CONFERENCE}?age=12-18")
    skip_to(page, "c-told_decision")
    page.locator("section.on").get_by_text("No", exact=True).click()
    press(page, "Next")
    expect(page.locator("#c-told_decision")).to_be_hidden()
    expect(page.get_by_role("heading", name=asks(CONFERENCE, "told_by"))).to_be_hidden()
    press(page, "Back")
    page.locator("section.on").get_by_text("Yes", exact=True).click()
    press(page, "Next")
    expect(page.get_by_role("heading", name=asks(CONFERENCE, "told_by"))).to_be_visible()


def test_nothing_changed_beside_other_ticks_asks_whether_both_were_meant(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/f/{CHILD}")
    skip_to(page, "c-q4")
    for words in ("Nothing has really changed", "I feel less angry"):
        page.get_by_text(words).click()
    press(page, "Next")
    expect(page.get_by_role("alert")).to_contain_text("“Nothing has really changed”")
    press(page, "Yes, I meant both")
    skip_to(page, "end")
    press(page, "Send my answers")
    expect(page.locator(".receipt")).to_be_visible()
    assert site.kept()[0]["q4"] == ["6", "7"]


def test_a_parent_chooses_only_among_the_areas_that_they_ticked(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/f/{PARENT}")
    skip_to(page, "c-q4")
    for words in ("Routines", "Housing"):
        page.locator("section.on").get_by_text(words, exact=True).click()
    press(page, "Next")
    page.get_by_role("textbox", name="Line 1").fill("Bedtimes")
    page.keyboard.press("Enter")  # goes on, and sends nothing yet
    expect(page.locator("#c-q5_areas")).to_be_visible()
    expect(page.locator("#c-q5_areas label:visible")).to_have_text(["Routines", "Housing"])
    assert site.kept() == []


def test_who_answered_is_asked_again_kindly(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/f/{CHILD}")
    skip_to(page, "c-answered")
    expect(page.get_by_role("button", name="Skip")).to_be_hidden()
    press(page, "Next")
    expect(page.get_by_role("alert")).to_have_text("Please choose one. Any answer is fine.")


def test_talking_instead_is_one_tap_away_on_every_screen(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/f/{CHILD}")
    for button in ("Start", "Next", "Skip", "Skip"):
        expect(page.get_by_text("Or would you rather just talk to someone?")).to_be_visible()
        press(page, button)
    page.get_by_text("Or would you rather just talk to someone?").click()
    expect(page.get_by_role("link", name="0800 1111")).to_be_visible()
    page.get_by_role("link", name="I would like someone to talk to me").click()
    expect(focused(page)).to_have_text(asks(CHILD, "talk"))


def test_the_whole_journey_works_by_keyboard_alone(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/f/my-story")
    page.get_by_role("button", name="Start").focus()
    page.keyboard.press("Enter")
    for _ in range(30):
        if page.locator("#end").is_visible():
            break
        page.keyboard.press("Tab")
        kind = page.evaluate("document.activeElement.type")
        page.keyboard.press("Space") if kind in {"radio", "checkbox"} else page.keyboard.type("hello")
        page.get_by_role("button", name="Next").focus()
        page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".receipt")).to_be_visible()
    assert site.kept()[0]["answered"] == "by_myself"


def test_without_script_one_long_form_works_and_mends(browser: Browser, site: Site) -> None:
    with browser.new_context(viewport={"width": 360, "height": 640}, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{site.address}/f/{CHILD}")
        expect(page.get_by_role("button", name="Start")).to_be_hidden()
        expect(page.locator("#c-answered")).to_be_visible()
        page.get_by_role("checkbox", name="Scared").check()
        page.locator("[name=q2a]").fill("I was afraid at first.")
        page.get_by_role("button", name="Send my answers").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Nothing is lost")
        expect(page.locator("[name=q2a]")).to_have_value("I was afraid at first.")
        expect(page.get_by_role("checkbox", name="Scared")).to_be_checked()
        page.get_by_text("I did it by myself").click()
        page.get_by_role("button", name="Send my answers").click()
        expect(page.locator(".kind")).to_contain_text("Someone who helps children will read this today.")
    assert site.kept() == [{"q2": ["scared"], "answered": "by_myself"}]


def without_script(route: Route) -> None:
    """Let a page arrive as from a line that broke before its script."""
    reply = route.fetch()
    route.fulfill(response=reply, body=reply.text().split("<script>")[0])


def test_a_script_that_never_comes_leaves_the_whole_form(browser: Browser, site: Site) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.route("**/f/*", without_script)
        page.goto(f"{site.address}/f/{CHILD}")
        expect(page.locator("#c-answered")).to_be_hidden()
        expect(page.locator("#c-answered")).to_be_visible()


def test_without_signal_the_words_stay_and_go_when_it_is_back(browser: Browser, site: Site) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{site.address}/f/{CHILD}")
        skip_to(page, "c-q2a")
        page.get_by_role("textbox").fill("Please read this.")
        press(page, "Next")
        skip_to(page, "end")
        context.set_offline(True)
        press(page, "Send my answers")
        expect(page.get_by_role("alert")).to_contain_text("Your words are safe on this page.")
        assert site.kept() == []
        context.set_offline(False)
        expect(page.locator(".receipt")).to_be_visible()
    assert site.words() == {"q2a": "Please read this."}


def test_a_server_that_cannot_keep_it_now_is_asked_again_at_a_tap(browser: Browser, site: Site) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        refusals = 3
        page.goto(f"{site.address}/f/{CHILD}")
        skip_to(page, "end")
        page.route("**/f/*", lambda route: route.fulfill(status=503, body="<main>not now</main>"), times=refusals)
        press(page, "Send my answers")
        for _ in range(refusals):
            expect(page.get_by_role("alert")).to_contain_text("We keep trying.")
            press(page, "Try again now")
        expect(page.locator(".receipt")).to_be_visible()
    assert len(site.kept()) == 1


def test_a_reply_lost_on_the_way_keeps_one_answer_and_shows_its_words(browser: Browser, site: Site) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        lost: list[str] = []

        def lose_the_first(route: object) -> None:
            if route.request.method == "POST" and not lost:  # type: ignore[attr-defined]  # Playwright's Route
                lost.append(route.fetch().text())  # type: ignore[attr-defined]  # the server has it; the page does not
                route.abort()  # type: ignore[attr-defined]  # as above
            else:
                route.continue_()  # type: ignore[attr-defined]  # as above

        page.route("**/f/*", lose_the_first)
        page.goto(f"{site.address}/f/{CHILD}")
        skip_to(page, "end")
        press(page, "Send my answers")
        expect(page.locator(".receipt")).to_be_visible()
        assert page.locator(".receipt").inner_text() in lost[0]
    assert len(site.kept()) == 1


def test_back_after_sending_brings_no_answer_back(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/f/{CHILD}")
    skip_to(page, "c-q2a")
    page.get_by_role("textbox").fill("only mine")
    press(page, "Next")
    skip_to(page, "end")
    press(page, "Send my answers")
    expect(page.locator(".receipt")).to_be_visible()
    for _ in range(3):
        page.go_back()
        expect(page.locator("textarea")).to_have_count(0)


def test_no_request_goes_beyond_the_page_and_the_sending(page: Page, site: Site) -> None:
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    page.goto(f"{site.address}/f/{LONGEST}")
    skip_to(page, "end")
    page.wait_for_load_state("load")
    assert len(seen) == 1
    press(page, "Send my answers")
    expect(page.locator(".receipt")).to_be_visible()
    assert len(seen) == 2
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


# What a screen is made of, without its words: screens of one make are alike, and one of each is checked closely.
MAKE = """[...document.querySelectorAll('.q.on *')].map(e => e.tagName + e.className).join()"""
BEYOND = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL = """[...document.querySelectorAll('.on .faces label')].map(e => e.getBoundingClientRect())
    .filter(box => box.width < 64 || box.height < 64).length"""


def check_every_screen(page: Page) -> None:
    """Go through a form, answering the first thing on each screen, and check each kind of screen on the way."""
    checked: set[str] = set()
    while True:
        make = str(page.evaluate(MAKE))
        if make not in checked:
            checked.add(make)
            assert axe_problems(page) == [], page.locator(".q.on").get_attribute("id")
        assert page.evaluate(BEYOND) == 0, "the page is wider than the screen"
        assert page.evaluate(SMALL) == 0, "a face is smaller than 64 pixels"
        if page.locator("#end").is_visible():
            return
        for choice in page.locator("section.on label").all()[:1]:
            choice.click()
        press(page, "Start" if page.locator("#begin").is_visible() else "Next")


# On the narrowest screen every form; on a dark desk one of each look.
@pytest.mark.parametrize(
    ("slug", "variant", "width"),
    [(*form, 320) for form in FORMS]
    + [("cidva-child-5-8", None, 1280), (CHILD, None, 1280), (CONFERENCE, "12-18", 1280), (PARENT, None, 1280)],
)
def test_every_screen_of_every_form_is_well_for_all(
    browser: Browser, site: Site, slug: str, variant: str | None, width: int
) -> None:
    scheme = "light" if width == 320 else "dark"
    with browser.new_context(viewport={"width": width, "height": 640}, color_scheme=scheme) as context:  # type: ignore[arg-type]  # one of two words
        page = context.new_page()
        page.goto(f"{site.address}/f/{slug}" + (f"?age={variant}" if variant else ""))
        check_every_screen(page)
        press(page, "Send my answers")
        expect(page.locator(".receipt")).to_be_visible()
        assert axe_problems(page) == []


@pytest.mark.parametrize("address", ["/", "/about-browsing", "/privacy", "/f/nobody-opened-this"])
def test_the_pages_around_the_forms_are_well_for_all(browser: Browser, site: Site, address: str) -> None:
    with browser.new_context(viewport={"width": 320, "height": 640}) as context:
        page = context.new_page()
        page.goto(site.address + address)
        assert axe_problems(page) == []
        assert page.evaluate(BEYOND) == 0
