"""Comments in Polish, Romanian and Welsh: screened, made fit to quote, and noticed inside an English comment."""

import json
from pathlib import Path

import pytest

from hscb_voice.language.analyse import analyse_line, comment_from
from hscb_voice.language.codebook import default_codebook
from hscb_voice.language.language_guess import languages_in
from hscb_voice.language.normalise import normalise
from hscb_voice.language.reading import Comment, read_comment, read_concern
from hscb_voice.language.redaction import redact

SETS = Path(__file__).parents[2] / "quality" / "languages"
CODES = ("pl", "ro", "cy")


def _comments(half: str, code: str) -> list[dict[str, object]]:
    lines = (SETS / half / f"{code}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("half", ["open", "locked"])
def test_it_hears_nearly_every_worry_and_lets_kind_words_pass(half: str, code: str) -> None:
    comments = _comments(half, code)
    heard = [read_concern(comment_from(comment)).flag for comment in comments]
    worries = [flag for flag, comment in zip(heard, comments, strict=True) if comment["concern"]]
    harmless = [flag for flag, comment in zip(heard, comments, strict=True) if not comment["concern"]]
    assert sum(worries) >= 0.9 * len(worries)
    assert sum(harmless) <= 0.1 * len(harmless)


@pytest.mark.parametrize("code", CODES)
def test_a_worry_is_heard_on_an_english_form_too(code: str) -> None:
    worries = [{**comment, "language": "en"} for comment in _comments("open", code) if comment["concern"]]
    assert all(read_concern(comment_from(comment)).flag for comment in worries)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("half", ["open", "locked"])
def test_it_knows_the_language(half: str, code: str) -> None:
    guesses = [languages_in(normalise(str(comment["text"]))).whole for comment in _comments(half, code)]
    assert guesses.count(code) >= 0.9 * len(guesses)


@pytest.mark.parametrize(
    ("text", "hidden", "readable"),
    [
        ("Mae Dad yn garedig ac mae Gethin hefyd", "Gethin", "Mae Dad yn garedig"),
        ("Dostałam rady od pani Agnieszki i jest lepiej", "Agnieszki", "Dostałam rady"),
        ("Fratele meu o place pe doamna Mihaela foarte mult", "Mihaela", "Fratele meu"),
    ],
)
def test_ordinary_words_stay_readable_and_names_do_not(text: str, hidden: str, readable: str) -> None:
    redacted = redact(normalise(text)).redacted
    assert hidden not in redacted
    assert readable in redacted


def test_a_name_that_is_known_stays_hidden_though_it_is_a_word() -> None:
    assert "Mae" not in redact(normalise("Mae yn garedig ac roedd hi yn helpu"), known_names=("Mae",)).redacted


def test_a_capital_within_a_sentence_makes_a_name_of_a_word() -> None:
    assert "Mae" not in redact(normalise("roedd y gweithiwr Mae yn garedig iawn i ni")).redacted


@pytest.mark.parametrize(
    ("text", "part", "language"),
    [
        ("The lady was so kind to me and I like her. boje sie taty", "boje sie taty", "pl"),
        ("She listened to me and we had fun. mi-e frica de tata", "mi-e frica de tata", "ro"),
        ("I like the puppets. mae gen i ofn dad", "mae gen i ofn dad", "cy"),
        ("It was good fun for us. babamdan çok korkuyorum", "babamdan çok korkuyorum", "other"),
        ("It was nice. Mein Stiefvater schlägt mich", "Mein Stiefvater schlägt mich", "other"),
        ("i like her and we play but mi padrastro me pega", "mi padrastro me pega", "other"),
        ("She is nice 😀 (babai me rreh shume)", "babai me rreh shume", "other"),
        ("Pani była bardzo miła dla nas. I like the puppets and the games", "I like the puppets and the games", "en"),
    ],
)
def test_a_part_in_another_language_is_noticed(text: str, part: str, language: str) -> None:
    plain = normalise(text)
    (found,) = languages_in(plain).parts
    start, end = plain.original_span(found.start, found.end)
    assert (text[start:end].strip(), found.language) == (part, language)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("The lady was so nice and kind to us. boje sie taty w domu", "fear_of_person"),
        ("It was great fun for all of us. tengo miedo de mi padre y no quiero", "unreadable_language"),
    ],
)
def test_the_model_does_not_take_back_what_it_cannot_read(text: str, reason: str) -> None:
    reading = read_comment(Comment("1", text, "child"), default_codebook())
    assert reason in reading.concern.reasons


@pytest.mark.parametrize("text", ["Pani była bardzo miła i pomogła nam", "tengo miedo de mi padre y no quiero ir"])
def test_what_a_machine_cannot_read_is_said_to_be_unread(text: str) -> None:
    out = analyse_line(json.dumps({"id": "1", "text": text, "respondent": "parent"}))
    assert out["read_by_machine"] is False
    assert out["language"] in {"pl", "other"}


@pytest.mark.parametrize("half", ["open", "locked"])
def test_nearly_every_comment_that_it_cannot_read_is_noticed_whole_or_within_english(half: str) -> None:
    readings = [read_concern(comment_from(comment)) for comment in _comments(half, "other")]
    noticed = sum("unreadable_language" in reading.reasons for reading in readings)
    assert noticed >= 0.85 * len(readings)


