"""What waits to be read, in which order, and how far people are. Nothing here opens a word.

What nobody has marked as read waits: that is the beginning of everything written, so nothing is missed by being
forgotten. Each section is walked along an index, so a page costs the same however long the list is.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select

from hscb_voice.foundation.clock import LOCAL_ZONE
from hscb_voice.reading_room.errors import UnknownItemError
from hscb_voice.reading_room.models import Meeting, ReadingAct
from hscb_voice.responses.models import Response, ToBeRead
from hscb_voice.responses.queries import EVERY_TEAM, Teams, visible_to
from hscb_voice.safeguarding.models import Concern
from hscb_voice.safeguarding.wording import CLOSED
from hscb_voice.themes.models import Coding
from hscb_voice.themes.service import UNREAD


class Section(StrEnum):
    """One part of the list; the parts are read in this order."""

    LANGUAGE = "language"  # no machine could read it, so nobody knows what stands there
    CONCERN = "concern"
    CHILD = "child"
    OTHER = "other"


@dataclass(frozen=True)
class Item:
    """One comment, or one whole second answer, without its words."""

    id: str
    response_id: str
    comment_id: str | None  # None for a second answer
    respondent: str
    slug: str
    service: str
    team: str
    invented: bool
    heard_at: datetime
    read_at: datetime | None
    read_by: str | None
    section: Section

    @property
    def is_second(self) -> bool:
        """Tell whether it is a different answer that came later under the same sitting's id."""
        return self.comment_id is None


@dataclass(frozen=True)
class Progress:
    """How far people are before the next meeting."""

    read: int
    left: int
    meeting: date | None  # the next one; None when none is set

    @property
    def total(self) -> int:
        """Return how many there are to read in all."""
        return self.read + self.left


_WAITS = ToBeRead.read_at.is_(None)
_UNREADABLE = select(Coding.id).where(
    Coding.comment_id == ToBeRead.comment_id, Coding.polarity == UNREAD, Coding.in_force
)
_CONCERNED = select(Concern.id).where(Concern.response_id == ToBeRead.response_id, Concern.state != CLOSED)
_UNREADABLE_IDS = select(Coding.comment_id).where(Coding.polarity == UNREAD, Coding.in_force)
_CONCERNED_IDS = select(Concern.response_id).where(Concern.state != CLOSED)
_OF_UNREADABLE = ToBeRead.comment_id.in_(_UNREADABLE_IDS)
_OF_CONCERNED = ToBeRead.response_id.in_(_CONCERNED_IDS)
# Both are few, and are gathered once a query: to ask it of each row that is passed over would cost seconds at the end
# of a long list. A second answer has no comment, and is compared with none.
_PLAIN = and_(
    or_(ToBeRead.comment_id.is_(None), ToBeRead.comment_id.not_in(_UNREADABLE_IDS)),
    ToBeRead.response_id.not_in(_CONCERNED_IDS),
)
_COLUMNS = (
    *(getattr(ToBeRead, name) for name in ("id", "response_id", "comment_id", "respondent")),
    *(getattr(Response, name) for name in ("slug", "service", "team", "invented")),
    *(getattr(ToBeRead, name) for name in ("heard_at", "read_at", "read_by")),
)


def waiting_list(
    connection: Connection, teams: Teams, section: Section, *, page: int = 1, size: int = 25
) -> list[Item]:
    """List what waits in one section, oldest first.

    Args:
        connection: a reading connection.
        teams: whose responses may be seen.
        section: which part of the list.
        page: from 1.
        size: items a page.

    Returns:
        One page.
    """
    # The page is cut out of the list alone; only what stands on it is looked up among the responses.
    listed = _of_section(_of_teams(teams, select(ToBeRead.id).select_from(ToBeRead)), section)
    ids = connection.execute(_ordered(listed).limit(size).offset((page - 1) * size)).scalars().all()
    query = _ordered(_visible(teams, select(*_COLUMNS)).where(ToBeRead.id.in_(ids)))
    return [_item(row, section) for row in connection.execute(query)]


def waiting_counts(connection: Connection, teams: Teams) -> dict[Section, int]:
    """Count what waits in each section.

    Args:
        connection: a reading connection.
        teams: whose responses may be seen.

    Returns:
        Every section, in the order of reading.
    """
    few = {
        Section.LANGUAGE: _by_child(connection, teams, _OF_UNREADABLE),
        Section.CONCERN: _by_child(connection, teams, _OF_CONCERNED, ~_UNREADABLE.exists()),
    }
    every = _by_child(connection, teams)
    rest = {is_child: every.get(is_child, 0) - sum(one.get(is_child, 0) for one in few.values()) for is_child in (0, 1)}
    return {
        **{section: sum(found.values()) for section, found in few.items()},
        Section.CHILD: rest[1],
        Section.OTHER: rest[0],
    }


def next_item(connection: Connection, teams: Teams, after: Item | None = None) -> Item | None:
    """Return what is to be read next.

    Args:
        connection: a reading connection.
        teams: whose responses may be seen.
        after: what was passed over unread; its place in the list is the beginning.

    Returns:
        The first that waits; after the end of the list, the first of all but the one passed over.
    """
    sections = list(Section)
    if after is not None:
        later = or_(
            ToBeRead.heard_at > after.heard_at, and_(ToBeRead.heard_at == after.heard_at, ToBeRead.id > after.id)
        )
        found = _first(connection, teams, after.section, later)
        if found is not None:
            return found
        begun = sections.index(after.section) + 1
        sections = sections[begun:] + sections[:begun]
    is_other = ToBeRead.id != (after.id if after else "")
    return next((found for s in sections if (found := _first(connection, teams, s, is_other)) is not None), None)


