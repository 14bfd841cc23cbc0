"""`hscb-voice check`: whatever can be wrong with an installation is found, said plainly, and comes with a remedy."""

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from flask import Flask
from sqlalchemy import text

from hscb_voice.audit.service import PLATFORM, VERIFIED, note
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.jobs import enqueue
from hscb_voice.foundation.mail import Mailer
from hscb_voice.foundation.platform import Platform, PlatformDoor
from hscb_voice.foundation.settings import Settings
from hscb_voice.operations import machine, outside
from hscb_voice.operations.checking import look_over
from hscb_voice.operations.findings import Finding, Grade, is_well, lines_of
from hscb_voice.operations.installation import backup_findings
from hscb_voice.operations.machine import machine_findings
from hscb_voice.operations.outside import Reply, address_findings, mail_findings
from hscb_voice.staff.roles import Role
from tests.support.browser import running
from tests.support.engines import free_port
from tests.support.people import add

SECRET = "a secret for tests that is long enough"
ON_ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def environment(settings: Settings) -> dict[str, str]:
    """The environment of the installation."""
    return {
        "VOICE_DATA": str(settings.data_folder),
        "VOICE_DATABASE_URL": settings.database_url.replace("+psycopg", ""),
        "VOICE_SECRET_KEY": SECRET,
    }


def _looked(platform: Platform, environment: dict[str, str], **changed: str) -> dict[str, list[Finding]]:
    door = PlatformDoor(lambda _data: platform, lambda _data: platform)
    found: dict[str, list[Finding]] = {}
    for finding in look_over(door, {**environment, **changed}, inside=True):
        found.setdefault(finding.about, []).append(finding)
    return found


def _grades(findings: list[Finding]) -> set[Grade]:
    return {finding.grade for finding in findings}


def test_a_new_installation_is_told_what_is_missing(platform: Platform, environment: dict[str, str]) -> None:
    found = _looked(platform, environment)
    assert [finding.about for findings in found.values() for finding in findings if finding.grade is Grade.MEND] == [
        "Worker",
        "People",
        "People",
        "People",
        "Duty",
        "Duty",
        "Duty",
    ]
    for about in ("Settings", "Keys", "Database", "Migrations", "Jobs", "Letters", "Concerns", "Data folder"):
        assert _grades(found[about]) == {Grade.WELL}, found[about]
    assert all(finding.remedy for findings in found.values() for finding in findings if finding.grade is not Grade.WELL)


def test_an_installation_in_which_people_and_work_are_in_place_is_well(
    app: Flask, platform: Platform, clock: SetClock, environment: dict[str, str]
) -> None:
    for role in (Role.ADMINISTRATOR, Role.SAFEGUARDING_LEAD, Role.DATA_PROTECTION_OFFICER):
        add(app, role)
    platform.jobs.beat("worker-1")
    with platform.database.writing() as connection:
        note(connection, PLATFORM, VERIFIED, "entries 1 to 3", now=clock.now())
    found = _looked(platform, environment)
    for about in ("Worker", "People", "Record"):
        assert _grades(found[about]) == {Grade.WELL}, found[about]
    clock.pass_time(timedelta(days=9))
    found = _looked(platform, environment)
    for about in ("Worker", "Record"):
        assert _grades(found[about]) == {Grade.MEND}, found[about]


def test_work_that_waits_or_fails_is_said(platform: Platform, clock: SetClock, environment: dict[str, str]) -> None:
    with platform.database.writing() as connection:
        enqueue(connection, ("themes.read",), "0190", clock.now())
    clock.pass_time(timedelta(minutes=11))
    assert "wait, the oldest for 11 minutes" in _looked(platform, environment)["Jobs"][0].said
    with platform.database.writing() as connection:
        connection.execute(text("UPDATE jobs SET trouble = 'ValueError'"))
    assert "1 of 1 jobs of the kind “themes.read” have failed" in _looked(platform, environment)["Jobs"][0].said


def test_a_wrong_setting_is_the_only_thing_that_is_said(platform: Platform, environment: dict[str, str]) -> None:
    found = _looked(platform, environment, VOICE_SURFACES="cellar")
    assert list(found) == ["Settings"]
    assert "VOICE_SURFACES" in found["Settings"][0].said


def test_a_database_of_another_version_is_said(platform: Platform, environment: dict[str, str]) -> None:
    with platform.database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0004'"))
    found = _looked(platform, environment)
    assert "stands at 0004" in found["Migrations"][0].said
    assert "Worker" not in found


