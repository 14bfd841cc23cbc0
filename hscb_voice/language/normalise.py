"""Make a plain copy of a comment that rules can read, and remember where each character came from.

Why: children write "dont", "sooo", "skool" and faces; one plain spelling lets every rule stay short, while spans shown
to people still point into their own words.
May not: change, correct or store the comment itself.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import product

_FOLD = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201b": "'",
        "\u02bc": "'",
        "\u00b4": "'",
        "`": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u00a0": " ",
        "\u2009": " ",
        "\u202f": " ",
    },
)
# Faces drawn with signs; each is tried only where it stands apart from a word before it.
_EMOTICONS = {
    ":)": "happy",
    ":-)": "happy",
    ":d": "happy",
    ":-d": "happy",
    "=)": "happy",
    "=d": "happy",
    "(:": "happy",
    ":]": "happy",
    "xd": "laugh",
    ";)": "wink",
    ";-)": "wink",
    "<3": "love",
    ":(": "sad",
    ":-(": "sad",
    "=(": "sad",
    "):": "sad",
    ":[": "sad",
    ":'(": "cry",
    ":'-(": "cry",
    ">:(": "angry",
    ":@": "angry",
    ":/": "unsure",
    ":-/": "unsure",
    ":\\": "unsure",
    ":|": "neutral",
    ":-|": "neutral",
    ":o": "surprised",
    "d:": "sad",
}
_WORD = r"[a-z\u00df-\u00f6\u00f8-\u024f\u1e00-\u1eff0-9]+(?:'[a-z\u00df-\u00f6\u00f8-\u024f]+)*'?"
_SIGN_FACE = (
    r"(?<![a-z0-9])(?:>?:'?-?[(\[)\]|/\\@]|[:=]-?[do](?![a-z0-9])|=[()]|;-?\)|<3|\(:|\):(?!\s*\d)|xd(?![a-z0-9]))"
)
_EMOJI = (
    r"[\u203c\u2049\u2600-\u27bf\u2b50\u2b55\u2b1b\u2b1c\U0001f000-\U0001faff]"
    r"[\ufe0e\ufe0f\u200d\u20e3\U0001f3fb-\U0001f3ff\u2640\u2642]*"
)
_TOKEN = re.compile(f"({_SIGN_FACE})|({_EMOJI})|({_WORD})")
_LONG_RUN = re.compile(r"([a-z])\1\1+")
_MOST_RUNS = 3
_FACE_GROUP, _EMOJI_GROUP = 1, 2
_MODALS = frozenset({"could", "should", "would", "must", "might", "couldn't", "shouldn't", "wouldn't"})
_HAVING = frozenset(
    {"have", "has", "had", "i've", "she's", "he's", "they've", "we've", "it's", "haven't", "hasn't", "not"}
)
_NOT_DOING = frozenset({"don't", "didn't", "doesn't", "dunno"})
_BY_CONTEXT = frozenset({"of", "bin", "no", "ill"})
_WILL_DO = re.compile(
    r"\s+(?:never|always|be|miss|have|tell|go|do|try|still|just|get|see|remember|keep|not|probably|definitely|let|take)\b",
)


@dataclass(frozen=True, slots=True)
class Normalised:
    """A comment and its plain copy.

    `offsets[i]` is the index in `original` of character `i` of `text`; `len(offsets) == len(text) + 1`.
    """

    original: str
    text: str
    offsets: tuple[int, ...]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Turn a span of the plain copy into a span of the original.

        Args:
            start: first character, in `text`.
            end: one past the last character, in `text`.

        Returns:
            First and one past last character in `original`; whole characters, never empty unless the span is.
        """
        first = self.offsets[start]
        if end <= start:
            return first, first
        return first, max(self.offsets[end], self.offsets[end - 1] + 1)


@cache
def _pairs(name: str) -> dict[str, str]:
    """Read a lexicon of `wrong spellings = right` lines; `#` begins a remark."""
    table: dict[str, str] = {}
    text = resources.files("hscb_voice.language").joinpath("lexicons", name).read_text(encoding="utf-8")
    for line in text.splitlines():
        left, sign, right = line.partition("#")[0].partition("=")
        if sign:
            table.update(dict.fromkeys(left.split(), right.strip()))
    return table


