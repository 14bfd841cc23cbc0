"""The demonstration fills an installation once, codes what the report prints, and can be taken up again."""

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
from sqlalchemy import func, select

from hscb_voice.demonstration import loading
from hscb_voice.demonstration.inventing import invented_records
from hscb_voice.demonstration.loading import load
from hscb_voice.demonstration.people import PASSWORD, add_people, people
from hscb_voice.foundation.platform import Platform
from hscb_voice.invitations.queries import invitation_by_code
from hscb_voice.language.wishes import WISH
from hscb_voice.responses.models import Response
from hscb_voice.staff.queries import everybody
from hscb_voice.staff.roles import Role
from hscb_voice.themes.models import CodedTheme, Coding
from hscb_voice.themes.quoted import approved_quotes
from hscb_voice.themes.service import PERSON

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Invent only a dozen responses, to be quick."""

    def records() -> Iterator[dict[str, Any]]:
        return islice(invented_records(), 12)

    monkeypatch.setattr(loading, "invented_records", records)


@pytest.mark.usefixtures("few")
def test_the_printed_answers_stand_beside_invented_ones_that_say_so(platform: Platform) -> None:
    load(platform, lambda _line: None)
    with platform.database.reading() as connection:
        counted = dict(connection.execute(select(Response.invented, func.count()).group_by(Response.invented)).all())
        invitation = invitation_by_code(connection, "my-story")
    assert counted == {False: 33, True: 12}
    assert invitation.slug == "my-story"


@pytest.mark.usefixtures("few")
def test_what_the_report_prints_is_quoted_as_it_should_have_been_masked(platform: Platform) -> None:
    load(platform, lambda _line: None)
    with platform.database.reading() as connection:
        pages = approved_quotes(connection, platform.keys, loading.FIRST_DAY, loading.LAST_DAY)
        quotes = [quote for page in pages for quote in page]
    shown = " ".join(quote.redacted for quote in quotes)
    assert len(quotes) == 32
    assert "I felt comfortable working with [name]." in shown
    for hidden in ("Jay was", "Shropshire", "in Hereford,"):
        assert hidden not in shown


@pytest.mark.usefixtures("few")
def test_a_printed_answer_is_a_wish_only_where_its_coder_said_so(platform: Platform) -> None:
    marked = {
        record["id"]
        for record in map(json.loads, loading.PRINTED.read_text(encoding="utf-8").splitlines())
        if any(codes.get("wish") for codes in record.get("codes", {}).values())
    }
    load(platform, lambda _line: None)
    by_hand = select(Coding.response_id).join(CodedTheme, CodedTheme.coding_id == Coding.id)
    by_hand = by_hand.where(Coding.source == PERSON, CodedTheme.polarity == WISH).distinct()
    with platform.database.reading() as connection:
        assert len(connection.execute(by_hand).all()) == len(marked) == 1


@pytest.mark.usefixtures("few")
def test_it_can_be_taken_up_again_and_doubles_nothing(platform: Platform) -> None:
    load(platform, lambda _line: None)
    (platform.settings.data_folder / "demonstration-is-loaded").unlink()
    load(platform, lambda _line: None)
    load(platform, lambda _line: None)
    with platform.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(Response)).scalar() == 45


def test_there_is_one_account_a_role_and_adding_them_again_changes_nothing(platform: Platform) -> None:
    add_people(platform)
    add_people(platform)
    with platform.database.reading() as connection:
        found = everybody(connection)
    assert {role for person in found for role in person.roles} == set(Role)
    assert len(found) == len(people())
    assert len(PASSWORD) >= 12
