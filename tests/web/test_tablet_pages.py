"""Staff pages of tablets: add one, see its code, see what waits on it, change it, switch it off; own teams only."""

from datetime import timedelta
from html import unescape

import pytest
from flask import Flask

from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.platform import Platform
from hscb_voice.staff.roles import Role
from hscb_voice.tablets.queries import TabletView, tablet_by_id
from hscb_voice.web.current import EXTENSION
from tests.support.people import SignedIn, sign_in
from tests.support.sittings import CHILD
from tests.support.tablet_device import TabletDevice
from tests.support.tablets import add, saying, set_up
from tests.support.two_teams import OTHER_TEAM

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NEW = {"name": " Blue  tablet ", "service": "Family support", "slugs": [CHILD], "pin": "270413"}


@pytest.fixture
def site(app: Flask) -> Platform:
    """The site's own platform."""
    platform: Platform = app.extensions[EXTENSION]
    return platform


@pytest.fixture
def worker(app: Flask) -> SignedIn:
    """A worker of the North team, signed in."""
    return sign_in(app, Role.WORKER)


def stored(site: Platform, tablet_id: str) -> TabletView:
    """Return one tablet."""
    with site.database.reading() as connection:
        return tablet_by_id(connection, None, tablet_id)


def test_an_empty_list_says_what_tablets_are_for_and_what_is_needed(worker: SignedIn) -> None:
    page = worker.pages.get("/staff/tablets/")
    assert "There is no tablet yet" in page.words()
    assert page.link("Add a tablet") == "/staff/tablets/add"


def test_a_worker_adds_a_tablet_and_sets_it_up_by_the_code_that_is_shown_once(
    app: Flask, site: Platform, worker: SignedIn
) -> None:
    page = worker.pages.get("/staff/tablets/add")
    assert "North team" in page.words("select")
    shown = worker.pages.submit(page, NEW, expect=200)
    assert "Set up Blue tablet" in shown.words("h1")
    code = shown.words("code")
    assert shown.dom.all("svg title")
    address = shown.link("Look whether it has been set up")
    tablet_id = address.rsplit("/", 1)[1]
    assert 'data-state="open"' in worker.pages.get(address).text
    assert code not in worker.pages.get(address).text
    device = TabletDevice.set_up(app, unescape(code))
    assert (stored(site, tablet_id).team, device.kit["tablet"]["name"]) == ("North team", "Blue tablet")
    assert 'data-state="done"' in worker.pages.get(address).text


REFUSED: list[tuple[dict[str, object], str]] = [
    ({"name": ""}, "Give the tablet a name"),
    ({"name": "x" * 61}, "60 characters"),
    ({"service": " "}, "Say which service"),
    ({"slugs": []}, "Choose at least one questionnaire"),
    ({"slugs": ["no-such-form"]}, "not a valid choice"),
    ({"pin": ""}, "Choose a PIN"),
    ({"pin": "12345"}, "6 to 12 digits"),
    ({"pin": "abcdef"}, "6 to 12 digits"),
    ({"pin": "777777"}, "guessed at once"),
    ({"pin": "345678"}, "guessed at once"),
    ({"pin": "987654"}, "guessed at once"),
    ({"team": OTHER_TEAM}, "Not a valid choice"),
    ({"name": "TABLET ONE"}, "Another tablet of this team has this name"),
]


def test_what_will_not_do_is_said_beside_the_field_and_nothing_typed_is_lost(site: Platform, worker: SignedIn) -> None:
    add(site, "Tablet one", slugs=[CHILD])
    page = worker.pages.get("/staff/tablets/add")
    for answers, says in REFUSED:
        refused = worker.pages.submit(page, {**NEW, "locality": "Ross", **answers}, expect=422)
        assert says in refused.words(".govuk-error-summary")
        assert refused.words("title").startswith("Error: ")
        assert 'value="Ross"' in refused.text


def test_the_list_and_the_home_page_say_what_waits_and_needs_help(
    app: Flask, site: Platform, worker: SignedIn, clock: SetClock
) -> None:
    blue, red = set_up(app, "Blue", slugs=[CHILD]), set_up(app, "Red", slugs=[CHILD])
    add(site, "Green", slugs=[CHILD])
    blue.pulse(3, 0)
    red.pulse(2, 1)
    assert "Blue Family support North team, Leominster A few minutes ago 3 In use" in (
        worker.pages.get("/staff/tablets/").words("table")
    )
    assert "answers waiting" not in worker.pages.get("/staff/").words()
    clock.pass_time(timedelta(hours=20))
    worker = sign_in(app, Role.TEAM_MANAGER)
    words = worker.pages.get("/staff/tablets/").words("table")
    assert (
        "Red Family support North team, Leominster Yesterday at 10:00 2, since yesterday at 10:00 1 needs help" in words
    )
    assert "Green Family support North team, Leominster Not yet None Code has run out" in words
    home = worker.pages.get("/staff/").words()
    assert "2 tablets have answers waiting since yesterday at 10:00, 1 tablet needs help" in home


