"""Reads the summary table for a period. Nothing here is guarded yet, so only `figures` and its neighbours call it.

A count belongs to a period when its whole span lies within: an answer of which only the year is known is in no quarter.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from sqlalchemy import ColumnElement, Connection, String, case, exists, func, literal_column, select, true

from hscb_voice.board.periods import Period, quarters_of
from hscb_voice.foundation.fence import beyond_the_fence
from hscb_voice.questionnaires.definition import Definition, Option, Question, Row
from hscb_voice.questionnaires.models import QuestionnaireVersion
from hscb_voice.questionnaires.queries import published_slugs, version_by_id
from hscb_voice.responses.models import Response, SecondAnswer, Tally

Place = tuple[str, str, str]  # question, row, choice
Key = TypeVar("Key")
CHANNEL, LANGUAGE, SECOND = "came:channel", "came:language", "came:second"
_SLICES = 4 + 1  # four quarters, and the rest


@dataclass(frozen=True)
class Raw:
    """One questionnaire's unguarded counts for a period."""

    counts: Mapping[Place, int] = field(default_factory=dict)
    by_respondent: Mapping[str, int] = field(default_factory=dict)
    invented: int = 0

    @property
    def responses(self) -> int:
        """Return how many responses there are."""
        return self.counts.get(("", "", ""), 0)


def raw_slices(connection: Connection, year: Period, slugs: Collection[str]) -> dict[str, tuple[Raw, ...]]:
    """Sum the counts of some questionnaires in every slice of a reporting year.

    Args:
        connection: a reading connection.
        year: a reporting year.
        slugs: which questionnaires.

    Returns:
        Slug -> its four quarters, the rest of which only a wider time is known, and the whole year.
    """
    at = _slice_of(year)
    places = (Tally.slug, at, Tally.question, Tally.row, Tally.choice)
    query = select(*places, func.sum(Tally.n)).where(*_within(year, slugs)).group_by(*places)
    counts: dict[str, list[dict[Place, int]]] = {slug: [{} for _ in range(_SLICES)] for slug in slugs}
    for slug, row, question, line, choice, n in connection.execute(query):
        counts[slug][row][question, line, choice] = int(n)
    heads = raw_heads(connection, year, slugs)
    return {
        slug: tuple(
            Raw(_kept(one), head.by_respondent, head.invented)
            for one, head in zip(_with_sum(counts[slug]), heads[slug], strict=True)
        )
        for slug in slugs
    }


def raw_heads(connection: Connection, year: Period, slugs: Collection[str]) -> dict[str, tuple[Raw, ...]]:
    """Count the responses to some questionnaires in every slice of a reporting year, and nothing else of them.

    Args:
        connection: a reading connection.
        year: a reporting year.
        slugs: which questionnaires.

    Returns:
        Slug -> slices, as `raw_slices` gives them.
    """
    at = _slice_of(year)
    kinds = (Tally.slug, at, Tally.respondent, Tally.invented)
    query = select(*kinds, func.sum(Tally.n)).where(*_within(year, slugs), Tally.question == "").group_by(*kinds)
    respondents: dict[str, list[dict[str, int]]] = {slug: [{} for _ in range(_SLICES)] for slug in slugs}
    invented = {slug: [0] * _SLICES for slug in slugs}
    for slug, row, respondent, is_invented, n in connection.execute(query):
        own = respondents[slug][row]
        own[respondent] = own.get(respondent, 0) + int(n)
        invented[slug][row] += int(n) if is_invented else 0
    return {
        slug: tuple(
            Raw({("", "", ""): total} if (total := sum(who.values())) else {}, _kept(who), n)
            for who, n in zip(_with_sum(respondents[slug]), [*invented[slug], sum(invented[slug])], strict=True)
        )
        for slug in slugs
    }


def slices_by_respondent(
    connection: Connection, year: Period, slugs: Collection[str]
) -> tuple[dict[str, dict[Place, int]], ...]:
    """Sum the counts of themes and their polarity in every slice of a reporting year.

    Args:
        connection: a reading connection.
        year: a reporting year.
        slugs: of which questionnaires.

    Returns:
        Slices, as `raw_slices` gives them: respondent -> place -> count.
    """
    at = _slice_of(year)
    kinds = (at, Tally.respondent, Tally.question, Tally.row, Tally.choice)
    query = select(*kinds, func.sum(Tally.n)).where(*_within(year, slugs), Tally.question.startswith("theme"))
    found: dict[str, list[dict[Place, int]]] = {}
    for row, respondent, question, line, choice, n in connection.execute(query.group_by(*kinds)):
        own = found.setdefault(respondent, [{} for _ in range(_SLICES)])
        own[row][question, line, choice] = int(n)
    summed = {who: _with_sum(slices) for who, slices in found.items()}
    return tuple({who: _kept(slices[row]) for who, slices in summed.items()} for row in range(_SLICES + 1))


