"""Prints paper forms: which there are, and one of them as tagged PDF."""

from dataclasses import dataclass

from sqlalchemy import Connection

from hscb_voice.foundation.printing import printed
from hscb_voice.paper.form_codes import PaperForm, known_age, known_language, known_point
from hscb_voice.paper.sheets import Sheet, laid_out
from hscb_voice.questionnaires.queries import current_version, published_slugs
from hscb_voice.web.languages import DEFAULT_LANGUAGE, LANGUAGES


@dataclass(frozen=True)
class PrintableForms:
    """The forms of one questionnaire: one for each age, each point in the work with a short form, and each language."""

    slug: str
    title: str
    rows: tuple[tuple[PaperForm, ...], ...]  # a row for each age and point, its form in each language


def printable_forms(connection: Connection) -> list[PrintableForms]:
    """Return every form that can be printed now.

    Args:
        connection: a reading connection.

    Returns:
        By questionnaire, then age, then language.
    """
    found = []
    for slug in published_slugs(connection):
        version = current_version(connection, slug)
        definition = version.definition
        ages: list[str | None] = [one.key for one in definition.variants]
        points = ["", *(point.key for point in definition.points if point.asks)]
        rows = tuple(
            tuple(PaperForm(version, age, language, point) for language in LANGUAGES.values())
            for age in ages or [None]
            for point in points
        )
        found.append(PrintableForms(slug, definition.short_title, rows))
    return found


def printable_form(
    connection: Connection, slug: str, age: str | None = None, language: str = DEFAULT_LANGUAGE, point: str = ""
) -> PaperForm:
    """Return one form in the wording that is asked now.

    Args:
        connection: a reading connection.
        slug: which questionnaire.
        age: the age's key; the first one when left out.
        language: its code, such as `en`.
        point: a point in the work with a short form; the whole form when left out.

    Raises:
        UnknownQuestionnaireError: nothing of that name is published.
        UnknownFormError: it has no such age, language or short form.
    """
    version = current_version(connection, slug)
    return PaperForm(version, known_age(version, age), known_language(language), known_point(version, point))


def paper_form(form: PaperForm, board_name: str, *, is_large: bool = False) -> bytes:
    """Print a form.

    Args:
        form: which.
        board_name: who asks.
        is_large: in large print.

    Returns:
        Tagged PDF, A4.

    Raises:
        NotPrintedError: it could not be made.
    """
    return printed("paper/form.typ", laid_out(Sheet(form, board_name, is_large)))


def file_name(form: PaperForm, *, is_large: bool = False) -> str:
    """Return the name under which a form is saved, such as `my-story-1A-EN.pdf`."""
    return f"{form.version.slug}-{form.code}{'-large-print' if is_large else ''}.pdf"
