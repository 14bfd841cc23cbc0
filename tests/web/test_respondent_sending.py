"""What happens to what a child or a parent sends: kept once, for good; never lost, whatever is wrong with it."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from hscb_voice.collect import sending
from hscb_voice.foundation.by_hand import ByHand
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.jobs import Job
from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.models import Response, SecondAnswer
from hscb_voice.responses.service import SCREEN_JOB, keep
from hscb_voice.responses.words import comments_of
from tests.support.markup import attribute
from tests.support.pages import Page, PageChecker
from tests.support.sittings import CHILD, FORMS, PARENT, envelope, open_codes, page_sending, version_of

ON_ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HOSTILE = "</textarea><script>alert(1)</script> & “quoted” żółw \U0001f600"


@pytest.fixture
def site(app: Flask) -> Platform:
    """The site's own platform, its codes open."""
    return open_codes(app)


@pytest.fixture
def pages(app: Flask, site: Platform) -> PageChecker:
    """A browser on that site."""
    assert site
    return PageChecker(app)


def kept_rows(site: Platform, table: Any = Response) -> int:
    """Count the rows of a table."""
    with site.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def receipt_on(page: Page) -> str:
    """Return the three words that a page of thanks shows."""
    words = page.words(".receipt")
    assert len(words.split()) == 3
    return words


def value_on(page: Page, name: str) -> str:
    """Return what stands in a page's field of words, as a browser would read it."""
    return "".join(getattr(child, "data", "") or "" for child in page.dom.one(f"textarea[name={name}]").children)


def test_every_form_at_every_age_can_be_answered_and_gives_a_receipt(pages: PageChecker, site: Platform) -> None:
    receipts = set()
    for slug, variant in FORMS:
        page = pages.post(f"/f/{slug}", page_sending(version_of(site, slug), variant), expect=200)
        receipts.add(receipt_on(page))
        assert "Set-Cookie" not in page.response.headers
    assert len(receipts) == len(FORMS) == kept_rows(site)


def test_what_was_sent_is_what_is_kept_with_the_invitations_setting(pages: PageChecker, site: Platform) -> None:
    version = version_of(site, CHILD)
    sent = MultiDict({**envelope(version, "9-and-over"), "answered": "together", "q2a": " It got better. "})
    sent.setlist("q2", ["okay", "scared"])
    pages.post(f"/f/{CHILD}", sent, expect=200)
    with site.database.reading() as connection:
        row = connection.execute(select(*Response.__table__.columns)).one()
        words = comments_of(connection, site.keys, [row.id])
    assert (row.id, row.version_id, row.variant, row.language) == (sent["sitting"], version.id, "9-and-over", "en")
    assert (row.service, row.team, row.channel) == ("Family support", "North", "link")
    assert row.answers == {"q2": ["scared", "okay"], "answered": "together"}
    assert [(word.question, word.text) for word in words] == [("q2a", "It got better.")]


def test_an_adult_who_answers_a_childrens_form_is_counted_as_what_they_are(pages: PageChecker, site: Platform) -> None:
    sent = page_sending(version_of(site, "event"), "professional")
    pages.post("/f/event", sent, expect=200)
    with site.database.reading() as connection:
        assert connection.execute(select(Response.respondent)).scalar_one() == "professional"


def test_sending_the_same_again_gives_the_same_receipt_and_keeps_nothing_twice(
    pages: PageChecker, site: Platform
) -> None:
    sent = page_sending(version_of(site, CHILD))
    receipts = {receipt_on(pages.post(f"/f/{CHILD}", sent, expect=200)) for _ in range(3)}
    assert len(receipts) == 1
    assert kept_rows(site) == 1


def test_other_answers_of_the_same_sitting_are_held_for_a_person_and_said_kindly(
    pages: PageChecker, site: Platform
) -> None:
    sent = page_sending(version_of(site, CHILD))
    pages.post(f"/f/{CHILD}", sent, expect=200)
    sent["q2a"] = "I want to say something else."
    page = pages.post(f"/f/{CHILD}", sent, expect=409)
    assert "Your answers are already here" in page.words("h1")
    assert not page.dom.all(".receipt")
    assert (kept_rows(site), kept_rows(site, SecondAnswer)) == (1, 1)


