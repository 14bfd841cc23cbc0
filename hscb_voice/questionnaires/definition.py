"""The shape of a questionnaire. Definitions are data; whatever is not in this shape is refused.

Question keys of the report's own questions (q2, q2a, …) are fixed: they stand in links, exports and the API.
"""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$", max_length=40)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
SHORT_TEXT_LENGTH = 200
LONG_TEXT_LENGTH = 5000


class Kind(StrEnum):
    """The kinds of answer that a question can take."""

    FACES_SET = "faces_set"  # any number of the eight feelings; a set, never a scale
    FACES_SCALE = "faces_scale"  # one of three or more worded faces
    ONE_OF = "one_of"
    SOME_OF = "some_of"
    GRID = "grid"  # rows, each with one point of a scale
    BLANKS = "blanks"  # lines for one's own words
    DAYS_BEFORE = "days_before"
    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    YES_NO = "yes_no"


_IN_WORDS = (Kind.SHORT_TEXT, Kind.LONG_TEXT, Kind.BLANKS)


class Face(StrEnum):
    """The eight faces of the Board's own paper form."""

    REALLY_SAD = "really_sad"
    REALLY_HAPPY = "really_happy"
    SAD = "sad"
    SCARED = "scared"
    ANGRY = "angry"
    CONFUSED = "confused"
    HAPPY = "happy"
    OKAY = "okay"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Option(_Strict):
    """One thing that can be chosen."""

    key: Key
    text: Words
    face: Face | None = None
    picture: Key | None = None  # shown with the words in easy mode
    tone: int | None = Field(default=None, ge=-2, le=2)  # for diverging bars and as a reader's prior; never averaged
    exclusive: bool = False  # ticked with others: the page asks “did you mean both?”, and either is accepted
    raises: Literal["scared", "talk", "advocate"] | None = None  # a concern that this tick raises by itself


class Row(_Strict):
    """One line of a grid."""

    key: Key
    text: Words


class AskIf(_Strict):
    """Ask only when another question has one of these answers."""

    question: Key
    any_of: tuple[Key, ...] = Field(min_length=1)


class VariantWording(_Strict):
    """How a question differs for one age: the same key, so that ages compare."""

    text: Words | None = None
    help: str | None = None
    options: tuple[Key, ...] | None = None  # which of the question's options are shown


class Question(_Strict):
    """One question, as it is asked."""

    key: Key
    kind: Kind
    text: Words
    source: Literal["report", "ours"]
    help: str = ""
    options: tuple[Option, ...] = ()
    scale: Key | None = None  # the name of a shared list of options, put in place when the file is read
    rows: tuple[Row, ...] = ()
    blanks: int = Field(default=0, ge=0, le=12)
    options_from: Key | None = None  # offer what was ticked at another question
    ask_if: AskIf | None = None
    variants: tuple[Slug, ...] = ()  # asked only of these ages; empty: of all
    points: tuple[Slug, ...] = ()  # asked only at these points in the work; empty: at all
    wording: dict[Slug, VariantWording] = Field(default_factory=dict)  # for one age, or at one point in the work
    required: bool = False
    watched: bool = False  # one of the items that the Board watches
    leaning: Literal["positive", "negative", "wish"] | None = None  # what the question itself invites
    picture: Key | None = None  # shown above the words in easy mode
    easy: bool = True  # False: left out in easy mode, where fewer questions are asked
    max_length: int | None = Field(default=None, ge=1, le=LONG_TEXT_LENGTH)

    @property
    def takes_words(self) -> bool:
        """Tell whether the answer is somebody's own words, which are sealed at rest."""
        return self.kind in _IN_WORDS

    @property
    def longest(self) -> int:
        """Return how many characters an answer in words may have."""
        return self.max_length or (LONG_TEXT_LENGTH if self.kind is Kind.LONG_TEXT else SHORT_TEXT_LENGTH)

    def option(self, key: str) -> Option | None:
        """Return the option of that key, if there is one."""
        for option in self.options:  # a loop of its own: every tick of every answer comes by here
            if option.key == key:
                return option
        return None

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        chooses = {Kind.FACES_SET, Kind.FACES_SCALE, Kind.ONE_OF, Kind.SOME_OF, Kind.GRID, Kind.DAYS_BEFORE}
        if self.kind in chooses and not (self.options or self.scale):
            message = "this kind of question needs options or a scale"
            raise ValueError(message)
        if self.kind is Kind.GRID and not self.rows:
            message = "a grid needs rows"
            raise ValueError(message)
        if self.kind is Kind.BLANKS and not self.blanks:
            message = "say how many blanks"
            raise ValueError(message)
        faces = {Kind.FACES_SET, Kind.FACES_SCALE}
        if self.kind in faces and not all(option.face for option in self.options):
            message = "every option of a faces question needs its face"
            raise ValueError(message)
        refuse_doubles("option", [option.key for option in self.options])
        refuse_doubles("row", [row.key for row in self.rows])
        return self


