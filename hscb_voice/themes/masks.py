"""What is hidden in a comment: what the machine found, changed by what a person said last. A person always wins.

What the machine hides later, having learned more, is hidden too, unless a person has said that it may be shown: to
hide too much is a nuisance, to hide too little is a harm.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from hscb_voice.foundation.ids import new_id
from hscb_voice.themes.errors import CodingError
from hscb_voice.themes.marking import covers, decided, joined, without
from hscb_voice.themes.models import Coding, MaskEdit
from hscb_voice.themes.service import MACHINE, Mask


def masks_of(connection: Connection, comment_id: str) -> tuple[Mask, ...]:
    """Return what is hidden in a comment now.

    Args:
        connection: a reading connection.
        comment_id: which comment.

    Returns:
        Masks in order; they may touch or overlap.
    """
    found = machine_masks(connection, comment_id)
    edit = _newest(connection, comment_id)
    if edit is None:
        return found
    hidden, shown = edit
    known = {(mask.start, mask.end) for mask in hidden}
    settled = decided(found, hidden, shown)
    rest = [m for m in found if (m.start, m.end) not in known and m not in settled]
    return tuple(sorted([*hidden, *rest], key=lambda mask: (mask.start, mask.end)))


def machine_masks(connection: Connection, comment_id: str) -> tuple[Mask, ...]:
    """Return what the machine hides; where no machine has read the comment, what came with the codes in force.

    Args:
        connection: a reading connection.
        comment_id: which comment.
    """
    by_machine_first = ((Coding.source == MACHINE).desc(), Coding.in_force.desc())
    query = select(Coding.redactions).where(Coding.comment_id == comment_id).order_by(*by_machine_first).limit(1)
    return tuple(Mask(**mask) for mask in connection.execute(query).scalar() or ())


def person_shows(connection: Connection, comment_id: str) -> tuple[Mask, ...]:
    """Return the stretches of a comment from which people have taken a mask; nothing that they hide stands in them."""
    edit = _newest(connection, comment_id)
    return edit[1] if edit else ()


def keep_masks(
    connection: Connection, comment_id: str, hidden: Sequence[Mask], shown: Sequence[Mask], by: str, now: datetime
) -> str:
    """Keep what a person hides in a comment and what they show.

    Args:
        connection: a writing connection.
        comment_id: which comment; the caller has checked that the person may change it.
        hidden: everything that stays hidden.
        shown: masks that were taken off, now or before; of one of which a part stays hidden, only the rest is shown.
        by: the person's id.
        now: the present moment.

    Returns:
        The id under which the change can be taken back.

    Raises:
        CodingError: a mask is empty or stands nowhere.
    """
    if any(not 0 <= mask.start < mask.end for mask in (*hidden, *shown)):
        message = "A mask must cover at least one letter."
        raise CodingError(message)
    last = select(func.coalesce(func.max(MaskEdit.turn), 0)).where(MaskEdit.comment_id == comment_id)
    row = {
        "id": new_id(),
        "comment_id": comment_id,
        "turn": connection.execute(last).scalar_one() + 1,
        "hidden": [asdict(mask) for mask in hidden],
        "shown": [asdict(mask) for mask in without(shown, hidden)],
        "made_by": by,
        "made_at": now,
    }
    connection.execute(insert(MaskEdit), row)
    return str(row["id"])


def hide_more(connection: Connection, comment_id: str, more: Sequence[Mask], by: str, now: datetime) -> str:
    """Hide some more of a comment; whatever is hidden already stays so.

    Args:
        connection: a writing connection.
        comment_id: which comment; the caller has checked that the person may change it.
        more: what to hide besides.
        by: the person's id.
        now: the present moment.

    Returns:
        The id under which the change can be taken back; nothing when all of it is hidden already.
    """
    hidden = masks_of(connection, comment_id)
    if covers(hidden, more):
        return ""
    shown = person_shows(connection, comment_id)  # what somebody showed for a reason, and nobody hides now, stays so
    return keep_masks(connection, comment_id, joined(hidden, more), shown, by, now)


def withdraw_masks(connection: Connection, edit_id: str) -> None:
    """Take one change of masks back; what was hidden before it is hidden again.

    Args:
        connection: a writing connection.
        edit_id: what `keep_masks` gave.
    """
    connection.execute(delete(MaskEdit).where(MaskEdit.id == edit_id))


def _newest(connection: Connection, comment_id: str) -> tuple[tuple[Mask, ...], tuple[Mask, ...]] | None:
    query = select(MaskEdit.hidden, MaskEdit.shown).where(MaskEdit.comment_id == comment_id)
    row = connection.execute(query.order_by(MaskEdit.turn.desc()).limit(1)).first()
    if row is None:
        return None
    return tuple(Mask(**mask) for mask in row.hidden), tuple(Mask(**mask) for mask in row.shown)
