"""A quote needs its writer's yes and a person's clearing; what is masked stays masked; erased words vanish."""

from datetime import date
from functools import partial

import pytest
from sqlalchemy import update

from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.models import Response
from hscb_voice.responses.words import comments_of
from hscb_voice.themes.errors import NotQuotableError, UnknownCommentError
from hscb_voice.themes.jobs import prepare_reading
from hscb_voice.themes.queries import mask_text
from hscb_voice.themes.quoted import approved_quotes
from hscb_voice.themes.quoting import approve_quote, ask_for_two, quote_masks, withdraw_quote
from hscb_voice.themes.service import Mask
from tests.support.answering import keep_answer

TEXT = "Amira listened to me"
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def a_comment(platform: Platform, said: str | None, source: str = "") -> tuple[str, str]:
    answers = {"q2a": TEXT} | ({"may_quote": said} if said else {})
    response_id = keep_answer(platform, answers, source=source).response_id
    with platform.database.writing() as connection:
        prepare_reading(connection, response_id, keys=platform.keys, clock=platform.clock)(connection)
        return response_id, comments_of(connection, platform.keys, [response_id])[0].id


def approve(platform: Platform, comment_id: str) -> None:
    with platform.database.writing() as connection:
        approve_quote(connection, comment_id, [Mask(0, 5, "person")], "an analyst", platform.clock.now())


def shown(platform: Platform) -> list[str]:
    with platform.database.reading() as connection:
        return [quote.redacted for page in approved_quotes(connection, platform.keys, *YEAR) for quote in page]


def test_a_cleared_quote_is_shown_masked(platform: Platform) -> None:
    _, comment_id = a_comment(platform, "yes")
    assert shown(platform) == []
    approve(platform, comment_id)
    assert shown(platform) == ["[name] listened to me"]


def test_whoever_clears_a_quote_again_hides_no_less_than_somebody_asked_for(platform: Platform) -> None:
    _, comment_id = a_comment(platform, "yes")
    clear = partial(approve_quote, comment_id=comment_id, now=platform.clock.now())
    with platform.database.writing() as connection:
        clear(connection, masks=[Mask(0, 5, "person"), Mask(6, 14, "other")], approved_by="an analyst")
        clear(connection, masks=[Mask(0, 5, "person")], approved_by="another")
    assert shown(platform) == ["[name] […] to me"]
    with platform.database.writing() as connection:
        withdraw_quote(connection, comment_id, platform.clock.now())
        hidden = quote_masks(connection, comment_id)
        clear(connection, masks=hidden, approved_by="another")
    assert shown(platform) == ["[name] […] to me"]


def test_a_second_person_who_hides_less_clears_it_as_the_first_did(platform: Platform) -> None:
    _, comment_id = a_comment(platform, "yes")
    with platform.database.writing() as connection:
        ask_for_two(connection, [""], "an administrator", platform.clock.now())
        masks = [Mask(0, 5, "person"), Mask(6, 14, "other")]
        assert not approve_quote(connection, comment_id, masks, "an analyst", platform.clock.now())
        assert approve_quote(connection, comment_id, masks[:1], "another", platform.clock.now())
    assert shown(platform) == ["[name] […] to me"]


@pytest.mark.parametrize("said", ["no", None])
def test_it_refuses_words_whose_writer_did_not_say_yes(platform: Platform, said: str | None) -> None:
    _, comment_id = a_comment(platform, said)
    with pytest.raises(NotQuotableError):
        approve(platform, comment_id)


def test_words_that_the_board_has_printed_may_be_quoted(platform: Platform) -> None:
    _, comment_id = a_comment(platform, None, source="section 5")
    approve(platform, comment_id)
    assert len(shown(platform)) == 1


def test_it_refuses_words_that_nothing_has_read_for_names_yet(platform: Platform) -> None:
    response_id = keep_answer(platform, {"q2a": TEXT, "may_quote": "yes"}).response_id
    with platform.database.reading() as connection:
        (comment,) = comments_of(connection, platform.keys, [response_id])
    with pytest.raises(NotQuotableError, match="not been read yet"):
        approve(platform, comment.id)


def test_it_refuses_a_comment_that_is_not_there(platform: Platform) -> None:
    with pytest.raises(UnknownCommentError):
        approve(platform, "00000000-0000-0000-0000-000000000000")


def test_a_quote_taken_back_disappears_and_can_return(platform: Platform) -> None:
    _, comment_id = a_comment(platform, "yes")
    approve(platform, comment_id)
    with platform.database.writing() as connection:
        withdraw_quote(connection, comment_id, platform.clock.now())
    assert shown(platform) == []
    approve(platform, comment_id)
    assert len(shown(platform)) == 1


def test_erased_words_are_no_quote_any_more(platform: Platform) -> None:
    response_id, comment_id = a_comment(platform, "yes")
    approve(platform, comment_id)
    with platform.database.writing() as connection:
        connection.execute(update(Response).where(Response.id == response_id).values(wrapped_key=None))
    assert shown(platform) == []
    with pytest.raises(NotQuotableError):
        approve(platform, comment_id)


def test_masks_may_touch_overlap_or_stand_inside_one_another() -> None:
    masks = [Mask(4, 10, "person"), Mask(0, 5, "person"), Mask(1, 3, "place"), Mask(12, 14, "unheard")]
    assert mask_text("Amira Khan went to it", masks) == "[name] w[…]t to it"