@ON_ONE
@pytest.mark.parametrize(("key", "value"), [("q2", "scared"), ("talk", "yes")])
def test_whoever_asks_for_somebody_is_told_that_it_is_read_today(
    pages: PageChecker, site: Platform, key: str, value: str
) -> None:
    sent = {**envelope(version_of(site, CHILD)), "answered": "by_myself"}
    calm = pages.post(f"/f/{CHILD}", sent, expect=200)
    worried = pages.post(f"/f/{CHILD}", {**sent, "sitting": new_id(), key: value}, expect=200)
    assert "will read this today" not in calm.words("main")
    assert "Someone who helps children will read this today." in worried.words(".kind")
    for page in (calm, worried):
        assert "0800 1111" in page.words("main")


@ON_ONE
def test_without_saying_who_answered_every_word_comes_back_with_what_to_mend(
    pages: PageChecker, site: Platform
) -> None:
    sent = page_sending(version_of(site, PARENT))
    del sent["answered"]
    sent["q3a"] = HOSTILE
    page = pages.post(f"/f/{PARENT}", sent, expect=422)
    assert "Nothing is lost" in page.words("h1")
    assert attribute(page.dom.one(".summary a"), "href") == "#c-answered"
    assert value_on(page, "q3a").strip() == HOSTILE
    assert not [script for script in page.dom.all("script") if "alert(1)" in script.to_text()]
    again = pages.submit(page, {"answered": "together"}, expect=200)
    assert receipt_on(again)
    with site.database.reading() as connection:
        answers = connection.execute(select(Response.answers)).scalar_one()
        words = {w.question: w.text for w in comments_of(connection, site.keys, [sent["sitting"]])}
    assert answers["q3"] == {"1": "very_good", "2": "very_good", "3": "very_good", "4": "very_good", "5": "very_good"}
    assert words["q3a"] == HOSTILE


@ON_ONE
def test_words_that_are_too_many_come_back_whole(pages: PageChecker, site: Platform) -> None:
    long = "word " * 1500
    sent = {**envelope(version_of(site, CHILD)), "answered": "by_myself", "q2a": long}
    page = pages.post(f"/f/{CHILD}", sent, expect=422)
    assert value_on(page, "q2a").split() == long.split()
    assert "shorten" in page.words("#c-q2a .say")
    assert kept_rows(site) == 0


@ON_ONE
def test_a_body_beyond_all_bounds_is_refused_kindly(pages: PageChecker, site: Platform) -> None:
    sent = {**envelope(version_of(site, CHILD)), "q2a": "x" * 70_000}
    page = pages.post(f"/f/{CHILD}", sent, expect=413)
    assert "That is a lot to tell" in page.words("h1")
    assert kept_rows(site) == 0


@ON_ONE
@pytest.mark.parametrize(
    "strange",
    [
        {"sitting": "1"},
        {"sitting": "\x00"},
        {"sitting": "'; DROP TABLE responses; --"},
        {"version": "999999"},
        {"version": "9" * 400},
        {"version": "one"},
        {"version": "-1"},
        {"version": "²"},
        {"variant": "grown-up"},
        {"variant": "\x00"},
    ],
)
def test_what_does_not_belong_to_the_form_shows_the_form_again_with_every_word(
    pages: PageChecker, site: Platform, strange: dict[str, str]
) -> None:
    sent = {**envelope(version_of(site, CHILD)), "answered": "by_myself", "q2a": "Please read this.", **strange}
    page = pages.post(f"/f/{CHILD}", sent, expect=422)
    assert value_on(page, "q2a").strip() == "Please read this."
    assert kept_rows(site) == 0
    assert receipt_on(pages.submit(page, expect=200))


@ON_ONE
def test_another_questionnaires_version_is_not_taken(pages: PageChecker, site: Platform) -> None:
    sent = {**envelope(version_of(site, PARENT)), "answered": "by_myself", "q5": "Please read this."}
    page = pages.post(f"/f/{CHILD}", sent, expect=422)
    assert value_on(page, "q5").strip() == "Please read this."


