"""K4: without the right key the form is still shown, nothing is stored, and the words stay on the child's page."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from hscb_voice.factory import create_app
from hscb_voice.foundation import keys as keys_module
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.key_sources import make_key
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings
from hscb_voice.responses.models import Response
from tests.support.installations import OLD_KEY, register_keys
from tests.support.pages import PageChecker
from tests.support.sittings import CHILD, open_codes, page_sending, version_of

WORDS = "I want to tell this, and it must not be lost."


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """The keys are looked at before every use."""
    monkeypatch.setattr(keys_module, "NOTICED_WITHIN_SECONDS", 0.0)


@pytest.fixture
def site(app: Flask) -> Platform:
    """The site's own platform, its codes open and its key known."""
    platform = open_codes(app)
    register_keys(platform)
    return platform


@pytest.fixture
def pages(app: Flask, site: Platform) -> PageChecker:
    """A browser on that site that has opened the form."""
    assert site
    checker = PageChecker(app)
    checker.get(f"/f/{CHILD}")
    return checker


def _rows(site: Platform) -> int:
    with site.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(Response)).scalar_one()


def _held_and_later_sent(pages: PageChecker, site: Platform, settings: Settings, key: str) -> None:
    sent = page_sending(version_of(site, CHILD))
    sent["q2a"] = WORDS
    page = pages.post(f"/f/{CHILD}", sent, expect=503)
    assert int(page.response.headers["Retry-After"]) > 0
    assert "Your words are still on this page." in page.words("main")
    assert WORDS in page.text
    assert pages.get(f"/f/{CHILD}").dom.all("#c-q2")
    assert _rows(site) == 0
    for file in settings.data_folder.glob("voice.db*"):
        assert WORDS.encode() not in file.read_bytes()
    (settings.keys_folder / f"{OLD_KEY}.key").write_text(key)
    (settings.keys_folder / f"{OLD_KEY}.key").chmod(0o600)
    assert pages.submit(page, expect=200).words(".receipt")
    assert _rows(site) == 1


def test_k4_without_the_key_the_words_wait_on_the_page_until_it_is_back(
    pages: PageChecker, site: Platform, settings: Settings
) -> None:
    file = settings.keys_folder / f"{OLD_KEY}.key"
    key = file.read_text()
    file.unlink()
    _held_and_later_sent(pages, site, settings, key)


def test_k4_with_a_wrong_key_of_the_same_name_it_is_the_same(
    pages: PageChecker, app: Flask, site: Platform, settings: Settings, clock: SetClock
) -> None:
    """The process starts with a key that was copied from somewhere else."""
    file = settings.keys_folder / f"{OLD_KEY}.key"
    key = file.read_text()
    file.unlink()
    make_key(settings.keys_folder, OLD_KEY)
    wrong = create_app(replace(settings), clock)
    wrong.testing = True
    checker = PageChecker(wrong)
    checker.get(f"/f/{CHILD}")
    sent = page_sending(version_of(site, CHILD))
    sent["q2a"] = WORDS
    page = checker.post(f"/f/{CHILD}", sent, expect=503)
    assert WORDS in page.text
    assert _rows(site) == 0
    assert app
    assert pages
    wrong.extensions["voice"].database.dispose()
    file.write_text(key)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_k4_a_process_that_starts_without_any_key_shows_the_form_and_keeps_nothing(
    settings: Settings, clock: SetClock, site: Platform, tmp_path: Path
) -> None:
    bare = create_app(replace(settings, keys_folder=tmp_path / "no keys"), clock)
    bare.testing = True
    checker = PageChecker(bare)
    assert checker.get(f"/f/{CHILD}").dom.all("#c-q2")
    checker.post(f"/f/{CHILD}", page_sending(version_of(site, CHILD)), expect=503)
    assert _rows(site) == 0
    bare.extensions["voice"].database.dispose()
