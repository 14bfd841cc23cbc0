"""Everything that is held about one answer, in plain words, for the person who gave it.

It opens the words, so only `access` calls it, once a person has released them. Readers stand in it by their role, not
by name. What may be told of concerns is decided before.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection, select

from hscb_voice.audit.queries import EntryFilter, entries
from hscb_voice.codebooks.queries import theme_titles
from hscb_voice.foundation.clock import written_date, written_day
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.foundation.platform import Platform
from hscb_voice.governance.retention import DEFAULT_MONTHS, gone_after, periods
from hscb_voice.invitations.models import Invitation
from hscb_voice.questionnaires.queries import version_by_id
from hscb_voice.responses.models import Response
from hscb_voice.responses.periods import span_words
from hscb_voice.responses.queries import EVERY_TEAM, CommentText, ResponseSummary, response_by_id
from hscb_voice.responses.service import parted
from hscb_voice.responses.showing import RESPONDENT_LABELS, ShownAnswer, as_asked
from hscb_voice.responses.words import comments_of, second_answers_of
from hscb_voice.safeguarding.queries import concerns_of, history_of
from hscb_voice.safeguarding.wording import ACT_LABELS, KIND_LABELS, OUTCOME_LABELS
from hscb_voice.series.models import PlannedPoint, Series
from hscb_voice.staff.errors import UnknownPersonError
from hscb_voice.staff.queries import person_by_id
from hscb_voice.themes.queries import codings_of, quote_standing

NOTHING, STEPS, NOTES = "nothing", "steps", "notes"
_MOST_ENTRIES = 1000
# What a child reads of what was done; the rest of a history is grown-ups' business among themselves.
_FOR_A_CHILD = {
    "raised": "We saw what you said.",
    "acknowledged": "A grown-up read it.",
    "closed": "We finished this.",
    "reopened": "We looked at it again.",
}
_OUTCOMES_FOR_A_CHILD = {
    "spoke_with_child": "A grown-up talked with you.",
    "referred_to_mash": "We asked people who help children to look into it.",
    "emergency": "We asked for help at once.",
}
_NOT_PEOPLE = {
    "platform": "The program itself",
    "nobody": "Whoever had the receipt",
    "operator": "Somebody who runs the computer",
}


@dataclass(frozen=True)
class CopiedAnswer:
    """One question as it was asked, and what was answered."""

    question: str
    answers: list[str]  # empty when nothing was answered


@dataclass(frozen=True)
class CopiedSending:
    """One sending of the form: the first, or a different one that came later."""

    came: str
    is_second: bool
    answers: list[CopiedAnswer]


@dataclass(frozen=True)
class CopiedReading:
    """What somebody, or a program, took a comment to be about."""

    question: str
    mood: str
    themes: list[str]
    by: str
    is_quoted: bool


@dataclass(frozen=True)
class CopiedLook:
    """Who looked at it or did something with it, by role."""

    when: str
    who: str
    what: str


@dataclass(frozen=True)
class CopiedConcern:
    """One concern and what was done about it."""

    kind: str
    steps: list[str]
    steps_for_a_child: list[str]


@dataclass(frozen=True)
class HeldCopy:
    """Everything that is held about one answer."""

    board: str
    form: str
    made_on: str
    facts: dict[str, str]
    sendings: list[CopiedSending]
    readings: list[CopiedReading]
    looks: list[CopiedLook]
    elsewhere: list[str]  # where it came from, and where its words may have gone
    words_go_on: str
    concerns: list[CopiedConcern] = field(default_factory=list)
    tells_of_concerns: bool = False


def copy_of(connection: Connection, platform: Platform, response_id: str, concerns: str) -> HeldCopy:
    """Gather everything that is held about one answer.

    Args:
        connection: any connection.
        platform: opens the words, tells the day.
        response_id: which answer.
        concerns: what may be told of concerns: nothing, steps or notes.

    Returns:
        The copy.

    Raises:
        UnknownResponseError: there is no such answer.
        KeyMissingError: the key that sealed the words is not here.
    """
    response = response_by_id(connection, EVERY_TEAM, response_id)
    comments = comments_of(connection, platform.keys, [response_id])
    version = version_by_id(connection, response.version_id)
    months = periods(connection).get(response.slug, DEFAULT_MONTHS)
    told = _concerns(connection, platform.keys, response_id, concerns) if concerns != NOTHING else []
    return HeldCopy(
        board=platform.settings.board_name,
        form=version.definition.title,
        made_on=written_date(platform.clock.today()),
        facts=_facts(response, version.number),
        sendings=list(_sendings(connection, platform.keys, response, comments)),
        readings=_readings(connection, response, comments),
        looks=_looks(connection, response_id, comments),
        elsewhere=[*_code_and_series(connection, response_id), *_known_elsewhere(connection, platform, response_id)],
        words_go_on=""
        if response.erased_at or response.invented or response.source
        else written_date(gone_after(response.received_at, months)),
        concerns=told,
        tells_of_concerns=concerns != NOTHING,
    )


def _facts(response: ResponseSummary, number: int) -> dict[str, str]:
    quoting = {True: "Yes", False: "No", None: "Not said, so it is not quoted"}[response.may_quote]
    facts = {
        "Who answered": RESPONDENT_LABELS[response.respondent],
        "When it was said": span_words(response.span_start, response.span_end),
        "When it came here": written_day(response.received_at),
        "Service": response.service,
        "Team": response.team,
        "Locality": response.locality,
        "Day of the session": _written(response.session_date),
        "Language of the form": response.language,
        "Version of the form": str(number),
        "May the words be quoted": quoting,
        "Where it was printed": response.source,
        "Its number here": response.id,
    }
    return {name: value for name, value in facts.items() if value}


def _sendings(
    connection: Connection, keys: KeyRing, response: ResponseSummary, comments: list[CommentText]
) -> Iterator[CopiedSending]:
    definition = version_by_id(connection, response.version_id).definition
    written = {comment.question for comment in comments}
    first = as_asked(definition, response.variant, response.answers, written, comments, point=response.point)
    yield CopiedSending(written_day(response.received_at), is_second=False, answers=[_answer(shown) for shown in first])
    for second in second_answers_of(connection, keys, response.id):
        ticks, texts = parted(definition, second.answers)
        words = [CommentText(second.id, response.id, question, line, text) for question, line, text in texts]
        shown = as_asked(
            definition, response.variant, ticks, {one.question for one in words}, words, point=response.point
        )
        yield CopiedSending(written_day(second.received_at), is_second=True, answers=[_answer(one) for one in shown])


def _answer(shown: ShownAnswer) -> CopiedAnswer:
    rows = [f"{row}: {choice}" for row, choice in shown.rows]
    return CopiedAnswer(shown.question, [*rows, *shown.choices, *shown.words])


def _readings(connection: Connection, response: ResponseSummary, comments: list[CommentText]) -> list[CopiedReading]:
    definition = version_by_id(connection, response.version_id).definition
    names = theme_titles(connection)
    readings = []
    codings = codings_of(connection, response.id)
    for comment in comments:
        coding = codings.get(comment.id)
        if coding is None:
            continue
        question = definition.question(comment.question)
        themes = [f"{names.get(code.theme, code.theme)} ({code.polarity})" for code in coding.themes]
        by = "a person" if coding.source == "person" else "a program on our own computer"
        standing = quote_standing(connection, comment.id)
        text = question.text if question else comment.question
        readings.append(CopiedReading(text, coding.polarity, themes, by, is_quoted=standing is not None))
    return readings


def _looks(connection: Connection, response_id: str, comments: list[CommentText]) -> list[CopiedLook]:
    subjects = [f"response {response_id}", *(f"comment {comment.id}" for comment in comments)]
    found = []
    for subject in subjects:
        noted, _ = entries(connection, EntryFilter(subject=subject), size=_MOST_ENTRIES)
        # A search by part of a subject would also find others.
        found += [entry for entry in noted if entry.subject == subject]
    found.sort(key=lambda entry: entry.number)
    return [CopiedLook(written_day(entry.at), _role(connection, entry.who), entry.act) for entry in found]


def _code_and_series(connection: Connection, response_id: str) -> list[str]:
    code = (
        select(Invitation.id, Invitation.code, Invitation.created_at)
        .join(Response, Response.invitation_id == Invitation.id)
        .where(Response.id == response_id)
    )
    row = connection.execute(code).first()
    if row is None:
        return []
    lines = [f"Came by the code “{row.code.replace('-', ' ')}”, which was made on {written_day(row.created_at)}"]
    series = (
        select(Series.words, PlannedPoint.number)
        .join(PlannedPoint, PlannedPoint.series_id == Series.id)
        .where(PlannedPoint.invitation_id == row.id)
    )
    return lines + [
        f"Form {one.number} of a series under the words “{one.words}”, which tie one person’s forms together"
        for one in connection.execute(series)
    ]


def _known_elsewhere(connection: Connection, platform: Platform, response_id: str) -> list[str]:
    return [line for known in platform.known_elsewhere for line in known(connection, platform.keys, response_id)]


def _concerns(connection: Connection, keys: KeyRing, response_id: str, told: str) -> list[CopiedConcern]:
    copied = []
    for concern in concerns_of(connection, EVERY_TEAM, response_id):
        steps, for_a_child = [], []
        for entry in history_of(connection, keys if told == NOTES else None, concern.id):
            outcome = OUTCOME_LABELS.get(entry.outcome or "", "")
            parts = [ACT_LABELS.get(entry.act, entry.act), outcome, entry.text]
            steps.append(f"{written_day(entry.made_at)}: " + ". ".join(part for part in parts if part))
            plain = " ".join(
                filter(None, (_OUTCOMES_FOR_A_CHILD.get(entry.outcome or ""), _FOR_A_CHILD.get(entry.act)))
            )
            for_a_child += [f"{written_day(entry.made_at)}: {plain}"] if plain else []
        copied.append(CopiedConcern(KIND_LABELS.get(concern.kind, concern.kind), steps, for_a_child))
    return copied


def _role(connection: Connection, who: str) -> str:
    if who in _NOT_PEOPLE:
        return _NOT_PEOPLE[who]
    try:
        roles = sorted(role.label for role in person_by_id(connection, who).roles)
    except UnknownPersonError:
        roles = []
    return ", ".join(roles) or "Somebody who no longer works here"


def _written(day: date | None) -> str:
    return written_date(day) if day else ""