def test_keys_that_are_gone_are_said_and_the_rest_is_still_looked_at(
    settings: Settings, environment: dict[str, str]
) -> None:
    from hscb_voice.installing import open_installation  # noqa: PLC0415 - the real opener, which looks for keys

    for file in settings.keys_folder.glob("*.key"):
        file.unlink()
    door = PlatformDoor(lambda _data: open_installation(settings.data_folder), lambda _data: pytest.fail("not asked"))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        found = {finding.about: finding for finding in look_over(door, environment, inside=True)}
    assert found["Keys"].grade is Grade.MEND
    assert found["Database"].grade is Grade.WELL


def test_a_database_that_is_down_is_said(environment: dict[str, str], platform: Platform) -> None:
    away = replace(platform, database=type(platform.database)(f"postgresql+psycopg://voice@127.0.0.1:{free_port()}/x"))
    assert _grades(_looked(away, environment)["Database"]) == {Grade.MEND}


@ON_ONE_ENGINE
@pytest.mark.parametrize(
    ("changed", "about", "grade"),
    [
        ({"VOICE_PUBLIC_ADDRESS": "http://voice.example.org"}, "Address", Grade.MEND),
        ({"VOICE_PUBLIC_ADDRESS": "https://voice.example.org"}, "Proxies", Grade.MEND),
        ({"VOICE_DEMONSTRATION": "yes"}, "Demonstration", Grade.LOOK),
        ({"VOICE_DEMONSTRATION": "yes", "VOICE_PUBLIC_ADDRESS": "https://v.example.org"}, "Demonstration", Grade.MEND),
        ({"FLASK_DEBUG": "1"}, "Debugging", Grade.MEND),
    ],
)
def test_switches_that_are_wrong_are_said(
    settings: Settings, environment: dict[str, str], changed: dict[str, str], about: str, grade: Grade
) -> None:
    del settings
    told = {**environment, **changed}
    found = [each for each in machine_findings(Settings.from_env(told), told) if each.about == about]
    assert _grades(found) == {grade}


@ON_ONE_ENGINE
def test_files_that_others_may_read_are_said(settings: Settings) -> None:
    settings.data_folder.chmod(0o755)
    (settings.data_folder / "secret-key").write_text("x" * 40)
    (settings.data_folder / "secret-key").chmod(0o644)
    assert "secret-key" in _about("Private files", settings).said
    settings.data_folder.chmod(0o700)
    assert _about("Private files", settings).grade is Grade.WELL


@ON_ONE_ENGINE
def test_old_keys_and_keys_beside_the_data_are_said(settings: Settings, tmp_path: Path) -> None:
    file = next(settings.keys_folder.glob("*.key"))
    os.utime(file, (time.time() - 500 * 86400,) * 2)
    assert "500 days" in _about("Keys' age", settings).said
    assert _about("Keys' place", settings).grade is Grade.LOOK
    apart = replace(settings, data_folder=tmp_path / "data")
    assert _about("Keys' place", apart).grade is Grade.WELL
    assert _about("Data folder", apart).grade is Grade.MEND


@ON_ONE_ENGINE
@pytest.mark.parametrize(("limit", "grade"), [("_LITTLE", Grade.LOOK), ("_TOO_LITTLE", Grade.MEND)])
def test_a_disk_that_fills_up_is_said(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, limit: str, grade: Grade
) -> None:
    monkeypatch.setattr(machine, limit, 1 << 60)
    assert _about("Disk", settings).grade is grade


