"""What this room forgets when words, or a whole answer, go. Its counts go down by exactly what the answer had added."""

from sqlalchemy import Connection, delete, select, update

from hscb_voice.responses.models import Comment
from hscb_voice.themes.models import CodedTheme, Coding, MaskEdit, Quote
from hscb_voice.themes.service import cells_in_force, hold_off_switch, set_counts


def forget_codes(connection: Connection, response_id: str) -> None:
    """Remove every code and quote of a response, and its counts.

    Args:
        connection: a writing connection; the response still stands as it was counted.
        response_id: which.
    """
    hold_off_switch(connection)
    before = cells_in_force(connection, response_id)
    of_response = select(Coding.id).where(Coding.response_id == response_id)
    connection.execute(delete(Quote).where(Quote.response_id == response_id))
    connection.execute(delete(CodedTheme).where(CodedTheme.coding_id.in_(of_response)))
    connection.execute(delete(Coding).where(Coding.response_id == response_id))
    set_counts(connection, response_id, before)


def fade_codes(connection: Connection, response_id: str) -> None:
    """Keep which themes a response had, and forget where in its words they stood; quotes go.

    Args:
        connection: a writing connection.
        response_id: which.
    """
    of_response = select(Coding.id).where(Coding.response_id == response_id)
    connection.execute(update(CodedTheme).where(CodedTheme.coding_id.in_(of_response)).values(start=0, end=0))
    connection.execute(update(Coding).where(Coding.response_id == response_id).values(redactions=[], evidence=[]))
    comments = select(Comment.id).where(Comment.response_id == response_id)
    connection.execute(delete(MaskEdit).where(MaskEdit.comment_id.in_(comments)))
    connection.execute(delete(Quote).where(Quote.response_id == response_id))
