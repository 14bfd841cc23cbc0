"""Keeping suggestions, and what a person makes of them: a theme of the draft, more words for a theme, or nothing.

What was decided does not come back. It is known again by keyed fingerprints of its words, so that no word of a child is
kept for that. Only what was rejected because too few said it comes back, once twice as many do.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from hscb_voice.audit.service import note
from hscb_voice.codebooks.editing import Contents, ThemeFields, add_theme, change_theme, fields_of
from hscb_voice.codebooks.errors import CodebookEditError, DraftMovedError
from hscb_voice.codebooks.queries import draft
from hscb_voice.codebooks.service import begin_draft, change_draft
from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.keys import KeyRing, WrappedKey
from hscb_voice.language.emerging import FEWEST_RESPONSES
from hscb_voice.language.emerging_groups import is_same_subject, signature_of
from hscb_voice.new_themes.errors import DecisionError, UnknownSuggestionError
from hscb_voice.new_themes.models import SuggestedComment, ThemeDecision, ThemeSuggestion
from hscb_voice.responses.models import Comment, Response

PHRASE, GROUP = "phrase", "group"
NAMED, MERGED, REJECTED = "named", "merged", "rejected"
TOO_FEW = "too_few"
REASONS = {
    "covered": "A theme covers it already",
    "no_theme": "It is a way of speaking, not a subject",
    "private": "It could tell on somebody",
    TOO_FEW: "Too few say it; suggest it again when twice as many do",
}
_TABLE = ThemeSuggestion.__tablename__
_PURPOSE = "word of a suggested theme"
MOST_SHOWN = 30  # phrases, and groups


@dataclass(frozen=True)
class Found:
    """Something that the search has found."""

    kind: str
    words: tuple[str, ...]  # one phrase, or what a group shares
    responses: int
    comments: tuple[str, ...]
    before: int | None = None
    z: float | None = None


def keep_found(connection: Connection, keys: KeyRing, search_id: str, found: Sequence[Found]) -> int:
    """Put what was found in the place of all earlier suggestions; what has been decided makes room for what follows.

    Args:
        connection: a writing connection.
        keys: seal the words, and make fingerprints.
        search_id: of which look.
        found: the most telling first.

    Returns:
        How many suggestions there are now: at most thirty of each kind.
    """
    connection.execute(delete(ThemeSuggestion))
    decided = connection.execute(select(ThemeDecision.prints, ThemeDecision.reason, ThemeDecision.responses)).all()
    kept: Counter[str] = Counter()
    for place, one in enumerate(found):
        if kept[one.kind] == MOST_SHOWN:
            continue
        prints = prints_of(keys, one.words)
        if any(_holds_back(one, prints, *row) for row in decided):
            continue
        places = _still_there(connection, one.comments)
        if len(set(places.values())) >= FEWEST_RESPONSES:
            _keep(connection, keys, {"search_id": search_id, "place": place, "prints": prints}, one, places)
            kept[one.kind] += 1
    return kept.total()


def prints_of(keys: KeyRing, words: Sequence[str]) -> list[str]:
    """Return the keyed fingerprints by which a subject is known again, whatever the order of its words.

    Args:
        keys: the index key outlives every key that seals.
        words: phrases.
    """
    return sorted(keys.fingerprint(_PURPOSE, word).hex() for word in signature_of(words))


def name_theme(
    connection: Connection, suggestion_id: str, theme_id: str, fields: ThemeFields, by: str, clock: Clock
) -> None:
    """Make a suggestion a new theme of the codebook's draft; nothing is in force until the draft is published.

    Args:
        connection: a writing connection.
        suggestion_id: which.
        theme_id: the theme's id for ever.
        fields: what it says.
        by: the person's id.
        clock: tells when.

    Raises:
        UnknownSuggestionError: it is there no more.
        DecisionError: the theme cannot be so.
    """
    row = _locked(connection, suggestion_id)
    did = f"Added “{fields.name.strip()}”, from a suggestion"
    _change(connection, lambda contents: add_theme(contents, theme_id, fields), did, by, clock)
    _decide(connection, row, {"act": NAMED, "theme": theme_id}, by, clock.now())


def merge_into(connection: Connection, suggestion_id: str, theme_id: str, patterns: str, by: str, clock: Clock) -> None:
    """Add a suggestion's words to a theme of the codebook's draft.

    Args:
        connection: a writing connection.
        suggestion_id: which.
        theme_id: the theme.
        patterns: the phrases to add, one a line.
        by: the person's id.
        clock: tells when.

    Raises:
        UnknownSuggestionError: it is there no more.
        DecisionError: there is no such theme, or a phrase cannot be read.
    """
    row = _locked(connection, suggestion_id)

    def change(contents: Contents) -> Contents:
        fields = fields_of(contents.theme(theme_id))
        return change_theme(contents, theme_id, replace(fields, patterns=f"{fields.patterns}\n{patterns}"))

    if not patterns.strip():
        message = "Write at least one phrase."
        raise DecisionError(message, {"patterns": message})
    _change(connection, change, f"Added suggested phrases to “{theme_id}”", by, clock)
    _decide(connection, row, {"act": MERGED, "theme": theme_id}, by, clock.now())


def reject(connection: Connection, suggestion_id: str, reason: str, by: str, clock: Clock) -> None:
    """Reject a suggestion; its words go with it.

    Args:
        connection: a writing connection.
        suggestion_id: which.
        reason: one of `REASONS`.
        by: the person's id.
        clock: tells when.

    Raises:
        UnknownSuggestionError: it is there no more.
        DecisionError: the reason is none.
    """
    if reason not in REASONS:
        message = "Say why it is rejected"
        raise DecisionError(message, {"reason": message})
    _decide(connection, _locked(connection, suggestion_id), {"act": REJECTED, "reason": reason}, by, clock.now())


def take_decision_back(connection: Connection, decision_id: str, by: str, clock: Clock) -> bool:
    """Forget a decision, so that the next look may suggest it again. A draft of the codebook stays as it is.

    Args:
        connection: a writing connection.
        decision_id: which.
        by: the person's id.
        clock: tells when.

    Returns:
        False when it was taken back before.
    """
    gone = delete(ThemeDecision).where(ThemeDecision.id == decision_id).returning(ThemeDecision.act)
    if connection.execute(gone).first() is None:
        return False
    note(connection, by, "took back a decision on a suggested theme", f"decision {decision_id}", now=clock.now())
    return True


def words_in(keys: KeyRing, row: Any) -> tuple[str, ...]:  # noqa: ANN401 - any row with a suggestion's columns
    """Open the words of a suggestion: they stand in at least three responses, and no name is among them."""
    seal = keys.seal_of_row(_TABLE, row.id, WrappedKey(row.key_id, row.wrapped_key))
    return tuple(json.loads(seal.open(row.sealed, "words")))


def _holds_back(one: Found, prints: Sequence[str], before: Sequence[str], reason: str, responses: int) -> bool:
    return is_same_subject(prints, before) and (reason != TOO_FEW or one.responses < 2 * responses)


def _the_same(connection: Connection, prints: Sequence[str]) -> list[str]:
    """Return the other suggestions about what is decided now: a phrase may rise and its comments be a group, too."""
    rows = connection.execute(select(ThemeSuggestion.id, ThemeSuggestion.prints))
    return [row.id for row in rows if is_same_subject(row.prints, prints)]


def _still_there(connection: Connection, comment_ids: Sequence[str]) -> dict[str, str]:
    """Return comment -> response of those that have not been erased while the machine was looking."""
    query = select(Comment.id, Comment.response_id).join(Response, Response.id == Comment.response_id)
    rows = connection.execute(query.where(Comment.id.in_(comment_ids), Response.wrapped_key.is_not(None)))
    return {row.id: row.response_id for row in rows}


def _keep(
    connection: Connection, keys: KeyRing, more: Mapping[str, Any], one: Found, places: Mapping[str, str]
) -> None:
    suggestion_id = new_id()
    seal, wrapped = keys.seal_for_new_row(_TABLE, suggestion_id)
    row = {"id": suggestion_id, "kind": one.kind, "responses": len(set(places.values())), "before": one.before}
    row |= {"z": one.z, "key_id": wrapped.key_id, "wrapped_key": wrapped.wrapped, **more}
    connection.execute(insert(ThemeSuggestion), row | {"sealed": seal.close(json.dumps(one.words), "words")})
    rests_on = [{"suggestion_id": suggestion_id, "comment_id": c, "response_id": r} for c, r in places.items()]
    connection.execute(insert(SuggestedComment), rests_on)


def _locked(connection: Connection, suggestion_id: str) -> Any:  # noqa: ANN401 - a row of named columns
    columns = (ThemeSuggestion.id, ThemeSuggestion.kind, ThemeSuggestion.prints, ThemeSuggestion.responses)
    row = connection.execute(select(*columns).where(ThemeSuggestion.id == suggestion_id).with_for_update()).first()
    if row is None:
        raise UnknownSuggestionError
    return row


def _change(connection: Connection, change: Callable[[Contents], Contents], did: str, by: str, clock: Clock) -> None:
    found = draft(connection)
    try:
        turn = found.turn if found else begin_draft(connection, by, clock)
        change_draft(connection, turn, change, did, by, clock)
    except CodebookEditError as trouble:
        raise DecisionError(str(trouble), trouble.fields) from trouble
    except DraftMovedError as trouble:
        raise DecisionError(str(trouble)) from trouble


def _decide(connection: Connection, row: Any, what: Mapping[str, str], by: str, now: datetime) -> None:  # noqa: ANN401 - as above
    decision = {"id": new_id(), "kind": row.kind, "prints": row.prints, "responses": row.responses}
    decision |= {"theme": "", "reason": "", "decided_by": by, "decided_at": now, **what}
    connection.execute(insert(ThemeDecision), decision)
    connection.execute(
        delete(ThemeSuggestion).where(ThemeSuggestion.id.in_([row.id, *_the_same(connection, row.prints)]))
    )
    note(
        connection,
        by,
        f"{what['act']} a suggested theme",
        f"decision {decision['id']}",
        now=now,
        reason=decision["reason"],
    )
