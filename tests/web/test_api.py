"""The API: the Board's own door, a token or nothing, and refusals that a program understands."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from hscb_voice import api as room
from hscb_voice.api.door import MOST, asks_for, check_every_api_route
from hscb_voice.api.models import ApiToken
from hscb_voice.api.routes import description
from hscb_voice.api.tokens import ASKING, Scope, make_token, revoke_token, tokens
from hscb_voice.audit.models import AuditEntry
from hscb_voice.board.figures import figures_of
from hscb_voice.board.periods import period_named
from hscb_voice.board.splits import Cut, split_of
from hscb_voice.factory import create_app
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.settings import Settings
from hscb_voice.questionnaires.queries import published_slugs
from hscb_voice.staff.errors import UndeclaredRouteError
from hscb_voice.staff.roles import Role
from hscb_voice.web.current import EXTENSION
from tests.support.board_data import filled_file
from tests.support.people import SignedIn, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ADDRESSES = {
    "/api/v1/questionnaires": Scope.FIGURES,
    "/api/v1/questionnaires/my-story/versions/1": Scope.FIGURES,
    "/api/v1/periods": Scope.FIGURES,
    "/api/v1/figures/my-story/2016-17": Scope.FIGURES,
    "/api/v1/figures/cp-conference-parent-review/2016-17/by/helper": Scope.FIGURES,
    "/api/v1/themes/2016-17": Scope.FIGURES,
    "/api/v1/packs": Scope.PACKS,
    "/api/v1/packs/none/pdf": Scope.PACKS,
    "/api/v1/actions": Scope.ACTIONS,
}


@pytest.fixture(scope="module")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A year's answers, in place of the empty database that other tests begin with."""
    return filled_file(tmp_path_factory.mktemp("board"))


def _token(app: Flask, *scopes: Scope) -> str:
    here = app.extensions[EXTENSION]
    last = here.clock.today() + timedelta(days=30)
    with here.database.writing() as connection:
        return make_token(
            connection, "Tests", scopes or tuple(Scope), last, by="operator", keys=here.keys, clock=here.clock
        )


