"""A model learned from people: tried on comments it never saw, silent where it is worse, the same each time."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from hscb_voice.language.codebook import Codebook, Theme
from hscb_voice.language.errors import LanguageError
from hscb_voice.language.learned import packed_model
from hscb_voice.language.learned_themes import POLARITY, PeoplesModel, peoples_model_from, read_with
from hscb_voice.language.learning import FEWEST, Learned, learn
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
        found = {theme.id for theme in read_with(comment(row), BOOK, people, english_only=False).themes}
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


def test_polarity_is_learned_only_when_every_comment_has_one(learned: Learned) -> None:
    assert POLARITY in {trial.name for trial in learned.trials}
    assert POLARITY not in {trial.name for trial in taught(200, polarity=False).trials}


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
