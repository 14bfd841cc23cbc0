"""R2: who may use which staff route, tried for every route there is and every role; deny by default."""

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.routing import Rule

from hscb_voice.factory import create_app
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.database import Base
from hscb_voice.foundation.settings import Settings
from hscb_voice.staff.access import check_every_route, declared_access, open_to_everyone, requires
from hscb_voice.staff.errors import UndeclaredRouteError
from hscb_voice.staff.roles import PERMISSIONS, Permission, Role
from hscb_voice.staff.sessions import is_staff_path
from hscb_voice.web.current import EXTENSION
from tests.support.addresses import address_of, method_of
from tests.support.pages import PageChecker
from tests.support.people import SignedIn, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
# What a signed-in person may get from a route whose subject does not exist: the page, a redirect, a refusal of an
# empty form, or “not found”. Never a fault, and never 403.
ALLOWED = {200, 302, 303, 400, 404, 409, 422}
# Pages of a draft: without one they lead back to where it is begun.
OF_A_DRAFT = "/staff/codebook/draft"
# What stands open, because whoever comes there has not signed in yet, or only half. Each says why; the tests of
# signing in hold what it does and does not open.
OPENED = {
    "security.login",
    "staff_account.sign_out",
    "staff_links.accept",
    "staff_links.forgotten",
    "staff_links.reset",
    "staff_second_factor.add_passkey",
    "staff_second_factor.app",
    "staff_second_factor.begin",
    "staff_second_factor.choose",
    "staff_second_factor.confirm",
    "staff_second_factor.passkey_question",
    "staff_second_step.ask",
    "staff_second_step.enter_by_passkey",
    "staff_second_step.passkey_question",
    "staff_second_step.recover",
}


def staff_rules(app: Flask) -> list[Rule]:
    """Return every staff route, from the map of addresses itself."""
    return [rule for rule in app.url_map.iter_rules() if is_staff_path(rule.rule)]


def _secret() -> str:
    return "secret"


def _rows(app: Flask) -> dict[str, int]:
    """Count the rows of every table but the record, which also notes what was looked at."""
    with app.extensions[EXTENSION].database.reading() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in Base.metadata.sorted_tables
            if not table.name.startswith("audit_")
        }


@pytest.fixture
def people(app: Flask) -> dict[Role, SignedIn]:
    """One person of each role, signed in."""
    return {role: sign_in(app, role) for role in Role}


def test_every_staff_route_says_who_may_use_it(app: Flask) -> None:
    check_every_route(app)
    assert len(staff_rules(app)) >= 8
    for rule in staff_rules(app):
        assert declared_access(app, rule.endpoint), rule.rule


def test_only_signing_in_and_out_is_open_to_everyone(app: Flask) -> None:
    opened = {r.endpoint for r in staff_rules(app) if not isinstance(declared_access(app, r.endpoint), Permission)}
    assert opened == OPENED


def test_whoever_is_not_signed_in_is_sent_to_the_sign_in_page(app: Flask) -> None:
    pages = PageChecker(app)
    for rule in staff_rules(app):
        if isinstance(declared_access(app, rule.endpoint), Permission):
            address = address_of(app, rule)
            answer = pages.client.open(address, method=method_of(rule))
            assert answer.status_code == 302, f"{address} answered {answer.status_code}"
            assert answer.headers["Location"].startswith("/staff/sign-in"), address


@pytest.mark.parametrize("role", list(Role))
def test_each_role_gets_what_its_permissions_say_and_is_refused_the_rest(app: Flask, role: Role) -> None:
    pages = sign_in(app, role).pages
    token = _token(pages)
    tried = 0
    for rule in staff_rules(app):
        access = declared_access(app, rule.endpoint)
        if not isinstance(access, Permission) or rule.endpoint == "staff_account.sign_out_everywhere":
            continue
        address, tried = address_of(app, rule), tried + 1
        if method_of(rule) == "GET":
            answer = pages.client.get(address)
        else:
            answer = pages.client.post(address, data={"csrf_token": token})
        if access in PERMISSIONS[role]:
            assert answer.status_code in ALLOWED, f"{role} {rule.rule} answered {answer.status_code}"
            assert "/sign-in" not in answer.headers.get("Location", ""), rule.rule
        else:
            assert answer.status_code == 403, f"{role} {rule.rule} answered {answer.status_code}"
    assert tried >= 6


@pytest.mark.parametrize("role", list(Role))
def test_every_page_that_a_role_may_open_is_well_made(app: Flask, role: Role) -> None:
    pages = sign_in(app, role).pages
    for rule in staff_rules(app):
        if method_of(rule) == "GET" and not rule.arguments and rule.endpoint not in OPENED:
            opened = 303 if rule.rule.startswith(OF_A_DRAFT) else 200
            pages.get(rule.rule, expect=opened if declared_access(app, rule.endpoint) in PERMISSIONS[role] else 403)


def test_looking_writes_nothing_but_the_record(app: Flask, people: dict[Role, SignedIn]) -> None:
    before = _rows(app)
    for person in people.values():
        for rule in staff_rules(app):
            if method_of(rule) == "GET":
                person.pages.client.get(address_of(app, rule))
    assert _rows(app) == before


def test_the_site_does_not_start_with_a_staff_route_that_says_nothing(app: Flask) -> None:
    app.add_url_rule("/staff/forgotten", "forgotten", _secret)
    with pytest.raises(UndeclaredRouteError, match="/staff/forgotten"):
        check_every_route(app)


def test_the_site_does_not_start_with_a_guarded_route_where_there_is_no_session(app: Flask) -> None:
    app.add_url_rule("/elsewhere", "elsewhere", requires(Permission.SEE_AUDIT)(_secret))
    with pytest.raises(UndeclaredRouteError, match="/elsewhere"):
        check_every_route(app)


def test_a_route_is_not_opened_to_everyone_without_a_reason(app: Flask) -> None:
    del app
    with pytest.raises(UndeclaredRouteError):
        open_to_everyone(" ")


def test_a_process_for_respondents_only_has_no_staff_route(settings: Settings, clock: SetClock) -> None:
    app = create_app(Settings(**{**vars(settings), "surfaces": frozenset({"respondents"})}), clock)
    assert staff_rules(app) == []
    assert "security" not in app.extensions
    assert app.test_client().get("/staff/").status_code == 404
    app.extensions[EXTENSION].database.dispose()


def _token(pages: PageChecker) -> str:
    page = pages.get("/staff/account")
    return str(page.dom.all("input[name=csrf_token]")[0].attrs["value"])
