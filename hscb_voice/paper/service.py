"""Opening piles, keeping what is typed of each form with the concerns it raises, and undoing the last one."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy import Connection, delete, exists, insert, select

from hscb_voice.audit.models import AuditEntry
from hscb_voice.audit.service import PLATFORM, note
from hscb_voice.foundation.clock import LOCAL_ZONE, Clock
from hscb_voice.foundation.database import upsert
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.foundation.platform import Platform
from hscb_voice.governance.erasing import MISTAKE, Erasing, erase
from hscb_voice.governance.errors import NotNowError
from hscb_voice.paper.errors import NotUndoneError, TypedAlreadyError
from hscb_voice.paper.form_codes import PaperForm
from hscb_voice.paper.models import PaperPile, TypedForm
from hscb_voice.paper.queries import UNDO_FOR, Pile, Typed, newest_typed, typed_with
from hscb_voice.questionnaires.definition import Kind
from hscb_voice.questionnaires.kinds import Answers
from hscb_voice.questionnaires.queries import version_by_id
from hscb_voice.responses.errors import UnknownResponseError
from hscb_voice.responses.models import ToBeRead
from hscb_voice.responses.queries import EVERY_TEAM, response_by_id
from hscb_voice.responses.service import Kept, Setting, Span, Submission, keep
from hscb_voice.responses.words import comments_of
from hscb_voice.safeguarding.jobs import raise_at_once

_NAMESPACE = uuid.UUID("6f0c7d5e-8a44-5d1b-9a5e-1f5d2f0d2016")
# Numbers on papers lead to people as long as the papers are kept; nobody types a pile for so long.
_FORGOTTEN_AFTER = timedelta(days=90)
_LOG = structlog.get_logger(__name__)


@dataclass(frozen=True)
class PileSetting:
    """What all forms of a pile share."""

    form: PaperForm
    service: str
    team: str
    locality: str
    span: Span
    session_date: date | None
    point: str
    moves_on: bool


@dataclass(frozen=True)
class TypedAnswer:
    """One form as it was typed."""

    sitting: str  # minted when the page opened, so that sending it twice keeps it once
    number: str
    answers: Answers
    is_another: bool = False  # though another form of the pile has the same number


def open_pile(connection: Connection, wanted: PileSetting, person_id: str, clock: Clock) -> str:
    """Open a pile.

    Args:
        connection: a writing connection.
        wanted: the form and the setting.
        person_id: who types.
        clock: tells when.

    Returns:
        The pile's id.
    """
    pile_id, now = new_id(), clock.now()
    connection.execute(delete(PaperPile).where(PaperPile.opened_at < now - _FORGOTTEN_AFTER))
    connection.execute(
        insert(PaperPile),
        {
            "id": pile_id,
            "person_id": person_id,
            "form_code": wanted.form.code,
            "slug": wanted.form.version.slug,
            "service": wanted.service,
            "team": wanted.team,
            "locality": wanted.locality,
            "span_start": wanted.span.start,
            "span_end": wanted.span.end,
            "session_date": wanted.session_date,
            "point": wanted.point,
            "moves_on": wanted.moves_on,
            "opened_at": now,
        },
    )
    note(connection, person_id, "began to type paper forms", f"pile {pile_id}", now=now, reason=wanted.form.code)
    return pile_id


def keep_typed(platform: Platform, pile: Pile, form: PaperForm, typed: TypedAnswer) -> Kept:
    """Keep one form, in one transaction with the concerns that it plainly raises.

    Args:
        platform: keeps it.
        pile: to which it belongs.
        form: what the pile's code stands for.
        typed: what was typed.

    Returns:
        The response, and whether this is the first time.

    Raises:
        TypedAlreadyError: a form of this number has been typed in this pile, and nobody says that this is another.
        AnotherAnswerError: the page has been sent before, with other answers.
        TakenBackError: it was sent before and undone.
    """
    submission = _submission(platform, pile, form, typed)
    with platform.database.writing() as connection:
        before = typed_with(connection, pile.id, typed.number)
        if before is not None and before.response_id != submission.sitting_id and not typed.is_another:
            when = before.typed_at.astimezone(LOCAL_ZONE)
            message = f"Number {typed.number} was typed in this pile at {when:%H:%M}."
            raise TypedAlreadyError(message)
        kept = keep(connection, submission, platform.keys)
        row = {
            "response_id": kept.response_id,
            "pile_id": pile.id,
            "number": typed.number,
            "typed_at": platform.clock.now(),
        }
        connection.execute(upsert(connection, TypedForm).on_conflict_do_nothing(index_elements=["response_id"]), row)
        if kept.is_new:
            raise_beside(connection, kept.response_id, platform.keys, platform.clock)
    return kept


def undo(platform: Platform, pile: Pile, response_id: str) -> Answers:
    """Take the form back that was typed last, as if it had never been typed.

    Args:
        platform: where it stands.
        pile: to which it belongs.
        response_id: which form.

    Returns:
        What had been typed, so that it can be mended.

    Raises:
        NotUndoneError: another was typed after it, it is too long ago, or somebody has seen it; the message says which.
    """
    with platform.database.reading() as connection:
        last = newest_typed(connection, pile.id)
        trouble = _why_not(connection, last, response_id, pile.person_id, platform.clock.now())
        if trouble:
            raise NotUndoneError(trouble)
        answers = _answers_of(connection, platform.keys, response_id)
    try:
        erase(platform, Erasing(response_id, MISTAKE, pile.person_id))
    except NotNowError as fault:
        message = f"It cannot be undone here. {fault}"
        raise NotUndoneError(message) from fault
    except UnknownResponseError as fault:
        message = "It has been undone already."
        raise NotUndoneError(message) from fault
    with platform.database.writing() as connection:
        # Where a record of a concern keeps the response's place, its row here must go by itself.
        connection.execute(delete(TypedForm).where(TypedForm.response_id == response_id))
    return answers


def raise_beside(connection: Connection, response_id: str, keys: KeyRing, clock: Clock) -> None:
    """Raise concerns beside an answer. If that fails, the answer stands, and its job raises them soon.

    Args:
        connection: the writing connection on which the answer has just been kept.
        response_id: which.
        keys: open the words.
        clock: tells when.
    """
    try:
        with connection.begin_nested():
            raise_at_once(connection, response_id, keys=keys, clock=clock)
    except Exception as fault:  # noqa: BLE001 - no fault of ours may cost a child's answer
        _LOG.warning("concerns wait for the screening", fault=type(fault).__name__)


def was_seen(connection: Connection, response_id: str, but_by: str) -> bool:
    """Tell whether somebody has looked at a response, or read its words.

    Args:
        connection: a reading connection.
        response_id: which.
        but_by: whose own looks do not count.
    """
    read = exists().where(ToBeRead.response_id == response_id, ToBeRead.read_at.is_not(None))
    others = AuditEntry.who.not_in((but_by, PLATFORM))
    looked = exists().where(AuditEntry.subject == f"response {response_id}", others)
    return bool(connection.execute(select(read | looked)).scalar())


def _why_not(connection: Connection, last: Typed | None, response_id: str, by: str, now: datetime) -> str:
    if last is None or last.response_id != response_id:
        return "Only the form that was typed last can be undone."
    if now - last.typed_at > UNDO_FOR:
        minutes = round(UNDO_FOR.total_seconds() / 60)
        return f"A form can be undone for {minutes} minutes. Ask the data-protection officer to erase it."
    if was_seen(connection, response_id, by):
        return "Somebody has read it meanwhile. Ask the data-protection officer to erase it."
    return ""


def _answers_of(connection: Connection, keys: KeyRing, response_id: str) -> Answers:
    response = response_by_id(connection, EVERY_TEAM, response_id)
    definition = version_by_id(connection, response.version_id).definition
    answers: Answers = dict(response.answers)
    for comment in comments_of(connection, keys, [response_id]):
        question = definition.question(comment.question)
        if question is not None and question.kind is Kind.BLANKS:
            lines = answers.setdefault(comment.question, [])
            assert isinstance(lines, list)  # noqa: S101 - just put there; this tells the type checker
            lines.append(comment.text)
        else:
            answers[comment.question] = comment.text
    return answers


def _submission(platform: Platform, pile: Pile, form: PaperForm, typed: TypedAnswer) -> Submission:
    return Submission(
        # Bound to the pile, so that nothing typed here can be taken for another team's answer.
        sitting_id=str(uuid.uuid5(_NAMESPACE, f"{pile.id}|{typed.sitting}")),
        version=form.version,
        answers=typed.answers,
        received_at=platform.clock.now(),
        variant=form.variant,
        language=form.language.code,
        setting=Setting(
            channel="paper",
            service=pile.service,
            team=pile.team,
            locality=pile.locality,
            session_date=pile.session_date,
            point=pile.point,
        ),
        respondent=form.version.definition.respondent_of(form.variant),
        span=Span(pile.span_start, pile.span_end),
    )
