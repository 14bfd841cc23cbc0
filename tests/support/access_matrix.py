"""Tries every staff route with every role, on one's own team's things and on another's, and compares with the rule.

The rule is short: without the permission 403; another team's thing, for whoever knows only their own, 404; otherwise
the page, a redirect, or what an empty form gets. Everything comes from the application's own map of addresses.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from flask import Flask
from sqlalchemy import func, select
from werkzeug.routing import Rule

from hscb_voice.audit.models import AuditEntry
from hscb_voice.staff import roles as table_of_roles
from hscb_voice.staff.access import declared_access
from hscb_voice.staff.roles import OWN_TEAMS_ONLY, Permission, Role
from hscb_voice.staff.sessions import is_staff_path
from hscb_voice.web.current import EXTENSION
from tests.support.access_table import ENDS_THE_SESSION, GUARDED, NAMES, Belongs
from tests.support.people import SignedIn, add, sign_in
from tests.support.two_teams import Side, TwoTeams

NO_SIDE, OWN, OTHER = "no", "own", "other"
REFUSED, NOT_FOUND = frozenset({403}), frozenset({404})
# The page, a redirect, what is told about an empty form, and what has moved meanwhile.
FITS = frozenset({200, 302, 303, 400, 409, 422})
# Pages are asked with these too, because words are shown only for a reason.
_QUERIES = ("", "?reason=concern", "?reason=follow_up")


@dataclass(frozen=True)
class Question:
    """One route on one side's things, as one role asks for it."""

    role: Role
    endpoint: str
    method: str
    side: str
    address: str


@dataclass(frozen=True)
class Tried:
    """What came back."""

    question: Question
    status: int
    shown: frozenset[str]  # whose planted sentences stand in the answer: own, other
    is_noted: bool  # the record has a new entry of this person, with a reason


@dataclass
class Matrix:
    """Everything that was tried."""

    tried: list[Tried] = field(default_factory=list)
    mismatches: list[str] = field(default_factory=list)

    def size(self) -> str:
        """Return how much was tried, in words."""
        routes = {(one.question.endpoint, one.question.method) for one in self.tried}
        roles = {one.question.role for one in self.tried}
        sides = {one.question.side for one in self.tried} - {NO_SIDE}
        return (
            f"{len(routes)} routes x {len(roles)} roles x {len(sides)} teams: "
            f"{len(self.tried)} requests, {len(self.mismatches)} mismatches"
        )


def guarded_rules(app: Flask) -> list[Rule]:
    """Return every staff route that asks for a permission, from the map of addresses."""
    rules = (rule for rule in app.url_map.iter_rules() if is_staff_path(rule.rule))
    return [rule for rule in rules if isinstance(declared_access(app, rule.endpoint), Permission)]


def try_everything(app: Flask, filled: TwoTeams, roles: Sequence[Role] = tuple(Role)) -> Matrix:
    """Try every guarded route with every role.

    Args:
        app: the application.
        filled: both teams' things.
        roles: which roles to try.

    Returns:
        What came back, and what did not fit.
    """
    matrix = Matrix()
    app.config["PROPAGATE_EXCEPTIONS"] = False  # a fault is a 500, and so a mismatch with its address
    spare, _ = add(app, Role.ANALYST, email="spare@example.org")
    rules = sorted(guarded_rules(app), key=lambda rule: (rule.endpoint in ENDS_THE_SESSION, rule.endpoint))
    for role in roles:
        person = sign_in(app, role, email=f"{role.value}@example.org")
        token = _token(person)
        for rule in rules:
            if rule.endpoint in ENDS_THE_SESSION:
                person = sign_in(app, role, email=f"{role.value}-{rule.endpoint}@example.org")
                token = _token(person)
            for question in _questions(app, role, rule, filled, spare):
                _try(app, matrix, person, token, question, filled)
    return matrix


def expected_of(question: Question, belongs: frozenset[Belongs]) -> frozenset[int]:
    """Return the statuses that fit a question: the whole rule.

    Args:
        question: who asks for what.
        belongs: to whom the things behind the address belong.
    """
    needed = GUARDED.get(question.endpoint)
    if needed is None:
        return frozenset()  # nobody has said who may, so nothing fits
    if needed not in table_of_roles.permissions_of([question.role]):
        return REFUSED
    if question.side == OTHER and question.role in OWN_TEAMS_ONLY:
        return NOT_FOUND
    return FITS | NOT_FOUND if Belongs.TO_ONESELF in belongs else FITS


def _questions(app: Flask, role: Role, rule: Rule, filled: TwoTeams, spare: str) -> Iterator[Question]:
    sides = {NO_SIDE: filled.own}
    if any(NAMES[name].belongs is Belongs.TO_A_TEAM for name in rule.arguments):
        sides = {OWN: filled.own, OTHER: filled.other}
    for side, things in sides.items():
        values = {name: _value(name, things, spare) for name in rule.arguments}
        for method in sorted({"GET", "POST"} & (rule.methods or set())):
            with app.test_request_context():
                address = app.url_map.bind("localhost").build(rule.endpoint, values, method=method)
            for query in _QUERIES if method == "GET" else ("",):
                yield Question(role, rule.endpoint, method, side, str(address) + query)


def _value(name: str, things: Side, spare: str) -> str:
    thing = NAMES[name].thing
    return spare if thing == "account_id" else str(getattr(things, thing, thing))


def _try(app: Flask, matrix: Matrix, person: SignedIn, token: str, question: Question, filled: TwoTeams) -> None:
    newest = _newest_entry(app)
    data = {"csrf_token": token} if question.method == "POST" else None
    answer = person.pages.client.open(question.address, method=question.method, data=data)
    # A file such as a workbook is no text; what stands in it as text is looked for all the same.
    body = answer.get_data().decode("utf-8", "replace")
    sides = {OWN: filled.own, OTHER: filled.other}
    shown = frozenset(side for side, things in sides.items() if any(words in body for words in things.planted))
    tried = Tried(question, answer.status_code, shown, _is_noted(app, person.account_id, newest))
    matrix.tried.append(tried)
    names = {name for rule in app.url_map.iter_rules(question.endpoint) for name in rule.arguments}
    fitting = expected_of(question, frozenset(NAMES[name].belongs for name in names))
    is_sent_out = answer.headers.get("Location", "").startswith("/staff/sign-in")
    is_sent_out &= question.endpoint not in ENDS_THE_SESSION
    if tried.status not in fitting or is_sent_out:
        where = f"{question.role} {question.method} {question.address} ({question.endpoint}, {question.side} team)"
        matrix.mismatches.append(f"{where}: {tried.status}, not {sorted(fitting)}")


def _newest_entry(app: Flask) -> int:
    with app.extensions[EXTENSION].database.reading() as connection:
        return int(connection.execute(select(func.coalesce(func.max(AuditEntry.number), 0))).scalar_one())


def _is_noted(app: Flask, account_id: str, after: int) -> bool:
    query = select(AuditEntry.number).where(AuditEntry.number > after, AuditEntry.who == account_id)
    with app.extensions[EXTENSION].database.reading() as connection:
        return connection.execute(query.where(AuditEntry.reason != "").limit(1)).first() is not None


def _token(person: SignedIn) -> str:
    page = person.pages.client.get("/staff/account").get_data(as_text=True)
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, "the account's page has no form"
    return found[1]
