"""S9 and W4: requests for a host that is not ours, and sendings whose end was lost."""

import io
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask, request
from werkzeug.test import EnvironBuilder, run_wsgi_app

from hscb_voice.factory import create_app
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.settings import Settings
from hscb_voice.web.hosts import host_name
from hscb_voice.web.whole_bodies import WholeBodies

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FOREIGN = (
    "evil.example",
    "voice.example.org.evil.example",
    "evil.example:443",
    "x@voice.example.org",
    "voice.example.org:a",
)


@pytest.fixture
def council(settings: Settings, clock: SetClock) -> Flask:
    """An application that people reach as voice.example.org or its second name."""
    told = replace(settings, public_address="https://voice.example.org", other_hosts=frozenset({"voice2.example.org"}))
    return create_app(told, clock)


@pytest.mark.parametrize("host", FOREIGN)
@pytest.mark.parametrize("path", ["/", "/f/city", "/staff/sign-in", "/static/css/staff.css"])
def test_row_s9_a_host_that_is_not_ours_is_refused(council: Flask, host: str, path: str) -> None:
    reply = council.test_client().get(path, headers={"Host": host})
    assert reply.status_code == 400
    assert "evil" not in reply.get_data(as_text=True)
    assert "Content-Security-Policy" in reply.headers


@pytest.mark.parametrize(
    "host", ["voice.example.org", "VOICE.example.org:443", "voice2.example.org", "voice.example.org."]
)
def test_our_own_hosts_are_answered(council: Flask, host: str) -> None:
    assert council.test_client().get("/staff/sign-in", headers={"Host": host}).status_code == 200


def test_the_health_doors_answer_whoever_asks_by_number(council: Flask) -> None:
    assert council.test_client().get("/healthz", headers={"Host": "10.1.2.3:8000"}).status_code == 200


def test_on_ones_own_machine_every_name_of_it_is_answered(app: Flask) -> None:
    for host in ("localhost", "127.0.0.1:8000", "[::1]:8000"):
        assert app.test_client().get("/staff/sign-in", headers={"Host": host}).status_code == 200


def test_a_host_behind_our_own_proxy_is_the_one_the_proxy_was_asked_for(settings: Settings, clock: SetClock) -> None:
    told = replace(settings, public_address="https://voice.example.org", trusted_proxies=1)
    client = create_app(told, clock).test_client()
    forwarded = {"Host": "127.0.0.1:8000", "X-Forwarded-Host": "voice.example.org"}
    assert client.get("/staff/sign-in", headers=forwarded).status_code == 200
    forwarded["X-Forwarded-Host"] = "evil.example"
    assert client.get("/staff/sign-in", headers=forwarded).status_code == 400


@pytest.mark.parametrize("host", ["", "a/b", "a?b", "a#b", "[::1", "a:99999999"])
def test_what_is_no_host_has_no_name(app: Flask, host: str) -> None:
    del app
    assert host_name(host) == ""


def _said_back() -> bytes:
    return request.get_data()


def _told_of(application: Any, body: bytes, announced: int) -> tuple[str, bytes]:
    environ = EnvironBuilder(method="POST", input_stream=io.BytesIO(body)).get_environ()
    environ["CONTENT_LENGTH"] = str(announced)
    environ["wsgi.input_terminated"] = True  # as gunicorn says of every request
    chunks, status, _headers = run_wsgi_app(application, environ)
    return status[:3], b"".join(chunks)


def test_a_sending_whose_end_was_lost_is_refused_and_never_taken_for_whole(app: Flask) -> None:
    assert isinstance(app.wsgi_app, WholeBodies)
    echo = Flask("echo")
    echo.add_url_rule("/", "echo", _said_back, methods=["POST"])
    assert _told_of(echo, b"I was ha", 11) == ("200", b"I was ha")  # what would happen without the guard
    assert _told_of(WholeBodies(echo), b"I was ha", 11)[0] == "400"
    assert _told_of(WholeBodies(echo), b"I was happy", 11) == ("200", b"I was happy")
