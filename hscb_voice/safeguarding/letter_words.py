"""The words of letters about concerns. Pure text: it is given an id and times, and so can hold no word of an answer."""

from dataclasses import dataclass
from datetime import datetime

from hscb_voice.foundation.mail import Letter
from hscb_voice.safeguarding.duties import Called, Turn
from hscb_voice.safeguarding.wording import moment_words

_FOOT = (
    "This letter holds nothing of what was said. To read it you sign in with your own account.\n"
    "It was sent by a machine: please do not reply."
)
_SUBJECTS = {
    Turn.FIRST: "A concern waits: please read it now",
    Turn.SECOND: "A concern has not been acknowledged: you are the second person called",
    Turn.LEAD: "A concern has not been acknowledged for an hour",
}
_FIRST_LINES = {
    Turn.FIRST: "Somebody may need help. A person must read what they said today.",
    Turn.SECOND: "A concern has waited for 15 minutes and nobody has acknowledged it. You are called second.",
    Turn.LEAD: "A concern has waited for an hour and nobody has acknowledged it, though two calls were made.",
}
_NEXT = {
    Turn.FIRST: "If nobody acknowledges it within 15 minutes, a second person is called; after an hour, the lead.",
    Turn.SECOND: "If nobody acknowledges it within the hour, the lead of the service is called.",
    Turn.LEAD: "Nobody else is called after you.",
}


@dataclass(frozen=True)
class ConcernFacts:
    """What a letter may say of a concern."""

    concern_id: str
    address: str  # of the site
    service: str
    heard_at: datetime
    read_due: datetime

    @property
    def said(self) -> str:
        """Return the lines that say what waits, and where."""
        lines = [f"Service: {self.service}"] if self.service else []
        lines += [f"Came: {moment_words(self.heard_at)}", f"To be read by: {moment_words(self.read_due)}"]
        return "\n".join([*lines, "", f"{self.address}/staff/concerns/{self.concern_id}"])


def calling_letter(facts: ConcernFacts, called: Called, turn: Turn) -> Letter:
    """Write the letter by which somebody is called.

    Args:
        facts: what may be said.
        called: to whom.
        turn: which call it is.
    """
    parts = (_greeting(called.name), _FIRST_LINES[turn], facts.said, _HOW, _NEXT[turn], _FOOT)
    return Letter(called.address, _SUBJECTS[turn], _joined(parts))


def handing_letter(facts: ConcernFacts, name: str, address: str, giver: str) -> Letter:
    """Write the letter by which somebody learns that a concern is now theirs.

    Args:
        facts: what may be said.
        name: of the receiver.
        address: of the receiver.
        giver: the name of whoever hands it over.
    """
    first = f"{giver} has handed a concern over to you. There is a note with it."
    return Letter(address, "A concern has been handed to you", _joined((_greeting(name), first, facts.said, _FOOT)))


def trial_letter(called: Called, service: str, asker: str) -> Letter:
    """Write a letter that tries the way to somebody.

    Args:
        called: to whom.
        service: for which service they would be called, as pages call it.
        asker: the name of whoever tries.
    """
    first = f"This is a test by {asker}. There is no concern, and nothing to do."
    second = f"About a concern ({service}) a letter such as this would come to you. Your place: {called.why.lower()}."
    return Letter(
        called.address,
        "Test: letters about concerns reach you",
        _joined((_greeting(called.name), first, second, _FOOT)),
    )


_HOW = "Open it, read it, and press “Acknowledge” if you will see to it. In danger to life, ring 999."


def _greeting(name: str) -> str:
    return f"Dear {name}," if name else "To the duty team,"


def _joined(parts: tuple[str, ...]) -> str:
    return "\n\n".join(parts) + "\n"
