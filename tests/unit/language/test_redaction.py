"""What a reader must never learn from a quote, and what must stay readable in it."""

import json
import re
import time
from itertools import pairwise

import pytest

from hscb_voice.language.errors import LanguageError
from hscb_voice.language.normalise import normalise
from hscb_voice.language.redaction import Redaction, redact
from hscb_voice.language.redaction_around import Around
from hscb_voice.language.redaction_lists import marks, marks_of, words_under

LONGEST_TEXT = 20_000
SECONDS_FOR_HOSTILE_TEXT = 2.0


def read(text: str, *known: str) -> Redaction:
    return redact(normalise(text), known_names=known)


def hidden(text: str, *known: str) -> list[str]:
    return [text[span.start : span.end] for span in read(text, *known).spans]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("I felt comfortable working with Jo.", ["Jo"]),
        ("Jay was brilliant and very approachable.", ["Jay"]),
        ("The work I did with So has been very helpful to me", ["So"]),
        ("i love sarah she is kind", ["sarah"]),
        ("THE WORKER WAS KIND AND SARAH HELPED", ["SARAH"]),
        ("Małgosia and Siân and Zoë rang", ["Małgosia", "Siân", "Zoë"]),
        ("Lubię rozmawiać z Kasią i Markiem", ["Kasią", "Markiem"]),
        ("Am vorbit cu mama Mariei", ["Mariei"]),
        ("My social worker Nkechi Obi never rang", ["Nkechi Obi"]),
        ("Heidi Vaughan-Jones chaired it fairly", ["Heidi Vaughan-Jones"]),
        ("Lily-Mae's drawing is on the wall", ["Lily-Mae"]),
        ("D.K. did the report", ["D.K"]),
    ],
)
def test_it_hides_listed_names_in_any_case_language_and_length(text: str, names: list[str]) -> None:
    assert hidden(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("rose listened to me", ["rose"]),
        ("i like faith she plays uno with me", ["faith"]),
        ("my sister hope is six", ["hope"]),
        ("can hope come back next week", ["hope"]),
        ("me and prince did drawing", ["prince"]),
        ("Precious and Angel are my sisters", ["Precious", "Angel"]),
        ("Will listened and Mark did too", ["Will", "Mark"]),
        ("May was lovely, I hope she stays", ["May"]),
        ("thank you Will!", ["Will"]),
        ("Christian did the drawing with me", ["Christian"]),
        ("Mercy's car broke", ["Mercy"]),
    ],
)
def test_it_hides_a_word_that_stands_where_a_name_stands(text: str, names: list[str]) -> None:
    assert hidden(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "I hope so, with all my heart",
        "will you mark my work please, it may help",
        "In May they cancelled twice. In June once. In the Summer it was fine.",
        "we got up at dawn to see a robin and a rose bush",
        "my worker drew a picture with me",
        "my mum may sue the council over the bill",
        "we are a Christian family",
        "the chair was frank with us",
        "I got an A and took vitamin C as plan B",
        "i miss home and I miss my bed",
        "the Board said no, and the Core Group met",
        "We are in April now, Monday to Sunday",
        "its sunny today and i feel calm",
    ],
)
def test_it_leaves_the_same_word_where_it_is_only_a_word(text: str) -> None:
    assert hidden(text) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("my worker zbyszkolas listened to me", ["zbyszkolas"]),
        ("I was working with Zbyszkolas on it", ["Zbyszkolas"]),
        ("my sister Kaylarae cried", ["Kaylarae"]),
        ("the lady called qwendy had a puppet", ["qwendy"]),
        ("my key worker is Banjo", ["Banjo"]),
        ("My worker J never turns up", ["J"]),
        ("LK has made progress", ["LK"]),
        ("The Price family have engaged", ["Price"]),
        ("miss khan is fun", ["miss khan"]),
        ("they call me Smudge", ["Smudge"]),
        ("I was working with Tulip", ["Tulip"]),
        ("i was playing with zbykol and ran", ["zbykol"]),
        ("nan sheila and Auntie Bev are here", ["nan sheila", "Auntie Bev"]),
        ("Judge Harker read my letter", ["Harker"]),
        ("signed J Smith", ["J Smith"]),
        ("I like talking to D. on Fridays", ["D"]),
        ("wujek Zbyszkol and Pani Ewie", ["wujek Zbyszkol", "Pani Ewie"]),
        ("Zbyszkolas and me made slime", ["Zbyszkolas"]),
        ("Mrs K is my teacher", ["Mrs K"]),
        ("Dr Hetheringtonby referred us", ["Dr Hetheringtonby"]),
        ("jesicca helped me", ["jesicca"]),
        ("tammy and qez are always fighting", ["tammy", "qez"]),
    ],
)
def test_it_hides_a_name_that_no_list_holds(text: str, names: list[str]) -> None:
    assert hidden(text) == names


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("we moved from Kidderminster to ross on wye", ["Kidderminster", "ross on wye"]),
        ("I live in Reading now", ["Reading"]),
        ("we came from Syria", ["Syria"]),
        ("all of Belmont Road knows", ["Belmont Road"]),
        ("I live at 12 Mill Lane", ["12 Mill Lane"]),
        ("my addy is flat 2 kyrle street", ["flat 2 kyrle street"]),
        ("contact is at Springfield Family Centre", ["Springfield Family Centre"]),
        ("at St Mary's they were kind", ["St Mary's"]),
        ("I am in year 6 at Whitecross", ["Whitecross"]),
        ("i go to marlbrook primary school", ["marlbrook primary school"]),
        ("Thistledown College let me in", ["Thistledown College"]),
    ],
)
def test_it_hides_places_streets_and_schools(text: str, places: list[str]) -> None:
    assert hidden(text) == places


