"""Reads what a tablet sealed, once it has been opened: the same forms judge it that judge a page.

What stands around the answers is passed over when it is implausible: a tablet's clock may be a day wrong, and no word
of a child is refused for that.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection
from werkzeug.datastructures import MultiDict

from hscb_voice.collect.errors import StrangeSendingError
from hscb_voice.collect.forms import Envelope, FormBook
from hscb_voice.collect.ways import Way
from hscb_voice.foundation.clock import LOCAL_ZONE
from hscb_voice.invitations.queries import OpenInvitation
from hscb_voice.questionnaires.errors import UnknownQuestionnaireError
from hscb_voice.questionnaires.kinds import Answers
from hscb_voice.questionnaires.queries import PublishedVersion, version_by_id
from hscb_voice.responses.service import Setting, Span
from hscb_voice.tablets.errors import CannotReadError
from hscb_voice.tablets.queries import TabletView

CHANNEL = "tablet"
_MOST_FIELDS = 500
_LARGEST_ID = 10**9
_AHEAD, _BEHIND = timedelta(days=1), timedelta(days=90)


@dataclass(frozen=True)
class ReadAnswer:
    """An answer from a tablet, ready to be kept."""

    way: Way
    envelope: Envelope
    answers: Answers
    span: Span | None  # when it was said, if the tablet's clock can be believed


def version_of(connection: Connection, written: Mapping[str, object]) -> PublishedVersion:
    """Return the wording that was answered, however old.

    Args:
        connection: a reading connection.
        written: what the tablet wrote.

    Raises:
        CannotReadError: there is no such questionnaire, or it has no such version.
    """
    number = written.get("version")
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < _LARGEST_ID:
        raise CannotReadError
    try:
        version = version_by_id(connection, number)
    except UnknownQuestionnaireError as fault:
        raise CannotReadError from fault
    if version.slug != written.get("slug"):
        raise CannotReadError
    return version


def read_answer(
    forms: FormBook,
    tablet: TabletView,
    version: PublishedVersion,
    sitting: str,
    written: Mapping[str, object],
    now: datetime,
) -> ReadAnswer:
    """Read an answer that has been opened.

    Args:
        forms: judge it.
        tablet: whose it is; says of which service and team it speaks.
        version: the wording that was answered.
        sitting: of the address.
        written: what the tablet wrote.
        now: the present moment.

    Returns:
        The answer, checked.

    Raises:
        CannotReadError: it is no answer to this form.
        AnswersNeedMendingError: some of the answers cannot be kept as they are.
    """
    fields, given = _fields(written.get("fields")), written.get("setting")
    known = {point.key for point in version.definition.points}
    setting = _setting(tablet, given if isinstance(given, dict) else {}, known, now.astimezone(LOCAL_ZONE).date())
    way = Way(OpenInvitation("", "", version.slug, None, setting), version)
    around = {name: written.get(name) for name in ("version", "variant", "language")}
    try:
        envelope = forms.open(way, {**around, "sitting": sitting})
    except StrangeSendingError as fault:
        raise CannotReadError from fault
    return ReadAnswer(way, envelope, forms.read_page(envelope, fields), _span(written.get("finished_at"), now))


def read_json(raw: bytes) -> dict[str, object]:
    """Return a message; empty when it is none, or is nested deeper than any of ours."""
    try:
        message = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return message if isinstance(message, dict) else {}


def _fields(given: object) -> MultiDict[str, str]:
    if not isinstance(given, list) or len(given) > _MOST_FIELDS:
        raise CannotReadError
    pairs = []
    for pair in given:
        if not isinstance(pair, list) or [type(part) for part in pair] != [str, str]:
            raise CannotReadError
        pairs.append((pair[0], pair[1]))
    return MultiDict(pairs)


def _setting(tablet: TabletView, given: Mapping[str, object], points: Collection[str], today: date) -> Setting:
    point = given.get("point")
    own = Setting(channel=CHANNEL, service=tablet.service, team=tablet.team, locality=tablet.locality)
    return replace(
        own,
        session_date=_session_date(given.get("session_date"), today),
        point=point if isinstance(point, str) and point in points else "",
    )


def _session_date(given: object, today: date) -> date | None:
    try:
        day = date.fromisoformat(given) if isinstance(given, str) else None
    except ValueError:
        return None
    return day if day is not None and today - _BEHIND <= day <= today + _AHEAD else None


def _span(finished_at: object, now: datetime) -> Span | None:
    """Return the month in which a tablet says that somebody finished; None when its clock cannot be believed."""
    try:
        moment = datetime.fromisoformat(finished_at) if isinstance(finished_at, str) else None
    except ValueError:
        return None
    if moment is None:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        is_plausible = now - _BEHIND <= moment <= now + _AHEAD
        return Span.month_of(moment.astimezone(LOCAL_ZONE).date()) if is_plausible else None
    except OverflowError:
        return None
