"""What a respondent's page weighs in a real browser: requests, bytes on the wire, first paint, steady layout, axe.

First the bytes of every page there is: each questionnaire, age, language, and easy mode. Then in a browser: every
questionnaire in English; the easy one and the heaviest ones also in every language, and sent off to the end. From a
real server (gunicorn), with an empty cache; and on a slow line (400 kbit/s, 400 ms) with a quarter of the processor's
speed. What misses a bar is marked, and the command fails.

Usage: python -m bench.wire
"""

import re
import socket
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page

from bench.submissions import serving
from hscb_voice.installing import prepare_installation
from hscb_voice.invitations.service import open_code
from hscb_voice.questionnaires.queries import published_slugs
from hscb_voice.responses.service import Setting
from hscb_voice.web.languages import LANGUAGES
from tests.support.browser import axe_problems, chromium

_PORT = 21084
_SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
_BARS = {"requests": 2, "bytes": 10_000, "visit": 3, "moved": 0, "axe": 0, "paint": 2_500, "interactive": 2_600}
_COLUMNS = {
    "requests": "requests", "bytes": "bytes", "visit": "whole visit", "moved": "CLS", "axe": "axe",
    "paint": "slow: paint", "interactive": "ready",
}  # fmt: skip
_WATCH_LAYOUT = """window.moved = 0;
new PerformanceObserver(list => { for (const entry of list.getEntries()) window.moved += entry.value })
.observe({type: "layout-shift", buffered: true})"""
# The form of the paper form, the heaviest one, and the one for the youngest, which has the pictures.
_PAPER, _HEAVIEST, _EASY = "support-worker-child", "cp-conference-child", "cidva-child-5-8"
_IN_ALL_LANGUAGES = (("", _PAPER), ("&easy=1", _PAPER), ("&age=12-18&easy=1", _HEAVIEST), ("", _EASY))
_AGE = re.compile(r"[?;]age=([\w-]+)")


@dataclass(frozen=True)
class Asked:
    """One page to weigh."""

    slug: str
    language: str
    more: str = ""
    is_sent: bool = False

    @property
    def path(self) -> str:
        """Return its address on the server."""
        return f"/f/{self.slug}?lang={self.language}{self.more}"

    @property
    def name(self) -> str:
        """Return how the table calls it."""
        return f"{self.slug} {self.language}{' easy' if self.more else ''}"


def weigh(browser: Browser, address: str, *, slow: bool, is_sent: bool = False) -> dict[str, Any]:
    """Open a page with an empty cache and weigh it.

    Args:
        browser: a started browser.
        address: of the page.
        slow: on a slow line and a slow processor.
        is_sent: also go through the form and send it, and count the requests of the whole visit.

    Returns:
        Requests, bytes, first paint and interactive (ms), layout shift, what axe finds, requests of the visit.
    """
    with browser.new_context(viewport={"width": 360, "height": 640}) as context:
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        sizes: list[int] = []
        session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        if slow:
            session.send("Network.emulateNetworkConditions", _SLOW)
            session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        page.add_init_script(_WATCH_LAYOUT)
        page.goto(address)
        page.wait_for_selector("html.js")
        page.wait_for_timeout(400)
        paint, interactive, moved = page.evaluate(
            "[performance.getEntriesByName('first-contentful-paint')[0].startTime,"
            " performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd, window.moved]"
        )
        found = {"requests": len(sizes), "bytes": sum(sizes), "paint": paint, "interactive": interactive}
        found |= {"moved": moved, "axe": None if slow else len(axe_problems(page)), "visit": None}
        if is_sent:
            _send_off(page)
            found["visit"] = len(sizes)
        return found


def _send_off(page: Page) -> None:
    """Go through a form, answering only what must be, and send it."""
    page.click("#begin")
    while not page.locator("#end").is_visible():
        if page.locator("#skip").is_visible():
            page.click("#skip")
        else:
            for choice in page.locator("section.on[data-must] label").all()[:1]:
                choice.click()
            page.click("#next")
    page.click("#end .go")
    page.wait_for_selector(".receipt")
    page.wait_for_timeout(200)


