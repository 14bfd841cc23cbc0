"""L3: the record never holds what somebody answered, and stays whole when an answer is erased."""

from flask import Flask
from sqlalchemy import text

from hscb_voice.audit.queries import verify
from hscb_voice.governance.erasing import Erasing, erase
from hscb_voice.responses.service import SCREEN_JOB, Setting
from hscb_voice.staff.roles import Role
from hscb_voice.web.current import EXTENSION
from tests.support.answering import keep_answer
from tests.support.people import TEAM, sign_in

PLANTED = ("purple kettle", "Quincemarker")
WORDS = "The purple kettle sang to nobody, says Rosalind Quincemarker."


def _record(app: Flask) -> str:
    with app.extensions[EXTENSION].database.reading() as connection:
        return "\n".join(str(tuple(row)) for row in connection.execute(text("SELECT * FROM audit_entries")))


def test_l3_the_record_holds_no_answer_and_erasing_one_leaves_it_whole(app: Flask) -> None:
    here = app.extensions[EXTENSION]
    kept = keep_answer(here, {"q2": ["okay"], "q2a": WORDS}, setting=Setting(team=TEAM))
    here.jobs.run_for(kept.response_id, [SCREEN_JOB])
    worker, lead = sign_in(app, Role.WORKER), sign_in(app, Role.SAFEGUARDING_LEAD)
    for person in (worker, lead):
        page = person.pages.get(f"/staff/responses/{kept.response_id}?reason=follow_up")
        person.pages.client.get(f"/staff/responses/{kept.response_id}?reason={WORDS}")
        person.pages.client.get(f"/staff/responses/?service={WORDS}")
        assert PLANTED[0] in page.text
    noted = _record(app)
    assert kept.response_id in noted
    assert not [marker for marker in PLANTED if marker in noted]
    with here.database.reading() as connection:
        before = verify(connection)
    erase(here, Erasing(kept.response_id, "asked for", "platform", "keep"))
    with here.database.reading() as connection:
        after = verify(connection)
    assert (before.is_sound, after.is_sound) == (True, True)
    assert after.entries > before.entries
    assert not [marker for marker in PLANTED if marker in _record(app)]
