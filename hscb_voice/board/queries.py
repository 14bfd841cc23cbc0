"""Reads the summary table for a period. Nothing here is guarded yet, so only `figures` and its neighbours call it.

A count belongs to a period when its whole span lies within: an answer of which only the year is known is in no quarter.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, Connection, func, select

from hscb_voice.board.periods import Period
from hscb_voice.questionnaires.definition import Definition, Option, Question, Row
from hscb_voice.questionnaires.models import QuestionnaireVersion
from hscb_voice.questionnaires.queries import published_slugs, version_by_id
from hscb_voice.responses.models import Tally

Place = tuple[str, str, str]  # question, row, choice


@dataclass(frozen=True)
class Wanted:
    """Whose answers are counted; empty means everybody's."""

    service: str = ""
    respondent: str = ""
    age_band: str = ""


EVERYBODY = Wanted()


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


def raw_counts(
    connection: Connection, period: Period, slugs: Collection[str], wanted: Wanted = EVERYBODY
) -> dict[str, Raw]:
    """Sum the counts of some questionnaires.

    Args:
        connection: a reading connection.
        period: whole months.
        slugs: which questionnaires.
        wanted: whose answers.

    Returns:
        Slug -> counts, for every slug asked for.
    """
    places = (Tally.slug, Tally.question, Tally.row, Tally.choice)
    query = select(*places, func.sum(Tally.n)).where(*_within(period, slugs, wanted)).group_by(*places)
    counts: dict[str, dict[Place, int]] = {slug: {} for slug in slugs}
    for slug, question, row, choice, n in connection.execute(query):
        if n:
            counts[slug][question, row, choice] = int(n)
    kinds = (Tally.slug, Tally.respondent, Tally.invented)
    query_heads = select(*kinds, func.sum(Tally.n)).where(*_within(period, slugs, wanted), Tally.question == "")
    respondents: dict[str, dict[str, int]] = {slug: {} for slug in slugs}
    invented = dict.fromkeys(slugs, 0)
    for slug, respondent, is_invented, n in connection.execute(query_heads.group_by(*kinds)):
        respondents[slug][respondent] = respondents[slug].get(respondent, 0) + int(n)
        invented[slug] += int(n) if is_invented else 0
    return {slug: Raw(counts[slug], respondents[slug], invented[slug]) for slug in slugs}


def raw_by_respondent(connection: Connection, period: Period, slugs: Collection[str]) -> dict[str, dict[Place, int]]:
    """Sum the counts that rooms above the answers keep: themes, polarity and concerns.

    Args:
        connection: a reading connection.
        period: whole months.
        slugs: of which questionnaires.

    Returns:
        Respondent -> place -> count.
    """
    kinds = (Tally.respondent, Tally.question, Tally.row, Tally.choice)
    names = Tally.question.startswith("theme") | Tally.question.startswith("concern:") | (Tally.question == "polarity")
    query = select(*kinds, func.sum(Tally.n)).where(*_within(period, slugs, EVERYBODY), names).group_by(*kinds)
    found: dict[str, dict[Place, int]] = {}
    for respondent, question, row, choice, n in connection.execute(query):
        if n:
            found.setdefault(respondent, {})[question, row, choice] = int(n)
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


def _within(period: Period, slugs: Collection[str], wanted: Wanted) -> list[ColumnElement[bool]]:
    named = ((Tally.service, wanted.service), (Tally.respondent, wanted.respondent), (Tally.age_band, wanted.age_band))
    return [
        Tally.slug.in_(slugs),
        Tally.span_start >= period.start,
        Tally.span_end <= period.end,
        *(column == value for column, value in named if value),
    ]
