"""What a page must be to be well made: its markup, its names, its links and its headers. Pure reading; no browser."""

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from justhtml import Element, JustHTML
from werkzeug.datastructures import Headers

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# Tags whose end the standard lets an author leave out.
_OPEN_ENDED = {"p", "li", "dt", "dd", "option", "optgroup", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup"}
_UNLABELLED_KINDS = {"hidden", "submit", "button", "reset", "image"}
_REFERENCES = ("aria-labelledby", "aria-describedby", "aria-controls", "aria-owns")
_LEFTOVERS = ("{{", "{%", "Undefined")
_HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@dataclass
class Document:
    """One parsed page and the ways to look into it."""

    text: str
    tree: JustHTML = field(init=False)

    def __post_init__(self) -> None:
        """Parse the page as a browser would."""
        self.tree = JustHTML(self.text, collect_errors=True, sanitize=False)

    def all(self, selector: str) -> list[Element]:
        """Return the elements that match a CSS selector, in order."""
        return [found for found in self.tree.query(selector) if isinstance(found, Element)]

    def one(self, selector: str) -> Element:
        """Return the only element that matches a CSS selector."""
        found = self.all(selector)
        assert len(found) == 1, f"{len(found)} elements match {selector}"
        return found[0]

    def words(self, selector: str = "body") -> str:
        """Return the words inside the first match, with single spaces."""
        found = self.all(selector)
        assert found, f"nothing matches {selector}"
        return words_of(found[0])

    def elements(self) -> Iterator[Element]:
        """Walk through every element of the page, contents of templates too."""
        yield from below(self.tree.root)


def words_of(element: Element) -> str:
    """Return the words inside an element, scripts and styles left out, with single spaces."""
    if element.name in {"script", "style"}:
        return ""
    parts = [words_of(c) if isinstance(c, Element) else (getattr(c, "data", "") or "") for c in element.children]
    return " ".join(" ".join(parts).split())


def attribute(element: Element, name: str) -> str | None:
    """Return an attribute's value: empty when it stands alone, None when it is not there."""
    if name not in element.attrs:
        return None
    return str(element.attrs[name] or "")


def problems_of_markup(document: Document) -> list[str]:
    """Return what is wrong with a page's markup and names.

    Args:
        document: the page.

    Returns:
        One sentence a problem.
    """
    elements = list(document.elements())
    return [
        *[f"not valid HTML: {error.code} in line {error.line}" for error in document.tree.errors],
        *_unclosed(document.text),
        *_frame(document),
        *_names(elements),
        *_labels(elements),
        *[f"left in the page: {mark}" for mark in _LEFTOVERS if mark in document.words("html")],
    ]


def problems_of_headers(headers: Headers, *, kept: str = "no-store") -> list[str]:
    """Return what is wrong with an answer's headers.

    Args:
        headers: as sent.
        kept: what Cache-Control must say.

    Returns:
        One sentence a problem.
    """
    problems = [f"{n} is {headers.get(n)!r}, not {v!r}" for n, v in _HEADERS.items() if headers.get(n) != v]
    problems += [f"{n} is missing" for n in ("Permissions-Policy", "Strict-Transport-Security") if n not in headers]
    if headers.get("Cache-Control") != kept:
        problems.append(f"Cache-Control is {headers.get('Cache-Control')!r}, not {kept!r}")
    policy = policy_of(headers)
    for directive in ("default-src", "base-uri", "frame-ancestors"):
        if policy.get(directive) != ["'none'"]:
            problems.append(f"the content policy's {directive} is {policy.get(directive)}")
    if "form-action" not in policy:
        problems.append("the content policy says nothing about form-action")
    # `data:` may stand for pictures only: it fetches nothing and runs nothing.
    sources = {s for name, values in policy.items() for s in values if (name, s) != ("img-src", "data:")}
    foreign = [s for s in sources if not s.startswith("'")] + [s for s in sources if s.startswith("'unsafe")]
    return problems + [f"the content policy allows {source}" for source in foreign]


def problems_of_inline(document: Document, headers: Headers) -> list[str]:
    """Return the inline styles, scripts and handlers that the page's own content policy would not run."""
    policy = policy_of(headers)
    problems = []
    for element in document.elements():
        problems += [f"<{element.name}> has {name}" for name in element.attrs if name.startswith("on")]
        if "style" in element.attrs:
            problems.append(f"<{element.name}> has a style attribute")
        if not _runs(element):
            continue
        inline = "".join(getattr(child, "data", "") or "" for child in element.children)
        hashed = "'sha256-" + base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode() + "'"
        allowed = policy.get("style-src" if element.name == "style" else "script-src", [])
        if hashed not in allowed and f"'nonce-{attribute(element, 'nonce')}'" not in allowed:
            problems.append(f"an inline <{element.name}> is not in the content policy")
    return problems


def policy_of(headers: Headers) -> dict[str, list[str]]:
    """Return the content security policy by directive."""
    parts = [part.split() for part in headers.get("Content-Security-Policy", "").split(";") if part.strip()]
    return {name: sources for name, *sources in parts}


def _runs(element: Element) -> bool:
    """Tell whether an element is inline style or script; a block of data runs nothing."""
    kind = attribute(element, "type") or ""
    is_data = element.name == "script" and "json" in kind
    return element.name in {"script", "style"} and "src" not in element.attrs and not is_data


def below(node: object) -> Iterator[Element]:
    """Walk through every element inside a node."""
    for child in getattr(node, "children", None) or ():
        if isinstance(child, Element):
            yield child
            yield from below(getattr(child, "template_content", None))
            yield from below(child)


class _Tags(HTMLParser):
    """Notices what browsers forgive in silence: tags left open, and attributes given twice."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.problems: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = Counter(name for name, _ in attrs)
        self.problems += [f"<{tag}> has {name} twice" for name, n in names.items() if n > 1]
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open[-1] != tag and self.open[-1] in _OPEN_ENDED:
            self.open.pop()
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.problems.append(f"</{tag}> closes {self.open[-1:] or 'nothing'} in line {self.getpos()[0]}")


def _unclosed(text: str) -> list[str]:
    reader = _Tags()
    reader.feed(text)
    reader.close()
    left = [tag for tag in reader.open if tag not in _OPEN_ENDED | {"html", "body"}]
    return reader.problems + [f"<{tag}> is never closed" for tag in left]


def _frame(document: Document) -> list[str]:
    problems = []
    html = document.all("html")
    if not html or not attribute(html[0], "lang"):
        problems.append("the page does not say its language")
    titles = [t for t in document.all("title") if t.parent is not None and t.parent.name == "head"]
    if len(titles) != 1 or not words_of(titles[0]):
        problems.append("the page has no title")
    headings = document.all("h1")
    if len(headings) != 1 or not words_of(headings[0]):
        problems.append(f"the page has {len(headings)} first headings, or an empty one")
    if len(document.all("main")) != 1:
        problems.append(f"the page has {len(document.all('main'))} main parts")
    return problems


def _names(elements: list[Element]) -> list[str]:
    ids = Counter(attribute(e, "id") for e in elements if "id" in e.attrs)
    problems = [f"the id {name!r} stands {n} times" for name, n in ids.items() if n > 1 or not name]
    for element in elements:
        for reference in _REFERENCES:
            missing = [name for name in (attribute(element, reference) or "").split() if name not in ids]
            problems += [f"{reference} of <{element.name}> names {name!r}, which is not there" for name in missing]
        if element.name == "label" and "for" in element.attrs and attribute(element, "for") not in ids:
            problems.append(f"a label is for {attribute(element, 'for')!r}, which is not there")
    return problems


def _labels(elements: list[Element]) -> list[str]:
    labelled = {attribute(e, "for") for e in elements if e.name == "label" and "for" in e.attrs and words_of(e)}
    problems = []
    for element in elements:
        if element.name == "img" and "alt" not in element.attrs:
            problems.append("an image has no alt")
        if (element.name == "button" or (element.name == "a" and "href" in element.attrs)) and not _has_name(element):
            problems.append(f"a <{element.name}> has no words")
        if element.name == "fieldset" and not [c for c in below(element) if c.name == "legend" and words_of(c)]:
            problems.append("a fieldset has no legend")
        asks = element.name in {"select", "textarea"} or (
            element.name == "input" and (attribute(element, "type") or "text") not in _UNLABELLED_KINDS
        )
        if asks and not (attribute(element, "id") in labelled or _has_name(element) or _inside_label(element)):
            problems.append(f"the field {attribute(element, 'name')!r} has no label")
    return problems


def _has_name(element: Element) -> bool:
    said = attribute(element, "aria-label") or attribute(element, "aria-labelledby") or words_of(element)
    pictures = [c for c in below(element) if attribute(c, "alt") or attribute(c, "aria-label") or c.name == "title"]
    return (
        bool(said or pictures)
        if element.name in {"button", "a"}
        else bool(attribute(element, "aria-label") or attribute(element, "aria-labelledby"))
    )


def _inside_label(element: Element) -> bool:
    parent = element.parent
    while isinstance(parent, Element):
        if parent.name == "label":
            return bool(words_of(parent))
        parent = parent.parent
    return False
