"""What is approved, or confirmed, is what the person saw; a word that somebody hid is never shown by somebody else."""

from collections.abc import Sequence
from datetime import date

import pytest
from flask import Flask

from hscb_voice.foundation.platform import Platform
from hscb_voice.reading_room.queries import item_by_id
from hscb_voice.responses.queries import EVERY_TEAM
from hscb_voice.staff.roles import Role
from hscb_voice.themes.masks import masks_of
from hscb_voice.themes.queries import coding_of, mask_text, quote_standing
from hscb_voice.themes.quoted import approved_quotes
from hscb_voice.themes.quoting import ask_for_two
from hscb_voice.themes.service import MACHINE, Mask, NewCoding, keep_codings
from hscb_voice.web.current import EXTENSION
from tests.support.pages import Page
from tests.support.people import SignedIn, sign_in
from tests.support.reading_room import begin, heard, opened, press

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TEXT = "Zofia took me to the mill and I liked it"
HIDDEN = "[name] took me to […] and I liked it"
LEARNED = (Mask(0, 5, "person"), Mask(17, 25, "place"))
YEAR = (date(2026, 4, 1), date(2027, 3, 31))


@pytest.fixture
def here(app: Flask) -> Platform:
    platform: Platform = app.extensions[EXTENSION]
    return platform


@pytest.fixture
def item_id(here: Platform) -> str:
    return heard(here, TEXT)


@pytest.fixture
def first(app: Flask) -> SignedIn:
    """An analyst who has begun to read."""
    person = sign_in(app, Role.ANALYST)
    begin(person)
    return person


@pytest.fixture
def second(app: Flask) -> SignedIn:
    """A safeguarding lead who has begun to read."""
    person = sign_in(app, Role.SAFEGUARDING_LEAD)
    begin(person)
    return person


@pytest.fixture
def two_asked(here: Platform) -> None:
    with here.database.writing() as connection:
        ask_for_two(connection, ["Family support"], "an administrator", here.clock.now())


def board_sees(here: Platform) -> list[str]:
    with here.database.reading() as connection:
        return [quote.redacted for page in approved_quotes(connection, here.keys, *YEAR) for quote in page]


def clear_with_more_hidden(person: SignedIn, item_id: str, *, expect: int = 303) -> Page:
    page = person.pages.get(f"/staff/themes/comments/{item_id}")
    return person.pages.submit(page, {"hide": "the mill", "act": "approve"}, form="#as-quote", expect=expect)


def hide_word(person: SignedIn, item_id: str, *words: str) -> None:
    page = person.pages.get(f"/staff/quotes/{item_id}/words")
    person.pages.submit(page, {"word": list(words), "act": "save"}, form="#hide", expect=303)


@pytest.mark.usefixtures("two_asked")
def test_a_word_that_the_first_person_hid_stays_hidden_when_the_second_approves(
    here: Platform, item_id: str, first: SignedIn, second: SignedIn
) -> None:
    clear_with_more_hidden(first, item_id)
    assert board_sees(here) == []
    page = opened(second, item_id)
    assert HIDDEN in page.words()
    told = second.pages.follow(press(second, page, "q"))
    assert "The Board may see this quote." in told.words()
    assert board_sees(here) == [HIDDEN]


def test_the_reading_room_shows_a_quote_as_it_was_approved_and_hides_no_less_when_it_is_approved_again(
    here: Platform, item_id: str, first: SignedIn
) -> None:
    clear_with_more_hidden(first, item_id)
    page = opened(first, item_id)
    assert "As it was approved" in page.words()
    assert page.words().count(HIDDEN) == 1
    ticked = first.pages.get(f"/staff/quotes/{item_id}/words").dom.all("input[name=word][checked]")
    assert [one.attrs["value"] for one in ticked] == ["0", "4", "5"]
    press(first, page, "x")
    assert board_sees(here) == []
    again = opened(first, item_id)
    assert HIDDEN in again.words()
    press(first, again, "q")
    assert board_sees(here) == [HIDDEN]


def test_a_word_that_somebody_hid_while_approving_is_hidden_in_the_comment_from_then_on(
    here: Platform, item_id: str, first: SignedIn
) -> None:
    clear_with_more_hidden(first, item_id)
    with here.database.reading() as connection:
        assert mask_text(TEXT, masks_of(connection, item_id)) == HIDDEN


