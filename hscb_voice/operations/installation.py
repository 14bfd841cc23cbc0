"""Looks over what the database tells: is it the right one, does the work get done, can people be reached?

It counts and compares. It opens no answer and changes nothing.
"""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, func, select

from hscb_voice.audit.queries import last_verified
from hscb_voice.foundation.database import Database
from hscb_voice.foundation.fence import fence_report
from hscb_voice.foundation.jobs import WORKER_IS_STALE
from hscb_voice.foundation.migrating import newest_revision, revision_of
from hscb_voice.foundation.platform import Platform
from hscb_voice.operations.counts import Standing, standing
from hscb_voice.operations.findings import Finding, look, mend, well
from hscb_voice.safeguarding.duties import duty_problems
from hscb_voice.staff.queries import everybody
from hscb_voice.staff.roles import Role

_SKEW = timedelta(seconds=5)
_SLOW_SECONDS = 0.5
_OVERDUE = timedelta(minutes=10)
_UNCHECKED = timedelta(days=8)
_OLD_BACKUP = timedelta(hours=26)
_NOT_WITHOUT = (Role.ADMINISTRATOR, Role.SAFEGUARDING_LEAD, Role.DATA_PROTECTION_OFFICER)


def database_findings(database: Database) -> Iterator[Finding]:
    """Yield whether the database is there, is of this version, tells the right time, and fences its rows.

    Args:
        database: any database.

    Yields:
        Findings.

    Raises:
        DatabaseUnreachableError: it does not answer.
    """
    begun = time.perf_counter()
    revision, newest = revision_of(database), newest_revision()
    took = time.perf_counter() - begun
    engine = "SQLite" if database.is_sqlite else "PostgreSQL"
    if took > _SLOW_SECONDS:
        yield look("Database", f"{engine} answered, but only after {took:.1f} seconds.", "See what keeps it.")
    else:
        yield well("Database", f"{engine} answers.")
    if revision != newest:
        said = f"The database stands at {revision or 'nothing'}; this version of the program needs {newest}."
        yield mend("Migrations", said, "Make a backup, then run “hscb-voice migrate”.")
        return
    yield well("Migrations", f"The database is of this version ({newest}).")
    with database.reading() as connection:
        if database.is_sqlite:
            said = "SQLite has no second fence between teams and serves one machine only."
            yield look("Row fence", said, "For more than one machine, or more safety, use PostgreSQL.")
        else:
            yield from _of_postgresql(connection)


def work_findings(platform: Platform) -> Iterator[Finding]:
    """Yield whether the work gets done and the right people can be reached.

    Args:
        platform: an installation whose database answers.

    Yields:
        Findings.

    Raises:
        DatabaseUnreachableError: it does not answer after all.
    """
    now = platform.clock.now()
    with platform.database.reading() as connection:
        found = standing(connection, now)
        yield from _of_worker(found)
        yield from _of_jobs(found)
        yield from _of_letters(found)
        yield from _of_concerns(found)
        yield from _of_people(connection)
        problems = duty_problems(connection, mail_is_set_up=platform.mailer.is_set_up)
        yield from (mend("Duty", text, "Set it up on the staff page “Who is called”.") for text in problems)
        if not problems:
            yield well("Duty", "Somebody is called about every concern.")
        yield from _of_record(last_verified(connection), now)
    yield from backup_findings(platform.settings.backups_folder, now)


def backup_findings(folder: Path | None, now: datetime) -> Iterator[Finding]:
    """Yield how old the newest backup is.

    Args:
        folder: where backups lie; None when that was not said.
        now: the present moment.

    Yields:
        One finding.
    """
    about = "Backup"
    if folder is None:
        yield look(about, "Where backups lie is not known.", "Set VOICE_BACKUPS, so that their age can be told.")
        return
    files = [file for file in folder.glob("*.backup") if file.is_file()]
    if not files:
        yield mend(about, f"There is none in {folder}.", "Run “hscb-voice backup”, and see that its timer is on.")
        return
    newest = max(files, key=lambda file: file.stat().st_mtime)
    age = now - datetime.fromtimestamp(newest.stat().st_mtime, UTC)
    said = f"The newest, {newest.name}, is {max(age, timedelta(0)) // timedelta(hours=1)} hours old."
    if newest.stat().st_size == 0:
        yield mend(about, f"The newest, {newest.name}, is empty.", "See what the backup's timer said.")
    elif age > _OLD_BACKUP:
        yield mend(about, said, "See whether the backup's timer still runs, and what it said.")
    else:
        yield well(about, said)


