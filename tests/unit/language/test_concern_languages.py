"""A worry in another language must be heard, or handed to a person; a child's spelling is no other language."""

import pytest

from hscb_voice.language.concern import screen
from hscb_voice.language.language_guess import Languages, languages_in
from hscb_voice.language.normalise import normalise


@pytest.mark.parametrize(
    ("text", "language", "reason"),
    [
        ("Boję się taty, on bije mamę", "pl", "fear_of_person"),
        ("boje sie wracac do domu", "pl", "fear_of_person"),
        ("jestem głodny i nie ma jedzenia w domu", "pl", "neglect"),
        ("nie chce zyc", "pl", "self_harm"),
        ("Mi-e frică de tata, o bate pe mama", "ro", "harm"),
        ("nu vreau sa mai traiesc", "ro", "self_harm"),
        ("nu avem mâncare acasă", "ro", "neglect"),
        ("mae dad yn taro mam ac mae ofn arna i", "cy", "harm"),
        ("dwi isio marw", "cy", "self_harm"),
    ],
)
def test_it_hears_a_worry_in_polish_romanian_and_welsh(text: str, language: str, reason: str) -> None:
    for form in ("en", language):
        assert reason in screen(normalise(text), respondent="child", language=form).reasons


@pytest.mark.parametrize(
    "text",
    [
        "Pani była bardzo miła i pomogła nam",
        "Doamna a fost foarte drăguță",
        "Roedd hi yn neis iawn",
        "rozmawialismy o tym jak ktos bije dzieci",
    ],
)
def test_kind_words_in_those_languages_raise_nothing(text: str) -> None:
    assert not screen(normalise(text), respondent="child").flag


@pytest.mark.parametrize(
    "text",
    [
        "tengo miedo de mi padre y no quiero ir a casa",
        "أبي يضربني",
        "Babamdan çok korkuyorum, eve gitmek istemiyorum",
        "мне страшно дома",
        "ich habe angst zu hause",
        "bijau tėvo, nenoriu namo",
        "Mein Stiefvater schlägt mich jeden Abend",
        "Mi padrastro me pega",
        "Babam beni her gece dövüyor",
        "babam beni dover",
        "TATO MENE BJE",
        "Anyám megüt engem minden nap",
        "waan ka baqayaa aabahay",
        "ana khayef arja3 el beit",
        "abbu ammi ko roz marte hain",
        "baba ananipiga kila siku",
        "mama verkia kiekvieną naktį",
        "O meu pai bate na minha mãe",
        "爸爸打我",
    ],
)
def test_a_language_that_cannot_be_read_goes_to_a_person(text: str) -> None:
    reading = screen(normalise(text), respondent="child")
    assert reading.flag
    assert reading.reasons == ("unreadable_language",)
    assert reading.evidence[0].words == text


@pytest.mark.parametrize(
    "text",
    [
        "gud",
        "i lik it",
        "she woz kool n nice",
        "da lady woz nic an funi",
        "no",
        "puppets",
        "lol",
        "dunno",
        "Triple P",
        "Zoë was lovely",
        "me and Łukasz like it",
        "Very good lady. No problem",
        "mam is sad",
        "12",
        "",
        "\U0001f642",
        "i lyk wen we pleyd gaymz",
        "shi iz reely nys an kynd",
        "dis is well sik bruv no cap fr fr",
        "ah dinnae ken whit tae say",
        "dem pickney deh love it",
        "kacper zuzia oliwier maja antoni",
        "Xhulio and Fjolla and Dardan",
        "marac mash camhs ehcp senco",
        "we ate pierogi and bigos at babcia's",
        "Had iftar with babcia and she said mashallah",
        "He starts at Ysgol Glan Morfa in the autumn",
        "the care leavers sent a plant to my place at ten",
        "hahahaha hehehe",
        "vry gd thx",
    ],
)
def test_childrens_spelling_and_names_are_not_another_language(text: str) -> None:
    assert languages_in(normalise(text)) == Languages("en", ())
