"""Which language a page speaks: the one that its address names, else the one the browser likes, else English."""

import pytest
from flask import Flask

from hscb_voice.web import languages
from hscb_voice.web.languages import Language, chosen_language

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def _two_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(languages.LANGUAGES, "ar", Language("ar", "العربية", "rtl"))


@pytest.mark.parametrize(
    ("address", "liked", "spoken"),
    [
        ("/?lang=ar", "en", "ar"),
        ("/?lang=en", "ar", "en"),
        ("/?lang=xx", "ar,en;q=0.5", "ar"),
        ("/", "fr", "en"),
        ("/", "", "en"),
    ],
)
def test_the_address_comes_before_the_browser(app: Flask, address: str, liked: str, spoken: str) -> None:
    with app.test_request_context(address, headers={"Accept-Language": liked}):
        assert chosen_language().code == spoken


def test_outside_a_request_it_is_english(app: Flask) -> None:
    assert app
    assert chosen_language().code == "en"


def test_a_page_of_another_language_says_so_and_runs_its_way(app: Flask) -> None:
    html = app.test_client().get("/?lang=ar").get_data(as_text=True)
    assert '<html lang="ar" dir="rtl"' in html
