"""Safe figures as files: CSV, Excel and JSON lines, of what the Board's door gives and of nothing else."""

import json
from collections.abc import Collection, Iterator, Mapping

from sqlalchemy import Connection

from hscb_voice.board.figures import Distribution, Figures, QuestionFigures, figures_of_all
from hscb_voice.board.figures_json import as_json
from hscb_voice.board.periods import AskedPeriod, Period
from hscb_voice.exports.tables import CSV, JSON_LINES, XLSX, Sheet, as_csv, as_workbook
from hscb_voice.foundation.spreadsheets import Cell

KINDS = {
    CSV: ("CSV", "text/csv; charset=utf-8"),
    XLSX: ("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    JSON_LINES: ("JSON lines", "application/jsonl; charset=utf-8"),
}
# How the columns are called that tell of one answer; also of one group's answer in a split.
ANSWER_NAMES = ("Answered", "Answer key", "Answer", "Count", "Hidden", "At least", "Out of", "Share", "Low", "High")
HEADER = (
    "Period",
    "Questionnaire",
    "Questionnaire key",
    "Responses",
    "Invited",
    "Question key",
    "Question",
    "Row key",
    "Row",
    *ANSWER_NAMES,
)
_NOTES = (
    "These figures left by the same door as the Board's pages: what is hidden here is hidden there.",
    "An empty count with “yes” under Hidden is too few to show, or would give away one that is. It is not 0.",
    "Share is the count divided by “Out of”; Low and High are the ends of its Wilson 95 % interval.",
    "Counts of one period only: do not subtract one period from another.",
)


def figures_file(connection: Connection, slugs: Collection[str], period: Period, kind: str) -> bytes:
    """Return the guarded figures of some questionnaires for one period, as a file.

    Args:
        connection: a reading connection.
        slugs: which questionnaires.
        period: a reporting year or one of its quarters.
        kind: one of `KINDS`.

    Returns:
        The file.

    Raises:
        UnknownQuestionnaireError: nothing of one of the names is published.
        UnknownPeriodError: the period is of another kind.
        KeyError: there is no such kind of file.
    """
    found = figures_of_all(connection, slugs, period)
    return {CSV: _as_csv, XLSX: _as_xlsx, JSON_LINES: _as_json_lines}[kind](found)


def rows_of(figures: Figures) -> Iterator[tuple[Cell, ...]]:
    """Return one row for each answer that can be given; for a question in words, one with its base alone."""
    head = (figures.period.name, figures.short_title, figures.slug, figures.responses, figures.invited)
    for question in figures.questions:
        yield from ((*head, *cells) for cells in _rows_of_question(question))
    if figures.top_throughout:
        top = figures.top_throughout
        yield from ((*head, "top_throughout", top.text, "", "", *cells) for cells in cells_of_row(top))


def _rows_of_question(question: QuestionFigures) -> Iterator[tuple[Cell, ...]]:
    if question.takes_words:
        nothing: tuple[Cell, ...] = (None,) * 5
        yield question.key, question.text, "", "", question.base, "", "", None, question.base is None, *nothing
    for row in question.rows:
        named = (row.key, row.text) if row.key else ("", "")
        yield from ((question.key, question.text, *named, *cells) for cells in cells_of_row(row))


def cells_of_row(row: Distribution) -> Iterator[tuple[Cell, ...]]:
    """Return the cells of each answer of one row: base, key, text, count, whether it is hidden, bound and share."""
    for count in row.counts:
        share = count.share
        parts = (round(share.value, 4), round(share.low, 4), round(share.high, 4)) if share else (None, None, None)
        yield row.base, count.key, count.text, count.n, count.hidden, count.at_least, row.out_of, *parts


def _as_csv(found: Mapping[str, Figures]) -> bytes:
    return as_csv(HEADER, (row for figures in found.values() for row in rows_of(figures)))


def _as_xlsx(found: Mapping[str, Figures]) -> bytes:
    notes = [*_NOTES, *dict.fromkeys(note for figures in found.values() for note in figures.notes)]
    rows = [row for figures in found.values() for row in rows_of(figures)]
    return as_workbook([Sheet("Figures", HEADER, rows), Sheet("Notes", ("Notes",), [(note,) for note in notes])])


def _as_json_lines(found: Mapping[str, Figures]) -> bytes:
    lines = []
    for figures in found.values():
        asked = AskedPeriod(figures.period.start, figures.period.end, figures.period)
        lines.append(json.dumps(as_json(figures, asked), ensure_ascii=False) + "\n")
    return "".join(lines).encode()
