"""Staff pages of invitations: from making one to the printed sheet, what was answered, and recording for somebody."""

import csv
import io

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from hscb_voice.invitations.models import Invitation
from hscb_voice.responses.models import Response
from hscb_voice.safeguarding.models import Concern
from hscb_voice.staff.roles import Role
from hscb_voice.web.current import EXTENSION
from tests.support.accessible_pdf import faults_of
from tests.support.pages import Page, PageChecker
from tests.support.people import TEAM, sign_in
from tests.support.sittings import CHILD, envelope, version_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NEW = f"/staff/invitations/new/{CHILD}"


@pytest.fixture
def worker(app: Flask) -> PageChecker:
    """A worker's browser."""
    return sign_in(app, Role.WORKER).pages


def _make(worker: PageChecker, **answers: object) -> Page:
    filled: dict[str, object] = {"shape": "single", "service": "Family support", "team": TEAM} | answers
    return worker.follow(worker.submit(worker.get(NEW), filled))


def _code(app: Flask) -> str:
    with app.extensions[EXTENSION].database.reading() as connection:
        return str(connection.execute(select(Invitation.code).order_by(Invitation.created_at.desc())).scalars().first())


def test_a_worker_makes_an_invitation_prints_it_and_sees_that_it_was_answered(app: Flask, worker: PageChecker) -> None:
    assert "made no invitation yet" in worker.get("/staff/invitations").words()
    page = _make(worker, variant="under-9", point="first", session_date=["3", "12", "2026"])
    code = _code(app)
    assert page.words("h1") == code.replace("-", " ")
    assert page.dom.all("#link")[0].attrs["value"] == f"http://127.0.0.1:8000/f/{code}"
    assert page.dom.all(".voice-picture svg")
    assert "3 December 2026" in page.words()
    site = app.extensions[EXTENSION]
    sent = envelope(version_of(site, CHILD), "under-9") | {"answered": "by_myself"}
    PageChecker(app).post(f"/f/{code}", sent, expect=200)
    listed = worker.get("/staff/invitations?state=used").words()
    assert code.replace("-", " ") in listed
    assert "Answered" in listed
    assert "No invitation fits" in worker.get("/staff/invitations?state=open").words()