def _of_postgresql(connection: Connection) -> Iterator[Finding]:
    report = fence_report(connection)
    if report.stands:
        yield well("Row fence", "PostgreSQL itself keeps teams apart, and the role that we come as is bound by it.")
    else:
        yield mend("Row fence", report.trouble, "See “The database's role” in the administrator's guide.")
    skew = abs(connection.execute(select(func.clock_timestamp())).scalar_one() - datetime.now(UTC))
    said = f"This machine and the database's are {skew.total_seconds():.1f} seconds apart."
    if skew > _SKEW:
        yield mend("Clocks", said, "Have a time server set both.")
    else:
        yield well("Clocks", said)


def _of_worker(found: Standing) -> Iterator[Finding]:
    age = found.beat_age
    remedy = "Start “hscb-voice worker”: until then themes are not read and no letter is sent."
    if age is None:
        yield mend("Worker", "None has ever been seen.", remedy)
    elif age > WORKER_IS_STALE:
        yield mend("Worker", f"None has been seen for {_long(age)}.", remedy)
    else:
        yield well("Worker", f"One was seen {_long(age)} ago.")


def _of_jobs(found: Standing) -> Iterator[Finding]:
    troubled = False
    for kind, work in sorted(found.work.items()):
        overdue = found.at - work.oldest_due
        if work.failing:
            troubled = True
            said = f"{work.failing} of {work.waiting} jobs of the kind “{kind}” have failed and are tried again."
            yield mend("Jobs", said, "See what the worker's log says of “job failed”.")
        elif overdue > _OVERDUE:
            troubled = True
            said = f"{work.waiting} jobs of the kind “{kind}” wait, the oldest for {_long(overdue)}."
            yield mend("Jobs", said, "Start a worker, or another one beside it.")
    if not troubled:
        yield well("Jobs", "Nothing waits for long, and nothing fails.")


def _of_letters(found: Standing) -> Iterator[Finding]:
    letters = found.letters
    if letters.failing:
        said = f"{letters.failing} of {letters.waiting} letters could not be sent ({letters.trouble})."
        yield mend("Letters", said, "Try the mail server: “hscb-voice check --send-to your@address”.")
    else:
        yield well("Letters", f"{letters.waiting} wait to be sent; none has failed.")


def _of_concerns(found: Standing) -> Iterator[Finding]:
    if found.concerns.late:
        said = f"{found.concerns.late} are past their deadline."
        yield mend("Concerns", said, "Tell the safeguarding lead now, by telephone if need be.")
    else:
        yield well("Concerns", "None is past its deadline.")


def _of_people(connection: Connection) -> Iterator[Finding]:
    held = {role for person in everybody(connection) if person.active for role in person.roles}
    missing = [role for role in _NOT_WITHOUT if role not in held]
    for role in missing:
        said = f"No open account has the role “{role.label}”."
        yield mend("People", said, f"Run “hscb-voice staff add --role {role.value} …”.")
    if not missing:
        yield well("People", "There is an administrator, a safeguarding lead and a data-protection officer.")


def _of_record(checked: datetime | None, now: datetime) -> Iterator[Finding]:
    remedy = "Run “hscb-voice audit verify”, and see that the timer of “audit anchor” is on."
    if checked is None:
        yield look("Record", "It has never been checked.", remedy)
    elif now - checked > _UNCHECKED:
        yield mend("Record", f"It was last checked {_long(now - checked)} ago.", remedy)
    else:
        yield well("Record", f"It was checked {_long(now - checked)} ago and was whole.")


def _long(span: timedelta) -> str:
    for unit, name in ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute")):
        if span >= 2 * unit:
            return f"{span // unit} {name}s"
    return f"{max(0, int(span.total_seconds()))} seconds"