@ON_ONE_ENGINE
def test_a_clock_that_nobody_sets_is_said(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(machine, "_SYNC_PROGRAM", tmp_path)
    monkeypatch.setattr(machine, "_SYNCHRONISED", tmp_path / "synchronized")
    assert _about("Clock", settings).grade is Grade.MEND
    (tmp_path / "synchronized").touch()
    assert _about("Clock", settings).grade is Grade.WELL


@pytest.mark.parametrize(
    ("hours", "content", "grade"), [(1, "x", Grade.WELL), (27, "x", Grade.MEND), (1, "", Grade.MEND)]
)
def test_a_backup_that_is_old_or_empty_is_said(tmp_path: Path, hours: int, content: str, grade: Grade) -> None:
    now = datetime.now(UTC)
    assert _grades(list(backup_findings(tmp_path, now))) == {Grade.MEND}
    file = tmp_path / "voice-20261122T030000Z.backup"
    file.write_text(content)
    os.utime(file, ((now - timedelta(hours=hours)).timestamp(),) * 2)
    assert _grades(list(backup_findings(tmp_path, now))) == {grade}
    assert _grades(list(backup_findings(None, now))) == {Grade.LOOK}


@pytest.fixture
def mail_server() -> Iterator[int]:
    """A mail server on loopback."""
    controller = Controller(Sink(), hostname="127.0.0.1", port=free_port())
    controller.start()
    yield int(controller.port)
    controller.stop()


@ON_ONE_ENGINE
def test_the_mail_server_is_greeted_and_gets_a_letter_only_when_told(settings: Settings, mail_server: int) -> None:
    told = replace(settings, mail_url=f"smtp://127.0.0.1:{mail_server}")
    sender = Mailer(told.mail_url, told.mail_from)
    (greeted,) = mail_findings(told, sender)
    assert (greeted.grade, greeted.said.endswith("No letter was sent.")) == (Grade.WELL, True)
    (sent,) = mail_findings(told, sender, "duty@example.org")
    assert (sent.grade, "was taken" in sent.said) == (Grade.WELL, True)


@ON_ONE_ENGINE
def test_mail_that_cannot_be_sent_is_said(settings: Settings) -> None:
    told = replace(settings, mail_url=f"smtp://127.0.0.1:{free_port()}")
    sender = Mailer(told.mail_url, told.mail_from)
    assert _grades(list(mail_findings(told, sender))) == {Grade.MEND}
    assert _grades(list(mail_findings(told, sender, "duty@example.org"))) == {Grade.MEND}
    assert _grades(list(mail_findings(settings, Mailer("", "voice@localhost")))) == {Grade.MEND}


@ON_ONE_ENGINE
def test_the_sites_own_address_is_asked_as_somebody_outside_would(app: Flask, settings: Settings) -> None:
    with running(app) as site:
        found = list(address_findings(replace(settings, public_address=site)))
        assert {f.about: f.grade for f in found} == dict.fromkeys(
            ("Outside", "Proxies", "Headers", "Other hosts", "Cookies"), Grade.WELL
        ), found
        wrong = replace(settings, public_address=site, trusted_proxies=1)
        assert "VOICE_TRUSTED_PROXIES=0" in next(f for f in address_findings(wrong) if f.about == "Proxies").remedy
        by_https = replace(settings, public_address=site.replace("http:", "https:"))
        assert "certificate" in next(iter(address_findings(by_https))).said
    assert _grades(list(address_findings(replace(settings, public_address=site)))) == {Grade.LOOK}


@ON_ONE_ENGINE
def test_an_address_that_leads_elsewhere_or_loses_headers_is_said(settings: Settings) -> None:
    elsewhere = Flask("elsewhere")
    elsewhere.add_url_rule("/", "front", str, defaults={"object": "hello"})
    with running(elsewhere) as site:
        found = {f.about: f for f in address_findings(replace(settings, public_address=site))}
    assert "not as this program does" in found["Outside"].said
    assert "lost" in found["Headers"].said
    assert "answered with a page" in found["Other hosts"].said


@ON_ONE_ENGINE
@pytest.mark.parametrize(
    ("cookie", "grade"),
    [
        ("__Host-voice-staff=1; Secure; HttpOnly; Path=/; SameSite=Strict", Grade.WELL),
        ("voice-staff=1; HttpOnly; Path=/; SameSite=Strict", Grade.MEND),
    ],
)
def test_cookies_that_lost_their_marks_are_said(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, cookie: str, grade: Grade
) -> None:
    headers = HTTPMessage()
    headers["Set-Cookie"] = cookie
    reply = Reply(200, headers, b'{"forwarded": 1}')
    monkeypatch.setattr(outside, "_ask", lambda *_asked, **_more: reply)
    told = replace(settings, public_address="https://voice.example.org", trusted_proxies=1)
    assert [f.grade for f in address_findings(told) if f.about == "Cookies"] == [grade]


def test_the_report_says_first_what_must_be_mended() -> None:
    found = [Finding("A", Grade.WELL, "fine."), Finding("B", Grade.MEND, "broken.", "Mend it.")]
    assert lines_of(found) == [
        "MEND  B: broken.",
        "      Mend it.",
        "well  A: fine.",
        "",
        "To mend: 1. To look at: 0. Well: 1.",
    ]
    assert not is_well(found)


def _about(about: str, settings: Settings) -> Finding:
    return next(finding for finding in machine_findings(settings, {}) if finding.about == about)
