"""Every page speaks the language that was chosen, to whomever it speaks, and nothing on it stays English by mistake."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from hscb_voice.collect.front import door_groups
from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.models import Response
from hscb_voice.web.languages import LANGUAGES
from tests.support.markup import Document, attribute, words_of
from tests.support.pages import PageChecker
from tests.support.pseudo import LONG, longer, speak_pseudo
from tests.support.sittings import CHILD, FORMS, PARENT, open_codes, page_sending, version_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def site(app: Flask) -> Platform:
    """The site's own platform, its codes open."""
    return open_codes(app)


@pytest.fixture
def pages(app: Flask, site: Platform) -> PageChecker:
    """A browser on that site."""
    assert site
    return PageChecker(app)


@pytest.mark.parametrize(
    "address", ["/", f"/f/{CHILD}", "/privacy", "/about-browsing", "/f/nobody-opened-this", "/you-said"]
)
@pytest.mark.parametrize("code", ["cy", "pl", "ro"])
def test_whoever_cannot_read_a_page_finds_the_own_language_first(pages: PageChecker, address: str, code: str) -> None:
    expect = 404 if "nobody" in address else 200
    page = pages.get(address, expect=expect)
    link = next(a for a in page.dom.all(".langs a") if attribute(a, "lang") == code)
    assert words_of(link).strip() == LANGUAGES[code].name
    before = page.text.split('class="ages langs"')[0]
    assert "<h1" not in before
    there = pages.get(f"{address}{attribute(link, 'href')}", expect=expect)
    assert f'<html lang="{code}" dir="ltr"' in there.text
    assert words_of(there.dom.one("h1")) != words_of(page.dom.one("h1"))


def test_the_age_stays_when_the_language_changes_and_the_language_when_the_age_does(pages: PageChecker) -> None:
    page = pages.get("/f/cp-conference-child?age=12-18")
    assert page.link("Polski") == "?lang=pl&age=12-18"
    polish = pages.get("/f/cp-conference-child?lang=pl&age=12-18")
    assert "?age=8-11&lang=pl" in [attribute(a, "href") for a in polish.dom.all(".start .ages a")]
    assert attribute(polish.dom.one("[name=language]"), "value") == "pl"


def test_a_browser_that_likes_polish_is_answered_in_polish_without_asking(pages: PageChecker) -> None:
    page = pages.get(f"/f/{CHILD}", headers={"Accept-Language": "pl-PL,pl;q=0.9,en;q=0.5"})
    assert "Twoja osoba wspierająca" in page.words()


def test_a_child_is_addressed_warmly_and_a_parent_politely(pages: PageChecker) -> None:
    child, parent = pages.get(f"/f/{CHILD}?lang=pl"), pages.get(f"/f/{PARENT}?lang=pl")
    assert "Czy chcesz, żeby ktoś z tobą o tym porozmawiał?" in child.words()
    assert "Czy chcą Państwo, żeby ktoś z Państwem o tym porozmawiał?" in parent.words()
    assert "Państw" not in child.text
    assert not re.search(r"\b(ty|ciebie|tobie|tobą|twój|twoja|twoje|chcesz|możesz)\b", parent.words().casefold())


def test_one_door_speaks_to_each_of_those_who_come_in(pages: PageChecker, app: Flask) -> None:
    with app.test_request_context("/?lang=pl"):
        entries = [entry for _, group in door_groups(app.extensions["collect"].ways.all_forms()) for entry in group]
    assert {entry.title for entry in entries if entry.slug == "event"} == {
        "Co o tym myślisz?",
        "Co Państwo o tym myślą?",
    }
    assert pages


def test_thanks_speak_the_language_of_the_answers_whatever_the_browser_likes(
    pages: PageChecker, site: Platform
) -> None:
    version = version_of(site, CHILD)
    for code, said in (
        ("pl", "Dziękujemy, że nam to mówisz"),
        ("en", "Thank you for telling us"),
        ("pl", "Dziękujemy"),
    ):
        sent = page_sending(version)
        sent["language"] = code
        # The same page of thanks is kept for everybody: no one request may put its own language into it.
        thanks = pages.post(f"/f/{CHILD}", sent, expect=200, headers={"Accept-Language": "ro"})
        assert said in words_of(thanks.dom.one("h1"))
        assert f'<html lang="{code}"' in thanks.text
        assert attribute(thanks.dom.one(".receipt"), "lang") == "en"


