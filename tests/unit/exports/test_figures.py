"""Figures as files: cell for cell what the one door gives, with nothing hidden brought to light."""

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest

import hscb_voice.exports as room
from hscb_voice.board.figures import Figures, figures_of_all
from hscb_voice.board.figures_json import as_json
from hscb_voice.board.periods import AskedPeriod, Period, quarter, reporting_year
from hscb_voice.exports.figures import HEADER, figures_file
from hscb_voice.foundation.platform import Platform
from hscb_voice.questionnaires.queries import published_slugs
from tests.support.board_data import fill_2016_17

PERIODS = (reporting_year(2016), quarter(2016, 2))


@pytest.fixture
def filled(platform: Platform) -> Platform:
    fill_2016_17(platform, sizes={"support-worker-child": 24, "cp-conference-child": 3, "my-story": 11})
    return platform


def _door(platform: Platform, period: Period) -> dict[str, Figures]:
    with platform.database.reading() as connection:
        return figures_of_all(connection, published_slugs(connection), period)


def _file(platform: Platform, period: Period, kind: str) -> bytes:
    with platform.database.reading() as connection:
        return figures_file(connection, published_slugs(connection), period, kind)


def _cells_of_door(found: dict[str, Figures]) -> list[tuple[str, str, str, str, int | None]]:
    return [
        (slug, question.key, row.key, count.key, count.n)
        for slug, figures in found.items()
        for question in figures.questions
        for row in question.rows
        for count in row.counts
    ]


def test_every_cell_of_the_csv_and_the_workbook_is_the_doors_own(filled: Platform) -> None:
    for period in PERIODS:
        wanted = _cells_of_door(_door(filled, period))
        assert any(cell[-1] is None for cell in wanted)
        rows = list(csv.DictReader(io.StringIO(_file(filled, period, "csv").decode("utf-8-sig"))))
        from_csv = [
            (r["Questionnaire key"], r["Question key"], r["Row key"], r["Answer key"], _number(r["Count"]))
            for r in rows
            if r["Answer key"] and r["Question key"] != "top_throughout"
        ]
        assert from_csv == wanted
        assert all((r["Count"] == "") == (r["Hidden"] == "yes") for r in rows if r["Answer key"])
        sheet = openpyxl.load_workbook(io.BytesIO(_file(filled, period, "xlsx")))["Figures"]
        lines = [dict(zip(HEADER, values, strict=True)) for values in sheet.iter_rows(min_row=2, values_only=True)]
        from_book = [
            (r["Questionnaire key"], r["Question key"], r["Row key"] or "", r["Answer key"], r["Count"])
            for r in lines
            if r["Answer key"] and r["Question key"] != "top_throughout"
        ]
        assert from_book == wanted


def test_every_json_line_is_what_the_command_prints(filled: Platform) -> None:
    for period in PERIODS:
        lines = [json.loads(line) for line in _file(filled, period, "jsonl").decode().splitlines()]
        asked = AskedPeriod(period.start, period.end, period)
        assert lines == [json.loads(json.dumps(as_json(one, asked))) for one in _door(filled, period).values()]


def test_no_module_of_the_room_reads_counts_past_the_door() -> None:
    sources = {path.name: path.read_text() for path in Path(str(room.__file__)).parent.glob("*.py")}
    past = (
        "Tally",
        "tallies",
        "raw_slices",
        "year_counts",
        "board.queries",
        "board.counts",
        "disclosure",
        "read_year",
        "figures_from",
    )
    assert {name: word for name, text in sources.items() for word in past if word in text} == {}


def _number(text: str) -> int | None:
    return int(text) if text else None
