"""What a tablet sends: opened, read as a page's sending is, kept once, never refused for what time mends."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.errors import DatabaseUnreachableError
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.erasing import take_back
from hscb_voice.responses.models import Comment, Response, SecondAnswer
from hscb_voice.responses.queries import EVERY_TEAM, response_by_id
from hscb_voice.responses.receipts import receipt_for
from hscb_voice.safeguarding.queries import concerns_of
from hscb_voice.tablets.kit import PLACE_OF_SITTING
from hscb_voice.tablets.models import TabletKey
from hscb_voice.tablets.queries import TabletView, tablets_of
from hscb_voice.tablets.service import revoke_tablet
from hscb_voice.web.current import EXTENSION
from tests.support.answering import keep_answer
from tests.support.people import TEAM
from tests.support.sittings import CHILD, FORMS, version_of
from tests.support.tablet_device import Finished, TabletDevice
from tests.support.tablets import answering, saying, set_up

STAGED = "cidva-child-9-18"  # is asked at several points in the work
ON_ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def site(app: Flask) -> Platform:
    """The site's own platform."""
    platform: Platform = app.extensions[EXTENSION]
    return platform


@pytest.fixture
def device(app: Flask) -> TabletDevice:
    """A tablet that has been set up, for one questionnaire."""
    return set_up(app, slugs=[CHILD])


def count(site: Platform, table: Any = Response) -> int:
    """Count the rows of a table."""
    with site.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def the_tablet(site: Platform) -> TabletView:
    """Return the one tablet that there is."""
    with site.database.reading() as connection:
        (found,) = tablets_of(connection, EVERY_TEAM)
    return found


def switch_off(site: Platform) -> None:
    """Switch the one tablet off."""
    tablet = the_tablet(site)
    with site.database.writing() as connection:
        revoke_tablet(connection, EVERY_TEAM, tablet.id, "a-worker", site.clock.now())


def test_every_form_and_age_is_taken_from_a_tablet(site: Platform, device: TabletDevice) -> None:
    for slug, variant in FORMS:
        answer = device.send(answering(site, device, slug, variant))
        assert answer.status_code == 201, answer.json
    assert count(site) == len(FORMS)


def test_the_answer_gets_the_receipt_that_the_child_was_told_and_the_tablets_own_setting(
    site: Platform, device: TabletDevice
) -> None:
    setting = {"point": "final", "session_date": "2026-11-21"}
    finished = device.finish(version_of(site, STAGED), [("answered", "together")], setting=setting)
    answer = device.send(finished)
    assert (answer.status_code, answer.json) == (201, {"receipt": finished.receipt, "worried": False})
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    with site.database.reading() as connection:
        response = response_by_id(connection, EVERY_TEAM, finished.sitting)
    kept = (response.channel, response.service, response.team, response.locality, response.point)
    assert kept == ("tablet", "Family support", TEAM, "Leominster", "final")
    assert response.session_date == date(2026, 11, 21)


def test_words_that_a_tablet_has_promised_are_given_to_nobody_else(
    site: Platform, device: TabletDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    promised = device.kit["sittings"][0]["receipt"]
    own = receipt_for
    monkeypatch.setattr(
        "hscb_voice.responses.service.receipt_for", lambda keys, row, turn: own(keys, row, turn) if turn else promised
    )
    other = keep_answer(site, {"q2": ["happy"]})
    monkeypatch.undo()
    assert other.receipt != promised
    answer = device.send(saying(site, device, {"q2": "happy"}))
    assert (answer.json or {})["receipt"] == promised


def test_the_same_answer_again_gets_the_same_receipt(site: Platform, device: TabletDevice) -> None:
    finished = saying(site, device, {"q2a": "She listened."})
    answers = [device.send(finished) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 200, 200]
    assert len({json.dumps(answer.json) for answer in answers}) == 1
    assert count(site) == 1


def test_fifty_sendings_of_one_sitting_at_once_are_one_answer(site: Platform, device: TabletDevice) -> None:
    finished = saying(site, device, {"q2a": "She listened."})
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: device.send(finished), range(50)))
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(201) == 1
    assert set(statuses) <= {200, 201, 503}
    assert {(answer.json or {}).get("receipt") for answer in answers if answer.status_code < 300} == {finished.receipt}
    assert (count(site), count(site, Comment)) == (1, 1)


