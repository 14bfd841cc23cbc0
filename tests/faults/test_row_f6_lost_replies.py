"""Row F6: the reply is lost after the commit, one answer comes fifty times at once, or comes again with other words."""

import contextlib
import http.client
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings
from hscb_voice.responses.models import Response, SecondAnswer, Tally
from tests.support.books import open_form, opened_books
from tests.support.proxy import proxy_before
from tests.support.serving import RealSite, Reply, real_site
from tests.support.sittings import CHILD, version_of

pytestmark = pytest.mark.faults


@pytest.fixture
def site(settings: Settings, platform: Platform) -> Iterator[RealSite]:
    """The real site, one form open."""
    open_form(platform)
    with real_site(settings) as running:
        yield running


def message(platform: Platform, words: str) -> str:
    """Return a tablet's message."""
    answers = {"q2": ["okay"], "q2a": words, "answered": "together"}
    return json.dumps(
        {"version": version_of(platform, CHILD).id, "variant": None, "language": "en", "answers": answers}
    )


def send(site: RealSite, sitting: str, body: str) -> Reply:
    """Send a tablet's message, again while the site says that it cannot take it now."""
    for _ in range(20):
        reply = site.ask("PUT", f"/f/{CHILD}/answers/{sitting}", body)
        if reply.status < 500:
            return reply
        time.sleep(0.2)
    return reply


def rows(platform: Platform) -> tuple[int, int, int]:
    """Count responses, second answers, and how often the figures count the tick."""
    with platform.database.reading() as connection:
        counts = [
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (Response, SecondAnswer)
        ]
        ticks = select(func.sum(Tally.n)).where(Tally.question == "q2", Tally.choice == "okay")
        return counts[0], counts[1], int(connection.execute(ticks).scalar() or 0)


def test_row_f6_the_same_answer_fifty_times_at_once_is_kept_once_and_gets_one_receipt(
    site: RealSite, platform: Platform
) -> None:
    sitting, body = new_id(), message(platform, "Once.")
    with ThreadPoolExecutor(50) as pool:
        replies = list(pool.map(lambda _: send(site, sitting, body), range(50)))
    assert {reply.status for reply in replies} <= {200, 201}
    assert [reply.status for reply in replies].count(201) == 1
    assert len({json.loads(reply.body)["receipt"] for reply in replies}) == 1
    assert rows(platform) == (1, 0, 1)


def test_row_f6_other_words_of_the_same_sitting_are_held_once_and_never_thanked(
    site: RealSite, platform: Platform
) -> None:
    sitting = new_id()
    bodies = [message(platform, words) for words in ("First.", "Second.")]
    with ThreadPoolExecutor(20) as pool:
        replies = list(pool.map(lambda number: send(site, sitting, bodies[number % 2]), range(20)))
    assert {reply.status for reply in replies} == {200, 201, 409}
    assert [reply.status for reply in replies].count(409) == 10
    assert rows(platform) == (1, 1, 1)


def test_row_f6_replies_that_are_lost_after_the_commit_are_asked_for_again(site: RealSite, platform: Platform) -> None:
    with proxy_before(site.port) as proxy:
        books = opened_books(platform, site, proxy.port)
        for _ in range(4):
            proxy.become("lose_replies")
            books.begin(2)
            time.sleep(1)
            proxy.become("pass")
            time.sleep(0.5)
        books.finish()
    assert books.faults(platform) == []
    assert books.retries > 0


def test_row_f6_a_browser_that_left_before_its_reply_gets_the_same_receipt_later(
    site: RealSite, platform: Platform
) -> None:
    sitting, body = new_id(), message(platform, "I left.")
    line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=5)
    line.request("PUT", f"/f/{CHILD}/answers/{sitting}", body)
    with contextlib.suppress(OSError):
        line.close()
    time.sleep(1)
    assert rows(platform) == (1, 0, 1)
    first, second = send(site, sitting, body), send(site, sitting, body)
    assert (first.status, second.status) == (200, 200)
    assert first.body == second.body
