"""Takes the pictures of docs/looks.md from a running demonstration: each look, on telephone, tablet and desk.

Usage: python -m bench.looks [--folder docs/img/looks]
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page

from bench.screenshots import SITE, demonstration
from bench.small_png import write_small
from tests.support.browser import chromium

_SIZES = {"phone": (360, 740), "tablet": (768, 900), "desktop": (1280, 800)}
_SEE = {
    "protanopia": "Red looks dark",
    "deuteranopia": "Red and green look alike",
    "tritanopia": "Blue and yellow look alike",
    "achromatopsia": "No colours",
}


@dataclass(frozen=True)
class Look:
    """One look, and the screen that shows it best."""

    name: str
    path: str
    screen: int  # how many questions are passed over first
    taps: tuple[int, ...]  # which answers are chosen there


LOOKS = (
    Look("5-8", "cidva-child-5-8", 0, (0,)),
    Look("9-12", "cidva-child-9-18?age=9-12", 0, (1, 6)),
    Look("13-18", "cidva-child-9-18?age=13-18", 0, (7,)),
    Look("adult", "support-worker-parent", 0, (1,)),
    Look("easy", "support-worker-child?age=9-and-over&easy=1", 3, (0,)),
)


def _open(browser: Browser, look: Look, width: int, height: int, scheme: str = "light") -> Page:
    view = {"width": width, "height": height}
    page = browser.new_page(viewport=view, color_scheme=scheme)  # type: ignore[arg-type]  # plain words are what it takes
    page.goto(f"{SITE}/f/{look.path}")
    page.wait_for_selector("html.js")
    return page


def _ask(page: Page, look: Look) -> None:
    page.click("#begin")
    if page.locator("#leaving").is_visible():
        page.click("#next")
    for _ in range(look.screen):
        page.click("#skip")
    for place in look.taps:
        page.locator("section.on label").nth(place).click()
    page.evaluate("document.activeElement.blur()")
    page.mouse.move(0, 0)
    page.wait_for_timeout(600)


def _pictures(browser: Browser) -> Iterator[tuple[str, bytes]]:
    """Take every picture of every look, with its name."""
    for look in LOOKS:
        for scheme in ("light", "dark"):
            for size, (width, height) in _SIZES.items():
                if size != "phone" and (scheme == "dark" or look.name == "easy"):
                    continue
                page = _open(browser, look, width, height, scheme)
                if size == "phone" and scheme == "light":
                    yield f"{look.name}-opening", page.screenshot()
                _ask(page, look)
                yield f"{look.name}-{size}-{scheme}", page.screenshot()
                page.close()


def _faces(browser: Browser) -> Iterator[tuple[str, bytes]]:
    """Take the eight faces as eyes without some or all colours see them."""
    page = _open(browser, LOOKS[1], 560, 740)
    page.click("#begin")
    if page.locator("#leaving").is_visible():
        page.click("#next")
    session = page.context.new_cdp_session(page)
    for kind in ("none", *_SEE):
        session.send("Emulation.setEmulatedVisionDeficiency", {"type": kind})
        yield f"faces-{kind}", page.locator(".on .faces").screenshot()


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("docs/img/looks"))
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with demonstration(), chromium() as browser:
        for source in (_pictures, _faces):
            for name, picture in source(browser):
                write_small(browser, picture, folder / f"{name}.png")


if __name__ == "__main__":
    main()
