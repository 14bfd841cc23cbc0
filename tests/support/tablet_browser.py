"""A shared tablet in a real Chromium: what a worker and a child do on it, one line each."""

from contextlib import suppress
from typing import Any, cast

from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as TookTooLong

from tests.support.tablets import PIN

_PATIENCE = 40_000
# Walks through the form as a child does, screen by screen, but without a pause between them.
_ANSWER = """(words) => {
  const by = (id) => document.getElementById(id);
  by("begin").click();
  const box = document.querySelector(".q:not([data-if]) textarea");
  box.value = words;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  for (let step = 0; step < 80 && !document.querySelector("#end.on"); step += 1) {
    const must = document.querySelector(".q.on[data-must] input");
    if (must) must.checked = true;
    by("next").click();
  }
}"""
_COUNT = """(store) => new Promise((done, fail) => {
  const asked = indexedDB.open("tablet");
  asked.onerror = () => fail(asked.error);
  asked.onsuccess = () => {
    const counted = asked.result.transaction(store).objectStore(store).count();
    counted.onsuccess = () => { asked.result.close(); done(counted.result); };
  };
})"""

# Everything that a page of this origin can read, as one text.
_EVERYTHING = """async () => {
  const told = [document.documentElement.outerHTML, JSON.stringify([{ ...localStorage }, { ...sessionStorage }])];
  told.push(document.cookie, JSON.stringify(history.state), location.href, document.title);
  document.querySelectorAll("input,textarea").forEach((box) => told.push(box.value));
  for (const { name } of await indexedDB.databases()) {
    const opening = indexedDB.open(name);
    const database = await new Promise((done) => { opening.onsuccess = () => done(opening.result); });
    for (const store of database.objectStoreNames) {
      const asked = database.transaction(store).objectStore(store).getAll();
      told.push(JSON.stringify(await new Promise((done) => { asked.onsuccess = () => done(asked.result); })));
    }
    database.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) told.push(request.url, await (await cache.match(request)).text());
  }
  return told;
}"""


class TabletBrowser:
    """One window of one tablet."""

    def __init__(self, page: Page, address: str) -> None:
        """Take a window.

        Args:
            page: the window.
            address: of the site, as the tablet reaches it; without a slash at the end.
        """
        self.page, self.address = page, address

    def enrol(self, code: str) -> None:
        """Set the tablet up by its picture's address, and wait until every form is on it."""
        self.page.goto(f"{self.address}/tablet#{code}")
        self.on("start")

    def open(self) -> None:
        """Open the start page, with or without a connection."""
        self.page.goto(f"{self.address}/tablet")

    def on(self, screen: str) -> None:
        """Wait for one of the start page's screens."""
        expect(self.page.locator(f"#{screen}")).to_be_visible(timeout=_PATIENCE)

    def hand_over(self, form: str = "") -> None:
        """Hand over the form that stands chosen, or another."""
        if form:
            self.page.locator(f"input[name=form][value='{form}']").check()
        self.page.locator("#hand-over").click()
        expect(self.page.locator("#begin")).to_be_visible(timeout=_PATIENCE)

    def answer(self, words: str) -> None:
        """Write something and go on until the button that sends."""
        self.page.evaluate(_ANSWER, words)
        expect(self.page.locator("#end button.go")).to_be_visible()

    def send(self) -> str:
        """Press that button; return the three words, or nothing when there are none yet."""
        self.page.locator("#end button.go").click()
        expect(self.page.locator("[data-tablet-back]")).to_be_visible(timeout=_PATIENCE)
        words = self.page.locator(".receipt")
        return words.inner_text() if words.count() else ""

    def give_back(self) -> None:
        """Leave the last page, as a child does; the start page is locked then."""
        self.page.locator("[data-tablet-back]").click()
        self.on("back")

    def unlock(self, pin: str = PIN) -> None:
        """Type the worker's PIN."""
        if not self.page.locator("#pin").is_visible():
            self.page.locator("#to-pin").click()
        self.page.locator("#pin-box").fill(pin)
        self.page.locator("#pin-form button.go").click()

    def one_child(self, words: str) -> str:
        """Hand over, let a child answer, take the tablet back; return the three words."""
        self.hand_over()
        self.answer(words)
        receipt = self.send()
        self.give_back()
        self.unlock()
        self.on("start")
        return receipt

    def count(self, store: str) -> int:
        """Count what lies in one of the tablet's stores: `waiting`, `help` or `handed`."""
        return cast("int", self.page.evaluate(_COUNT, store))

    def wait_until_sent(self, milliseconds: float = 30_000) -> None:
        """Wait until nothing waits any more, asking the tablet to send as somebody who presses the button does."""
        steps = int(milliseconds / 250)
        for _ in range(steps):
            if not self.count("waiting"):
                return
            button = self.page.locator("#send-now")
            # What waits may go by itself between the look and the press, and the button with it.
            with suppress(TookTooLong):
                if button.is_visible():
                    button.click(timeout=1_000)
            self.page.wait_for_timeout(250)
        message = f"{self.count('waiting')} answers still wait"
        raise AssertionError(message)


def worker_of(page: Page) -> Any:
    """Return the tablet's service worker, in which a test can call and break things."""
    return page.context.service_workers[-1]


def reachable(page: Page, *markers: str) -> list[str]:
    """Return the markers that a page can still reach in any way: shown, typed, stored or cached."""
    told = "\n".join(page.evaluate(_EVERYTHING))
    return [marker for marker in markers if marker in told]
