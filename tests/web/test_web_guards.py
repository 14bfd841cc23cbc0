"""W1 to W4, W6, rows S5 and S9: what goes with every answer and what no request can do, tried for every route."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import Headers

from hscb_voice.factory import create_app
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.settings import Settings
from hscb_voice.staff.roles import Role
from hscb_voice.web.current import EXTENSION
from tests.support.addresses import NO_SUCH, address_of
from tests.support.markup import policy_of
from tests.support.pages import Page, PageChecker
from tests.support.people import PASSWORD, SignedIn, add, enter, sign_in
from tests.support.sittings import CHILD, open_codes, page_sending, version_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
EXACTLY = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
NONE = ["'none'"]
MARKER = "/srv/secret/place and a child's words"


def problems(headers: Headers) -> list[str]:
    """Return what is wrong with the headers of an answer."""
    found = [f"{name} is {headers.get(name)!r}" for name, value in EXACTLY.items() if headers.get(name) != value]
    if "max-age=31536000" not in headers.get("Strict-Transport-Security", ""):
        found.append("no HSTS")
    if not {"camera=()", "microphone=()", "geolocation=()"} <= set(headers.get("Permissions-Policy", "").split(", ")):
        found.append("Permissions-Policy")
    policy = policy_of(headers)
    closed = ("default-src", "base-uri", "frame-ancestors")
    found += [f"{name} is {policy.get(name)}" for name in closed if policy.get(name) != NONE]
    if policy.get("form-action") != ["'self'"]:
        found.append(f"form-action is {policy.get('form-action')}")
    allowed = {source for sources in policy.values() for source in sources}
    strange = {
        s for s in allowed if s not in {"'none'", "'self'", "data:"} and not s.startswith(("'sha256-", "'nonce-"))
    }
    if strange:
        found.append(f"sources {strange}")
    if any("data:" in sources for name, sources in policy.items() if name != "img-src"):
        found.append("data: outside img-src")
    return found


def may_be_kept(headers: Headers) -> bool:
    """Tell whether a cache may keep an answer."""
    return headers.get("Cache-Control") != "no-store"


# What a browser may keep, because nobody's answer stands in it: files, and the empty start page of a tablet.
KEPT = {"static", "tablet_shell.start_page", "tablet_shell.worker"}


@pytest.fixture
def site(app: Flask) -> Iterator[Flask]:
    """The site as it runs for people: a fault becomes a page, not a failed test."""
    open_codes(app)
    app.testing = app.config["PROPAGATE_EXCEPTIONS"] = False
    yield app
    app.testing = True


@pytest.fixture
def everyone(site: Flask) -> SignedIn:
    """Somebody with every role."""
    return sign_in(site, *Role, email="everything@example.org")


def test_w1_w2_row_s5_headers_go_with_every_answer_of_every_route_and_method(site: Flask, everyone: SignedIn) -> None:
    strangers, tried = site.test_client(), 0
    for rule in site.url_map.iter_rules():
        address = address_of(site, rule)
        for method in METHODS:
            for client in (strangers, everyone.pages.client):
                answer = client.open(address, method=method)
                tried += 1
                assert problems(answer.headers) == [], f"{method} {address} ({answer.status_code})"
                if rule.endpoint not in KEPT:
                    assert not may_be_kept(answer.headers), address
                answer.close()
                everyone.pages.client.get_cookie("voice-staff")
    assert tried > 500


def test_w1_w2_row_s5_headers_go_with_every_status(
    site: Flask, everyone: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    child, staff, seen = site.test_client(), everyone.pages.client, set()
    form = f"/f/{CHILD}"
    sent = page_sending(version_of(site.extensions[EXTENSION], CHILD))
    requests: list[tuple[Any, str, str, dict[str, Any]]] = [
        (child, "GET", "/healthz", {}),
        (child, "GET", form, {}),
        (child, "GET", "/f", {}),
        (child, "POST", form, {"data": sent}),
        (child, "POST", form, {"data": {**sent, "q2a": "Something else."}}),
        (child, "POST", form, {"data": {}}),
        (child, "POST", form, {"data": {"q2a": "x" * 70_000}}),
        (child, "POST", form, {"data": "x" * 600_000, "content_type": "application/x-www-form-urlencoded"}),
        (child, "POST", form, {"data": "x", "content_type": "multipart/form-data; boundary=x"}),
        (child, "POST", "/f/nobody", {"data": sent}),
        (child, "POST", form, {"data": sent, "headers": {"Sec-Fetch-Site": "cross-site"}}),
        (child, "PUT", f"{form}/answers/{new_id()}", {"data": "["}),
        (child, "DELETE", form, {}),
        (child, "GET", "/none", {}),
        (child, "GET", "/", {"base_url": "http://elsewhere.example/"}),
        (child, "GET", "/static/js/staff.js?v=1", {}),
        (child, "GET", "/static/none", {}),
        (staff, "POST", "/staff/sign-out-everywhere", {"data": {}}),
        (sign_in(site, Role.WORKER).pages.client, "GET", "/staff/people", {}),
    ]
    for client, method, address, more in requests:
        answer = client.open(address, method=method, **more)
        seen.add(answer.status_code)
        assert problems(answer.headers) == [], f"{method} {address} ({answer.status_code})"
        answer.close()

    def break_down(*_: object, **__: object) -> None:
        raise RuntimeError(MARKER)

    monkeypatch.setattr(site.extensions["collect"].pages, "form", break_down)
    broken = child.get(form)
    monkeypatch.setattr(type(site.extensions[EXTENSION].database), "reading", break_down)
    for answer in (broken, child.get("/readyz"), staff.get("/staff/")):
        seen.add(answer.status_code)
        assert problems(answer.headers) == []
    assert seen >= {200, 303, 400, 403, 404, 405, 409, 410, 413, 415, 422, 500}


def test_w6_row_s9_no_route_that_breaks_says_what_broke(
    site: Flask, everyone: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object, **__: object) -> str:
        raise RuntimeError(MARKER)

    broken = 0
    for rule in site.url_map.iter_rules():
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        with monkeypatch.context() as patch:
            patch.setitem(site.view_functions, rule.endpoint, break_down)
            answer = everyone.pages.client.open(address_of(site, rule), method=method)
            text = answer.get_data(as_text=True)
        broken += answer.status_code == 500
        for told in (MARKER, "Traceback", "RuntimeError", "hscb_voice", "werkzeug", "sqlalchemy", ".py"):
            assert told not in text, f"{rule.rule} says {told}"
        assert problems(answer.headers) == []
    assert broken > 100


def test_w6_there_are_no_measurements_on_the_sites_own_doors(site: Flask, everyone: SignedIn) -> None:
    for client in (site.test_client(), everyone.pages.client):
        for address in ("/metrics", "/staff/metrics", "/metrics/", "/debug", "/console", "/.env", "/.git/config"):
            assert client.get(address).status_code == 404
    answer = site.test_client().get("/readyz")
    # Whether the database and a worker are there, and through how many servers this very request came: no counts.
    assert set(answer.get_json()) == {"database", "worker", "forwarded"}


def test_row_s9_debug_mode_cannot_be_switched_on_by_the_environment(
    settings: Settings, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    app = create_app(settings, clock)
    assert not app.debug
    monkeypatch.setitem(app.view_functions, "health.alive", lambda: 1 / 0)
    answer = app.test_client().get("/healthz")
    assert answer.status_code == 500
    assert "ZeroDivisionError" not in answer.get_data(as_text=True)
    app.extensions[EXTENSION].database.dispose()


def test_row_s9_an_unknown_host_gets_nothing_but_a_refusal(site: Flask) -> None:
    for host in ("elsewhere.example", "localhost.elsewhere.example", "localhost:80@elsewhere.example"):
        for address in ("/", f"/f/{CHILD}", "/staff/sign-in"):
            answer = site.test_client().get(address, headers={"Host": host})
            assert answer.status_code == 400, (host, address)
            assert "elsewhere" not in answer.get_data(as_text=True)


def test_row_s9_methods_that_no_page_uses_do_nothing(site: Flask) -> None:
    for method in ("TRACE", "PATCH", "DELETE", "PROPFIND", "CONNECT"):
        assert site.test_client().open(f"/f/{CHILD}", method=method).status_code == 405


def test_w2_the_staff_cookie_is_host_bound_strict_and_closed_to_scripts(settings: Settings, clock: SetClock) -> None:
    app = create_app(
        Settings(**{**vars(settings), "public_address": "https://localhost"}),
        clock,
    )
    app.testing = True
    _, email = add(app, Role.ANALYST)
    pages = PageChecker(app, base_url="https://localhost/")
    page = pages.get("/staff/sign-in")
    answer = pages.submit(page, {"email": email, "password": PASSWORD})
    cookies = [line.split("; ") for line in answer.response.headers.getlist("Set-Cookie")]
    assert cookies
    for name, *flags in cookies:
        assert name.startswith("__Host-")
        assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= set(flags)
        assert not any(flag.startswith("Domain") for flag in flags)
    app.extensions[EXTENSION].database.dispose()


def test_w3_every_staff_sending_needs_the_pages_token_and_our_own_origin(site: Flask, everyone: SignedIn) -> None:
    tried = 0
    for rule in site.url_map.iter_rules():
        if not rule.rule.startswith("/staff") or "POST" not in (rule.methods or ()):
            continue
        address, tried = address_of(site, rule), tried + 1
        for method in {"POST", "PUT", "PATCH", "DELETE"} & set(rule.methods or ()):
            refused = everyone.pages.client.open(address, method=method, data={"a": "b"})
            assert refused.status_code == 400, f"{method} {address} without a token: {refused.status_code}"
            for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}):
                foreign = everyone.pages.client.open(address, method=method, data={"a": "b"}, headers=headers)
                assert foreign.status_code == 403, f"{method} {address} from elsewhere: {foreign.status_code}"
    assert tried >= 8


def typed_on(page: Page) -> dict[str, str]:
    """Return the words that a page shows in its boxes."""
    return {
        str(box.attrs["name"]): "".join(getattr(c, "data", "") or "" for c in box.children)
        for box in page.dom.all("textarea")
    }


NOTE = "I rang the school. They will call back </textarea><script>alert(1)</script>"
NOTES = f"/staff/concerns/{NO_SUCH}/notes"


def test_w3_an_old_pages_typed_note_comes_back_and_can_be_saved(app: Flask) -> None:
    me = sign_in(app, Role.SAFEGUARDING_LEAD)
    sent = {"note-csrf_token": "of another day", "note-text": NOTE, "password": "do not show me again"}
    page = me.pages.post(NOTES, sent, expect=400)
    assert "open for too long" in page.words("h1")
    assert typed_on(page) == {"note-text": NOTE}
    assert "do not show me" not in page.text
    me.pages.submit(page, expect=404)  # the token is right now: it gets as far as the concern that is not there


def test_w3_a_note_typed_while_the_session_ran_out_comes_back(app: Flask, clock: SetClock) -> None:
    me = sign_in(app, Role.SAFEGUARDING_LEAD)
    token = str(me.pages.get("/staff/account").dom.all("input[name=csrf_token]")[0].attrs["value"])
    clock.pass_time(timedelta(hours=9))
    page = me.pages.post(NOTES, {"csrf_token": token, "note-text": NOTE}, expect=401)
    assert "You have been signed out" in page.words("h1")
    assert typed_on(page) == {"note-text": NOTE}
    enter(me.pages, me.email)
    again = me.pages.submit(page, expect=400)  # the page is older than the new session, and still loses nothing
    assert typed_on(again) == {"note-text": NOTE}
    me.pages.submit(again, expect=404)


def test_w3_signing_in_never_shows_what_was_typed(app: Flask) -> None:
    page = PageChecker(app).post(
        "/staff/sign-in", {"email": "a b c@example.org", "password": "a long pass phrase"}, expect=400
    )
    assert "a long pass phrase" not in page.text
    assert typed_on(page) == {}


def test_d1_staff_get_their_note_back_while_the_database_is_down(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    me = sign_in(app, Role.SAFEGUARDING_LEAD)
    token = str(me.pages.get("/staff/account").dom.all("input[name=csrf_token]")[0].attrs["value"])
    from tests.web.test_respondent_trouble import down  # noqa: PLC0415 - one way to take it down

    down(app.extensions[EXTENSION], monkeypatch)
    page = me.pages.post(NOTES, {"csrf_token": token, "note-text": NOTE}, expect=503)
    assert typed_on(page) == {"note-text": NOTE}
    assert page.response.headers["Retry-After"]


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "multipart/mixed; boundary=x", "text/plain"])
def test_w4_no_file_and_no_strange_body_is_taken(site: Flask, kind: str) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\nhello\r\n--x--\r\n'
    answer = site.test_client().post(f"/f/{CHILD}", data=body, content_type=kind)
    assert answer.status_code == 415
    if kind.startswith("multipart"):
        assert site.test_client().post("/staff/sign-in", data=body, content_type=kind).status_code == 415


@pytest.mark.parametrize("address", [f"/f/{CHILD}", "/staff/sign-in"])
def test_w4_a_form_in_very_many_parts_is_refused_before_it_is_taken_apart(site: Flask, address: str) -> None:
    for part in ("a&", "a=b&", "&"):
        body = part * 15_000
        answer = site.test_client().post(address, data=body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 413


@pytest.mark.parametrize("deep", ["[" * 30_000, '{"a":' * 10_000, '{"answers":' + "[" * 20_000])
def test_w4_a_message_nested_very_deeply_is_refused(site: Flask, deep: str) -> None:
    answer = site.test_client().put(f"/f/{CHILD}/answers/{new_id()}", data=deep, content_type="application/json")
    assert answer.status_code == 422


def test_w4_more_than_64_kilobytes_are_not_kept_and_come_back(app: Flask) -> None:
    site = open_codes(app)
    pages = PageChecker(app)
    long = "I have a lot to tell. " * 4000
    page = pages.post(f"/f/{CHILD}", {**page_sending(version_of(site, CHILD)), "q2a": long}, expect=413)
    assert "That is a lot to tell" in page.words("h1")
    assert typed_on(page)["q2a"].strip() == long.strip()
    receipt = pages.submit(page, {"q2a": "It is shorter now."}, expect=200)
    assert receipt.words(".receipt")


def test_w4_a_body_without_a_stated_length_is_bounded_too(site: Flask) -> None:
    with site.test_request_context(
        f"/f/{CHILD}",
        method="POST",
        input_stream=Endless(),
        environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
        content_type="application/x-www-form-urlencoded",
    ):
        assert site.full_dispatch_request().status_code == 413


def test_row_s6_the_thanks_have_browsers_forget_the_form(app: Flask) -> None:
    site = open_codes(app)
    sent = page_sending(version_of(site, CHILD))
    gone_to = PageChecker(app).post(f"/f/{CHILD}", sent, expect=200, headers={"Sec-Fetch-Mode": "navigate"})
    assert gone_to.response.headers["Clear-Site-Data"] == '"cache"'
    by_script = PageChecker(app).post(f"/f/{CHILD}", sent, expect=200, headers={"Sec-Fetch-Mode": "cors"})
    assert "Clear-Site-Data" not in by_script.response.headers


class Endless(BytesIO):
    """A body that never ends."""

    def read(self, size: int | None = -1) -> bytes:
        """Return as many letters as are asked for."""
        assert size is not None and size > 0, "somebody read without a bound"  # noqa: PT018 - one thought
        return b"x" * size

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer."""
        buffer[:] = b"x" * len(buffer)
        return len(buffer)
