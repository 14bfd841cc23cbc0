"""Which language a page speaks. Words go through gettext, so that a translator never needs to touch code.

It chooses and translates; it keeps no text of its own and never asks a database.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, has_request_context, request
from flask_babel import Babel, gettext, pgettext

_TRANSLATIONS = Path(__file__).parent.parent / "translations"
DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True)
class Language:
    """A language in which every respondents' page is complete."""

    code: str
    name: str  # as its speakers write it
    direction: str = "ltr"


LANGUAGES: dict[str, Language] = {"en": Language("en", "English")}


def chosen_language() -> Language:
    """Return the language of this request: `?lang=`, else what the browser asks for, else English."""
    if has_request_context():
        named = LANGUAGES.get(request.args.get("lang", ""))
        if named is not None:
            return named
        if len(LANGUAGES) > 1:
            liked = request.accept_languages.best_match(list(LANGUAGES))
            return LANGUAGES[liked or DEFAULT_LANGUAGE]
    return LANGUAGES[DEFAULT_LANGUAGE]


def words_in(context: str) -> Callable[[str], str]:
    """Return a function that translates a questionnaire's own wording.

    Args:
        context: the questionnaire's slug. The same English may be said differently from one form to another;
            what is not translated under the slug is looked up among the words that all forms share.

    Returns:
        English in, the request's language out.
    """

    def words(text: str) -> str:
        own = str(pgettext(context, text))
        return own if own != text else str(gettext(text))

    return words


def install_languages(app: Flask) -> None:
    """Give an application its languages.

    Args:
        app: the application.
    """
    Babel(
        app,
        default_locale=DEFAULT_LANGUAGE,
        default_translation_directories=str(_TRANSLATIONS),
        locale_selector=lambda: chosen_language().code,
    )
