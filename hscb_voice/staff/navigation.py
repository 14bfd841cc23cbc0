"""The way around the staff pages: what stands in the navigation and on the home page, by permission.

A room above adds its entry to `ENTRIES` by the name of its route; an entry whose route is not there is left out. What
waits for somebody is told by the room itself, through `tell_what_waits`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app, request, url_for
from sqlalchemy import Connection

from hscb_voice.staff.queries import Person
from hscb_voice.staff.roles import Permission

# Returns a short sentence such as “3 wait, the oldest for two hours”, or nothing when nothing waits.
Waiting = Callable[[Connection, Person], str]
_EXTENSION = "staff_waiting"


@dataclass(frozen=True)
class Entry:
    """One place that a person can go to."""

    label: str
    endpoint: str
    permission: Permission
    summary: str  # one line on the home page


@dataclass(frozen=True)
class Place:
    """An entry as one person meets it."""

    label: str
    address: str
    summary: str
    is_here: bool
    waiting: str = ""


ENTRIES: tuple[Entry, ...] = (
    Entry("Home", "staff_home.home", Permission.ENTER, ""),
    Entry("Concerns", "staff_concerns.queue", Permission.READ_CONCERNS, "What a person must look at today."),
    Entry("Who is called", "staff_duties.duties", Permission.SET_DUTIES, "Who gets a letter when a concern is raised."),
    Entry(
        "Reading room",
        "staff_reading.room",
        Permission.USE_READING_ROOM,
        "Comments that nobody has read yet, one after another.",
    ),
    Entry("Tablets", "staff_tablets.tablets", Permission.KEEP_TABLETS, "Shared tablets on which children answer."),
    Entry("Due", "staff_due.due", Permission.INVITE, "Forms that are given again as the work goes on."),
    Entry(
        "Invitations",
        "staff_invitations.invitations",
        Permission.INVITE,
        "Links, codes, cards and posters that lead to a form.",
    ),
    Entry(
        "Record for somebody",
        "staff_recording.choose",
        Permission.INVITE,
        "Fill in the form with somebody who has said it aloud.",
    ),
    Entry(
        "Invited and answered",
        "staff_invited.invited",
        Permission.INVITE,
        "How many were invited, and how many have answered.",
    ),
    Entry("Responses", "staff_responses.responses", Permission.SEE_RESPONSES, "What was answered, one by one."),
    Entry(
        "Paper forms",
        "staff_paper.forms",
        Permission.INVITE,
        "Print every form in each language, and type in what comes back.",
    ),
    Entry("Spreadsheets", "staff_uploads.uploads", Permission.INVITE, "Bring in answers that stand in a spreadsheet."),
    Entry(
        "Languages", "staff_languages.languages", Permission.INVITE, "Which there are, and what no speaker has read."
    ),
    Entry(
        "Themes",
        "staff_themes.codebook",
        Permission.READ_THEMES,
        "What comments are about, and which words say so.",
    ),
    Entry(
        "New themes",
        "staff_new_themes.new_themes",
        Permission.READ_THEMES,
        "What people begin to speak of, and no theme covers yet.",
    ),
    Entry(
        "Learning",
        "staff_learning.learning",
        Permission.EDIT_CODEBOOK,
        "What the machine learned from people's codes, and phrases it suggests.",
    ),
    Entry(
        "Codebook",
        "staff_codebook.overview",
        Permission.EDIT_CODEBOOK,
        "What each theme means, and which words show it: change, try, publish, compare.",
    ),
    Entry(
        "You said, we did",
        "staff_actions.actions",
        Permission.SEE_ACTIONS,
        "What people want changed: who sees to it, by when, and what they are told.",
    ),
    Entry("Board", "staff_board.overview", Permission.SEE_FIGURES, "What we heard in a period, and how sure we are."),
    Entry(
        "Exports",
        "staff_exports.exports",
        Permission.EXPORT_RESPONSES,
        "Take responses elsewhere as a file: Excel, CSV, JSON lines or SPSS.",
    ),
    Entry("Meeting packs", "staff_packs.packs", Permission.SEE_FIGURES, "What the Board was handed, as it was issued."),
    Entry(
        "Keeping and erasing",
        "staff_keeping.overview",
        Permission.KEEP_AND_ERASE,
        "How long words are kept, what is held, and what somebody wants erased or wants to see.",
    ),
    Entry("Copies", "staff_copies.copies", Permission.RELEASE_COPIES, "Who asked to see what we hold about an answer."),
    Entry("Record", "staff_record.record", Permission.SEE_AUDIT, "Who did and saw what, and when."),
    Entry(
        "Quote approval",
        "staff_quotes.two",
        Permission.MANAGE_SETTINGS,
        "Which services ask for two people before a quote is shown.",
    ),
    Entry(
        "Leaving a page",
        "staff_exits.exits",
        Permission.MANAGE_SETTINGS,
        "Which site “Leave this page” shows, for each service.",
    ),
    Entry(
        "API tokens",
        "staff_tokens.overview",
        Permission.MANAGE_SETTINGS,
        "Which other programs may read figures, packs and what was done.",
    ),
    Entry("People", "staff_people.people", Permission.MANAGE_PEOPLE, "Who works here, and what each may do."),
)


def tell_what_waits(app: Flask, endpoint: str, waiting: Waiting) -> None:
    """Let the home page say what waits behind an entry.

    Args:
        app: the application.
        endpoint: of the entry.
        waiting: asks the room; it must be quick, for every visit to the home page asks it.
    """
    app.extensions.setdefault(_EXTENSION, {})[endpoint] = waiting


def places_of(person: Person | None) -> list[Place]:
    """Return where a person can go, in the order of the navigation; nowhere for nobody."""
    return [_place(entry) for entry in _open_entries(person)]


def home_places_of(person: Person, connection: Connection) -> list[Place]:
    """Return where a person can go from the home page, with what waits there.

    Args:
        person: who.
        connection: a reading connection.
    """
    told = cast("dict[str, Waiting]", current_app.extensions.get(_EXTENSION, {}))
    return [
        _place(entry, told[entry.endpoint](connection, person) if entry.endpoint in told else "")
        for entry in _open_entries(person)
        if entry.summary
    ]


def _open_entries(person: Person | None) -> list[Entry]:
    if person is None:
        return []
    routes = current_app.view_functions
    return [entry for entry in ENTRIES if entry.endpoint in routes and person.may(entry.permission)]


def _place(entry: Entry, waiting: str = "") -> Place:
    own_blueprint = entry.endpoint.split(".")[0]
    return Place(entry.label, url_for(entry.endpoint), entry.summary, request.blueprint == own_blueprint, waiting)
