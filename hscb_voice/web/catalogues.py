"""The words of each language, read from its catalogue when a process first speaks it.

The catalogue is the one text file that translators edit; nothing is compiled beforehand, so nothing can be out of
date. It only reads: which words there are to translate, and what is missing, is the room `translations`.
"""

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

CATALOGUES = Path(__file__).parent.parent / "translations"
# What stands in a catalogue under this context is said to grown-ups only; many languages address them otherwise.
ADULT = "adult"
_UNDER_ADULT = f"{ADULT}\x04"


def catalogue_file(code: str, folder: Path = CATALOGUES) -> Path:
    """Return where a language's catalogue lies."""
    return folder / code / "LC_MESSAGES" / "messages.po"


@cache
def spoken(code: str, voice: str) -> NullTranslations:
    """Return the words of a language, as they are said to a child or to a grown-up.

    Args:
        code: such as `pl`. A language without a catalogue, English among them, stays as it is written in the program.
        voice: `ADULT` for a grown-up; empty for a child, and where nobody knows who reads.

    Returns:
        English in, the language out; English too where there is no translation, or only a doubtful one.
    """
    file = catalogue_file(code)
    if not file.is_file():
        return NullTranslations()
    return _said_to(voice, _read(file))


def _read(file: Path) -> Translations:
    packed = BytesIO()
    with file.open("rb") as opened:
        write_mo(packed, read_po(opened))
    packed.seek(0)
    return Translations(packed)


def _said_to(voice: str, said: Translations) -> Translations:
    """Put what is said to grown-ups in its place: before the other for them, behind it for children."""
    known = said._catalog  # noqa: SLF001 - gettext gives no other way to go through a catalogue
    for key, words in list(known.items()):
        text, form = key if isinstance(key, tuple) else (key, None)
        if text.startswith(_UNDER_ADULT):
            bare = text.removeprefix(_UNDER_ADULT)
            place = bare if form is None else (bare, form)
            known[place] = words if voice == ADULT else known.get(place, words)
    return said
