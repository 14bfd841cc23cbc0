"""Blind second coding: drawing a sample, the second person's codes, and settling where two people differ.

The second person's codes are kept apart. They are in force for no figure until somebody has settled them, and where
both say the same nothing needs to change.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from hscb_voice.audit.service import note
from hscb_voice.codebooks.queries import standing
from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.ids import new_id
from hscb_voice.reading_room.errors import BlindCodingError, NothingToDrawError
from hscb_voice.reading_room.models import BlindCoding, BlindSample
from hscb_voice.reading_room.seeing import seen_by
from hscb_voice.responses.models import Response
from hscb_voice.themes.masks import masks_of
from hscb_voice.themes.models import CodedTheme, Coding
from hscb_voice.themes.service import PERSON, POLARITIES, THEME_POLARITIES, NewCoding, ThemeCode, keep_codings

AGREED, FIRST, SECOND, OTHER = "agreed", "first", "second", "other"
LARGEST_SAMPLE = 1000
_MANY = 500  # ids in one query


@dataclass(frozen=True)
class Wanted:
    """Which sample to draw."""

    start: date
    end: date
    size: int
    seed: str


@dataclass(frozen=True)
class Codes:
    """What one person, or the machine, says of one comment."""

    polarity: str
    themes: Mapping[str, str]  # theme id -> polarity


def draw(connection: Connection, wanted: Wanted, by: str, clock: Clock) -> str:
    """Draw a sample of comments that one person has coded, for a second person to code blind.

    Args:
        connection: a writing connection.
        wanted: the days in which the comments were said, how many, and the seed.
        by: the person's id.
        clock: tells when.

    Returns:
        The sample's id.

    Raises:
        NothingToDrawError: no comment of these days has been coded by a person.
    """
    by_respondent = _coded_by_people(connection, wanted)
    if not by_respondent:
        message = "No comment of these days has been coded by a person yet"
        raise NothingToDrawError(message)
    drawn = stratified(by_respondent, min(wanted.size, LARGEST_SAMPLE), wanted.seed)
    now, sample_id = clock.now(), new_id()
    days = {"span_start": wanted.start, "span_end": wanted.end}
    sample = {"id": sample_id, **days, "wanted": wanted.size, "seed": wanted.seed, "drawn_by": by, "drawn_at": now}
    connection.execute(insert(BlindSample), sample)
    connection.execute(insert(BlindCoding), _first_codes(connection, sample_id, drawn))
    note(connection, by, "drew a sample to be coded blind", f"sample {sample_id}", now=now)
    return sample_id


def stratified(by_respondent: Mapping[str, Sequence[str]], size: int, seed: str) -> list[str]:
    """Choose ids so that each kind of respondent has its share, at least one each; the same seed chooses the same.

    Args:
        by_respondent: respondent -> ids, in any order.
        size: how many in all, or all there are.
        seed: what the choice hangs on.

    Returns:
        The chosen ids, mixed.
    """
    total = sum(len(ids) for ids in by_respondent.values())
    size = min(max(size, len(by_respondent)), total)
    ranked = {who: sorted(ids, key=lambda one: _rank(seed, one)) for who, ids in sorted(by_respondent.items())}
    # Whole shares first, at least one each; what is left goes to the largest remainders.
    shares = {who: size * len(ids) / total for who, ids in ranked.items()}
    counts = {who: max(1, int(share)) for who, share in shares.items()}
    by_remainder = sorted(ranked, key=lambda who: (shares[who] - int(shares[who]), who), reverse=True)
    while (missing := size - sum(counts.values())) != 0:
        step = 1 if missing > 0 else -1
        for who in by_remainder if step > 0 else reversed(by_remainder):
            if sum(counts.values()) != size and 1 <= counts[who] + step <= len(ranked[who]):
                counts[who] += step
    chosen = [one for who, ids in ranked.items() for one in ids[: counts[who]]]
    return sorted(chosen, key=lambda one: _rank(seed, one))


def code_blind(connection: Connection, sample_id: str, comment_id: str, by: str, codes: Codes, clock: Clock) -> bool:
    """Keep the second person's codes, apart from those in force.

    Args:
        connection: a writing connection.
        sample_id: the sample.
        comment_id: which comment of it.
        by: the second person's id.
        codes: what they say.
        clock: tells when.

    Returns:
        True when both say the same.

    Raises:
        BlindCodingError: the comment is not in the sample, has its second codes already, or the person has seen codes
            of it; or a code is none.
    """
    row = _row(connection, sample_id, comment_id)
    if row.second_coder is not None:
        message = "A second person has coded this comment already."
        raise BlindCodingError(message)
    if seen_by(connection, [comment_id], by):
        message = "You have coded this comment, or read it with its codes, so another person must code it blind."
        raise BlindCodingError(message)
    _check(codes)
    now = clock.now()
    first = Codes(row.first_polarity, row.first_themes)
    agreed = first.polarity == codes.polarity and dict(first.themes) == dict(codes.themes)
    changes: dict[str, Any] = {
        "second_coder": by,
        "second_polarity": codes.polarity,
        "second_themes": dict(codes.themes),
        "coded_at": now,
        "second_codebook": str(standing(connection).in_force),
    }
    if agreed:
        changes |= {"settled": AGREED, "settled_at": now}
    connection.execute(update(BlindCoding).where(*_is(sample_id, comment_id)).values(changes))
    note(connection, by, "coded a comment blind", f"comment {comment_id}", now=now)
    return agreed


def settle(
    connection: Connection, sample_id: str, comment_id: str, by: str, codes: Codes, length: int, clock: Clock
) -> None:
    """Settle what two people said differently: the codes given here are in force from now on.

    Args:
        connection: a writing connection.
        sample_id: the sample.
        comment_id: which comment of it.
        by: the person's id.
        codes: the first's, the second's, or others.
        length: of the comment; a person's codes stand for the whole of it.
        clock: tells when.

    Raises:
        BlindCodingError: it has no second codes yet, or is settled; or a code is none.
    """
    row = _row(connection, sample_id, comment_id)
    if row.second_coder is None or row.settled is not None:
        message = "There is nothing to settle about this comment now."
        raise BlindCodingError(message)
    _check(codes)
    now = clock.now()
    said = {FIRST: (row.first_polarity, row.first_themes), SECOND: (row.second_polarity, row.second_themes)}
    outcome = next((who for who, one in said.items() if one == (codes.polarity, dict(codes.themes))), OTHER)
    coding = NewCoding(
        comment_id=comment_id,
        source=PERSON,
        coder=by,
        codebook=_codebook_of(connection, row, outcome),
        polarity=codes.polarity,
        themes=[ThemeCode(theme, polarity, 0, length) for theme, polarity in codes.themes.items()],
        redactions=masks_of(connection, comment_id),
    )
    keep_codings(connection, row.response_id, [coding], now)
    changes = {"settled": outcome, "settled_by": by, "settled_at": now}
    connection.execute(update(BlindCoding).where(*_is(sample_id, comment_id)).values(changes))
    note(connection, by, "settled two people's codes", f"comment {comment_id}", now=now, reason=outcome)


def _codebook_of(connection: Connection, row: Row[Any], outcome: str) -> str:
    """Return the version by which the codes were given that win: the first's, the second's, or the present one."""
    known: dict[str, str | None] = {FIRST: row.codebook, SECOND: row.second_codebook}
    return known.get(outcome) or str(standing(connection).in_force)


def _coded_by_people(connection: Connection, wanted: Wanted) -> dict[str, list[str]]:
    query = (
        select(Response.respondent, Coding.comment_id)
        .join(Response, Response.id == Coding.response_id)
        .where(Coding.source == PERSON, Coding.in_force, Response.wrapped_key.is_not(None))
        .where(Response.span_start >= wanted.start, Response.span_end <= wanted.end)
        .where(Coding.comment_id.not_in(select(BlindCoding.comment_id)))
    )
    found = defaultdict(list)
    for respondent, comment_id in connection.execute(query):
        found[respondent].append(comment_id)
    return dict(found)


def _first_codes(connection: Connection, sample_id: str, drawn: Sequence[str]) -> list[dict[str, Any]]:
    """Copy the codes as they stand, so that what is compared does not change when a first code does."""
    rows = {}
    for begin in range(0, len(drawn), _MANY):
        some = drawn[begin : begin + _MANY]
        columns = (Coding.id, Coding.comment_id, Coding.response_id, Coding.coder, Coding.polarity, Coding.codebook)
        codings = connection.execute(select(*columns).where(Coding.comment_id.in_(some), Coding.in_force)).all()
        themes = _themes(connection, [coding.id for coding in codings])
        for coding in codings:
            rows[coding.comment_id] = {
                "sample_id": sample_id,
                "comment_id": coding.comment_id,
                "response_id": coding.response_id,
                "first_coder": coding.coder,
                "first_polarity": coding.polarity,
                "first_themes": themes.get(coding.id, {}),
                "codebook": coding.codebook,
            }
    return [rows[comment_id] | {"place": place} for place, comment_id in enumerate(drawn, start=1)]


def _themes(connection: Connection, coding_ids: Sequence[str]) -> dict[str, dict[str, str]]:
    query = select(CodedTheme.coding_id, CodedTheme.theme, CodedTheme.polarity)
    found: dict[str, dict[str, str]] = {}
    for row in connection.execute(query.where(CodedTheme.coding_id.in_(coding_ids))):
        found.setdefault(row.coding_id, {})[row.theme] = row.polarity
    return found


def _row(connection: Connection, sample_id: str, comment_id: str) -> Row[Any]:
    query = select(*BlindCoding.__table__.columns).where(*_is(sample_id, comment_id)).with_for_update()
    row = connection.execute(query).first()
    if row is None:
        message = "There is no such comment in this sample."
        raise BlindCodingError(message)
    return row


def _is(sample_id: str, comment_id: str) -> tuple[Any, Any]:
    return BlindCoding.sample_id == sample_id, BlindCoding.comment_id == comment_id


def _check(codes: Codes) -> None:
    if codes.polarity not in POLARITIES or any(p not in THEME_POLARITIES for p in codes.themes.values()):
        message = "Choose how the comment reads."
        raise BlindCodingError(message)


def _rank(seed: str, one: str) -> str:
    return hashlib.sha256(f"{seed}|{one}".encode()).hexdigest()


def default_seed(now: datetime) -> str:
    """Return the seed that a page suggests: the moment, so that each sample differs and can be drawn again."""
    return f"{now:%Y-%m-%d %H:%M}"
