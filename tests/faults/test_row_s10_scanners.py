"""Row S10: a generator of strange requests, a scanner of the code, and a search for secrets; each with a control."""

import json
import math
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask
from schemathesis import Case

from tests.support.generated_requests import fuzzed
from tests.support.sittings import CHILD, open_codes

pytestmark = pytest.mark.faults
ON_ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HOUSE = Path(__file__).parents[2]
# Says on purpose that the service is away, so that a page tries again which its tablet's own worker should have served.
ALWAYS_AWAY = {("/tablet/form/{rest}", "post")}
# Kinds of finding that are no fault of one line, each with the reason why it may stand.
ACCEPTED = {
    "B404": "subprocess may be imported: each call has its own reason beside it",
    "B105": "names of settings, steps and sessions that contain the word; the search for secrets below looks at values",
    "B106": "the same as arguments",
    "B107": "the same as defaults",
    "B310": "ruff, which sees constants, finds none: the one address is built from a fixed scheme and a checked port",
}
SECRETS = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "a cloud key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "a token of a code host": re.compile(r"\b(?:ghp|gho|ghs|github_pat|glpat)[_-][A-Za-z0-9_]{20,}"),
    "a password in an address": re.compile(
        r"\b[a-z+]{3,20}://[\w.-]+:(?!password|secret|PASSWORD)[^@\s/\"'{}<>$]{6,}@"
    ),
    "a web token": re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\."),
}
ASSIGNED = re.compile(r"(?i)(?:secret|token|password|api_?key)\w*[\"']?\s*[:=]\s*[\"']([A-Za-z0-9+/_=-]{24,})[\"']")
RANDOM_BITS = 4.0  # a letter; words of a language have fewer
NOT_READ = {".png", ".gz", ".ico", ".woff2", ".lock", ".pdf"}


def _to_a_form(case: Case[Any]) -> None:
    """Let a request for a form ask for one that there is."""
    if "code" in case.path_parameters:
        case.path_parameters = {**case.path_parameters, "code": CHILD}


@pytest.fixture
def description() -> dict[str, Any]:
    """What respondents' doors take and answer, kept by hand; it is served nowhere."""
    text = (Path(__file__).parent / "respondents.openapi.yaml").read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.safe_load(text)
    return content


@ON_ONE
def test_row_s10_generated_requests_break_no_door_of_respondents(app: Flask, description: dict[str, Any]) -> None:
    open_codes(app)
    app.testing = app.config["PROPAGATE_EXCEPTIONS"] = False
    assert fuzzed(app, description, _to_a_form) == []


@ON_ONE
def test_row_s10_a_door_that_breaks_is_found(
    app: Flask, description: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    open_codes(app)
    app.testing = app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setitem(app.view_functions, "collect.take_message", lambda **_: 1 / 0)
    assert any("/answers/" in fault for fault in fuzzed(app, description, _to_a_form))


@ON_ONE
def test_row_s10_every_door_of_respondents_is_described(app: Flask, description: dict[str, Any]) -> None:
    doors = {
        (re.sub(r"<(?:[^<>:]+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if not rule.rule.startswith(("/staff", "/static", "/api"))
    }
    described = {
        (path, method) for path, item in description["paths"].items() for method in item if method != "parameters"
    }
    assert doors - ALWAYS_AWAY == described


def bandits_findings(*places: Path) -> list[str]:
    """Return what bandit finds and nobody has given a reason for."""
    command = [sys.executable, "-m", "bandit", "-r", "-f", "json", "-q", *map(str, places)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own scanner
    found = []
    for result in json.loads(done.stdout)["results"]:
        kind = result["test_id"]
        lines = Path(result["filename"]).read_text(encoding="utf-8").splitlines()
        span = range(min(result["line_range"]) - 2, max(result["line_range"]) + 1)
        near = "\n".join(lines[number] for number in span if 0 <= number < len(lines))
        # The linter asks for its own mark only where it finds the same; a reason beside the kind is enough.
        reasoned = re.search(rf"#[^\n]*\bS{kind[1:]}\b[A-Z0-9, ]* - \S", near)
        if kind not in ACCEPTED and not reasoned:
            found.append(f"{result['filename']}:{result['line_number']} {kind} {result['issue_text'][:100]}")
    return found


def test_row_s10_bandit_finds_nothing_without_a_reason() -> None:
    assert bandits_findings(HOUSE / "hscb_voice", HOUSE / "app.py") == []


def test_row_s10_bandit_finds_what_is_planted(tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text(
        "import pickle\n\n\ndef read(x: bytes) -> object:\n    return pickle.loads(x)\n", encoding="utf-8"
    )
    assert any("B301" in finding for finding in bandits_findings(tmp_path))


def secrets_in(name: str, text: str) -> list[str]:
    """Return the secrets that stand in a text."""
    found = [f"{name}: {kind}" for kind, shape in SECRETS.items() if shape.search(text)]
    for value in ASSIGNED.findall(text):
        counts = Counter(value)
        bits = -sum(n / len(value) * math.log2(n / len(value)) for n in counts.values())
        if bits > RANDOM_BITS and re.search(r"\d", value) and re.search(r"[A-Z]", value):
            found.append(f"{name}: a random value beside a telling name")
    return found


def test_row_s10_no_secret_lies_in_the_house() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=HOUSE, capture_output=True, text=True, check=False)  # noqa: S607 - the git of whoever runs this
    if listed.returncode:
        pytest.skip("this copy of the house is no git checkout")
    files = [HOUSE / name for name in listed.stdout.splitlines() if Path(name).suffix not in NOT_READ]
    found = []
    for file in files:
        if file.is_file() and file != Path(__file__):
            found += secrets_in(str(file.relative_to(HOUSE)), file.read_text(encoding="utf-8", errors="replace"))
    assert len(files) > 300
    assert found == []


@pytest.mark.parametrize(
    "planted",
    [
        "-----BEGIN RSA PRIVATE KEY-----",
        "AKIA" + "ABCDEFGHIJKLMNOP",
        "ghp_" + "a1B2" * 9,
        "postgresql://voice:hunter2secret9@db.example/voice",
        'SECRET_KEY = "' + "q7Zr2Xw9Lk4Vt8Bn3Hs6Jd1Fg5" + '"',
    ],
)
def test_row_s10_a_planted_secret_is_found(planted: str) -> None:
    assert secrets_in("planted", f"before\n{planted}\nafter")
