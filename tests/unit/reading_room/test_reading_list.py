"""C6: everything that was written waits until a person has read it; nothing is missed, nothing is forgotten."""

from datetime import date, datetime, timedelta

from sqlalchemy import select, update

from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.platform import Platform
from hscb_voice.reading_room.meetings import set_meeting
from hscb_voice.reading_room.queries import (
    Item,
    Section,
    item_by_id,
    next_item,
    progress,
    waiting_counts,
    waiting_list,
)
from hscb_voice.responses.models import Comment, Response, ToBeRead
from hscb_voice.responses.queries import EVERY_TEAM, Teams, response_by_id
from hscb_voice.responses.reading import CONCERN, open_response
from hscb_voice.responses.reading_list import mark_read, mark_response_read, mark_unread
from hscb_voice.responses.service import READ_JOB, SCREEN_JOB, Setting
from hscb_voice.responses.words import comments_of
from hscb_voice.staff.queries import Person
from hscb_voice.staff.roles import Permission
from hscb_voice.themes.jobs import prepare_reading
from tests.support.answering import keep_answer, keep_second_answer

PARENT = "support-worker-parent"


def say(platform: Platform, text: str, *, slug: str = "support-worker-child", team: str = "", **answers: object) -> str:
    """Keep an answer, let the machine read it, and return its comment's id; a minute passes."""
    question = "q2a" if slug == "support-worker-child" else "q5"
    given = {question: text, **answers}
    response_id = keep_answer(platform, given, slug=slug, setting=Setting(team=team)).response_id
    platform.jobs.run_for(response_id, [SCREEN_JOB])
    with platform.database.writing() as connection:
        prepare_reading(connection, response_id, keys=platform.keys, clock=platform.clock)(connection)
    assert isinstance(platform.clock, SetClock)
    platform.clock.pass_time(timedelta(minutes=1))
    with platform.database.reading() as connection:
        return comments_of(connection, platform.keys, [response_id])[0].id


def order(platform: Platform, teams: Teams = EVERY_TEAM) -> list[str]:
    """Return what a reader would meet, one after another, marking each as read; then put all back."""
    met: list[str] = []
    with platform.database.writing() as connection:
        while (found := next_item(connection, teams)) is not None:
            met.append(found.id)
            mark_read(connection, found.id, "a person", platform.clock.now())
        for item_id in met:
            mark_unread(connection, item_id)
    return met


def counts(platform: Platform, teams: Teams = EVERY_TEAM) -> dict[Section, int]:
    with platform.database.reading() as connection:
        return waiting_counts(connection, teams)


def test_c6_every_comment_waits_to_be_read_from_the_transaction_that_keeps_it(platform: Platform) -> None:
    keep_answer(platform, {"q2a": "One thing.", "q6": "Another thing."})
    with platform.database.reading() as connection:
        comments = set(connection.execute(select(Comment.id)).scalars())
        waiting = set(connection.execute(select(ToBeRead.id).where(ToBeRead.read_at.is_(None))).scalars())
    assert len(comments) == 2
    assert waiting == comments


def test_c6_a_second_answer_waits_too_once_however_often_it_is_sent(platform: Platform) -> None:
    kept = keep_answer(platform, {"q2": ["happy"]})
    for _ in range(2):
        keep_second_answer(platform, {"q2a": "Something else."}, sitting_id=kept.response_id)
    assert counts(platform)[Section.CHILD] == 1
    with platform.database.reading() as connection:
        (item,) = waiting_list(connection, EVERY_TEAM, Section.CHILD)
    assert item.is_second


def test_c6_what_no_machine_can_read_comes_first_then_concerns_then_children_then_the_oldest(
    platform: Platform,
) -> None:
    parent = say(platform, "The report came too late for us.", slug=PARENT)
    child = say(platform, "We played games.")
    later = say(platform, "We made puppets.")
    concerned = say(platform, "We talked.", talk="yes")
    polish = say(platform, "Nie lubię kiedy pani przychodzi bo jest mi bardzo smutno w domu")
    assert order(platform) == [polish, concerned, child, later, parent]
    assert list(counts(platform).values()) == [1, 1, 2, 1]


def test_c6_the_list_of_each_section_is_by_age_and_paged(platform: Platform) -> None:
    said = [say(platform, f"We played {n} games.") for n in range(5)]
    with platform.database.reading() as connection:
        pages = [waiting_list(connection, EVERY_TEAM, Section.CHILD, page=page, size=2) for page in (1, 2, 3, 4)]
    assert [item.id for page in pages for item in page] == said
    assert [len(page) for page in pages] == [2, 2, 1, 0]


