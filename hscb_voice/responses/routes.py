"""Staff pages of responses: the list, without words, and one response, with its words for those who may read them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from flask import Blueprint, abort, render_template, request
from sqlalchemy import Connection

from hscb_voice.foundation.clock import written_date, written_day
from hscb_voice.questionnaires.queries import version_by_id
from hscb_voice.responses.errors import UnknownResponseError
from hscb_voice.responses.panels import panels_of
from hscb_voice.responses.periods import named_period, period_names, span_words
from hscb_voice.responses.queries import (
    ResponseFilter,
    Teams,
    days_heard,
    response_by_id,
    responses_list,
    services_heard,
)
from hscb_voice.responses.reading import REASONS, open_response
from hscb_voice.responses.showing import POINT_LABELS, RESPONDENT_LABELS, short_titles
from hscb_voice.staff.access import current_person, requires
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.web.current import platform

blueprint = Blueprint("staff_responses", __name__, url_prefix=f"{STAFF_PATH}/responses")
PAGE_SIZE = 25
_LAST_PAGE = 1_000_000


@dataclass(frozen=True)
class Asked:
    """What the address asks of the list; empty fields ask nothing."""

    questionnaire: str = ""
    who: str = ""
    period: str = ""
    service: str = ""

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> "Asked":
        """Read it from an address."""
        return cls(**{name: arguments.get(name, "")[:80] for name in cls.__dataclass_fields__})

    @property
    def given(self) -> dict[str, str]:
        """Return what is asked, for the addresses of further pages."""
        return {name: value for name, value in asdict(self).items() if value}

    def wanted(self) -> ResponseFilter:
        """Return it as the queries take it; a period that is none asks nothing."""
        span = named_period(self.period)
        start, end = (span.start, span.end) if span else (None, None)
        return ResponseFilter(self.questionnaire, self.who, self.service, start, end)


@blueprint.get("/")
@requires(Permission.SEE_RESPONSES)
def responses() -> str:
    """List responses, newest first, without their words."""
    asked, page, teams = Asked.of(request.args), _page(), current_person().teams
    with platform().database.reading() as connection:
        found, total = responses_list(connection, teams, asked.wanted(), page=page, size=PAGE_SIZE)
        titles = short_titles(connection)
        filters = _filters(connection, teams, asked, titles)
    return render_template(
        "responses/list.html",
        responses=found,
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE_SIZE)),
        first=(page - 1) * PAGE_SIZE + 1,
        asked=asked,
        filters=filters,
        titles=titles,
        respondents=RESPONDENT_LABELS,
        span_words=span_words,
    )


@blueprint.get("/<response_id>")
@requires(Permission.SEE_RESPONSES)
def response(response_id: str) -> str:
    """Show one response as it was asked and answered."""
    here, person = platform(), current_person()
    try:
        with here.database.reading() as connection:
            found = response_by_id(connection, person.teams, response_id)
            version = version_by_id(connection, found.version_id)
            panels = panels_of(connection, found, person)
    except UnknownResponseError:
        abort(404)
    reason = request.args.get("reason", "")
    return render_template(
        "responses/response.html",
        response=found,
        version=version,
        opened=open_response(here, found, person, reason),
        panels=panels,
        reason=REASONS.get(reason, ""),
        reasons=REASONS,
        respondent=RESPONDENT_LABELS[found.respondent],
        points=POINT_LABELS,
        written_date=written_date,
        said=span_words(found.span_start, found.span_end),
        received=written_day(found.received_at),
    )


def _page() -> int:
    text = request.args.get("page", "1")
    return min(max(int(text), 1), _LAST_PAGE) if text.isdecimal() else 1


def _filters(
    connection: Connection, teams: Teams, asked: Asked, titles: Mapping[str, str]
) -> list[tuple[str, str, list[dict[str, object]]]]:
    """Return each filter's name, label and choices, the first of which asks nothing."""
    days = days_heard(connection, teams)
    choices = {
        "questionnaire": ("Questionnaire", dict(titles)),
        "who": ("Who answered", RESPONDENT_LABELS),
        "period": ("When", {name: name for name in period_names(*days)} if days else {}),
        "service": ("Service", {name: name for name in services_heard(connection, teams)}),
    }
    return [(name, label, _choices(options, getattr(asked, name))) for name, (label, options) in choices.items()]


def _choices(options: Mapping[str, str], chosen: str) -> list[dict[str, object]]:
    both = {"": "All", **options}
    return [{"value": value, "text": text, "selected": value == chosen} for value, text in both.items()]
