"""The site behind the real nginx, with the example of `deploy/`: headers, hosts, bodies, files, addresses."""

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask
from requests.adapters import HTTPAdapter
from sqlalchemy import select

from hscb_voice.collect.guessing import WRONG_CODES
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings
from hscb_voice.foundation.tries import Tries
from hscb_voice.paper.printing import printable_form
from hscb_voice.staff.roles import Role
from tests.support.books import open_form
from tests.support.markup import Document, attribute
from tests.support.nginx import NAME, Nginx, nginx_before, program
from tests.support.people import PASSWORD, TEAM, add, code_at
from tests.support.serving import real_site
from tests.support.sittings import CHILD

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(program("nginx") is None, reason="nginx is not installed"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
KB, MB = 1024, 1024 * 1024


class _From(HTTPAdapter):
    """Asks from one of the machine's own loopback addresses."""

    def __init__(self, address: str) -> None:
        """Remember which."""
        self._address = address
        super().__init__()

    def init_poolmanager(self, *args: Any, **more: Any) -> Any:
        return super().init_poolmanager(*args, source_address=(self._address, 0), **more)


class Visitor:
    """Somebody who comes by https from one address."""

    def __init__(self, nginx: Nginx, folder: Path, address: str = "127.0.0.1") -> None:
        """Trust the site's own certificate and no other."""
        self._base = f"https://{NAME}:{nginx.https}"
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = str(folder / "fullchain.pem")
        self.session.mount("https://", _From(address))

    def ask(self, method: str, path: str, **more: Any) -> requests.Response:
        """Ask, and follow nothing."""
        return self.session.request(method, self._base + path, allow_redirects=False, timeout=60, **more)

    def fill_in(self, path: str, fields: dict[str, str], **more: Any) -> requests.Response:
        """Fill in a page's form."""
        page = Document(self.ask("GET", path).text)
        token = attribute(page.all("main input[name=csrf_token]")[0], "value")
        return self.ask("POST", path, data={**fields, "csrf_token": token}, **more)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """For nginx."""
    made = tmp_path / "nginx"
    made.mkdir()
    return made


@pytest.fixture
def nginx(settings: Settings, platform: Platform, folder: Path) -> Iterator[Nginx]:
    """A site behind nginx."""
    open_form(platform)
    more = {"VOICE_PUBLIC_ADDRESS": f"https://{NAME}", "VOICE_TRUSTED_PROXIES": "1"}
    with real_site(settings, environment=more) as site, nginx_before(folder, site.port) as running:
        yield running


def test_w2_pages_come_by_https_with_our_headers_once_and_for_our_host_only(nginx: Nginx, folder: Path) -> None:
    form = Visitor(nginx, folder).ask("GET", f"/f/{CHILD}")
    assert form.status_code == 200
    names = [name.lower() for name, _ in form.raw.headers.items()]
    for name in ("strict-transport-security", "content-security-policy", "x-content-type-options", "referrer-policy"):
        assert names.count(name) == 1, name
    assert form.headers["Server"] == "nginx"  # and no version
    assert "Set-Cookie" not in form.headers
    plain = requests.get(f"http://127.0.0.1:{nginx.http}/f/{CHILD}?x=1", allow_redirects=False, timeout=20)
    assert plain.status_code == 301
    assert plain.headers["Location"].startswith("https://")
    anything = ssl.create_default_context()
    anything.check_hostname, anything.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", nginx.https), timeout=20) as line, pytest.raises(ssl.SSLError):
        anything.wrap_socket(line, server_hostname="other.example")
    assert not nginx.error_log.exists() or nginx.error_log.read_text() == ""


def test_w4_only_spreadsheets_may_be_large_and_a_child_gets_their_words_back(nginx: Nginx, folder: Path) -> None:
    visitor = Visitor(nginx, folder)
    held = visitor.ask("POST", f"/f/{CHILD}", data={"q2a": "purple " * 14 * KB})
    assert held.status_code == 413  # of the program: it has the words
    assert "purple purple" in held.text
    assert visitor.ask("POST", f"/f/{CHILD}", data={"q2a": "x" * 200 * KB}).status_code == 413
    for size, is_nginx in ((3 * MB, False), (7 * MB, True)):  # of whoever is not signed in the program takes neither
        refused = visitor.ask("POST", "/staff/spreadsheets/", data=b"x" * size)
        assert (refused.status_code, "<center>nginx" in refused.text) == (413, is_nginx)


def test_a_large_file_comes_in_and_nginx_writes_nothing_of_it_down(
    nginx: Nginx, folder: Path, platform: Platform, app: Flask
) -> None:
    _, email = add(app, Role.WORKER)
    visitor = Visitor(nginx, folder)
    entered = visitor.fill_in("/staff/sign-in", {"email": email, "password": PASSWORD})
    assert entered.status_code == 302, entered.text
    assert all("secure" in one.lower() for one in entered.raw.headers.getlist("Set-Cookie"))
    done = visitor.fill_in("/staff/second-step", {"code": code_at(email, datetime.now(UTC))})
    assert done.status_code == 302, done.text
    with platform.database.reading() as connection:
        code = printable_form(connection, "support-worker-child").code
    rows = "".join(f'a{n},Happy,"{"She was kind. " * 60}"\n' for n in range(1200))
    sent = visitor.fill_in(
        "/staff/spreadsheets/",
        {"form": code, "team": TEAM, "month": f"{datetime.now(UTC):%B %Y}"},
        files={"file": ("answers.csv", f"id,q2,q2a\n{rows}".encode())},
    )
    assert len(rows) > 900 * KB
    assert sent.status_code == 303, sent.text
    assert "1200 rows can be kept" in " ".join(visitor.ask("GET", sent.headers["Location"]).text.split())


def test_s3_the_address_that_counts_is_the_askers_and_not_what_they_say_it_is(
    nginx: Nginx, folder: Path, platform: Platform
) -> None:
    one, other = Visitor(nginx, folder), Visitor(nginx, folder, "127.0.0.2")
    for number in range(WRONG_CODES.a_minute):
        said = {"X-Forwarded-For": f"203.0.113.{number}", "X-Real-IP": "203.0.113.9", "Forwarded": "for=203.0.113.8"}
        assert one.ask("GET", f"/f/guess-{number}", headers=said).status_code == 404
    assert one.ask("GET", "/f/guess-again", headers={"X-Forwarded-For": "203.0.113.77"}).status_code == 429
    assert other.ask("GET", "/f/guess-elsewhere").status_code == 404
    with platform.database.reading() as connection:
        assert len(connection.execute(select(Tries.key)).all()) == 2