def test_it_tells_a_school_from_a_place_and_a_person() -> None:
    spans = read("Priya from Ledbury goes to Lady Hawkins").spans
    assert [span.kind for span in spans] == ["person", "place", "school"]


@pytest.mark.parametrize(
    ("text", "found", "kind"),
    [
        ("ring me on 07700 900 123", "07700 900 123", "contact"),
        ("ring 01432 555019 please", "01432 555019", "contact"),
        ("oh seven seven double oh nine one two three", "oh seven seven double oh nine one two three", "contact"),
        ("i am jo.b@example.co.uk", "jo.b@example.co.uk", "contact"),
        ("mail k dot smith at example dot com", "k dot smith at example dot com", "contact"),
        ("see www.example.com/me", "www.example.com/me", "contact"),
        ("my snap is lil_kez09", "lil_kez09", "contact"),
        ("add @lil.mo on there", "@lil.mo", "contact"),
        ("we are HR4 9AB now", "HR4 9AB", "contact"),
        ("his car is VX12 ABC", "VX12 ABC", "other"),
        ("she was born 14/02/2011", "14/02/2011", "date"),
        ("it was on the 3rd of March 2015", "3rd of March 2015", "date"),
        ("on the third of march", "third of march", "date"),
        ("case number HFD/20431", "HFD/20431", "contact"),
    ],
)
def test_it_hides_what_can_reach_or_trace_somebody(text: str, found: str, kind: str) -> None:
    spans = read(text).spans
    assert [(text[span.start : span.end], span.kind) for span in spans] == [(found, kind)]


@pytest.mark.parametrize(
    "text",
    [
        "CAMHS and MASH and the NSPCC helped, so did Barnardo's and Women's Aid and the British Heart Foundation",
        "we saw Chelsea's Choice and did Triple P and PSHE",
        "I play Roblox and Fortnite on my Xbox and watch TikTok",
        "On Monday and at Christmas and in December we met",
        "Mum is Polish and I speak English and a bit of Welsh",
        "Ring Childline on 0800 1111, it is open 24/7, 10/10",
        "I FELT SCARED BUT NOW I FEEL OKAY AND HAPPY",
        "Puppets Were Great And I Felt Happy",
        "I like my new school and the high street and my old house",
        "i count one two three four five six seven eight nine ten and she is a ray of sunshine",
        "Becuase I was scared noone lissened to me",
        "my birthday is in June and I am 9, the meeting took 2 hours on page 12",
        "we support Manchester United and I read Harry Potter",
    ],
)
def test_it_leaves_services_games_languages_and_plain_words(text: str) -> None:
    assert hidden(text) == []


def test_it_leaves_a_placeholder_that_stands_there_already() -> None:
    text = "The boys enjoyed their time with [CIDVA worker] and [Child A's school]."
    assert read(text).redacted == text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("[My worker Emma Jones] was lovely", "Emma Jones"),
        ("I like her [her name is Chloe Smith]", "Chloe Smith"),
        ("[mum Kasia] was there", "Kasia"),
        ("we met [child: Mohammed Iqbal] there", "Mohammed Iqbal"),
        ("she lives at [place Ledbury]", "Ledbury"),
        ("ring me [phone number 01432 555123]", "01432 555123"),
    ],
)
def test_brackets_hide_no_name_from_it(text: str, name: str) -> None:
    assert not set(name.split()) & set(re.findall(r"\w+", read(text).redacted))


