"""A small TCP proxy on loopback that can refuse, reset, slow down or swallow what goes through it."""

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Iterator
from typing import Literal

from tests.support.engines import free_port

# "lose_receipts" loses only what answers a PUT: the server has kept it, and whoever sent it is not told.
Mode = Literal["pass", "refuse", "reset", "slow", "silent", "lose_replies", "lose_receipts"]
_CHUNK = 65536
_POLL_SECONDS = 0.05


class Proxy:
    """Hands bytes on between clients and one port, in the mode that a test sets; it may be changed at any time."""

    def __init__(self, target: int, *, pause: float = 0.02) -> None:
        """Listen on a port of its own.

        Args:
            target: the port on loopback to which bytes go.
            pause: seconds before each piece while the mode is "slow".
        """
        self.port = free_port()
        self.mode: Mode = "pass"
        self._target, self._pause = target, pause
        self._is_open = True
        self._listener: socket.socket | None = self._listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def become(self, mode: Mode) -> None:
        """Change what happens from now on, to open connections too."""
        self.mode = mode
        if mode == "refuse" and self._listener is not None:
            self._listener.close()
            self._listener = None
        elif mode != "refuse" and self._listener is None:
            self._listener = self._listen()

    def lead_to(self, target: int) -> None:
        """Lead to another port on loopback from now on; open connections go on as they are."""
        self._target = target

    def close(self) -> None:
        """Stop listening, and let go of every connection."""
        self._is_open = False
        if self._listener is not None:
            self._listener.close()

    def _listen(self) -> socket.socket:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(64)
        listener.settimeout(_POLL_SECONDS)
        return listener

    def _accept(self) -> None:
        while self._is_open:
            listener = self._listener
            if listener is None:
                time.sleep(_POLL_SECONDS)
                continue
            try:
                client, _ = listener.accept()
            except OSError:
                continue
            if self.mode == "reset":
                _reset(client)
            else:
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError), client, socket.create_connection(("127.0.0.1", self._target), 5) as server:
            lost = threading.Event()
            back = threading.Thread(target=self._hand_on, args=(server, client, lost, False), daemon=True)
            back.start()
            self._hand_on(client, server, lost, True)
            back.join()

    def _hand_on(self, source: socket.socket, goal: socket.socket, lost: threading.Event, is_asking: bool) -> None:  # noqa: FBT001 - which of the two directions
        source.settimeout(_POLL_SECONDS)
        with contextlib.suppress(OSError):
            while self._is_open and self.mode not in {"refuse", "reset"}:
                try:
                    data = b"" if self.mode == "silent" else source.recv(_CHUNK)
                except TimeoutError:
                    continue
                if self.mode == "silent":
                    time.sleep(_POLL_SECONDS)
                elif not data or ((self.mode == "lose_replies" or lost.is_set()) and not is_asking):
                    break
                else:
                    if self.mode == "lose_receipts" and is_asking and data.startswith(b"PUT "):
                        lost.set()
                    time.sleep(self._pause if self.mode == "slow" else 0)
                    goal.sendall(data)
        for end in (source, goal):
            if self.mode in {"reset", "lose_replies"} or lost.is_set():
                _reset(end)
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def proxy_before(port: int, *, pause: float = 0.02) -> Iterator[Proxy]:
    """Put a proxy before a port on loopback."""
    proxy = Proxy(port, pause=pause)
    try:
        yield proxy
    finally:
        proxy.close()


def _reset(end: socket.socket) -> None:
    """Close a connection the rude way, as a machine that has gone does."""
    with contextlib.suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        end.close()