def item_by_id(connection: Connection, teams: Teams, item_id: str) -> Item:
    """Return one thing to read, or that has been read.

    Args:
        connection: a reading connection.
        teams: whose responses may be seen.
        item_id: the comment's or second answer's id.

    Returns:
        The item.

    Raises:
        UnknownItemError: there is none of that id for this reader; another team's is unknown too, and erased words.
    """
    unreadable, concerned = _UNREADABLE.exists().label("unreadable"), _CONCERNED.exists().label("concerned")
    query = _visible(teams, select(*_COLUMNS, unreadable, concerned, ToBeRead.is_child)).where(ToBeRead.id == item_id)
    row = connection.execute(query).first()
    if row is None:
        message = "There is nothing of that name to read."
        raise UnknownItemError(message)
    *_, is_unreadable, is_concerned, is_child = row
    section = Section.CHILD if is_child else Section.OTHER
    if is_unreadable or is_concerned:
        section = Section.LANGUAGE if is_unreadable else Section.CONCERN
    return _item(row, section)


def previous_item_id(connection: Connection, person: str, item_id: str) -> str | None:
    """Return what somebody did something with before the item that is open now.

    Args:
        connection: a reading connection.
        person: the person's id.
        item_id: what is open.

    Returns:
        The item's id; None when there is none before.
    """
    own = (ReadingAct.person == person, ReadingAct.undone_at.is_(None))
    here = select(func.min(ReadingAct.number)).where(*own, ReadingAct.item_id == item_id).scalar_subquery()
    query = select(ReadingAct.item_id).where(*own, ReadingAct.item_id != item_id)
    query = query.where(or_(here.is_(None), ReadingAct.number < here))
    return connection.execute(query.order_by(ReadingAct.number.desc()).limit(1)).scalar()


def progress(connection: Connection, teams: Teams, today: date) -> Progress:
    """Tell how far people are: of what came since the last meeting, and of what waits from before.

    Args:
        connection: a reading connection.
        teams: whose responses may be seen.
        today: the present day.

    Returns:
        How many are read and left, and the next meeting.
    """
    last = connection.execute(select(func.max(Meeting.day)).where(Meeting.day < today)).scalar()
    following = connection.execute(select(func.min(Meeting.day)).where(Meeting.day >= today)).scalar()
    done: list[ColumnElement[bool]] = [ToBeRead.read_at.is_not(None)]
    if last is not None:
        done.append(ToBeRead.heard_at >= datetime.combine(last, time(0), LOCAL_ZONE))
    read = connection.execute(_counted(teams).where(*done)).scalar_one()
    left = connection.execute(_counted(teams).where(_WAITS)).scalar_one()
    return Progress(read, left, following)


def _first(connection: Connection, teams: Teams, section: Section, which: ColumnElement[bool]) -> Item | None:
    row = connection.execute(_ordered(_scoped(teams, section).where(which)).limit(1)).first()
    return None if row is None else _item(row, section)


def _by_child(connection: Connection, teams: Teams, *which: ColumnElement[bool]) -> dict[int, int]:
    query = _counted(teams).add_columns(ToBeRead.is_child).where(_WAITS, *which).group_by(ToBeRead.is_child)
    return {int(is_child): n for n, is_child in connection.execute(query)}


def _counted(teams: Teams) -> Select[Any]:
    """Count items. Who may see every team needs no look at each one's response: what is erased is on no list."""
    return _of_teams(teams, select(func.count()).select_from(ToBeRead))


def _of_teams(teams: Teams, query: Select[Any]) -> Select[Any]:
    if teams is EVERY_TEAM:
        return query
    return visible_to(teams, query.join(Response, Response.id == ToBeRead.response_id))


def _scoped(teams: Teams, section: Section) -> Select[Any]:
    return _of_section(_visible(teams, select(*_COLUMNS)), section)


def _of_section(query: Select[Any], section: Section) -> Select[Any]:
    """Narrow a selection to what waits in one section. The first two are few, and are found from their own side."""
    query = query.where(_WAITS)
    if section is Section.LANGUAGE:
        return query.where(_OF_UNREADABLE)
    if section is Section.CONCERN:
        return query.where(_OF_CONCERNED, ~_UNREADABLE.exists())
    return query.where(ToBeRead.is_child.is_(section is Section.CHILD), _PLAIN)


def _visible(teams: Teams, query: Select[Any]) -> Select[Any]:
    joined = query.select_from(ToBeRead).join(Response, Response.id == ToBeRead.response_id)
    return visible_to(teams, joined.where(Response.wrapped_key.is_not(None)))


def _ordered(query: Select[Any]) -> Select[Any]:
    return query.order_by(ToBeRead.heard_at, ToBeRead.id)


def _item(row: Row[Any], section: Section) -> Item:
    return Item(**{column.key: row[place] for place, column in enumerate(_COLUMNS)}, section=section)
