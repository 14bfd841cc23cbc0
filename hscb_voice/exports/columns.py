"""Which columns an export has: one a question, one an option where several may be ticked, one a row of a grid.

They come from the wordings that were answered, and from no other: what is published later changes no export of what was
answered before. Settings go no further than service and team, and of time only the month that is kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hscb_voice.foundation.spreadsheets import Cell
from hscb_voice.questionnaires.definition import Definition, Kind, Option, Question
from hscb_voice.questionnaires.kinds import Answer
from hscb_voice.responses.queries import ResponseSummary

SEVERAL = frozenset({Kind.FACES_SET, Kind.SOME_OF})
_BETWEEN = "__"
_YES_NO = (Option(key="yes", text="Yes"), Option(key="no", text="No"))
_TICKED = {"1": "Ticked", "0": "Not ticked"}


@dataclass(frozen=True)
class Column:
    """One column."""

    name: str
    label: str  # the question in the words of the form
    values: Mapping[str, str]  # each value that can stand in it, and what it means; empty: anything
    question: str = ""  # its key; empty for a column about the response itself
    part: str = ""  # of a grid the row's key, of several ticks the option's
    kind: Kind | None = None

    @property
    def holds_words(self) -> bool:
        """Tell whether somebody's own words stand in it."""
        return self.kind in {Kind.SHORT_TEXT, Kind.LONG_TEXT, Kind.BLANKS}


SETTING = (
    Column("response", "The response's number here", {}),
    Column("questionnaire", "Questionnaire", {}),
    Column("version", "Version of the wording that was answered", {}),
    Column("form", "For which age", {}),
    Column("point", "Point in the work", {}),
    Column("language", "Language of the form", {}),
    Column(
        "respondent",
        "Who answered",
        {"child": "Child or young person", "parent": "Parent or carer", "professional": "Professional"},
    ),
    Column("channel", "How it was answered", {}),
    Column("service", "Service", {}),
    Column("team", "Team", {}),
    Column("from_day", "First day of the month, or of the longer time, in which it was said", {}),
    Column("to_day", "Last day of that time", {}),
    Column("may_quote", "May the words be quoted", {"yes": "Yes", "no": "No"}),
    Column("invented", "Invented, for demonstration", {"yes": "Yes", "no": "No"}),
)


def columns_of(versions: Sequence[Definition], *, with_words: bool) -> tuple[Column, ...]:
    """Return the columns of an export.

    Args:
        versions: the wordings that were answered, oldest first.
        with_words: whether what people wrote has columns.

    Returns:
        The response's own columns, then those of its questions. A question stands in its newest answered words; options
        and rows that only an earlier wording had are kept.
    """
    questions: dict[str, list[Question]] = {}
    for definition in versions:
        for question in definition.questions:
            questions.setdefault(question.key, []).append(question)
    found = [column for known in questions.values() for column in _columns(known)]
    return (*SETTING, *(column for column in found if with_words or not column.holds_words))


def cells_of(
    columns: Sequence[Column], response: ResponseSummary, version: int, words: Mapping[str, str]
) -> list[Cell]:
    """Return one response as a row.

    Args:
        columns: from `columns_of`.
        response: which.
        version: the number of the wording that was answered.
        words: question key -> what was written, as far as it may be shown.
    """
    own = _setting(response, version)
    return [own[column.name] if not column.question else _cell(column, response.answers, words) for column in columns]


def _setting(response: ResponseSummary, version: int) -> dict[str, Cell]:
    return {
        "response": response.id,
        "questionnaire": response.slug,
        "version": version,
        "form": response.variant or "",
        "point": response.point,
        "language": response.language,
        "respondent": response.respondent,
        "channel": response.channel,
        "service": response.service,
        "team": response.team,
        "from_day": response.span_start,
        "to_day": response.span_end,
        "may_quote": {True: "yes", False: "no", None: ""}[response.may_quote],
        "invented": "yes" if response.invented else "no",
    }


def _cell(column: Column, answers: Mapping[str, Answer], words: Mapping[str, str]) -> Cell:
    if column.holds_words:
        return words.get(column.question)
    answer = answers.get(column.question)
    if answer is None:
        return None
    if column.kind in SEVERAL:
        return int(column.part in answer)
    if isinstance(answer, dict):
        return answer.get(column.part)
    return answer if isinstance(answer, str) else None


def _columns(known: Sequence[Question]) -> list[Column]:
    """Return the columns of one question, of which there may be several wordings."""
    newest = known[-1]
    options = {option.key: option.text for question in known for option in question.options}
    if newest.kind is Kind.YES_NO and not options:
        options = {option.key: option.text for option in _YES_NO}
    if newest.kind in SEVERAL:
        parts, values = options, _TICKED
    elif newest.kind is Kind.GRID:
        parts, values = {row.key: row.text for question in known for row in question.rows}, options
    else:
        return [Column(newest.key, newest.text, options, newest.key, "", newest.kind)]
    return [
        Column(newest.key + _BETWEEN + key, f"{newest.text} — {text}", values, newest.key, key, newest.kind)
        for key, text in parts.items()
    ]
