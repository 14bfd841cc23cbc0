"""The pages of paper forms: what can be printed, by whom."""

import pytest
from flask import Flask

from hscb_voice.foundation.printing import NotPrintedError
from hscb_voice.paper import routes
from hscb_voice.staff.roles import Role
from tests.support.markup import attribute, words_of
from tests.support.people import SignedIn, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ADDRESS = "/staff/paper/"


@pytest.fixture
def worker(app: Flask) -> SignedIn:
    return sign_in(app, Role.WORKER)


def test_a_worker_prints_a_form_from_the_list(worker: SignedIn) -> None:
    page = worker.pages.get(ADDRESS)
    links = (attribute(link, "href") or "" for link in page.dom.all("a") if "large print" in words_of(link))
    pdf = worker.pages.get(next(link for link in links if "under-9" in link))
    assert pdf.response.mimetype == "application/pdf"
    assert pdf.response.get_data().startswith(b"%PDF")
    assert "large-print.pdf" in pdf.response.headers["Content-Disposition"]


@pytest.mark.parametrize("asked", ["nothing.pdf", "my-story.pdf?language=xx", "my-story.pdf?age=under-9"])
def test_a_form_that_is_not_there_is_not_found(worker: SignedIn, asked: str) -> None:
    worker.pages.get(ADDRESS + asked, expect=404)


def test_when_printing_fails_it_says_so_and_goes_back(worker: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> bytes:
        raise NotPrintedError

    monkeypatch.setattr(routes, "paper_form", fail)
    page = worker.pages.follow(worker.pages.get(f"{ADDRESS}my-story.pdf", expect=302))
    assert "could not be printed just now" in page.words("body")


def test_only_whoever_may_invite_prints(app: Flask) -> None:
    sign_in(app, Role.BOARD_MEMBER).pages.get(ADDRESS, expect=403)
