"""Which language a page speaks, and to whom. Words go through gettext, so that a translator never needs to touch code.

It chooses and looks up; it keeps no text of its own and never asks a database.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from babel.support import NullTranslations
from flask import Flask, has_request_context, request
from flask_babel import Babel, Domain, gettext, pgettext

from hscb_voice.web.catalogues import ADULT, CATALOGUES, spoken

DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True)
class Language:
    """A language in which every respondents' page is complete."""

    code: str
    name: str  # as its speakers write it
    direction: str = "ltr"

    @property
    def locale(self) -> str:
        """Return by whose manners dates and numbers are written: English ones by those of this country."""
        return "en_GB" if self.code == DEFAULT_LANGUAGE else self.code


LANGUAGES: dict[str, Language] = {
    language.code: language
    for language in (
        Language("en", "English"),
        Language("cy", "Cymraeg"),
        Language("pl", "Polski"),
        Language("ro", "Română"),
    )
}


@dataclass(frozen=True)
class _Speech:
    language: Language
    voice: str


_speech: ContextVar[_Speech | None] = ContextVar("speech", default=None)


class _Words(Domain):  # type: ignore[misc]  # Flask-Babel publishes no types
    """Flask-Babel's way to the catalogues, which asks also to whom the page speaks."""

    def get_translations(self) -> NullTranslations:
        """Return the words of the language that is being spoken."""
        speech = _speech.get()
        return spoken(chosen_language().code, speech.voice if speech else "")


@contextmanager
def speaking(language: Language, who: str = "child") -> Iterator[None]:
    """Speak one language to one kind of reader, whatever the request asks for.

    Args:
        language: of the page.
        who: child, parent or professional. Languages that know two ways to say “you” use the warm one to children
            and the polite one to grown-ups.
    """
    before = _speech.set(_Speech(language, "" if who == "child" else ADULT))
    try:
        yield
    finally:
        _speech.reset(before)


def chosen_language() -> Language:
    """Return the language of the page, or of the request: `?lang=`, else what the browser asks for, else English."""
    speech = _speech.get()
    if speech is not None:
        return speech.language
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
        English in, the language that is spoken out.
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
    babel = Babel(
        app,
        default_locale=DEFAULT_LANGUAGE,
        default_translation_directories=str(CATALOGUES),
        locale_selector=lambda: chosen_language().locale,
    )
    babel.domain_instance = _Words()
    app.jinja_env.globals["languages"] = LANGUAGES.values