@pytest.mark.parametrize(
    ("text", "form", "language"),
    [
        ("jest super", "pl", "pl"),
        ("super", "pl", "pl"),
        ("Mama krzyczy", "pl", "pl"),
        ("zabierzcie mnie stad", "pl", "pl"),
        ("e super", "ro", "ro"),
        ("gwych", "cy", "cy"),
        ("jak ci było", "pl", "pl"),
        ("Rada dowiaduje się", "pl", "pl"),
        ("She was very nice and I liked the games", "pl", "en"),
        ("very nice lady", "ro", "en"),
        ("I am scared of my dad", "cy", "en"),
        ("Mein Stiefvater schlägt mich jeden Abend", "pl", "other"),
    ],
)
def test_the_form_says_the_language_unless_the_words_clearly_say_another(text: str, form: str, language: str) -> None:
    assert languages_in(normalise(text), form).whole == language


def test_words_in_the_language_of_the_form_are_left_to_faces_and_people() -> None:
    line = {"id": "1", "text": "super", "respondent": "child", "language": "pl", "faces": ["really_happy"]}
    out = analyse_line(json.dumps(line))
    assert (out["polarity"], out["decided_by"]["faces"], out["read_by_machine"]) == (
        "positive",
        ["really happy"],
        False,
    )


def test_words_that_nobody_read_say_nothing_good_or_bad_and_nothing_about() -> None:
    comment = Comment("1", "Ja cię kocham 😀 ale tata mnie bije", "child")
    reading = read_comment(comment, default_codebook())
    assert "harm" in reading.concern.reasons
    assert (reading.language, reading.polarity.polarity, reading.polarity.evidence, reading.themes) == (
        "pl",
        "neutral",
        (),
        (),
    )


def test_english_words_on_another_form_are_read() -> None:
    comment = Comment("1", "She was kind and she listened to me", "child", language="pl")
    reading = read_comment(comment, default_codebook())
    assert (reading.language, reading.polarity.polarity) == ("en", "positive")


def test_a_worry_in_english_beside_another_language_is_heard() -> None:
    reading = read_concern(Comment("1", "mi padrastro es malo y no quiero ir. My stepdad hits me", "child"))
    assert set(reading.reasons) == {"unreadable_language", "harm"}


@pytest.mark.parametrize(
    ("text", "code", "reason"),
    [
        ("Ojczym mnie maca", "pl", "sexual_harm"),
        ("kuzyn ściąga mi spodnie", "pl", "sexual_harm"),
        ("tata kopnął mamę w brzuch", "pl", "harm"),
        ("Tatăl vitreg mă pipăie", "ro", "sexual_harm"),
        ("vărul îmi dă pantalonii jos", "ro", "sexual_harm"),
        ("Mae llystad yn fy nghyffwrdd", "cy", "sexual_harm"),
        ("mae dad yn brifo'r babi", "cy", "harm"),
    ],
)
def test_a_worry_is_heard_in_other_forms_of_its_words(text: str, code: str, reason: str) -> None:
    assert reason in read_concern(Comment("1", text, "child", language=code)).reasons


@pytest.mark.parametrize(("text", "code"), [("Babcia dała mi ciastko", "pl"), ("îmi place să beau suc", "ro")])
def test_ordinary_words_of_a_form_raise_nothing(text: str, code: str) -> None:
    assert not read_concern(Comment("1", text, "child", language=code)).flag


@pytest.mark.parametrize("form", [*CODES, "de"])
@pytest.mark.parametrize(
    "text", ["She is kind", "swimming and football", "happy", "boring", "nothing", "play with Sarah", "I am happy"]
)
def test_a_few_english_words_on_another_form_are_read(text: str, form: str) -> None:
    assert languages_in(normalise(text), form).whole == "en"


@pytest.mark.parametrize(
    ("text", "form"),
    [("da", "cy"), ("pan", "pl"), ("pić", "pl"), ("sąd", "pl"), ("super", "ro"), ("mine", "ro"), ("i'r", "cy")],
)
def test_a_word_of_the_form_that_looks_english_is_left_to_the_form(text: str, form: str) -> None:
    assert languages_in(normalise(text), form).whole == form


@pytest.mark.parametrize("form", ["de", "pl", "cy"])
@pytest.mark.parametrize("text", ["ok", "no", "Sarah"])
def test_one_english_word_or_name_on_another_form_is_nothing_that_cannot_be_read(text: str, form: str) -> None:
    assert "unreadable_language" not in read_concern(Comment("1", text, "child", language=form)).reasons


@pytest.mark.parametrize(
    "text",
    [
        "DBT CBT EMDR",
        "PIP ESA UC DLA",
        "Ninjago Beyblades Bakugan",
        "Kuromi Cinnamoroll",
        "ninjago, beyblades, bakugan",
        "Zbrodowska Krzywinska",
    ],
)
def test_letters_that_stand_for_words_toys_and_names_are_no_other_language(text: str) -> None:
    assert "unreadable_language" not in read_concern(Comment("1", text, "child")).reasons


@pytest.mark.parametrize(
    "text",
    [
        "TENGO MIEDO DE MI PADRE",
        "BABA ANANIPIGA SANA",
        "Ananipiga baba kila siku",
        "Baba Ananipiga Sana Kila Siku Usiku",
        "Mein Stiefvater schlägt mich",
    ],
)
def test_a_sentence_in_another_language_is_noticed_however_its_capitals_stand(text: str) -> None:
    assert "unreadable_language" in read_concern(Comment("1", text, "child")).reasons
