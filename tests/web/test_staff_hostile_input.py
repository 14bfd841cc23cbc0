"""What no person types: staff pages refuse it as not found or not right, and never break on it."""

import pytest
from flask import Flask

from hscb_voice.staff.roles import Role
from tests.support.people import PASSWORD, sign_in

NOTHING = "%00"  # a character that PostgreSQL keeps in no text
ADDRESSES = (
    f"/staff/responses/{NOTHING}",
    f"/staff/responses/?service={NOTHING}",
    f"/staff/responses/?questionnaire={NOTHING}",
    f"/staff/concerns/{NOTHING}",
    f"/staff/themes/comments/{NOTHING}",
    f"/staff/themes/listened_to?polarity={NOTHING}",
    f"/staff/people/{NOTHING}",
    f"/staff/board/?period={NOTHING}",
    f"/staff/board/{NOTHING}",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_with_a_character_that_no_database_keeps_leads_nowhere(app: Flask, address: str) -> None:
    everything = sign_in(app, *Role, email="everything@example.org")
    everything.pages.get(address, expect=404)


def test_a_name_with_such_a_character_does_not_sign_in(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/staff/sign-in").get_data(as_text=True)
    token = page.split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
    sent = {"csrf_token": token, "email": "a\x00b@example.org", "password": PASSWORD}
    assert client.post("/staff/sign-in", data=sent).status_code == 400
