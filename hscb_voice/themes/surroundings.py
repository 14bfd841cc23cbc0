"""What the system knows of an answer before its words are read: who answers, in which language, and names to hide.

Why: the reader hides the names of those who work here in any case and spelling, and believes the language of the form;
it can do neither unless it is told. Everything is read once for many answers.
May not: open words.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from hscb_voice.language.analyse import comment_from
from hscb_voice.language.reading import Comment
from hscb_voice.language.redaction_around import NOBODY, Around, first_name_of
from hscb_voice.responses.models import Response
from hscb_voice.responses.queries import CommentText
from hscb_voice.staff.models import Account, AccountTeam


@dataclass(frozen=True)
class Surroundings:
    """What is known of one answer."""

    respondent: str
    language: str = "en"
    helper: str = ""  # who made the code by which it came, and so most likely whom it is about
    around: Around = NOBODY

    def comment(self, text: CommentText) -> Comment:
        """Put one comment of the answer into the form in which it is read.

        Args:
            text: its words.
        """
        fields = {
            "id": text.id,
            "text": text.text,
            "respondent": self.respondent,
            "question": text.question,
            # Of the helper the first name, in any case: a surname such as "Young" is hidden where it is meant.
            "known_names": [name for name in (first_name_of(self.helper),) if name],
            "language": self.language,
        }
        return replace(comment_from(fields), around=self.around)


Helpers = Callable[[Connection, Collection[str]], Mapping[str, str]]
"""Tells who made each of some codes. Reading knows nothing of those who invite: it is told how to ask."""


def no_helpers(_connection: Connection, _invitation_ids: Collection[str]) -> Mapping[str, str]:
    """Name nobody: where nobody has told how to ask."""
    return {}


def surroundings_of(
    connection: Connection, response_ids: Sequence[str], helpers: Helpers = no_helpers
) -> dict[str, Surroundings]:
    """Return what is known of some answers.

    Args:
        connection: a reading connection.
        response_ids: which responses; at most some hundreds.
        helpers: tells who made a code.
    """
    people = tuple(sorted(set(connection.execute(select(Account.name)).scalars())))
    teams = frozenset(connection.execute(select(AccountTeam.team).distinct()).scalars())
    names = ("id", "respondent", "language", "team", "locality", "invitation_id")
    query = select(*(getattr(Response, name) for name in names)).where(Response.id.in_(response_ids))
    rows = connection.execute(query).all()
    helping = helpers(connection, {row.invitation_id for row in rows if row.invitation_id})
    made: dict[frozenset[str], Around] = {}  # the same for all answers of a place, so that it is prepared once
    found = {}
    for row in rows:
        places = teams | ({row.team, row.locality} - {""})
        around = made.setdefault(places, Around(people, tuple(sorted(places))))
        helper = helping.get(row.invitation_id or "", "")
        found[row.id] = Surroundings(row.respondent, row.language, helper, around)
    return found