def test_a_word_that_was_hidden_so_can_be_shown_again_for_a_reason(
    here: Platform, item_id: str, first: SignedIn
) -> None:
    clear_with_more_hidden(first, item_id)
    page = first.pages.get(f"/staff/quotes/{item_id}/words")
    first.pages.submit(page, {"word": ["0"], "why": "ordinary_word", "act": "save"}, form="#hide", expect=303)
    page = opened(first, item_id)
    assert "[name] took me to the mill and I liked it" in page.words()
    press(first, page, "q")
    assert board_sees(here) == ["[name] took me to the mill and I liked it"]


def test_it_refuses_to_approve_what_a_colleague_has_masked_otherwise_meanwhile(
    here: Platform, item_id: str, first: SignedIn, second: SignedIn
) -> None:
    page = opened(first, item_id)
    hide_word(second, item_id, "0", "4", "5")
    refused = press(first, page, "q", expect=409)
    assert "What is hidden in this comment has changed since you opened the page" in refused.words()
    assert HIDDEN in refused.words()
    assert board_sees(here) == []
    press(first, refused, "q")
    assert board_sees(here) == [HIDDEN]


def test_it_refuses_to_approve_what_the_machine_reads_otherwise_meanwhile(
    here: Platform, item_id: str, first: SignedIn
) -> None:
    page = opened(first, item_id)
    clearing = first.pages.get(f"/staff/themes/comments/{item_id}")
    read_again(here, item_id)
    assert "[name] took me to [place] and I liked it" in press(first, page, "q", expect=409).words()
    answers = {"hide": "liked", "act": "approve"}
    refused = first.pages.submit(clearing, answers, form="#as-quote", expect=409)
    assert "What is hidden in this comment has changed" in refused.words()
    assert "[name] took me to [place] and I […] it" in refused.words()
    assert refused.words("#hide") == "liked"
    with here.database.reading() as connection:
        assert quote_standing(connection, item_id) is None
    first.pages.submit(refused, answers, form="#as-quote", expect=303)
    assert board_sees(here) == ["[name] took me to [place] and I […] it"]


def test_a_quote_is_shown_as_it_was_cleared_beside_what_is_hidden_by_now_until_it_is_approved_again(
    here: Platform, item_id: str, first: SignedIn
) -> None:
    press(first, opened(first, item_id), "q")
    read_again(here, item_id)
    page = opened(first, item_id)
    assert "The Board may see this quote. It is shown with less hidden than there is now" in page.words()
    assert "As it was approved [name] took me to the mill and I liked it" in page.words()
    assert "As a quote it would be now [name] took me to [place] and I liked it" in page.words()
    press(first, page, "q")
    assert board_sees(here) == ["[name] took me to [place] and I liked it"]
    assert "It is shown with less hidden" not in opened(first, item_id).words()


def read_again(here: Platform, item_id: str, masks: Sequence[Mask] = LEARNED) -> None:
    """Let the machine read it as if it had learned to hide a place."""
    with here.database.writing() as connection:
        response_id = item_by_id(connection, EVERY_TEAM, item_id).response_id
        coding = NewCoding(item_id, MACHINE, "", "2", "positive", [], masks)
        keep_codings(connection, response_id, [coding], here.clock.now())


def test_words_hidden_by_a_colleague_meanwhile_stay_ticked_and_nothing_is_lost(
    here: Platform, item_id: str, first: SignedIn, second: SignedIn
) -> None:
    page = first.pages.get(f"/staff/quotes/{item_id}/words")
    hide_word(second, item_id, "0", "4", "5")
    answers = {"word": ["0", "8"], "why": "role", "act": "save"}
    refused = first.pages.submit(page, answers, form="#hide", expect=409)
    assert "has changed since you opened the page" in refused.words()
    ticked = [str(one.attrs["value"]) for one in refused.dom.all("input[name=word][checked]")]
    assert ticked == ["0", "4", "5", "8"]
    first.pages.submit(refused, {"word": ticked, "act": "save"}, form="#hide", expect=303)
    press(first, opened(first, item_id), "q")
    assert board_sees(here) == ["[name] took me to […] and I […] it"]


