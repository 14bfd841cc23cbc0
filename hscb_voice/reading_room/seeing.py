"""Who has seen what others said of a comment: they cannot code it blind any more, whoever gave the codes in force.

Why: whoever coded a comment earlier, or met it with its codes in the reading room, is likely to say the same again, and
agreement would flatter. Asked are people's codes, withdrawn acts of reading too, and the record of who opened what.
May not: know of comments met in a theme's list or in a copy of what somebody said: the record says which list was read,
or which response was copied, and not what stood on it.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from hscb_voice.audit.queries import subjects_of
from hscb_voice.reading_room.models import BlindCoding, ReadingAct
from hscb_voice.themes.models import Coding
from hscb_voice.themes.service import PERSON

OPENED_TO_READ, OPENED_TO_SETTLE = "opened a comment to read", "opened a comment to settle its codes"
OPENED_TO_CODE = "read a comment"
_WITH_CODES = (OPENED_TO_READ, OPENED_TO_SETTLE, OPENED_TO_CODE)
_MANY = 500


def seen_by(connection: Connection, comment_ids: Sequence[str], person: str) -> frozenset[str]:
    """Return those of some comments that a person has coded, read with their codes, or settled.

    Args:
        connection: any connection.
        comment_ids: of which comments.
        person: the person's id.
    """
    found: set[str] = set()
    for begin in range(0, len(comment_ids), _MANY):
        found |= _seen(connection, comment_ids[begin : begin + _MANY], person)
    return frozenset(found)


def _seen(connection: Connection, some: Sequence[str], person: str) -> set[str]:
    coded = select(Coding.comment_id).where(
        Coding.comment_id.in_(some), Coding.source == PERSON, Coding.coder == person
    )
    read = select(ReadingAct.item_id).where(ReadingAct.item_id.in_(some), ReadingAct.person == person)
    first = select(BlindCoding.comment_id).where(BlindCoding.comment_id.in_(some), BlindCoding.first_coder == person)
    settled = select(BlindCoding.comment_id).where(BlindCoding.comment_id.in_(some), BlindCoding.settled_by == person)
    found = set(connection.execute(coded.union(read, first, settled)).scalars())
    opened = subjects_of(connection, person, _WITH_CODES, [f"comment {one}" for one in some])
    return found | {subject.removeprefix("comment ") for subject in opened}
