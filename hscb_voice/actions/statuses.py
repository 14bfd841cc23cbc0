"""Where an action comes from and where it stands, in words that staff read. It decides nothing."""

from enum import StrEnum


class Origin(StrEnum):
    """From where an action came."""

    THEME = "theme"
    COUNCIL = "council"  # a question of the Children in Care Council
    HAND = "hand"  # somebody wrote it down


class Status(StrEnum):
    """Where it stands."""

    ASKED = "asked"  # nobody has decided yet
    PLANNED = "planned"
    UNDER_WAY = "under_way"
    ON_HOLD = "on_hold"
    DONE = "done"
    CANNOT = "cannot"


ORIGIN_LABELS = {
    Origin.THEME: "What people wrote about",
    Origin.COUNCIL: "Children in Care Council",
    Origin.HAND: "Noted by hand",
}
STATUS_LABELS = {
    Status.ASKED: "Waits for a decision",
    Status.PLANNED: "Planned",
    Status.UNDER_WAY: "Under way",
    Status.ON_HOLD: "On hold",
    Status.DONE: "Done",
    Status.CANNOT: "Cannot be done",
}
# What may be reported of something that has been decided to be done.
PROGRESS = (Status.PLANNED, Status.UNDER_WAY, Status.ON_HOLD, Status.DONE)
OPEN = (Status.ASKED, Status.PLANNED, Status.UNDER_WAY, Status.ON_HOLD)
ENDED = (Status.DONE, Status.CANNOT)

# For whom words are written: the looks of the respondents' pages.
LOOKS = {
    "young_child": "Children of 5 to 8",
    "child": "Children of 9 to 12",
    "young_person": "Young people of 13 to 18",
    "adult": "Parents, carers and professionals",
}
