"""A model learned from people: tried on comments it never saw, silent where it is worse, the same each time."""

import gzip
import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from hscb_voice.language import model_files
from hscb_voice.language.codebook import Codebook, Theme
from hscb_voice.language.errors import LanguageError
from hscb_voice.language.learned import packed_model
from hscb_voice.language.learned_themes import POLARITY, PeoplesModel, peoples_model_from, read_with
from hscb_voice.language.learning import FEWEST, Learned, Trial, learn
from hscb_voice.language.learning_features import known_of
from hscb_voice.language.lessons import Labels, Lessons
from hscb_voice.language.reading import Comment, read_comment

CORPUS = Path(__file__).parents[2] / "quality" / "corpus"
BOOK = Codebook(
    version=1,
    name="A list without phrases",
    themes=tuple(Theme(id=f"about_{name}", name=name, definition=name) for name in ("school", "visits", "rare")),
)
PHRASED = Codebook(
    version=1,
    name="One theme by its phrase",
    themes=(Theme(id="about_school", name="school", definition="school", patterns=("school", "teacher(s)")),),
)


def rows(n: int = 700, author: str = "one") -> list[dict[str, Any]]:
    lines = (CORPUS / f"{author}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines[:n]]


def comment(row: dict[str, Any]) -> Comment:
    return Comment(row["id"], row["text"], row["respondent"])


def taught(n: int = 700, book: Codebook = BOOK, *, polarity: bool = True, **options: Any) -> Learned:
    lessons = Lessons()
    for row in rows(n):
        known = known_of(comment(row), book)
        themes = frozenset(f"about_{theme}" for theme in row["themes"]) & set(book.theme_ids())
        found = frozenset(theme.id for theme in known.reading.themes)
        said = row["polarity"] if polarity else None
        lessons.add(known.features, Labels(themes, said, found, known.reading.polarity.polarity), row["id"])
    return learn(lessons, book.theme_ids(), **options)


@pytest.fixture(scope="module")
def learned() -> Learned:
    return taught()


@pytest.fixture(scope="module")
def people(learned: Learned) -> PeoplesModel:
    return peoples_model_from(learned.packed)


def test_the_same_comments_make_the_same_file_byte_for_byte(learned: Learned) -> None:
    assert taught().packed == learned.packed


def test_a_theme_without_phrases_is_found_in_comments_of_somebody_else(people: PeoplesModel) -> None:
    right = said = so = 0
    for row in rows(300, "five"):
        found = {theme.id for theme in read_with(comment(row), BOOK, people).themes}
        said += "about_school" in found
        so += "school" in row["themes"]
        right += "about_school" in found and "school" in row["themes"]
    assert 2 * right / (said + so) > 0.4


def test_a_theme_with_too_few_comments_gets_no_model(people: PeoplesModel) -> None:
    assert people.parts["about_rare"].with_model is None
    assert not people.parts["about_rare"].is_on
    few = taught(60)
    assert all(trial.with_model is None for trial in few.trials if trial.examples < FEWEST)


def test_a_model_that_is_worse_than_the_phrases_stays_silent() -> None:
    lessons = Lessons()
    for row in rows(600):
        known = known_of(comment(row), PHRASED)
        # Here the phrases are right every time by definition: nothing that learns can beat them, only be as good.
        found = frozenset(theme.id for theme in known.reading.themes)
        hidden = known_of(Comment(row["id"], "words that tell nothing", "child"), PHRASED)
        lessons.add(hidden.features, Labels(found, None, found, "neutral"), row["id"])
    (trial,) = learn(lessons, PHRASED.theme_ids()).trials
    assert trial.examples >= FEWEST
    assert trial.with_model is not None
    assert trial.with_model.f1 < trial.without.f1 == 1
    assert not trial.is_on


def test_the_phrases_are_heard_beside_the_words() -> None:
    trial = taught(400, PHRASED).trials[0]
    assert trial.is_on
    assert trial.with_model is not None
    assert trial.with_model.f1 >= trial.without.f1 > 0


def test_what_a_person_switched_off_is_not_said(people: PeoplesModel) -> None:
    row = next(
        row
        for row in rows(200, "five")
        if any(theme.id == "about_school" for theme in read_with(comment(row), BOOK, people).themes)
    )
    off = read_with(comment(row), BOOK, people, off={"about_school"})
    assert "about_school" not in {theme.id for theme in off.themes}


def test_each_theme_says_which_words_moved_it(people: PeoplesModel) -> None:
    one = Comment("1", "my teacher at school helped me with my homework in lessons", "child")
    (school,) = [theme for theme in read_with(one, BOOK, people).themes if theme.id == "about_school"]
    assert all(one.text[e.start : e.end] == e.words for e in school.evidence)
    assert {e.rule for e in school.evidence} == {"learned.people.about_school"}


def test_it_never_changes_a_concern_or_a_mask(people: PeoplesModel) -> None:
    for row in rows(150, "five"):
        plain, with_people = read_comment(comment(row), BOOK), read_with(comment(row), BOOK, people)
        assert plain.concern == with_people.concern
        assert plain.redaction == with_people.redaction


def with_polarities(polarities: list[str | None]) -> tuple[Learned, list[str]]:
    """Learn from comments of which people said these polarities, and from as many words that tell each of them."""
    lessons, told = Lessons(), list[str]()
    for number, (row, polarity) in enumerate(zip(rows(len(polarities)), polarities, strict=True)):
        known = known_of(Comment(row["id"], f"{row['text']} {polarity or ''}", "child"), BOOK)
        lessons.add(known.features, Labels(frozenset(), polarity, frozenset(), "mixed"), str(number))
    return learn(lessons, BOOK.theme_ids(), told=told.append), told


def polarity_of(learned: Learned) -> Trial | None:
    return next((trial for trial in learned.trials if trial.name == POLARITY), None)


def test_polarity_is_learned_from_the_comments_that_have_one_and_it_is_said_how_many(learned: Learned) -> None:
    whole = polarity_of(learned)
    assert whole is not None
    assert whole.examples == 700
    some, told = with_polarities([*(["positive", "negative"] * 30), *([None] * 40)])
    part = polarity_of(some)
    assert part is not None
    assert part.examples == 60
    assert part.with_model is not None
    assert part.with_model.right > 40
    assert part.is_on
    assert "polarity: 60 of 100 comments have one" in told


def test_a_way_that_few_comments_have_is_left_out_and_stands_as_it_was_read() -> None:
    learned, told = with_polarities([*(["positive", "negative"] * 30), "mixed", "mixed"])
    assert "polarity: 62 of 62 comments have one; too rare to be learned: mixed (2)" in told
    assert polarity_of(learned) is not None
    labels = json.loads(gzip.decompress(learned.packed))["model"]["labels"]
    assert "polarity:mixed" not in labels


def test_without_enough_polarities_none_is_learned_and_it_is_said() -> None:
    assert polarity_of(taught(200, polarity=False)) is None
    learned, told = with_polarities([*(["positive"] * 40), "negative", None])
    assert polarity_of(learned) is None
    assert any(line.startswith("polarity is not learned: 41 of 42") for line in told)


def test_words_of_fewer_owners_than_asked_never_enter_the_model() -> None:
    lessons = Lessons()
    for number in range(60):
        text = f"they came late again {'zebra' if number in {4, 5} else 'monday'} {'otter' if number % 2 else ''}"
        known = known_of(Comment(str(number), text, "child"), BOOK)
        themes = frozenset({"about_visits"} if number % 2 else ())
        owner = "one child" if number in {4, 5} else str(number)
        lessons.add(known.features, Labels(themes, None, frozenset(), "neutral"), owner)
    packed = learn(lessons, BOOK.theme_ids(), seen_by=3).packed
    words = json.loads(gzip.decompress(packed))["model"]["weights"]["words"]["names"].split("\n")
    assert "otter" in words
    assert not [word for word in words if "zebra" in word]
    parts = json.loads(gzip.decompress(packed))["model"]["weights"]["parts"]["names"].split("\n")
    assert not {" zeb", "zebr", "ebra", "bra "} & set(parts)


def test_near_copies_lie_in_one_fold() -> None:
    lessons = Lessons()
    nothing = Labels(frozenset(), None, frozenset(), "neutral")
    for number in range(40):
        row = rows(40)[number]
        for text in (row["text"], f"{row['text']} !", row["text"].upper()):
            lessons.add(known_of(Comment("1", text, "child"), BOOK).features, nothing, str(number))
    folds = lessons.folds()
    assert all(len({int(fold) for fold in folds[at : at + 3]}) == 1 for at in range(0, 120, 3))
    assert len({int(fold) for fold in folds}) == 5


def test_the_cautious_need_more_than_chance_and_take_back_nothing_they_hardly_saw_to_be_right() -> None:
    lessons = Lessons()
    for number, row in enumerate(rows(120)):
        known = known_of(comment(row), BOOK)
        # Only mistakes are here, one way and the other: by them the machine is never right, and to say the theme of
        # every comment would look like mending.
        is_so = number % 4 == 0
        truth, said = ({"about_school"}, set()) if is_so else (set(), {"about_school"})
        labels = Labels(frozenset(truth), None, frozenset(said), "neutral")
        lessons.add(known.features, labels, row["id"])
    trial = learn(lessons, BOOK.theme_ids(), cautious=True).trials[0]
    assert not trial.may_remove
    assert not trial.is_on


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: body.update(format="people 0"),
        lambda body: body.pop("trials"),
        lambda body: body["trials"].append({"name": "x"}),
        lambda body: body["trials"].append(
            {"name": "gone", "examples": 20, "on": True, "removes": True, "without": {"f1": 0, "low": 0, "high": 0}}
        ),
        lambda body: body["thresholds"].pop("theme:about_school"),
        lambda body: body["thresholds"].update({"theme:about_school": 1e999}),
        lambda body: body["scales"].__setitem__(0, 10**400),
        lambda body: body.update(labels=[label.replace("mixed", "odd") for label in body["labels"]]),
        lambda body: body.update(labels=3),
        lambda body: body.update(trials=3),
        lambda body: body.pop("labels"),
    ],
)
def test_it_refuses_a_file_that_is_not_a_model_of_peoples_codes(learned: Learned, spoil: Any) -> None:
    body = json.loads(gzip.decompress(learned.packed))["model"]
    spoil(body)
    with pytest.raises(LanguageError):
        peoples_model_from(packed_model(body))


