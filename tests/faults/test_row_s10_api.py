"""Row S10: generated requests break no door of the API; a door that breaks is found."""

import copy
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from hscb_voice.api import door
from hscb_voice.api.routes import description
from hscb_voice.api.tokens import Scope, make_token
from hscb_voice.foundation.tries import Limit
from hscb_voice.web.current import EXTENSION
from tests.support.board_data import fill_2016_17

pytestmark = [pytest.mark.faults, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
TRIALS = 60
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
KNOWN = {"slug": "support-worker-child", "period": "2016-17", "number": 1}


@pytest.fixture
def token(app: Flask, monkeypatch: pytest.MonkeyPatch) -> str:
    """A token for everything, that may ask as often as it likes."""
    here = app.extensions[EXTENSION]
    fill_2016_17(here, sizes={"support-worker-child": 24, "my-story": 11})
    monkeypatch.setattr("hscb_voice.api.tokens.ASKING", Limit(100_000, 100_000))
    app.testing = app.config["PROPAGATE_EXCEPTIONS"] = False
    with here.database.writing() as connection:
        last = here.clock.today() + timedelta(days=1)
        return make_token(connection, "Tests", tuple(Scope), last, by="operator", keys=here.keys, clock=here.clock)


def fuzzed(app: Flask, token: str) -> tuple[list[str], int]:
    """Send generated requests for every operation; return what went wrong, and how many were sent."""
    schema = schemathesis.openapi.from_dict(copy.deepcopy(description()))
    schema.app = app
    found, sent = [], 0
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()

        @settings(
            max_examples=TRIALS,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def try_it(case: Case[Any]) -> None:
            nonlocal sent
            sent += 1
            if sent % 2:  # every other time what is there, so that answers are checked too
                case.path_parameters = {k: KNOWN.get(k, v) for k, v in case.path_parameters.items()}
            case.call_and_validate(checks=CHECKS, headers={"Authorization": f"Bearer {token}"})

        try:
            try_it()
        except BaseException as fault:  # noqa: BLE001 - a group of faults, as the library raises them
            found.append(f"{operation.label}: {fault!r} {[str(one)[:400] for one in getattr(fault, 'exceptions', [])]}")
    return found, sent


def test_row_s10_generated_requests_break_no_door_of_the_api(app: Flask, token: str) -> None:
    found, sent = fuzzed(app, token)
    assert found == []
    assert sent >= 300


def test_row_s10_a_door_of_the_api_that_breaks_is_found(
    app: Flask, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.view_functions, "api.periods", door.asks_for(Scope.FIGURES)(lambda: 1 / 0))  # type: ignore[arg-type,return-value]  # it breaks
    assert any("periods" in fault for fault in fuzzed(app, token)[0])
