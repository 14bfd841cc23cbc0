"""Reading for the pages of keeping and erasing: what waits, what is held, and an answer seen from outside."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from hscb_voice.governance.access import WAITING, Request, request_about
from hscb_voice.governance.holding import Holding, holding_of
from hscb_voice.governance.models import AccessRequest, ErasureWish, Hold
from hscb_voice.governance.retention import DEFAULT_MONTHS, gone_after, periods
from hscb_voice.responses.errors import UnknownResponseError
from hscb_voice.responses.periods import span_words
from hscb_voice.responses.queries import EVERY_TEAM, response_by_id
from hscb_voice.responses.showing import RESPONDENT_LABELS, short_titles
from hscb_voice.safeguarding.forgetting import ConcernsStanding, how_concerns_stand

_MOST = 200


@dataclass(frozen=True)
class Wish:
    """Somebody's wish to have an answer taken back that waits for a person."""

    response_id: str
    asked_at: datetime
    why: str


@dataclass(frozen=True)
class HeldAnswer:
    """What may be seen of an answer without reading it."""

    id: str
    title: str
    respondent: str
    said: str
    service: str
    invented: bool
    erased_at: datetime | None
    words_go_on: date | None  # none for words that stand in print anyhow, or that nobody said
    standing: ConcernsStanding
    holding: Holding | None
    request: Request | None
    wish: Wish | None


def held_answer(connection: Connection, response_id: str) -> HeldAnswer:
    """Return what a data-protection officer may see of an answer: no tick, no word.

    Args:
        connection: a reading connection.
        response_id: which.

    Returns:
        The answer from outside.

    Raises:
        UnknownResponseError: there is no such answer, or it has been taken back.
    """
    response = response_by_id(connection, EVERY_TEAM, response_id)
    if response.taken_back_at is not None:
        message = "This answer has been taken back."
        raise UnknownResponseError(message)
    return HeldAnswer(
        id=response.id,
        title=short_titles(connection).get(response.slug, response.slug),
        respondent=RESPONDENT_LABELS[response.respondent],
        said=span_words(response.span_start, response.span_end),
        service=response.service,
        invented=response.invented,
        erased_at=response.erased_at,
        words_go_on=None
        if response.invented or response.source
        else gone_after(response.received_at, periods(connection).get(response.slug, DEFAULT_MONTHS)),
        standing=how_concerns_stand(connection, response_id),
        holding=holding_of(connection, response_id),
        request=request_about(connection, response_id),
        wish=next(iter(wishes(connection, response_id)), None),
    )


def wishes(connection: Connection, response_id: str = "") -> list[Wish]:
    """Return wishes to have an answer taken back that wait for a person, oldest first.

    Args:
        connection: a reading connection.
        response_id: only about this answer; about all when left out.
    """
    query = select(ErasureWish.response_id, ErasureWish.asked_at, ErasureWish.why)
    if response_id:
        query = query.where(ErasureWish.response_id == response_id)
    return [Wish(*row) for row in connection.execute(query.order_by(ErasureWish.asked_at).limit(_MOST))]


def holdings(connection: Connection) -> list[Holding]:
    """Return what is held, by the day on which it ends."""
    columns = (Hold.response_id, Hold.reason, Hold.until, Hold.held_by)
    return [Holding(*row) for row in connection.execute(select(*columns).order_by(Hold.until).limit(_MOST))]


def copies_waiting(connection: Connection) -> int:
    """Count the copies that wait to be released."""
    query = select(func.count()).select_from(AccessRequest).where(AccessRequest.state == WAITING)
    return connection.execute(query).scalar_one()


def wishes_waiting(connection: Connection) -> int:
    """Count the wishes to have an answer taken back that wait for a person."""
    return connection.execute(select(func.count()).select_from(ErasureWish)).scalar_one()
