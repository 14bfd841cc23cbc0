"""Leave ordinary words of Polish, Romanian and Welsh readable that look like names to a reader of English.

Why: "Mae Dad yn garedig" begins with a verb and "rady" is no Rada; a comment in which every tenth word is hidden can be
neither read nor quoted.
May not: take back a mask in an English comment, of a contact, date or school, or of a name that the system knows.
"""

from collections.abc import Iterable
from functools import cache

from hscb_voice.language.language_signs import common_words
from hscb_voice.language.redaction_contacts import Mask
from hscb_voice.language.redaction_lists import folded, words_under
from hscb_voice.language.redaction_words import LOWER, Words

# Only endings that no first name or surname of the language has.
_ENDINGS = {
    "pl": ("lam", "lem", "lbym", "labym", "lismy", "lysmy", "owac", "enia", "aniu", "asz", "amy", "emy", "imy"),
    "ro": ("urile", "elor", "ilor", "atea", "iile", "erele", "ierul", "torul", "arul", "alul", "asem", "indu"),
    "cy": ("wyd", "wch", "odd", "ais", "asom", "won", "iadau", "aethau", "iad"),
}
_BY_A_CAPITAL = "unknown word at the start"
_KINDS = frozenset({"person", "place"})
_KNOWN = "known"


def without_plain_words(masks: Iterable[Mask], words: Words, code: str) -> list[Mask]:
    """Take back what hides nothing but ordinary words of the comment's own language.

    Args:
        masks: what the other layers would hide.
        words: the comment's words.
        code: the comment's language.

    Returns:
        The masks that stand; all of them in a comment in English or in a language that is not known.
    """
    if code not in _ENDINGS:
        return list(masks)
    return [mask for mask in masks if not _is_plain(mask, words, code)]


def _is_plain(mask: Mask, words: Words, code: str) -> bool:
    if mask.kind not in _KINDS or mask.rule.startswith(_KNOWN):
        return False
    inside = [word for word in words.words if mask.start <= word.start and word.end <= mask.end]
    return bool(inside) and all(
        # A capital in the middle of a sentence makes a name even of an ordinary word.
        (word.case == LOWER or word.first)
        and (_is_common(word.key, code) or (mask.rule == _BY_A_CAPITAL and word.key.endswith(_ENDINGS[code])))
        for word in inside
    )


def _is_common(key: str, code: str) -> bool:
    return key.partition("'")[0] in _plain_words(code)


@cache
def _plain_words(code: str) -> frozenset[str]:
    return frozenset(folded(word) for word in common_words(code)) | words_under("other_languages.txt", code)