def test_a_tablet_of_another_team_is_not_there(site: Platform, worker: SignedIn) -> None:
    other = add(site, "Theirs", team=OTHER_TEAM, slugs=[CHILD]).tablet_id
    assert "Theirs" not in worker.pages.get("/staff/tablets/").words()
    for part in ("", "/change", "/switch-off"):
        worker.pages.get(f"/staff/tablets/{other}{part}", expect=404)
    token = worker.pages.get("/staff/tablets/add").dom.all("main form input[name=csrf_token]")[0].attrs["value"]
    for part in ("/code", "/change", "/switch-off"):
        data = {"csrf_token": token, "name": "Mine", "slugs": [CHILD]}
        worker.pages.post(f"/staff/tablets/{other}{part}", data, expect=404)
    assert (stored(site, other).name, stored(site, other).is_revoked) == ("Theirs", False)


def test_an_administrator_meets_every_teams_tablets_and_adds_one_for_any_team(app: Flask, site: Platform) -> None:
    sign_in(app, Role.WORKER, email="south@example.org", team=OTHER_TEAM)
    boss = sign_in(app, Role.ADMINISTRATOR)
    add(site, "Theirs", team=OTHER_TEAM, slugs=[CHILD])
    assert "Theirs" in boss.pages.get("/staff/tablets/").words("table")
    page = boss.pages.get("/staff/tablets/add")
    boss.pages.submit(page, {**NEW, "team": OTHER_TEAM}, expect=200)
    assert OTHER_TEAM in boss.pages.get("/staff/tablets/").words("table")


@pytest.mark.parametrize("role", [Role.BOARD_MEMBER, Role.ANALYST, Role.SAFEGUARDING_LEAD])
def test_whoever_invites_nobody_has_no_tablets(app: Flask, role: Role) -> None:
    sign_in(app, role).pages.get("/staff/tablets/", expect=403)


def test_a_worker_changes_name_questionnaires_and_pin(app: Flask, worker: SignedIn) -> None:
    device = set_up(app, slugs=[CHILD])
    tablet_id = device.kit["tablet"]["id"]
    page = worker.pages.get(f"/staff/tablets/{tablet_id}/change")
    assert 'value="Blue tablet"' in page.text
    assert "270413" not in page.text
    answer = worker.pages.submit(page, {"name": "Red tablet", "slugs": ["my-story"], "pin": ""}, expect=303)
    assert "Red tablet has been changed" in worker.pages.follow(answer).words()
    kit = device.fetch_kit()
    assert (kit["tablet"]["name"], [one["slug"] for one in kit["forms"]]) == ("Red tablet", ["my-story"])
    assert kit["pin"] == device.kit["pin"]
    before = kit["pin"]
    page = worker.pages.get(f"/staff/tablets/{tablet_id}/change")
    worker.pages.submit(page, {"pin": "867530"}, expect=303)
    assert device.fetch_kit()["pin"] != before
    page = worker.pages.get(f"/staff/tablets/{tablet_id}/change")
    refused = worker.pages.submit(page, {"pin": "111111"}, expect=422)
    assert "guessed at once" in refused.words(".govuk-error-summary")


def test_two_tablets_of_a_team_never_get_the_same_name(site: Platform, worker: SignedIn) -> None:
    add(site, "Blue", slugs=[CHILD])
    red = add(site, "Red", slugs=[CHILD]).tablet_id
    page = worker.pages.get(f"/staff/tablets/{red}/change")
    refused = worker.pages.submit(page, {"name": "blue"}, expect=422)
    assert "has this name" in refused.words(".govuk-error-summary")


def test_switching_off_is_asked_first_and_late_answers_are_told(app: Flask, site: Platform, worker: SignedIn) -> None:
    device = set_up(app, slugs=[CHILD])
    waiting = saying(site, device, {"q2": "happy"})
    device.pulse(1, 0)
    tablet_id = device.kit["tablet"]["id"]
    page = worker.pages.get(f"/staff/tablets/{tablet_id}/switch-off")
    assert "This cannot be undone" in page.words()
    assert not stored(site, tablet_id).is_revoked
    answer = worker.pages.submit(page, expect=303)
    done = worker.pages.follow(answer)
    assert "Answers that wait on it still come in" in done.words()
    assert "Blue tablet" in done.words("table")
    assert device.pulse(1, 0).status_code == 410
    assert device.send(waiting).status_code == 201
    words = worker.pages.get(f"/staff/tablets/{tablet_id}").words()
    assert "It was switched off by Example Worker" in words
    assert "1 answer has come from it since" in words


def test_a_code_that_ran_out_is_made_anew_until_the_tablet_was_heard(
    app: Flask, site: Platform, clock: SetClock
) -> None:
    added = add(site, slugs=[CHILD])
    clock.pass_time(timedelta(minutes=16))
    worker = sign_in(app, Role.WORKER)
    page = worker.pages.get(f"/staff/tablets/{added.tablet_id}")
    assert "Its code has run out" in page.words()
    code = worker.pages.submit(page, form="main form", expect=200).words("code")
    assert code != added.code
    device = TabletDevice.set_up(app, code)
    assert "has not answered since" in worker.pages.get(f"/staff/tablets/{added.tablet_id}").words()
    stale = worker.pages.get(f"/staff/tablets/{added.tablet_id}")
    device.pulse()
    answer = worker.pages.submit(stale, form="main form", expect=303)
    assert "in use" in worker.pages.follow(answer).words()
    assert device.pulse().status_code == 204
