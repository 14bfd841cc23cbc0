"""How hard a text is to read, by Flesch and Kincaid's school grade: the yardstick for the words that we wrote.

Syllables are counted by rule, with a short list of words that the rules miscount. It measures English only, and says
nothing about whether the words are kind or clear: people must read them too.
"""

import re
from dataclasses import dataclass

_WORD = re.compile(r"[a-z]+(?:['’][a-z]+)*|[0-9]+", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?…:])\s+")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT_END = re.compile(r"(?:[^aeiouyl]e|[aeiou]le|rle)$")
_SILENT_ES = re.compile(r"[^aeiouyscxzg]es$")
_SILENT_ED = re.compile(r"[^aeiouytd]ed$")
_TWO_VOWEL_SOUNDS = re.compile(r"ia(?!l$)|[^cgqst]io(?!u)|ier$|eo(?!ple)|ua(?!r)|ying|[aeo]ing|iet|uou|ii")

# What the rules get wrong, among words that the questionnaires use.
_BY_HAND = {
    "area": 3,
    "areas": 3,
    "being": 2,
    "cared": 1,
    "conference": 3,
    "conferences": 4,
    "different": 3,
    "differently": 4,
    "everyone": 3,
    "family": 3,
    "families": 3,
    "fully": 2,
    "initial": 3,
    "someone": 2,
    "something": 2,
    "sometimes": 2,
    "somewhere": 2,
    "violence": 3,
    "worried": 2,
}
_NUMBERS = {"0": 2, "7": 2, "11": 3, "13": 2, "14": 2, "15": 2, "16": 2, "17": 3, "18": 2, "19": 2, "25": 3}


@dataclass(frozen=True)
class ReadingLevel:
    """How hard a passage is."""

    grade: float  # American school grade: 3 is about 8 to 9 years old; below 0 is possible and easy
    longest_sentence: int  # words


def syllables(word: str) -> int:
    """Count the syllables of one English word or number of one or two digits.

    Args:
        word: letters, perhaps with an apostrophe; or digits.

    Returns:
        At least 1.
    """
    letters = re.sub(r"['’]", "", word.lower())
    if letters.isdigit():
        return _NUMBERS.get(letters, 1)
    if letters in _BY_HAND:
        return _BY_HAND[letters]
    count = len(_VOWELS.findall(letters)) + len(_TWO_VOWEL_SOUNDS.findall(letters))
    for ending in (_SILENT_END, _SILENT_ES, _SILENT_ED):
        if ending.search(letters):
            count -= 1
    return max(count, 1)


def reading_level(lines: list[str]) -> ReadingLevel:
    """Measure a passage as it stands on one screen.

    Args:
        lines: its texts; each ends a sentence, whether or not it has a full stop (a heading, a choice).

    Returns:
        The Flesch-Kincaid grade and the words of the longest sentence.

    Raises:
        ValueError: there are no words to measure.
    """
    sentences = [_WORD.findall(part) for line in lines for part in _SENTENCE_END.split(line)]
    sentences = [words for words in sentences if words]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        message = "there are no words to measure"
        raise ValueError(message)
    per_sentence = len(words) / len(sentences)
    per_word = sum(syllables(word) for word in words) / len(words)
    return ReadingLevel(0.39 * per_sentence + 11.8 * per_word - 15.59, max(len(sentence) for sentence in sentences))
