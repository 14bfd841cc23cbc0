"""Rules and models together: which words they name, and what must not change an answer."""

import json
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from hscb_voice.language.codebook import Codebook, Theme, default_codebook
from hscb_voice.language.learned import shipped_model
from hscb_voice.language.reading import Comment, Reading, read_comment, read_concern, rule_reading

OPEN = Path(__file__).parents[2] / "quality" / "open"
OWN_BOOK = Codebook(
    version=1,
    name="own",
    themes=(Theme(id="food", name="Food", definition="What there is to eat.", patterns=("tea",)),),
)


@cache
def comments() -> tuple[Comment, ...]:
    rows = [json.loads(line) for file in sorted(OPEN.glob("*.jsonl")) for line in file.read_text().splitlines()]
    return tuple(
        Comment(row["id"], row["text"], row["respondent"], row.get("question"), tuple(row.get("known_names", ())))
        for row in rows
    )


@cache
def reading_of(comment: Comment) -> Reading:
    return read_comment(comment, default_codebook())


def answer(reading: Reading) -> tuple[str, frozenset[str], bool]:
    return reading.polarity.polarity, frozenset(theme.id for theme in reading.themes), reading.concern.flag


def test_every_theme_and_every_concern_shows_words_that_stand_in_the_comment() -> None:
    for comment in comments():
        reading = reading_of(comment)
        shown = [evidence for theme in reading.themes for evidence in theme.evidence]
        assert all(theme.evidence for theme in reading.themes)
        assert bool(reading.concern.evidence) >= reading.concern.flag
        for evidence in (*shown, *reading.concern.evidence, *reading.polarity.evidence):
            assert comment.text[evidence.start : evidence.end] == evidence.words


def test_what_the_models_change_they_say_under_their_own_name() -> None:
    changed = 0
    for comment in comments():
        ruled, read = rule_reading(comment, default_codebook()).reading, reading_of(comment)
        if ruled.polarity.polarity != read.polarity.polarity:
            changed += 1
            assert f"learned.{read.polarity.polarity}" in {evidence.rule for evidence in read.polarity.evidence}
        if ruled.concern.flag != read.concern.flag:
            changed += 1
            rule = "learned.concern" if read.concern.flag else "learned.harmless"
            assert {evidence.rule for evidence in read.concern.evidence} == {rule}
            assert read.concern.reasons == (("likely",) if read.concern.flag else ())
        by_rule = {theme.id for theme in ruled.themes}
        for theme in read.themes:
            if theme.id not in by_rule:
                changed += 1
                assert {evidence.rule for evidence in theme.evidence} == {f"learned.{theme.id}"}
    assert changed > 20


def test_screening_alone_finds_what_reading_whole_finds() -> None:
    assert all(read_concern(comment) == reading_of(comment).concern for comment in comments())


def test_a_comment_is_read_the_same_way_each_time() -> None:
    assert all(read_comment(comment, default_codebook()) == reading_of(comment) for comment in comments()[::10])


def test_with_a_codebook_of_somebody_elses_the_phrases_decide_alone() -> None:
    reading = read_comment(Comment("1", "we get no tea, she listens to me at school", "child"), OWN_BOOK)
    assert [theme.id for theme in reading.themes] == ["food"]
    assert not any(evidence.rule.startswith("learned.") for theme in reading.themes for evidence in theme.evidence)


def test_what_a_rule_raised_in_a_form_of_another_language_is_never_taken_back() -> None:
    taken_back = [
        comment
        for comment in comments()
        if rule_reading(comment, default_codebook()).reading.concern.flag and not reading_of(comment).concern.flag
    ]
    for comment in taken_back:
        other = Comment(comment.id, comment.text, comment.respondent, comment.question, comment.known_names, "pl")
        assert read_concern(other).flag


@pytest.mark.parametrize("text", ["Boję się taty i nie chcę wracać do domu", "Я боюсь идти домой"])
def test_the_models_do_not_speak_of_languages_that_they_have_not_learned(text: str) -> None:
    reading = read_comment(Comment("1", text, "child"), default_codebook())
    assert reading == rule_reading(Comment("1", text, "child"), default_codebook()).reading
    assert reading.concern.flag


def _with_another_name(comment: Comment) -> Comment:
    text = comment.text
    for span in sorted(reading_of(comment).redaction.spans, key=lambda span: -span.start):
        if span.kind == "person":
            text = f"{text[: span.start]}Agnieszka{text[span.end :]}"
    return Comment(comment.id, text, comment.respondent, comment.question, ("Agnieszka",))


def _with_text(change: Callable[[str], str]) -> Callable[[Comment], Comment]:
    return lambda comment: Comment(
        comment.id, change(comment.text), comment.respondent, comment.question, comment.known_names
    )


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_with_another_name, id="another name"),
        pytest.param(_with_text(lambda text: text.replace("'", "\u2019")), id="curly apostrophes"),
        pytest.param(_with_text(lambda text: text[:1].swapcase() + text[1:]), id="first letter"),
        pytest.param(_with_text(str.upper), id="all capitals"),
        pytest.param(_with_text(lambda text: f"  {text}\n"), id="blanks around"),
    ],
)
def test_a_change_that_means_nothing_changes_next_to_nothing(change: Callable[[Comment], Comment]) -> None:
    same = [
        answer(read_comment(change(comment), default_codebook())) == answer(reading_of(comment))
        for comment in comments()
    ]
    assert sum(same) / len(same) >= 0.97


@pytest.mark.parametrize("piece", ["he hits me ", "not ", "but ", "a", "somename "])
def test_screening_twenty_thousand_characters_takes_little_time(piece: str) -> None:
    shipped_model()
    comment = Comment("1", (piece * 20_000)[:20_000], "child")
    read_concern(comment)
    began = time.process_time()
    read_concern(comment)
    assert time.process_time() - began < 2


@pytest.mark.parametrize("text", ["Joy shouted at me", "he punches me at night", "i hurt myself sometimes"])
def test_plain_harm_is_never_overruled_by_the_model(text: str) -> None:
    assert read_concern(Comment("1", text, "child", known_names=("Joy",))).flag


def test_what_the_rules_say_loudly_is_not_softened_by_the_model() -> None:
    praise = "I found the advice given really informative and useful and will continue to use the book. "
    praise += "She was brilliant and someone that I felt listened and was very approachable."
    assert read_comment(Comment("1", praise, "parent", "q3a"), default_codebook()).polarity.polarity == "positive"


@pytest.mark.parametrize(
    "text", ["St \uff9f", "Marie \uff9f came and I am scared of him", "my school is New \uff9e", "", ":)"]
)
def test_marks_without_a_letter_end_nothing(text: str) -> None:
    comment = Comment("1", text, "child")
    assert read_comment(comment, default_codebook()).redaction.redacted is not None
    assert read_concern(comment).flag == ("scared" in text)
