"""Two teams' children for tests of who may meet whom: the same things on both sides, each with planted sentences.

A planted sentence stands for what a child, or somebody who noted something about a child, wrote: whoever may not read
words must meet it nowhere.
"""

from dataclasses import dataclass, replace

from sqlalchemy import Connection, insert, select, update

from hscb_voice.board.periods import reporting_year, reporting_year_of
from hscb_voice.foundation.platform import Platform
from hscb_voice.governance.access import ask
from hscb_voice.invitations.making import Doer, Wish, make_single, note_without_code
from hscb_voice.invitations.models import InvitedCount
from hscb_voice.invitations.service import InvitedNote
from hscb_voice.new_themes.models import ThemeDecision, ThemeSearch, ThemeSuggestion
from hscb_voice.new_themes.searching import ask_for_search
from hscb_voice.new_themes.service import PHRASE, Found, keep_found, reject
from hscb_voice.packs.service import ISSUE_JOB, Order, order_pack
from hscb_voice.paper.models import TypedForm
from hscb_voice.paper.printing import printable_form
from hscb_voice.paper.service import PileSetting, open_pile
from hscb_voice.reading_room.acts import Reader, hide
from hscb_voice.reading_room.blind import Wanted, draw
from hscb_voice.reading_room.queries import item_by_id
from hscb_voice.responses.models import Comment
from hscb_voice.responses.queries import EVERY_TEAM
from hscb_voice.responses.service import SCREEN_JOB, Setting, Span
from hscb_voice.safeguarding.history import Written
from hscb_voice.safeguarding.queries import concerns_of
from hscb_voice.safeguarding.service import add_note
from hscb_voice.series.planning import Due
from hscb_voice.series.queries import points_of
from hscb_voice.series.service import NewSeries, begin_series
from hscb_voice.themes.quoting import approve_quote
from hscb_voice.themes.service import MACHINE, Mask, NewCoding, ThemeCode, keep_codings
from hscb_voice.uploads.judging import Asked, judge
from hscb_voice.uploads.models import UploadedRow
from hscb_voice.uploads.service import keep_preview
from hscb_voice.uploads.tables import read_table
from tests.support import actions, tablets
from tests.support.answering import keep_answer, keep_second_answer
from tests.support.people import TEAM
from tests.support.reading_room import correct

OTHER_TEAM = "South team"
# None of these is cleared for the Board; the quote of each side is a sentence of its own.
PLANTED = ("a violet kettle sang", "a crimson ladder fell", "a silver teapot waited")
CLEARED = "She always listened to us."


@dataclass(frozen=True)
class Side:
    """One team's things."""

    team: str
    response_id: str
    comment_id: str
    concern_id: str
    quoted_id: str  # a comment that is cleared for the Board
    sample_id: str  # of comments to be coded blind
    suggestion_id: str  # of a new theme, found over both teams
    decision_id: str  # on another
    tablet_id: str
    invitation_id: str
    note_id: str  # of people invited without a code
    series_id: str
    planned_id: str
    action_id: str  # of no team: written for everybody
    pack_id: str  # the same
    planted: tuple[str, ...]  # what was written on this side, and nobody without the permission may meet


@dataclass(frozen=True)
class TwoTeams:
    """Both sides."""

    own: Side
    other: Side


def fill_two_teams(platform: Platform) -> TwoTeams:
    """Keep the same answers, concerns, notes, codes and quotes for two teams.

    Args:
        platform: with its questionnaires published.

    Returns:
        What there is now.
    """
    own, other = _fill(platform, TEAM), _fill(platform, OTHER_TEAM)
    with platform.database.writing() as connection:
        suggestion_id, *decisions = _suggest(connection, platform)
    action_id, pack_id = actions.decided(platform, actions.noted(platform)), _issue(platform)
    own, other = (
        replace(side, suggestion_id=suggestion_id, decision_id=decision, action_id=action_id, pack_id=pack_id)
        for side, decision in zip((own, other), decisions, strict=True)
    )
    return TwoTeams(own, other)


def _issue(platform: Platform) -> str:
    """Issue a pack of the Board's figures; return its id."""
    with platform.database.writing() as connection:
        year = reporting_year(reporting_year_of(platform.clock.today()))
        order = Order("meeting", year.name, reason="Fewer than five answers stand in it")
        pack_id = order_pack(connection, order, "platform", platform.clock)
    platform.jobs.run_for(pack_id, [ISSUE_JOB])
    return pack_id


def _suggest(connection: Connection, platform: Platform) -> list[str]:
    """Let a look find three subjects on both teams' comments, and reject two; return suggestion and decisions."""
    ask_for_search(connection, "platform", platform.clock)
    search_id = connection.execute(select(ThemeSearch.id)).scalar_one()
    connection.execute(update(ThemeSearch).values(finished_at=platform.clock.now()))
    comments = tuple(connection.execute(select(Comment.id)).scalars())
    found = [Found(PHRASE, (words,), 4, comments, 0, 2.0) for words in ("late taxi", "cold soup", "lost keys")]
    keep_found(connection, platform.keys, search_id, found)
    query = select(ThemeSuggestion.id).order_by(ThemeSuggestion.place)
    kept, *others = connection.execute(query).scalars()
    for one in others:
        reject(connection, one, "covered", "platform", platform.clock)
    return [kept, *connection.execute(select(ThemeDecision.id)).scalars()]


