"""What an address asks of the record: who, which act, what about, from which day to which. No database, no page."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta

from hscb_voice.audit.queries import EntryFilter
from hscb_voice.foundation.clock import LOCAL_ZONE

_LONGEST = 120
_FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y")
_EARLIEST = date(2000, 1, 1)


@dataclass(frozen=True)
class Asked:
    """What the list of the record is asked for; empty fields ask nothing."""

    who: str = ""
    act: str = ""
    subject: str = ""
    since: str = ""
    until: str = ""
    troubles: dict[str, str] = field(default_factory=dict, compare=False)  # field -> what is wrong with it

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Asked":
        """Read it from an address or a form, and say which days are none.

        Args:
            given: names and values.
        """
        names = ("who", "act", "subject", "since", "until")
        texts = {name: given.get(name, "").strip()[:_LONGEST] for name in names}
        troubles = {
            name: "Enter a day such as 22 November 2026 or 22/11/2026"
            for name in ("since", "until")
            if texts[name] and day_of(texts[name]) is None
        }
        since, until = day_of(texts["since"]), day_of(texts["until"])
        if since and until and until < since:
            troubles["until"] = "The last day must not be before the first day"
        return cls(**texts, troubles=troubles)

    @property
    def given(self) -> dict[str, str]:
        """Return what is asked, for the addresses of further pages."""
        return {name: value for name, value in asdict(self).items() if value and name != "troubles"}

    def wanted(self) -> EntryFilter:
        """Return it as the record's queries take it; both days are within it, by the time of the United Kingdom."""
        since, until = day_of(self.since), day_of(self.until)
        return EntryFilter(
            who=self.who,
            act=self.act,
            subject=self.subject,
            since=_start_of(since) if since else None,
            before=_start_of(until + timedelta(days=1)) if until else None,
        )


def day_of(text: str) -> date | None:
    """Return the day that somebody typed.

    Args:
        text: such as `2026-11-22`, `22/11/2026` or `22 November 2026`.

    Returns:
        The day; None when it is none, or lies before anything was kept here.
    """
    text = re.sub(r"\s+", " ", text.strip())
    for form in _FORMS:
        try:
            day = datetime.strptime(text, form).replace(tzinfo=LOCAL_ZONE).date()
        except ValueError:
            continue
        return day if _EARLIEST <= day < date.max else None
    return None


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL_ZONE)
