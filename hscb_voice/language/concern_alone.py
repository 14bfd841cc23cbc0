"""What a child writes as one or two words alone: "help", "hurt", "hungry".

Why: such a comment has no sentence that a rule could match, and too few words for a learned model, which then calls
"Money" a worry and passes over "hurt". May not: judge words that stand in a sentence.
"""

from collections.abc import Sequence
from functools import cache
from importlib import resources

from hscb_voice.language.concern_words import Word

FEWEST_TO_JUDGE = 2
"""Words of a comment up to which no model is asked whether it is a worry."""


def lone_worry(words: Sequence[Word]) -> tuple[str, str, Word] | None:
    """Find a word that is a worry when it stands alone.

    Args:
        words: all words of the comment.

    Returns:
        The rule, the reason and the word; None in a longer comment, or where there is no such word.
    """
    if len(words) > FEWEST_TO_JUDGE:
        return None
    known = _lone_words()
    return next(((f"alone.{word.text}", known[word.text], word) for word in words if word.text in known), None)


@cache
def _lone_words() -> dict[str, str]:
    file = resources.files("hscb_voice.language").joinpath("lexicons", "lone_words.txt")
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    parted = [line.partition(":") for line in lines if line.strip()]
    return {word: reason for reason, _, words in parted for word in words.split()}