class Variant(_Strict):
    """A form of the questionnaire for one age, chosen on the opening page or by the invitation."""

    key: Slug
    label: Words
    look: Literal["young_child", "child", "young_person", "adult"]
    respondent: Literal["child", "parent", "professional"] | None = None  # when it is not the questionnaire's own


class Point(_Strict):
    """A point in the work at which the questionnaire is given again; some points have a shorter form."""

    key: Slug = Field(max_length=20)
    label: Words  # for staff pages
    asks: tuple[Key, ...] = ()  # only these questions; empty: every question of the point
    each_session: bool = False  # comes with every session between the first and the last
    after: Slug | None = None  # it is due so many days after this earlier point; without it, when the work begins
    days: int = Field(default=0, ge=0, le=400)


class Definition(_Strict):
    """A whole questionnaire."""

    slug: Slug
    title: Words
    short_title: Words  # for staff pages and charts
    respondent: Literal["child", "parent", "professional"]
    about: Words
    look: Literal["young_child", "child", "young_person", "adult"]
    opening: tuple[Words, ...] = Field(
        min_length=1
    )  # what this one is about; the promises shared by all are the page's
    variants: tuple[Variant, ...] = ()  # the first is the one given when nobody chooses
    points: tuple[Point, ...] = ()  # in their order; without a point the whole form is given
    questions: tuple[Question, ...] = Field(min_length=1)
    ends_with: tuple[Key, ...] = ()  # shared questions, put in place when the file is read

    def question(self, key: str) -> Question | None:
        """Return the question of that key, if there is one."""
        return next((question for question in self.questions if question.key == key), None)

    def point(self, key: str) -> Point | None:
        """Return the point in the work of that key, if the questionnaire knows it."""
        return next((point for point in self.points if point.key == key), None)

    def asked_of(self, variant: str | None, point: str = "") -> tuple[Question, ...]:
        """Return the questions of one age and one point in the work, worded for both.

        Args:
            variant: the variant's key; None for the questionnaire's first (or only) form.
            point: the point's key; at none, or one that the questionnaire does not know, the whole form is given.

        Returns:
            Questions in order. Their keys are the same at every age and point.
        """
        chosen = variant or (self.variants[0].key if self.variants else None)
        known = self.point(point)
        only = known.asks if known else ()
        asked = (q for q in self.questions if not only or q.key in only)
        asked = (q for q in asked if not q.variants or chosen in q.variants)
        return tuple(_worded(_worded(q, chosen), point) for q in asked if not q.points or point in q.points)

    def look_of(self, variant: str | None) -> str:
        """Return the look of one age."""
        chosen = variant or (self.variants[0].key if self.variants else None)
        return next((v.look for v in self.variants if v.key == chosen), self.look)

    def respondent_of(self, variant: str | None) -> str:
        """Return who answers one form: an event is answered by young people and by professionals."""
        chosen = variant or (self.variants[0].key if self.variants else None)
        return next((v.respondent for v in self.variants if v.key == chosen and v.respondent), self.respondent)

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        keys = [question.key for question in self.questions]
        refuse_doubles("question", keys)
        refuse_doubles("point", [*(variant.key for variant in self.variants), *(point.key for point in self.points)])
        for place, point in enumerate(self.points):
            _check_point(point, self, {earlier.key for earlier in self.points[:place]})
        known = {variant.key for variant in self.variants}
        seen: dict[str, Question] = {}
        for question in self.questions:
            _check_condition(question, seen, known)
            _check_ages(question, known, {point.key for point in self.points})
            _check_easy(question, seen)
            if question.options_from and question.options_from not in seen:
                message = f"{question.key}: options_from names no earlier question “{question.options_from}”"
                raise ValueError(message)
            seen[question.key] = question
        return self


