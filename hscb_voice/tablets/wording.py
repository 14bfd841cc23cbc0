"""How staff pages speak of tablets: when one was last heard, what waits on it, how it stands."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from hscb_voice.foundation.clock import LOCAL_ZONE, written_date
from hscb_voice.tablets.queries import TabletView

_JUST_NOW = timedelta(minutes=10)
# Answers are sent within minutes where there is a signal; only what waits longer is worth a word on the home page.
_WORTH_SAYING = timedelta(hours=1)


def moment_in_words(moment: datetime, now: datetime) -> str:
    """Return when something was, as one would say it: a few minutes ago, yesterday at 16:20, on 3 November 2026.

    Args:
        moment: when it was.
        now: the present moment.
    """
    if now - moment < _JUST_NOW:
        return "a few minutes ago"
    local = moment.astimezone(LOCAL_ZONE)
    days = (now.astimezone(LOCAL_ZONE).date() - local.date()).days
    if days > 1:
        return f"on {written_date(local.date())}"
    return f"{'yesterday' if days == 1 else 'today'} at {local:%H:%M}"


def seen_words(tablet: TabletView, now: datetime) -> str:
    """Return when a tablet was last heard, for a table."""
    if tablet.last_seen_at is None:
        return "Not yet"
    return _begun(moment_in_words(tablet.last_seen_at, now))


def waiting_words(tablet: TabletView, now: datetime) -> str:
    """Return how many answers wait on a tablet, and since when."""
    if not tablet.waiting:
        return "None"
    since = tablet.waiting_since
    is_long = since is not None and now - since >= _JUST_NOW
    return f"{tablet.waiting}, since {_since(since, now)}" if is_long else str(tablet.waiting)


def help_words(tablet: TabletView) -> str:
    """Return how many answers on a tablet were refused; empty for none."""
    if not tablet.needs_help:
        return ""
    return f"{tablet.needs_help} {'needs' if tablet.needs_help == 1 else 'need'} help"


def state_words(tablet: TabletView, now: datetime) -> str:
    """Return how a tablet stands."""
    if tablet.revoked_at is not None:
        return "Switched off"
    if tablet.enrolled_at is not None:
        return "In use"
    return "Waits for its code" if tablet.has_open_code(now) else "Code has run out"


def home_words(tablets: Sequence[TabletView], now: datetime) -> str:
    """Return what waits on all tablets of a person, in one line; empty when nothing does.

    Args:
        tablets: those that the person may meet.
        now: the present moment.
    """
    late = [one for one in tablets if one.waiting_since is not None and now - one.waiting_since >= _WORTH_SAYING]
    stuck = [one for one in tablets if one.needs_help]
    parts = []
    if late:
        since = _since(min(one.waiting_since for one in late if one.waiting_since), now)
        parts.append(f"{_counted(late, 'has', 'have')} answers waiting since {since}")
    if stuck:
        parts.append(f"{_counted(stuck, 'needs', 'need')} help")
    return ", ".join(parts)


def _counted(tablets: Sequence[TabletView], one: str, many: str) -> str:
    return f"1 tablet {one}" if len(tablets) == 1 else f"{len(tablets)} tablets {many}"


def _since(moment: datetime | None, now: datetime) -> str:
    return moment_in_words(moment, now).removeprefix("on ") if moment else ""


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]
