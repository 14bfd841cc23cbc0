"""R4: whoever reads words, or what was written about a child, stands in the record with the reason."""

import ast
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from hscb_voice.audit.models import AuditEntry
from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.queries import EVERY_TEAM
from hscb_voice.responses.service import SCREEN_JOB
from hscb_voice.safeguarding.history import Written
from hscb_voice.safeguarding.queries import concerns_of
from hscb_voice.safeguarding.service import add_note
from hscb_voice.staff.roles import Role
from tests.support.answering import keep_answer, keep_second_answer
from tests.support.people import sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PACKAGE = Path(__file__).parents[2] / "hscb_voice"
OPENERS = {"comments_of", "comment_by_id", "second_answers_of", "history_of", "seal_of_row"}
# Who may call what opens words, and why nothing is read unseen there.
DOORS = {
    "responses/words.py": "the openers themselves; each says that its caller has checked",
    "responses/reading.py": "notes the reader",
    "safeguarding/queries.py": "the opener of notes itself",
    "safeguarding/reading.py": "notes the reader",
    "safeguarding/jobs.py": "the machine screens; nobody reads",
    "themes/jobs.py": "the machine reads; nobody does",
    "themes/quoted.py": "quotes that a person has cleared, masked",
    "packs/keeping.py": "a pack as it was issued, in which only cleared quotes stand",
    "themes/routes.py": "notes the reader",
    "reading_room/opening.py": "notes the reader",
    "reading_room/routes.py": "asks only how long a comment is",
    "reading_room/blind_routes.py": "asks only how long a comment is",
    "reading_room/quote_routes.py": "asks for words to hide them again; the page that shows them notes the reader",
    "governance/copies.py": "the copy for the person who answered; making it is noted by governance/access.py",
    "demonstration/loading.py": "chooses quotes among printed and invented words",
    "themes/rerunning.py": "the machine reads all again; nobody does",
    "themes/learning.py": "the machine learns; nobody reads",
    "codebooks/trying.py": "notes the reader",
    "new_themes/searching.py": "the machine looks; nobody reads",
    "new_themes/service.py": "phrases that at least three responses share, and no name among them",
    "new_themes/routes.py": "notes the reader",
    "staff/second_factors.py": "the secret of an authenticator app, and no child's words",
    "exports/reading.py": "reads for a file that somebody asked for with a reason, which is noted",
    "exports/service.py": "the file itself, for whoever asked; each taking is noted",
    "paper/case_file.py": "its route notes the reader before the file leaves",
    "paper/service.py": "what was typed a moment ago comes back to whoever typed it, to be mended",
    "responses/adding.py": "what a child adds is sealed under the answer's own key; nothing is opened",
    "tablets/sealing.py": "what a tablet sent, to be kept as an answer; nobody reads",
    "uploads/queries.py": "the preview of a file, for whoever brought it",
    "foundation/letters.py": "a letter on its way, in which no child's words stand",
}


def read_by(platform: Platform, who: str) -> list[tuple[str, str, str]]:
    """Return what somebody has looked at, as the record says it."""
    query = select(AuditEntry.act, AuditEntry.subject, AuditEntry.reason).where(AuditEntry.who == who)
    with platform.database.reading() as connection:
        rows = connection.execute(query.order_by(AuditEntry.number)).all()
    return [(row.act, row.subject, row.reason) for row in rows if row.act.startswith(("read", "looked"))]


def test_r4_reading_the_notes_of_a_concern_is_noted_with_its_reason(app: Flask, platform: Platform) -> None:
    kept = keep_answer(platform, {"talk": "yes"})
    platform.jobs.run_for(kept.response_id, [SCREEN_JOB])
    with platform.database.writing() as connection:
        (concern,) = concerns_of(connection, EVERY_TEAM, kept.response_id)
        add_note(connection, concern, "platform", Written("Rang the school.", platform.keys), platform.clock)
    lead = sign_in(app, Role.SAFEGUARDING_LEAD)
    assert "Rang the school." in lead.pages.get(f"/staff/concerns/{concern.id}").words()
    assert ("read the notes of a concern", f"concern {concern.id}", "concern") in read_by(platform, lead.account_id)


def test_r4_looking_at_a_response_without_its_words_is_noted_too(app: Flask, platform: Platform) -> None:
    kept = keep_answer(platform, {"q2": ["happy"], "q2a": "She was kind."})
    analyst = sign_in(app, Role.ANALYST)
    subject = f"response {kept.response_id}"
    analyst.pages.get(f"/staff/responses/{kept.response_id}")
    assert read_by(platform, analyst.account_id) == [("looked at a response", subject, "")]
    analyst.pages.get(f"/staff/responses/{kept.response_id}?reason=theme")
    assert read_by(platform, analyst.account_id)[1:] == [("read the words of a response", subject, "theme")]


def test_r4_a_later_answers_ticks_were_sealed_so_seeing_them_is_reading(app: Flask, platform: Platform) -> None:
    kept = keep_answer(platform, {"q2": ["happy"]})
    keep_second_answer(platform, {"q2": ["sad"]}, sitting_id=kept.response_id)
    analyst = sign_in(app, Role.ANALYST)
    analyst.pages.get(f"/staff/responses/{kept.response_id}?reason=theme")
    expected = ("read the words of a response", f"response {kept.response_id}", "theme")
    assert read_by(platform, analyst.account_id) == [expected]


def test_r4_words_are_opened_only_at_named_doors(app: Flask) -> None:
    del app
    opening = set()
    for file in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            name = getattr(called, "attr", getattr(called, "id", ""))
            if name in OPENERS:
                opening.add(str(file.relative_to(PACKAGE)))
    assert opening - set(DOORS) == set(), "say in DOORS why nothing is read unseen there"
