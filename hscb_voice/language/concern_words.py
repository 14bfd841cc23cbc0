"""Cut a comment into the words that concern rules read.

Why: a rule says "do not want to go back" once and must meet "don't wanna go back", "dont want too go back" and the same
words with accents left out, each with its place in the comment.
May not: judge what the words mean, or hold a list of harmful words.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

MAX_WORDS = 25_000
"""Words read of one comment; more than the 20,000 characters a comment may have can hold."""

_PIECE = re.compile(r"(:[a-z_]+:)|([^\W_]+(?:'[^\W_]+)*)|([.!?\n][.!?\n\s]*)|([;:,()\u2013\u2014])")
_JOINED = {
    "cannot": ("can", "not"),
    "can't": ("can", "not"),
    "cant": ("can", "not"),
    "won't": ("will", "not"),
    "wont": ("will", "not"),
    "shan't": ("will", "not"),
    "ain't": ("is", "not"),
    "aint": ("is", "not"),
    "dont": ("do", "not"),
    "doesnt": ("does", "not"),
    "didnt": ("did", "not"),
    "isnt": ("is", "not"),
    "wasnt": ("was", "not"),
    "wouldnt": ("would", "not"),
    "couldnt": ("could", "not"),
    "shouldnt": ("should", "not"),
    "hasnt": ("has", "not"),
    "havent": ("have", "not"),
    "arent": ("are", "not"),
    "gonna": ("going", "to"),
    "wanna": ("want", "to"),
    "gotta": ("got", "to"),
    "im": ("i", "am"),
    "ive": ("i", "have"),
    "hes": ("he", "is"),
    "shes": ("she", "is"),
    "theyre": ("they", "are"),
    "theres": ("there", "is"),
    "dunno": ("do", "not", "know"),
    "lemme": ("let", "me"),
}
_FACE_GROUP, _IS_WORD, _IS_MARK = 1, 2, 3
_ENDINGS = {"m": "am", "ve": "have", "d": "would", "ll": "will", "re": "are"}
_IS_AFTER = frozenset(
    {"he", "she", "it", "there", "that", "what", "who", "here", "everyone", "someone", "nobody", "everything"}
)


class Word(NamedTuple):
    """One word of a comment: its plain letters, its place in the normalised text, and its sentence's number."""

    text: str
    start: int
    end: int
    sentence: int
    after_break: bool


def plain_letters(text: str) -> str:
    """Leave out accents, so that words typed on an English keyboard are met too.

    Args:
        text: lower-case text.

    Returns:
        The same text with bare letters; its length may differ.
    """
    if text.isascii():
        return text
    bare = unicodedata.normalize("NFKD", text.replace("\u0142", "l").replace("\u0111", "d"))
    return "".join(character for character in bare if not unicodedata.combining(character))


@lru_cache(maxsize=20_000)
def parts_of(word: str) -> tuple[str, ...]:
    """Write a shortened word in full.

    Args:
        word: one lower-case word, with its apostrophe if it has one.

    Returns:
        The words it stands for: "don't" gives "do" and "not", "dad's" gives "dad".
    """
    known = _JOINED.get(word)
    if known is not None:
        return known
    head, sign, tail = word.partition("'")
    if not sign:
        return (plain_letters(word),)
    head = plain_letters(head)
    if tail == "t" and head.endswith("n"):
        return (head[:-1], "not")
    if tail == "s":
        return (head, "is") if head in _IS_AFTER else (head,)
    full = _ENDINGS.get(tail)
    if full is not None:
        return (head, full)
    return (head + plain_letters(tail),) if tail else (head,)


def words_of(text: str, most: int = MAX_WORDS) -> tuple[Word, ...]:
    """Cut normalised text into words.

    Args:
        text: the plain copy of a comment.
        most: where to stop.

    Returns:
        The words in order, hardly more than `most`; faces written as `:sad:` become `:sad:` words of their own.
    """
    words: list[Word] = []
    sentence = 0
    after_break = True
    for piece in _PIECE.finditer(text):
        start, end = piece.span()
        kind = piece.lastindex
        if kind == _IS_WORD:
            for part in parts_of(piece.group()):
                words.append(Word(part, start, end, sentence, after_break))
                after_break = False
        elif kind == _FACE_GROUP:
            words.append(Word(piece.group(), start, end, sentence, after_break))
        else:
            if kind == _IS_MARK and not _trails_off(piece.group()):
                sentence += 1
            after_break = True
        if len(words) >= most:
            break
    return tuple(words)


def _trails_off(marks: str) -> bool:
    """Say whether the marks are dots of hesitation rather than the end of a sentence."""
    return marks.startswith("..") and "!" not in marks and "?" not in marks and "\n" not in marks