def test_other_answers_of_the_same_sitting_are_held_for_a_person(site: Platform, device: TabletDevice) -> None:
    first = saying(site, device, {"q2a": "One."})
    device.send(first)
    device.used.discard(first.sitting)
    second = saying(site, device, {"q2a": "Two."})
    assert second.sitting == first.sitting
    answer = device.send(second)
    assert (answer.status_code, answer.json) == (409, {"error": "other_answers"})
    assert (count(site), count(site, SecondAnswer)) == (1, 1)


def test_an_answer_that_was_taken_back_is_not_kept_again(site: Platform, device: TabletDevice) -> None:
    finished = saying(site, device, {"q2a": "One."})
    device.send(finished)
    with site.database.writing() as connection:
        take_back(connection, finished.sitting, "asked", site.clock.now())
    answer = device.send(finished)
    assert (answer.status_code, answer.json) == (410, {"error": "taken_back"})
    assert finished.sitting not in [one["id"] for one in device.fetch_kit()["sittings"]]


def test_a_worry_is_raised_with_the_answer(site: Platform, device: TabletDevice) -> None:
    finished = saying(site, device, {"q2": "scared", "talk": "yes"})
    assert device.send(finished).json == {"receipt": finished.receipt, "worried": True}
    with site.database.reading() as connection:
        assert concerns_of(connection, EVERY_TEAM, finished.sitting)


@pytest.mark.parametrize("part", ["kid", "epk", "iv", "sealed", "sitting"])
def test_a_sealed_answer_that_was_changed_is_refused_and_nothing_is_kept(
    site: Platform, device: TabletDevice, part: str
) -> None:
    finished = saying(site, device, {"q2a": "She listened."})
    other = saying(site, device, {"q2a": "She did not."})
    sitting = other.sitting if part == "sitting" else finished.sitting
    body = {**finished.body}
    if part == "kid":
        body["kid"] = new_id()
    elif part == "sealed":
        swap = "A" if body["sealed"][0] != "A" else "B"
        body["sealed"] = swap + body["sealed"][1:]
    elif part != "sitting":
        body[part] = other.body[part]
    answer = device.send(Finished(sitting, body))
    assert (answer.status_code, answer.json) == (422, {"error": "cannot_open"})
    assert count(site) == 0
    assert the_tablet(site).needs_help == 1


NO_SEALED_ANSWERS: list[dict[str, Any]] = [
    {"kid": 1, "epk": {}, "iv": "", "sealed": ""},
    {"kid": "x" * 36},
    {"epk": [1]},
    {"epk": {"crv": "P-256", "x": "AA", "y": "AA"}},
    {"epk": {"crv": "P-521", "x": "AA", "y": "AA"}},
    {"iv": "AAAA"},
    {"iv": None},
    {"sealed": "ä"},
    {"sealed": "AAAA"},
    {"sealed": "===="},
    {"sealed": ""},
]


@ON_ONE
def test_what_is_no_sealed_answer_needs_help(site: Platform, device: TabletDevice) -> None:
    whole = saying(site, device, {"q2a": "She listened."})
    bodies = [{}, *({**whole.body, **strange} for strange in NO_SEALED_ANSWERS)]
    for body in bodies:
        answer = device.send(Finished(whole.sitting, body))
        assert (answer.status_code, answer.json) == (422, {"error": "cannot_open"}), body
    assert device.ask("put", f"/tablet/answers/{whole.sitting}", data=b"[" * 5000).status_code == 422
    assert count(site) == 0


NO_ANSWERS: list[dict[str, Any]] = [
    {"version": None},
    {"version": True},
    {"version": 10**12},
    {"version": 999},
    {"slug": "another-form"},
    {"variant": "grown-up"},
    {"variant": ["9-and-over"]},
    {"fields": None},
    {"fields": [["q2a"]]},
    {"fields": [["q2a", 7]]},
    {"fields": {"q2a": "x"}},
    {"fields": [["q2a", "x"]] * 501},
]


