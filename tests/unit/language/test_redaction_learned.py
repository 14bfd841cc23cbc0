"""Names that no rule hides are found by what stands around them, and the model behind it is small, whole and modest."""

import base64
import gzip
import json
from importlib import resources

import pytest

from hscb_voice.language import redaction_learned
from hscb_voice.language.errors import LanguageError
from hscb_voice.language.normalise import normalise
from hscb_voice.language.redaction import hidden_by_rules, redact
from hscb_voice.language.redaction_learned import (
    NameModel,
    features_of,
    find_learned,
    may_be_name,
    name_model_from,
    packed_name_model,
    shipped_name_model,
)
from hscb_voice.language.redaction_words import split_words

LARGEST_FILE = 200_000


def hidden(text: str) -> list[str]:
    return [text[span.start : span.end] for span in redact(normalise(text)).spans]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("will is my favourite worker", ["will"]),
        ("i told pearl and she helped", ["pearl"]),
        ("mr d lets us play outside", ["mr d"]),
        ("me and jodie b sat on the wall", ["jodie b"]),
        ("i like working with zorvella because she is kind", ["zorvella"]),
        ("my cousin lives in Stowmarket now", ["Stowmarket"]),
    ],
)
def test_it_hides_a_name_that_no_rule_knows_by_what_stands_around_it(text: str, names: list[str]) -> None:
    assert hidden(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "there was a ray of hope in the summer",
        "will you come back soon, may I ask",
        "she drew a crown on it and i will keep it",
        "games r good n i got 25m in swimming",
        "we had porridge and then we did some dodgeball",
        "the worker was frank with us and very patient",
    ],
)
def test_it_leaves_words_that_stand_where_words_stand(text: str) -> None:
    assert hidden(text) == []


def test_it_takes_nothing_back_that_a_rule_hides() -> None:
    text = "Sarah and will came to Leominster"
    _, masks, _ = hidden_by_rules(normalise(text))
    spans = redact(normalise(text)).spans
    assert masks
    assert all(any(span.start <= mask.start and mask.end <= span.end for span in spans) for mask in masks)


def test_it_says_that_the_model_said_it() -> None:
    evidence = [span.evidence for span in redact(normalise("then zorvella drew a house")).spans]
    assert [(one.words, one.rule) for one in evidence] == [("zorvella", redaction_learned.RULE)]


def test_it_reads_no_comment_in_another_language_with_what_it_learned_in_english() -> None:
    text = "bardzo lubię rozmawiać z panią bo ona mnie zawsze słucha i pomaga mojej mamie"
    assert redaction_learned.RULE not in {span.evidence.rule for span in redact(normalise(text)).spans}


def test_only_what_adds_up_to_more_than_nothing_is_a_name() -> None:
    words = split_words("then zorvella came")
    assert may_be_name(words, 1)
    features = features_of(words, 1, [False] * 3)
    for weight, found in ((1.0, 1), (-1.0, 0), (0.0, 0)):
        model = NameModel({features[0]: weight}, 0.0, "")
        assert len(list(find_learned(words, [False, False, False], model))) == found


def test_a_word_that_something_hides_already_is_not_judged_again() -> None:
    words = split_words("then zorvella came")
    model = NameModel({}, 1.0, "")
    assert list(find_learned(words, [True, True, True], model)) == []


def test_a_model_is_packed_the_same_way_each_time() -> None:
    packed = packed_name_model({"l=with": 3, "r=came": -2}, scale=0.5, start=-1.0)
    model = name_model_from(packed)
    assert packed == packed_name_model({"r=came": -2, "l=with": 3}, scale=0.5, start=-1.0)
    assert model.score(["l=with", "r=came", "never seen"]) == pytest.approx(-0.5)


def changed(packed: bytes) -> bytes:
    raw = json.loads(gzip.decompress(packed))
    raw["model"]["weights"]["l=with"] = 4
    return gzip.compress(json.dumps(raw).encode())


@pytest.mark.parametrize(
    "packed",
    [
        b"",
        b"no model",
        gzip.compress(b"[]"),
        gzip.compress(b'{"model":{"scale":1,"start":0,"weights":{"a":"b"}},"sha256":""}'),
        packed_name_model({"a": 1}, scale=1.0, start=0.0)[:-9],
        base64.b64encode(packed_name_model({"a": 1}, scale=1.0, start=0.0)),
        changed(packed_name_model({"l=with": 3}, scale=0.5, start=-1.0)),
    ],
    # What is packed says when, so that it would be named differently in each process.
    ids=("nothing", "no model", "no object", "no number", "cut short", "not packed", "another hash"),
)
def test_a_damaged_or_changed_model_is_refused(packed: bytes) -> None:
    with pytest.raises(LanguageError):
        name_model_from(packed)


def test_the_model_that_ships_is_small_and_whole() -> None:
    place = resources.files("hscb_voice.language") / "models/names.json.gz"
    assert len(place.read_bytes()) < LARGEST_FILE
    assert len(shipped_name_model().digest) == 64


def test_a_missing_model_is_an_error_of_the_language_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redaction_learned, "_MODEL_FILE", "models/none.json.gz")
    shipped_name_model.cache_clear()
    with pytest.raises(LanguageError):
        shipped_name_model()
    shipped_name_model.cache_clear()
