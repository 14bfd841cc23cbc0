"""Clients that do not give up, and the books that must balance afterwards: nothing lost, nothing doubled."""

import http.client
import json
import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.jobs import Job
from hscb_voice.foundation.platform import Platform
from hscb_voice.invitations.service import open_code
from hscb_voice.questionnaires.queries import PublishedVersion
from hscb_voice.responses.models import Comment, Response, SecondAnswer, Tally
from hscb_voice.responses.queries import response_of_receipt
from hscb_voice.responses.service import SCREEN_JOB, Setting
from hscb_voice.responses.words import comments_of
from tests.support.serving import FORM, RealSite
from tests.support.sittings import CHILD, version_of

_PAUSE_SECONDS = 0.1
_LONGEST_SECONDS = 90


@dataclass
class Books:
    """What clients sent and what they were thanked for."""

    site: RealSite
    version: PublishedVersion
    port: int = 0  # of a proxy before the site
    thanked: dict[str, str] = field(default_factory=dict)  # sitting -> receipt
    words: dict[str, str] = field(default_factory=dict)  # sitting -> what was written
    refused: list[str] = field(default_factory=list)
    retries: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def begin(self, clients: int = 8) -> None:
        """Let so many clients send answers, one after another."""
        for number in range(clients):
            thread = threading.Thread(target=self._send_on, args=(number,), daemon=True)
            thread.start()
            self._threads.append(thread)

    def finish(self) -> None:
        """Let every client finish what it has begun: each sends until it is thanked."""
        self._stop.set()
        end = time.monotonic() + _LONGEST_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
            assert not thread.is_alive(), "a client was never thanked"

    def _send_on(self, number: int) -> None:
        chance = random.Random(number)  # noqa: S311 - which answers are sent is no secret
        while not self._stop.is_set():
            sitting = new_id()
            self.words[sitting] = f"Client {number} says {chance.random()}."
            message = {
                "version": self.version.id,
                "variant": None,
                "language": "en",
                "answers": {"q2": ["okay"], "q2a": self.words[sitting], "answered": "together"},
            }
            self._send_until_thanked(sitting, json.dumps(message))

    def _send_until_thanked(self, sitting: str, message: str) -> None:
        end = time.monotonic() + _LONGEST_SECONDS
        while time.monotonic() < end:
            try:
                reply = self.site.ask("PUT", f"/f/{CHILD}/answers/{sitting}", message, port=self.port)
            except (OSError, http.client.HTTPException):
                self.retries += 1
                time.sleep(_PAUSE_SECONDS)
                continue
            if reply.status in {200, 201}:
                self.thanked[sitting] = json.loads(reply.body)["receipt"]
                return
            self.retries += 1
            if reply.status < 500:
                self.refused.append(f"{reply.status} {reply.text[:200]}")
                return
            time.sleep(_PAUSE_SECONDS)
        self.refused.append("never thanked")

    def faults(self, platform: Platform) -> list[str]:
        """Return what does not balance; empty when nothing was lost or doubled.

        Args:
            platform: of the installation, with a way of its own to the database.
        """
        with platform.database.reading() as connection:
            rows, seconds, comments = (
                connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in (Response, SecondAnswer, Comment)
            )
            receipts = {s: response_of_receipt(connection, platform.keys, r) for s, r in self.thanked.items()}
            texts = {c.response_id: c.text for c in comments_of(connection, platform.keys, list(self.thanked))}
            tallied = connection.execute(
                select(func.sum(Tally.n)).where(Tally.question == "q2", Tally.choice == "okay")
            ).scalar()
            jobs = connection.execute(
                select(func.count()).select_from(Job).where(Job.kind == SCREEN_JOB).group_by(Job.subject_id)
            ).scalars()
            most_jobs = max(jobs, default=0)
        thanks = len(self.thanked)
        found = [f"lost: {sitting}" for sitting, kept in receipts.items() if kept != sitting]
        found += [f"words lost: {s}" for s in self.thanked if texts.get(s) != self.words[s]]
        counts: dict[str, Any] = {"responses": rows, "comments": comments, "counted in figures": tallied}
        found += [f"{name}: {number}, thanked: {thanks}" for name, number in counts.items() if number != thanks]
        found += [f"held as second answers: {seconds}"] if seconds else []
        found += [f"{most_jobs} screening jobs for one answer"] if most_jobs > 1 else []
        return found + self.refused


def opened_books(platform: Platform, site: RealSite, port: int = 0) -> Books:
    """Open a code on an installation and the books for it."""
    open_form(platform)
    return Books(site, version_of(platform, CHILD), port)


def open_form(platform: Platform) -> None:
    """Open one code, the same as the questionnaire's slug."""
    with platform.database.writing() as connection:
        open_code(connection, CHILD, CHILD, Setting(channel="link"), platform.clock)


__all__ = ["FORM", "Books", "open_form", "opened_books"]
