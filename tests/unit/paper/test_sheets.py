"""A paper form asks exactly what its definition asks, and is printed as a PDF that everybody can read."""

import io
import re
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter

from hscb_voice.foundation.platform import Platform
from hscb_voice.paper.form_codes import PaperForm
from hscb_voice.paper.printing import paper_form, printable_form, printable_forms
from hscb_voice.paper.sheets import Sheet, laid_out
from hscb_voice.paper.wording import face_drawing
from hscb_voice.questionnaires.definition import Face
from tests.support.accessible_pdf import faults_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
BOARD = "Example Board"


def every_form(platform: Platform) -> list[PaperForm]:
    with platform.database.reading() as connection:
        return [form for one in printable_forms(connection) for row in one.rows for form in row]


def one_form(platform: Platform, slug: str, age: str | None = None) -> PaperForm:
    with platform.database.reading() as connection:
        return printable_form(connection, slug, age, "en")


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_every_form_has_all_questions_answers_and_rows_of_its_age_in_order(platform: Platform) -> None:
    for form in every_form(platform):
        asked = form.questions
        laid = laid_out(Sheet(form, BOARD))["questions"]
        assert isinstance(laid, list)
        assert [one["number"] for one in laid] == list(range(1, len(asked) + 1))
        for question, shown in zip(asked, laid, strict=True):
            said = [o["text"] for o in shown["options"]]
            assert len(said) == len(question.options) or not question.options
            assert said == [o.text for o in question.options] or form.language.code != "en" or not question.options
            assert len(shown["rows"]) == len(question.rows)
            assert shown["options"] or shown["lines"], f"{form.version.slug}: {question.key} has no room for an answer"
            assert not question.takes_words or shown["lines"]


def test_a_face_on_paper_is_the_drawing_of_the_page(platform: Platform) -> None:
    del platform
    drawings = {face: face_drawing(face.value) for face in Face}
    assert len(set(drawings.values())) == len(Face)
    assert all(drawing.count("<path") >= 2 and "#" not in drawing.split("</style>")[1] for drawing in drawings.values())


def test_the_sheet_says_what_the_page_promises_and_where_help_is(platform: Platform) -> None:
    sheet = laid_out(Sheet(one_form(platform, "cidva-child-5-8"), BOARD))
    assert "You can skip a question. You can stop." in str(sheet["promises"])
    assert "0800 1111 Childline" in str(sheet["help_lines"])
    adult = laid_out(Sheet(one_form(platform, "cidva-parent"), BOARD))
    assert f"We are the {BOARD}." in str(adult["promises"])
    assert "0808 2000 247" in str(adult["help_lines"])


def test_a_question_that_depends_on_another_says_so_by_its_number(platform: Platform) -> None:
    sheet: dict[str, Any] = laid_out(Sheet(one_form(platform, "cp-conference-child", "12-18"), BOARD))
    hints = [hint for one in sheet["questions"] for hint in one["hints"]]
    assert "Only if you said “Yes” / “A bit” at question 2." in hints


@pytest.mark.parametrize("is_large", [False, True])
def test_the_pdf_is_tagged_for_readers_and_holds_every_word(platform: Platform, *, is_large: bool) -> None:
    form = one_form(platform, "support-worker-child", "under-9")
    pdf = paper_form(form, BOARD, is_large=is_large)
    reader = PdfReader(io.BytesIO(pdf))
    catalogue: Any = reader.root_object
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "en"
    assert "/StructTreeRoot" in catalogue
    assert reader.metadata is not None
    assert reader.metadata.title == "Your support worker"
    assert b"pdfuaid:part" in catalogue["/Metadata"].get_data()
    width, height = (round(float(side) / 72 * 25.4) for side in reader.pages[0].mediabox[2:])
    assert (width, height) == (210, 297)
    said = words_of(pdf)
    for question in form.version.definition.asked_of(form.variant):
        assert question.text in said
        assert all(option.text in said for option in question.options)
    assert said.count(form.code) == len(reader.pages)
    assert faults_of(pdf) == []
    assert f"Page 1 of {len(reader.pages)}" in said


def test_every_form_of_every_language_keeps_the_rules_for_readers(platform: Platform) -> None:
    for form in every_form(platform):
        faults = faults_of(paper_form(form, BOARD))
        assert not faults, (form.version.slug, form.variant, form.language.code, faults)


def test_the_judge_of_pdfs_finds_what_is_not_tagged(platform: Platform) -> None:
    copy = PdfWriter()
    copy.add_page(PdfReader(io.BytesIO(paper_form(one_form(platform, "my-story"), BOARD))).pages[0])
    without_tags = io.BytesIO()
    copy.write(without_tags)
    assert any("TAGGED-DOCUMENT" in fault for fault in faults_of(without_tags.getvalue()))


def test_no_question_is_split_by_the_end_of_a_page(platform: Platform) -> None:
    form = one_form(platform, "support-worker-parent")
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(paper_form(form, BOARD))).pages]
    for number, question in enumerate(form.version.definition.asked_of(form.variant), start=1):
        page = next(page for page in pages if f"{number}. {question.text}" in page)
        rest = page.split(f"{number}. {question.text}")[1]
        assert all(option.text in rest for option in question.options)
        assert all(row.text in rest for row in question.rows)


def test_letters_of_all_four_languages_are_drawn_not_boxed(platform: Platform) -> None:
    form = one_form(platform, "my-story")
    letters = "ĄąĆćĘęŁłŃńÓóŚśŹźŻż ĂăÂâÎîȘșȚț ŴŵŶŷÂâÊêÎîÔôÛûẀẁẂẃẄẅỲỳ"
    pdf = paper_form(form, letters)  # the board's own name stands on the first page
    assert re.sub(r"\s", "", letters) in re.sub(r"\s", "", words_of(pdf))
