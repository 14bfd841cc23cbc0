"""Row F5, D1 and D2 on the real site: the line to PostgreSQL is refused, reset, slow or silent under an answer."""

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy.engine import make_url

from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings
from hscb_voice.foundation.watchdog import PATIENCE_SECONDS
from tests.support.books import open_form, opened_books
from tests.support.proxy import Mode, Proxy, proxy_before
from tests.support.serving import RealSite, real_site
from tests.support.sittings import CHILD, version_of

pytestmark = [pytest.mark.faults, pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)]
TROUBLES: tuple[Mode, ...] = ("refuse", "reset", "silent")
WORDS = "She listened to me & <helped>."
# A page may meet the silence twice: once when it follows the code, once when it keeps the answer.
LONGEST = 2 * PATIENCE_SECONDS + 1


@pytest.fixture
def proxy(database_url: str) -> Iterator[Proxy]:
    """A proxy before the test's PostgreSQL server."""
    with proxy_before(make_url(database_url).port or 0) as opened:
        yield opened


@pytest.fixture
def through(settings: Settings, proxy: Proxy) -> Settings:
    """The installation's settings, with the proxy in the way."""
    url = make_url(settings.database_url).set(port=proxy.port)
    return replace(settings, database_url=url.render_as_string(hide_password=False))


def sending(platform: Platform) -> dict[str, str]:
    """Return what a child's page sends."""
    version = version_of(platform, CHILD).id
    return {
        "sitting": new_id(),
        "version": str(version),
        "language": "en",
        "q2": "okay",
        "q2a": WORDS,
        "answered": "together",
    }


def check_trouble(site: RealSite, platform: Platform) -> dict[str, str]:
    """See that the form is served and that an answer comes back with every word, in time; return what was sent."""
    sent = sending(platform)
    begun = time.monotonic()
    assert site.ask("GET", f"/f/{CHILD}").status == 200
    assert time.monotonic() - begun < PATIENCE_SECONDS + 1
    begun = time.monotonic()
    reply = site.post(f"/f/{CHILD}", sent)
    assert time.monotonic() - begun < LONGEST
    assert reply.status == 503
    assert int(reply.headers["Retry-After"]) > 0
    assert "She listened to me &amp; &lt;helped&gt;." in reply.text
    assert sent["sitting"] in reply.text
    assert site.ask("GET", "/healthz", seconds=2).status == 200
    assert site.ask("GET", "/readyz").status == 503
    return sent


@pytest.mark.parametrize("trouble", TROUBLES)
def test_row_f5_d1_the_form_is_there_and_no_word_is_lost(
    through: Settings, platform: Platform, proxy: Proxy, trouble: Mode
) -> None:
    open_form(platform)
    with real_site(through, workers=1) as site:
        assert site.ask("GET", f"/f/{CHILD}").status == 200
        proxy.become(trouble)
        sent = check_trouble(site, platform)
        proxy.become("pass")
        assert site.post(f"/f/{CHILD}", sent).status == 200
        assert site.ask("GET", "/readyz").status == 200


def test_d1_a_process_that_starts_while_the_database_is_down_serves_the_form_too(
    through: Settings, platform: Platform, proxy: Proxy
) -> None:
    open_form(platform)
    with real_site(through, workers=1) as site:
        assert site.ask("GET", f"/f/{CHILD}").status == 200
    proxy.become("refuse")
    with real_site(through, workers=1) as site:
        sent = check_trouble(site, platform)
        proxy.become("pass")
        assert site.post(f"/f/{CHILD}", sent).status == 200


def test_d3_healthz_answers_at_once_while_every_thread_waits_for_a_silent_database(
    through: Settings, platform: Platform, proxy: Proxy
) -> None:
    open_form(platform)
    with real_site(through) as site:
        assert site.ask("GET", f"/f/{CHILD}").status == 200
        proxy.become("silent")
        books = opened_books(platform, site)
        books.begin(3)
        time.sleep(0.5)
        begun = time.monotonic()
        assert site.ask("GET", "/healthz").status == 200
        assert time.monotonic() - begun < LONGEST
        proxy.become("pass")
        books.finish()
    assert books.faults(platform) == []


def test_row_f5_a_line_that_changes_all_the_time_loses_and_doubles_nothing(
    through: Settings, platform: Platform, proxy: Proxy
) -> None:
    with real_site(through) as site:
        books = opened_books(platform, site)
        books.begin(4)
        modes: tuple[Mode, ...] = (
            "slow",
            "reset",
            "pass",
            "refuse",
            "lose_replies",
            "pass",
            "reset",
            "slow",
            "lose_replies",
        )
        for mode in modes:
            proxy.become(mode)
            time.sleep(1)
        proxy.become("pass")
        time.sleep(1)
        books.finish()
    faults = books.faults(platform)
    print(f"F5: {len(books.thanked)} thanked, {books.retries} sent again, {faults}")  # noqa: T201 - the figures of the row
    assert faults == []
    assert len(books.thanked) > 4
    assert books.retries > 0
