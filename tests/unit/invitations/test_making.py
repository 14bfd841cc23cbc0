"""Invitations from staff pages: made, counted, closed, and nothing of another team's; on both engines."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from hscb_voice.audit.models import AuditEntry
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.platform import Platform
from hscb_voice.invitations.counting import QUARTER, invited_and_answered, notes_without_code, quarter_of
from hscb_voice.invitations.errors import InvitationError, UnknownInvitationError
from hscb_voice.invitations.listing import (
    InvitationFilter,
    MadeInvitation,
    invitation_by_id,
    invitations_list,
    known_names,
    sheet_of,
)
from hscb_voice.invitations.making import (
    Doer,
    Wish,
    change_note,
    make_many,
    make_recording,
    make_single,
    note_of,
    note_without_code,
    revoke_all,
    say_handed_out,
)
from hscb_voice.invitations.models import Invitation, InvitedCount
from hscb_voice.invitations.queries import invitation_by_code, invited
from hscb_voice.invitations.service import InvitedNote, mark_used
from hscb_voice.responses.service import Setting, Span
from tests.support.answering import keep_answer

SLUG = "support-worker-child"
NORTH, SOUTH = frozenset({"North"}), frozenset({"South"})
YEAR = Span(date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def doer(clock: SetClock) -> Doer:
    """A worker."""
    return Doer("worker-1", clock)


def _wish(team: str = "North", channel: str = "link", days: int = 28, clock: SetClock | None = None) -> Wish:
    now = (clock or SetClock()).now()
    setting = Setting(channel=channel, service="Family support", team=team, locality="Ross")
    return Wish(SLUG, setting, "under-9", "en", now + timedelta(days=days) if days else None)


def _single(platform: Platform, doer: Doer, count: int = 1) -> list[MadeInvitation]:
    with platform.database.writing() as connection:
        ids = make_single(connection, _wish(), count, doer)
    with platform.database.reading() as connection:
        return [invitation_by_id(connection, NORTH, one) for one in ids]


def _many(platform: Platform, doer: Doer) -> MadeInvitation:
    with platform.database.writing() as connection:
        made = make_many(connection, _wish(channel="poster", days=0), doer)
    with platform.database.reading() as connection:
        return invitation_by_id(connection, NORTH, made)


def _invited(platform: Platform) -> int | None:
    with platform.database.reading() as connection:
        return invited(connection, SLUG, YEAR.start, YEAR.end)


def _answer(platform: Platform, made: MadeInvitation) -> None:
    with platform.database.reading() as connection:
        leading = invitation_by_code(connection, made.code)
    keep_answer(platform, {"q2": ["happy"]}, setting=leading.setting)
    with platform.database.writing() as connection:
        mark_used(connection, leading, platform.clock.now())


def test_single_codes_count_one_each_and_stand_on_one_sheet(platform: Platform, doer: Doer) -> None:
    made = _single(platform, doer, 3)
    assert len({one.code for one in made}) == 3
    assert len({one.sheet_id for one in made}) == 1
    assert _invited(platform) == 3
    with platform.database.reading() as connection:
        assert {one.id for one in sheet_of(connection, NORTH, made[0])} == {one.id for one in made}
        leading = invitation_by_code(connection, made[0].code)
    assert (leading.slug, leading.variant, leading.language, leading.single) == (SLUG, "under-9", "en", True)
    assert leading.setting.invitation_id == made[0].id


@pytest.mark.parametrize("count", [0, 61])
def test_it_refuses_a_sheet_of_none_or_of_too_many(platform: Platform, doer: Doer, count: int) -> None:
    with pytest.raises(InvitationError), platform.database.writing() as connection:
        make_single(connection, _wish(), count, doer)
    assert _invited(platform) is None


def test_a_code_for_one_is_closed_for_opening_once_it_was_used_and_still_takes_what_was_open(
    platform: Platform, doer: Doer, clock: SetClock
) -> None:
    (made,) = _single(platform, doer)
    _answer(platform, made)
    with platform.database.reading() as connection:
        leading = invitation_by_code(connection, made.code)
        assert invitation_by_id(connection, NORTH, made.id).answers == 1
    assert leading.closed(clock.now()) == "used"
    assert leading.closed_for_sending(clock.now()) == ""


def test_a_code_that_has_run_out_takes_what_was_opened_before_for_ninety_days(
    platform: Platform, doer: Doer, clock: SetClock
) -> None:
    (made,) = _single(platform, doer)
    with platform.database.reading() as connection:
        leading = invitation_by_code(connection, made.code)
    clock.pass_time(timedelta(days=28))
    assert (leading.closed(clock.now()), leading.closed_for_sending(clock.now())) == ("expired", "")
    clock.pass_time(timedelta(days=90))
    assert leading.closed_for_sending(clock.now()) == "expired"


def test_a_closed_code_that_nobody_was_given_is_no_invitation_and_one_that_was_given_still_is(
    platform: Platform, doer: Doer, clock: SetClock
) -> None:
    given, kept_back = _single(platform, doer, 2)
    with platform.database.writing() as connection:
        assert revoke_all(connection, [given], doer, was_given=True) == 1
        assert revoke_all(connection, [kept_back], doer, was_given=False) == 1
    assert _invited(platform) == 1
    with platform.database.reading() as connection:
        closed = invitation_by_id(connection, NORTH, given.id)
        assert closed.state(clock.now()) == "revoked"
        assert invitation_by_code(connection, given.code).closed_for_sending(clock.now()) == "revoked"
    with platform.database.writing() as connection:
        assert revoke_all(connection, [closed], doer, was_given=False) == 0
    assert _invited(platform) == 1


def test_an_answered_code_still_counts_as_invited_whatever_is_said_when_it_is_closed(
    platform: Platform, doer: Doer
) -> None:
    many = _many(platform, doer)
    with platform.database.writing() as connection:
        say_handed_out(connection, many, doer.today, 12, doer)
    _answer(platform, many)
    with platform.database.reading() as connection:
        answered = invitation_by_id(connection, NORTH, many.id)
    with platform.database.writing() as connection:
        revoke_all(connection, [answered], doer, was_given=False)
    assert _invited(platform) == 12


def test_a_code_for_many_counts_what_was_last_said_of_each_month(
    platform: Platform, doer: Doer, clock: SetClock
) -> None:
    many = _many(platform, doer)
    clock.pass_time(timedelta(days=20))
    with platform.database.writing() as connection:
        say_handed_out(connection, many, date(2026, 11, 1), 40, doer)
        say_handed_out(connection, many, date(2026, 11, 9), 35, doer)
        say_handed_out(connection, many, date(2026, 12, 1), 5, doer)
    assert _invited(platform) == 40
    with platform.database.writing() as connection:
        say_handed_out(connection, many, date(2026, 12, 1), 0, doer)
    assert _invited(platform) == 35
    with platform.database.reading() as connection:
        found = invitation_by_id(connection, NORTH, many.id)
        reasons = list(connection.execute(select(AuditEntry.reason).order_by(AuditEntry.number)).scalars())
    assert found.handed_out == ((date(2026, 11, 1), 35),)
    assert reasons[-2:] == ["5 in December 2026", "0 in December 2026"]


@pytest.mark.parametrize(("month", "number"), [(date(2026, 10, 1), 5), (date(2027, 1, 1), 5), (date(2026, 11, 1), -1)])
def test_it_refuses_a_number_that_cannot_be(platform: Platform, doer: Doer, month: date, number: int) -> None:
    many = _many(platform, doer)
    with pytest.raises(InvitationError), platform.database.writing() as connection:
        say_handed_out(connection, many, month, number, doer)
    assert _invited(platform) is None


def test_a_code_for_one_takes_no_number(platform: Platform, doer: Doer) -> None:
    (made,) = _single(platform, doer)
    with pytest.raises(InvitationError), platform.database.writing() as connection:
        say_handed_out(connection, made, doer.today, 5, doer)
    assert _invited(platform) == 1


def test_what_a_worker_records_counts_as_invited_once_it_was_answered(platform: Platform, doer: Doer) -> None:
    with platform.database.writing() as connection:
        code = make_recording(connection, _wish(channel="worker"), doer)
    assert _invited(platform) is None
    with platform.database.reading() as connection:
        leading = invitation_by_code(connection, code)
    for _ in range(2):
        with platform.database.writing() as connection:
            mark_used(connection, leading, platform.clock.now())
    assert _invited(platform) == 1


def test_people_invited_without_a_code_are_noted_changed_and_taken_away(platform: Platform, doer: Doer) -> None:
    noted = InvitedNote(SLUG, "Family support", Span.month_of(doer.today), 20, team="North")
    with platform.database.writing() as connection:
        note_without_code(connection, noted, doer)
        (line,) = notes_without_code(connection, NORTH, YEAR)
        with pytest.raises(UnknownInvitationError):
            note_of(connection, SOUTH, line.id)
        change_note(connection, note_of(connection, NORTH, line.id), 25, doer)
    assert _invited(platform) == 25
    with platform.database.writing() as connection:
        change_note(connection, line, 0, doer)
    assert _invited(platform) is None


def test_it_refuses_a_note_of_a_month_to_come(platform: Platform, doer: Doer) -> None:
    noted = InvitedNote(SLUG, "Family support", Span.month_of(date(2026, 12, 1)), 20, team="North")
    with pytest.raises(InvitationError), platform.database.writing() as connection:
        note_without_code(connection, noted, doer)
    assert _invited(platform) is None


def test_another_teams_invitations_are_not_found(platform: Platform, doer: Doer) -> None:
    (made,) = _single(platform, doer)
    with platform.database.reading() as connection:
        with pytest.raises(UnknownInvitationError):
            invitation_by_id(connection, SOUTH, made.id)
        assert invitations_list(connection, SOUTH, InvitationFilter(), doer.now) == ([], 0)
        assert invited_and_answered(connection, SOUTH, YEAR) == []
        assert known_names(connection, SOUTH, "service") == []
        assert known_names(connection, NORTH, "locality") == ["Ross"]


@pytest.mark.parametrize("state", ["open", "used", "expired", "revoked"])
def test_the_list_shows_each_state_by_itself(platform: Platform, doer: Doer, clock: SetClock, state: str) -> None:
    codes = dict(zip(("open", "used", "revoked", "expired"), _single(platform, doer, 4), strict=True))
    _answer(platform, codes["used"])
    with platform.database.writing() as connection:
        revoke_all(connection, [codes["revoked"]], doer, was_given=True)
        past = {"expires_at": clock.now() - timedelta(days=1)}
        connection.execute(Invitation.__table__.update().where(Invitation.id == codes["expired"].id).values(past))  # type: ignore[attr-defined]  # a Table, which mypy takes for a FromClause
    with platform.database.reading() as connection:
        found, total = invitations_list(connection, NORTH, InvitationFilter(state=state), clock.now())
    assert ([one.id for one in found], total) == ([codes[state].id], 1)


def test_invited_and_answered_stand_beside_each_other_by_month_and_by_quarter(
    platform: Platform, doer: Doer, clock: SetClock
) -> None:
    first, *_ = _single(platform, doer, 4)
    _answer(platform, first)
    clock.pass_time(timedelta(days=20))
    _single(platform, doer)
    with platform.database.reading() as connection:
        by_month = invited_and_answered(connection, NORTH, YEAR)
        (by_quarter,) = invited_and_answered(connection, NORTH, YEAR, QUARTER)
    assert [(line.period, line.invited, line.answered) for line in by_month] == [
        ("December 2026", 1, 0),
        ("November 2026", 4, 1),
    ]
    assert (by_quarter.invited, by_quarter.answered, by_quarter.share) == (5, 1, "20 %")


def test_the_board_counts_the_same_lines(platform: Platform, doer: Doer) -> None:
    _single(platform, doer, 2)
    with platform.database.reading() as connection:
        (line,) = invited_and_answered(connection, NORTH, YEAR)
        rows = connection.execute(select(InvitedCount.invitation_id)).all()
    assert line.invited == _invited(platform) == len(rows) == 2


def test_quarters_are_those_of_the_calendar() -> None:
    assert quarter_of(date(2026, 11, 22)) == Span(date(2026, 10, 1), date(2026, 12, 31))
    assert quarter_of(date(2026, 2, 28)) == Span(date(2026, 1, 1), date(2026, 3, 31))
