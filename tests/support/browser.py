"""A real browser on a running site, for tests marked `browser`: Chromium, with axe-core to check what it shows."""

import contextlib
import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from tests.support.engines import free_port

_AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# A busy machine takes its time; whoever waits is told by the browser's driver what was waited for.
PATIENCE_SECONDS = 30
_TRIES = 5
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - the library's own signature
        """Write no line a request into the tests' output."""


@contextlib.contextmanager
def running(app: Flask, port: int = 0) -> Iterator[str]:
    """Serve an application on loopback.

    Args:
        app: the application.
        port: a port on which it is reached as localhost, by that name; any free one, by figures, when left out.

    Yields:
        Its address, without a slash at the end.
    """
    server = _server_of(app, port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://{'localhost' if port else '127.0.0.1'}:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _server_of(app: Flask, port: int) -> BaseWSGIServer:
    """Return a server; where any port will do, another one is drawn when somebody took the first in between."""
    for _ in range(0 if port else _TRIES):
        with contextlib.suppress(OSError, SystemExit):  # werkzeug ends the process when a port is taken
            return make_server("127.0.0.1", free_port(), app, threaded=True, request_handler=_Silent)
    return make_server("127.0.0.1", port or free_port(), app, threaded=True, request_handler=_Silent)


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Open Chromium; it may load nothing but what the test asks for.

    Yields:
        The browser.
    """
    expect.set_options(timeout=PATIENCE_SECONDS * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=["--no-sandbox", *QUIET])
        try:
            yield browser
        finally:
            browser.close()


def another_chromium(browser: Browser, *, keeps_pages: bool) -> Browser:
    """Open a second Chromium; the caller closes it.

    Args:
        browser: the first.
        keeps_pages: whole pages for the way back, as people's browsers do. Playwright switches that off.

    Returns:
        The browser.
    """
    left_out = ["--disable-back-forward-cache"] if keeps_pages else []
    switches = ["--no-sandbox", *QUIET]
    return browser.browser_type.launch(executable_path=program(), args=switches, ignore_default_args=left_out)


def program() -> str:
    """Return the program of the browser that is installed here."""
    found = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    assert found, "Chromium is not installed: run “make setup”."
    return found


def axe_problems(page: Page) -> list[str]:
    """Return what axe-core finds wrong with what a page shows now, up to WCAG 2.2 AA and its best practice.

    Args:
        page: an open page.

    Returns:
        One line a problem: the rule, and the first element that breaks it.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE.read_text(encoding="utf-8"))
    # Only what is wrong is worked out in full; everything is still checked.
    options = {"runOnly": _RULES, "resultTypes": ["violations"]}
    found = page.evaluate(f"axe.run(document, {json.dumps(options)})")
    violations = cast("list[dict[str, Any]]", found["violations"])
    return [f"{v['id']} ({v['impact']}): {v['nodes'][0]['html'][:160]}" for v in violations]


def watch(page: Page) -> list[str]:
    """Return a list that grows with every fault the browser tells of: console errors, and what could not be loaded."""
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    # Leaving a page before all of it is there, and a download, are no faults: the browser gives up the request itself.
    given_up = "net::ERR_ABORTED"
    page.on(
        "requestfailed",
        lambda request: faults.append(f"not loaded: {request.url}") if request.failure != given_up else None,
    )
    return faults
