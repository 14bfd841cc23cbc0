"""A7: invitations for two days, resets for an hour: each opens once, is kept as a hash, and skips no second factor."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.jobs import Job
from hscb_voice.foundation.letters import PostedLetter
from hscb_voice.foundation.platform import Platform
from hscb_voice.staff.entry_links import (
    INVITATION,
    RESET,
    NewLink,
    answer_reset,
    ask_for_reset,
    invite,
    make_link,
    open_invitations,
    person_of_link,
    use_link,
    withdraw,
    without_password,
)
from hscb_voice.staff.errors import AccountError, EndedLinkError, WeakPasswordError
from hscb_voice.staff.passwords import password_fits
from hscb_voice.staff.queries import credentials_by, everybody, open_sign_in
from hscb_voice.staff.roles import Role
from hscb_voice.staff.service import NewPerson, begin_sign_in, disable

EMAIL, PASSWORD, OTHER = "someone@example.org", "copper lantern meadow 47", "another lantern in the meadow"
NEW = NewPerson(EMAIL, "Example Person", frozenset({Role.ANALYST}))


@pytest.fixture
def invited(platform: Platform) -> NewLink:
    """A link for somebody who has just been invited."""
    with platform.database.writing() as connection:
        return invite(connection, NEW, now=platform.clock.now(), by="boss")


def _use(platform: Platform, link: NewLink, password: str = PASSWORD) -> None:
    with platform.database.writing() as connection:
        use_link(connection, link.kind, link.token, password, now=platform.clock.now())


def _make(platform: Platform, link: NewLink, kind: str) -> NewLink:
    with platform.database.writing() as connection:
        return make_link(connection, link.person.id, kind, now=platform.clock.now(), by="boss")


def _fits(platform: Platform, password: str) -> bool:
    with platform.database.reading() as connection:
        known = credentials_by(connection, email=EMAIL)
    return known is not None and password_fits(password, known.password_hash)


def test_a7_whoever_is_invited_has_no_password_until_they_choose_one(platform: Platform, invited: NewLink) -> None:
    assert not _fits(platform, "")
    with platform.database.reading() as connection:
        assert open_invitations(connection, platform.clock.now()) == {invited.person.id: invited.until}
        assert without_password(connection) == {invited.person.id}
    _use(platform, invited)
    assert _fits(platform, PASSWORD)


def test_a7_a_link_opens_once(platform: Platform, invited: NewLink) -> None:
    _use(platform, invited)
    with pytest.raises(EndedLinkError):
        _use(platform, invited, OTHER)
    assert _fits(platform, PASSWORD)


@pytest.mark.parametrize(("kind", "lasts"), [(INVITATION, timedelta(hours=48)), (RESET, timedelta(hours=1))])
def test_a7_a_link_ends_after_its_time(
    platform: Platform, clock: SetClock, invited: NewLink, kind: str, lasts: timedelta
) -> None:
    link = _make(platform, invited, kind)
    clock.pass_time(lasts - timedelta(seconds=1))
    with platform.database.reading() as connection:
        assert person_of_link(connection, kind, link.token, clock.now()) == link.person
    clock.pass_time(timedelta(seconds=1))
    with pytest.raises(EndedLinkError):
        _use(platform, link)


def test_a7_a_new_link_makes_the_old_one_void(platform: Platform, invited: NewLink) -> None:
    newer = _make(platform, invited, INVITATION)
    with pytest.raises(EndedLinkError):
        _use(platform, invited)
    _use(platform, newer)


def test_a7_an_invitation_is_no_reset_and_a_reset_no_invitation(platform: Platform, invited: NewLink) -> None:
    with pytest.raises(EndedLinkError), platform.database.writing() as connection:
        use_link(connection, RESET, invited.token, PASSWORD, now=platform.clock.now())


def test_a7_only_the_hash_of_a_link_is_kept(platform: Platform, invited: NewLink) -> None:
    with platform.database.reading() as connection:
        kept = connection.execute(text("SELECT * FROM entry_links")).all()
        record = connection.execute(text("SELECT * FROM audit_entries")).all()
    assert len(invited.token) >= 43
    assert invited.token not in str(kept) + str(record)


def test_a7_a_reset_ends_every_session_and_leaves_the_second_factor(platform: Platform, invited: NewLink) -> None:
    _use(platform, invited)
    now = platform.clock.now()
    with platform.database.writing() as connection:
        session = begin_sign_in(connection, invited.person.id, now=now)
    _use(platform, _make(platform, invited, RESET), OTHER)
    with platform.database.reading() as connection:
        assert open_sign_in(connection, session) is None
    assert _fits(platform, OTHER)
    assert not _fits(platform, PASSWORD)


def test_a7_a_weak_password_leaves_the_link_open(platform: Platform, invited: NewLink) -> None:
    with pytest.raises(WeakPasswordError):
        _use(platform, invited, "short")
    _use(platform, invited)


def test_a7_a_disabled_person_is_let_in_by_no_link(platform: Platform, invited: NewLink) -> None:
    with platform.database.writing() as connection:
        disable(connection, invited.person.id, now=platform.clock.now(), by="boss")
    with pytest.raises(EndedLinkError):
        _use(platform, invited)
    with pytest.raises(AccountError, match="disabled"):
        _make(platform, invited, RESET)


def test_a7_an_invitation_is_withdrawn_with_the_account_unless_it_was_accepted(
    platform: Platform, invited: NewLink
) -> None:
    now = platform.clock.now()
    with platform.database.writing() as connection:
        withdraw(connection, invited.person.id, now=now, by="boss")
        assert everybody(connection) == []
        again = invite(connection, NEW, now=now, by="boss")
    with pytest.raises(EndedLinkError):
        _use(platform, invited)
    _use(platform, again)
    with pytest.raises(AccountError, match="has accepted"), platform.database.writing() as connection:
        withdraw(connection, again.person.id, now=now, by="boss")
    with pytest.raises(AccountError, match="has accepted"):
        _make(platform, again, INVITATION)


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.org"])
def test_a7_asking_for_a_reset_leaves_the_same_traces_for_everybody(
    platform: Platform, invited: NewLink, email: str
) -> None:
    _use(platform, invited)
    with platform.database.writing() as connection:
        ask_for_reset(connection, email, now=platform.clock.now())
        jobs = connection.execute(select(func.count()).where(Job.kind == "staff.reset")).scalar_one()
        letters = connection.execute(select(func.count()).select_from(PostedLetter)).scalar_one()
    assert (jobs, letters) == (1, 0)


def test_a7_the_worker_answers_only_somebody_who_is_known(platform: Platform, invited: NewLink) -> None:
    _use(platform, invited)
    sent: list[NewLink] = []
    now = platform.clock.now()
    with platform.database.writing() as connection:
        for email in (EMAIL, "nobody@example.org"):
            ask_for_reset(connection, email, now=now)
        for request_id in connection.execute(select(Job.subject_id).where(Job.kind == "staff.reset")).scalars().all():
            for _ in range(2):  # a job may run twice
                answer_reset(connection, request_id, now=now, send=lambda _, link: sent.append(link))
    assert [(link.kind, link.person.email) for link in sent] == [(RESET, EMAIL)]
    _use(platform, sent[0], OTHER)
