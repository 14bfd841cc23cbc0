"""Staff pages of what is due: from planning to the short form of a session, and what the home page says."""

import pytest
from flask import Flask
from sqlalchemy import select

from hscb_voice.responses.models import Response
from hscb_voice.staff.roles import Role
from hscb_voice.web.current import EXTENSION
from tests.support.pages import Page, PageChecker
from tests.support.people import TEAM, sign_in
from tests.support.sittings import envelope, version_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SLUG = "cidva-child-5-8"


@pytest.fixture
def worker(app: Flask) -> PageChecker:
    """A worker's browser."""
    return sign_in(app, Role.WORKER).pages


def _plan(worker: PageChecker, **answers: object) -> Page:
    filled: dict[str, object] = {"start": ["15", "11", "2026"], "sessions": "3", "service": "CIDVA", "team": TEAM}
    return worker.follow(worker.submit(worker.get(f"/staff/due/new/{SLUG}"), filled | answers))


def test_a_worker_plans_gives_and_records_forms_and_sees_what_is_due(app: Flask, worker: PageChecker) -> None:
    assert "Nothing is planned yet" in worker.get("/staff/due").words()
    series = _plan(worker)
    words = series.words("h1")
    assert "15 November 2026" in series.words()
    assert "30 May 2027" in series.words()
    assert "1 due today, 1 overdue" in worker.get("/staff/").words()
    due = worker.get("/staff/due")
    assert due.words().count(words) >= 3
    begun = worker.submit(due, form="form[action$=record]")
    form = worker.get(begun.location)
    site = app.extensions[EXTENSION]
    sent = envelope(version_of(site, SLUG)) | {"coming": "good", "answered": "together"}
    PageChecker(app).post(begun.location, sent, expect=200)
    assert form.dom.all("#c-again")
    assert "1 due today" in worker.get("/staff/").words()
    given = worker.follow(worker.submit(worker.get("/staff/due"), form="form[action$=give]"))
    link = str(given.dom.all("#link")[0].attrs["value"])
    short = PageChecker(app).get("/f/" + link.split("/f/")[1])
    assert not short.dom.all("#c-again")
    with site.database.reading() as connection:
        assert connection.execute(select(Response.point, Response.channel)).one() == ("first", "worker")


def test_a_form_is_put_off_left_out_planned_again_and_the_series_stopped(worker: PageChecker) -> None:
    series = _plan(worker)
    asked = worker.get(_first(series))
    assert "Enter a day such as" in worker.submit(asked, {"day": ["x", "", ""]}, expect=400).words()
    assert "from today on" in worker.submit(asked, {"day": ["1", "11", "2026"]}, expect=400).words()
    series = worker.follow(worker.submit(asked, {"day": ["24", "11", "2026"]}))
    assert "24 November 2026" in series.words()
    assert "8 December 2026" in series.words()
    series = worker.follow(worker.submit(series, form="form[action$=leave-out]"))
    assert "Left out" in series.words()
    series = worker.follow(worker.submit(series, form="form[action$=leave-out]"))
    assert "Left out" not in series.words()
    series = worker.follow(worker.submit(series, form="form[action$=stop]"))
    assert "Stopped" in series.words()
    assert "due today" not in worker.get("/staff/").words()


def _first(series: Page) -> str:
    return next(str(a.attrs["href"]) for a in series.dom.all("a") if str(a.attrs["href"]).endswith("put-off"))


def test_a_plan_without_a_day_is_told_so_and_loses_nothing(worker: PageChecker) -> None:
    filled = {"service": "CIDVA", "locality": "Bromyard"}
    page = worker.submit(worker.get(f"/staff/due/new/{SLUG}"), filled, expect=400)
    assert "Enter the day of the first session" in page.words()
    assert page.dom.all("#locality")[0].attrs["value"] == "Bromyard"


def test_only_questionnaires_with_points_are_offered_and_none_has_a_box_for_a_name(worker: PageChecker) -> None:
    offered = worker.get("/staff/due/new").words()
    assert "Plays, workshops and training" in offered
    assert "conference" not in offered
    page = worker.get("/staff/due/new/event")
    texts = [e.attrs["name"] for e in page.dom.all("main input") if (e.attrs.get("type") or "text") == "text"]
    assert set(texts) == {"start", "service", "locality"}


def test_a_colleague_sees_it_among_the_whole_teams(app: Flask, worker: PageChecker) -> None:
    words = _plan(worker).words("h1")
    colleague = sign_in(app, Role.WORKER, email="other@example.org").pages
    assert f"{words}, First session" not in colleague.get("/staff/due").words()
    assert f"{words}, First session" in colleague.get("/staff/due?whose=team").words()
