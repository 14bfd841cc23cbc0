"""CPU of one page and one answer inside the process: ours, the hand bound and a naive build, turn by turn in one run.

As in service, a worker is there to screen answers, so ours leaves that to it; `--alone` measures it without one.

Usage: python -m bench.in_process [--alone] [--turns 5] [--times 200]
"""

import argparse
import gc
import io
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from werkzeug.test import EnvironBuilder, run_wsgi_app

from bench.yardsticks import SLUG, a_full_body, hand_bound, naive
from hscb_voice.factory import create_app
from hscb_voice.installing import prepare_installation
from hscb_voice.invitations.service import open_code
from hscb_voice.questionnaires.queries import current_version
from hscb_voice.responses.service import Setting

PATH = f"/f/{SLUG}"
Wsgi = Callable[..., Any]


def call(app: Wsgi, method: str, body: bytes = b"") -> tuple[int, bytes]:
    """Send one request straight into an application.

    Args:
        app: a WSGI application.
        method: GET or POST.
        body: form fields, encoded.

    Returns:
        Status and body; the body is read to its end and closed, as a server does.
    """
    builder = EnvironBuilder(path=PATH, method=method, input_stream=io.BytesIO(body), content_length=len(body))
    if body:
        builder.content_type = "application/x-www-form-urlencoded"
    environ = builder.get_environ()
    environ["HTTP_ACCEPT_ENCODING"] = "gzip"
    chunks, status, _headers = run_wsgi_app(app, environ)
    content = b"".join(chunks)
    close = getattr(chunks, "close", None)
    if close:
        close()
    return int(status[:3]), content


def cpu_ms(work: Callable[[], None], times: int) -> float:
    """Return the CPU milliseconds of one piece of work, over many.

    Args:
        work: what is measured.
        times: how often.

    Returns:
        Milliseconds of this process's CPU for each.
    """
    start = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - start) * 1000 / times


def main() -> None:
    """Measure, in turns, and print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--alone", action="store_true", help="no worker is there: ours screens answers itself")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        platform = prepare_installation(folder / "ours")
        with platform.database.writing() as connection:
            open_code(connection, SLUG, SLUG, Setting(), platform.clock)
            version = current_version(connection, SLUG)
        if not arguments.alone:
            platform.jobs.beat("bench")
        ours = create_app(platform.settings)
        page = call(ours, "GET")[1]
        builds: dict[str, Wsgi] = {"ours": ours, "hand bound": hand_bound(folder, page), "naive": naive(folder)}
        figures: dict[tuple[str, str], list[float]] = {}
        for app in builds.values():  # once, so that nothing is made for the first time while it is measured
            _get(app)
            _post(app, urlencode(a_full_body(version.id), doseq=True).encode())
        gc.collect()
        gc.freeze()  # as in service, where it spares all builds the collector's rounds through what is loaded
        for _ in range(arguments.turns):
            for build, app in builds.items():
                figures.setdefault((build, "GET"), []).append(cpu_ms(lambda a=app: _get(a), arguments.times))  # type: ignore[misc]  # a default binds the loop's app
                bodies = [urlencode(a_full_body(version.id), doseq=True).encode() for _ in range(arguments.times)]
                figures.setdefault((build, "POST"), []).append(
                    cpu_ms(lambda a=app, b=bodies: _post(a, b.pop()), arguments.times)  # type: ignore[misc]  # the same
                )
        _print(figures)


def _get(app: Wsgi) -> None:
    status, content = call(app, "GET")
    assert status == 200, status  # noqa: PLR2004 - HTTP's own number for “all is well”
    assert len(content) > 1000, "an empty page is no page"  # noqa: PLR2004 - any real page is longer


def _post(app: Wsgi, body: bytes) -> None:
    status, content = call(app, "POST", body)
    assert status in {200, 201, 302}, (status, content[:500])
    assert content, "an answer needs a reply"


def _print(figures: dict[tuple[str, str], list[float]]) -> None:
    medians = {key: statistics.median(values) for key, values in figures.items()}
    print(f"{'build':<12}{'':<6}{'CPU-ms':>9}{'min':>8}{'max':>8}{'x bound':>9}")
    for (build, method), middle in medians.items():
        values = figures[build, method]
        ratio = middle / medians["hand bound", method]
        print(f"{build:<12}{method:<6}{middle:>9.2f}{min(values):>8.2f}{max(values):>8.2f}{ratio:>9.2f}")


if __name__ == "__main__":
    main()
