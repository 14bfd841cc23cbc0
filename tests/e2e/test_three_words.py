"""Coming back with three words in a real browser: see what became of it, add something, take it back."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.queries import response_of_receipt
from hscb_voice.responses.words import comments_of
from tests.support.answering import keep_answer
from tests.support.browser import running, watch
from tests.support.journeys import TELEPHONE, is_well
from tests.support.sittings import open_codes

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


def words_kept(platform: Platform, receipt: str) -> list[str] | None:
    """Return the words of the answer to which a receipt leads; None when it leads nowhere."""
    with platform.database.reading() as connection:
        found = response_of_receipt(connection, platform.keys, receipt)
        return [one.text for one in comments_of(connection, platform.keys, [found])] if found else None


def press(page: Page, name: str, heading: str) -> None:
    """Press a button, and look at the page to which it leads."""
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()
    is_well(page)


def test_a_child_comes_back_adds_something_and_takes_it_all_back(app: Flask, browser: Browser) -> None:
    platform = open_codes(app)
    receipt = keep_answer(platform, {"q2a": "She played with me."}).receipt
    with running(app) as site, browser.new_context(viewport=TELEPHONE) as context:
        page = context.new_page()
        faults = watch(page)
        page.goto(f"{site}/my-answer")
        is_well(page)
        page.get_by_label("Your three words").fill(receipt.replace("-", "  ").upper())
        press(page, "Go", "Your answer")
        expect(page.locator("main")).to_contain_text("A person will read your words soon.")
        page.get_by_label("We keep it with your answer").fill("She came on time, too.")
        press(page, "Add this", "Your answer")
        expect(page.get_by_role("status")).to_have_text("We have added it. A person will read it.")
        assert sorted(words_kept(platform, receipt) or []) == ["She came on time, too.", "She played with me."]
        press(page, "Take my answer back", "Take your answer back?")
        press(page, "No, keep it", "Your answer")
        press(page, "Take my answer back", "Take your answer back?")
        press(page, "Yes, take it back", "Your answer is gone")
        assert words_kept(platform, receipt) is None
        assert receipt not in page.url
        assert faults == []
