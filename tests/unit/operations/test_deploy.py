"""The examples in `deploy/`: complete, valid by the programs that read them, and as tight as they say."""

import re
import subprocess
from itertools import pairwise
from pathlib import Path

import click
import pytest

from hscb_voice.foundation.settings import Settings
from tests.support.nginx import example_for, program

HOUSE = Path(__file__).parents[3]
DEPLOY = HOUSE / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("hscb-voice-*"))
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
MOST_EXPOSURE = 1.5  # of 10, by systemd's own measure
VARIABLE = re.compile(r"\bVOICE_[A-Z]+(?:_[A-Z]+)*\b")
SCRATCH = {"VOICE_OIDC"}  # a common beginning in running text, no variable


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603 - programs of this machine on our own files


def _program(name: str) -> str:
    found = program(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def _variables(*files: Path) -> set[str]:
    return {name for file in files for name in VARIABLE.findall(file.read_text(encoding="utf-8"))} - SCRATCH


def test_the_environment_file_and_the_settings_page_explain_every_variable() -> None:
    known = _variables(*(HOUSE / "hscb_voice").rglob("*.py"))
    assert len(known) >= 20
    assert _variables(DEPLOY / "hscb-voice.env") == known
    assert _variables(HOUSE / "docs" / "settings.md") == known


def test_every_variable_of_the_environment_file_has_words_above_it() -> None:
    lines = (DEPLOY / "hscb-voice.env").read_text(encoding="utf-8").splitlines()
    for before, line in pairwise(lines):
        if re.match(r"#?VOICE_", line):
            assert before.startswith("#"), line


def test_the_environment_file_as_it_stands_is_taken(tmp_path: Path) -> None:
    lines = (DEPLOY / "hscb-voice.env").read_text(encoding="utf-8").splitlines()
    values = dict(line.split("=", 1) for line in lines if line.startswith("VOICE_"))
    secret = tmp_path / "secret-key"
    secret.write_text("a secret for tests that is long enough")
    settings = Settings.from_env({**values, "VOICE_DATA": str(tmp_path)})
    assert (settings.secure, settings.logs, settings.trusted_proxies, settings.demonstration) == (
        True,
        "json",
        1,
        False,
    )


def _in_place(unit: Path, folder: Path) -> Path:
    """Return a copy that this machine can verify: programs and users that are there."""
    text = unit.read_text(encoding="utf-8").replace("/srv/hscb-voice/.venv/bin/hscb-voice", "/bin/true")
    place = folder / unit.name
    place.write_text(text.replace("User=voice", "User=root").replace("Group=voice", "Group=root"))
    return place


def test_systemd_takes_every_unit(tmp_path: Path) -> None:
    analyze = _program("systemd-analyze")
    files = [str(_in_place(unit, tmp_path)) for unit in UNITS]
    done = _run(analyze, "verify", "--man=no", *files)
    told = [line for line in done.stderr.splitlines() if "hscb-voice" in line]
    assert (done.returncode, told) == (0, [])


def test_systemd_is_seen_to_refuse_a_unit_that_is_wrong(tmp_path: Path) -> None:
    analyze = _program("systemd-analyze")
    wrong = tmp_path / "hscb-voice-wrong.service"
    wrong.write_text("[Service]\nExecStart=relative/path\nProtectSystem=somewhat\n")
    done = _run(analyze, "verify", "--man=no", str(wrong))
    assert done.returncode != 0 or "hscb-voice-wrong" in done.stderr


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.stem)
def test_a_service_is_exposed_as_little_as_it_says(unit: Path) -> None:
    done = _run(_program("systemd-analyze"), "security", "--offline=true", str(unit))
    found = re.search(r"Overall exposure level[^:]*: ([0-9.]+)", done.stdout)
    if found is None:
        pytest.skip("this systemd cannot judge a unit that is not installed")
    assert float(found[1]) <= MOST_EXPOSURE


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.stem)
def test_a_service_runs_as_its_own_user_and_calls_a_command_that_there_is(unit: Path) -> None:
    from hscb_voice.cli import voice  # noqa: PLC0415 - only this test needs every command

    text = unit.read_text(encoding="utf-8")
    assert "User=voice" in text
    assert "ProtectSystem=strict" in text
    called = re.search(r"^ExecStart=/srv/hscb-voice/\.venv/bin/hscb-voice (.+)$", text, re.MULTILINE)
    assert called
    command: click.Command = voice
    words = called[1].split()
    while words and isinstance(command, click.Group):
        below = command.get_command(click.Context(command), words.pop(0))
        assert below is not None
        command = below
    options = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options


def test_every_timer_has_its_service() -> None:
    timers = [unit for unit in UNITS if unit.suffix == ".timer"]
    assert len(timers) == 3
    assert all(timer.with_suffix(".service").is_file() for timer in timers)


def test_caddy_takes_its_example() -> None:
    file = str(DEPLOY / "caddy" / "Caddyfile")
    done = _run(_program("caddy"), "adapt", "--validate", "--adapter", "caddyfile", "--config", file)
    assert done.returncode == 0, done.stderr
    assert '"logs"' not in done.stdout.split('"apps"')[1], "an access log is kept"
    assert '"dial":"127.0.0.1:8000"' in done.stdout.replace(" ", ""), "it leads elsewhere"


def test_nginx_takes_its_example(tmp_path: Path) -> None:
    nginx = _program("nginx")
    whole = example_for(tmp_path, 24443, 24080, 24000)
    done = _run(nginx, "-t", "-p", str(tmp_path), "-c", str(whole), "-e", str(tmp_path / "start.log"))
    assert done.returncode == 0, done.stderr


def test_no_example_writes_addresses_down() -> None:
    nginx = (DEPLOY / "nginx" / "hscb-voice.conf").read_text(encoding="utf-8")
    servers = nginx.count("server {")
    assert nginx.count("access_log off;") == servers
    assert nginx.count(" crit;") == servers
    caddy = (DEPLOY / "caddy" / "Caddyfile").read_text(encoding="utf-8")
    assert caddy.count("log {") == 1
    assert "request delete" in caddy


def test_nginx_writes_nothing_that_people_send_or_get_into_files_of_its_own() -> None:
    site = (DEPLOY / "nginx" / "hscb-voice.conf").read_text(encoding="utf-8")
    largest, held = (re.findall(rf"{name} ([0-9]+[km]);", site) for name in ("max_body_size", "body_buffer_size"))
    assert largest == held == ["128k", "6m"]
    assert "proxy_max_temp_file_size 0;" in (DEPLOY / "nginx" / "hscb-voice-proxy.conf").read_text(encoding="utf-8")
