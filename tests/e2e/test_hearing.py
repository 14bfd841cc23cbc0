"""Hearing a page read aloud: by the device's own voices, only when asked, and silent as soon as the screen changes.

Chromium on a server has no voices; the test gives it a list of them, and notes each call of speak and cancel.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import axe_problems, running, watch
from tests.support.sittings import CHILD, PARENT, open_codes

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
VOICES = """
window.voices = [
  {name: "far", lang: "en-GB", localService: false}, {name: "near-us", lang: "en-US", localService: true},
  {name: "near", lang: "en_GB", localService: true}, {name: "polska", lang: "pl-PL", localService: true},
  {name: "cymraeg", lang: "cy-GB", localService: true}, {name: "romana", lang: "ro-RO", localService: true},
];
window.calls = [];
window.SpeechSynthesisUtterance = function (text) { this.text = text };
const fake = {
  getVoices: () => window.voices,
  speak: (said) => { window.calls.push([said.text, said.lang, said.voice.name]); said.onstart(); window.last = said },
  cancel: () => { window.calls.push(null) },
};
Object.defineProperty(window, "speechSynthesis", { value: fake });
"""
NO_VOICES = "window.later = window.voices; window.voices = [];"
# On a question's screen the form's title is there for screen readers only.
VISIBLE = """[...document.querySelectorAll("main,aside,header")].flatMap(part => part.innerText.split("\\n"))
    .filter(line => line !== document.querySelector("html.asking h1")?.innerText)"""


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """A running site whose codes are open."""
    open_codes(app)
    with running(app) as address:
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A telephone with voices of its own; whatever the browser complains of fails the test."""
    with browser.new_context(viewport={"width": 360, "height": 640}) as context:
        context.add_init_script(VOICES)
        page = context.new_page()
        faults = watch(page)
        yield page
        assert faults == []


def calls(page: Page) -> list[Any]:
    """Return what was said and stopped since the last look: a text with its language and voice, or None for a stop."""
    return list(page.evaluate("window.calls.splice(0)"))


def said(page: Page) -> list[str]:
    """Return the texts said since the last look."""
    return [call[0] for call in calls(page) if call]


def press(page: Page, name: str) -> None:
    """Press the button of this name that is on the screen."""
    page.get_by_role("button", name=name, exact=True).click()


def begin(page: Page) -> None:
    """Go to the first question, past the page about leaving."""
    press(page, "Start")
    press(page, "Next")


def squeezed(text: str) -> str:
    """Return a text without the difference between its spaces and line ends."""
    return " ".join(text.split())


def check_all_is_heard(page: Page) -> None:
    """Listen, and see that every line of words on the screen was said, once and in whole."""
    lines = [squeezed(line) for line in page.evaluate(VISIBLE) if line.strip()]
    lines = [line for line in lines if line != "Listen"]
    calls(page)
    press(page, "Listen")
    texts = [squeezed(text) for text in said(page)]
    missing = [line for line in lines if not any(line in text for text in texts)]
    assert missing == []
    assert len(texts) == len(set(texts)) or page.locator(".on .row").count(), texts  # a grid repeats its points
    press(page, "Stop")


def test_h1_every_question_option_help_text_and_button_can_be_heard(page: Page, site: str) -> None:
    page.goto(f"{site}/f/{CHILD}")
    check_all_is_heard(page)
    press(page, "Start")
    for _ in range(40):
        check_all_is_heard(page)
        if page.locator("#end").is_visible():
            break
        if page.locator("#skip").is_visible():
            press(page, "Skip")
        else:
            press(page, "Next")  # it must be answered; the page says so, and that is heard too
            check_all_is_heard(page)
            page.locator(".on label").first.click()
            press(page, "Next")
    page.get_by_text("Or would you rather just talk to someone?").click()
    check_all_is_heard(page)
    press(page, "Send my answers")
    expect(page.locator(".receipt")).to_be_visible()
    check_all_is_heard(page)


def test_a_grid_is_heard_row_by_row(page: Page, site: str) -> None:
    page.goto(f"{site}/f/{PARENT}")
    begin(page)
    while not page.locator(".on .row").count():
        press(page, "Skip")
    check_all_is_heard(page)


@pytest.mark.parametrize("address", ["/", "/privacy"])
def test_the_pages_around_the_forms_are_heard_too(page: Page, site: str, address: str) -> None:
    page.goto(site + address)
    check_all_is_heard(page)


