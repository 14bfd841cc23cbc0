"""Invitations in plain words, for staff pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hscb_voice.foundation.clock import written_date, written_day
from hscb_voice.invitations.listing import STATES, MadeInvitation
from hscb_voice.invitations.queries import EXPIRED, OPEN, REVOKED, USED
from hscb_voice.questionnaires.definition import Definition
from hscb_voice.responses.showing import POINT_LABELS
from hscb_voice.web.languages import LANGUAGES

_COLOURS = {OPEN: "green", USED: "blue", EXPIRED: "grey", REVOKED: "red"}
_KINDS = {"link": "For one person", "worker": "Recorded by a worker"}


@dataclass(frozen=True)
class ShownInvitation:
    """One invitation as pages show it."""

    made: MadeInvitation
    title: str
    kind: str
    state: str
    colour: str
    is_open: bool
    maker: str
    answered: str
    facts: tuple[tuple[str, str], ...]


def shown_invitation(
    made: MadeInvitation, definition: Definition, names: Mapping[str, str], now: datetime
) -> ShownInvitation:
    """Return an invitation in plain words.

    Args:
        made: the invitation.
        definition: its questionnaire.
        names: account id -> name.
        now: decides whether it is open.
    """
    state = made.state(now)
    maker = names.get(made.made_by, "A command")
    kind = _KINDS.get(made.channel, "For one person") if made.single else "For many people"
    return ShownInvitation(
        made=made,
        title=definition.short_title,
        kind=kind,
        state=STATES[state],
        colour=_COLOURS[state],
        is_open=state == OPEN,
        maker=maker,
        answered=_answered(made),
        facts=tuple((name, value) for name, value in _facts(made, definition, maker) if value),
    )


def day_of(moment: datetime | None) -> str:
    """Return the day of a moment as people here write it; empty when there is none."""
    return written_day(moment) if moment else ""


def _answered(made: MadeInvitation) -> str:
    if made.single:
        if made.answers > 1:
            return f"{made.answers} answers: it was open in two places at once"
        return "Answered" if made.answers else "Not answered yet"
    of = f" of {made.invited}" if made.invited else ""
    return f"{made.answers}{of} answered"


def _facts(made: MadeInvitation, definition: Definition, maker: str) -> list[tuple[str, str]]:
    point = definition.point(made.point)
    ages = {variant.key: variant.label for variant in definition.variants}
    language = LANGUAGES.get(made.language or "")
    return [
        ("Questionnaire", definition.short_title),
        ("Age or form", ages.get(made.variant or "", "")),
        ("Language", language.name if language else ""),
        ("Service", made.service),
        ("Team", made.team),
        ("Part of the county", made.locality),
        ("Point in the work", point.label if point else POINT_LABELS.get(made.point, made.point)),
        ("Day of the session", written_date(made.session_date) if made.session_date else ""),
        ("Made", f"{day_of(made.created_at)} by {maker}"),
        ("Open until", day_of(made.expires_at) or "somebody closes it"),
        ("Used", day_of(made.used_at)),
        ("Closed", day_of(made.revoked_at)),
    ]
