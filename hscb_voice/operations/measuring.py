"""Counting what is asked of the web processes, for whoever watches the machines: how much, how quickly, how it ended.

Labels are the surface and the reply's status: never an address, a questionnaire, a team or a person. The counts lie in
files that `hscb-voice metrics` reads; the web processes themselves answer nothing about them.
"""

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from prometheus_client import Counter, Histogram

from hscb_voice.staff.sessions import is_staff_path

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SURFACES = ("respondents", "staff", "files", "health")
_FILES = "/static/"
_HEALTH = {"/healthz", "/readyz"}
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

REQUESTS = Counter("voice_requests", "Requests answered by web processes.", ("surface", "status"))
DURATION = Histogram(
    "voice_request_seconds", "Time until a reply began.", ("surface",), unit="seconds", buckets=_SECONDS
)


class Measured:
    """A WSGI application that counts what goes through it."""

    def __init__(self, application: "WSGIApplication") -> None:
        """Stand before an application.

        Args:
            application: what is measured.
        """
        self._application = application

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Hand a request on, and count how it ended.

        Args:
            environ: the request.
            start_response: takes status and headers.

        Returns:
            The reply's body.
        """
        begun, told = time.perf_counter(), ["500"]

        def noting(status: str, *more: object, **named: object) -> object:
            told[0] = status[:3]
            return start_response(status, *more, **named)  # type: ignore[arg-type]  # handed on as it came

        surface = surface_of(environ.get("PATH_INFO", ""))
        try:
            return self._application(environ, noting)  # type: ignore[arg-type]  # the same call, with an ear on it
        finally:
            REQUESTS.labels(surface, told[0]).inc()
            DURATION.labels(surface).observe(time.perf_counter() - begun)


def surface_of(path: str) -> str:
    """Return which of the four surfaces an address belongs to; the address itself is kept nowhere.

    Args:
        path: of the request.
    """
    if is_staff_path(path):
        return "staff"
    if path.startswith(_FILES):
        return "files"
    return "health" if path in _HEALTH else "respondents"