@pytest.mark.parametrize("act", ["r", "f", "theme"])
def test_it_refuses_to_build_on_codes_that_were_not_seen(
    here: Platform, item_id: str, first: SignedIn, second: SignedIn, act: str
) -> None:
    def polarity_and_coder() -> tuple[str, str]:
        with here.database.reading() as connection:
            found = coding_of(connection, item_id)
        assert found is not None
        return found.polarity, found.coder

    def do(page: Page, expect: int) -> Page:
        if act != "theme":
            return press(first, page, act, expect=expect)
        return first.pages.submit(page, {"theme": "school", "how": "wish"}, form="#one-theme", expect=expect)

    page = opened(first, item_id)
    press(second, opened(second, item_id), "f")
    turned = polarity_and_coder()
    refused = do(page, 409)
    assert "The codes have changed since you opened this page" in refused.words()
    assert polarity_and_coder() == turned == ("negative", second.account_id)
    if act == "theme":
        assert [one.attrs["value"] for one in refused.dom.all("#one-theme option[selected]")] == ["school", "wish"]
    do(refused, 303)
    assert polarity_and_coder()[1] == first.account_id


def test_it_refuses_to_take_back_codes_that_were_not_seen(
    here: Platform, item_id: str, first: SignedIn, second: SignedIn
) -> None:
    press(first, opened(first, item_id), "f")
    page = first.pages.get(f"/staff/themes/comments/{item_id}")
    press(second, opened(second, item_id), "f")
    told = first.pages.follow(first.pages.submit(page, {}, form="#undo", expect=303))
    assert "The codes have changed since you opened this page" in told.words()
    with here.database.reading() as connection:
        found = coding_of(connection, item_id)
    assert found is not None
    assert found.coder == second.account_id
    first.pages.submit(told, {}, form="#undo", expect=303)


@pytest.mark.usefixtures("two_asked")
def test_an_analyst_and_a_lead_are_two_persons_and_one_with_both_roles_is_one(
    app: Flask, here: Platform, item_id: str, first: SignedIn
) -> None:
    both = sign_in(app, Role.ANALYST, Role.SAFEGUARDING_LEAD, email="both@example.org")
    begin(both)
    told = both.pages.follow(press(both, opened(both, item_id), "q"))
    assert "once a second person has approved it too" in told.words()
    assert "You have approved this quote already" in press(both, told, "q", expect=409).words()
    clearing = both.pages.get(f"/staff/themes/comments/{item_id}")
    assert clearing.dom.all("#as-quote") == []
    assert board_sees(here) == []
    press(first, opened(first, item_id), "q")
    assert board_sees(here) == ["[name] took me to the mill and I liked it"]


def test_the_lead_does_all_that_the_analyst_does_there(
    app: Flask, here: Platform, item_id: str, first: SignedIn, second: SignedIn
) -> None:
    press(second, opened(second, item_id), "r")
    with here.database.reading() as connection:
        found = coding_of(connection, item_id)
    assert found is not None
    assert found.coder == second.account_id
    keys = {str(one.attrs["data-key"]) for one in opened(second, item_id).dom.all("[data-key]")}
    assert keys == {str(one.attrs["data-key"]) for one in opened(first, item_id).dom.all("[data-key]")} | {"u"}
    sample = second.pages.get("/staff/blind-coding/")
    answers = {"period": "2026-27", "size": "10", "seed": "a seed"}
    second.pages.submit(sample, answers, form="#draw", expect=303)
    link = second.pages.get("/staff/blind-coding/").link("Code blind the sample a seed")
    unseeing = sign_in(app, Role.SAFEGUARDING_LEAD, email="another@example.org")
    begin(unseeing)
    blind = unseeing.pages.follow(unseeing.pages.get(link, expect=303))
    unseeing.pages.submit(blind, {"polarity": "negative"}, form="#codes", expect=303)
    settle = second.pages.get(link.replace("/next", "/differences"))
    second.pages.submit(settle, {"take": "second"}, form="#take", expect=303)
    with here.database.reading() as connection:
        found = coding_of(connection, item_id)
    assert found is not None
    assert found.polarity == "negative"


def show_word_0(person: SignedIn, item_id: str, *still_hidden: str) -> None:
    page = person.pages.get(f"/staff/quotes/{item_id}/words")
    answers = {"word": list(still_hidden), "why": "ordinary_word", "act": "save"}
    person.pages.submit(page, answers, form="#hide", expect=303)


