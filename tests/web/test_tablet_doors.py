"""Setting a tablet up, its kit, its pages and its pulse: by one-time code and token, without session or cookie."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from hscb_voice.audit.models import AuditEntry
from hscb_voice.factory import create_app
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.platform import Platform
from hscb_voice.questionnaires.queries import published_slugs
from hscb_voice.responses.models import ReservedReceipt
from hscb_voice.responses.queries import EVERY_TEAM
from hscb_voice.tablets.kit import PLACE_OF_RECEIPT, PLACE_OF_SITTING
from hscb_voice.tablets.models import Tablet
from hscb_voice.tablets.service import TabletChange, change_tablet, renew_code, revoke_tablet
from hscb_voice.web.current import EXTENSION
from tests.support.sittings import CHILD, version_of
from tests.support.tablet_device import TabletDevice, from_base64url
from tests.support.tablets import PIN, add, set_up

ON_ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
STORY, STAGED = "my-story", "cidva-child-9-18"


@pytest.fixture
def site(app: Flask) -> Platform:
    """The site's own platform."""
    platform: Platform = app.extensions[EXTENSION]
    return platform


@pytest.fixture
def device(app: Flask) -> TabletDevice:
    """A tablet that has been set up, for one questionnaire."""
    return set_up(app, slugs=[CHILD])


def try_code(app: Flask, code: object, **more: Any) -> tuple[int, Any]:
    """Try to set a tablet up."""
    answer = app.test_client().post("/tablet/enrol", json={"code": code}, **more)
    return answer.status_code, answer.json


def stored(site: Platform) -> Any:
    """Return the one tablet's row."""
    with site.database.reading() as connection:
        return connection.execute(select(*Tablet.__table__.columns)).one()


def test_a_tablet_is_set_up_once_and_gets_its_token_and_kit(app: Flask, site: Platform) -> None:
    added = add(site, slugs=[CHILD, STORY])
    device = TabletDevice.set_up(app, added.code.lower().replace("-", " "))
    assert len(from_base64url(device.token)) == 32
    kit = device.kit
    assert kit["tablet"] == {"id": added.tablet_id, "name": "Blue tablet"}
    assert (kit["service"], kit["team"], kit["locality"]) == ("Family support", "North team", "Leominster")
    assert [form["slug"] for form in kit["forms"]] == [CHILD, STORY]
    assert len({one["receipt"] for one in kit["sittings"]}) == 30
    assert kit["idle_seconds"] == 90
    pin = kit["pin"]
    proof = hashlib.pbkdf2_hmac("sha256", PIN.encode(), from_base64url(pin["salt"]), pin["iterations"])
    assert proof == from_base64url(pin["hash"])
    row = stored(site)
    assert device.token.encode() not in b"".join(value for value in row if isinstance(value, bytes))
    assert row.enrolled_at is not None


def test_a_code_that_was_used_or_has_run_out_sets_nothing_up(app: Flask, site: Platform, clock: SetClock) -> None:
    used, old = add(site, slugs=[CHILD]), add(site, "Red tablet", slugs=[CHILD])
    TabletDevice.set_up(app, used.code)
    assert try_code(app, used.code) == (410, {"error": "used_code"})
    clock.pass_time(timedelta(minutes=15))
    assert try_code(app, old.code) == (410, {"error": "used_code"})


@ON_ONE
def test_a_code_of_a_tablet_that_was_switched_off_is_no_code(app: Flask, site: Platform) -> None:
    added = add(site, slugs=[CHILD])
    with site.database.writing() as connection:
        revoke_tablet(connection, EVERY_TEAM, added.tablet_id, "a-worker", site.clock.now())
    assert try_code(app, added.code) == (404, {"error": "unknown_code"})


@ON_ONE
def test_what_is_no_code_sets_nothing_up(app: Flask, site: Platform) -> None:
    add(site, slugs=[CHILD])
    for code in ("", None, 7, ["A"], "AAAAA-AAAAA", "x" * 60_000):
        assert try_code(app, code) == (404, {"error": "unknown_code"})


def test_whoever_guesses_codes_is_held_up_and_a_right_one_is_no_guess(
    app: Flask, site: Platform, clock: SetClock
) -> None:
    for name in ("One", "Two", "Three"):
        set_up(app, name, slugs=[CHILD])
    statuses = [try_code(app, "AAAAA-AAAAA")[0] for _ in range(12)]
    assert statuses == [404] * 10 + [429] * 2
    held = add(site, slugs=[CHILD])
    assert try_code(app, held.code) == (429, {"error": "too_many"})
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    assert try_code(app, "AAAAA-AAAAA", environ_overrides=elsewhere)[0] == 404
    clock.pass_time(timedelta(minutes=1))
    assert try_code(app, held.code)[0] == 201


@ON_ONE
def test_another_sites_page_may_not_set_a_tablet_up(app: Flask, site: Platform) -> None:
    added = add(site, slugs=[CHILD])
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://example.com"}):
        assert try_code(app, added.code, headers=headers) == (403, {"error": "elsewhere"})
    assert stored(site).enrolled_at is None