@ON_ONE
def test_what_is_no_answer_to_a_form_needs_help(site: Platform, device: TabletDevice) -> None:
    for strange in NO_ANSWERS:
        answer = device.send(saying(site, device, {"q2a": "She listened."}, changed=strange))
        assert (answer.status_code, answer.json) == (422, {"error": "cannot_read"}), strange
    assert (count(site), the_tablet(site).needs_help, the_tablet(site).waiting) == (0, 1, 1)


@ON_ONE
def test_an_answer_that_no_form_takes_is_named_by_question(site: Platform, device: TabletDevice) -> None:
    answer = device.send(saying(site, device, {"q2": "purple"}))
    assert answer.status_code == 422
    assert (answer.json or {})["error"] == "errors"
    assert list((answer.json or {})["errors"]) == ["q2"]


@ON_ONE
def test_a_sitting_that_is_none_needs_help(site: Platform, device: TabletDevice) -> None:
    whole = saying(site, device, {"q2a": "She listened."})
    for sitting in ("not-an-id", PLACE_OF_SITTING):
        sealed = device.seal(sitting, {"slug": CHILD, "version": version_of(site, CHILD).id, "fields": []})
        assert device.send(Finished(sitting, sealed)).json == {"error": "cannot_read"}
    assert device.send(whole).status_code == 201
    assert count(site) == 1


MONTHS: list[tuple[object, int]] = [
    ("2026-10-30T12:00:00Z", 10),
    ("2026-08-30T12:00:00+01:00", 8),
    ("2026-08-01T12:00:00Z", 11),  # over ninety days ago: the tablet's clock is not believed
    ("2026-12-31T12:00:00Z", 11),
    ("9999-12-31T23:59:59-12:00", 11),
    ("0001-01-01T00:00:00+14:00", 11),
    ("yesterday", 11),
    (None, 11),
    (7, 11),
]


@ON_ONE
def test_the_month_is_the_tablets_when_its_clock_can_be_believed(site: Platform, device: TabletDevice) -> None:
    for finished_at, month in MONTHS:
        finished = saying(site, device, {"q2": "happy"}, changed={"finished_at": finished_at})
        assert device.send(finished).status_code == 201, finished_at
        with site.database.reading() as connection:
            span_start = response_by_id(connection, EVERY_TEAM, finished.sitting).span_start
        assert span_start.month == month, finished_at


SETTINGS: list[Any] = [
    None,
    [],
    {"point": "never"},
    {"point": ["final"]},
    {"session_date": "soon"},
    {"session_date": "1999-01-01"},
]


@ON_ONE
def test_a_setting_that_makes_no_sense_costs_no_answer(site: Platform, device: TabletDevice) -> None:
    for setting in SETTINGS:
        finished = saying(site, device, {"q2": "happy"}, changed={"setting": setting, "language": "xx"})
        assert device.send(finished).status_code == 201, setting
        with site.database.reading() as connection:
            response = response_by_id(connection, EVERY_TEAM, finished.sitting)
        assert (response.point, response.session_date, response.language) == ("", None, "en")


def test_a_tablet_that_was_switched_off_still_brings_its_answers(site: Platform, device: TabletDevice) -> None:
    waiting = [saying(site, device, {"q2": "happy"}), saying(site, device, {"q2": "sad"})]
    switch_off(site)
    assert [device.send(one).status_code for one in waiting] == [201, 201]
    assert device.send(waiting[0]).status_code == 200
    assert (count(site), the_tablet(site).late_answers) == (2, 2)


@ON_ONE
def test_a_questionnaire_that_the_tablet_may_no_longer_ask_is_still_taken(app: Flask, site: Platform) -> None:
    device = set_up(app, slugs=["my-story"])
    assert device.send(saying(site, device, {"q2": "happy"})).status_code == 201


