"""Gathers every word that a respondent can meet: templates, the program's own messages, and the questionnaires.

The words are found where they are used, so that nobody has to keep a list; where they stand is told without line
numbers, so that a catalogue changes only when words do.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract

from hscb_voice.questionnaires.definition import Definition, Question
from hscb_voice.questionnaires.reading import all_definitions
from hscb_voice.translations.template_words import CHILD, EVERYBODY, GROWN_UP, Found, words_of_template
from hscb_voice.web.catalogues import ADULT

_PROGRAM = Path(__file__).parent.parent
_TEMPLATES = _PROGRAM.parent / "templates"
# How the program's own messages are marked: for gettext, as a reason on the form, and on the paper form.
_KEYWORDS = {"gettext": None, "ngettext": (1, 2), "Reason": (1,)}
_PAPER_KEYWORDS = {"say": None}
_MOST_PLACES = 4
_MARKS = re.compile(r"\b(n?gettext|Reason|say)\(")
# Rooms whose words stand on the form itself, which knows who answers.
_ON_THE_FORM = {"questionnaires", "paper", "invitations"}
# English does not show to whom a sentence is polite; a sentence that speaks to somebody does.
_SPEAKS_TO_SOMEBODY = re.compile(
    r"\b((?<!thank )you|your|yours|yourself|(?<!yes, )please)\b"
    r"|^(or |then )?(ask|choose|draw|go to|keep|mend|open|pick|press|scan|show|tap|tell|tick|type|write)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Source:
    """One text to be translated."""

    text: str
    context: str  # `adult` where it is said to grown-ups, else empty
    plural: str
    where: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str]:
        """Return what tells it from all others."""
        return self.context, self.text


@cache
def all_sources() -> tuple[Source, ...]:
    """Return every text to be translated, in the order of its first place."""
    gathered: dict[tuple[str, str], list[Found]] = {}
    for found in (*_of_questionnaires(all_definitions()), *words_of_pages()):
        for context in _contexts(found):
            gathered.setdefault((context, found.text), []).append(found)
    return tuple(_source(context, text, places) for (context, text), places in gathered.items())


def words_of_pages() -> Iterator[Found]:
    """Find the words that stand around the questions: on respondents' pages, on paper, in the program's messages."""
    yield from _of_templates()
    yield from _of_program()


def own_contexts() -> frozenset[tuple[str, str]]:
    """Return the texts that a translator may say otherwise in one questionnaire, under its name as context."""
    return frozenset((found.where.split("/")[0], found.text) for found in _of_questionnaires(all_definitions()))


def _contexts(found: Found) -> Iterator[str]:
    speaks = _SPEAKS_TO_SOMEBODY.search(found.text) is not None
    if CHILD in found.said_to or not speaks:
        yield ""
    if GROWN_UP in found.said_to and speaks:
        yield ADULT


def _source(context: str, text: str, places: list[Found]) -> Source:
    notes = ["said to parents and professionals: the polite form of address"] if context else []
    if text in _report_wording():
        notes.append("printed in the Board's report 2015-16: translate closely, so that years compare")
    where = tuple(dict.fromkeys(place.where for place in places))
    if len(where) > _MOST_PLACES:
        where = tuple(dict.fromkeys(place.rpartition("/")[0] for place in where))
    return Source(text, context, next((p.plural for p in places if p.plural), ""), where, tuple(notes))


@cache
def _report_wording() -> frozenset[str]:
    return frozenset(
        text
        for definition in all_definitions()
        for question in definition.questions
        if question.source == "report"
        for text in (question.text, *_answers(question))
    )


def _of_questionnaires(definitions: Iterable[Definition]) -> Iterator[Found]:
    for definition in definitions:
        for variant in definition.variants or (None,):
            key = variant.key if variant else None
            said_to = frozenset({CHILD if definition.respondent_of(key) == "child" else GROWN_UP})
            for text in (definition.title, definition.about, *definition.opening):
                yield Found(text, "", said_to, f"{definition.slug}/opening")
            for point in ("", *(point.key for point in definition.points)):
                for question in definition.asked_of(key, point):
                    for text in filter(None, (question.text, question.help, *_answers(question))):
                        yield Found(text, "", said_to, f"{definition.slug}/{question.key}")
        for variant in definition.variants:
            # Whoever chooses the age has not chosen yet: both read every label.
            yield Found(variant.label, "", EVERYBODY, f"{definition.slug}/opening")


def _answers(question: Question) -> list[str]:
    return [option.text for option in question.options] + [row.text for row in question.rows]


def _of_templates() -> Iterator[Found]:
    for file in sorted(_TEMPLATES.rglob("*.html")):
        yield from words_of_template(file, f"templates/{file.relative_to(_TEMPLATES)}")


def _of_program() -> Iterator[Found]:
    for file in sorted(_PROGRAM.rglob("*.py")):
        source = file.read_bytes()
        if not _MARKS.search(source.decode()):
            continue
        for _, said, _, _ in extract(
            "python", BytesIO(source), _PAPER_KEYWORDS if file.parent.name == "paper" else _KEYWORDS
        ):
            texts = [said] if isinstance(said, str) else [text for text in said if text]
            if texts:
                plural = texts[1] if len(texts) > 1 else ""
                yield Found(texts[0], plural, _told_by(file), str(file.relative_to(_PROGRAM)))


def _told_by(file: Path) -> frozenset[str]:
    """Return who hears what a part of the program says."""
    return EVERYBODY if file.parent.name in _ON_THE_FORM else frozenset({CHILD})