def _fill(platform: Platform, team: str) -> Side:
    planted = tuple(f"{words} beside the {team}" for words in PLANTED)
    words, second, noted = planted
    setting = Setting(channel="link", service="Family support", team=team)
    kept = keep_answer(platform, {"q2": ["scared"], "q2a": words, "talk": "yes"}, setting=setting)
    keep_second_answer(platform, {"q2a": second}, sitting_id=kept.response_id)
    quoted = keep_answer(platform, {"q2a": CLEARED, "may_quote": "yes"}, setting=setting)
    platform.jobs.run_for(kept.response_id, [SCREEN_JOB])
    platform.jobs.run_for(quoted.response_id, [SCREEN_JOB])
    with platform.database.writing() as connection:
        concern = concerns_of(connection, EVERY_TEAM, kept.response_id)[0]
        add_note(connection, concern, "platform", Written(noted, platform.keys), platform.clock)
        ids = [_code(connection, platform, one) for one in (kept.response_id, quoted.response_id)]
        approve_quote(connection, ids[1], [], "platform", platform.clock.now())
        ask(connection, kept.response_id, "platform", platform.clock.now())
        sample_id = _read(connection, platform, ids[0], team)
        invitation_id, note_id = _invite(connection, platform, setting)
    _type(platform, team, kept.response_id)
    tablet_id = tablets.add(platform, team=team, slugs=["my-story"]).tablet_id
    return Side(
        team,
        kept.response_id,
        ids[0],
        concern.id,
        ids[1],
        sample_id,
        "",
        "",
        tablet_id,
        invitation_id,
        note_id,
        *_plan(platform, team),
        "",
        "",
        planted,
    )


def _type(platform: Platform, team: str, response_id: str) -> None:
    """Say of a response that it was typed from a pile of papers, and of a spreadsheet that it brought it."""
    span = Span.month_of(platform.clock.today())
    with platform.database.writing() as connection:
        form = printable_form(connection, "support-worker-child")
        pile = PileSetting(form, "Family support", team, "", span, None, "", moves_on=False)
        pile_id = open_pile(connection, pile, "somebody", platform.clock)
        row = {"response_id": response_id, "pile_id": pile_id, "number": "7", "typed_at": platform.clock.now()}
        connection.execute(insert(TypedForm), row)
        content = b"id,q2\nx,Happy\n"
        asked = Asked(form, team, "Family support", span.start, platform.clock.today())
        judged = judge(read_table(content), asked, content, platform.keys)
        upload_id = keep_preview(connection, judged, asked, "somebody", platform.keys, platform.clock)
        brought = {"upload_id": upload_id, "number": 2, "response_id": response_id, "outcome": "kept", "reason": ""}
        connection.execute(insert(UploadedRow), brought)


def _plan(platform: Platform, team: str) -> tuple[str, str]:
    """Plan a series of forms; return its id and that of its first form."""
    with platform.database.writing() as connection:
        setting = Setting(service="Family support", team=team)
        plan = [Due("first", platform.clock.today())]
        made = begin_series(connection, NewSeries("event", setting), plan, Doer("platform", platform.clock))
        return made, points_of(connection, None, made)[0].id


def _invite(connection: Connection, platform: Platform, setting: Setting) -> tuple[str, str]:
    """Make an invitation, and note people invited without one; return the ids of both."""
    doer = Doer("platform", platform.clock)
    (invitation_id,) = make_single(connection, Wish("support-worker-child", setting), 1, doer)
    span = Span.month_of(platform.clock.today())
    noted = InvitedNote("support-worker-child", setting.service, span, 7, team=setting.team)
    note_without_code(connection, noted, doer)
    mine = (InvitedCount.team == setting.team, InvitedCount.invitation_id.is_(None))
    return invitation_id, connection.execute(select(InvitedCount.id).where(*mine)).scalar_one()


def _read(connection: Connection, platform: Platform, comment_id: str, team: str) -> str:
    """Let a person code and mask a comment in the reading room, and draw it to be coded blind; return the sample."""
    reader = Reader("a reader", "read", platform.clock, EVERY_TEAM)
    item = item_by_id(connection, frozenset({team}), comment_id)
    correct(connection, item, reader, "positive", [])
    hide(connection, item, reader, [Mask(0, 3, "other")], [])
    today = platform.clock.today()
    wanted = Wanted(today.replace(day=1), today.replace(month=12, day=31), 1, "seed")
    return draw(connection, wanted, "a reader", platform.clock)


def _code(connection: Connection, platform: Platform, response_id: str) -> str:
    comment_id = connection.execute(select(Comment.id).where(Comment.response_id == response_id)).scalar_one()
    themes = [ThemeCode("listened_to", "positive", 0, 3)]
    coding = NewCoding(comment_id, MACHINE, "", "test", "positive", themes, [])
    keep_codings(connection, response_id, [coding], platform.clock.now())
    return str(comment_id)
