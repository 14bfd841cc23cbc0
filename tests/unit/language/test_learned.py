"""The file of weights: what is refused, and that adding up in lanes is plain adding up."""

import gzip
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hscb_voice.language.errors import LanguageError
from hscb_voice.language.learned import (
    KINDS,
    LARGEST,
    Features,
    model_from,
    packed_model,
    shipped_model,
    text_features,
    word_pieces,
    written_table,
)

LABELS = ["well", "ill", "even"]


def _body(words: dict[str, list[int]]) -> dict[str, object]:
    tables = {"words": words, "parts": {"kind": [1, -1, 0]}, "marks": {"r:child": [0, 10, -10]}}
    return {
        "version": "test",
        "labels": LABELS,
        "biases": [0.5, -0.5, 0.0],
        "scales": [0.1, 0.2, 1.0],
        "thresholds": {"well": 0.0},
        "weights": {kind: written_table(tables[kind]) for kind in KINDS},
    }


@given(st.lists(st.lists(st.integers(-LARGEST, LARGEST), min_size=3, max_size=3), min_size=1, max_size=30))
def test_adding_all_labels_at_once_is_adding_each(rows: list[list[int]]) -> None:
    words = {f"w{place}": row for place, row in enumerate(rows)}
    model = model_from(packed_model(_body(words)))
    scores = model.scores(text_features(" ".join(words), "", []))
    pieces = text_features(" ".join(words), "", []).words
    for place, (bias, scale) in enumerate(zip((0.5, -0.5, 0.0), (0.1, 0.2, 1.0), strict=True)):
        plain = sum(row[place] for row in rows) * scale / len(pieces) ** 0.5
        assert scores[LABELS[place]] == pytest.approx(bias + plain)


@pytest.mark.parametrize("weight", [LARGEST, -LARGEST])
def test_however_many_words_lean_one_way_none_runs_over_into_another_label(weight: int) -> None:
    words = {f"w{place}": [weight, 0, -weight] for place in range(1000)}
    scores = model_from(packed_model(_body(words))).scores(Features(frozenset(words), frozenset(), frozenset()))
    assert scores["well"] == pytest.approx(0.5 + 0.1 * weight * 1000**0.5)
    assert scores["ill"] == pytest.approx(-0.5)
    assert scores["even"] == pytest.approx(-weight * 1000**0.5)


def test_words_parts_and_marks_all_count() -> None:
    model = model_from(packed_model(_body({"kind": [127, -127, 0]})))
    features = text_features("kind", "", ["r:child", "never seen"])
    assert features.parts == {" kin", "kind", "ind "}
    scores = model.scores(features)
    assert scores["well"] == pytest.approx(0.5 + 0.1 * (127 + 1 / 3**0.5))
    assert scores["ill"] == pytest.approx(-0.5 + 0.2 * (-127 - 1 / 3**0.5 + 10))
    assert scores["even"] == pytest.approx(-10)


def test_it_names_the_words_that_moved_a_label_up_or_down() -> None:
    model = model_from(packed_model(_body({"kind": [90, -5, 0], "but late": [-40, 60, 0], "was": [10, 0, 0]})))
    text = "she was kind but late"
    assert [piece.name for piece in model.movers("well", text)] == ["kind", "was"]
    assert [piece.name for piece in model.movers("ill", text)] == ["but late"]
    assert [piece.name for piece in model.movers("well", text, up=False)] == ["but late"]
    (whole,) = model.movers("even", text)
    assert (whole.start, whole.end) == (0, len(text))


def test_words_are_the_same_for_the_scores_and_for_what_is_shown() -> None:
    text = "i like it!! :sad: but she's nice"
    assert {piece.name for piece in word_pieces(text)} == text_features(text, "", []).words
    assert all(
        text[piece.start : piece.end].replace("'", "").startswith(piece.name.split()[0]) for piece in word_pieces(text)
    )


def test_words_after_a_not_and_words_of_the_last_clause_count_once_more_as_such() -> None:
    words = text_features("it was fun but i don't like him much now", "but i don't like him much now", []).words
    assert {"n:like", "n:him", "n:much", "l:but", "l:now"} < words
    assert not {"n:now", "n:fun", "l:fun"} & words


def test_an_apostrophe_left_out_changes_no_feature() -> None:
    text = "my mum's friend said it's 'fine' but we're not, i didn't ask and she won't tell"
    last = "she won't tell"
    assert text_features(text, last, ()) == text_features(text.replace("'", ""), last.replace("'", ""), ())


def test_a_model_is_packed_the_same_way_each_time() -> None:
    assert packed_model(_body({"kind": [1, 2, 3]})) == packed_model(_body({"kind": [1, 2, 3]}))


def _changed(path: list[str], value: object) -> bytes:
    body = json.loads(json.dumps(_body({"kind": [1, 2, 3]})))
    place = body
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return packed_model(body)


@pytest.mark.parametrize(
    "packed",
    [
        b"",
        b"not gzip",
        packed_model(_body({"kind": [1, 2, 3]}))[:-20],
        packed_model(_body({"kind": [1, 2, 3]}))[:40] + b"\xff" * 40,
        gzip.compress(b"not json"),
        gzip.compress(b"[]"),
        gzip.compress(b'{"model": {}, "sha256": ""}'),
        gzip.compress(gzip.decompress(packed_model(_body({"kind": [1, 2, 3]}))).replace(b"0.5", b"0.6")),
        _changed(["biases"], [1.0]),
        _changed(["scales"], [1.0, 2.0]),
        _changed(["weights", "words", "rows"], "AAAA" * 5),
        _changed(["weights", "words", "rows"], "not base 64!"),
        _changed(["weights"], {}),
        _changed(["thresholds"], None),
    ],
    ids=lambda packed: f"{len(packed)} bytes",  # gzip writes the time of day into what it packs
)
def test_a_damaged_model_is_refused(packed: bytes) -> None:
    with pytest.raises(LanguageError):
        model_from(packed)


def test_a_changed_weight_no_longer_fits_the_hash() -> None:
    plain = gzip.decompress(packed_model(_body({"kind": [1, 2, 3]})))
    with pytest.raises(LanguageError, match="hash"):
        model_from(gzip.compress(plain.replace(b"-0.5,", b"-0.4,")))


def test_the_model_that_ships_is_small_and_whole() -> None:
    model = shipped_model()
    assert len(model.digest) == 64
    assert set(model.thresholds) >= {"concern", "concern:signs", "concern:rule", "polarity:mixed", "polarity:doubt"}
    assert model.thresholds["concern:rule"] < model.thresholds["concern:signs"] < model.thresholds["concern"]
    assert sum(map(len, model.weights)) > 10_000


def test_a_missing_model_is_an_error_of_the_language_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hscb_voice.language.learned._MODEL_FILE", "models/none.json.gz")
    with pytest.raises(LanguageError, match="cannot be read"):
        shipped_model.__wrapped__()


@pytest.mark.parametrize("piece", ["a", "no ", "'", "!?", ":sad: ", "abcdefghij"])
def test_twenty_thousand_hostile_characters_are_scored_quickly(piece: str) -> None:
    text = (piece * 20_000)[:20_000]
    model = shipped_model()
    began = time.process_time()
    model.scores(text_features(text, "", []))
    model.movers("concern", text)
    assert time.process_time() - began < 1