def _get(app: Flask, address: str, token: str, **headers: str) -> TestResponse:
    sent = {"Authorization": f"Bearer {token}", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return app.test_client().get(address, headers=sent)


def test_every_cell_is_the_one_that_the_boards_page_shows(app: Flask) -> None:
    token = _token(app)
    here = app.extensions[EXTENSION]
    hidden = compared = 0
    with here.database.reading() as connection:
        slugs = published_slugs(connection)
    for name in ("2016-17", "2016-17-q2"):
        for slug in slugs:
            with here.database.reading() as connection:
                figures = figures_of(connection, slug, period_named(name))
            wanted = [
                (question.key, row.key, count.key, count.n)
                for question in figures.questions
                for row in question.rows
                for count in row.counts
            ]
            got = _get(app, f"/api/v1/figures/{slug}/{name}", token).get_json()
            cells = [
                (question["key"], row.get("key", "") if "rows" in question else "", option["key"], option["n"])
                for question in got["questions"]
                for row in question.get("rows", [question])
                for option in row["options"]
            ]
            assert cells == wanted
            assert got["responses"] == figures.responses
            compared += len(cells)
            hidden += sum(cell[-1] is None for cell in cells)
    assert hidden
    assert compared > 200


def test_a_year_is_split_as_on_the_boards_page_and_refused_in_the_same_words(app: Flask) -> None:
    token, here = _token(app), app.extensions[EXTENSION]
    with here.database.reading() as connection:
        found = split_of(
            connection, "cp-conference-parent-review", period_named("2016-17"), Cut.HELPER, here.clock.today()
        )
    got = _get(app, "/api/v1/figures/cp-conference-parent-review/2016-17/by/helper", token).get_json()
    shown = [count.n for question in found.questions for row in question.rows for count in row.counts]
    assert [o["n"] for q in got["questions"] for row in q["rows"] for o in row["options"]] == shown
    assert [line["n"] for line in got["lines"]] == [line.n for line in found.lines]
    refused = _get(app, "/api/v1/figures/cp-conference-parent-review/2016-17-q2/by/helper", token)
    assert (refused.status_code, refused.content_type) == (422, "application/problem+json")
    assert "whole reporting year only" in refused.get_json()["detail"]
    assert _get(app, "/api/v1/figures/cp-conference-parent-review/2016-17/by/shoe", token).status_code == 404


def test_no_module_of_the_room_reads_counts_past_the_door(app: Flask) -> None:
    del app
    sources = {path.name: path.read_text() for path in Path(str(room.__file__)).parent.glob("*.py")}
    past = (
        "Tally",
        "tallies",
        "raw_slices",
        "year_counts",
        "board.queries",
        "board.counts",
        "read_year",
        "figures_from",
        "responses.",
    )
    assert {name: word for name, text in sources.items() for word in past if word in text} == {}


@pytest.mark.parametrize(("address", "scope"), ADDRESSES.items())
def test_each_route_asks_for_its_own_scope_and_for_a_token(app: Flask, address: str, scope: Scope) -> None:
    assert _get(app, address, _token(app, scope)).status_code in {200, 404}
    others = [other for other in Scope if other is not scope]
    refused = _get(app, address, _token(app, *others))
    assert (refused.status_code, refused.content_type) == (403, "application/problem+json")
    for given in ("", "Bearer ", "Bearer voice_wrong", "Basic eA=="):
        answer = app.test_client().get(address, headers={"Authorization": given} if given else {})
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_what_is_kept_of_a_token_is_a_hash_and_it_ends_with_its_day_or_when_revoked(
    app: Flask, clock: SetClock
) -> None:
    here = app.extensions[EXTENSION]
    token, other = _token(app), _token(app)
    with here.database.reading() as connection:
        kept = [bytes(value) for value in connection.execute(select(ApiToken.token_hash)).scalars()]
    assert all(len(value) == 32 and token.encode() not in value for value in kept)
    assert _get(app, "/api/v1/periods", token).status_code == 200
    with here.database.writing() as connection:
        used = next(line for line in tokens(connection) if line.last_used_on == here.clock.today())
        revoke_token(connection, used.id, by="operator", clock=here.clock)
    assert _get(app, "/api/v1/periods", token).status_code == 401
    assert _get(app, "/api/v1/periods", other).status_code == 200
    clock.pass_time(timedelta(days=31))
    assert _get(app, "/api/v1/periods", other).status_code == 401
    with here.database.reading() as connection:
        acts = [act for (act,) in connection.execute(select(AuditEntry.act))]
    assert acts.count("made an API token") == 2
    assert acts.count("read by API") == 2
    assert acts.count("revoked an API token") == 1


def test_what_has_not_changed_is_not_sent_again(app: Flask) -> None:
    token = _token(app)
    first = _get(app, "/api/v1/figures/my-story/2016-17", token)
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = _get(app, "/api/v1/figures/my-story/2016-17", token, If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")
    other = _get(app, "/api/v1/figures/my-story/2016-17-q1", token, If_None_Match=first.headers["ETag"])
    assert other.status_code == 200


def test_a_list_is_had_page_by_page(app: Flask) -> None:
    token, found, after = _token(app), [], "0"
    while after is not None:
        page: dict[str, Any] = _get(app, f"/api/v1/questionnaires?limit=4&after={after}", token).get_json()
        found += [item["slug"] for item in page["items"]]
        after = page["next"]
    assert len(found) == len(set(found)) > 4
    for wrong in ("limit=0", f"limit={MOST + 1}", "limit=x", "after=-1", "after=x", "after=%00"):
        answer = _get(app, f"/api/v1/questionnaires?{wrong}", token)
        assert (answer.status_code, answer.content_type) == (400, "application/problem+json"), wrong


def test_a_token_that_asks_too_often_is_told_to_wait(app: Flask, clock: SetClock) -> None:
    token = _token(app)
    answers = [_get(app, "/api/v1/packs", token).status_code for _ in range(ASKING.a_minute + 1)]
    assert answers == [200] * ASKING.a_minute + [429]
    assert _get(app, "/api/v1/packs", token).headers["Retry-After"] == "60"
    clock.pass_time(timedelta(minutes=2))
    assert _get(app, "/api/v1/packs", token).status_code == 200


def test_it_sets_no_cookie_lets_no_other_site_in_and_answers_every_refusal_as_a_problem(app: Flask) -> None:
    token = _token(app)
    for address in ("/api/v1/periods", "/api/v1/none", "/api/v1/figures/none/2016-17", "/api/v1/themes/never"):
        answer = _get(app, address, token, Origin="https://elsewhere.example")
        assert "Set-Cookie" not in answer.headers
        assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]
        if answer.status_code != 200:
            assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    posted = app.test_client().post("/api/v1/periods")
    assert (posted.status_code, posted.content_type) == (405, "application/problem+json")


def test_every_route_is_described_and_the_description_is_served_for_any_token(app: Flask) -> None:
    rules = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api")}
    described = {path.replace("{number}", "{int:number}") for path in description()["paths"]}
    named = {rule.replace("<", "{").replace(">", "}").replace("period_name", "period") for rule in rules}
    assert named == described
    served = _get(app, "/api/v1/openapi.json", _token(app, Scope.ACTIONS))
    assert json.loads(served.data) == description()


def test_the_site_does_not_start_with_a_route_of_the_api_that_says_nothing_or_writes(app: Flask) -> None:
    app.add_url_rule("/api/v1/forgotten", "forgotten", lambda: "")
    with pytest.raises(UndeclaredRouteError, match="forgotten"):
        check_every_api_route(app)


def test_the_site_does_not_start_with_a_route_of_the_api_that_writes(app: Flask) -> None:
    writes = asks_for(Scope.FIGURES)(app.make_response)
    app.add_url_rule("/api/v1/writes", "writes", writes, methods=["POST"])
    with pytest.raises(UndeclaredRouteError, match="writes"):
        check_every_api_route(app)


def test_a_process_for_respondents_only_has_no_api(settings: Settings, clock: SetClock) -> None:
    app = create_app(Settings(**{**vars(settings), "surfaces": frozenset({"respondents"})}), clock)
    assert [rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api")] == []
    app.extensions[EXTENSION].database.dispose()


def _made_on_the_page(person: SignedIn) -> str:
    page = person.pages.get("/staff/api-tokens/new")
    sent = {
        "csrf_token": str(page.dom.all("input[name=csrf_token]")[0].attrs["value"]),
        "name": "The council's dashboard",
        "scopes": "figures",
        "expires_on": ["31", "3", "2027"],
    }
    answer = person.pages.client.post("/staff/api-tokens/new", data=sent)
    assert answer.status_code == 200, answer.text
    return answer.text.split("<code>")[1].split("</code>")[0]


def test_an_administrator_makes_a_token_sees_it_once_and_revokes_it(app: Flask) -> None:
    person = sign_in(app, Role.ADMINISTRATOR)
    assert "No token has been made" in person.pages.get("/staff/api-tokens").words()
    token = _made_on_the_page(person)
    assert _get(app, "/api/v1/periods", token).status_code == 200
    assert _get(app, "/api/v1/packs", token).status_code == 403
    page = person.pages.get("/staff/api-tokens")
    assert token not in page.text
    assert "Last used on 22 November 2026" in page.words()
    form = page.dom.all("section form")[0]
    csrf = page.dom.all("section input[name=csrf_token]")[0].attrs["value"]
    assert person.pages.client.post(str(form.attrs["action"]), data={"csrf_token": csrf}).status_code == 303
    assert "Revoked" in person.pages.get("/staff/api-tokens").words()
    assert _get(app, "/api/v1/periods", token).status_code == 401
