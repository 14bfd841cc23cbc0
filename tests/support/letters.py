"""Letters in tests: a pillar box that takes them or does not, and the lane that brings them there."""

from dataclasses import dataclass, field
from functools import partial

from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.jobs import JobRunner, OutsideWork
from hscb_voice.foundation.letters import SEND_JOB, prepare_sending
from hscb_voice.foundation.mail import Letter, MailAwayError
from hscb_voice.foundation.platform import Platform


@dataclass
class Pillar:
    """A pillar box."""

    platform: Platform
    taken: list[Letter] = field(default_factory=list)
    is_away: bool = False
    connections_seen: list[int] = field(default_factory=list)  # held while a letter was handed over

    @property
    def is_set_up(self) -> bool:
        """Tell that it stands there."""
        return True

    @property
    def addresses(self) -> list[str]:
        """Return to whom the letters go that were taken, in order."""
        return [letter.to for letter in self.taken]

    def send(self, letter: Letter) -> None:
        """Take a letter, and count the connections that are held meanwhile."""
        pool = self.platform.database.engine.pool
        self.connections_seen.append(pool.checkedout())  # type: ignore[attr-defined]  # every pool in use here counts
        if self.is_away:
            raise MailAwayError
        self.taken.append(letter)


def lane_to(pillar: Pillar, clock: Clock) -> JobRunner:
    """Return the lane that brings letters to a pillar box.

    Args:
        pillar: where they go.
        clock: tells what is due.
    """
    platform = pillar.platform
    work = OutsideWork(partial(prepare_sending, keys=platform.keys, clock=clock, sender=pillar))
    return JobRunner(platform.database, clock, {SEND_JOB: work})
