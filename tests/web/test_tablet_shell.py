"""What a tablet fetches once and then keeps: its start page, its service worker, its manifest and icons."""

import json
import re
import struct

import pytest
from flask import Flask

from hscb_voice.language.reading_level import reading_level
from hscb_voice.tablets.shell_routes import _give_back
from hscb_voice.web.languages import LANGUAGES
from tests.support.pages import PageChecker

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PNG_SIZE = slice(16, 24)


def worker_of(app: Flask) -> str:
    return app.test_client().get("/tablet-worker.js").get_data(as_text=True)


def test_the_start_page_is_well_made_and_is_asked_for_again_each_time(app: Flask) -> None:
    page = PageChecker(app).get("/tablet", kept="no-cache")
    assert "Set-Cookie" not in page.response.headers


def test_the_service_worker_may_look_after_the_whole_surface_but_answers_only_for_the_tablets_addresses(
    app: Flask,
) -> None:
    reply = app.test_client().get("/tablet-worker.js")
    assert reply.headers["Service-Worker-Allowed"] == "/"
    assert reply.headers["Cache-Control"] == "no-cache"
    assert reply.mimetype == "text/javascript"


def test_everything_that_the_worker_keeps_is_there(app: Flask) -> None:
    found = re.search(r"const SHELL_FILES = (\[.*?\]);", worker_of(app))
    assert found
    addresses = json.loads(found[1])
    assert len(addresses) >= 8
    client = app.test_client()
    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 200)


def test_a_changed_start_page_makes_a_new_version_of_the_worker(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    before = worker_of(app)
    app.extensions.pop("tablet_shell")
    monkeypatch.setattr("hscb_voice.tablets.shell_routes._give_back", lambda _: {"heading": "Other", "line": "words"})
    after = worker_of(app)
    versions = [re.findall(r'const VERSION = "(\w+)"', text) for text in (before, after)]
    assert versions[0] != versions[1]


def test_the_manifest_has_a_neutral_name_and_icons_of_the_promised_sizes(app: Flask) -> None:
    client = app.test_client()
    address = re.search(r'rel="manifest" href="([^"]+)"', client.get("/tablet").get_data(as_text=True))
    assert address
    reply = client.get(address[1])
    manifest = json.loads(reply.data)
    assert reply.mimetype == "application/manifest+json"
    assert (manifest["name"], manifest["start_url"], manifest["display"]) == ("Questions", "/tablet", "fullscreen")
    for icon in manifest["icons"]:
        picture = client.get(icon["src"]).data
        assert f"{'x'.join(map(str, struct.unpack('>II', picture[PNG_SIZE])))}" == icon["sizes"]
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}


@pytest.mark.parametrize("address", ["/tablet/form/support-worker-child/1/-/en", "/tablet/read/privacy/en"])
def test_a_page_that_only_a_tablet_has_says_so_kindly(app: Flask, address: str) -> None:
    page = PageChecker(app).get(address, expect=404)
    assert "only on the tablet" in page.words()


def test_a_sending_that_passed_the_service_worker_by_is_to_be_tried_again(app: Flask) -> None:
    reply = app.test_client().post("/tablet/form/support-worker-child/1/-/en", data={"q1": "yes"})
    assert (reply.status_code, reply.headers["Retry-After"]) == (503, "30")


def test_a_file_that_is_not_the_tablets_is_not_here(app: Flask) -> None:
    assert app.test_client().get("/tablet/files/nothing.js").status_code == 404


def test_what_the_kiosk_says_can_be_read_by_a_child_and_is_there_in_every_language(app: Flask) -> None:
    found = re.search(r"^const SAID = (.*);$", worker_of(app), re.MULTILINE)
    assert found
    said = json.loads(found[1])
    assert set(said) == set(LANGUAGES)
    with app.test_request_context():
        give = _give_back("en").values()
    level = reading_level([*said["en"].values(), *give])
    assert level.grade <= 3
    assert level.longest_sentence <= 12
