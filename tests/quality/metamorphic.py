"""Change what says nothing in a comment, and count how often it is still read the same way.

Why: a child who leaves out an apostrophe, writes in capitals or has another name must be read like any other.
May not: print a comment: locked ones come through here too.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from hscb_voice.language.codebook import Codebook
from hscb_voice.language.reading import Comment, Reading, read_comment
from tests.quality.score import Labelled, wilson

_APOSTROPHE = re.compile(r"(?<=\w)['\u2019](?=\w)")
_LONG_WORD = re.compile(r"[a-z]{6,}")
_CAPITAL = re.compile(r"[A-Z]")
_OTHER_NAMES = ("Amina", "Tomasz", "Priya", "Callum", "Yusuf", "Bethan")
_SAYS_NOTHING = " \U0001f4dd"


def another_name(comment: Labelled) -> str:
    """Give every name of one word that is to be hidden another one.

    Args:
        comment: the comment and what is to be hidden in it.

    Returns:
        The text.
    """
    text = comment.text
    for place, name in enumerate(comment.redact):
        if name.isalpha() and name.istitle():
            text = re.sub(rf"\b{name}\b", _OTHER_NAMES[(len(text) + place) % len(_OTHER_NAMES)], text)
    return text


def with_a_slip(comment: Labelled) -> str:
    """Change two letters round within one longer word: neither the first nor the last letter.

    Args:
        comment: the comment.

    Returns:
        The text; unchanged where no word is long enough.
    """
    words = list(_LONG_WORD.finditer(comment.text))
    if not words:
        return comment.text
    word = words[len(comment.text) % len(words)]
    at = word.start() + len(word[0]) // 2
    return comment.text[: at - 1] + comment.text[at] + comment.text[at - 1] + comment.text[at + 1 :]


CHANGES: dict[str, Callable[[Labelled], str]] = {
    "another name": another_name,
    "a slip of two letters": with_a_slip,
    "apostrophe curly": lambda comment: _APOSTROPHE.sub("\u2019", comment.text),
    "apostrophe missing": lambda comment: _APOSTROPHE.sub("", comment.text),
    "an emoji that says nothing": lambda comment: comment.text + _SAYS_NOTHING,
    "all in capitals": lambda comment: comment.text.upper(),
    "no capitals": lambda comment: _CAPITAL.sub(lambda found: found[0].lower(), comment.text),
}
"""What is changed -> how."""


def metamorphic_table(
    comments: Sequence[Labelled], ready: Sequence[Comment], readings: Sequence[Reading], codebook: Codebook
) -> list[str]:
    """Write, for each change, the share of changed comments that are read as before.

    Args:
        comments: the comments as labelled.
        ready: the same, ready to be read.
        readings: what was read in each.
        codebook: the themes.

    Returns:
        The lines.
    """
    lines = ["the same answer after a change that says nothing:"]
    for name, change in CHANGES.items():
        same = {"polarity": 0, "themes": 0, "concern": 0}
        n = 0
        for comment, one, before in zip(comments, ready, readings, strict=True):
            text = change(comment)
            if text == comment.text:
                continue
            after = read_comment(replace(one, text=text), codebook)
            n += 1
            same["polarity"] += after.polarity.polarity == before.polarity.polarity
            same["themes"] += {t.id for t in after.themes} == {t.id for t in before.themes}
            same["concern"] += after.concern.flag == before.concern.flag
        shares = "  ".join(f"{what} {_share(hits, n)}" for what, hits in same.items())
        lines.append(f"  {name:<27} n {n:>4}  {shares}")
    return lines


def _share(hits: int, n: int) -> str:
    low, high = wilson(hits, n)
    return f"{hits / max(1, n):.3f} ({low:.3f} to {high:.3f})"
