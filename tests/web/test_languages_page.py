"""Staff see which languages are offered, and what no speaker has read yet."""

from pathlib import Path

import pytest
from flask import Flask
from justhtml import Element

from hscb_voice.staff.roles import Role
from hscb_voice.translations import queries
from hscb_voice.translations.catalogues import mark_checked, read_catalogue, write_catalogue
from hscb_voice.translations.queries import languages_offered, progress_of
from hscb_voice.web.catalogues import catalogue_file
from hscb_voice.web.languages import LANGUAGES
from tests.support.markup import words_of
from tests.support.pages import Page
from tests.support.people import sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ADDRESS = "/staff/languages"


def cell(page: Page, row: str) -> str:
    """Return what the page says of Polish in one row."""
    [line] = [line for line in page.dom.all("tbody tr") if words_of(line).strip().startswith(row)]
    place = [words_of(head).strip() for head in page.dom.all("thead th")].index("Polski (Polish)")
    cells = [one for one in line.children if isinstance(one, Element)]
    return " ".join(words_of(cells[place]).split())


def test_everybody_who_works_here_sees_what_no_speaker_has_read(app: Flask) -> None:
    page = sign_in(app, Role.WORKER).pages.get(ADDRESS)
    assert "made by a machine" in page.words()
    assert cell(page, "Everything").startswith("Not checked 0 of ")
    assert cell(page, "CIDVA: parents and carers").startswith("Not checked 0 of ")


def test_a_form_that_a_speaker_has_read_says_so(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = read_catalogue("pl")
    for message in catalogue:
        if any(place.split("/")[0] == "cidva-parent" for place, _ in message.locations):
            mark_checked(message)
    write_catalogue("pl", catalogue, tmp_path)
    monkeypatch.setattr(queries, "catalogue_file", lambda code: catalogue_file(code, tmp_path))
    monkeypatch.setattr(queries, "read_catalogue", lambda code: read_catalogue(code, tmp_path))
    page = sign_in(app, Role.ADMINISTRATOR).pages.get(ADDRESS)
    assert cell(page, "CIDVA: parents and carers") == "Checked"
    assert cell(page, "Everything").startswith("Not checked ")


def test_whoever_prints_forms_is_warned(app: Flask) -> None:
    page = sign_in(app, Role.WORKER).pages.get("/staff/paper/")
    assert "No speaker has read these yet: Cymraeg" in page.words()
    assert page.link("What that means") == ADDRESS


def test_a_language_is_chosen_by_a_label_that_warns(app: Flask) -> None:
    assert [one.label for one in languages_offered()] == [
        "English",
        "Cymraeg (Welsh, not checked by a speaker)",
        "Polski (Polish, not checked by a speaker)",
        "Română (Romanian, not checked by a speaker)",
    ]
    assert progress_of(LANGUAGES["en"]).all.is_checked
    assert app


def test_whoever_invites_is_warned_beside_each_language(app: Flask) -> None:
    page = sign_in(app, Role.WORKER).pages.get("/staff/invitations/new/cidva-parent")
    labels = [words_of(option).strip() for option in page.dom.all("#language option")]
    assert "Polski (Polish, not checked by a speaker)" in labels
