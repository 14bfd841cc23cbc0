"""Pieces of work that come at the same moment share one transaction, and so one trip to the disk.

Why: SQLite lets one writer in at a time, and each commit waits for the disk. Of several threads that want to write, one
does what all of them have brought, commits, and only then tells each what became of its own. Nobody hears that a piece
is done before the commit of the transaction in which it was done.
It knows no table. If anything at all is amiss, each piece is done again by itself, so that only the bad one fails.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, TypeVar

from sqlalchemy import Connection

from hscb_voice.foundation.errors import DatabaseUnreachableError
from hscb_voice.foundation.watchdog import PATIENCE_SECONDS, got_by

# Of one patience, so many seconds may go by before somebody has begun with a piece.
TURN_SECONDS = 3
_MOST_AT_ONCE = 16
ResultT = TypeVar("ResultT")
Writing = Callable[[], AbstractContextManager[Connection]]  # opens a transaction that commits when its block ends well


class _Piece:
    """One piece of work, and what became of it."""

    def __init__(self, work: Callable[[Connection], Any]) -> None:
        self.work = work
        self.until = time.monotonic() + PATIENCE_SECONDS
        self.is_over = False
        self.result: Any = None
        # Until its commit nothing is done, whatever may end the thread that is at it.
        self.fault: BaseException | None = DatabaseUnreachableError("It was not done.")


class SharedWriting:
    """A queue before one database. Whoever finds nobody at work does what waits there, the own piece with it."""

    def __init__(self) -> None:
        """Begin with nobody waiting."""
        self._waiting: deque[_Piece] = deque()
        self._change = threading.Condition()
        self._is_at_work = False

    def do(self, writing: Writing, work: Callable[[Connection], ResultT]) -> ResultT:
        """Do a piece of work. When this returns, it has been committed.

        Args:
            writing: the database's door.
            work: writes. It may be begun more than once, each time in a new transaction, and by another thread.

        Returns:
            What the work returned.

        Raises:
            DatabaseUnreachableError: the database is down, or did not answer in time.
            Exception: whatever the work itself raised; nothing that it did was kept then.
        """
        piece = _Piece(work)
        with self._change:
            self._waiting.append(piece)
        while not piece.is_over:
            mine = self._wait_for_turn(piece)
            try:
                _do_all(writing, mine)
            finally:
                self._end_turn(mine)
        if piece.fault is not None:
            raise piece.fault
        result: ResultT = piece.result
        return result

    def _wait_for_turn(self, piece: _Piece) -> Sequence[_Piece]:
        """Wait until the piece is over, or nobody is at work; return the pieces that are now this thread's to do."""
        give_up = piece.until - PATIENCE_SECONDS + TURN_SECONDS
        with self._change:
            while self._is_at_work and not piece.is_over:
                # Once somebody has begun with it, it ends in time: they have no more patience than it has itself.
                left = give_up - time.monotonic() if piece in self._waiting else None
                if not self._change.wait(left) and piece in self._waiting:
                    self._waiting.remove(piece)
                    message = "Other writers kept the database for too long."
                    raise DatabaseUnreachableError(message)
            if piece.is_over:
                return ()
            self._is_at_work = True
            return [self._waiting.popleft() for _ in range(min(len(self._waiting), _MOST_AT_ONCE))]

    def _end_turn(self, pieces: Sequence[_Piece]) -> None:
        if not pieces:
            return
        with self._change:
            self._is_at_work = False
            for piece in pieces:
                piece.is_over = True
            self._change.notify_all()


def _do_all(writing: Writing, pieces: Sequence[_Piece]) -> None:
    if not pieces:
        return
    try:
        with got_by(min(piece.until for piece in pieces)), writing() as connection:
            for piece in pieces:
                piece.result = piece.work(connection)
        for piece in pieces:
            piece.fault = None
    except DatabaseUnreachableError as fault:
        for piece in pieces:
            piece.fault = fault
    except Exception as fault:  # noqa: BLE001 - handed to whoever brought the piece
        if len(pieces) == 1:
            pieces[0].fault = fault
            return
        for piece in pieces:
            _do_all(writing, [piece])
