"""Every door by which words come in or go out as files, or to programs, driven by one person who may do everything."""

import io
from collections.abc import Iterator
from datetime import timedelta

from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from hscb_voice.api.tokens import Scope, make_token
from hscb_voice.exports.files import KINDS
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.platform import Platform
from hscb_voice.packs.queries import issued_packs
from hscb_voice.packs.writing import FORMATS
from hscb_voice.paper.printing import printable_form
from hscb_voice.staff.roles import Role
from hscb_voice.web.current import EXTENSION
from tests.support.people import TEAM, sign_in

SLUG = "support-worker-child"
MONTH, PERIOD = "October 2026", "2026-27"
API = "/api/v1"


def platform_of(app: Flask) -> Platform:
    """Return the platform of an application."""
    here: Platform = app.extensions[EXTENSION]
    return here


class FileDoors:
    """Somebody with every role, who brings files, takes files, and asks by a token."""

    def __init__(self, app: Flask) -> None:
        """Sign them in."""
        self._app = app
        self.here = platform_of(app)
        self.me = sign_in(app, *Role, email="every.door@example.org")
        self.client = self.me.pages.client

    def post(self, address: str, fields: dict[str, object]) -> TestResponse:
        """Send a form as a page of ours would."""
        page = self.me.pages.get("/staff/account")
        token = page.dom.all("input[name=csrf_token]")[0].attrs["value"]
        return self.client.post(address, data={**fields, "csrf_token": token})

    def bring(self, content: bytes, name: str = "answers.csv", **fields: str) -> Iterator[TestResponse]:
        """Bring a spreadsheet, look at it, take its refused rows, and keep it."""
        with self.here.database.reading() as connection:
            code = printable_form(connection, SLUG).code
        asked = {"form": code, "team": TEAM, "month": MONTH, **fields}
        file = FileStorage(io.BytesIO(content), filename=name)
        brought = self.post("/staff/spreadsheets/", {**asked, "file": file})
        yield brought
        if brought.status_code == 303:
            address = brought.headers["Location"]
            yield self.client.get(address)
            yield self.client.get(f"{address}/refused.csv")
            yield self.post(f"{address}/keep", {})
            self.here.jobs.run_due(500)
            yield self.client.get(address)

    def ask_for_file(self, kind: str, reason: str, words: str = "whole") -> TestResponse:
        """Ask for responses as a file."""
        asked = {"questionnaire": SLUG, "period": "", "kind": kind, "words": words, "sure": "y", "reason": reason}
        return self.post("/staff/exports/new", {**asked})

    def take_files(self, reason: str) -> dict[str, bytes]:
        """Ask for responses with every word as every kind of file, and take each."""
        taken = {}
        assert isinstance(self.here.clock, SetClock)
        for kind in KINDS:
            self.here.clock.pass_time(timedelta(seconds=1))  # the newest stands first
            assert self.ask_for_file(kind, reason).status_code == 303
            self.here.jobs.run_due(500)
            page = self.me.pages.get("/staff/exports/")
            action = next(
                form.attrs["action"] for form in page.dom.all("section form") if "take" in str(form.attrs["action"])
            )
            answer = self.post(str(action), {})
            assert answer.status_code == 200, answer.status
            taken[kind] = answer.data
        return taken

    def issue_pack(self, reason: str) -> dict[str, TestResponse]:
        """Issue a pack, and take it as a page and in every format."""
        asked = {"style": "meeting", "period": PERIOD, "reason": reason}
        assert self.post("/staff/packs/new", {**asked}).status_code == 303
        self.here.jobs.run_due(500)
        with self.here.database.reading() as connection:
            pack_id = issued_packs(connection)[0].id
        address = f"/staff/packs/{pack_id}"
        files = {form: self.client.get(f"{address}/{form}") for form in FORMATS}
        return files | {"page": self.client.get(address), "list": self.client.get("/staff/packs/")}

    def case_file(self, response_id: str, reason: str = "follow_up") -> TestResponse:
        """Take a response for the case file."""
        return self.post(f"/staff/responses/{response_id}/case-file", {"reason": reason})

    def token(self) -> str:
        """Make a token that may ask everything."""
        here = self.here
        last = here.clock.today() + timedelta(days=30)
        with here.database.writing() as connection:
            return make_token(
                connection, "A program", tuple(Scope), last, by="operator", keys=here.keys, clock=here.clock
            )

    def ask_api(self, words: str, token: str = "") -> Iterator[TestResponse]:
        """Put words into everything that the API takes, with a token or words in its place."""
        given = token or words.encode("ascii", "ignore").decode().replace("\r", "").replace("\n", "")
        client = self._app.test_client()
        for address in (f"questionnaires/{words}", f"figures/{words}/{words}", f"themes/{words}", f"packs/{words}/pdf"):
            yield client.get(f"{API}/{address}", headers={"Authorization": f"Bearer {given}"})
        query = {"for": words, "language": words, "page": words, "size": words, words: words}
        for address in ("questionnaires", "periods", f"figures/{SLUG}/{PERIOD}", "packs", "actions"):
            headers = {"Authorization": f"Bearer {given}", "If-None-Match": given, "Accept": given}
            yield client.get(f"{API}/{address}", query_string=query, headers=headers)
        yield client.post(f"{API}/figures", data=words.encode(), headers={"Authorization": f"Bearer {given}"})
