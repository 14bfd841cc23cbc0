"""Handles the older invented concerns, as a safeguarding lead would have done then: only the newest wait today."""

from datetime import timedelta
from itertools import cycle

from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.queries import EVERY_TEAM
from hscb_voice.safeguarding.queries import ConcernSummary, concern_list
from hscb_voice.safeguarding.service import acknowledge, close
from hscb_voice.safeguarding.wording import OPEN

_BY = "demonstration"
_OLD = timedelta(days=30)
_READ_AFTER, _CLOSED_AFTER = timedelta(hours=1), timedelta(days=1)
_OUTCOMES = ("spoke_with_child", "no_further_action", "spoke_with_child", "spoke_with_child", "referred_to_mash")
_MANY = 1000


def handle_old_concerns(platform: Platform) -> None:
    """Acknowledge and close every open concern that is older than a month.

    Args:
        platform: a demonstration's platform.
    """
    outcomes = cycle(_OUTCOMES)
    latest = platform.clock.now() - _OLD
    with platform.database.reading() as connection:
        waiting = concern_list(connection, EVERY_TEAM, [OPEN], size=_MANY)
    for concern in waiting:
        if concern.heard_at < latest:
            _handle(platform, concern, next(outcomes))


def _handle(platform: Platform, concern: ConcernSummary, outcome: str) -> None:
    with platform.database.writing() as connection:
        acknowledge(connection, concern, _BY, SetClock(concern.heard_at + _READ_AFTER))
        close(connection, concern, _BY, outcome, SetClock(concern.heard_at + _CLOSED_AFTER))