@pytest.mark.parametrize(
    "text",
    ["She met [the worker]", "[Name of school] was closed", "[Child 1] and [child_b] came", "ask [worker's name]"],
)
def test_it_leaves_placeholders_of_roles(text: str) -> None:
    assert read(text).redacted == text


def test_it_hides_known_names_in_any_case_and_with_one_wrong_letter() -> None:
    assert hidden("BANJO and banjos friend", "Banjo") == ["BANJO", "banjos"]
    assert hidden("i saw zbiszko's car", "Zbyszko") == ["zbiszko"]
    assert hidden("the oak tree house was nice", "Oak Tree House") == ["oak tree house"]


def test_it_does_not_hide_an_ordinary_word_one_letter_from_a_known_name() -> None:
    assert hidden("i was married and buried in work", "Harried") == []


def test_it_does_not_hide_every_will_because_a_worker_is_called_will() -> None:
    assert hidden("will you tell me if will helped", "Will") == ["will"]


AROUND = Around(
    people=("Dr Hope Young", "Idris Quillfeather-Bell", "Safeguarding Lead", "Will Hill"),
    places=("River Team", "North", "Yarkley Vale"),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("i saw quillfeather and quilfeather today", ["quillfeather", "quilfeather"]),
        ("hope young was there", ["hope young"]),
        ("I spoke to Young and with Hope", ["Young", "Hope"]),
        ("my worker called young helped", ["young"]),
        ("we met in yarkley vale", ["yarkley vale"]),
        ("the River Team came", ["River Team"]),
        ("we drove North to see her", ["North"]),
    ],
)
def test_it_hides_the_names_of_those_who_work_there(text: str, expected: list[str]) -> None:
    spans = redact(normalise(text), around=AROUND).spans
    assert [text[span.start : span.end] for span in spans] == expected


@pytest.mark.parametrize(
    "text",
    [
        "young people hope for more and will go up the hill",
        "I hope the young ones will come. Will you?",
        "our safeguarding lead and the Safeguarding Lead came",
        "we sat by the river and the team was kind",
        "it is cold in the north of the county",
        "a bell rang",
    ],
)
def test_it_hides_no_word_because_somebody_who_works_there_is_called_so(text: str) -> None:
    assert redact(normalise(text), around=AROUND).spans == redact(normalise(text)).spans


def test_it_says_whose_name_it_was_as_the_report_does() -> None:
    assert read("My worker Jo met my brother Sam and Dot. Jo was kind.").redacted == (
        "My worker [worker] met my brother [child] and [child]. [worker] was kind."
    )


def test_it_replaces_each_kind_with_its_own_word() -> None:
    text = "Priya of Ledbury, at Lady Hawkins, 07700 900123, born 1/2/2010, VX12 ABC"
    assert read(text).redacted == "[person] of [place], at [school], [contact], born [date], [hidden]"


def test_its_spans_are_sorted_apart_and_explained() -> None:
    text = "😀 Sarah Jane from Hereford rang 07700 900123. Sarah cried."
    spans = read(text).spans
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert [span.evidence.words for span in spans] == [text[span.start : span.end] for span in spans]
    assert all(span.evidence.rule for span in spans)


def test_it_answers_the_same_twice_and_nothing_for_nothing() -> None:
    assert read("Jo and Sam") == read("Jo and Sam")
    assert read("") == Redaction(spans=(), redacted="")


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "J. ",
        "will ",
        "1 ",
        "07700 ",
        "Zqxv ",
        "St Mary's ",
        "Xaq School ",
        "[",
        "@",
        "a.",
        "a@",
        "a-",
        "a'",
        "one ",
        "insta is ",
        "12 aa bb ",
        "Sarah Jane Smith ",
        "born on in the ",
        "flat 1 ",
        "_",
        "(0",
    ],
)
def test_it_reads_hostile_text_in_a_moment(piece: str) -> None:
    text = normalise((piece * LONGEST_TEXT)[:LONGEST_TEXT])
    before = time.process_time()
    redact(text)
    assert time.process_time() - before < SECONDS_FOR_HOSTILE_TEXT


def test_its_lists_hold_at_least_2500_first_names_and_the_general_words() -> None:
    assert sum(1 for mark in marks().values() if mark & 1) > 2_500
    assert marks_of("photosynthesis")
    assert marks_of("flabbergastedlyish") == 0


def test_it_refuses_a_heading_without_words() -> None:
    with pytest.raises(LanguageError, match="no words under"):
        words_under("shapes.txt", "no such heading")


def test_it_redacts_what_the_printed_report_left_in() -> None:
    line = json.loads(
        '{"text": "I was going to Shropshire and my brother to another County!", "redact": ["Shropshire"]}'
    )
    assert hidden(line["text"]) == line["redact"]
