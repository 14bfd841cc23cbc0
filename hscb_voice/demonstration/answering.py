"""Brings in what the Children in Care Council asked in 2015, as the annual report tells it, and two invented actions.

What the council asked, and what became of it, is printed; the short words for children are ours, and say no more.
"""

import json
from datetime import UTC, date, datetime
from pathlib import Path

from hscb_voice.actions.queries import action_list
from hscb_voice.actions.service import Decision, NewAction, Progress, Words, decide, note_action, publish, report, tell
from hscb_voice.actions.statuses import Origin, Status
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.platform import Platform

PRINTED = Path(__file__).parent / "children-in-care-council-2015.json"
_BY = "demonstration"
_ASKED_ON = SetClock(datetime(2015, 11, 2, 10, tzinfo=UTC))
_COUNCIL = "Children in Care Council"
_WE_WAIT = "We have asked. We wait for an answer."
# About -> what children of 9 to 12 are told: what was asked, and what became of it.
_TOLD = {
    "meeting place": ("Make our meeting place better. Give us laptops there.", "It is done. The laptops are there."),
    "rules in placements": (
        "Look at the rules in foster homes. Our friends can play games that we cannot.",
        "We have asked the people who plan foster care. We wait for their answer.",
    ),
    "changes of social worker": (
        "Why do our social workers change so much? People should say goodbye.",
        "We have asked the panel for children in care. We wait for an answer.",
    ),
    "film": (
        "Let us make a film of our lives.",
        "This has to wait. The person who asked for the money has left.",
    ),
    "delegated authority form": (
        "Make this form look better. Use words that we know. When do we see it?",
        _WE_WAIT,
    ),
    "choosing carers": (
        "What do you tell carers about us? What do you tell us?",
        _WE_WAIT,
    ),
    "rights": (
        "What are our rights in foster care? How much money do we get?",
        _WE_WAIT,
    ),
    "independence": ("Do you know what we need to know to live alone?", _WE_WAIT),
    "carers' training": ("How do you teach foster carers? Can we help?", _WE_WAIT),
    "carers' understanding": ("Help foster carers to get us.", _WE_WAIT),
}
_INVENTED = (
    (
        NewAction("Some visits come while children are at school", Origin.THEME, "visits", invented=True),
        Decision(can=True, doing="Plan visits after four o'clock", owner_id=_BY, due=date(2017, 9, 29)),
        Progress(Status.DONE, "Invented for demonstration", outcome="Fewer children miss a lesson for a visit"),
        ("Do not come when we are at school.", "We now come after school."),
    ),
    (
        NewAction("Children are not told when their worker leaves", Origin.THEME, "changes_of_worker", invented=True),
        Decision(can=True, doing="A goodbye visit and a card from the new worker", owner_id=_BY, due=date(2018, 6, 29)),
        Progress(Status.UNDER_WAY, "Invented for demonstration"),
        ("Tell us when our worker goes.", "Your worker will say goodbye. The new one will write to you first."),
    ),
)


def load_answers(platform: Platform) -> None:
    """Bring them in, unless there are actions already.

    Args:
        platform: a demonstration's platform.
    """
    with platform.database.reading() as connection:
        if action_list(connection):
            return
    for record in json.loads(PRINTED.read_text(encoding="utf-8")):
        _bring_in_printed(platform, record)
    for new, decision, progress, words in _INVENTED:
        _bring_in_invented(platform, new, decision, progress, words)


def _bring_in_printed(platform: Platform, record: dict[str, str]) -> None:
    said = record["asked"]
    if record.get("young_people_said"):
        said = f"{said} They said: {record['young_people_said']}."
    new = NewAction(said, Origin.COUNCIL, goes_to=record.get("goes_to", ""))
    with platform.database.writing() as connection:
        action_id = note_action(connection, new, _BY, _ASKED_ON)
        if record["status"] in {"achieved", "on_hold"}:
            due = _ASKED_ON.today()
            wanted = Decision(can=True, doing=record["about"].capitalize(), owner_id=_COUNCIL, due=due)
            decide(connection, action_id, wanted, _BY, _ASKED_ON)
        if record["status"] == "achieved":
            done = Progress(Status.DONE, outcome="Achieved, says the annual report of 2015-16")
            report(connection, action_id, done, _BY, _ASKED_ON)
        if record["status"] == "on_hold":
            report(connection, action_id, Progress(Status.ON_HOLD, because=record["because"]), _BY, _ASKED_ON)
        tell(connection, action_id, Words("child", "en", *_TOLD[record["about"]]), _BY, _ASKED_ON)
        publish(connection, action_id, _BY, _ASKED_ON)


def _bring_in_invented(
    platform: Platform, new: NewAction, decision: Decision, progress: Progress, words: tuple[str, str]
) -> None:
    clock = SetClock(datetime(2017, 5, 15, 10, tzinfo=UTC))
    with platform.database.writing() as connection:
        action_id = note_action(connection, new, _BY, clock)
        decide(connection, action_id, decision, _BY, clock)
        report(connection, action_id, progress, _BY, clock)
        tell(connection, action_id, Words("child", "en", *words), _BY, clock)
        publish(connection, action_id, _BY, clock)
