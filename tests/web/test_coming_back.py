"""Coming back with three words: what became of an answer, adding to it, taking it back; and no way to guess."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.tries import Tries
from hscb_voice.governance.finding import GUESSES
from hscb_voice.responses.adding import Added, add_words
from hscb_voice.responses.models import Comment, Response, ToBeRead
from hscb_voice.responses.reading_list import mark_response_read
from hscb_voice.responses.receipts import receipt_words
from hscb_voice.responses.service import Submission, keep
from hscb_voice.responses.words import comments_of
from hscb_voice.safeguarding.models import Concern
from tests.support.figures_afresh import figures_afresh, figures_kept
from tests.support.pages import Page, PageChecker
from tests.support.sittings import CHILD, FORMS, envelope, open_codes, version_of
from tests.web.test_respondent_trouble import down

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MINE = "/my-answer"


@pytest.fixture
def site(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Platform:
    """A site whose codes are open, and which lets nobody wait."""
    monkeypatch.setattr("hscb_voice.coming_back.public_routes._PAUSE_SECONDS", 0)
    return open_codes(app)


@pytest.fixture
def pages(app: Flask) -> PageChecker:
    """A browser."""
    return PageChecker(app)


def answered(pages: PageChecker, site: Platform, **given: str) -> tuple[str, str]:
    """Answer, and return the three words and the response's id."""
    sent = {**envelope(version_of(site, CHILD)), "answered": "by_myself", **given}
    page = pages.post(f"/f/{CHILD}", sent, expect=200)
    return page.words(".receipt"), sent["sitting"]


def come_back(pages: PageChecker, words: str, *, expect: int = 200) -> Page:
    return pages.submit(pages.get(MINE), {"words": words}, expect=expect)


def texts(site: Platform, response_id: str) -> list[str]:
    with site.database.reading() as connection:
        return [comment.text for comment in comments_of(connection, site.keys, [response_id])]


def test_it_says_that_a_person_has_read_it_and_never_what_it_says(
    pages: PageChecker, site: Platform, clock: SetClock
) -> None:
    words, response_id = answered(pages, site, q2a="She played with me.")
    page = come_back(pages, words)
    assert "It came on 22 November 2026." in page.words()
    assert "A person will read your words soon." in page.words()
    clock.pass_time(timedelta(days=11))
    with site.database.writing() as connection:
        mark_response_read(connection, response_id, "somebody", clock.now())
    page = come_back(pages, words.upper().replace(" ", " - "))
    assert "A person has read it, on 3 December 2026." in page.words()
    assert "played" not in page.text
    assert "There is nothing here yet. Come back after the Board has met." in page.words()


def test_what_was_only_ticked_is_said_to_be_counted(pages: PageChecker, site: Platform) -> None:
    words, _ = answered(pages, site, q2="happy")
    assert "You wrote no words. What you ticked is counted." in come_back(pages, words).words()


def test_what_is_added_is_kept_once_sealed_and_waits_to_be_read(
    pages: PageChecker, site: Platform, clock: SetClock
) -> None:
    words, response_id = answered(pages, site, q2a="She played with me.")
    clock.pass_time(timedelta(days=2))
    page = come_back(pages, words)
    form = 'main form[action^="/my-answer/more"]'
    for _ in range(2):
        again = pages.submit(page, {"more": "She came on time, too."}, form=form, expect=200)
        assert "We have added it. A person will read it." in again.words()
    assert sorted(texts(site, response_id)) == ["She came on time, too.", "She played with me."]
    with site.database.reading() as connection:
        waiting = list(connection.execute(select(ToBeRead.heard_at).where(ToBeRead.read_at.is_(None))).scalars())
        sealed = list(connection.execute(select(Comment.sealed)).scalars())
    assert sorted(waiting) == [clock.now() - timedelta(days=2), clock.now()]
    assert not any(b"time" in one for one in sealed)
    assert "She came" not in again.text


def test_a_worry_that_is_added_is_met_kindly_and_raised_with_it(pages: PageChecker, site: Platform) -> None:
    words, response_id = answered(pages, site)
    form = 'main form[action^="/my-answer/more"]'
    page = pages.submit(come_back(pages, words), {"more": "He hits me."}, form=form, expect=200)
    assert "It was good that you told us." in page.words(".kind")
    with site.database.reading() as connection:
        raised = connection.execute(select(Concern.response_id).where(Concern.response_id == response_id)).first()
    assert raised is not None


def test_the_first_answer_sent_again_is_still_the_same(pages: PageChecker, site: Platform) -> None:
    sent = {**envelope(version_of(site, CHILD)), "answered": "by_myself", "q2a": "She played with me."}
    words = pages.post(f"/f/{CHILD}", sent, expect=200).words(".receipt")
    form = 'main form[action^="/my-answer/more"]'
    pages.submit(come_back(pages, words), {"more": "And cards."}, form=form, expect=200)
    assert pages.post(f"/f/{CHILD}", sent, expect=200).words(".receipt") == words


