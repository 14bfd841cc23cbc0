"""Ends every call on PostgreSQL in time, even when the other side has fallen silent.

Why: `connect_timeout`, `pre_ping` and `statement_timeout` end what a server refuses or is slow with. None of them ends
a wait for a server that no longer says anything (a pulled cable, a firewall that drops), and a child would sit before
a blank page. So every wait has an end here, after which the connection's socket is shut.
It brings PostgreSQL's driver with it, so it is loaded only where PostgreSQL is used.
"""

import contextlib
import os
import socket
import threading
import time
from collections.abc import Generator
from typing import Any, TypeVar

import psycopg
from psycopg import OperationalError

from hscb_voice.foundation.watchdog import call_time, time_left

ResultT = TypeVar("ResultT")


class WatchedConnection(psycopg.Connection[Any]):
    """A connection on which no wait lasts longer than patience does."""

    def wait(self, gen: Generator[Any, Any, ResultT], *args: Any, **more: Any) -> ResultT:  # noqa: ANN401 - the driver's own signature, which differs from version to version
        """Wait for a call, and shut the socket when it is overdue.

        Args:
            gen: the driver's own steps of the call.
            *args: handed on.
            **more: handed on.

        Returns:
            What the call returns.

        Raises:
            OperationalError: the server did not answer in time. The connection is closed.
        """
        return super().wait(self._watched(gen), *args, **more)

    def _watched(self, steps: Generator[Any, Any, ResultT]) -> Generator[Any, Any, ResultT]:
        end = time.monotonic() + call_time()
        try:
            wanted = next(steps)
            while True:
                ready = yield wanted
                if time.monotonic() >= end:
                    self._shut()
                    message = "The database fell silent."
                    raise OperationalError(message)
                wanted = steps.send(ready)
        except StopIteration as done:
            result: ResultT = done.value
            return result

    def _shut(self) -> None:
        """Shut the socket for good: whatever comes after the silence belongs to nobody."""
        # A second handle on it, so that closing ours leaves the driver's own to the driver.
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(self.pgconn.socket)) as line:
            line.shutdown(socket.SHUT_RDWR)
        self.pgconn.finish()


def connect_in_time(*args: Any, **more: Any) -> WatchedConnection:  # noqa: ANN401 - the driver's own signature
    """Open a connection, or give up in time.

    The name of the server is looked up on the way, which nothing can interrupt; so it is done beside, and whoever
    comes too late finds nobody waiting.

    Args:
        *args: handed to the driver.
        **more: handed to the driver.

    Returns:
        An open connection.

    Raises:
        OperationalError: there is none in time.
    """
    attempt = _Attempt(args, more)
    threading.Thread(target=attempt.run, daemon=True, name="database-door").start()
    return attempt.outcome(time_left())


class _Attempt:
    """One attempt to open a connection, made beside the thread that waits for it."""

    def __init__(self, args: tuple[Any, ...], more: dict[str, Any]) -> None:
        self._args, self._more = args, more
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._is_given_up = False
        self._connection: WatchedConnection | None = None
        self._fault: BaseException | None = None

    def run(self) -> None:
        try:
            opened = WatchedConnection.connect(*self._args, **self._more)
        except Exception as fault:  # noqa: BLE001 - handed to the thread that waits
            self._fault = fault
        else:
            with self._lock:
                self._connection = None if self._is_given_up else opened
            if self._connection is None:
                opened.close()
        self._over.set()

    def outcome(self, seconds: float) -> WatchedConnection:
        self._over.wait(seconds)
        with self._lock:
            self._is_given_up = self._connection is None
        if self._connection is not None:
            return self._connection
        if self._fault is not None:
            raise self._fault
        message = "The database did not open its door in time."
        raise OperationalError(message)
