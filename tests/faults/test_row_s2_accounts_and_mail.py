"""Row S2 where people come in and where letters go out: what could be code stays words on every page and in mail.

The walk in `test_row_s2_injection.py` leaves these alone, because whoever fills them in signs out or is locked out. The
letters go through a real mail server on loopback, and are read as they came over the line. What a copy in PDF makes of
such words is tried in `tests/unit/governance/test_access.py`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import Message

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask

from hscb_voice.factory import create_app
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.mail import Letter, Mailer, MailError
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings
from hscb_voice.staff.roles import Role
from hscb_voice.web.current import EXTENSION
from tests.faults.test_row_s2_injection import MARK, PAYLOADS, holes_in
from tests.support.engines import free_port
from tests.support.pages import PageChecker, _fields_of, _names_of
from tests.support.people import PASSWORD, add, sign_in

pytestmark = pytest.mark.faults
ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
# Addresses with which somebody may try to write a header, name a second reader, or break out of the first.
ADDRESSES = (
    f"{MARK}@example.org\r\nBcc: other@example.org",
    f"{MARK}@example.org%0d%0aBcc: other@example.org",
    f"{MARK}@example.org, other@example.org",
    f'"<{MARK}>"@example.org',
    f"{MARK}@example.org\x00",
    f"=?utf-8?q?{MARK}?=@example.org",
)
HEADERS = {
    "From", "To", "Subject", "Date", "Auto-Submitted", "Message-ID", "Content-Type", "Content-Transfer-Encoding",
    "MIME-Version", "X-Peer", "X-MailFrom", "X-RcptTo",
}  # fmt: skip


@dataclass
class PostOffice:
    """What came over the line: to whom, and the letter."""

    came: list[tuple[list[str], Message]] = field(default_factory=list)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's own name
        """Take a letter."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        self.came.append((list(envelope.rcpt_tos), message_from_bytes(content)))
        return "250 taken"


@pytest.fixture
def office() -> Iterator[tuple[PostOffice, int]]:
    """A post office on loopback, and its port."""
    here, port = PostOffice(), free_port()
    controller = Controller(here, hostname="127.0.0.1", port=port)
    controller.start()
    yield here, port
    controller.stop()


@pytest.fixture
def site(platform: Platform, settings: Settings, clock: SetClock, office: tuple[PostOffice, int]) -> Iterator[Flask]:
    """The site, which sends its letters there."""
    del platform
    app = create_app(replace(settings, mail_url=f"smtp://127.0.0.1:{office[1]}", mail_from="voice@example.org"), clock)
    yield app
    app.extensions[EXTENSION].database.dispose()


class Doors:
    """Puts what could be code into every input of the doors, and notes where it came out."""

    def __init__(self, app: Flask) -> None:
        """Begin with nothing noted."""
        self.app, self.holes, self.inputs = app, list[str](), 0

    def fill(self, pages: PageChecker, address: str) -> None:
        """Put each payload into every field of every form on a page, and into its address."""
        page = pages.client.get(address)
        assert page.status_code == 200, f"{address} answered {page.status_code}"
        document = pages.get(address).dom
        forms = [
            (form.attrs.get("action") or address, _fields_of(form), _names_of(form)) for form in document.all("form")
        ]
        forms = [one for one in forms if "sign-out" not in one[0]]
        assert forms, f"{address} has no form"
        for payload in PAYLOADS:
            for goal, fields, names in forms:
                typed = [name for name in names if name != "csrf_token"]
                self.inputs += len(typed)
                self.note(goal, pages, {**fields, **dict.fromkeys(typed, payload)})
            self._note(address, pages.client.get(address, query_string={"next": payload, "page": payload}))
            self.inputs += 2

    def note(self, goal: str, pages: PageChecker, fields: dict[str, object]) -> None:
        """Send a form, and look at what comes back and at where it leads."""
        answer = pages.client.post(goal, data=fields)
        self._note(goal, answer)
        to = answer.headers.get("Location", "")
        assert not to.startswith(("//", "http://", "https://")), f"{goal} led outside: {to}"
        if to:
            self._note(to, pages.client.get(to))

    def _note(self, address: str, answer: object) -> None:
        self.holes += holes_in(address, answer)  # type: ignore[arg-type]  # the test client's answer
        if getattr(answer, "status_code", 500) >= 500:
            self.holes.append(f"{address}: broke")


