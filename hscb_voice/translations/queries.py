"""Tells staff how far a speaker has read each language, from the catalogues alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel import Locale

from hscb_voice.translations.catalogues import is_checked, read_catalogue
from hscb_voice.web.catalogues import catalogue_file
from hscb_voice.web.languages import DEFAULT_LANGUAGE, LANGUAGES, Language


@dataclass(frozen=True)
class Count:
    """How many texts there are, and how many of them a speaker has read."""

    texts: int = 0
    checked: int = 0

    @property
    def is_checked(self) -> bool:
        """Tell whether a speaker has read all of them."""
        return self.checked == self.texts


@dataclass(frozen=True)
class Progress:
    """How far a speaker has read one language."""

    language: Language
    english_name: str
    all: Count
    by_form: Mapping[str, Count]  # questionnaire -> its own texts

    @property
    def label(self) -> str:
        """Return the language as staff choose it, with the warning where one is due."""
        if self.language.code == DEFAULT_LANGUAGE:
            return self.language.name
        warning = "" if self.all.is_checked else ", not checked by a speaker"
        return f"{self.language.name} ({self.english_name}{warning})"


def progress_of(language: Language) -> Progress:
    """Return how far a speaker has read a language.

    Args:
        language: one that is offered. English was written by people, and is checked.

    Raises:
        CatalogueError: its catalogue cannot be read.
    """
    name = str(Locale.parse(language.locale).get_language_name("en"))
    file = catalogue_file(language.code)
    if language.code == DEFAULT_LANGUAGE or not file.is_file():
        return Progress(language, name, Count(), {})
    counts = _counted(language.code, file, file.stat().st_mtime_ns)
    return Progress(language, name, counts[""], {form: count for form, count in counts.items() if form})


def languages_offered() -> list[Progress]:
    """Return every language that is offered, English first, with how far a speaker has read it.

    Raises:
        CatalogueError: a catalogue cannot be read.
    """
    return [progress_of(language) for language in LANGUAGES.values()]


@cache
def _counted(code: str, file: Path, changed: int) -> Mapping[str, Count]:
    del file, changed  # part of the cache's key, so that an edited catalogue is counted anew
    counts: dict[str, Count] = {"": Count()}
    for message in read_catalogue(code):
        if not message.id:
            continue
        forms = {place.split("/")[0] for place, _ in message.locations if not place.startswith("templates/")}
        for form in ("", *forms):
            so_far = counts.get(form, Count())
            counts[form] = Count(so_far.texts + 1, so_far.checked + is_checked(message))
    return counts
