"""The page checker must itself be able to fail: each fault below is one that it has to name."""

import pytest
from flask import Flask, request

from hscb_voice.web.headers import install_headers, page_nonce
from tests.support.pages import PageChecker

GOOD = (
    "<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>Hello</title></head><body>"
    "<a href='#m'>Skip</a><main id='m'><h1>Heading</h1><p>one<p>two"
    "<form method='post' action='/save'><label for='a'>A</label><input id='a' name='a' value='3'>"
    "<label><input type='radio' name='r' value='1' checked> One</label>"
    "<textarea name='t' aria-label='T'>words</textarea><input type='hidden' name='h' value='kept'>"
    "<select name='s' aria-label='S'><option value='1'>x</option><option selected>why</option></select>"
    "<button>Send</button></form></main></body></html>"
)
FAULTS = {
    "<div><p>x</div></div>": "closes",
    "<div>": "never closed",
    "<p id='x' id='y'>x</p>": "twice",
    "<p id='m'>x</p>": "stands 2 times",
    "<h1>Second</h1>": "first headings",
    "<input name='q'>": "'q' has no label",
    "<select name='q'></select>": "'q' has no label",
    "<label for='zz'>x</label>": "a label is for 'zz'",
    "<p aria-describedby='zz'>x</p>": "names 'zz'",
    "<img src='/'>": "no alt",
    "<button></button>": "no words",
    "<fieldset></fieldset>": "no legend",
    "<p style='a:b'>x</p>": "style attribute",
    "<p onclick='x()'>x</p>": "has onclick",
    "<script>x()</script>": "inline <script>",
    "<style>a{}</style>": "inline <style>",
    "<script src='https://cdn.example/x.js'></script>": "another place",
    "<script src='/static/none.js'></script>": "is not there",
    "<a href='/nowhere'>x</a>": "leads nowhere",
    "<a href='#no'>x</a>": "not on the page",
    "<a href='http://example.org/'>x</a>": "a link goes to http://",
    "<form method='post' action='/'><button>x</button></form>": "not a method",
    "{{ name }}": "left in the page",
}


@pytest.fixture
def small_app() -> Flask:
    """An application of one good page."""
    app = Flask("small")
    install_headers(app)
    app.add_url_rule("/", "start", lambda: GOOD)
    app.add_url_rule("/save", "save", lambda: GOOD.replace("Heading", str(dict(request.form))), methods=["POST"])
    return app


def test_a_good_page_passes_and_its_form_is_sent_as_a_browser_would(small_app: Flask) -> None:
    pages = PageChecker(small_app)
    answer = pages.submit(pages.get("/"), {"a": "7"}, expect=200)
    assert answer.words("h1") == "{'a': '7', 'r': '1', 't': 'words', 'h': 'kept', 's': 'why'}"


@pytest.mark.parametrize(("fault", "says"), FAULTS.items())
def test_it_refuses_a_page_with_a_fault(small_app: Flask, fault: str, says: str) -> None:
    small_app.add_url_rule("/bad", "bad", lambda: GOOD.replace("<p>one", fault + "<p>one"))
    with pytest.raises(AssertionError, match="not well made") as refusal:
        PageChecker(small_app).get("/bad")
    assert says in str(refusal.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("<title>Hello</title>", "<title></title>", "no title"),
        (" lang='en'", "", "language"),
        ("<!DOCTYPE html>", "", "doctype"),
        ("<main id='m'>", "<div id='m'>", "main parts"),
    ],
)
def test_it_refuses_a_page_that_lacks_its_frame(small_app: Flask, old: str, new: str, says: str) -> None:
    bad = GOOD.replace(old, new).replace("</main>", "</main>" if "main" in new or "main" not in old else "</div>")
    small_app.add_url_rule("/bad", "bad", lambda: bad)
    with pytest.raises(AssertionError, match=says):
        PageChecker(small_app).get("/bad")


def test_an_inline_script_with_the_pages_nonce_passes(small_app: Flask) -> None:
    script = "<script nonce='%s'>x()</script>"
    small_app.add_url_rule("/nonce", "nonce", lambda: GOOD.replace("<p>one", script % page_nonce() + "<p>one"))
    PageChecker(small_app).get("/nonce")


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Cache-Control", "public"),
        ("Content-Security-Policy", "default-src 'none'; script-src 'unsafe-inline'"),
        ("Content-Security-Policy", "default-src 'none'; img-src https://cdn.example"),
        ("Content-Security-Policy", "default-src 'none'; script-src data:"),
        ("Referrer-Policy", "origin"),
        ("X-Content-Type-Options", ""),
    ],
)
def test_it_refuses_an_answer_with_a_weak_header(small_app: Flask, header: str, value: str) -> None:
    small_app.add_url_rule("/weak", "weak", lambda: (GOOD, 200, {header: value}))
    with pytest.raises(AssertionError, match=header if header != "Content-Security-Policy" else "content policy"):
        PageChecker(small_app).get("/weak")


def test_a_field_that_is_not_on_the_form_is_a_fault_of_the_test(small_app: Flask) -> None:
    pages = PageChecker(small_app)
    with pytest.raises(AssertionError, match="no field"):
        pages.submit(pages.get("/"), {"colour": "red"})