def _check_point(point: Point, definition: Definition, earlier: set[str]) -> None:
    """Refuse a point that follows nothing, or whose short form leaves out what must not be left out."""
    if point.after is not None and point.after not in earlier:
        message = f"point {point.key}: after names no earlier point “{point.after}”"
        raise ValueError(message)
    if not point.asks:
        return
    for key in point.asks:
        asked = definition.question(key)
        if asked is None:
            message = f"point {point.key}: asks names no question “{key}”"
            raise ValueError(message)
        if asked.ask_if is not None and asked.ask_if.question not in point.asks:
            message = f"point {point.key}: {key} depends on {asked.ask_if.question}, which is not asked there"
            raise ValueError(message)
    left_out = [
        question.key for question in definition.questions if question.required and question.key not in point.asks
    ]
    if left_out:
        message = f"point {point.key}: {left_out[0]} must be asked at every point"
        raise ValueError(message)


def _check_easy(question: Question, seen: dict[str, Question]) -> None:
    earlier = {question.options_from, question.ask_if.question if question.ask_if else None}
    if question.easy and any(key in seen and not seen[key].easy for key in earlier if key):
        message = f"{question.key}: easy mode leaves out the question that this one depends on"
        raise ValueError(message)
    if question.required and not question.easy:
        message = f"{question.key}: a question that must be answered cannot be left out in easy mode"
        raise ValueError(message)


def _check_ages(question: Question, known: set[str], points: set[str]) -> None:
    strangers = (set(question.variants) | set(question.wording)) - known - points
    if strangers:
        message = f"{question.key}: there is no variant “{min(strangers)}”"
        raise ValueError(message)
    unknown = set(question.points) - points
    if unknown:
        message = f"{question.key}: there is no point “{min(unknown)}”"
        raise ValueError(message)
    for wording in question.wording.values():
        missing = [key for key in wording.options or () if question.options and question.option(key) is None]
        if missing:
            message = f"{question.key}: the wording shows an option “{missing[0]}” that is not there"
            raise ValueError(message)


def _check_condition(question: Question, seen: dict[str, Question], known: set[str]) -> None:
    if question.ask_if is None:
        return
    asked = seen.get(question.ask_if.question)
    if asked is None:
        message = f"{question.key}: ask_if names no earlier question “{question.ask_if.question}”"
        raise ValueError(message)
    never = (set(question.variants) or known) - (set(asked.variants) or known)
    if never:
        message = f"{question.key}: “{min(never)}” is never asked {asked.key}, on which ask_if depends"
        raise ValueError(message)
    possible = {option.key for option in asked.options} | ({"yes", "no"} if asked.kind is Kind.YES_NO else set())
    if asked.takes_words or asked.kind is Kind.GRID:
        message = f"{question.key}: ask_if needs a question with answers to choose from; {asked.key} is “{asked.kind}”"
        raise ValueError(message)
    unknown = [key for key in question.ask_if.any_of if key not in possible]
    if unknown:
        message = f"{question.key}: ask_if names no option “{unknown[0]}” of {asked.key}"
        raise ValueError(message)


def refuse_doubles(what: str, keys: list[str]) -> None:
    """Refuse a list in which a key stands twice.

    Args:
        what: what the keys name, for the message.
        keys: the keys, in order.

    Raises:
        ValueError: a key stands twice.
    """
    doubles = {key for key in keys if keys.count(key) > 1}
    if doubles:
        message = f"the {what} “{min(doubles)}” stands twice"
        raise ValueError(message)


def _worded(question: Question, form: str | None) -> Question:
    """Return a question in the words of one age's form, or of one point in the work."""
    wording = question.wording.get(form or "")
    if wording is None:
        return question
    changes: dict[str, object] = {}
    if wording.text is not None:
        changes["text"] = wording.text
    if wording.help is not None:
        changes["help"] = wording.help
    if wording.options is not None:
        changes["options"] = tuple(o for key in wording.options if (o := question.option(key)) is not None)
    return question.model_copy(update=changes)
