"""Reading piles: a person's own, how far they are, and what can still be undone."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, func, select

from hscb_voice.foundation.clock import LOCAL_ZONE, written_day
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.paper.errors import UnknownPileError
from hscb_voice.paper.models import PaperPile, TypedForm

UNDO_FOR = timedelta(minutes=10)
_FEWEST_FOR_A_RATE = 3


@dataclass(frozen=True)
class Pile:
    """A pile of forms: which form, and the setting that all of them share."""

    id: str
    person_id: str
    form_code: str
    slug: str
    service: str
    team: str
    locality: str
    span_start: date
    span_end: date
    session_date: date | None
    point: str
    moves_on: bool
    opened_at: datetime


@dataclass(frozen=True)
class Typed:
    """One form that was typed."""

    response_id: str
    number: str
    typed_at: datetime


@dataclass(frozen=True)
class Tally:
    """How far somebody is."""

    in_pile: int
    an_hour: int | None  # forms an hour in this pile; None while there are too few to tell
    today: tuple[tuple[str, int], ...]  # slug -> forms typed today, most first

    @property
    def all_today(self) -> int:
        """Return how many forms were typed today."""
        return sum(count for _, count in self.today)


_PILE = [getattr(PaperPile, name) for name in Pile.__dataclass_fields__]
_TYPED = [getattr(TypedForm, name) for name in Typed.__dataclass_fields__]


def pile_by_id(connection: Connection, person_id: str, pile_id: str) -> Pile:
    """Return one of a person's own piles.

    Args:
        connection: a reading connection.
        person_id: whose.
        pile_id: which.

    Raises:
        UnknownPileError: there is none of that id for this person.
    """
    query = select(*_PILE).where(PaperPile.id == pile_id, PaperPile.person_id == person_id)
    row = connection.execute(query).first()
    if row is None:
        message = "There is no such pile."
        raise UnknownPileError(message)
    return Pile(*row)


def newest_pile(connection: Connection, person_id: str) -> Pile | None:
    """Return the pile that a person opened last, whose setting is remembered for the next; None for the first."""
    query = select(*_PILE).where(PaperPile.person_id == person_id)
    row = connection.execute(query.order_by(PaperPile.opened_at.desc(), PaperPile.id).limit(1)).first()
    return None if row is None else Pile(*row)


def newest_typed(connection: Connection, pile_id: str) -> Typed | None:
    """Return the form of a pile that was typed last, or None."""
    query = select(*_TYPED).where(TypedForm.pile_id == pile_id)
    row = connection.execute(query.order_by(TypedForm.typed_at.desc(), TypedForm.response_id).limit(1)).first()
    return None if row is None else Typed(*row)


def typed_with(connection: Connection, pile_id: str, number: str) -> Typed | None:
    """Return the form of a pile that has a number, or None; no number is nobody's."""
    if not number:
        return None
    query = select(*_TYPED).where(TypedForm.pile_id == pile_id, TypedForm.number == number)
    row = connection.execute(query.order_by(TypedForm.typed_at.desc()).limit(1)).first()
    return None if row is None else Typed(*row)


def known_of_paper(connection: Connection, _keys: KeyRing, response_id: str) -> list[str]:
    """Tell from which paper an answer was typed.

    Args:
        connection: a reading connection.
        _keys: nothing of it is sealed.
        response_id: which answer.
    """
    row = connection.execute(select(*_TYPED).where(TypedForm.response_id == response_id)).first()
    if row is None:
        return []
    typed = Typed(*row)
    numbered = f", with the number {typed.number} on it" if typed.number else ""
    return [f"Typed from a paper form{numbered} on {written_day(typed.typed_at)}"]


def tally_of(connection: Connection, pile: Pile, today: date) -> Tally:
    """Count what has been typed.

    Args:
        connection: a reading connection.
        pile: the pile on the desk.
        today: where the Board works.
    """
    count, first, last = connection.execute(
        select(func.count(), func.min(TypedForm.typed_at), func.max(TypedForm.typed_at)).where(
            TypedForm.pile_id == pile.id
        )
    ).one()
    morning = datetime.combine(today, time(), LOCAL_ZONE)
    by_form = (
        select(PaperPile.slug, func.count())
        .join(TypedForm, TypedForm.pile_id == PaperPile.id)
        .where(PaperPile.person_id == pile.person_id, TypedForm.typed_at >= morning)
        .group_by(PaperPile.slug)
        .order_by(func.count().desc(), PaperPile.slug)
    )
    counted = tuple((slug, number) for slug, number in connection.execute(by_form))
    return Tally(count, _an_hour(count, first, last), counted)


def _an_hour(count: int, first: datetime | None, last: datetime | None) -> int | None:
    if count < _FEWEST_FOR_A_RATE or first is None or last is None or last <= first:
        return None
    return round((count - 1) * 3600 / (last - first).total_seconds())
