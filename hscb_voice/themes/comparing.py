"""How far a run is, and what would change: each theme before and after, what moved, and how it is spoken of.

Not for publication: these are counts of comments for those who edit the codebook, and small numbers are not hidden.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from hscb_voice.foundation.database import joining_whole, taking_longer
from hscb_voice.responses.models import Response
from hscb_voice.responses.queries import Teams, visible_to
from hscb_voice.themes.models import CodebookRun, CodebookRunPart, CodedTheme, Coding
from hscb_voice.themes.queries import NO_THEME
from hscb_voice.themes.service import MACHINE, PERSON, STANDBY

_PATIENCE_SECONDS = 25.0  # less than a web process has for a page


@dataclass(frozen=True)
class Progress:
    """How far a run is."""

    run_id: str
    version: int
    state: str
    parts: int
    parts_done: int
    comments: int  # read so far
    started_by: str
    started_at: datetime
    last_at: datetime | None  # when a part was last finished
    learned: int | None = None  # the model learned from people to which it is pinned
    digest: str = ""

    @property
    def percent(self) -> int:
        """How much is done; a hundred only when everything is."""
        return 100 * self.parts_done // self.parts if self.parts else 100

    @property
    def a_second(self) -> float | None:
        """Comments a second so far; None when too little is done to say."""
        seconds = (self.last_at - self.started_at).total_seconds() if self.last_at else 0
        return self.comments / seconds if seconds > 1 and self.comments else None


@dataclass(frozen=True)
class ThemeChange:
    """What a switch would change for one theme: numbers of comments."""

    theme: str
    before: Mapping[str, int]  # polarity -> comments
    after: Mapping[str, int]
    gained: int
    lost: int
    turned: int  # in both, spoken of in another way

    @property
    def is_still(self) -> bool:
        """Tell whether nothing changes."""
        return not (self.gained or self.lost or self.turned)


def last_run(connection: Connection) -> Progress | None:
    """Return how far the newest run is; None when there has been none.

    Args:
        connection: a reading connection.
    """
    run = connection.execute(select(*CodebookRun.__table__.columns).order_by(CodebookRun.started_at.desc())).first()
    if run is None:
        return None
    done = CodebookRunPart.done_at
    counts = select(
        func.count(), func.count(done), func.coalesce(func.sum(CodebookRunPart.comments), 0), func.max(done)
    )
    parts, parts_done, comments, last = connection.execute(counts.where(CodebookRunPart.run_id == run.id)).one()
    told = (run.id, run.version, run.state, parts, parts_done, comments)
    return Progress(*told, run.started_by, run.started_at, last, run.learned, run.learned_digest or "")


def changes(connection: Connection, teams: Teams) -> list[ThemeChange]:
    """Compare what is in force with what stands by, theme by theme.

    Args:
        connection: a reading connection.
        teams: whose responses may be seen.

    Returns:
        The themes of which anything is known, by how much moves, the most first; `none` for comments without one.
    """
    # Every comment is counted twice: with very many this may take longer than a page is given.
    with taking_longer(connection, _PATIENCE_SECONDS), joining_whole(connection):
        before, after = _counts(connection, teams, Coding.in_force.is_(True)), _counts(connection, teams, _then())
        moved = _moved(connection, teams)
    found = [
        ThemeChange(theme, before.get(theme, {}), after.get(theme, {}), *moved.get(theme, (0, 0, 0)))
        for theme in {*before, *after}
    ]
    return sorted(found, key=lambda one: (-(one.gained + one.lost), -one.turned, one.theme))


def coded_by_people(connection: Connection, teams: Teams) -> int:
    """Count the comments whose codes in force are a person's: no version changes them.

    Args:
        connection: a reading connection.
        teams: whose responses may be seen.
    """
    query = select(func.count()).select_from(Coding).join(Response, Response.id == Coding.response_id)
    of_people = query.where(Coding.in_force, Coding.source == PERSON)
    return int(connection.execute(visible_to(teams, of_people)).scalar_one())


def _then() -> ColumnElement[bool]:
    """Choose the codes that would be in force: a person's, else what stands by, else what there is."""
    other = aliased(Coding)
    of_person = _beside(other, and_(other.in_force, other.source == PERSON))
    is_ready = _beside(other, other.source == STANDBY)
    return or_(
        and_(Coding.source == STANDBY, ~of_person),
        and_(Coding.in_force, or_(Coding.source == PERSON, ~is_ready)),
    )


def _beside(other: type[Coding], so: ColumnElement[bool]) -> ColumnElement[bool]:
    """Tell whether the same comment has other codes of which something is so."""
    return exists(select(other.id).where(other.comment_id == Coding.comment_id, so))


def _counts(connection: Connection, teams: Teams, which: ColumnElement[bool]) -> dict[str, dict[str, int]]:
    theme = func.coalesce(CodedTheme.theme, NO_THEME)
    polarity = func.coalesce(CodedTheme.polarity, Coding.polarity)
    query = (
        select(theme.label("theme"), polarity.label("polarity"), func.count().label("n"))
        .select_from(Coding)
        .join(Response, Response.id == Coding.response_id)
        .outerjoin(CodedTheme, CodedTheme.coding_id == Coding.id)
        .where(which)
        .group_by(theme, polarity)
    )
    counts: dict[str, dict[str, int]] = {}
    for row in connection.execute(visible_to(teams, query)):
        counts.setdefault(row.theme, {})[row.polarity] = row.n
    return counts


def _moved(connection: Connection, teams: Teams) -> dict[str, tuple[int, int, int]]:
    """Count, by theme, the comments that would come under it, leave it, and stay but be spoken of in another way.

    Only comments that were read both ways count. The readings are gone through once and never joined to
    themselves: with tens of thousands of comments that can take longer than a page may.
    """
    is_now, is_then = and_(Coding.source == MACHINE, Coding.in_force), Coding.source == STANDBY
    first = func.min(Coding.source).over(partition_by=Coding.comment_id)
    last = func.max(Coding.source).over(partition_by=Coding.comment_id)
    readings = (
        select(
            Coding.comment_id,
            Coding.source,
            CodedTheme.theme,
            CodedTheme.polarity,
            (first != last).label("both_ways"),
        )
        .select_from(Coding)
        .join(Response, Response.id == Coding.response_id)
        .outerjoin(CodedTheme, CodedTheme.coding_id == Coding.id)  # a reading without a theme is one of the two
        .where(or_(is_now, is_then))
    )
    read = visible_to(teams, readings).subquery()
    said = (
        select(
            read.c.theme,
            func.max(case((read.c.source == MACHINE, read.c.polarity))).label("now"),
            func.max(case((read.c.source == STANDBY, read.c.polarity))).label("then"),
        )
        .where(read.c.both_ways, read.c.theme.is_not(None))
        .group_by(read.c.comment_id, read.c.theme)
    )
    one = said.subquery()
    turned = case((one.c.now != one.c.then, 1))
    query = select(
        one.c.theme,
        func.count() - func.count(one.c.now),
        func.count() - func.count(one.c.then),
        func.count(turned),
    ).group_by(one.c.theme)
    return {theme: (gained, lost, other_way) for theme, gained, lost, other_way in connection.execute(query)}
