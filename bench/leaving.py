"""How soon a page is blank after “Leave this page”, by each way, on every questionnaire's weightiest screen.

From the tap or the third key to the next picture on the screen, in Chromium, also with a quarter of the processor's
speed; the median and the worst of some turns. It refuses to count a turn after which anything is left on the page.

Usage: python -m bench.leaving
"""

import socket
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page

from bench.submissions import serving
from hscb_voice.installing import prepare_installation
from hscb_voice.invitations.service import open_code
from hscb_voice.leaving.service import set_exit
from hscb_voice.responses.service import Setting
from tests.support.browser import chromium

_PORT = 21086
_TURNS = 5
_FORMS = {"easiest": "cidva-child-5-8", "longest": "cp-conference-parent-review"}
_WAYS = ("tap", "Shift", "Escape")
# The picture after the press is the first that can be blank.
_WATCH = """way => {
  let presses = 0;
  addEventListener(way === "tap" ? "click" : "keydown", ({timeStamp}) => {
    if (way !== "tap" && ++presses < 3) return;
    requestAnimationFrame(() => setTimeout(() => tell(performance.now() - timeStamp, !document.body)));
  }, true);
}"""


def blank_after(browser: Browser, address: str, way: str, *, slow: bool) -> float:
    """Leave a page once.

    Args:
        browser: a started browser.
        address: of the form.
        way: tap, or the key that is pressed three times.
        slow: with a quarter of the processor's speed.

    Returns:
        Milliseconds until the page was blank.
    """
    with browser.new_context(viewport={"width": 360, "height": 640}) as context:
        page = context.new_page()
        told: list[tuple[float, bool]] = []
        page.expose_function("tell", lambda milliseconds, is_blank: told.append((milliseconds, is_blank)))
        page.goto(address)
        page.wait_for_selector("html.js")
        if slow:
            context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
        page.evaluate(_WATCH, way)
        _leave(page, way)
        while not told:
            page.wait_for_timeout(10)
        milliseconds, is_blank = told[0]
        assert is_blank, "something was left on the page"
        return milliseconds


def _leave(page: Page, way: str) -> None:
    if way == "tap":
        page.get_by_role("link", name="Leave this page").click(no_wait_after=True)
        return
    for _ in range(3):
        page.keyboard.press(way)


def main() -> None:
    """Measure each way out of the easiest and the longest form, and print a table."""
    with tempfile.TemporaryDirectory() as name, socket.create_server(("127.0.0.1", _PORT + 1)) as other:
        platform = prepare_installation(Path(name))
        with platform.database.writing() as connection:
            for slug in _FORMS.values():
                open_code(connection, slug, slug, Setting(), platform.clock)
            # The other site never answers, so that what is seen is our own page.
            silent = f"http://127.0.0.1:{other.getsockname()[1]}/"
            set_exit(connection, "", silent, by="bench", now=platform.clock.now())
        platform.database.dispose()
        first = next(iter(_FORMS.values()))
        with serving("app:app", _PORT, Path(name), {"VOICE_DATA": name}, path=f"/f/{first}"), chromium() as browser:
            print(f"{'form':<10}{'way':<8}{'median':>10}{'worst':>10}{'slow: median':>16}{'worst':>10}")
            for form, slug in _FORMS.items():
                address = f"http://127.0.0.1:{_PORT}/f/{slug}"
                for way in _WAYS:
                    fast, slow = (
                        [blank_after(browser, address, way, slow=is_slow) for _ in range(_TURNS)]
                        for is_slow in (False, True)
                    )
                    print(
                        f"{form:<10}{way:<8}{statistics.median(fast):>7.0f} ms{max(fast):>7.0f} ms"
                        f"{statistics.median(slow):>13.0f} ms{max(slow):>7.0f} ms"
                    )


if __name__ == "__main__":
    main()
