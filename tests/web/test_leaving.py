"""“Leave this page”: where it leads, that it is on every page, and the words that tell of it."""

import pytest
from flask import Flask

from hscb_voice.language.reading_level import reading_level
from hscb_voice.web.exits import DEFAULT_EXIT, know_exits
from tests.support.markup import attribute, words_of
from tests.support.pages import PageChecker
from tests.support.sittings import CHILD, PARENT, open_codes, page_sending, version_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
OWN = "https://weather.example/today"


@pytest.fixture
def site(app: Flask) -> Flask:
    """A site on which one service has an address of its own."""
    open_codes(app)
    know_exits(app, lambda: {"Family support": OWN})
    return app


def leads_to(page_text: str, address: str) -> bool:
    return f'<a id="leave" href="/go?to={address}">' in page_text


def test_it_is_on_every_page_with_its_script(site: Flask) -> None:
    pages = PageChecker(site)
    sent = page_sending(version_of(site.extensions["voice"], CHILD))
    shown = [pages.get(address) for address in ("/", "/privacy", "/about-browsing")]
    shown += [pages.get(f"/f/{CHILD}"), pages.get("/f/nobody", expect=404), pages.get("/none", expect=404)]
    shown.append(pages.post(f"/f/{CHILD}", {**sent, "answered": ""}, expect=422))
    shown.append(pages.post("/f/nobody", sent, expect=410))
    shown += [pages.post(f"/f/{CHILD}", sent, expect=200), pages.post(f"/f/{CHILD}", {**sent, "q2a": "x"}, expect=409)]
    for page in shown:
        assert words_of(page.dom.one("#leave")) == "Leave this page", page.address
        assert site.extensions["respondent_look"].script in page.text, page.address
        for word in ("abuse", "Safeguarding", "leave", "exit"):
            assert word not in page.words("title"), page.address
        assert attribute(page.dom.one("link[rel=icon]"), "href") == "data:,"


def test_it_leads_where_the_service_of_the_code_says_and_elsewhere_to_the_usual(site: Flask) -> None:
    pages = PageChecker(site)
    sent = page_sending(version_of(site.extensions["voice"], CHILD))
    assert leads_to(pages.get(f"/f/{CHILD}").text, OWN)
    assert leads_to(pages.post(f"/f/{CHILD}", sent, expect=200).text, OWN)
    assert leads_to(pages.get("/").text, DEFAULT_EXIT)
    know_exits(site, lambda: {"": "https://other.example/"})
    assert leads_to(pages.get(f"/f/{CHILD}").text, "https://other.example/")


def test_row_s6_without_script_browsers_forget_our_pages_on_the_way(site: Flask) -> None:
    client = site.test_client()
    blank = client.get(f"/go?to={OWN}")
    assert f'content="0;url=/go/on?to={OWN}"' in blank.text
    assert "<body></body>" in blank.text
    away = client.get(f"/go/on?to={OWN}")
    assert (away.status_code, away.headers["Location"]) == (303, OWN)
    assert away.headers["Clear-Site-Data"] == '"cache"'


@pytest.mark.parametrize("strange", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "", "/f/x"])
def test_nobody_is_led_to_an_address_that_was_not_set_here(site: Flask, strange: str) -> None:
    client = site.test_client()
    for address in ("/go", "/go/on"):
        answer = client.get(address, query_string={"to": strange})
        assert "evil" not in answer.text + answer.headers.get("Location", "")
    assert client.get("/go/on", query_string={"to": strange}).headers["Location"] == DEFAULT_EXIT


@pytest.mark.parametrize(("slug", "grade", "longest"), [(CHILD, 3, 12), ("cidva-child-5-8", 3, 12), (PARENT, 6, 20)])
def test_those_who_answer_can_read_how_to_leave(site: Flask, slug: str, grade: float, longest: int) -> None:
    page = PageChecker(site).get(f"/f/{slug}")
    level = reading_level([words_of(part).strip() for part in page.dom.all("#leaving h2, #leaving p, #leaving li")])
    assert level.grade <= grade, level
    assert level.longest_sentence <= longest
    assert "history" in page.words("#leaving")


def test_professionals_are_not_told_but_can_leave(site: Flask) -> None:
    page = PageChecker(site).get("/f/cidva-professional")
    assert not page.dom.all("#leaving")
    assert page.dom.one("#leave")


def test_a_parent_can_read_how_to_look_at_pages_without_a_trace(site: Flask) -> None:
    page = PageChecker(site).get("/about-browsing")
    level = reading_level([words_of(part).strip() for part in page.dom.all("#browsing p, #browsing li")])
    assert level.grade <= 6, level
    assert level.longest_sentence <= 20, level
    assert page.words("title") == "About browsing"
    assert PageChecker(site).get(f"/f/{CHILD}").link("What you can do about that").startswith("/about-browsing")
