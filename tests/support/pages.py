"""A browser for tests that checks every page it fetches. Use it instead of Flask's own client.

pages = PageChecker(app)
page = pages.get("/staff/sign-in")
page = pages.submit(page, {"email": "…", "password": "…"}, expect=302)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask
from justhtml import Element
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from tests.support.markup import (
    Document,
    attribute,
    below,
    problems_of_headers,
    problems_of_inline,
    problems_of_markup,
    words_of,
)

# Addresses that open another program than the browser.
_OTHER_DOORS = {"tel", "mailto", "sms", "otpauth"}
_SOURCES = {"script": "src", "img": "src", "iframe": "src", "source": "src", "audio": "src", "link": "href"}


@dataclass(frozen=True)
class Page:
    """One answer: what was sent, and the parsed page if it was one."""

    address: str
    response: TestResponse
    document: Document | None

    @property
    def status(self) -> int:
        """The answer's status."""
        return self.response.status_code

    @property
    def location(self) -> str:
        """Where the answer sends the browser; empty when nowhere."""
        return self.response.headers.get("Location", "")

    @property
    def text(self) -> str:
        """The body as sent."""
        return self.response.get_data(as_text=True)

    @property
    def dom(self) -> Document:
        """The parsed page."""
        assert self.document is not None, f"{self.address} is no page: {self.status} {self.response.mimetype}"
        return self.document

    def words(self, selector: str = "main") -> str:
        """Return the words of one part of the page."""
        return self.dom.words(selector)

    def link(self, words: str) -> str:
        """Return the address behind the link with these words."""
        found = {attribute(a, "href") or "" for a in self.dom.all("a") if words_of(a) == words}
        assert len(found) == 1, f"{len(found)} addresses behind links “{words}” on {self.address}"
        return found.pop()


