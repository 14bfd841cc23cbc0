"""Read the words and letters by which a language is known: what `concern_languages.yaml` and `foreign_words.txt` hold.

Why: they are short enough for a web process, and anyone can widen them.
May not: guess.
"""

from functools import cache
from importlib import resources

from hscb_voice.language.own_yaml import own_plain_yaml

CODES = ("pl", "ro", "cy")
"""The languages beside English that can be screened."""


@cache
def _lists() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """Read the words and the letters by which languages are known."""
    folder = resources.files("hscb_voice.language").joinpath("lexicons")
    content = own_plain_yaml(folder.joinpath("concern_languages.yaml").read_text(encoding="utf-8"))
    words = {name: frozenset(listed.split()) for name, listed in content["words"].items()}
    letters = {name: frozenset(listed) for name, listed in content["letters"].items()}
    unread: set[str] = set()
    heading = ""
    for line in folder.joinpath("foreign_words.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            heading = line.strip("[]")
        elif heading.endswith(" English"):
            words[heading] = words.get(heading, frozenset()) | frozenset(line.split())
        elif not line.startswith("#"):
            unread.update(line.split())
    words["other"] |= unread
    return words, letters


def common_words(code: str) -> frozenset[str]:
    """Give the common words by which a language is known.

    Args:
        code: "pl", "ro", "cy", "other", or "english".

    Returns:
        Words in plain letters; English and names may share some.
    """
    return _lists()[0][code]


def own_letters(code: str) -> frozenset[str]:
    """Give the letters by which a language is known; `code` is as in `common_words`, without "english"."""
    return _lists()[1][code]


@cache
def plain_english() -> frozenset[str]:
    """Give the common English words that no other language here shares."""
    return common_words("english") - common_words("ambiguous")


@cache
def shared_words() -> frozenset[str]:
    """Give the words that say nothing, because English and another language have them."""
    return common_words("ambiguous") | common_words("also English")