def test_every_form_has_a_place_for_more_and_its_figures_stay_right(site: Platform) -> None:
    for slug, variant in FORMS:
        sitting = new_id()
        with site.database.writing() as connection:
            keep(connection, Submission(sitting, version_of(site, slug), {}, site.clock.now(), variant), site.keys)
            assert add_words(connection, Added(new_id(), sitting, "More."), site.keys, site.clock.now())
        assert texts(site, sitting) == ["More."]
    with site.database.reading() as connection:
        assert figures_kept(connection) == figures_afresh(connection)


def test_it_is_taken_back_after_one_clear_question(pages: PageChecker, site: Platform) -> None:
    words, response_id = answered(pages, site, q2a="She played with me.")
    form = 'main form[action^="/my-answer/back"]'
    sure = pages.submit(come_back(pages, words), form=form, expect=200)
    assert "Take your answer back?" in sure.words("h1")
    assert texts(site, response_id)
    kept = pages.submit(sure, form='main form[action="/my-answer?lang=en"]', expect=200)
    assert "Your answer" in kept.words("h1")
    gone = pages.submit(sure, form=form, expect=200)
    assert "Your answer is gone" in gone.words("h1")
    with site.database.reading() as connection:
        assert connection.execute(select(Response.id).where(Response.id == response_id)).first() is None
    assert "We cannot find an answer with these words." in come_back(pages, words, expect=422).words()


def test_with_an_open_concern_a_person_must_look_first(pages: PageChecker, site: Platform) -> None:
    words, response_id = answered(pages, site, talk="yes")
    form = 'main form[action^="/my-answer/back"]'
    sure = pages.submit(come_back(pages, words), form=form, expect=200)
    assert "A person must look first" in pages.submit(sure, form=form, expect=200).words("h1")
    with site.database.reading() as connection:
        assert connection.execute(select(Response.id).where(Response.id == response_id)).first() is not None


def test_a_slip_gets_a_hint_that_tells_nothing_of_who_has_which_words(pages: PageChecker, site: Platform) -> None:
    words, _ = answered(pages, site)
    one, two, three = words.split()
    slip = one[:-1] + "x" + one[-1]
    assert f"Did you mean “{one}”?" in come_back(pages, f"{slip} {two} {three}", expect=422).words()
    assert "Please type all three words." in come_back(pages, f"{one} {two}", expect=422).words()
    assert "is not one of our words" in come_back(pages, f"zzzzzz {two} {three}", expect=422).words()
    with site.database.reading() as connection:
        assert connection.execute(select(Tries.key)).first() is None  # no try was needed to say so


def test_row_s3_guessing_is_held_up_and_the_right_words_are_told_so_too(
    pages: PageChecker, site: Platform, clock: SetClock
) -> None:
    words, _ = answered(pages, site)
    one, two, three = receipt_words()[:3]
    for _ in range(GUESSES.a_minute):
        come_back(pages, f"{one} {two} {three}", expect=422)
    assert "Too many tries." in come_back(pages, f"{one} {two} {three}", expect=429).words()
    clock.pass_time(timedelta(minutes=2))
    come_back(pages, words)
    with site.database.reading() as connection:
        kept = " ".join(connection.execute(select(Tries.key)).scalars())
    assert "127.0.0.1" not in kept
    assert one not in kept


def test_the_words_stand_in_no_address_cookie_or_log(
    pages: PageChecker, site: Platform, capfd: pytest.CaptureFixture[str]
) -> None:
    words, _ = answered(pages, site)
    page = come_back(pages, words)
    form = 'main form[action^="/my-answer/more"]'
    pages.submit(page, {"more": "More."}, form=form, expect=200)
    for link in page.dom.all("a, form, link, script"):
        assert words.split()[0] not in str(link.attrs)
    assert "Set-Cookie" not in page.response.headers
    assert page.dom.one("#leave")
    told = capfd.readouterr()
    assert words.split()[0] not in told.out + told.err
    assert pages.get(f"{MINE}?words={words.replace(' ', '+')}").words("h1") == "Your three words"


def test_d1_what_was_to_be_added_stays_on_the_page(
    pages: PageChecker, site: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, _ = answered(pages, site)
    page = come_back(pages, words)
    down(site, monkeypatch)
    form = 'main form[action^="/my-answer/more"]'
    held = pages.submit(page, {"more": "I have more to say."}, form=form, expect=503)
    assert "I have more to say." in held.text
    assert held.response.headers["Retry-After"]


def test_it_refuses_what_comes_from_another_site_and_what_is_too_long(pages: PageChecker, site: Platform) -> None:
    words, response_id = answered(pages, site)
    form = {"words": words, "once": new_id(), "more": "Not mine."}
    pages.post(f"{MINE}/more", form, expect=403, headers={"Sec-Fetch-Site": "cross-site"})
    pages.post(f"{MINE}/more", {**form, "more": "x" * 5000}, expect=422)
    pages.post(f"{MINE}/more", {**form, "more": "  "}, expect=422)
    pages.post(f"{MINE}/more", {**form, "once": "x"}, expect=422)
    assert texts(site, response_id) == []