@ON_ONE
def test_a_lost_reply_is_mended_by_a_new_code_until_the_tablet_was_heard(app: Flask, site: Platform) -> None:
    added = add(site, slugs=[CHILD])
    lost = TabletDevice.set_up(app, added.code)
    with site.database.writing() as connection:
        renewed = renew_code(connection, site.keys, EVERY_TEAM, added.tablet_id, "a-worker", site.clock.now())
    device = TabletDevice.set_up(app, renewed.code)
    assert lost.pulse().status_code == 401
    assert device.pulse().status_code == 204
    with site.database.writing() as connection, pytest.raises(Exception, match="in use"):
        renew_code(connection, site.keys, EVERY_TEAM, added.tablet_id, "a-worker", site.clock.now())


def test_setting_up_and_switching_off_stand_in_the_record(site: Platform, device: TabletDevice) -> None:
    tablet_id = device.kit["tablet"]["id"]
    with site.database.writing() as connection:
        change = TabletChange("Green tablet", [CHILD, STORY])
        change_tablet(connection, EVERY_TEAM, tablet_id, change, "a-worker", site.clock.now())
        assert revoke_tablet(connection, EVERY_TEAM, tablet_id, "a-worker", site.clock.now())
        assert not revoke_tablet(connection, EVERY_TEAM, tablet_id, "a-worker", site.clock.now())
        entries = connection.execute(select(AuditEntry.act, AuditEntry.subject).order_by(AuditEntry.number)).all()
    subject = f"tablet {tablet_id}"
    acts = ["added a tablet", "set up a tablet by its code", "changed a tablet", "switched a tablet off"]
    assert [tuple(entry) for entry in entries][-4:] == [(act, subject) for act in acts]


