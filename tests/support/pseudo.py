"""Two languages that nobody speaks, made from the English: one a good deal longer, one that runs from right to left.

They show what no real language can: which words on a page never went through a catalogue, what breaks when words
grow, and what stands on the wrong side. Every word keeps its meaning for whoever looks at a picture.
"""

import re

import pytest
from babel.support import NullTranslations

from hscb_voice.web.catalogues import spoken
from hscb_voice.web.languages import LANGUAGES, Language

LONG = Language("en-XA", "Łőñĝ Éñĝļíšħ")
MIRRORED = Language("ar-XB", "أبجد هوز", "rtl")
_ACCENTS = str.maketrans("AEIOUaceghijklnorstuyz", "ÀÉÎÖÛåçéĝħîĵķļñôŕšţûýž")
# Arabic letters in the order of their own alphabet; what comes out says nothing, but runs and joins as Arabic does.
_LETTERS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ابتثجحخدذرزسشصضطظعغفقكلمنهابتثجحخدذرزسشصضطظعغفقكلمنه",
)
_KEPT = re.compile(r"(%\(\w+\)s|%%|\{\w+\}|&\w+;)")
_GROWTH = 0.4


def longer(text: str) -> str:
    """Return a text with accents, about two fifths longer, between brackets that show where it begins and ends."""
    more = "·~" * max(1, round(len(text) * _GROWTH / 2))
    return f"[{_kept(text, _ACCENTS)}{more}]"


def mirrored(text: str) -> str:
    """Return a text in letters that run from right to left."""
    return _kept(text, _LETTERS)


def _kept(text: str, letters: dict[int, int]) -> str:
    return "".join(part if _KEPT.fullmatch(part) else part.translate(letters) for part in _KEPT.split(text))


class _Pseudo(NullTranslations):
    """Words of a pseudo-language."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self._say = longer if code == LONG.code else mirrored

    def gettext(self, message: str) -> str:
        return self._say(message)

    def ugettext(self, message: str) -> str:
        return self._say(message)

    def upgettext(self, context: str, message: str) -> str:
        del context
        return message  # nothing is said otherwise in one questionnaire

    def ungettext(self, singular: str, plural: str, num: int) -> str:
        return self._say(singular if num == 1 else plural)


def speak_pseudo(patch: pytest.MonkeyPatch) -> None:
    """Offer both languages, for as long as a test lasts.

    Args:
        patch: the test's.
    """

    def pseudo_or_real(code: str, voice: str) -> NullTranslations:
        return _Pseudo(code) if code in {LONG.code, MIRRORED.code} else spoken(code, voice)

    for language in (LONG, MIRRORED):
        patch.setitem(LANGUAGES, language.code, language)
    patch.setattr("hscb_voice.web.languages.spoken", pseudo_or_real)