def slices_of_arrival(
    connection: Connection, year: Period, slugs: Collection[str]
) -> dict[str, tuple[Mapping[Place, int], ...]]:
    """Count by which way and in which language responses came, and of how many a second, different answer came.

    Args:
        connection: a reading connection.
        year: a reporting year.
        slugs: of which questionnaires.

    Returns:
        Slug -> slices, as `raw_slices` gives them: place -> count.
    """
    at = _slice_of(year, Response)
    counted = (Response.taken_back_at.is_(None), Response.slug.in_(slugs))
    within = (*counted, Response.span_start >= year.start, Response.span_end <= year.end)
    has_second = exists().where(SecondAnswer.response_id == Response.id)
    what = {
        CHANNEL: (Response.channel, true()),
        LANGUAGE: (Response.language, true()),
        SECOND: (literal_column("'yes'", String), has_second),
    }
    found: dict[str, list[dict[Place, int]]] = {slug: [{} for _ in range(_SLICES)] for slug in slugs}
    # Numbers of every team, as all of the Board's figures are; no response is looked at.
    with beyond_the_fence(connection):
        for name, (choice, which) in what.items():
            kinds = (Response.slug, at, choice)
            query = select(*kinds, func.count()).where(*within, which).group_by(*kinds)
            for slug, row, chosen, n in connection.execute(query):
                found[slug][row][name, "", chosen] = int(n)
    return {slug: tuple(_with_sum(slices)) for slug, slices in found.items()}


def raw_services(connection: Connection, year: Period, slugs: Collection[str]) -> dict[str, dict[str, int]]:
    """Count the responses to some questionnaires in a reporting year by service; an empty name where none was noted.

    Args:
        connection: a reading connection.
        year: a whole reporting year.
        slugs: of which questionnaires.

    Returns:
        Slug -> service -> count.
    """
    kinds = (Tally.slug, Tally.service)
    query = select(*kinds, func.sum(Tally.n)).where(*_within(year, slugs), Tally.question == "").group_by(*kinds)
    found: dict[str, dict[str, int]] = {slug: {} for slug in slugs}
    for slug, service, n in connection.execute(query):
        found[slug][service] = int(n)
    return found


def spans_heard(connection: Connection) -> list[tuple[date, date]]:
    """Return the different spans of all responses, in order."""
    spans = (Tally.span_start, Tally.span_end)
    # Named slugs let the engine walk the table's own index.
    query = select(*spans).where(Tally.slug.in_(published_slugs(connection)), Tally.question == "", Tally.n > 0)
    return sorted((start, end) for start, end in connection.execute(query.distinct()))


def has_wider_spans(connection: Connection, period: Period, slugs: Collection[str]) -> bool:
    """Tell whether there are answers that may belong to the period, but of which only a wider one is known."""
    overlaps = (Tally.span_start <= period.end) & (Tally.span_end >= period.start)
    wider = (Tally.span_start < period.start) | (Tally.span_end > period.end)
    query = select(Tally.n).where(Tally.slug.in_(slugs), Tally.question == "", Tally.n > 0, overlaps, wider)
    return connection.execute(query.limit(1)).first() is not None


def whole_wording(connection: Connection, slug: str) -> Definition | None:
    """Return a questionnaire's newest wording, with what only its earlier versions asked set at the end.

    Args:
        connection: a reading connection.
        slug: which questionnaire.

    Returns:
        One definition in which every counted answer has its words; None when nothing of that name is published.
    """
    table = QuestionnaireVersion
    ids = connection.execute(select(table.id).where(table.slug == slug).order_by(table.number.desc())).scalars()
    versions = [version_by_id(connection, version_id).definition for version_id in ids]
    if not versions:
        return None
    questions: dict[str, Question] = {}
    for definition in versions:
        for question in definition.questions:
            newer = questions.get(question.key)
            questions[question.key] = question if newer is None else _with_earlier(newer, question)
    return versions[0].model_copy(update={"questions": tuple(questions.values())})


def _with_earlier(newer: Question, earlier: Question) -> Question:
    options: dict[str, Option] = {option.key: option for option in (*earlier.options, *newer.options)}
    rows: dict[str, Row] = {row.key: row for row in (*earlier.rows, *newer.rows)}
    order = [*newer.options, *(o for o in earlier.options if newer.option(o.key) is None)]
    known = {row.key for row in newer.rows}
    lines = [*newer.rows, *(row for row in earlier.rows if row.key not in known)]
    update = {"options": tuple(options[o.key] for o in order), "rows": tuple(rows[row.key] for row in lines)}
    return newer.model_copy(update=update)


def _within(period: Period, slugs: Collection[str]) -> list[ColumnElement[bool]]:
    return [Tally.slug.in_(slugs), Tally.span_start >= period.start, Tally.span_end <= period.end]


def _slice_of(year: Period, table: type[Tally | Response] = Tally) -> ColumnElement[int]:
    quarters = quarters_of(year)
    held = [((table.span_start >= one.start) & (table.span_end <= one.end), row) for row, one in enumerate(quarters)]
    return case(*((condition, literal_column(str(row))) for condition, row in held), else_=literal_column("4"))


def _with_sum(parts: Sequence[Mapping[Key, int]]) -> list[Mapping[Key, int]]:
    whole: Counter[Key] = Counter()
    for part in parts:
        whole.update(part)
    return [*parts, whole]


def _kept(counts: Mapping[Key, int]) -> dict[Key, int]:
    return {key: n for key, n in counts.items() if n}
