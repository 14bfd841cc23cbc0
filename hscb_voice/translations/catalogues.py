"""Reads, brings up to date and writes a language's catalogue, the text file that translators edit.

Each translation carries a mark, in the translators' own comment: whether a speaker of the language has read it. What
says nothing counts as unread, so that a slip errs towards asking. Nobody's name is needed, and none is kept.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel import Locale
from babel.localedata import locale_identifiers
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po, write_po

from hscb_voice.translations.errors import CatalogueError
from hscb_voice.translations.sources import Source, own_contexts
from hscb_voice.web.catalogues import CATALOGUES, catalogue_file

_MARK = "checked by a speaker: "
CHECKED, UNCHECKED = f"{_MARK}yes", f"{_MARK}no"
_CODE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")
_WIDTH = 100
# A moment in the head of the file would change it at every run; its history tells when.
_ALWAYS = datetime(2026, 11, 22, tzinfo=UTC)
_HEAD = """\
# The words of HSCB Voice in {language}.
# How to translate: docs/guide-translator.md. “checked by a speaker: no” stands at each translation
# that no speaker has read yet; write “yes” when you have.
#"""


def read_catalogue(code: str, folder: Path = CATALOGUES) -> Catalog:
    """Read the catalogue of a language.

    Args:
        code: such as `pl`.
        folder: where catalogues lie.

    Raises:
        CatalogueError: there is none, or it cannot be read; the message names file and line.
    """
    file = catalogue_file(code, folder)
    if not file.is_file():
        message = f"There is no catalogue for “{code}”. “hscb-voice translations update {code}” begins one."
        raise CatalogueError(message)
    try:
        with file.open("rb") as opened:
            return read_po(opened, locale=code, abort_invalid=True)
    except (PoFileError, ValueError) as fault:
        message = (
            f"{file} cannot be read: {fault}. Open it with a program for translators, or take back the last change."
        )
        raise CatalogueError(message) from fault


def template_of(sources: Iterable[Source]) -> Catalog:
    """Return an empty catalogue of every text to be translated.

    Args:
        sources: what `all_sources` found.
    """
    template = Catalog(project="HSCB Voice", charset="utf-8", creation_date=_ALWAYS, fuzzy=False)
    for source in sources:
        template.add(
            (source.text, source.plural) if source.plural else source.text,
            context=source.context or None,
            locations=_places(source),
            auto_comments=source.notes,
        )
    return template


def _places(source: Source) -> list[tuple[str, int]]:
    without_lines: list[Any] = [(where, None) for where in source.where]  # Babel allows it; its types do not say so
    return without_lines


def bring_up_to_date(code: str, sources: Iterable[Source], folder: Path = CATALOGUES) -> Catalog:
    """Bring a language's catalogue up to date, and write it: new texts empty, changed ones doubtful, lost ones gone.

    Args:
        code: such as `pl`; a language that has no catalogue yet gets one.
        sources: what `all_sources` found.
        folder: where catalogues lie.

    Returns:
        The catalogue as it was written.

    Raises:
        CatalogueError: the code names no language, or the catalogue cannot be read.
    """
    template = template_of(sources)
    if catalogue_file(code, folder).is_file():
        catalogue = read_catalogue(code, folder)
        own = [message for message in catalogue if (message.context, message.id) in own_contexts()]
        catalogue.update(template, update_creation_date=False)
        for message in own:
            catalogue[message.id] = message
        for message in catalogue:
            if message.fuzzy:
                _set_mark(message, UNCHECKED)
    else:
        catalogue = _begun(code)
        catalogue.update(template, update_creation_date=False)
    write_catalogue(code, catalogue, folder)
    return catalogue


def write_catalogue(code: str, catalogue: Catalog, folder: Path = CATALOGUES) -> None:
    """Write a language's catalogue, every translation with its mark.

    Args:
        code: such as `pl`.
        catalogue: its texts.
        folder: where catalogues lie.
    """
    for message in catalogue:
        if message.id and not _mark_of(message):
            message.user_comments.append(UNCHECKED)
    catalogue.header_comment = _HEAD.format(language=Locale.parse(code).english_name)
    catalogue.project, catalogue.version = "HSCB Voice", "1"
    catalogue.msgid_bugs_address = catalogue.last_translator = catalogue.language_team = ""
    catalogue.creation_date = catalogue.revision_date = _ALWAYS
    catalogue.fuzzy = False
    packed = BytesIO()
    write_po(packed, catalogue, width=_WIDTH, ignore_obsolete=True)
    file = catalogue_file(code, folder)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(packed.getvalue())


def is_checked(message: Message) -> bool:
    """Tell whether a speaker of the language has read a translation."""
    return _mark_of(message) == CHECKED


def mark_checked(message: Message) -> None:
    """Note that a speaker of the language has read a translation."""
    _set_mark(message, CHECKED)


def _set_mark(message: Message, mark: str) -> None:
    message.user_comments[:] = [comment for comment in message.user_comments if not comment.startswith(_MARK)]
    message.user_comments.append(mark)


def _mark_of(message: Message) -> str:
    return next((comment.strip() for comment in message.user_comments if comment.startswith(_MARK)), "")


def _begun(code: str) -> Catalog:
    if _CODE.fullmatch(code) is None or code not in locale_identifiers():
        message = f"“{code}” is no language's code. Codes are such as pl, ro or cy."
        raise CatalogueError(message)
    return Catalog(locale=code, project="HSCB Voice", charset="utf-8", fuzzy=False)
