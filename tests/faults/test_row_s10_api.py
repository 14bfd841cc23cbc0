"""Row S10: generated requests break no door of the API; a door that breaks is found."""

import copy
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from schemathesis import Case

from hscb_voice.api import door
from hscb_voice.api.routes import description
from hscb_voice.api.tokens import Scope, make_token
from hscb_voice.foundation.tries import Limit
from hscb_voice.web.current import EXTENSION
from tests.support.board_data import fill_2016_17
from tests.support.generated_requests import fuzzed

pytestmark = [pytest.mark.faults, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
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


class Trial:
    """Generated requests with a token; every other one asks for what is there, so that answers are checked too."""

    def __init__(self, token: str) -> None:
        """Nothing has been sent yet."""
        self.sent, self._headers = 0, {"Authorization": f"Bearer {token}"}

    def run(self, app: Flask) -> list[str]:
        """Return what went wrong."""
        return fuzzed(app, copy.deepcopy(description()), self._prepare, self._headers)

    def _prepare(self, case: Case[Any]) -> None:
        self.sent += 1
        if self.sent % 2:
            case.path_parameters = {k: KNOWN.get(k, v) for k, v in case.path_parameters.items()}


def test_row_s10_generated_requests_break_no_door_of_the_api(app: Flask, token: str) -> None:
    trial = Trial(token)
    assert trial.run(app) == []
    assert trial.sent >= 300


def test_row_s10_a_door_of_the_api_that_breaks_is_found(
    app: Flask, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.view_functions, "api.periods", door.asks_for(Scope.FIGURES)(lambda: 1 / 0))  # type: ignore[arg-type,return-value]  # it breaks
    assert any("periods" in fault for fault in Trial(token).run(app))
