"""The columns of a form's spreadsheet: what each is called, what may stand in it, and which header means which."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hscb_voice.questionnaires.definition import Kind, Question

SETTING = {
    "id": "A number or name of your own for the row. The same id again changes nothing.",
    "month": "When it was said: a month such as November 2026, or a day of it.",
    "team": "The team. Leave it out, or write the team that you choose on the page.",
    "service": "The service that the answers are about.",
    "locality": "The part of the county.",
    "session_date": "The day of the session or meeting, such as 22 November 2026.",
    "point": "The point in the work: first, during, final or later.",
    "language": "The language of the answers, such as pl.",
}
WHY_REFUSED = "why refused"  # the first column of what was refused, so that the file can be mended and sent again
_SEVERAL = {Kind.SOME_OF, Kind.FACES_SET}
_YES_NO = (("yes", "Yes"), ("no", "No"))


@dataclass(frozen=True)
class Column:
    """One column."""

    name: str  # such as `month`, `q2`, or `q3.1` for a line of a grid
    about: str  # the question
    question: Question | None = None  # None for what says where and when
    row: str = ""  # of a grid
    options: tuple[tuple[str, str], ...] = ()  # key and text of what can be chosen

    @property
    def label(self) -> str:
        """Return the header that the template has."""
        return f"{self.name}: {self.about}" if self.question else self.name

    @property
    def takes_several(self) -> bool:
        """Tell whether several answers may stand in a cell."""
        return self.question is not None and self.question.kind in _SEVERAL

    @property
    def rule(self) -> str:
        """Say what may stand in a cell."""
        if self.question is None:
            return ""
        if not self.options:
            lines = f" At most {self.question.blanks}, with ; between." if self.question.blanks else ""
            return f"Words, as they were said.{lines}"
        texts = "; ".join(text for _, text in self.options)
        return f"Any of these, with ; between: {texts}" if self.takes_several else f"One of these: {texts}"


@dataclass(frozen=True)
class Mapping:
    """Which column of a file means what."""

    columns: tuple[Column | None, ...]  # None for one that is passed over
    unknown: tuple[str, ...]  # headers that mean nothing here
    double: tuple[str, ...]  # columns that stand twice


def columns_of(questions: Sequence[Question]) -> tuple[Column, ...]:
    """Return the columns of a form: where and when, then its questions in order."""
    setting = [Column(name, about) for name, about in SETTING.items()]
    return (*setting, *(column for question in questions for column in _of_question(question)))


def mapped(header: Sequence[str], columns: Sequence[Column]) -> Mapping:
    """Tell which header means which column: by name, by name and text as the template has it, or by the text alone.

    Args:
        header: as it stands in the file.
        columns: of the form.
    """
    meant = _meanings(columns)
    found: list[Column | None] = []
    unknown: list[str] = []
    for text in header:
        plain = _plain(text)
        column = meant.get(plain) or meant.get(plain.partition(":")[0].strip())
        found.append(column)
        if column is None and plain not in {"", WHY_REFUSED}:
            unknown.append(text)
    names = [column.name for column in found if column]
    double = tuple(dict.fromkeys(name for name in names if names.count(name) > 1))
    return Mapping(tuple(found), tuple(unknown), double)


def _meanings(columns: Sequence[Column]) -> dict[str, Column]:
    abouts = [_plain(column.about) for column in columns]
    by_text = {text: column for text, column in zip(abouts, columns, strict=True) if abouts.count(text) == 1}
    return by_text | {column.name.casefold(): column for column in columns}


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.strip()).casefold()


def _of_question(question: Question) -> Iterator[Column]:
    options = tuple((option.key, option.text) for option in question.options)
    if question.kind is Kind.YES_NO and not options:
        options = _YES_NO
    if question.kind is Kind.GRID:
        for row in question.rows:
            yield Column(f"{question.key}.{row.key}", row.text, question, row.key, options)
    else:
        yield Column(question.key, question.text, question, "", options)
