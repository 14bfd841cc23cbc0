"""What a respondent's page weighs in a real browser: requests, bytes on the wire, first paint, steady layout, axe.

Every questionnaire, from a real server (gunicorn), with an empty cache; and on a slow line (400 kbit/s, 400 ms) with a
quarter of the processor's speed.

Usage: python -m bench.wire
"""

import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from bench.submissions import serving
from hscb_voice.cli import prepare_installation
from hscb_voice.invitations.service import open_code
from hscb_voice.questionnaires.queries import published_slugs
from hscb_voice.responses.service import Setting
from tests.support.browser import axe_problems, chromium

_PORT = 21084
_SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
_WATCH_LAYOUT = """window.moved = 0;
new PerformanceObserver(list => { for (const entry of list.getEntries()) window.moved += entry.value })
.observe({type: "layout-shift", buffered: true})"""


def weigh(browser: Browser, address: str, *, slow: bool) -> dict[str, Any]:
    """Open a page with an empty cache and weigh it.

    Args:
        browser: a started browser.
        address: of the page.
        slow: on a slow line and a slow processor.

    Returns:
        Requests, bytes, first paint and interactive (ms), layout shift, and what axe finds.
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
        timing = page.evaluate(
            "[performance.getEntriesByName('first-contentful-paint')[0].startTime,"
            " performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd, window.moved]"
        )
        paint, interactive, moved = timing
        found = {"requests": len(sizes), "bytes": sum(sizes), "paint": paint, "interactive": interactive}
        return found | {"moved": moved, "axe": None if slow else len(axe_problems(page))}


def main() -> None:
    """Weigh every questionnaire and print a table."""
    with tempfile.TemporaryDirectory() as name:
        platform = prepare_installation(Path(name))
        with platform.database.writing() as connection:
            slugs = published_slugs(connection)
            for slug in slugs:
                open_code(connection, slug, slug, Setting(), platform.clock)
        platform.database.dispose()
        with serving("app:app", _PORT, Path(name), {"VOICE_DATA": name}, path=f"/f/{slugs[0]}"), chromium() as browser:
            print(
                f"{'questionnaire':<32}{'requests':>9}{'bytes':>8}{'CLS':>6}{'axe':>5}{'slow: paint':>13}{'ready':>8}"
            )
            for slug in slugs:
                address = f"http://127.0.0.1:{_PORT}/f/{slug}"
                fast, slow = weigh(browser, address, slow=False), weigh(browser, address, slow=True)
                print(
                    f"{slug:<32}{fast['requests']:>9}{fast['bytes']:>8}{max(fast['moved'], slow['moved']):>6.2f}"
                    f"{fast['axe']:>5}{slow['paint']:>10.0f} ms{slow['interactive']:>5.0f} ms"
                )


if __name__ == "__main__":
    main()
