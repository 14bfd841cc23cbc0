"""The small code at the foot of a paper form: from it whoever types the form in comes to the very wording it has.

Such as `12A-EN`: the number of the published wording, a letter for the age's form where there are several, and the
language. A short form for one point in the work has the point's place too, as in `12AP2-EN`. It is short because it is
typed for every pile, and it names nobody.
"""

import re
import string
from dataclasses import dataclass

from sqlalchemy import Connection

from hscb_voice.paper.errors import UnknownFormError
from hscb_voice.questionnaires.definition import Question
from hscb_voice.questionnaires.errors import UnknownQuestionnaireError
from hscb_voice.questionnaires.queries import PublishedVersion, version_by_id
from hscb_voice.web.languages import LANGUAGES, Language

_SHAPE = re.compile(r"([0-9]{1,9})([A-Z]?)(?:P([1-9]))?-?([A-Z]{2,3}(?:-[A-Z]+)?)")


@dataclass(frozen=True)
class PaperForm:
    """One printed form: a wording, the age it is for, the language it speaks, and the point in the work if it is short.

    At most points in the work the whole form is given; then the paper does not say at which.
    """

    version: PublishedVersion
    variant: str | None
    language: Language
    point: str = ""

    @property
    def code(self) -> str:
        """Return the code at its foot."""
        ages = [one.key for one in self.version.definition.variants]
        letter = string.ascii_uppercase[ages.index(self.variant)] if self.variant in ages else ""
        points = [point.key for point in self.version.definition.points]
        place = f"P{points.index(self.point) + 1}" if self.point in points else ""
        return f"{self.version.id}{letter}{place}-{self.language.code.upper()}"

    @property
    def questions(self) -> tuple[Question, ...]:
        """Return what it asks, in order."""
        return self.version.definition.asked_of(self.variant, self.point)

    @property
    def age_label(self) -> str:
        """Return what the age's form is called; empty where there is one for everybody."""
        variants = self.version.definition.variants
        return next((one.label for one in variants if one.key == self.variant), "")

    @property
    def point_label(self) -> str:
        """Return what the point in the work is called; empty for the whole form."""
        point = self.version.definition.point(self.point)
        return point.label if point else ""


def form_of_code(connection: Connection, typed: str) -> PaperForm:
    """Return the form that a code at the foot of a paper names.

    Args:
        connection: a reading connection.
        typed: the code, however it was typed.

    Returns:
        The form, in the wording it was printed with, however old.

    Raises:
        UnknownFormError: the code names no form of this installation.
    """
    found = _SHAPE.fullmatch(re.sub(r"\s", "", typed).upper())
    if found is None:
        message = f"“{typed.strip()[:20]}” is no form code. It looks like 12A-EN and stands at the foot of the paper."
        raise UnknownFormError(message)
    number, letter, place, language = found.groups()
    try:
        version = version_by_id(connection, int(number))
    except UnknownQuestionnaireError as fault:
        message = f"No form here has the number {number}. Look again at the foot of the paper."
        raise UnknownFormError(message) from fault
    ages = version.definition.variants
    age = string.ascii_uppercase.index(letter) if letter else -1
    if bool(letter) != bool(ages) or age >= len(ages):
        message = f"“{version.definition.title}” has no form “{letter or 'without letter'}”. Look again at the letter."
        raise UnknownFormError(message)
    point = _point_at(version, int(place)) if place else ""
    return PaperForm(version, ages[age].key if ages else None, known_language(language.lower()), point)


def known_point(version: PublishedVersion, point: str) -> str:
    """Return the point in the work that has a short form of its own.

    Args:
        version: the wording.
        point: the point's key, or nothing.

    Raises:
        UnknownFormError: the questionnaire has no short form for it.
    """
    short = [one.key for one in version.definition.points if one.asks]
    if point and point not in short:
        there = ", ".join(short) or "none"
        message = f"“{version.slug}” has no short form for “{point[:20]}”. It has: {there}."
        raise UnknownFormError(message)
    return point


def _point_at(version: PublishedVersion, place: int) -> str:
    points = version.definition.points
    return known_point(version, points[place - 1].key if place <= len(points) else "that point")


def known_language(code: str) -> Language:
    """Return a language in which forms are printed.

    Args:
        code: such as `en`.

    Raises:
        UnknownFormError: there are no forms in it.
    """
    if code not in LANGUAGES:
        message = f"There are no forms in “{code[:12]}”. There are forms in: {', '.join(LANGUAGES)}."
        raise UnknownFormError(message)
    return LANGUAGES[code]


def known_age(version: PublishedVersion, variant: str | None) -> str | None:
    """Return the age's form, or the first one where nobody says which.

    Args:
        version: the wording.
        variant: the age's key, or nothing.

    Raises:
        UnknownFormError: the questionnaire has no such age.
    """
    ages = [one.key for one in version.definition.variants]
    if variant and variant not in ages:
        there = ", ".join(ages) or "one for everybody"
        message = f"“{version.slug}” has no form for “{variant[:60]}”. It has: {there}."
        raise UnknownFormError(message)
    return variant or (ages[0] if ages else None)