@cache
def _double_letter_words() -> frozenset[str]:
    text = resources.files("hscb_voice.language").joinpath("lexicons", "double_letters.txt").read_text(encoding="utf-8")
    return frozenset(text.split())


@cache
def _emoji_words() -> dict[str, str]:
    return {sign: word for signs, word in _pairs("emoji.txt").items() for sign in signs}


def _shortened(word: str) -> str:
    """Shorten letters written three times or more, keeping a double letter where the word has one."""
    runs = [match.group(1) for match in _LONG_RUN.finditer(word)]
    if not runs or len(runs) > _MOST_RUNS:
        return _LONG_RUN.sub(r"\1", word)
    frame = _LONG_RUN.split(word)[::2]
    singles = "".join(part + run for part, run in zip(frame, [*runs, ""], strict=True))
    for sizes in product((1, 2), repeat=len(runs)):
        candidate = "".join(part + run * size for part, run, size in zip(frame, [*runs, ""], [*sizes, 0], strict=True))
        if candidate in _double_letter_words():
            return candidate
    return singles


@lru_cache(maxsize=50_000)
def _alone(word: str) -> tuple[str, str]:
    """Give a lower-case word with its long runs shortened, and its plain spelling wherever it stands."""
    if _LONG_RUN.search(word) is not None and not word.isdigit():
        word = _shortened(word)
    return word, _pairs("spellings.txt").get(word, word)


def _plain_word(word: str, before: str, text: str, end: int) -> str:
    """Give the plain spelling of one lower-case word."""
    word, plain = _alone(word)
    if word not in _BY_CONTEXT:
        return plain
    if word == "of" and before in _MODALS:
        return "have"
    if word == "bin" and before in _HAVING:
        return "been"
    if word == "no" and before in _NOT_DOING:
        return "know"
    if word == "ill" and _WILL_DO.match(text, end) is not None:
        return "i'll"
    return plain


def _folded(text: str) -> str:
    """Lower the case and straighten the quotes without changing the length."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(character.lower()[0] for character in text)
    return lowered.translate(_FOLD)


def _replacements(folded: str, original: str) -> Iterator[tuple[int, int, str]]:
    """Find the stretches to replace, in order: faces, emoji and words with another plain spelling."""
    before = ""
    for match in _TOKEN.finditer(folded):
        start, end = match.span()
        if match.lastindex == _FACE_GROUP:
            yield start, end, f" :{_EMOTICONS.get(match.group(), 'unsure')}: "
            continue
        if match.lastindex == _EMOJI_GROUP:
            word = _emoji_words().get(match.group()[0])
            if word is not None:
                yield start, end, f" :{word}: "
            continue
        word = match.group()
        # "ID" is not "I'd", and a lone capital ("Mrs B") is an initial, not text-speak.
        literal = original[start:end] == "ID" or (len(word) == 1 and original[start].isupper())
        plain = word if literal else _plain_word(word, before, folded, end)
        before = plain
        if plain != word:
            yield start, end, plain


def normalise(text: str) -> Normalised:
    """Make the plain copy of a comment.

    Args:
        text: the comment as it was written.

    Returns:
        The comment with its plain copy: lower case, straight apostrophes, dropped apostrophes put back, long repeats
        shortened, faces and emoji as words such as ` :happy: `, common child spellings and text-speak spelled out.
    """
    folded = _folded(text)
    plain = Normalised(text, folded, tuple(range(len(folded) + 1)))
    return with_replaced(plain, _replacements(folded, text))


def with_replaced(n: Normalised, replacements: Iterable[tuple[int, int, str]]) -> Normalised:
    """Put other words into a plain copy, and keep in mind where each character came from.

    Args:
        n: the plain copy.
        replacements: first and one past the last character in its text, and what stands there instead; in order, none
            empty.

    Returns:
        The copy with the other words in it.
    """
    pieces: list[str] = []
    offsets: list[int] = []
    at = 0
    for start, end, plain in replacements:
        pieces += n.text[at:start], plain
        offsets += n.offsets[at:start]
        first, size = n.offsets[start], len(plain)
        width = n.offsets[end] - first
        # Characters of the new word are spread evenly over the old one, so that a part still points near its source.
        offsets += [first + i * width // size for i in range(size)]
        at = end
    if not at:
        return n
    return Normalised(n.original, "".join([*pieces, n.text[at:]]), (*offsets, *n.offsets[at:]))