def test_what_must_be_mended_is_said_in_the_language_with_its_number(pages: PageChecker, site: Platform) -> None:
    for slug, said in (
        (CHILD, "to jest dłuższe niż 5000 znaków; skróć to, proszę, trochę"),
        (PARENT, "to jest dłuższe niż 5000 znaków; prosimy trochę to skrócić"),
    ):
        sent = page_sending(version_of(site, slug))
        sent["language"], sent["anything_else"] = "pl", "a" * 5001
        page = pages.post(f"/f/{slug}?lang=pl", sent, expect=422)
        assert said in words_of(page.dom.one(".summary"))


def test_words_that_could_not_be_kept_come_back_in_the_language(pages: PageChecker, site: Platform) -> None:
    sent = page_sending(version_of(site, CHILD))
    sent["anything_else"] = "a" * 70_000
    page = pages.post(f"/f/{CHILD}?lang=cy", sent, expect=413)
    assert "Mae hynny'n llawer i'w ddweud" in words_of(page.dom.one("h1"))
    assert not page.dom.all(".langs"), "a link away from the page would lose the words on it"


def test_the_answer_is_kept_with_its_language(pages: PageChecker, site: Platform) -> None:
    sent = page_sending(version_of(site, CHILD))
    sent["language"] = "ro"
    pages.post(f"/f/{CHILD}", sent, expect=200)
    with site.database.reading() as connection:
        assert connection.execute(select(Response.language)).scalars().all() == ["ro"]


# What is no language: numbers and signs. And what a script reads but never shows.
_NO_WORDS = re.compile(r"[\d\s\W_]*")
_FOR_THE_SCRIPT = {"data-if", "data-from"}
_SAID = re.compile(r"\[[^\[\]]*·~\]")


def unsaid(html: str, *names: str) -> list[str]:
    """Return the words of a page that never went through a catalogue, names left out."""
    found = []
    for element in Document(html).elements():
        texts = [child.data for child in element.children if child.name == "#text"]
        texts += [attribute(element, name) or "" for name in ("aria-label", "alt", "title", "placeholder")]
        texts += [words or "" for name, words in element.attrs.items() if name.startswith("data-")]
        if element.name not in {"style", "script", "textarea"} and not _FOR_THE_SCRIPT & set(element.attrs):
            found += [text.strip() for text in texts]
    return [text for text in found if text not in names and not _NO_WORDS.fullmatch(_without_said(text))]


def _without_said(text: str) -> str:
    while (less := _SAID.sub("", text)) != text:  # one text may stand inside another
        text = less
    return text


@pytest.fixture
def pseudo(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pseudo-languages are offered."""
    speak_pseudo(monkeypatch)


def test_no_word_on_any_page_is_left_out_of_the_catalogues(pseudo: None, pages: PageChecker, site: Platform) -> None:
    del pseudo
    control = f"<p>{longer('Hello')}</p><p>Hello</p><a aria-label='Go'>1</a><form data-busy='Sending'></form>"
    assert unsaid(control) == ["Hello", "Go", "Sending"], "the search itself finds nothing"
    names = (site.settings.board_name, *(language.name for language in LANGUAGES.values()))
    forms = [f"/f/{slug}?age={age or ''}" for slug, age in FORMS]
    for address in ("/?", "/privacy?", "/about-browsing?", "/you-said?", *forms):
        html = pages.get(f"{address}&lang={LONG.code}").text
        assert unsaid(html, *names) == [], address


def test_no_word_of_what_answers_a_sending_is_left_out_of_the_catalogues(
    pseudo: None, pages: PageChecker, site: Platform
) -> None:
    del pseudo
    names = (site.settings.board_name, *(language.name for language in LANGUAGES.values()))
    for slug in (CHILD, PARENT):
        sent = page_sending(version_of(site, slug))
        sent["language"], address = LONG.code, f"/f/{slug}?lang={LONG.code}"
        wrong = sent.copy()
        wrong["anything_else"] = "a" * 5001
        mend = pages.post(address, wrong, expect=422)
        thanks = pages.post(address, sent, expect=200)
        sent["anything_else"] = "Another word."
        already = pages.post(address, sent, expect=409)
        sent["anything_else"] = "a" * 70_000
        held = pages.post(address, sent, expect=413)
        receipt = words_of(thanks.dom.one(".receipt")).strip()
        for page in (mend, thanks, already, held):
            assert unsaid(page.text, receipt, *names) == [], page.address
