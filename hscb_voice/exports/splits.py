"""A questionnaire's year split by service, age or helper, as a file: what the Board's door gives, and nothing else."""

import json
from collections.abc import Iterator

from hscb_voice.board.figures_json import split_as_json
from hscb_voice.board.splits import CUT_LABELS, Split
from hscb_voice.exports.figures import ANSWER_NAMES, cells_of_row
from hscb_voice.exports.tables import CSV, JSON_LINES, XLSX, Sheet, as_csv, as_workbook
from hscb_voice.foundation.spreadsheets import Cell

HEADER = (
    "Period",
    "Questionnaire",
    "Questionnaire key",
    "Responses",
    "Split by",
    "Group key",
    "Group",
    "Responses of the group",
    "Question key",
    "Question",
    *ANSWER_NAMES,
)
_NOTES = (
    "These figures left by the same door as the Board's pages: what is hidden here is hidden there.",
    "An empty count with “yes” under Hidden is too few to show, or would give away one that is. It is not 0.",
    "Groups of fewer than ten stand together. A question that is missing cannot be split without telling of a few.",
    "All splits of the year are guarded together; no two may be given at once.",
)


def split_file(split: Split, kind: str) -> bytes:
    """Return a split as a file.

    Args:
        split: guarded figures.
        kind: one of `exports.figures.KINDS`.

    Raises:
        KeyError: there is no such kind of file.
    """
    return {CSV: _as_csv, XLSX: _as_xlsx, JSON_LINES: _as_json_lines}[kind](split)


def rows_of(split: Split) -> Iterator[tuple[Cell, ...]]:
    """Return one row for each answer of each group to each question that can be split."""
    figures = split.figures
    head = (figures.period.name, figures.short_title, figures.slug, figures.responses, CUT_LABELS[split.cut])
    sizes = {line.key: line.n for line in split.lines}
    for question in split.questions:
        for row in question.rows:
            group = (row.key, row.text, sizes[row.key])
            yield from ((*head, *group, question.key, question.text, *cells) for cells in cells_of_row(row))


def _as_csv(split: Split) -> bytes:
    return as_csv(HEADER, rows_of(split))


def _as_xlsx(split: Split) -> bytes:
    notes = [*_NOTES, *split.figures.notes]
    sheets = [Sheet("Figures", HEADER, list(rows_of(split))), Sheet("Notes", ("Notes",), [(note,) for note in notes])]
    return as_workbook(sheets)


def _as_json_lines(split: Split) -> bytes:
    return (json.dumps(split_as_json(split), ensure_ascii=False) + "\n").encode()