def test_it_refuses_a_file_whose_hash_does_not_fit(learned: Learned) -> None:
    raw = gzip.decompress(learned.packed).replace(b'"comments":700', b'"comments":701')
    with pytest.raises(LanguageError, match="hash"):
        peoples_model_from(gzip.compress(raw))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        gzip.compress(b"", mtime=0),
        gzip.compress(b"[]", mtime=0),
        gzip.compress(b'{"model": {}, "sha256": 3}', mtime=0),
        gzip.compress(b'{"model": ' + b"[" * 200_000 + b"]" * 200_000 + b', "sha256": ""}', mtime=0),
        gzip.compress(b'{"model": ' + b"9" * 5_000 + b', "sha256": ""}', mtime=0),
        gzip.compress(b'{"model": NaN, "sha256": ""}', mtime=0),
        gzip.compress(b"\xff", mtime=0),
        gzip.compress(b'{"model": "\\ud800", "sha256": ""}', mtime=0),
    ],
)
def test_whatever_a_file_holds_it_is_refused_in_plain_words(content: bytes) -> None:
    with pytest.raises(LanguageError, match="damaged"):
        peoples_model_from(content)


def test_a_small_file_that_unpacks_without_end_is_refused_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_files, "MOST_BYTES", 1_000_000)
    bomb = gzip.compress(b" " * 50_000_000)
    assert len(bomb) < 60_000
    tracemalloc.start()
    try:
        with pytest.raises(LanguageError, match="damaged"):
            peoples_model_from(bomb)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
