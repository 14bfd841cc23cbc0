"""Where a code leads, remembered for some seconds, and for longer while the database is down.

The form must be there for a child even when nothing can be stored yet. It remembers only codes that lead somewhere,
and only the most recent ones, so that guessing cannot fill the memory; a shelf on disk remembers them for a process
that starts while the database is down.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import Connection

from hscb_voice.collect.shelf import Shelf
from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.database import Database
from hscb_voice.foundation.errors import DatabaseUnreachableError
from hscb_voice.invitations.errors import ClosedCodeError, UnknownCodeError
from hscb_voice.invitations.queries import OpenInvitation, invitation_by_code
from hscb_voice.leaving.queries import every_exit
from hscb_voice.questionnaires.errors import UnknownQuestionnaireError
from hscb_voice.questionnaires.queries import PublishedVersion, current_version, published_slugs, version_by_id

_FRESH_SECONDS = 5.0
# After the database failed to answer, what is remembered is good for so long: nobody waits for it again and again.
_REST_SECONDS = 5.0
_LONGEST_MEMORY = 1000
Guard = Callable[[Connection], None]
KeyT = TypeVar("KeyT")
ValueT = TypeVar("ValueT")


@dataclass(frozen=True)
class Way:
    """Where a code leads."""

    invitation: OpenInvitation
    version: PublishedVersion


WAY_SHAPE: TypeAdapter[Way] = TypeAdapter(Way)


class Memory(Generic[KeyT, ValueT]):
    """The latest things that were read, each with its age. The oldest go first when there are too many."""

    def __init__(self, longest: int = _LONGEST_MEMORY, now: Callable[[], float] = time.monotonic) -> None:
        """Start empty."""
        self._longest = longest
        self._now = now
        self._things: OrderedDict[KeyT, tuple[float, ValueT]] = OrderedDict()
        self._lock = Lock()

    def fresh(self, key: KeyT, seconds: float) -> ValueT | None:
        """Return what was put there within so many seconds."""
        found = self._things.get(key)
        return found[1] if found is not None and self._now() - found[0] < seconds else None

    def last(self, key: KeyT) -> ValueT | None:
        """Return what was put there last, however long ago."""
        found = self._things.get(key)
        return None if found is None else found[1]

    def put(self, key: KeyT, value: ValueT) -> ValueT:
        """Remember a thing and return it."""
        with self._lock:
            self._things[key] = (self._now(), value)
            self._things.move_to_end(key)
            if len(self._things) > self._longest:
                self._things.popitem(last=False)
        return value

    def drop(self, key: KeyT) -> None:
        """Forget a thing."""
        with self._lock:
            self._things.pop(key, None)


class Ways:
    """Follows codes, asking the database only now and then."""

    def __init__(self, database: Database, clock: Clock, shelf: Shelf, fresh_seconds: float = _FRESH_SECONDS) -> None:
        """Remember where to ask.

        Args:
            database: where codes and versions lie.
            clock: tells whether a code has expired.
            shelf: remembers for other processes where codes led.
            fresh_seconds: for how long an answer of the database is good.
        """
        self._shelf = shelf
        self._resting_until = float("-inf")
        self._database = database
        self._clock = clock
        self._fresh_seconds = fresh_seconds
        self._ways: Memory[str, Way] = Memory()
        self._versions: Memory[int, PublishedVersion] = Memory()
        self._doors: Memory[str, tuple[PublishedVersion, ...]] = Memory()
        self._exits: Memory[str, Mapping[str, str]] = Memory()

    def find(self, code: str, guard: Guard | None = None) -> Way:
        """Follow a code to a form that may be opened.

        Args:
            code: as it stands in the address.
            guard: asked first, where this process has not followed the code before; what it raises is passed on.

        Returns:
            The invitation and the wording that is asked now.

        Raises:
            ClosedCodeError: it has been used, has run out or was taken back.
            UnknownCodeError: it never led anywhere.
            UnknownQuestionnaireError: its questionnaire is not published.
            DatabaseUnreachableError: the database is down and the code was not followed on this machine before.
        """
        way = self._followed(code, guard)
        why = way.invitation.closed(self._clock.now())
        if why:
            self._shelf.forget(code)
            raise ClosedCodeError(why)
        return way

    def find_for_sending(self, code: str, guard: Guard | None = None) -> Way:
        """Follow a code for answers that were written before it closed; the arguments and troubles are those of `find`.

        A code that was used or has run out still takes them, because whoever wrote them opened the form in time.
        """
        way = self._followed(code, guard)
        why = way.invitation.closed_for_sending(self._clock.now())
        if why:
            raise ClosedCodeError(why)
        return way

    def find_closed(self, code: str) -> Way:
        """Follow a code even where it is closed: for what it has kept already. The troubles are those of `find`."""
        return self._followed(code)

    def forget(self, code: str) -> None:
        """Ask the database the next time, because a code has just been used."""
        self._ways.drop(code)

    def _followed(self, code: str, guard: Guard | None = None) -> Way:
        def ask(connection: Connection) -> Way:
            if guard is not None and before is None:
                guard(connection)
            invitation = invitation_by_code(connection, code)
            return Way(invitation, current_version(connection, invitation.slug))

        before = self._ways.last(code)
        try:
            way = self._remembered(self._ways, code, ask)
        except UnknownCodeError:
            self._ways.drop(code)
            self._shelf.forget(code)
            raise
        except DatabaseUnreachableError:
            found = self._shelf.get(code)
            if found is None:
                raise
            return self._ways.put(code, found)
        if way != before and not way.invitation.closed(self._clock.now()):
            self._shelf.put(code, way)
        return way

    def version_sent(self, way: Way, version_id: int) -> PublishedVersion | None:
        """Return the wording that a sitting answered, which may be older than the one asked now.

        Args:
            way: where its code leads.
            version_id: what the page said it was.

        Returns:
            The version; None when there is none of that id for this questionnaire.

        Raises:
            DatabaseUnreachableError: the database is down.
        """
        if version_id == way.version.id:
            return way.version
        known = self._versions.last(version_id)
        if known is None:
            try:
                with self._database.reading() as connection:
                    known = self._versions.put(version_id, version_by_id(connection, version_id))
            except UnknownQuestionnaireError:
                return None
        return known if known.slug == way.invitation.slug else None

    def all_forms(self) -> tuple[PublishedVersion, ...]:
        """Return every questionnaire as it is asked now, for the demonstration's front door.

        Raises:
            DatabaseUnreachableError: the database is down and nobody has asked here before.
        """

        def ask(connection: Connection) -> tuple[PublishedVersion, ...]:
            return tuple(current_version(connection, slug) for slug in published_slugs(connection))

        return self._remembered(self._doors, "", ask)

    def exits(self) -> Mapping[str, str]:
        """Return where leaving leads, by service; nothing while the database is down and nobody has asked before.

        Raises:
            DatabaseUnreachableError: the database has just gone down and nobody has asked before.
        """
        if time.monotonic() < self._resting_until:
            return self._exits.last("") or {}
        return self._remembered(self._exits, "", every_exit)

    def _remembered(self, memory: Memory[str, ValueT], key: str, ask: Callable[[Connection], ValueT]) -> ValueT:
        known = memory.fresh(key, self._fresh_seconds)
        last = memory.last(key)
        if known is None and time.monotonic() < self._resting_until:
            known = last
        if known is not None:
            return known
        try:
            with self._database.reading() as connection:
                return memory.put(key, ask(connection))
        except DatabaseUnreachableError:
            self._resting_until = time.monotonic() + _REST_SECONDS
            if last is None:
                raise
            return last
