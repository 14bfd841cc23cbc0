"""A web process in which nobody can hold a thread for long, however slowly they send or read.

gunicorn's own time limit watches the process, not the person at the other end: one byte a minute would hold a thread
for hours, and a few such senders every thread. Here a connection that takes too long is shut.
"""

import contextlib
import socket
import threading
import time
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

LONGEST_REQUEST_SECONDS = 30
_LOOK_EVERY_SECONDS = 1


class BoundedWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn publishes no types
    """gunicorn's threaded worker, with an end to every request."""

    longest_seconds = LONGEST_REQUEST_SECONDS

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - gunicorn's own signature
        """Begin with nobody at the counter."""
        super().__init__(*arguments, **named)
        self._since: dict[Any, float] = {}  # connection -> when its thread took it

    def init_process(self) -> None:
        """Start the watch in the forked process, then serve."""
        threading.Thread(target=self._watch, name="request-watch", daemon=True).start()
        super().init_process()

    def handle(self, conn: Any) -> Any:  # noqa: ANN401 - gunicorn's own signature
        """Serve one request, with an eye on the clock.

        Args:
            conn: gunicorn's connection.

        Returns:
            What gunicorn's own worker returns.
        """
        self._since[conn] = time.monotonic()
        try:
            return super().handle(conn)
        finally:
            self._since.pop(conn, None)

    def _watch(self) -> None:
        while True:
            time.sleep(_LOOK_EVERY_SECONDS)
            self.shut_the_overdue(time.monotonic())

    def shut_the_overdue(self, now: float) -> int:
        """Shut the connections that have held a thread for too long; their threads then come free.

        Args:
            now: by the monotonic clock, in seconds.

        Returns:
            How many were shut.
        """
        overdue = [conn for conn, since in list(self._since.items()) if now - since > self.longest_seconds]
        for conn in overdue:
            with contextlib.suppress(OSError):
                conn.sock.shutdown(socket.SHUT_RDWR)
        return len(overdue)
