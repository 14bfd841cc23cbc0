"""Opening what people wrote beside a concern, and noting in the record who read it.

The only way in which a staff page comes to those notes: they tell of a child's circumstances as the child's own words
do, so nothing of them is read unseen.
"""

from hscb_voice.audit.service import note
from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.reading import CONCERN
from hscb_voice.safeguarding.queries import ConcernSummary, HistoryEntry, history_of
from hscb_voice.staff.queries import Person
from hscb_voice.staff.roles import Permission


def open_history(platform: Platform, concern: ConcernSummary, person: Person) -> list[HistoryEntry]:
    """Open what was done about a concern, with what was written for those who may read words.

    Args:
        platform: whose database, keys and clock.
        concern: which; found through the person's teams.
        person: who looks.

    Returns:
        The entries in order; the record says that the notes were read.

    Raises:
        KeyMissingError: the key that sealed a note is not here.
    """
    if not person.may(Permission.READ_COMMENTS):
        with platform.database.reading() as connection:
            return history_of(connection, None, concern.id)
    with platform.database.writing() as connection:
        opened = history_of(connection, platform.keys, concern.id)
        if any(entry.text for entry in opened):
            act, now = "read the notes of a concern", platform.clock.now()
            note(connection, person.id, act, f"concern {concern.id}", now=now, reason=CONCERN)
    return opened