@ON_ONE
def test_old_keys_open_for_ever_and_a_new_pair_comes_after_a_year(
    site: Platform, device: TabletDevice, clock: SetClock
) -> None:
    waiting = saying(site, device, {"q2": "happy"})
    clock.pass_time(timedelta(days=400))
    device.pulse(1)
    old = device.kit["key"]["kid"]
    assert device.fetch_kit()["key"]["kid"] != old
    assert device.send(waiting).status_code == 201
    assert device.send(saying(site, device, {"q2": "sad"})).status_code == 201
    assert count(site, TabletKey) == 2


@ON_ONE
def test_a_tablet_that_is_not_known_is_told_so(app: Flask, site: Platform, device: TabletDevice) -> None:
    waiting = saying(site, device, {"q2": "happy"})
    for token in ("A" * 43, "", "short", device.token[:-1] + ("A" if device.token[-1] != "A" else "B")):
        answer = TabletDevice(app, token, device.kit).send(waiting)
        assert (answer.status_code, answer.json) == (401, {"error": "unknown_token"})
    assert count(site) == 0


@ON_ONE
def test_another_sites_page_may_not_send_answers(site: Platform, device: TabletDevice) -> None:
    answer = device.send(saying(site, device, {"q2": "happy"}), headers={"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, answer.json) == (403, {"error": "elsewhere"})
    assert count(site) == 0


@ON_ONE
def test_w4_a_sealed_answer_beyond_all_bounds_is_refused_and_a_long_one_is_not(
    site: Platform, device: TabletDevice
) -> None:
    long = saying(site, device, dict.fromkeys(("q2a", "q5", "q6", "q7", "q8"), "ä" * 4900))
    assert len(json.dumps(long.body)) > 64 * 1024
    assert device.send(long).status_code == 201
    beyond = Finished(new_id(), {**long.body, "sealed": "A" * 140_000})
    answer = device.send(beyond)
    assert (answer.status_code, answer.json) == (413, {"error": "too_large"})


@ON_ONE
def test_a_tablet_that_sends_too_fast_is_told_to_wait(site: Platform, device: TabletDevice) -> None:
    finished = saying(site, device, {"q2": "happy"})
    statuses = [device.send(finished).status_code for _ in range(241)]
    assert statuses[-2:] == [200, 429]
    late = device.send(finished)
    assert (late.json, late.headers["Retry-After"]) == ({"error": "too_many"}, "60")


@ON_ONE
def test_d1_without_a_database_a_tablet_is_asked_to_try_later(
    site: Platform, device: TabletDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise DatabaseUnreachableError

    monkeypatch.setattr(type(site.database), "reading", broken)
    monkeypatch.setattr(type(site.database), "writing", broken)
    waiting = {"waiting": 0, "needs_help": 0}
    answers = [
        device.ask("get", "/tablet/kit"),
        device.ask("get", f"/tablet/forms/{CHILD}/1?lang=en"),
        device.ask("put", "/tablet/answers/x", json={}),
        device.ask("post", "/tablet/pulse", json=waiting),
        device.ask("post", "/tablet/enrol", json={"code": "ABCDE-FGHJK"}),
    ]
    assert [(answer.status_code, answer.json) for answer in answers] == [(503, {"error": "not_now"})] * 5
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in answers)


@ON_ONE
def test_k4_without_the_key_nothing_is_kept_and_the_tablet_tries_later(site: Platform, device: TabletDevice) -> None:
    waiting = saying(site, device, {"q2": "happy"})
    key = site.settings.keys_folder / "2026-01.key"
    aside = key.rename(key.with_suffix(".aside"))
    site.keys._look_again = 0.0
    assert device.send(waiting).status_code == 503
    aside.rename(key)
    site.keys._look_again = 0.0
    assert device.send(waiting).status_code == 201


@ON_ONE
def test_half_a_body_is_no_refusal(site: Platform, device: TabletDevice) -> None:
    finished = saying(site, device, {"q2": "happy"})
    raw = json.dumps(finished.body).encode()
    answer = device.ask(
        "put",
        f"/tablet/answers/{finished.sitting}",
        data=raw[:-20],
        content_type="application/json",
        environ_overrides={"CONTENT_LENGTH": str(len(raw))},
    )
    assert (answer.status_code, answer.json) == (503, {"error": "not_now"})
