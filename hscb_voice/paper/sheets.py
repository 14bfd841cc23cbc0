"""Lays out one paper form as plain data: the same questions, words and faces as the page, with what only paper needs.

The Typst document `templates/paper/form.typ` sets it in type. Nothing here knows a page or a database.
"""

from dataclasses import dataclass

from hscb_voice.paper.form_codes import PaperForm
from hscb_voice.paper.wording import Wording, face_drawing
from hscb_voice.questionnaires.definition import Definition, Kind, Option, Question

_PARTS = "components/respondent"
_YOUNG = "young_child"
# Letters of all answers together that stand beside each other in one line.
_IN_A_ROW, _IN_A_YOUNG_ROW = 64, 36
_LINES = {Kind.SHORT_TEXT: 1, Kind.LONG_TEXT: 4}


@dataclass(frozen=True)
class Sheet:
    """What to print."""

    form: PaperForm
    board_name: str
    is_large: bool = False


def laid_out(sheet: Sheet) -> dict[str, object]:
    """Return a paper form as the Typst document takes it.

    Args:
        sheet: which form, for whom.

    Returns:
        Plain data that JSON can carry.
    """
    form = sheet.form
    definition = form.version.definition
    look, who = definition.look_of(form.variant), definition.respondent_of(form.variant)
    words = Wording(form.language, who)
    questions = form.questions
    numbers = {question.key: place for place, question in enumerate(questions, start=1)}
    faces = {option.face.value for question in questions for option in question.options if option.face}
    say = words.say
    return {
        "language": form.language.code,
        "direction": form.language.direction,
        "look": look,
        "large": sheet.is_large,
        "board": sheet.board_name,
        "title": words.of_form(definition.slug, definition.title),
        "opening": " ".join(words.of_form(definition.slug, line) for line in definition.opening),
        "promises": words.lines(f"{_PARTS}/promises.html", "promises", who=who, look=look, board_name=sheet.board_name),
        "questions": [_question(one, definition, numbers, words, look) for one in questions],
        "faces": {face: face_drawing(face) for face in sorted(faces)},
        "thanks": say("That is all. Thank you.") if who == "child" else say("That was the last question. Thank you."),
        "give_back": say("Now give this paper back to whoever gave it to you."),
        "talk": say("Or would you rather just talk to someone?"),
        "help_lines": words.lines(f"{_PARTS}/help_lines.html", "help_lines", who=who),
        "page": say("Page {n} of {m}"),
        "number": say("Number:"),
        "code": form.code,
        "kind": _kind_of_form(form, words),
    }


def _kind_of_form(form: PaperForm, words: Wording) -> str:
    labels = (form.age_label, form.point_label)
    parts = [words.of_form(form.version.slug, label) for label in labels if label]
    version = words.say("Version %(number)s", number=form.version.number)
    return " · ".join([*parts, version, form.language.name])


def _question(
    question: Question, definition: Definition, numbers: dict[str, int], words: Wording, look: str
) -> dict[str, object]:
    slug = definition.slug
    options = [{"text": text, "face": option.face} for option, text in _options(question, slug, words)]
    letters = sum(len(str(option["text"])) + 4 for option in options)
    return {
        "number": numbers[question.key],
        "kind": question.kind.value,
        "text": words.of_form(slug, question.text),
        "hints": _hints(question, definition, numbers, words),
        "options": options,
        "in_a_row": letters <= (_IN_A_YOUNG_ROW if look == _YOUNG else _IN_A_ROW),
        "rows": [words.of_form(slug, row.text) for row in question.rows],
        "lines": question.blanks or _LINES.get(question.kind, 0),
        "draws": look == _YOUNG and question.kind is Kind.LONG_TEXT,
    }


def _options(question: Question, slug: str, words: Wording) -> list[tuple[Option, str]]:
    if question.kind is Kind.YES_NO and not question.options:
        plain = (Option(key="yes", text="Yes"), Option(key="no", text="No"))
        return [(option, words.say(option.text)) for option in plain]
    return [(option, words.of_form(slug, option.text)) for option in question.options]


def _hints(question: Question, definition: Definition, numbers: dict[str, int], words: Wording) -> list[str]:
    """Return what stands below a question: when it is asked at all, its help, and how it is answered on paper."""
    hints = []
    if question.ask_if is not None and question.ask_if.question in numbers:
        hints.append(_condition(question, definition, numbers, words))
    if question.options_from is not None:
        hints.append(words.say("Only those that you chose before."))
    if question.help:
        hints.append(words.of_form(definition.slug, question.help))
    # Where the question itself says “circle”, as the report's do, it is not said twice.
    how = "" if "circle" in question.text.casefold() else _how(question.kind, words)
    return [*hints, how] if how else hints


def _condition(question: Question, definition: Definition, numbers: dict[str, int], words: Wording) -> str:
    condition, say = question.ask_if, words.say
    asked = definition.question(condition.question) if condition else None
    assert condition is not None and asked is not None  # noqa: S101, PT018 - the definition was checked for both
    answers = [
        words.of_form(definition.slug, option.text) if (option := asked.option(key)) else say(key.capitalize())
        for key in condition.any_of
    ]
    return say(
        "Only if you said “%(answer)s” at question %(number)s.",
        answer="” / “".join(answers),
        number=numbers[asked.key],
    )


def _how(kind: Kind, words: Wording) -> str:
    say = words.say
    match kind:
        case Kind.FACES_SET:
            return say("Draw a circle around the faces that fit.")
        case Kind.FACES_SCALE:
            return say("Draw a circle around one face.")
        case Kind.SOME_OF:
            return say("Tick all the boxes that fit.")
        case Kind.GRID:
            return say("Tick one box in each line.")
        case Kind.ONE_OF | Kind.DAYS_BEFORE | Kind.YES_NO:
            return say("Tick one box.")
        case _:
            return ""