class PageChecker:
    """Fetches pages as one browser (it keeps cookies) and fails on any that is not well made."""

    def __init__(self, app: Flask, *, base_url: str = "http://localhost/") -> None:
        """Open a browser with no cookies.

        Args:
            app: the application.
            base_url: `https://localhost/` to come by https.
        """
        self.app = app
        self.base_url = base_url
        self.client = app.test_client()

    def get(self, address: str, *, expect: int = 200, kept: str = "no-store", **more: Any) -> Page:
        """Fetch a page and check it.

        Args:
            address: path and query.
            expect: the status it must have.
            kept: what its Cache-Control must say.
            **more: further arguments of Flask's test client.

        Returns:
            The page.
        """
        return self._checked(address, self.client.get(address, base_url=self.base_url, **more), expect, kept)

    def post(self, address: str, data: Any = None, *, expect: int = 302, kept: str = "no-store", **more: Any) -> Page:
        """Send a form and check what comes back; the arguments are those of `get`, with the form's data."""
        answer = self.client.post(address, data=data, base_url=self.base_url, **more)
        return self._checked(address, answer, expect, kept)

    def follow(self, page: Page) -> Page:
        """Go where an answer sends the browser, and check the page there."""
        assert page.location, f"{page.address} sends the browser nowhere"
        parts = urlsplit(urljoin(page.address, page.location))
        return self.get(parts.path + (f"?{parts.query}" if parts.query else ""))

    def submit(
        self, page: Page, answers: Mapping[str, Any] | None = None, *, form: str = "main form", expect: int = 302
    ) -> Page:
        """Fill in a form as it stands on a page, hidden fields and all, and send it.

        Args:
            page: where the form is.
            answers: field name -> value, or list of values; a name that is not on the form is a fault of the test.
            form: selects the form.
            expect: the status that must come back.

        Returns:
            The answer, checked.
        """
        element = page.dom.all(form)[0]
        data = _fields_of(element)
        unknown = set(answers or {}) - set(_names_of(element))
        assert not unknown, f"the form has no field {sorted(unknown)}; it has {sorted(_names_of(element))}"
        data.update(answers or {})
        address = urljoin(page.address, attribute(element, "action") or page.address)
        if (attribute(element, "method") or "get").lower() == "get":
            return self.get(address.split("?")[0], query_string=data, expect=expect)
        return self.post(address, data, expect=expect)

    def _checked(self, address: str, response: TestResponse, expect: int, kept: str) -> Page:
        is_page = response.mimetype == "text/html" and not 300 <= response.status_code < 400
        document = Document(response.get_data(as_text=True)) if is_page else None
        page = Page(address, response, document)
        assert page.status == expect, f"{address} answered {page.status}, not {expect}: {page.text[:400]}"
        problems = problems_of_headers(response.headers, kept=kept)
        if document is not None:
            problems += problems_of_markup(document)
            problems += problems_of_inline(document, response.headers)
            problems += self._problems_of_links(address, document)
        assert not problems, f"{address} is not well made:\n  " + "\n  ".join(problems)
        return page

    def _problems_of_links(self, address: str, document: Document) -> list[str]:
        ids = {attribute(e, "id") for e in document.elements()}
        problems = []
        for element in document.elements():
            source = attribute(element, _SOURCES.get(element.name, "-"))
            if source is not None and source.startswith("data:") and element.name in {"img", "link"}:
                continue
            if source is not None and urlsplit(source).netloc:
                problems.append(f"<{element.name}> loads from another place: {source}")
            elif source is not None:
                problems += self._missing(urljoin(address, source), "GET")
            if element.name == "form":
                method = (attribute(element, "method") or "get").upper()
                problems += self._missing(urljoin(address, attribute(element, "action") or address), method)
            if element.name == "a" and "href" in element.attrs:
                problems += self._problems_of_link(address, attribute(element, "href") or "", ids)
        return problems

    def _problems_of_link(self, address: str, href: str, ids: set[str | None]) -> list[str]:
        parts = urlsplit(href)
        if parts.scheme in _OTHER_DOORS:
            return []
        if parts.scheme or parts.netloc:
            return [] if parts.scheme == "https" else [f"a link goes to {href}"]
        if href.startswith("#"):
            return [] if href[1:] in ids else [f"a link goes to {href}, which is not on the page"]
        if href.startswith("?lang="):
            return []  # the same page in another language: it is there, for it was just fetched
        return self._missing(urljoin(address, href), "GET")

    def _missing(self, address: str, method: str) -> list[str]:
        path = urlsplit(address).path
        if urlsplit(address).netloc:
            return [f"it goes to another place: {address}"]
        try:
            endpoint, values = self.app.url_map.bind("localhost").match(path, method=method)
        except RequestRedirect:
            return []
        except MethodNotAllowed:
            return [f"{method} {path} is not a method of that address"]
        except HTTPException:
            return [f"{method} {path} leads nowhere"]
        if endpoint == "static" and not Path(str(self.app.static_folder), values["filename"]).is_file():
            return [f"the file {path} is not there (assets are installed by “make setup”)"]
        return []


def _names_of(form: Element) -> list[str]:
    return [attribute(e, "name") or "" for e in below(form) if "name" in e.attrs]


def _fields_of(form: Element) -> dict[str, Any]:
    """Return what a browser would send if nobody touched the form; no button."""
    data: dict[str, Any] = {}
    for element in below(form):
        name = attribute(element, "name")
        kind = attribute(element, "type") or "text"
        if name is None or "disabled" in element.attrs or kind in {"submit", "button", "reset", "image", "file"}:
            continue
        if element.name == "textarea":
            data.setdefault(name, []).append("".join(getattr(c, "data", "") or "" for c in element.children))
        elif element.name == "select":
            data.setdefault(name, []).extend(_chosen(element))
        elif element.name == "input" and (kind not in {"checkbox", "radio"} or "checked" in element.attrs):
            value = attribute(element, "value")
            data.setdefault(name, []).append("on" if value is None and kind in {"checkbox", "radio"} else value or "")
    return data


def _chosen(select: Element) -> list[str]:
    options = [c for c in below(select) if c.name == "option"]
    chosen = [o for o in options if "selected" in o.attrs]
    if not chosen and "multiple" not in select.attrs:
        chosen = options[:1]
    return [attribute(o, "value") if "value" in o.attrs else words_of(o) for o in chosen]  # type: ignore[misc]  # the value is there, so it is a text
