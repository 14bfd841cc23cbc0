"""What a child or a parent is shown: every form at every age well made, light, and the same for everyone but its id."""

import gzip
from dataclasses import replace

import pytest
from flask import Flask

from hscb_voice.collect.pages import Form
from hscb_voice.factory import create_app
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.ids import is_id
from hscb_voice.foundation.settings import Settings
from hscb_voice.questionnaires.definition import Kind
from hscb_voice.questionnaires.reading import all_definitions
from hscb_voice.web.exits import DEFAULT_EXIT
from hscb_voice.web.headers import content_hash
from hscb_voice.web.languages import LANGUAGES
from tests.support.markup import attribute
from tests.support.pages import PageChecker
from tests.support.sittings import (
    CHILD,
    FORMS,
    LONGEST,
    PARENT,
    SLUGS,
    open_codes,
    page_sending,
    sitting_of,
    version_of,
)

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def pages(app: Flask) -> PageChecker:
    """A browser on a site whose codes are open."""
    open_codes(app)
    return PageChecker(app)


def test_every_form_at_every_age_is_well_made_and_asks_each_of_its_questions(pages: PageChecker) -> None:
    by_slug = {definition.slug: definition for definition in all_definitions()}
    for slug, variant in FORMS:
        page = pages.get(f"/f/{slug}?age={variant}" if variant else f"/f/{slug}")
        asked = [attribute(card, "id") for card in page.dom.all("form section[role=group]")]
        assert asked == [f"c-{question.key}" for question in by_slug[slug].asked_of(variant)]
        assert "Or would you rather just talk to someone?" in page.words("aside")
        numbers = {attribute(link, "href") for link in page.dom.all("aside a")}
        assert {"tel:999", "tel:08001111"} <= numbers


def test_each_sitting_has_an_id_of_its_own_and_all_else_is_the_same(pages: PageChecker) -> None:
    one, other = pages.get(f"/f/{CHILD}").text, pages.get(f"/f/{CHILD}").text
    assert is_id(sitting_of(one))
    assert sitting_of(one) != sitting_of(other)
    assert one.replace(sitting_of(one), "") == other.replace(sitting_of(other), "")


# The bar is 10,000 bytes. A server adds 21 of its own. `python -m bench.wire` weighs every page there is.
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "path", [f"{LONGEST}?", f"{CHILD}?", f"{CHILD}?easy=1", "cp-conference-child?age=12-18&easy=1"]
)
def test_the_heaviest_forms_are_one_request_and_light_in_every_language(
    pages: PageChecker, path: str, lang: str
) -> None:
    path = f"{path}&lang={lang}"
    page = pages.get(f"/f/{path}")
    assert not page.dom.all("img") + page.dom.all("link[rel=stylesheet]") + page.dom.all("[src]")
    response = pages.client.get(f"/f/{path}", headers={"Accept-Encoding": "gzip, deflate, br, zstd"})
    assert response.headers["Content-Encoding"] == "br"
    assert response.headers["Vary"] == "Accept-Encoding"
    headers = sum(len(name) + len(value) + 4 for name, value in response.headers.items())
    assert len(response.data) + headers <= 10_000 - 21, "has “make setup” made the script small?"


def test_a_browser_that_unpacks_nothing_gets_the_same_form(pages: PageChecker) -> None:
    plain = pages.client.get(f"/f/{CHILD}").get_data(as_text=True)
    packed = gzip.decompress(pages.client.get(f"/f/{CHILD}", headers={"Accept-Encoding": "gzip"}).data).decode()
    assert plain.replace(sitting_of(plain), "") == packed.replace(sitting_of(packed), "")


def test_only_the_pages_own_script_and_style_may_run_whatever_else_is_written_into_it(pages: PageChecker) -> None:
    page = pages.get(f"/f/{CHILD}")
    policy = page.response.headers["Content-Security-Policy"]
    for tag in ("script", "style"):
        inside = page.text.split(f"<{tag}>")[1].split(f"</{tag}>")[0]
        assert content_hash(inside) in policy
    assert "unsafe" not in policy


def test_a_look_comes_without_what_only_other_looks_need(pages: PageChecker) -> None:
    child, adult = (pages.get(f"/f/{slug}").text for slug in ("cidva-child-5-8", LONGEST))
    assert ".few" in child
    assert ".few" not in adult
    assert ".receipt" in adult  # what takes the form's place needs its style


def test_no_cookie_is_ever_set_and_no_other_place_is_named(pages: PageChecker) -> None:
    for address in ("/", *(f"/f/{slug}" for slug in SLUGS), "/f/nobody-opened-this"):
        response = pages.client.get(address)
        assert "Set-Cookie" not in response.headers
        # Only “Leave this page” leads elsewhere, and nothing is loaded from there.
        assert "http" not in response.get_data(as_text=True).replace(f'href="/go?to={DEFAULT_EXIT}"', "")


def test_every_face_is_named_by_its_visible_word(pages: PageChecker) -> None:
    page = pages.get(f"/f/{CHILD}")
    cards = page.dom.all("#c-q2 label")
    assert [card.to_text().strip() for card in cards] == [
        "Really sad", "Really happy", "Sad", "Scared", "Angry", "Confused / worried", "Happy", "Okay",
    ]  # fmt: skip
    assert all(attribute(drawing, "aria-hidden") == "true" for drawing in page.dom.all("svg"))