def test_the_kit_says_when_it_has_not_changed_and_what_changed(site: Platform, device: TabletDevice) -> None:
    first = device.ask("get", "/tablet/kit")
    assert first.json == device.kit
    again = device.ask("get", "/tablet/kit", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    with site.database.writing() as connection:
        change = TabletChange("Green tablet", [STORY])
        tablet_id = device.kit["tablet"]["id"]
        change_tablet(connection, EVERY_TEAM, tablet_id, change, "a-worker", site.clock.now())
    changed = device.ask("get", "/tablet/kit", headers={"If-None-Match": first.headers["ETag"]})
    kit = changed.json or {}
    assert (kit["tablet"]["name"], [form["slug"] for form in kit["forms"]]) == ("Green tablet", [STORY])
    assert kit["version"] != device.kit["version"]
    assert kit["pin"] == device.kit["pin"]


@ON_ONE
def test_a_get_writes_nothing(site: Platform, device: TabletDevice) -> None:
    def everything() -> tuple[Any, ...]:
        with site.database.reading() as connection:
            minted = connection.execute(select(func.count()).select_from(ReservedReceipt)).scalar_one()
        return (*stored(site), minted)

    before = everything()
    device.fetch_kit()
    device.ask("get", device.kit["forms"][0]["pages"][0]["address"])
    assert everything() == before


@ON_ONE
def test_every_page_of_the_kit_is_there_with_the_hash_that_the_kit_says(app: Flask, site: Platform) -> None:
    device = set_up(app)
    with site.database.reading() as connection:
        assert [form["slug"] for form in device.kit["forms"]] == list(published_slugs(connection))
    pages = [page for form in device.kit["forms"] for page in form["pages"]] + device.kit["thanks"]
    for page in {page["address"]: page for page in pages}.values():
        answer = device.ask("get", page["address"])
        assert answer.status_code == 200, page
        assert hashlib.sha256(answer.get_data()).hexdigest() == page["hash"]


@ON_ONE
def test_a_form_page_is_the_childs_own_page_but_for_its_sitting(app: Flask, device: TabletDevice) -> None:
    (form,) = device.kit["forms"]
    page = device.ask("get", form["pages"][0]["address"])
    assert f'name="sitting" value="{PLACE_OF_SITTING}"' in page.text
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert page.mimetype == "text/html"
    packed = device.ask("get", form["pages"][0]["address"], headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.get_data()) < len(page.get_data()) / 2
    del app


@ON_ONE
def test_points_in_the_work_have_their_own_page_only_where_something_else_is_asked(app: Flask) -> None:
    (form,) = set_up(app, slugs=[STAGED]).kit["forms"]
    assert [point["key"] for point in form["points"]] == ["first", "during", "final", "later"]
    pages = {page["point"]: page for page in form["pages"] if page["lang"] == "en" and not page["easy"]}
    assert pages["first"]["address"] == pages["final"]["address"] == pages[""]["address"]
    assert pages["during"]["hash"] != pages[""]["hash"]
    assert pages["during"]["address"].endswith("point=during")
    easy = [page for page in form["pages"] if page["easy"] and page["lang"] == "en"]
    assert {page["point"] for page in easy} == set(pages)
    assert not {page["hash"] for page in easy} & {page["hash"] for page in pages.values()}


@ON_ONE
def test_a_page_that_thanks_has_the_words_place_or_no_words(device: TabletDevice) -> None:
    texts = {
        (one["worried"], one["receipt"]): device.ask("get", one["address"]).text
        for one in device.kit["thanks"]
        if one["lang"] == "en"
    }
    assert len(set(texts.values())) == len(texts) == 4
    for (_, with_receipt), text in texts.items():
        assert (PLACE_OF_RECEIPT in text) is with_receipt
        assert ("three words" in text) is with_receipt


@ON_ONE
def test_the_kit_tells_which_ticks_ask_for_a_person(device: TabletDevice) -> None:
    assert ["talk", "yes"] in device.kit["forms"][0]["asks"]


@ON_ONE
def test_pages_that_the_tablet_may_not_open_are_not_there(site: Platform, device: TabletDevice) -> None:
    child, story = version_of(site, CHILD).id, version_of(site, STORY).id
    for address in (
        f"/tablet/forms/{STORY}/{story}?lang=en",
        f"/tablet/forms/{CHILD}/{story}?lang=en",
        f"/tablet/forms/{CHILD}/{child}?lang=xx",
        f"/tablet/forms/{CHILD}/{child}?lang=en&age=grown-up",
        f"/tablet/forms/{CHILD}/{child}?lang=en&point=never",
        f"/tablet/forms/{CHILD}/9999?lang=en",
        f"/tablet/forms/{CHILD}/99999999999?lang=en",
        "/tablet/thanks?lang=en",
        f"/tablet/thanks?form={STORY}&version={story}&lang=en",
        "/tablet/nowhere",
    ):
        assert device.ask("get", address).status_code == 404, address


def test_the_pulse_tells_staff_what_waits_and_brings_new_sittings(
    site: Platform, device: TabletDevice, clock: SetClock
) -> None:
    clock.pass_time(timedelta(hours=1))
    assert device.pulse(3, 1).status_code == 204
    begun = clock.now()
    clock.pass_time(timedelta(hours=1))
    assert device.pulse(2, 0).status_code == 204
    row = stored(site)
    assert (row.waiting, row.needs_help, row.last_seen_at, row.waiting_since) == (2, 0, clock.now(), begun)
    assert len(device.fetch_kit()["sittings"]) == 33
    device.pulse(0, 0)
    assert stored(site).waiting_since is None


@ON_ONE
def test_sittings_that_have_answered_are_followed_by_new_ones(site: Platform, device: TabletDevice) -> None:
    version, before = version_of(site, CHILD), {one["id"] for one in device.kit["sittings"]}
    for _ in range(5):
        assert device.send(device.finish(version, [("answered", "together")])).status_code == 201
    assert len(device.fetch_kit()["sittings"]) == 25
    device.pulse()
    now = {one["id"] for one in device.fetch_kit()["sittings"]}
    assert (len(now), len(now & before), now & device.used) == (30, 25, set())


@ON_ONE
def test_what_a_tablet_says_is_believed_within_bounds(site: Platform, device: TabletDevice) -> None:
    device.pulse(10**9, 10**9)
    assert stored(site).waiting == 100_000
    assert len(device.fetch_kit()["sittings"]) == 300
    device.pulse(-5, 3)
    assert (stored(site).waiting, stored(site).needs_help) == (0, 0)
    bodies: list[Any] = [{}, {"waiting": "3", "needs_help": 0}, [], None]
    for body in bodies:
        assert device.ask("post", "/tablet/pulse", json=body).status_code == 422


def test_a_tablet_that_was_switched_off_gets_no_kit_and_is_told_so(site: Platform, device: TabletDevice) -> None:
    with site.database.writing() as connection:
        revoke_tablet(connection, EVERY_TEAM, device.kit["tablet"]["id"], "a-worker", site.clock.now())
    page = device.kit["forms"][0]["pages"][0]["address"]
    answers = [device.ask("get", "/tablet/kit"), device.pulse(4, 0), device.ask("get", page)]
    assert [(answer.status_code, answer.json) for answer in answers] == [(410, {"error": "revoked"})] * 3
    assert stored(site).waiting == 4


@ON_ONE
def test_without_a_token_there_is_no_door(app: Flask, device: TabletDevice) -> None:
    client = app.test_client()
    for method, address in (
        ("get", "/tablet/kit"),
        ("get", device.kit["forms"][0]["pages"][0]["address"]),
        ("get", device.kit["thanks"][0]["address"]),
        ("post", "/tablet/pulse"),
        ("put", "/tablet/answers/x"),
    ):
        answer = getattr(client, method)(address)
        assert (answer.status_code, answer.json) == (401, {"error": "unknown_token"})
        assert answer.headers["WWW-Authenticate"] == "Bearer"


@ON_ONE
def test_the_doors_are_there_where_only_respondents_are_served(site: Platform, clock: SetClock) -> None:
    app = create_app(replace(site.settings, surfaces=frozenset({"respondents"})), clock)
    device = set_up(app, slugs=[CHILD])
    assert device.pulse().status_code == 204
    assert not [rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/staff")]
    app.extensions[EXTENSION].database.dispose()