def test_h1_it_speaks_the_pages_language_with_the_nearest_voice_of_the_device(page: Page, site: str) -> None:
    page.goto(f"{site}/f/{CHILD}")
    page.evaluate("document.querySelector('.promises li').lang = 'pl'")
    press(page, "Listen")
    spoken = {text: (lang, voice) for text, lang, voice in filter(None, calls(page))}
    assert spoken.pop("Cymraeg") == ("cy-GB", "cymraeg")  # a language's own name, in the picker
    assert spoken.pop("Română") == ("ro-RO", "romana")
    assert [voice for voice in spoken.values() if voice == ("pl-PL", "polska")] == [("pl-PL", "polska")] * 2
    assert set(spoken.values()) == {("en_GB", "near"), ("pl-PL", "polska")}


@pytest.mark.parametrize("only", ["far", "polska"])
def test_h1_it_shows_no_button_where_no_voice_of_the_device_speaks_the_language(
    page: Page, site: str, only: str
) -> None:
    page.add_init_script(f"window.voices = window.voices.filter(one => one.name === '{only}')")
    page.goto(f"{site}/f/{CHILD}")
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    expect(page.get_by_role("button", name="Listen")).to_be_hidden()


def test_it_shows_its_button_when_voices_arrive_late_and_nothing_moves(page: Page, site: str) -> None:
    page.add_init_script(NO_VOICES)
    page.add_init_script("""window.moved = 0; new PerformanceObserver(list => {
        for (const entry of list.getEntries()) window.moved += entry.value }).observe({type: "layout-shift"})""")
    page.goto(f"{site}/f/{CHILD}")
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    expect(page.get_by_role("button", name="Listen")).to_be_hidden()
    page.evaluate("window.voices = window.later; speechSynthesis.onvoiceschanged()")
    expect(page.get_by_role("button", name="Listen")).to_be_visible()
    assert page.evaluate("window.moved") == 0


def test_h1_it_never_starts_by_itself(page: Page, site: str) -> None:
    page.goto(f"{site}/f/{CHILD}")
    begin(page)
    page.get_by_text("A few times").click()
    press(page, "Next")
    page.keyboard.press("Tab")
    assert said(page) == []


def test_h1_it_stops_when_the_screen_changes_and_says_no_more_there(page: Page, site: str) -> None:
    page.goto(f"{site}/f/{CHILD}")
    press(page, "Listen")
    for act in ("Start", "Next", "Skip", "Back"):
        calls(page)
        press(page, act)
        assert None in calls(page)
        expect(page.get_by_role("button", name="Listen")).to_be_visible()
        press(page, "Listen")
    calls(page)
    page.go_back()
    assert calls(page) == [None]


@pytest.mark.parametrize(
    "event", ["document.dispatchEvent(new Event('visibilitychange'))", "dispatchEvent(new Event('pagehide'))"]
)
def test_h1_it_stops_when_the_page_is_hidden_or_left(page: Page, site: str, event: str) -> None:
    page.goto(f"{site}/f/{CHILD}")
    press(page, "Listen")
    assert said(page)
    page.evaluate(event)
    assert set(calls(page)) == {None}
    expect(page.get_by_role("button", name="Stop")).to_be_hidden()


def test_h1_once_asked_for_each_answer_says_its_word_when_it_is_chosen_until_stopped(page: Page, site: str) -> None:
    page.goto(f"{site}/f/{CHILD}")
    begin(page)
    press(page, "Listen")
    calls(page)
    page.get_by_text("A few months").click()
    assert said(page) == ["A few months"]
    press(page, "Stop")
    calls(page)
    page.get_by_text("Longer").click()
    assert said(page) == []


def test_it_works_by_keyboard_marks_what_is_said_and_is_well_for_all(page: Page, site: str) -> None:
    page.goto(f"{site}/f/{CHILD}")
    page.get_by_role("button", name="Listen").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Stop")).to_be_focused()
    expect(page.locator(".heard")).to_have_count(1)
    assert axe_problems(page) == []
    calls(page)
    page.keyboard.press("Tab")
    assert len(said(page)) == 1
    page.evaluate("window.last.onend()")
    expect(page.locator(".heard")).to_have_count(0)
    expect(page.get_by_role("button", name="Listen")).to_be_visible()
