"""The small code at the foot of a paper form: from it whoever types the form in comes to the very wording it has.

Such as `12A-EN`: the number of the published wording, a letter for the age's form where there are several, and the
language. It is short because it is typed for every pile, and it names nobody.
"""

import re
import string
from dataclasses import dataclass

from sqlalchemy import Connection

from hscb_voice.paper.errors import UnknownFormError
from hscb_voice.questionnaires.errors import UnknownQuestionnaireError
from hscb_voice.questionnaires.queries import PublishedVersion, version_by_id
from hscb_voice.web.languages import LANGUAGES, Language

_SHAPE = re.compile(r"([0-9]{1,9})([A-Z]?)-?([A-Z]{2,3}(?:-[A-Z]+)?)")


@dataclass(frozen=True)
class PaperForm:
    """One printed form: a wording, the age it is for, and the language it speaks."""

    version: PublishedVersion
    variant: str | None
    language: Language

    @property
    def code(self) -> str:
        """Return the code at its foot."""
        ages = [one.key for one in self.version.definition.variants]
        letter = string.ascii_uppercase[ages.index(self.variant)] if self.variant in ages else ""
        return f"{self.version.id}{letter}-{self.language.code.upper()}"

    @property
    def age_label(self) -> str:
        """Return what the age's form is called; empty where there is one for everybody."""
        variants = self.version.definition.variants
        return next((one.label for one in variants if one.key == self.variant), "")


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
    number, letter, language = found.groups()
    try:
        version = version_by_id(connection, int(number))
    except UnknownQuestionnaireError as fault:
        message = f"No form here has the number {number}. Look again at the foot of the paper."
        raise UnknownFormError(message) from fault
    ages = version.definition.variants
    place = string.ascii_uppercase.index(letter) if letter else -1
    if bool(letter) != bool(ages) or place >= len(ages):
        message = f"“{version.definition.title}” has no form “{letter or 'without letter'}”. Look again at the letter."
        raise UnknownFormError(message)
    return PaperForm(version, ages[place].key if ages else None, known_language(language.lower()))


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
