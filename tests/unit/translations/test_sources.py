"""Every word that a respondent can meet is found where it is used, and to whom it is said."""

from pathlib import Path

import pytest

from hscb_voice.translations.sources import all_sources
from hscb_voice.translations.template_words import CHILD, EVERYBODY, GROWN_UP, words_of_template

KEYS = {source.key: source for source in all_sources()}


@pytest.mark.parametrize(
    "key",
    [
        ("", "Is there one thing you would change?"),  # a question
        ("", "Pick as many faces as you like."),  # help
        ("", "Confused / worried"),  # an answer
        ("adult", "Your relationship with the worker"),  # a row
        ("", "I am 13 or older"),  # an age to choose
        ("", "We know that this can be a hard day for a family."),  # an opening
        ("", "Has anything changed since then? What is it?"),  # asked at one point in the work only
        ("", "Question {n} of {m}"),  # the script's words
        ("", "This page is not here"),  # trouble
        ("", "there is room for %(number)s lines"),  # why an answer cannot be kept
        ("", "Tick one box."),  # the paper form
    ],
)
def test_it_finds(key: tuple[str, str]) -> None:
    assert key in KEYS


def test_what_speaks_to_children_and_to_grown_ups_is_asked_for_twice() -> None:
    text = "Would you like someone to talk to you about this?"
    assert {context for context, said in KEYS if said == text} == {"", "adult"}
    assert "the polite form" in " ".join(KEYS["adult", text].notes)
    assert {context for context, said in KEYS if said == "Not sure"} == {""}


def test_what_the_report_prints_is_marked_for_the_translator() -> None:
    assert "translate closely" in " ".join(KEYS["", "Confused / worried"].notes)
    assert KEYS["", "I feel safer."].notes == ()


def test_staff_pages_and_commands_are_not_among_them() -> None:
    assert not any(place.startswith(("templates/staff", "staff/")) for s in all_sources() for place in s.where)
    assert not any("annual report" in source.text for source in all_sources())


def test_a_page_is_spoken_in_a_language_by_one_door_only() -> None:
    program = Path(__file__).parent.parent.parent.parent / "hscb_voice"
    # Flask-Babel's own way knows no form of address; what it forces would silently stay English.
    others = [file.name for file in program.rglob("*.py") if "force_locale" in file.read_text(encoding="utf-8")]
    assert others == []


PAGE = """{% extends "layouts/respondent.html" %}
{% block main %}
{% if look == "young_child" %}{{ _("small") }}
{% elif who == "child" %}{{ _("older") }}
{% else %}{{ _("grown") }}{% endif %}
{{ _("inline child") if who == "child" else _("inline grown") }}
{% if who != "child" %}{{ _("not a child") }}{% endif %}
{% for one in many %}{{ _("both %(name)s", name=one) }}{% endfor %}
{{ ngettext("one word", "%(num)s words", count) }}
{{ _(not_a_text) }}
{% endblock %}
"""


def test_a_template_tells_to_whom_each_branch_speaks(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(PAGE)
    found = {one.text: one.said_to for one in words_of_template(file, "page")}
    assert found == {
        "small": frozenset({CHILD}),
        "older": frozenset({CHILD}),
        "grown": frozenset({GROWN_UP}),
        "inline child": frozenset({CHILD}),
        "inline grown": frozenset({GROWN_UP}),
        "not a child": frozenset({GROWN_UP}),
        "both %(name)s": EVERYBODY,
        "one word": EVERYBODY,
    }
    assert [one.plural for one in words_of_template(file, "page") if one.plural] == ["%(num)s words"]


def test_a_page_that_does_not_know_who_reads_speaks_as_to_a_child(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text('{% extends "layouts/respondent.html" %}{% block main %}{{ _("hello you") }}{% endblock %}')
    assert [one.said_to for one in words_of_template(file, "page")] == [frozenset({CHILD})]
