"""The invented words: distinct, seldom used again, fit for their questions, and nobody's."""

import json
import random
import re
from collections import Counter
from pathlib import Path

import pytest
from pydantic import ValidationError

from hscb_voice.demonstration import inventing_words
from hscb_voice.demonstration.inventing import invented_records
from hscb_voice.demonstration.inventing_words import (
    MOST_USES,
    Comment,
    Deck,
    Strand,
    Voice,
    WordBook,
    all_comments,
    word_books,
)
from hscb_voice.demonstration.loading import PRINTED
from hscb_voice.questionnaires.reading import all_definitions

LEXICONS = Path(inventing_words.__file__).parent.parent / "language" / "lexicons" / "names"
HURTFUL = re.compile(
    r"\b(kill|blood|bleed|rape|knife|cut(ting)? (my|him|her)self|punch|beat(en|s)?|bruise)", re.IGNORECASE
)
TRACES = re.compile(r"\d{4,}|@|https?:|www\.|\b[A-Z]{1,2}\d[\dA-Z]? ?\d[A-Z]{2}\b")


def in_letters(text: str) -> str:
    return re.sub(r"[^a-z]+", " ", text.lower()).strip()


def deck_of(*texts: str) -> Deck:
    comments = [Comment(("event",), "learned", Voice.ANYONE, Strand.POSITIVE, text) for text in texts]
    return Deck(random.Random(1), comments)  # noqa: S311 - a test's chance


def drawn(deck: Deck, quarter: int) -> str | None:
    return deck.draw("event", "learned", (Voice.ANYONE,), (Strand.POSITIVE,), quarter)


def test_no_two_comments_are_alike() -> None:
    counts = Counter(in_letters(comment.text) for comment in all_comments())
    assert not [text for text, times in counts.items() if times > 1]
    assert len(counts) >= 340


def test_every_comment_stands_at_a_question_in_words_of_its_questionnaires() -> None:
    definitions = {definition.slug: definition for definition in all_definitions()}
    for comment in all_comments():
        for slug in comment.questionnaires:
            question = definitions[slug].question(comment.question)
            assert question is not None
            assert question.takes_words
            assert len(comment.text) <= question.longest


def test_every_questionnaire_has_words() -> None:
    assert {slug for book in word_books() for slug in book.questionnaires} == {d.slug for d in all_definitions()}


def everything_said() -> Counter[str]:
    definitions = {definition.slug: definition for definition in all_definitions()}
    said: Counter[str] = Counter()
    for record in invented_records():
        for question in definitions[record["questionnaire"]].questions:
            answer = record["answers"].get(question.key)
            if question.takes_words and answer:
                said.update(answer if isinstance(answer, list) else [answer])
    return said


def test_nothing_is_said_more_than_twice_and_hundreds_of_things_are_said() -> None:
    said = everything_said()
    assert set(said) <= {comment.text for comment in all_comments()}
    assert max(said.values()) <= MOST_USES
    assert len(said) >= 320


def test_every_mild_concern_is_said_once_and_there_are_about_twelve() -> None:
    concerns = {comment.text for comment in all_comments() if comment.strand is Strand.CONCERN}
    said = everything_said()
    assert {text: said[text] for text in concerns} == dict.fromkeys(concerns, 1)
    assert 10 <= len(concerns) <= 15


def test_nothing_is_graphic() -> None:
    assert not [comment.text for comment in all_comments() if HURTFUL.search(comment.text)]


def test_about_forty_comments_hold_a_made_up_name_and_every_listed_name_is_used() -> None:
    holding = 0
    for book in word_books():
        names = [re.compile(rf"\b{re.escape(name)}\b", re.IGNORECASE) for name in book.hidden]
        texts = [
            t for voices in book.words.values() for strands in voices.values() for ts in strands.values() for t in ts
        ]
        assert all(any(name.search(text) for text in texts) for name in names)
        holding += sum(any(name.search(text) for name in names) for text in texts)
    assert 35 <= holding <= 55


def test_made_up_villages_and_schools_are_not_real_ones() -> None:
    known = {
        name.strip().rstrip("~").lower()
        for file in ("places.txt", "schools.txt")
        for line in (LEXICONS / file).read_text(encoding="utf-8").splitlines()
        if not line.startswith(("#", "["))
        for name in line.split("|")
    }
    assert "leominster" in known
    hidden = {name.lower() for book in word_books() for name in book.hidden}
    assert not hidden & known
    assert not {re.sub(r" (primary|high|academy)$", "", name) for name in hidden} & known


def test_nothing_comes_from_what_real_people_were_printed_as_saying() -> None:
    printed = {
        in_letters(answer)
        for line in PRINTED.read_text(encoding="utf-8").splitlines()
        for answer in json.loads(line)["answers"].values()
        if isinstance(answer, str)
    }
    assert printed
    for comment in all_comments():
        mine = in_letters(comment.text).split()
        runs = {" ".join(mine[at : at + 6]) for at in range(len(mine) - 5)}
        assert not [run for run in runs if any(run in real for real in printed)]


def test_nothing_looks_like_a_number_an_address_or_a_link() -> None:
    assert not [comment.text for comment in all_comments() if TRACES.search(comment.text)]


def test_a_word_book_with_an_unknown_strand_is_refused() -> None:
    with pytest.raises(ValidationError):
        WordBook.model_validate(
            {"questionnaires": ["event"], "hidden": [], "words": {"learned": {"anyone": {"gossip": ["x"]}}}}
        )


def test_a_deck_deals_fresh_words_before_it_uses_any_again() -> None:
    deck = deck_of("one", "two", "three")
    assert {drawn(deck, 0), drawn(deck, 0), drawn(deck, 0)} == {"one", "two", "three"}


def test_a_deck_never_says_the_same_thing_twice_within_a_few_quarters() -> None:
    deck = deck_of("one")
    assert drawn(deck, 4) == "one"
    assert {drawn(deck, near) for near in (2, 3, 4, 5, 6) for _ in range(30)} == {None}


def test_a_deck_says_nothing_a_third_time() -> None:
    deck = deck_of("one")
    said = [drawn(deck, quarter) for quarter in (0, 7, 14, 21) for _ in range(30)]
    assert said.count("one") == MOST_USES


def test_a_deck_keeps_to_whose_words_fit() -> None:
    deck = deck_of("one")
    assert deck.draw("event", "learned", (Voice.PROFESSIONAL,), (Strand.POSITIVE,), 0) is None
    assert deck.draw("event", "learned", (Voice.ANYONE,), (Strand.WISH,), 0) is None
    assert deck.draw("my-story", "story", (Voice.ANYONE,), (Strand.POSITIVE,), 0) is None
