"""One response for the case file: in the child's own words, order and faces, with nothing of ours added.

It opens the words, so it stands behind the permission to read them, within the reader's own teams, with a reason that
is noted in the same transaction.
"""

from dataclasses import asdict, dataclass

from hscb_voice.audit.service import note
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.printing import printed
from hscb_voice.paper.wording import Wording, face_drawing
from hscb_voice.questionnaires.definition import Definition, Option, Question
from hscb_voice.questionnaires.queries import version_by_id
from hscb_voice.responses.periods import span_words
from hscb_voice.responses.queries import ResponseSummary
from hscb_voice.responses.reading import REASONS
from hscb_voice.responses.showing import RESPONDENT_LABELS, as_asked
from hscb_voice.responses.words import comments_of
from hscb_voice.staff.queries import Person
from hscb_voice.web.languages import DEFAULT_LANGUAGE, LANGUAGES

CHANNELS = {
    "link": "A link",
    "poster": "A poster",
    "tablet": "A tablet",
    "worker": "Recorded by a worker after a session",
    "paper": "Paper, typed in",
    "import": "Brought in from elsewhere",
}
_ACT = "took a response for the case file"


@dataclass(frozen=True)
class Chosen:
    """One answer that was chosen, with its face where the form draws one."""

    text: str
    face: str = ""


@dataclass(frozen=True)
class Said:
    """One question as it was asked, and all that was answered."""

    question: str
    chosen: tuple[Chosen, ...]
    lines: tuple[tuple[str, str], ...]  # of a grid: the row, and what was chosen in it
    words: tuple[str, ...]


def case_file(platform: Platform, response: ResponseSummary, person: Person, reason: str) -> bytes:
    """Return one response as tagged PDF, and note who took it and why.

    Args:
        platform: whose database and keys.
        response: found through the person's teams; its words may be read by the person.
        person: who takes it.
        reason: a key of `REASONS`.

    Returns:
        The PDF.

    Raises:
        KeyError: there is no such reason.
        KeyMissingError: the key that sealed the words is not here.
        NotPrintedError: it could not be made; then nothing is noted.
    """
    why = REASONS[reason]
    with platform.database.reading() as connection:
        version = version_by_id(connection, response.version_id)
        comments = comments_of(connection, platform.keys, [response.id])
    definition = version.definition
    words = Wording(LANGUAGES.get(response.language, LANGUAGES[DEFAULT_LANGUAGE]), response.respondent)
    shown = as_asked(
        definition,
        response.variant,
        response.answers,
        {comment.question for comment in comments},
        comments,
        point=response.point,
    )
    asked = {question.key: question for question in definition.asked_of(response.variant, response.point)}
    said = [
        _said(asked.get(one.key) or _question(definition, one.key), response, one.words, words, definition.slug)
        for one in shown
        if one.is_answered
    ]
    faces = {chosen.face for one in said for chosen in one.chosen if chosen.face}
    content = printed(
        "paper/case_file.typ",
        {
            "language": words.language.code,
            "direction": words.language.direction,
            "board": platform.settings.board_name,
            "title": words.of_form(definition.slug, definition.title),
            "young": definition.look_of(response.variant) == "young_child",
            "facts": _facts(response),
            "said": [asdict(one) for one in said],
            "faces": {face: face_drawing(face) for face in sorted(faces)},
            "invented": response.invented,
            "erased": response.erased_at is not None,
        },
    )
    with platform.database.writing() as connection:
        note(connection, person.id, _ACT, f"response {response.id}", now=platform.clock.now(), reason=why)
    return content


def _facts(response: ResponseSummary) -> list[tuple[str, str]]:
    facts = [
        ("Who answered", RESPONDENT_LABELS[response.respondent]),
        ("When", span_words(response.span_start, response.span_end)),
        ("Service", response.service),
        ("How it was answered", CHANNELS.get(response.channel, "")),
    ]
    return [(name, value) for name, value in facts if value]


def _question(definition: Definition, key: str) -> Question:
    question = definition.question(key)
    assert question is not None  # noqa: S101 - it was shown from this definition
    return question


def _said(question: Question, response: ResponseSummary, own: tuple[str, ...], words: Wording, slug: str) -> Said:
    answer = response.answers.get(question.key)
    chosen: tuple[Chosen, ...] = ()
    lines: tuple[tuple[str, str], ...] = ()
    if isinstance(answer, dict):
        lines = tuple(
            (words.of_form(slug, row.text), _text(question.option(answer[row.key]), answer[row.key], words, slug))
            for row in question.rows
            if row.key in answer
        )
    elif answer is not None:
        keys = [answer] if isinstance(answer, str) else answer
        chosen = tuple(_chosen(question, key, words, slug) for key in keys)
    return Said(words.of_form(slug, question.text), chosen, lines, own)


def _chosen(question: Question, key: str, words: Wording, slug: str) -> Chosen:
    option = question.option(key)
    face = option.face.value if option and option.face else ""
    return Chosen(_text(option, key, words, slug), face)


def _text(option: Option | None, key: str, words: Wording, slug: str) -> str:
    return words.of_form(slug, option.text) if option else words.say(key.capitalize())
