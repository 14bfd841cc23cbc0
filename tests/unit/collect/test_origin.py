"""W3: what another site's page sends is refused; a browser that says nothing is believed."""

import pytest
from werkzeug.datastructures import Headers

from hscb_voice.web.origin import comes_from_elsewhere

HOST = "voice.example.gov.uk"


@pytest.mark.parametrize("site", ["cross-site", "same-site", "anything new"])
def test_it_refuses_what_the_browser_says_is_another_site(site: str) -> None:
    assert comes_from_elsewhere(Headers({"Sec-Fetch-Site": site, "Origin": f"https://{HOST}"}), HOST)


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "https://voice.example.gov.uk.elsewhere.example"])
def test_it_refuses_another_origin_from_an_older_browser(origin: str) -> None:
    assert comes_from_elsewhere(Headers({"Origin": origin}), HOST)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": f"https://{HOST}"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_it_takes_what_our_own_page_sends(headers: dict[str, str]) -> None:
    assert not comes_from_elsewhere(Headers(headers), HOST)
