"""A Chromium with a profile of its own on the disk, which a test may kill, start again, and search for what it left."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import BrowserContext, Playwright

from tests.support.browser import QUIET, program

_ALONE = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-default-browser-check",
    "--disable-breakpad",
    "--password-store=basic",
    "--window-size=768,1024",
    "--remote-debugging-port=0",
)
_START_SECONDS = 90


class KillableBrowser:
    """One tablet's browser. What it keeps lies in `profile`, through kills and starts."""

    def __init__(self, playwright: Playwright, profile: Path, *, keeps_pages: bool = True) -> None:
        """Remember where the profile lies.

        Args:
            playwright: drives it.
            profile: a folder.
            keeps_pages: whether whole pages are kept for the way back, as people's browsers do.
        """
        self._playwright, self.profile = playwright, profile
        self._more = () if keeps_pages else ("--disable-back-forward-cache",)
        self._process: subprocess.Popen[bytes] | None = None
        self.killed = 0

    def start(self) -> BrowserContext:
        """Start it, and return its one context, which is the profile's."""
        told = self.profile / "DevToolsActivePort"
        told.unlink(missing_ok=True)
        for lock in self.profile.glob("Singleton*"):  # of the one that was killed
            lock.unlink()
        command = [program(), *QUIET, *_ALONE, *self._more, f"--user-data-dir={self.profile}"]
        self._process = subprocess.Popen(  # noqa: S603 - the browser of this machine
            [*command, "about:blank"], start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        end = time.monotonic() + _START_SECONDS
        while time.monotonic() < end:
            lines = told.read_text(encoding="ascii").split() if told.is_file() else []
            if len(lines) > 1:
                browser = self._playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{lines[0]}")
                return browser.contexts[0]
            time.sleep(0.05)
        message = "Chromium did not start"
        raise AssertionError(message)

    def kill(self) -> None:
        """Kill all of it at once, with no chance to finish anything."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None
        self.killed += 1

    def close(self) -> None:
        """End it as somebody does who switches the tablet off: it may write down what it still has in memory."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None


def found_in(folder: Path, markers: Iterable[str]) -> dict[str, list[str]]:
    """Search every file of a folder for markers, as they are, in UTF-16, and as they stand in an address.

    Args:
        folder: such as a browser's profile.
        markers: what must not be there.

    Returns:
        Marker -> the files that hold it; empty when none does.
    """
    ways = {
        marker: (marker.encode(), marker.encode("utf-16-le"), marker.replace(" ", "+").encode()) for marker in markers
    }
    found: dict[str, list[str]] = {}
    for file in folder.rglob("*"):
        if not file.is_file() or file.is_symlink():
            continue
        blob = file.read_bytes()
        for marker, written in ways.items():
            if any(way in blob for way in written):
                found.setdefault(marker, []).append(str(file.relative_to(folder)))
    return found
