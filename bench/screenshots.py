"""Takes the pictures of the README from a running demonstration: what a child sees, and what the Board sees.

Usage: python -m bench.screenshots [--folder docs/img] [--also FOLDER]   (--also: every page at three sizes, to look at)
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

from hscb_voice.demonstration.people import PASSWORD
from tests.support.browser import chromium

_PORT = 21090
SITE = f"http://127.0.0.1:{_PORT}"
_SIZES = ((360, 640), (768, 1024), (1280, 800))
_RESPONDENTS = ("/", "/about-browsing", "/f/support-worker-child", "/f/support-worker-parent", "/f/cidva-child-5-8")
_STAFF = {
    "board.member": ("/staff/", "/staff/board/?period=2015-16", "/staff/board/?period=2016-17"),
    "analyst": ("/staff/themes/", "/staff/themes/worker", "/staff/responses/"),
    "safeguarding.lead": ("/staff/concerns/",),
}


@contextmanager
def demonstration() -> Iterator[None]:
    """Run the demonstration in an empty folder while the block runs."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "hscb_voice", "demo", "--port", str(_PORT), "--data", folder]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 - our own interpreter and arguments
        try:
            _wait(process)
            yield
        finally:
            process.terminate()
            process.wait()


def _wait(process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 180
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(f"{SITE}/readyz", timeout=2).close()  # noqa: S310 - our own loopback address
        except OSError:
            time.sleep(0.5)
        else:
            return
    message = "the demonstration did not start"
    raise RuntimeError(message)


def sign_in(page: Page, who: str) -> None:
    """Sign in as one of the demonstration's people.

    Args:
        page: of the browser.
        who: the part of the address before the @.
    """
    page.goto(f"{SITE}/staff/sign-in")
    page.fill("#email", f"{who}@example.org")
    page.fill("#password", PASSWORD)
    page.click("#submit")
    page.wait_for_url(f"{SITE}/staff/")


def for_readme(browser: Browser, folder: Path) -> None:
    """Take the two pictures of the README.

    Args:
        browser: a started browser.
        folder: where to.
    """
    child = browser.new_page(viewport={"width": 360, "height": 740}, device_scale_factor=2)
    child.goto(f"{SITE}/f/support-worker-child")
    child.click("#begin")
    for _ in range(2):  # past what to know about leaving, and a question
        child.click("#next")
    for face in ("happy", "confused"):
        child.locator(f"label:has(input[value={face}])").click()
    child.wait_for_timeout(600)
    child.screenshot(path=folder / "child-faces.png", full_page=True)
    board = browser.new_page(viewport={"width": 1100, "height": 900})
    sign_in(board, "board.member")
    board.goto(f"{SITE}/staff/board/?period=2016-17")
    board.screenshot(path=folder / "board-overview.png")


def everything(browser: Browser, folder: Path) -> None:
    """Take every page at three sizes, whole, to be looked at.

    Args:
        browser: a started browser.
        folder: where to.
    """
    for width, height in _SIZES:
        view = {"width": width, "height": height}
        visitor = browser.new_page(viewport=view)  # type: ignore[arg-type]  # a plain dictionary is what it takes
        for address in _RESPONDENTS:
            _take(visitor, address, folder, width)
        for who, addresses in _STAFF.items():
            context = browser.new_context(viewport=view)  # type: ignore[arg-type]  # the same
            page = context.new_page()
            sign_in(page, who)
            for address in addresses:
                _take(page, address, folder, width)
            context.close()


def _take(page: Page, address: str, folder: Path, width: int) -> None:
    page.goto(SITE + address)
    name = re.sub(r"\W+", "-", address).strip("-") or "front"
    page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("docs/img"))
    parser.add_argument("--also", type=Path)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    with demonstration(), chromium() as browser:
        for_readme(browser, arguments.folder)
        if arguments.also:
            arguments.also.mkdir(parents=True, exist_ok=True)
            everything(browser, arguments.also)


if __name__ == "__main__":
    main()