@pytest.fixture
def named(here: Platform) -> str:
    """Return a comment of which the machine hides three words in one stretch."""
    item_id = heard(here, "Mr John Smith helped me at Rivertown")
    read_again(here, item_id, [Mask(0, 13, "person")])
    return item_id


def test_a_word_that_was_shown_for_a_reason_stays_shown_when_another_word_is_hidden(
    here: Platform, named: str, first: SignedIn
) -> None:
    show_word_0(first, named, "1", "2")
    assert "Mr [name] helped me at Rivertown" in opened(first, named).words()
    hide_word(first, named, "1", "2", "6")
    press(first, opened(first, named), "q")
    assert board_sees(here) == ["Mr [name] helped me at […]"]
    show_word_0(first, named, "6")
    hide_word(first, named, "1", "6")
    assert "Mr […] Smith helped me at […]" in opened(first, named).words()
    hide_word(first, named, "0", "1", "2", "6")
    assert "[…] helped me at […]" in opened(first, named).words()


@pytest.mark.usefixtures("two_asked")
def test_two_approve_a_quote_of_which_a_word_was_shown_and_another_hidden_while_approving(
    here: Platform, named: str, first: SignedIn, second: SignedIn
) -> None:
    show_word_0(first, named, "1", "2")
    page = first.pages.get(f"/staff/themes/comments/{named}")
    first.pages.submit(page, {"hide": "Rivertown", "act": "approve"}, form="#as-quote", expect=303)
    page = opened(second, named)
    assert "More is hidden by now" not in page.words()
    assert "One person has approved this quote." in page.words()
    press(second, page, "q")
    assert board_sees(here) == ["Mr [name] helped me at […]"]


def test_the_page_of_a_comment_says_that_more_is_hidden_by_now_and_takes_an_approval_of_that(
    here: Platform, item_id: str, first: SignedIn
) -> None:
    press(first, opened(first, item_id), "q")
    read_again(here, item_id)
    page = first.pages.get(f"/staff/themes/comments/{item_id}")
    assert "The Board may see this quote. It is shown with less hidden than there is now" in page.words()
    assert "It would be shown now as: [name] took me to [place] and I liked it" in page.words()
    told = first.pages.follow(first.pages.submit(page, {"act": "approve"}, form="#as-quote", expect=303))
    assert "It is shown with less hidden" not in told.words()
    assert board_sees(here) == ["[name] took me to [place] and I liked it"]


@pytest.mark.usefixtures("two_asked")
def test_the_page_of_a_comment_says_when_the_first_approval_does_not_count_any_more(
    here: Platform, item_id: str, first: SignedIn
) -> None:
    press(first, opened(first, item_id), "q")
    address = f"/staff/themes/comments/{item_id}"
    assert "so a second person must approve it in the reading room" in first.pages.get(address).words()
    read_again(here, item_id)
    words = first.pages.get(address).words()
    assert "More is hidden by now, so that approval does not count any more: two must approve it" in words
    assert "so a second person must approve it in the reading room" not in words


@pytest.mark.parametrize(("address", "untold"), [("/staff/themes/comments/{}", 422), ("/staff/reading/{}", 400)])
def test_it_refuses_codes_given_over_a_colleagues_that_were_not_seen_and_loses_none_of_them(
    here: Platform, item_id: str, first: SignedIn, second: SignedIn, address: str, untold: int
) -> None:
    def in_force() -> tuple[str, str]:
        with here.database.reading() as connection:
            found = coding_of(connection, item_id)
        assert found is not None
        return found.coder, found.polarity

    page, answers = first.pages.get(address.format(item_id)), {"polarity": "mixed", "theme_school": "wish"}
    press(second, opened(second, item_id), "f")
    nothing = first.pages.submit(page, {"polarity": "sideways"}, form="#codes", expect=untold)
    for sent in (page, nothing):
        refused = first.pages.submit(sent, answers, form="#codes", expect=409)
        assert "The codes have changed since you opened this page" in refused.words()
        assert in_force() == (second.account_id, "negative")
        assert [one.attrs["value"] for one in refused.dom.all("#codes input[type=radio][checked]")] == ["mixed"]
        assert "wish" in [one.attrs["value"] for one in refused.dom.all("#codes option[selected]")]
    first.pages.submit(refused, answers, form="#codes", expect=303)
    assert in_force() == (first.account_id, "mixed")
