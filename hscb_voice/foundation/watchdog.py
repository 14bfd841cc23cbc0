"""How long anybody waits for the database: every wait has an end, so that a child is never left before a blank page.

It keeps the time of each thread and ends nothing itself: SQLite is told how long, and PostgreSQL's connections are
watched by `watched_line`. It knows no table and decides nothing about what a call was for.
"""

import contextlib
import threading
import time
from collections.abc import Iterator

# Every wait on the database ends within this many seconds, so that a child is never left before a blank page.
PATIENCE_SECONDS = 5.0
# Of these, so many may go by in asking a resting connection whether it still lives: the rest is for opening another.
_GREETING_SECONDS = 2.0
_NO_TIME = 0.05


class _Own(threading.local):
    """What this thread has been told about time."""

    until: float | None = None  # the moment by which a connection must have been got; None once it is there
    latest: float = float("inf")  # no connection may be got later, whenever its getting begins
    allowance: float = PATIENCE_SECONDS  # how long one call may take


_own = _Own()


@contextlib.contextmanager
def got_in_time() -> Iterator[None]:
    """Give everything within the block one patience together: the turn, a free connection, its greeting."""
    before = _own.until
    _own.until = min(time.monotonic() + PATIENCE_SECONDS, _own.latest)
    try:
        yield
    finally:
        _own.until = before


@contextlib.contextmanager
def got_by(moment: float) -> Iterator[None]:
    """Let every connection that is got within the block be got by a moment: somebody has waited for it already.

    Args:
        moment: by the monotonic clock.
    """
    before = _own.latest
    _own.latest = moment
    try:
        yield
    finally:
        _own.latest = before


@contextlib.contextmanager
def unhurried(seconds: float) -> Iterator[None]:
    """Let each call of this thread take longer, for work at which nobody waits before a page.

    Args:
        seconds: how long one call may take.
    """
    before = _own.allowance
    _own.allowance = seconds
    try:
        yield
    finally:
        _own.allowance = before


def allowance() -> float:
    """Return how many seconds one call of this thread may take."""
    return _own.allowance


def time_left() -> float:
    """Return how many seconds are left to get a connection; never quite none."""
    if _own.until is None:
        return PATIENCE_SECONDS
    return max(_own.until - time.monotonic(), _NO_TIME)


def call_time() -> float:
    """Return how many seconds the call that begins now may take; less where it only asks a connection if it lives."""
    return allowance() if _own.until is None else min(time_left(), _GREETING_SECONDS)
