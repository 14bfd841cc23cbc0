"""What people decide about learning: ask for it, switch a theme's model off and on, accept or reject a phrase.

May not: train (the worker does), or put a phrase in force: it goes into the codebook's draft, which people publish.
"""

from dataclasses import replace

from sqlalchemy import Connection, delete, insert, update

from hscb_voice.audit.service import note
from hscb_voice.codebooks import queries as codebooks
from hscb_voice.codebooks.editing import Contents, change_theme, fields_of
from hscb_voice.codebooks.service import begin_draft, change_draft
from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.jobs import enqueue
from hscb_voice.language.learned_themes import POLARITY
from hscb_voice.themes.errors import LearningError
from hscb_voice.themes.learning_models import LearnedSwitch, PatternSuggestion
from hscb_voice.themes.learning_queries import EVERYTHING, LEARN_JOB, is_learning_asked

OPEN, ACCEPTED, REJECTED = "open", "accepted", "rejected"


def ask_to_learn(connection: Connection, by: str, clock: Clock) -> bool:
    """Ask the worker to learn from everything that people have coded.

    Args:
        connection: a writing connection.
        by: the person's id.
        clock: tells when.

    Returns:
        False when it has been asked already.
    """
    if is_learning_asked(connection):
        return False
    enqueue(connection, [LEARN_JOB], EVERYTHING, clock.now())
    note(connection, by, "asked the machine to learn from people's codes", "", now=clock.now())
    return True


def switch(connection: Connection, theme: str, by: str, clock: Clock, *, is_on: bool) -> None:
    """Let the learned model speak for a theme, or not. Comments read from now on follow; the others when read again.

    Args:
        connection: a writing connection.
        theme: the theme's id, or `polarity`.
        by: the person's id.
        clock: tells when.
        is_on: whether it may speak.

    Raises:
        LearningError: there is no such theme.
    """
    if theme != POLARITY and theme not in codebooks.codebook_in_force(connection).theme_ids():
        message = "There is no such theme."
        raise LearningError(message)
    connection.execute(delete(LearnedSwitch).where(LearnedSwitch.theme == theme))
    if not is_on:
        connection.execute(insert(LearnedSwitch), {"theme": theme, "off_by": by, "off_at": clock.now()})
    act = "let the learned model speak for a theme" if is_on else "switched the learned model off for a theme"
    note(connection, by, act, theme, now=clock.now())


def accept(connection: Connection, suggestion_id: str, by: str, clock: Clock) -> str:
    """Take a suggested phrase into the draft of the codebook; a draft is begun where there is none.

    Args:
        connection: a writing connection.
        suggestion_id: which.
        by: the person's id.
        clock: tells when.

    Returns:
        The phrase.

    Raises:
        LearningError: it waits no more.
        CodebookEditError: the draft cannot take it, because its theme is gone or somebody else is at work.
    """
    theme, phrase = _decide(connection, suggestion_id, ACCEPTED, by, clock)
    propose_phrase(connection, theme, phrase, by, clock)
    return phrase


def propose_phrase(connection: Connection, theme: str, phrase: str, by: str, clock: Clock) -> int:
    """Add a phrase to a theme in the draft of the codebook.

    Args:
        connection: a writing connection.
        theme: the theme's id.
        phrase: as the codebook writes it.
        by: the person's id.
        clock: tells when.

    Returns:
        The draft's turn.

    Raises:
        CodebookEditError: the draft cannot take it.
    """
    draft = codebooks.draft(connection)
    turn = draft.turn if draft is not None else begin_draft(connection, by, clock)

    def with_phrase(contents: Contents) -> Contents:
        fields = fields_of(contents.theme(theme))
        if phrase in fields.patterns.splitlines():
            return contents
        return change_theme(contents, theme, replace(fields, patterns=f"{fields.patterns}\n{phrase}".strip()))

    return change_draft(connection, turn, with_phrase, f"Added the phrase “{phrase}” to {theme}", by, clock)


def reject(connection: Connection, suggestion_id: str, by: str, clock: Clock) -> str:
    """Reject a suggested phrase; it does not come back.

    Args:
        connection: a writing connection.
        suggestion_id: which.
        by: the person's id.
        clock: tells when.

    Returns:
        The phrase.

    Raises:
        LearningError: it waits no more.
    """
    return _decide(connection, suggestion_id, REJECTED, by, clock)[1]


def _decide(connection: Connection, suggestion_id: str, state: str, by: str, clock: Clock) -> tuple[str, str]:
    table = PatternSuggestion
    changes = {"state": state, "decided_by": by, "decided_at": clock.now()}
    is_open = (table.id == suggestion_id) & (table.state == OPEN)
    # Two people who press at once: one decides, the other is told.
    changed = connection.execute(update(table).where(is_open).values(changes).returning(table.theme, table.phrase))
    row = changed.first()
    if row is None:
        message = "Somebody has decided about this phrase already, or it has been replaced by newer ones."
        raise LearningError(message)
    # The record never holds words that somebody wrote: the phrase stands in the suggestions only.
    note(connection, by, f"{state} a suggested phrase", row.theme, now=clock.now())
    return row.theme, row.phrase
