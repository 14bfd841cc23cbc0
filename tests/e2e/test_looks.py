"""Every look, state and preference: sizes of targets, axe, text at twice its size, strong contrast, print."""

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import axe_problems, running
from tests.support.sittings import CHILD, PARENT, open_codes, page_sending, version_of

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
YOUNGEST, OLDER = "cidva-child-5-8", "cidva-child-9-18?age=13-18"
LOOKS = [YOUNGEST, CHILD, OLDER, PARENT, f"{CHILD}?easy=1"]
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SMALLEST, BEST, GAP = 64, 88, 8
BEYOND = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
BOXES = "boxes => boxes.map(box => box.getBoundingClientRect()).map(b => [b.left, b.top, b.right, b.bottom])"


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """A running site whose codes are open."""
    open_codes(app)
    with running(app) as address:
        yield address


def opened(browser: Browser, **options: Any) -> Page:
    """Return a page as wide as the narrowest telephone, unless it is asked for otherwise."""
    return browser.new_page(**({"viewport": {"width": 320, "height": 640}} | options))


def to_faces(page: Page) -> None:
    """Go on to the first question with faces."""
    page.click("#begin")
    while not page.locator("section.on .faces").count():
        page.locator("#skip:visible, #next:visible").first.click()


@pytest.mark.parametrize("path", [YOUNGEST, CHILD, OLDER, f"{CHILD}?easy=1"])
def test_faces_are_as_large_as_a_childs_finger_needs_and_stand_apart(browser: Browser, site: str, path: str) -> None:
    page = opened(browser)
    page.goto(f"{site}/f/{path}")
    to_faces(page)
    faces = page.eval_on_selector_all("section.on .faces label", BOXES)
    for left, top, right, bottom in faces:
        assert min(right - left, bottom - top) >= BEST
    for place, (left, top, right, bottom) in enumerate(faces):
        for other_left, other_top, other_right, other_bottom in faces[place + 1 :]:
            beside = max(left, other_left) - min(right, other_right)
            below = max(top, other_top) - min(bottom, other_bottom)
            assert max(beside, below) >= GAP
    page.close()


def test_a_tap_draws_a_circle_round_a_face_and_another_rubs_it_out(browser: Browser, site: str) -> None:
    page = opened(browser, reduced_motion="reduce")
    page.goto(f"{site}/f/{CHILD}")
    to_faces(page)
    ring = page.locator("label:has(input[value=scared]) .ring")
    face = page.locator("label:has(input[value=scared])")
    for opacity in ("1", "0"):
        face.click()
        expect(ring).to_have_css("opacity", opacity)
    page.close()


@pytest.mark.parametrize("path", LOOKS)
def test_each_look_is_well_for_all_in_both_schemes_and_with_text_twice_as_large(
    browser: Browser, site: str, path: str
) -> None:
    page = opened(browser)
    page.goto(f"{site}/f/{path}")
    for act in ("#begin", "#next, #skip"):
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            assert axe_problems(page) == [], scheme
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate(BEYOND) == 0
        page.evaluate("document.documentElement.style.fontSize = ''")
        page.locator(act).locator("visible=true").last.click()
    page.close()


def answer(app: Flask, state: str) -> str:
    """Return the page that a sending gets in one state."""
    client, version = app.test_client(), version_of(open_codes(app), CHILD)
    sent = page_sending(version)
    if state == "mend":
        del sent["answered"]
    if state == "worried":
        sent.setlist("talk", ["yes"])
    if state == "held":
        sent["q2a"] = "x " * 40_000
    if state == "already":
        client.post(f"/f/{CHILD}", data=sent)
        sent["q2a"] = "Something else."
    return client.post(f"/f/{CHILD}", data=sent).get_data(as_text=True)


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("thanks", "Thank you for telling us"),
        ("worried", "It was good that you told us."),
        ("mend", "Nothing is lost. There is something to mend."),
        ("held", "What you wrote"),
        ("already", "Your answers are already here"),
    ],
)
def test_what_comes_back_is_well_for_all_in_both_schemes(browser: Browser, app: Flask, state: str, says: str) -> None:
    page = opened(browser)
    page.set_content(answer(app, state))
    expect(page.get_by_text(says).first).to_be_visible()
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert axe_problems(page) == []
        assert page.evaluate(BEYOND) == 0
    page.close()


def test_strong_contrast_and_forced_colours_keep_what_is_chosen_to_be_seen(browser: Browser, site: str) -> None:
    page = opened(browser)
    page.emulate_media(forced_colors="active", contrast="more")
    page.goto(f"{site}/f/{CHILD}")
    to_faces(page)
    page.locator("label:has(input[value=scared])").click()
    expect(page.locator("label:has(input[value=scared]) .ring")).to_have_css("opacity", "1")
    assert axe_problems(page) == []
    page.close()


@pytest.mark.parametrize("path", LOOKS)
def test_it_prints_as_a_paper_form_with_every_question_and_no_button(browser: Browser, site: str, path: str) -> None:
    page = opened(browser)
    page.goto(f"{site}/f/{path}")
    page.click("#begin")
    page.emulate_media(media="print")
    questions = page.locator("section[id^='c-']")
    assert questions.count() == questions.locator("visible=true").count() > 0
    expect(page.locator("button:visible")).to_have_count(0)
    page.close()