def _ask(path: str, packings: str) -> bytes:
    """Return all that comes back for a page: headers and body, as they are on the wire."""
    lines = (f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{_PORT}", f"Accept-Encoding: {packings}", "Connection: close")
    with socket.create_connection(("127.0.0.1", _PORT), 20) as line:
        line.sendall("\r\n".join((*lines, "", "")).encode())
        return b"".join(iter(lambda: line.recv(65536), b""))


def _all_pages(slugs: list[str], language: str) -> Iterator[tuple[str, str]]:
    """Name every page of a language: its kind, and its address."""
    for slug in slugs:
        ages = dict.fromkeys(_AGE.findall(_ask(f"/f/{slug}?lang=en", "").decode()))
        for kind, easy in (("usual", ""), ("easy", "&easy=1")):
            for age in ("", *(f"&age={key}" for key in ages)):
                yield kind, f"/f/{slug}?lang={language}{age}{easy}"


def _weigh_all(slugs: list[str]) -> bool:
    """Print what the pages of each language weigh; return whether all meet the bar."""
    print(f"{'bytes on the wire':<34}{'pages':>9}{'median':>8}{'most':>8}  heaviest")
    met = True
    for language in LANGUAGES:
        found = [(kind, len(_ask(path, "br")), path) for kind, path in _all_pages(slugs, language)]
        for wanted in ("usual", "easy"):
            sizes = [(size, path) for kind, size, path in found if kind == wanted]
            most, path = max(sizes)
            missed = "  MISSED" if most > _BARS["bytes"] else ""
            middle = median(size for size, _ in sizes)
            print(f"{wanted + ', ' + language:<34}{len(sizes):>9}{middle:>8.0f}{most:>8}  {path}{missed}", flush=True)
            met = met and not missed
    print()
    return met


def _row(browser: Browser, asked: Asked) -> bool:
    """Print the line of one page; return whether it meets every bar."""
    address = f"http://127.0.0.1:{_PORT}{asked.path}"
    found = weigh(browser, address, slow=False, is_sent=asked.is_sent)
    slow = weigh(browser, address, slow=True)
    found |= {"paint": slow["paint"], "interactive": slow["interactive"], "moved": max(found["moved"], slow["moved"])}
    missed = [_COLUMNS[key] for key, bar in _BARS.items() if found[key] is not None and found[key] > bar]
    cells = (
        f"{found['requests']:>9}{found['bytes']:>8}{found['visit'] or '':>13}{found['moved']:>6.2f}{found['axe']:>5}"
        f"{found['paint']:>10.0f} ms{found['interactive']:>6.0f} ms"
    )
    print(f"{asked.name:<34}{cells}{'  MISSED: ' + ', '.join(missed) if missed else ''}", flush=True)
    return not missed


def main() -> None:
    """Weigh every questionnaire and print a table."""
    with tempfile.TemporaryDirectory() as name:
        platform = prepare_installation(Path(name))
        with platform.database.writing() as connection:
            slugs = published_slugs(connection)
            for slug in slugs:
                open_code(connection, slug, slug, Setting(), platform.clock)
        platform.database.dispose()
        pages = [Asked(slug, "en") for slug in slugs]
        pages += [Asked(slug, code, more, is_sent=True) for more, slug in _IN_ALL_LANGUAGES for code in LANGUAGES]
        with serving("app:app", _PORT, Path(name), {"VOICE_DATA": name}, path=f"/f/{slugs[0]}"), chromium() as browser:
            is_light = _weigh_all(list(slugs))
            print(
                f"{'questionnaire':<34}{'requests':>9}{'bytes':>8}{'whole visit':>13}{'CLS':>6}{'axe':>5}"
                f"{'slow: paint':>13}{'ready':>9}"
            )
            met = [_row(browser, asked) for asked in pages]
            if not is_light or not all(met):
                sys.exit("Some pages miss a bar.")


if __name__ == "__main__":
    main()
