"""The phrase language of the codebook and the polarity lexicon."""

import time

import pytest

from hscb_voice.language.phrases import PhraseBook, PhraseError


def _found(phrase: str, text: str, sets: dict[str, str] | None = None) -> list[str]:
    phrases = [("theme", one) for one in phrase.split(", ")]
    return [text[hit.start : hit.end] for hit in PhraseBook(phrases, sets).find(text)]


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("listened", "she listened to me", ["listened"]),
        ("listen*", "nobody listens", ["listens"]),
        ("worker(s)", "two workers and my worker's car", ["workers", "worker's"]),
        ("kind/lovely worker", "a lovely worker", ["lovely worker"]),
        ("social+worker left", "my social worker left", ["social worker left"]),
        ("took ~ seriously", "took what i said seriously", ["took what i said seriously"]),
        ("took ~2 seriously", "took what i said seriously", []),
        ("so very? kind", "so kind", ["so kind"]),
        ("self-harm", "self harm or self-harm", ["self harm", "self-harm"]),
        ("mum", "mummy came", []),
        ("didn't ask", "they did not ask", ["did not ask"]),
        ("never won't", "never will not", ["never will not"]),
        (":sad:", "bye :sad: now", [":sad:"]),
        # By how the next word begins, most phrases are never tried: these must be.
        ("tell i", "they tell i's mate", ["tell i's"]),
        ("tell a* too", "they tell all too", ["tell all too"]),
        ("was really? very? kind", "he was kind and was very kind", ["was kind", "was very kind"]),
        ("tell didn't", "i tell did not", ["tell did not"]),
        ("didn't ask/tell", "they didn't tell", ["didn't tell"]),
        ("was sad", "i was :sad: then", ["was :sad"]),
        ("was kind/lovely/nice/helpful/friendly, was kind to me", "she was kind to me", ["was kind to me"]),
        ("so book(s)", "so books", ["so books"]),
        ("tell ab* too", "tell about too or tell ab's too or tell mine too", ["tell about too", "tell ab's too"]),
        # A phrase of one word stands wherever the word does, whatever longer ones begin with it.
        ("kind/kind+one", "kind one, kind's, kind two, kindness", ["kind one", "kind's", "kind"]),
        ("didn't/didn't+ask", "didn't. did not go. did so. didn't ask", ["didn't", "did not", "didn't ask"]),
        ("kind*/kind+one", "kindly one and kind one", ["kindly", "kind one", "kind"]),
    ],
)
def test_it_finds_what_the_phrase_says(phrase: str, text: str, found: list[str]) -> None:
    assert _found(phrase, text) == found


def test_it_uses_named_sets_of_words() -> None:
    assert _found("talked over @me", "they talked over my son", {"me": "me us my+son"}) == ["talked over my son"]


def test_a_phrase_never_reaches_into_the_next_sentence() -> None:
    assert _found("took ~ seriously", "took it. seriously") == []


@pytest.mark.parametrize("phrase", ["", "~ kind", "very? kind", "kind ~2", "a*", "a//b", "@nobody knows", "what?!"])
def test_it_refuses_a_phrase_it_cannot_read(phrase: str) -> None:
    with pytest.raises(PhraseError):
        PhraseBook([("theme", phrase)])


def test_hostile_text_takes_no_longer_than_plain_text() -> None:
    book = PhraseBook([("theme", "took ~9 seriously"), ("theme", "a/aa/aaa ~9 b")])
    began = time.process_time()
    for text in ("took '" * 3000, "a " * 10_000, "took" + " " * 20_000, "a" * 20_000):
        book.find(text)
    assert time.process_time() - began < 3
