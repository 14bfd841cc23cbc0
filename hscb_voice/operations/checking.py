"""Looks an installation over, from its settings inwards; what cannot be looked at is itself a finding."""

from collections.abc import Mapping

from hscb_voice.foundation.database import Database
from hscb_voice.foundation.errors import DatabaseUnreachableError, KeyMissingError, SettingError
from hscb_voice.foundation.platform import Platform, PlatformDoor
from hscb_voice.foundation.settings import Settings
from hscb_voice.operations.findings import Finding, Grade, mend, well
from hscb_voice.operations.installation import database_findings, work_findings
from hscb_voice.operations.machine import machine_findings
from hscb_voice.operations.outside import address_findings, mail_findings


def look_over(
    door: PlatformDoor, environment: Mapping[str, str], *, send_to: str = "", inside: bool = False
) -> list[Finding]:
    """Look an installation over.

    Args:
        door: opens the installation, and knows where its data folder is.
        environment: the process's own.
        send_to: to whom a letter is sent to try the mail; nobody when left out.
        inside: True to ask neither the mail server nor the public address.

    Returns:
        Everything that was found, in the order in which it was looked at.
    """
    folder = {"VOICE_DATA": str(door.data_folder)} if door.data_folder else {}
    try:
        settings = Settings.from_env({**environment, **folder})
    except SettingError as trouble:
        return [mend("Settings", str(trouble), "docs/settings.md explains each.")]
    findings = [well("Settings", "Each has a meaning."), *machine_findings(settings, environment)]
    platform = _opened(door, findings)
    database = Database(settings.database_url) if platform is None else platform.database
    try:
        _look_inside(findings, database, platform)
    except DatabaseUnreachableError as trouble:
        findings.append(mend("Database", str(trouble), "Children are told to wait until it answers."))
    finally:
        database.dispose()
    if platform is not None and (send_to or not inside):
        findings += mail_findings(settings, platform.mailer, send_to)
    if not inside:
        findings += address_findings(settings)
    return findings


def _opened(door: PlatformDoor, findings: list[Finding]) -> Platform | None:
    try:
        platform = door.opener(door.data_folder)
    except KeyMissingError as trouble:
        remedy = "Bring the keys back: without them every answer is refused and none can be read."
        findings.append(mend("Keys", str(trouble), remedy))
        return None
    except SettingError as trouble:
        findings.append(mend("Settings", str(trouble), "docs/settings.md explains each."))
        return None
    findings.append(well("Keys", f"They are here; “{platform.keys.current}” seals what comes now."))
    return platform


def _look_inside(findings: list[Finding], database: Database, platform: Platform | None) -> None:
    found = list(database_findings(database))
    findings += found
    is_of_this_version = any(each.about == "Migrations" and each.grade is Grade.WELL for each in found)
    if platform is not None and is_of_this_version:
        findings += work_findings(platform)