def test_a_sheet_of_cards_holds_every_open_code_and_the_promise(app: Flask, worker: PageChecker) -> None:
    page = _make(worker, copies="7")
    sheet = worker.client.get(page.link("All 7 open cards of this sheet, to be cut (PDF)"))
    assert sheet.headers["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(sheet.data))
    # Long words may stand on two lines of a card.
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    with app.extensions[EXTENSION].database.reading() as connection:
        codes = list(connection.execute(select(Invitation.code)).scalars())
    assert len(codes) == 7
    assert all(code.replace("-", " ") in text for code in codes)
    assert text.count("0800 1111") == 7
    assert "This works one time" in text
    assert faults_of(sheet.data) == []
    assert len(sheet.data) < 250_000


def test_a_code_for_many_has_a_poster_and_counts_what_the_worker_says(app: Flask, worker: PageChecker) -> None:
    page = _make(worker, shape="many", open_for="0")
    poster = worker.client.get(page.link("A poster (A4, PDF)"))
    reader = PdfReader(io.BytesIO(poster.data))
    assert len(reader.pages) == 1
    assert faults_of(poster.data) == []
    assert _code(app).replace("-", " ") in " ".join(reader.pages[0].extract_text().split())
    page = worker.follow(worker.submit(page, {"number": "38"}))
    assert "0 of 38 answered" in page.words()
    assert "22 November" in page.words()
    bad = worker.submit(page, {"number": "many"}, expect=400)
    assert "There is a problem" in bad.words()


def test_the_picture_can_be_taken_along_as_a_file(worker: PageChecker) -> None:
    page = _make(worker)
    drawn = worker.client.get(page.link("Take the picture along (SVG)"))
    assert drawn.data.startswith(b"<?xml")
    assert b"http://www.w3.org/2000/svg" in drawn.data


def test_closing_asks_first_and_whether_somebody_had_it(app: Flask, worker: PageChecker) -> None:
    page = _make(worker, copies="3")
    asked = worker.get(page.link("Close all 3 open codes of this sheet"))
    assert "Say whether" in worker.submit(asked, expect=400).words()
    page = worker.follow(worker.submit(asked, {"was_given": "no"}))
    assert "It opens no form any more" in page.words()
    PageChecker(app).get(f"/f/{_code(app)}", expect=410)
    assert "Nobody was invited" in worker.get("/staff/invited").words()


@pytest.mark.parametrize(
    ("answers", "complaint"),
    [
        ({"shape": ""}, "for one person or for many"),
        ({"service": " "}, "Enter the service"),
        ({"copies": "61"}, "from 1 to 60"),
        ({"session_date": ["31", "2", "2026"]}, "Enter a day such as"),
        ({"session_date": ["", "2", "2026"]}, "Enter a day such as"),
    ],
)
def test_bad_input_is_told_beside_its_field_and_loses_nothing(
    worker: PageChecker, answers: dict[str, object], complaint: str
) -> None:
    filled: dict[str, object] = {"shape": "single", "service": "Family support", "locality": "Ledbury"} | answers
    page = worker.submit(worker.get(NEW), filled, expect=400)
    assert complaint in page.words()
    assert page.dom.all("#locality")[0].attrs["value"] == "Ledbury"


def test_a_team_that_is_not_ones_own_is_refused(worker: PageChecker) -> None:
    filled = {"shape": "single", "service": "Family support", "team": "South team"}
    assert "valid choice" in worker.submit(worker.get(NEW), filled, expect=400).words()


def test_there_is_no_field_in_which_a_name_could_stand(worker: PageChecker) -> None:
    page = worker.get(NEW)
    texts = [e.attrs["name"] for e in page.dom.all("main input") if (e.attrs.get("type") or "text") == "text"]
    assert set(texts) == {"copies", "service", "locality", "session_date"}
    assert not page.dom.all("main textarea")


def test_a_worker_records_what_a_child_says_and_hands_over_the_receipt(app: Flask, worker: PageChecker) -> None:
    address = f"/staff/recording/{CHILD}"
    assert "recorded nothing today" in worker.get("/staff/recording/done").words()
    begun = worker.submit(worker.get(address), {"service": "Family support", "point": "final"})
    form = worker.get(begun.location)
    assert TEAM not in form.text
    assert "Example" not in form.text
    assert "You write this down for somebody else" in form.words("main")
    assert not form.dom.all("#c-answered input[value=by_myself]")
    assert "Nothing has been sent yet" in worker.get("/staff/recording/done").words()
    site = app.extensions[EXTENSION]
    sent = envelope(version_of(site, CHILD), "9-and-over") | {"answered": "adult_for_me", "q2": "scared"}
    thanks = worker.post(begun.location, sent, expect=200)
    receipt = thanks.words(".receipt")
    done = worker.get(thanks.link("Back to the staff pages"))
    assert receipt in done.words()
    with site.database.reading() as connection:
        kept = connection.execute(select(Response)).one()
        assert (kept.channel, kept.team, kept.point) == ("worker", TEAM, "final")
        # A worry is raised with the answer, as for anybody.
        assert connection.execute(select(Concern.id)).first() is not None
    assert "Recorded by a worker" in worker.get(f"/staff/responses/{kept.id}").words()


def test_it_refuses_that_somebody_whose_words_a_worker_writes_down_did_it_alone(
    app: Flask, worker: PageChecker
) -> None:
    begun = worker.submit(worker.get(f"/staff/recording/{CHILD}"), {"service": "Family support"})
    sent = envelope(version_of(app.extensions[EXTENSION], CHILD), "9-and-over") | {"answered": "by_myself"}
    page = worker.post(begun.location, sent, expect=422)
    assert "Nothing is lost. There is something to mend." in page.words()
    assert page.dom.all("#c-answered .say")
    worker.post(begun.location, sent | {"answered": "together"}, expect=200)


def test_a_receipt_is_shown_to_nobody_but_whoever_recorded_it(app: Flask, worker: PageChecker) -> None:
    begun = worker.submit(worker.get(f"/staff/recording/{CHILD}"), {"service": "Family support"})
    sent = envelope(version_of(app.extensions[EXTENSION], CHILD)) | {"answered": "together"}
    worker.post(begun.location, sent, expect=200)
    other = sign_in(app, Role.WORKER, email="other@example.org").pages
    assert "recorded nothing today" in other.get("/staff/recording/done").words()


def test_it_refuses_a_session_that_has_not_been_yet(worker: PageChecker) -> None:
    filled = {"service": "Family support", "session_date": ["23", "11", "2026"]}
    page = worker.submit(worker.get(f"/staff/recording/{CHILD}"), filled, expect=400)
    assert "cannot be later than today" in page.words()


def test_a_second_answer_by_a_code_for_one_is_marked_on_the_response(app: Flask, worker: PageChecker) -> None:
    _make(worker)
    site, code = app.extensions[EXTENSION], _code(app)
    for _ in range(2):
        sent = envelope(version_of(site, CHILD)) | {"answered": "by_myself"}
        PageChecker(app).post(f"/f/{code}", sent, expect=200)
    with site.database.reading() as connection:
        ids = list(connection.execute(select(Response.id)).scalars())
    for response_id in ids:
        assert "2 answers came by it" in worker.get(f"/staff/responses/{response_id}").words()
    assert "open in two places at once" in worker.get("/staff/invitations").words()


def test_invited_and_answered_can_be_noted_changed_and_taken_along(app: Flask, worker: PageChecker) -> None:
    _make(worker, copies="4")
    site = app.extensions[EXTENSION]
    sent = envelope(version_of(site, CHILD)) | {"answered": "by_myself"}
    PageChecker(app).post(f"/f/{_code(app)}", sent, expect=200)
    page = worker.get("/staff/invited")
    assert "4 invited, 1 answered" in page.words()
    page = worker.follow(
        worker.submit(page, {"slug": CHILD, "service": "Family support", "number": "6"}, form="#add-note")
    )
    assert "10 invited, 1 answered" in page.words()
    page = worker.follow(worker.submit(page, {"number": "16"}, form=".voice-note"))
    assert "20 invited, 1 answered" in page.words()
    file = worker.client.get(page.link("Take this table along (CSV)"))
    rows = list(csv.reader(io.StringIO(file.data.decode("utf-8-sig"))))
    assert rows[1][0] == "Family support"
    assert rows[1][-2:] == ["20", "1"]
    assert "20 invited, 1 answered" in worker.get("/staff/invited?by=quarter").words()
    assert "is changed" not in worker.follow(worker.submit(page, {"number": "x"}, form=".voice-note")).words()
