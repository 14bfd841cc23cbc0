"""Give the words of a comment as they were written, for lexicons of other languages than English.

Why: the plain copy reads a child's English: "mi" becomes "my" there and "u" becomes "you", which are Polish words; and
Welsh joins little words on: "brifo'r" is "brifo".
May not: change how English is read.
"""

from collections.abc import Callable, Sequence

from hscb_voice.language.concern_words import Word, plain_letters
from hscb_voice.language.normalise import Normalised


def as_written(n: Normalised, words: Sequence[Word], knows: Callable[[str], bool]) -> tuple[Word, ...]:
    """Undo what the plain copy made of words for the sake of English.

    Args:
        n: the comment.
        words: its words, as `words_of` cuts them.
        knows: whether a lexicon knows a word.

    Returns:
        As many words, at the same places.
    """
    return tuple(_written(n, word, knows) for word in words)


def _written(n: Normalised, word: Word, knows: Callable[[str], bool]) -> Word:
    start, end = n.original_span(word.start, word.end)
    raw = plain_letters(n.original[start:end].lower().replace("\u2019", "'"))
    if raw == word.text:
        return word
    if raw.isalpha():
        return word._replace(text=raw)
    head, joined, _ = raw.partition("'")
    is_better = bool(joined) and knows(head) and not knows(word.text)
    return word._replace(text=head) if is_better else word