def test_c6_whoever_read_it_first_stays_named(platform: Platform) -> None:
    item_id = say(platform, "We played games.")
    first = platform.clock.now()
    with platform.database.writing() as connection:
        assert mark_read(connection, item_id, "the first", first)
        assert not mark_read(connection, item_id, "the second", first + timedelta(days=1))
        item = item_by_id(connection, EVERY_TEAM, item_id)
    assert (item.read_by, item.read_at) == ("the first", first)


def _person(*permissions: Permission) -> Person:
    return Person("a-person", "A person", "a@example.org", frozenset(), frozenset(), None, frozenset(permissions))


def test_c6_a_concerns_words_read_by_a_safeguarding_lead_count_as_read(platform: Platform) -> None:
    item_id = say(platform, "We talked.", talk="yes")
    with platform.database.reading() as connection:
        response = response_by_id(connection, EVERY_TEAM, item_by_id(connection, EVERY_TEAM, item_id).response_id)
    worker = _person(Permission.READ_COMMENTS)
    open_response(platform, response, worker, CONCERN)
    assert sum(counts(platform).values()) == 1
    lead = _person(Permission.READ_COMMENTS, Permission.READ_CONCERNS)
    open_response(platform, response, lead, "follow_up")
    assert sum(counts(platform).values()) == 1
    open_response(platform, response, lead, CONCERN)
    assert sum(counts(platform).values()) == 0


def test_nothing_of_another_team_is_on_the_list(platform: Platform) -> None:
    own = say(platform, "We played games.", team="North")
    say(platform, "We made puppets.", team="South")
    say(platform, "We talked.", team="South", talk="yes")
    say(platform, "Nie lubię kiedy pani przychodzi bo jest mi bardzo smutno w domu", team="South")
    north = frozenset({"North"})
    assert order(platform, north) == [own]
    assert sum(counts(platform, north).values()) == 1
    with platform.database.reading() as connection:
        assert progress(connection, north, platform.clock.today()).left == 1


def test_words_that_are_gone_are_passed_over(platform: Platform) -> None:
    gone, stays = say(platform, "We played games."), say(platform, "We made puppets.")
    with platform.database.writing() as connection:
        response_id = item_by_id(connection, EVERY_TEAM, gone).response_id
        connection.execute(update(Response).where(Response.id == response_id).values(wrapped_key=None))
    assert order(platform) == [stays]


def test_what_is_left_unread_for_now_is_met_again_after_the_rest(platform: Platform) -> None:
    said = [say(platform, f"We played {n} games.") for n in range(3)]
    with platform.database.reading() as connection:

        def after(place: int) -> Item | None:
            return next_item(connection, EVERY_TEAM, item_by_id(connection, EVERY_TEAM, said[place]))

        following = [after(place) for place in range(3)]
    assert [item and item.id for item in following] == [said[1], said[2], said[0]]


def test_progress_counts_from_the_last_meeting_and_what_is_left_from_before(platform: Platform) -> None:
    read_before, left_before = say(platform, "We played games."), say(platform, "We made puppets.")
    assert isinstance(platform.clock, SetClock)
    today = platform.clock.today()
    with platform.database.writing() as connection:
        set_meeting(connection, today + timedelta(days=1), today, "a person", platform.clock.now())
        set_meeting(connection, date(2026, 12, 3), today, "a person", platform.clock.now())
        mark_read(connection, read_before, "a person", platform.clock.now())
    platform.clock.pass_time(timedelta(days=3))
    since = say(platform, "We sang.")
    with platform.database.writing() as connection:
        response_id = item_by_id(connection, EVERY_TEAM, since).response_id
        assert mark_response_read(connection, response_id, "a person", platform.clock.now()) == 1
        far = progress(connection, EVERY_TEAM, platform.clock.today())
    assert (far.read, far.left, far.total, far.meeting) == (1, 1, 2, date(2026, 12, 3))
    assert left_before in order(platform)


def test_an_answer_that_waits_for_its_machine_is_on_the_list_already(platform: Platform) -> None:
    response_id = keep_answer(platform, {"q2a": "We played games."}).response_id
    assert counts(platform)[Section.CHILD] == 1
    platform.jobs.run_for(response_id, [SCREEN_JOB, READ_JOB])
    assert counts(platform)[Section.CHILD] == 1


def test_a_moment_of_reading_is_kept_with_its_time_zone(platform: Platform) -> None:
    item_id = say(platform, "We played games.")
    with platform.database.writing() as connection:
        mark_read(connection, item_id, "a person", platform.clock.now())
        read_at = item_by_id(connection, EVERY_TEAM, item_id).read_at
    assert isinstance(read_at, datetime)
    assert read_at.tzinfo is not None
