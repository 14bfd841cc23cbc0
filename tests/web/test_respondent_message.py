"""What a tablet sends for answers that it held: JSON, once or fifty times, with one receipt or a reason to mend."""

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.models import Response, SecondAnswer
from tests.support.sittings import CHILD, FORMS, PARENT, message_answers, open_codes, page_sending, version_of

ON_ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def site(app: Flask) -> Platform:
    """The site's own platform, its codes open."""
    return open_codes(app)


def put(app: Flask, body: object, sitting: str | None = None, slug: str = CHILD, **more: Any) -> TestResponse:
    """Send a tablet's message, closing the reply as a server does."""
    with app.test_client() as client:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        address = f"/f/{slug}/answers/{sitting or new_id()}"
        answer = client.put(address, data=raw, content_type="application/json", **more)
        answer.close()
        return answer


def message(site: Platform, slug: str = CHILD, variant: str | None = None, **answers: object) -> dict[str, object]:
    """Return a message that answers only who filled it in, and what is given."""
    return answering(site, answers, slug, variant)


def answering(
    site: Platform, answers: dict[str, object], slug: str = CHILD, variant: str | None = None
) -> dict[str, object]:
    """Return the same, for questions whose keys are no words of Python."""
    given = {"answered": "together", **answers}
    return {"version": version_of(site, slug).id, "variant": variant, "language": "en", "answers": given}


def count(site: Platform, table: Any = Response) -> int:
    """Count the rows of a table."""
    with site.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_every_form_can_be_sent_from_a_tablet(app: Flask, site: Platform) -> None:
    for slug, variant in FORMS:
        version = version_of(site, slug)
        body = message(site, slug, variant) | {"answers": message_answers(version, variant)}
        answer = put(app, body, slug=slug)
        assert answer.status_code == 201, answer.json
        assert (answer.json or {})["receipt"].count("-") == 2
    assert count(site) == len(FORMS)


def test_the_same_message_again_gets_the_same_receipt(app: Flask, site: Platform) -> None:
    sitting = new_id()
    answers = [put(app, message(site, q2=["happy"]), sitting) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 200, 200]
    assert len({json.dumps(answer.json) for answer in answers}) == 1
    assert count(site) == 1


def test_a_page_and_a_tablet_that_send_the_same_are_one_sitting(app: Flask, site: Platform) -> None:
    version = version_of(site, PARENT)
    sent = page_sending(version)
    assert app.test_client().post(f"/f/{PARENT}", data=sent).status_code == 200
    body = message(site, PARENT) | {"answers": message_answers(version)}
    assert put(app, body, sent["sitting"], PARENT).status_code == 200
    assert count(site) == 1


def test_another_message_of_the_same_sitting_is_held_for_a_person(app: Flask, site: Platform) -> None:
    sitting = new_id()
    put(app, message(site, q2=["happy"]), sitting)
    assert put(app, message(site, q2=["scared"]), sitting).status_code == 409
    assert (count(site), count(site, SecondAnswer)) == (1, 1)


@ON_ONE
@pytest.mark.parametrize(
    ("answers", "key"),
    [
        ({"answered": None}, "answered"),
        ({"q2": "purple"}, "q2"),
        ({"q2": {"a": 1}}, "q2"),
        ({"q2": [["deep"]]}, "q2"),
        ({"q3": 7.5}, "q3"),
        ({"q2a": 12}, "q2a"),
        ({"q2a": "x" * 5001}, "q2a"),
        ({"q99": "x"}, "q99"),
        ({"\ud800": "x"}, "?"),
        ({"q3": "\ud800"}, "q3"),
    ],
)
def test_what_cannot_be_kept_is_named_by_question(
    app: Flask, site: Platform, answers: dict[str, object], key: str
) -> None:
    answer = put(app, answering(site, answers))
    assert answer.status_code == 422
    assert list((answer.json or {})["errors"]) == [key]
    assert count(site) == 0


@ON_ONE
def test_half_a_character_and_a_nul_do_not_cost_a_child_their_words(app: Flask, site: Platform) -> None:
    assert put(app, message(site, q2a="cut short \ud83d", q5="a \x00 b")).status_code == 201


@ON_ONE
@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b'"words"', b'{"answers": []}', b"{}", b"[" * 5000, b'{"answers": {}}'],
)
def test_what_is_no_message_gets_a_reason(app: Flask, site: Platform, body: bytes) -> None:
    answer = put(app, body)
    assert answer.status_code == 422
    assert (answer.json or {})["error"]
    assert count(site) == 0


@ON_ONE
@pytest.mark.parametrize(
    "strange",
    [
        {"version": True},
        {"version": 2**63},
        {"version": [1]},
        {"version": None},
        {"variant": ["9-and-over"]},
        {"variant": {"a": 1}},
        {"variant": "grown-up"},
    ],
)
def test_what_belongs_to_another_form_gets_a_reason(app: Flask, site: Platform, strange: dict[str, object]) -> None:
    assert put(app, {**message(site), **strange}).status_code == 422
    assert count(site) == 0


@ON_ONE
def test_a_sitting_that_is_no_id_gets_a_reason(app: Flask, site: Platform) -> None:
    assert put(app, message(site), "not-an-id").status_code == 422


@ON_ONE
def test_a_code_that_leads_nowhere_is_said_so_to_the_tablet(app: Flask, site: Platform) -> None:
    answer = put(app, message(site), slug="nobody-opened-this")
    assert (answer.status_code, answer.mimetype) == (404, "application/json")


@ON_ONE
def test_another_site_may_not_send_messages(app: Flask, site: Platform) -> None:
    assert put(app, message(site), headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert count(site) == 0


@ON_ONE
def test_a_message_beyond_all_bounds_is_refused(app: Flask, site: Platform) -> None:
    assert put(app, message(site, q2a="x" * 70_000)).status_code == 413
    assert count(site) == 0