@ONE_ENGINE
def test_row_s2_the_doors_show_nothing_that_was_typed_as_code_and_log_none_of_it(
    site: Flask, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    doors = Doors(site)
    for address in ("/staff/sign-in", "/staff/forgotten"):
        doors.fill(PageChecker(site), address)
    _, half = add(site, Role.ANALYST, email="half@example.org")
    for address in ("/staff/second-step", "/staff/second-step/recovery-code"):
        pages = PageChecker(site)
        pages.submit(pages.get("/staff/sign-in"), {"email": half, "password": PASSWORD})
        doors.fill(pages, address)
    me = sign_in(site, Role.ADMINISTRATOR)
    for address in ("/staff/account/password", "/staff/second-factor", "/staff/people/invite"):
        doors.fill(me.pages, address)
    for payload in PAYLOADS:
        for address in (f"/staff/invitation/{payload}", f"/staff/reset/{payload}"):
            doors.holes += holes_in(address, site.test_client().get(address))
    said = "".join(capfd.readouterr()) + caplog.text
    print(f"S2, doors: {doors.inputs} inputs filled, {len(doors.holes)} holes")  # noqa: T201 - the figures of the row
    assert doors.holes == []
    assert doors.inputs >= 300
    assert MARK not in said, "what was typed stands in a log"


@ONE_ENGINE
def test_row_s2_names_and_addresses_write_no_header_and_reach_nobody_else(
    site: Flask, office: tuple[PostOffice, int]
) -> None:
    me = sign_in(site, Role.ADMINISTRATOR, Role.DATA_PROTECTION_OFFICER)
    doors = Doors(site)
    invite = me.pages.get("/staff/people/invite")
    fields = {**_fields_of(invite.dom.all("main form")[0]), "roles": ["analyst"]}
    for number, payload in enumerate(PAYLOADS):
        doors.note("/staff/people/invite", me.pages, {**fields, "name": payload, "email": f"n{number}@example.org"})
    for address in ADDRESSES:
        doors.note("/staff/people/invite", me.pages, {**fields, "name": "Example Name", "email": address})
        doors.note("/staff/forgotten", PageChecker(site), {"email": address})
    for address in ("/staff/people", "/staff/record", "/staff/record?print=yes"):
        doors._note(address, me.pages.client.get(address))
    here = site.extensions[EXTENSION]
    here.jobs.run_due(500)
    while here.letters.run_due(50):
        pass
    came = office[0].came
    assert len(came) >= len(PAYLOADS) - 3, "most names are odd, and still names"
    for reached, letter in came:
        assert set(letter.keys()) <= HEADERS
        assert reached == [letter["To"]], "one letter reaches one person"
        assert "other@example.org" not in reached
        assert letter.get_content_type() == "text/plain"
        assert MARK not in letter["Subject"]
        assert "\nBcc" not in letter.as_string()
    assert doors.holes == []


def test_row_s2_the_mailer_itself_refuses_a_letter_that_would_write_a_header(office: tuple[PostOffice, int]) -> None:
    mailer = Mailer(f"smtp://127.0.0.1:{office[1]}", "voice@example.org")
    for letter in (
        Letter(f"a@example.org\r\nBcc: {MARK}@example.org", "Subject", "Words"),
        Letter("a@example.org", f"Subject\r\nBcc: {MARK}@example.org", "Words"),
    ):
        with pytest.raises((MailError, ValueError)):
            mailer.send(letter)
    assert office[0].came == []


@ONE_ENGINE
def test_row_s2_a_planted_hole_at_the_doors_is_found(site: Flask) -> None:
    site.jinja_env.autoescape, site.jinja_env.bytecode_cache = False, None
    doors = Doors(site)
    doors.fill(PageChecker(site), "/staff/sign-in")
    assert any("became code" in hole for hole in doors.holes)