def test_a_question_with_a_condition_says_so_where_there_is_no_script(pages: PageChecker) -> None:
    by_slug = {definition.slug: definition for definition in all_definitions()}
    found = 0
    for slug, variant in FORMS:
        page = pages.get(f"/f/{slug}" + (f"?age={variant}" if variant else ""))
        for question in by_slug[slug].asked_of(variant):
            if question.ask_if is not None:
                found += 1
                assert page.words(f"#c-{question.key} .hint").startswith("Only if you said “")
    assert found


def test_the_invitations_age_is_not_asked_again(app: Flask) -> None:
    platform = open_codes(app)
    version = version_of(platform, CHILD)
    with app.test_request_context():
        room = app.extensions["collect"]
        html = room.pages.form(Form(version, "under-9", LANGUAGES["en"], chooses_age=False)).filled("x", "").decode()
    assert "?age=" not in html
    assert 'class="young_child easy"' in html


def test_an_age_that_does_not_exist_gives_the_first(pages: PageChecker) -> None:
    assert pages.get(f"/f/{CHILD}?age=grown-up").dom.one("html").attrs["class"] == "child"
    assert pages.get(f"/f/{CHILD}?age=under-9").dom.one("html").attrs["class"] == "young_child easy"


def test_the_grid_names_each_row_and_each_point(pages: PageChecker) -> None:
    page = pages.get(f"/f/{PARENT}")
    rows = page.dom.all("[role=radiogroup]")
    question = next(q for q in all_definitions() if q.slug == PARENT).question("q3")
    assert question is not None
    assert question.kind is Kind.GRID
    assert len(rows) == len(question.rows)
    assert len(page.dom.all("#c-q3 input")) == len(question.rows) * len(question.options)


@pytest.mark.parametrize("address", ["/f/nobody-opened-this", "/f/%00", "/f/Ä", "/f/" + "a" * 200, "/nothing/here"])
def test_an_address_that_leads_nowhere_offers_help_and_no_code(pages: PageChecker, address: str) -> None:
    page = pages.get(address, expect=404)
    assert "404" not in page.words("body")
    assert "0800 1111" in page.words("main")


def test_outside_the_demonstration_the_front_door_asks_for_the_code(pages: PageChecker) -> None:
    page = pages.get("/")
    assert not page.dom.all("main ul.os")
    typed = pages.submit(page, {"code": "  Support WORKER-child "}, expect=303)
    assert typed.location.endswith(f"/f/{CHILD}?lang=en")
    assert pages.submit(page, {"code": " ?! "}, expect=303).location == "/?lang=en"


def test_in_the_demonstration_the_front_door_leads_to_every_form(
    settings: Settings, clock: SetClock, app: Flask
) -> None:
    open_codes(app)
    shown = create_app(replace(settings, demonstration=True), clock)
    pages = PageChecker(shown)
    page = pages.get("/")
    doors = {(attribute(link, "href") or "").split("?")[0] for link in page.dom.all("main a")}
    assert doors >= {f"/f/{slug}" for slug in SLUGS} | {"/staff/"}
    assert "demonstration" in page.words("body")
    assert "demonstration" in pages.get(f"/f/{CHILD}").words("body")
    shown.extensions["voice"].database.dispose()


def test_health_is_told_without_a_word_about_answers(pages: PageChecker, clock: SetClock, app: Flask) -> None:
    assert pages.client.get("/healthz").json == {"alive": True}
    assert pages.client.get("/readyz").json == {"database": True, "worker": "never seen", "forwarded": 0}
    app.extensions["voice"].jobs.beat("one")
    assert pages.client.get("/readyz").json == {"database": True, "worker": "seen", "forwarded": 0}
    clock.moment = clock.moment.replace(hour=11)
    assert pages.client.get("/readyz").json == {"database": True, "worker": "stale", "forwarded": 0}


def test_easy_mode_asks_fewer_questions_with_pictures_and_keeps_age_and_language(pages: PageChecker) -> None:
    usual, easy = pages.get(f"/f/{CHILD}?age=9-and-over"), pages.get(f"/f/{CHILD}?age=9-and-over&easy=1")
    assert easy.dom.one("html").attrs["class"] == "child easy"
    assert not usual.dom.all(".pic")
    assert easy.dom.all("#c-q3 label .pic")
    missing = {q.attrs["id"] for q in usual.dom.all(".q")} - {q.attrs["id"] for q in easy.dom.all(".q")}
    assert missing == {"c-q6"}
    links = [attribute(link, "href") for link in easy.dom.all(".ages a")]
    assert "?age=under-9&lang=en&easy=1" in links
    assert "?lang=en&age=9-and-over" in links


def test_every_picture_that_a_form_names_is_drawn_in_the_page(pages: PageChecker) -> None:
    for slug, variant in FORMS:
        page = pages.get(f"/f/{slug}?easy=1" + (f"&age={variant}" if variant else ""))
        wanted = {(attribute(use, "href") or "").removeprefix("#") for use in page.dom.all("use")}
        drawn = {attribute(symbol, "id") for symbol in page.dom.all("symbol")}
        assert wanted <= drawn, slug
        assert all(symbol.children for symbol in page.dom.all("symbol")), slug


def test_an_easy_form_that_must_be_mended_comes_back_easy(app: Flask, pages: PageChecker) -> None:
    sent = page_sending(version_of(open_codes(app), CHILD))
    del sent["answered"]
    back = pages.post(f"/f/{CHILD}?easy=1", sent, expect=422)
    assert back.dom.one("html").attrs["class"] == "child easy"
    assert back.dom.all("#c-answered .pic")