@ON_ONE
@pytest.mark.parametrize(
    "odd",
    [
        {"language": "xx"},
        {"language": "\x00"},
        {"unknown": "x"},
        {"q2a": "half a \ud83d character".encode("utf-8", "replace").decode(), "q5": "nul \x00 inside"},
    ],
)
def test_odd_things_beside_the_answers_do_not_cost_a_child_their_words(
    pages: PageChecker, site: Platform, odd: dict[str, str]
) -> None:
    sent = {**envelope(version_of(site, CHILD)), "answered": "by_myself", **odd}
    pages.post(f"/f/{CHILD}", sent, expect=200)


@ON_ONE
@pytest.mark.parametrize("body", [b"\xff\xfe%00%%%&=&&q2=%ED%A0%80", b"", b"answered=by_myself"])
def test_a_body_that_is_no_form_gets_a_page(pages: PageChecker, site: Platform, body: bytes) -> None:
    pages.post(f"/f/{CHILD}", body, content_type="application/x-www-form-urlencoded", expect=422)
    assert kept_rows(site) == 0


@ON_ONE
def test_another_sites_page_may_send_nothing(pages: PageChecker, site: Platform) -> None:
    sent = page_sending(version_of(site, CHILD))
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}):
        page = pages.post(f"/f/{CHILD}", sent, expect=403, headers=headers)
        assert "another website" in page.words("main")
    assert kept_rows(site) == 0
    pages.post(f"/f/{CHILD}", sent, expect=200, headers={"Sec-Fetch-Site": "same-origin", "Origin": "null"})


@ON_ONE
def test_a_get_writes_nothing(pages: PageChecker, site: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    statements: list[str] = []
    from sqlalchemy import event  # noqa: PLC0415 - only here

    event.listen(site.database.engine, "before_cursor_execute", lambda _c, _r, s, *_: statements.append(s))
    monkeypatch.setattr(ByHand, "run", lambda *_: statements.append("INSERT"))
    monkeypatch.setattr(ByHand, "first", lambda *_: statements.append("INSERT"))
    for address in ("/", f"/f/{CHILD}", "/healthz", "/readyz"):
        pages.client.get(address)
    assert statements
    assert [s for s in statements if not s.lstrip().upper().startswith(("SELECT", "BEGIN", "PRAGMA"))] == []


def test_the_answer_is_screened_when_the_reply_has_gone(pages: PageChecker, site: Platform) -> None:
    sent = page_sending(version_of(site, CHILD))
    answer = pages.client.post(f"/f/{CHILD}", data=sent)
    with site.database.reading() as connection:
        waiting = connection.execute(select(Job.kind)).scalars().all()
    assert SCREEN_JOB in waiting
    answer.close()
    with site.database.reading() as connection:
        waiting = connection.execute(select(Job.kind)).scalars().all()
    assert SCREEN_JOB not in waiting


@ON_ONE
def test_a_screening_that_fails_never_reaches_the_reply(
    pages: PageChecker, site: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object) -> int:
        message = "broken"
        raise RuntimeError(message)

    monkeypatch.setattr(type(site.jobs), "run_for", break_down)
    sent = page_sending(version_of(site, CHILD))
    answer = pages.client.post(f"/f/{CHILD}", data=sent)
    answer.close()
    assert answer.status_code == 200
    with site.database.reading() as connection:
        assert SCREEN_JOB in connection.execute(select(Job.kind)).scalars().all()


@ON_ONE
def test_nothing_is_thanked_for_before_it_is_committed(
    pages: PageChecker, site: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def look_from_outside(*arguments: Any) -> Any:
        kept = keep(*arguments)
        seen.append(kept_rows(site))
        return kept

    monkeypatch.setattr(sending, "keep", look_from_outside)
    pages.post(f"/f/{CHILD}", page_sending(version_of(site, CHILD)), expect=200)
    assert seen == [0]
    assert kept_rows(site) == 1
