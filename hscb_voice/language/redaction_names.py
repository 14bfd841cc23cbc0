"""Decide which words of a comment are names of people.

Why: lists alone miss new names and hide ordinary words; a name is believed by list, capital and surroundings together.
May not: look at shapes such as phone numbers, places or schools; those come first and are passed over here.
"""

from bisect import bisect_left
from collections.abc import Iterator

from hscb_voice.language import redaction_contexts as around
from hscb_voice.language.normalise import Normalised
from hscb_voice.language.redaction_contacts import Mask
from hscb_voice.language.redaction_lists import (
    KEPT,
    LITTLE_WORD,
    NAME,
    NAME_FIRST,
    ORDINARY,
    SURNAME,
    WORD_FIRST,
    marks_of,
    nearly_ordinary,
    one_letter_away,
)
from hscb_voice.language.redaction_words import CAPITAL, LOWER, SHOUTED, Word, Words, is_plain_name

_SECOND_NAMES = frozenset("rose grace mae lee leigh jo ann anne marie lou jay rae jane jayne may louise hope faith joy".split())
_LONG_ENOUGH = 5


class NameReader:
    """Reads the names of one comment."""

    def __init__(self, words: Words, normalised: Normalised) -> None:
        """Take the words of a comment and its plain copy (which tells misspelt words from names)."""
        self.words = words
        self.normalised = normalised

    def find(self, taken: list[bool]) -> Iterator[Mask]:
        """Find the names.

        Args:
            taken: for each word, whether something else hides it already.

        Yields:
            One mask a name, full names as one.
        """
        found = self.words.words
        at = 0
        while at < len(found):
            rule = "" if taken[at] or found[at].kept or self._glued(found[at]) else self._rule(at)
            if not rule:
                at += 1
                continue
            last = self._last_word(at, taken)
            first = at
            if rule == "title":
                at, last = at, max(last, at + 1)
                last = self._last_word(last, taken)
            kind = "place" if self._is_where(first) and rule.startswith("unknown") else "person"
            yield Mask(found[first].start, found[last].end, kind, rule, self.role(first, last))
            at = last + 1

    def _glued(self, word: Word) -> bool:
        """Tell whether a word is part of something such as "year6" or an address of the web."""
        text = self.words.text
        return (word.start > 0 and (text[word.start - 1].isdigit() or text[word.start - 1] in "@_#/")) or (
            word.end < len(text) and (text[word.end].isdigit() or text[word.end] in "@_")
        )

    def _rule(self, at: int) -> str:
        word = self.words.words[at]
        if word.marks == ORDINARY and word.case == LOWER:
            return ""
        if self._is_title(at):
            return "title"
        if len(word.key) == 1 or (len(word.key) == 2 and word.case == SHOUTED):
            return "initials" if self._are_initials(at) else self._listed(at) if len(word.key) > 1 else ""
        return self._listed(at)

    def _listed(self, at: int) -> str:
        word = self.words.words[at]
        marks = word.marks
        if marks & NAME:
            if is_plain_name(word):
                return "" if word.case == LOWER and self._misspelt(word) else "name list"
            return self._ambiguous(at)
        if marks & KEPT:
            return ""
        if marks & (ORDINARY | LITTLE_WORD):
            return self._ordinary_as_name(at)
        return self._unknown(at)

    # --- titles and initials

    def _is_title(self, at: int) -> bool:
        """Tell whether "Mrs" or "Auntie" stands before a name here."""
        found = self.words.words
        word = found[at]
        is_family = word.key in around.FAMILY_TITLES
        if not (is_family or word.key in around.TITLES) or at + 1 >= len(found) or found[at + 1].first:
            return False
        after = found[at + 1]
        if after.comma or after.kept or after.key in {"and", "or", "i", "a", "universe"}:
            return False
        if is_family or (word.key == "miss" and word.case == LOWER):
            return self._family_title(at)
        if word.key == "miss" and self.words.left(at) in {"i", "will", "really", "to", "don't", "we", "still", "i'll", "and"}:
            return False
        if word.key in {"pan", "professor", "missus"} and after.case == LOWER:
            return False
        return after.case != LOWER or not after.marks & (LITTLE_WORD | KEPT) and (
            not after.marks & ORDINARY or bool(after.marks & (SURNAME | NAME))
        )

    def _family_title(self, at: int) -> bool:
        after = self.words.words[at + 1]
        if self.words.left(at) in around.OWNERS | {"i", "will", "really", "to", "don't", "we", "still", "the", "a"}:
            return False
        if is_plain_name(after) or after.marks & NAME_FIRST:
            return True
        return self._capital_tells(after) and not after.marks & (LITTLE_WORD | KEPT) and (
            not after.marks & ORDINARY or bool(after.marks & NAME)
        )

    def _are_initials(self, at: int) -> bool:
        word = self.words.words[at]
        if word.case == LOWER or word.key in around.ACRONYMS or word.key in {"i", "x", "u", "r", "o"}:
            return False
        if word.key == "a" and not (self._dotted(word) and self.words.left(at) in around.ROLES | {"with", "by", "called"}):
            return False
        left, left2, right = self.words.left(at), self.words.left(at, 2), self.words.right(at)
        if left in {"vitamin", "plan", "grade", "a", "and", "hepatitis", "team", "group", "class", "level", "option", "set", "section", "in", "type"}:
            return left == "and" and (left2 in {"me", "mum", "dad"} or right in around.PEOPLE_VERBS)
        if left in around.ROLES | around.NAMING | around.TITLES or left in {"with", "by", "thanks", "miss", "told", "met"}:
            return True
        if left == "to" and left2 in around.TALK_TO:
            return True
        return right in around.PEOPLE_VERBS or (right in {"is", "was", "has"} and word.first and self._dotted(word))

    def _dotted(self, word: Word) -> bool:
        return self.words.text[word.end : word.end + 1] == "."

    # --- names that are words as well

    def _capital_tells(self, word: Word) -> bool:
        return word.case != LOWER and self.words.capitals_tell and (word.case == CAPITAL or len(word.key) > 1)

    def _ambiguous(self, at: int) -> str:
        word = self.words.words[at]
        if word.marks & LITTLE_WORD:
            return "little word used as a name" if self._little(at) else ""
        if word.marks & NAME_FIRST:
            return "" if self._used_as_noun(at) else "name that is a word"
        if self._capital_tells(word) and not word.first:
            shouted = word.case == SHOUTED
            if not self._capital_means_word(at) and not ((self.words.loose or shouted) and not self._in_name_position(at)):
                return "name that is a word, with a capital"
            return ""
        return "name that is a word, by its surroundings" if self._in_name_position(at) else ""

    def _used_as_noun(self, at: int) -> bool:
        """Tell "a daisy", "to sue him" and "the bill" from Daisy, Sue and Bill."""
        word = self.words.words[at]
        left, left2 = self.words.left(at), self.words.left(at, 2)
        if left in around.ARTICLES:
            return True
        if self._capital_tells(word) and not word.first:
            return self.words.right(at) in around.NOUNS_RIGHT
        if word.first and self._capital_tells(word):
            return word.key in around.VERB_LIKE and self.words.right(at) in {"my", "the", "it", "your", "up"}
        if left in around.DETERMINERS and left not in {"her", "that", "so", "and"}:
            return not (left in {"our", "my"} and word.key in {"josh", "jack", "harry", "bella", "jay", "jess"})
        if left == "to" and word.key in around.VERB_LIKE:
            return left2 not in around.TALK_TO
        return left in around.VERB_BEFORE - {"and", "it", "to"} and word.key in around.VERB_LIKE

    def _capital_means_word(self, at: int) -> bool:
        """Tell "in the Summer" and "Christian values" from Summer and Christian."""
        word = self.words.words[at]
        left, right = self.words.left(at), self.words.right(at)
        if left in around.ARTICLES or left in around.OWNERS or right in around.NOUNS_RIGHT:
            return True
        if word.key in around.SEASONS:
            after = self.words.text[word.end : word.end + 3].strip()
            return left in around.SEASON_LEFT or after[:1].isdigit()
        if word.marks & KEPT:
            return not self._in_name_position(at)
        return word.key in around.FAMILY_TITLES or word.key in around.ROLES

    def _in_name_position(self, at: int) -> bool:
        """Tell whether the words beside this one belong beside a name."""
        word = self.words.words[at]
        left, left2 = self.words.left(at), self.words.left(at, 2)
        right, right2 = self.words.right(at), self.words.right(at, 2)
        acts = right in around.PEOPLE_VERBS and not (left in around.ARTICLES or left in around.OWNERS)
        if left in around.NAMING or (left in {"is", "was"} and left2 == "name"):
            return True
        if left in around.ROLES and word.key not in around.ROLES:
            return not self._verb_after_role(at)
        if left == "to" and left2 in around.TALK_TO - {"go", "goes", "went", "come", "came", "going", "moved", "back", "used", "said"}:
            return True
        if left == "with" and left2 in around.WORK_WITH:
            return True
        if left in around.TALK_LEFT and (self._capital_tells(word) or left in {"met", "told", "asked", "thanks", "hi", "hello", "dear"}):
            return word.key not in around.SEASONS and word.key not in around.ROLES
        return self._acts_like_a_person(at, acts=acts, right=right, right2=right2)

    def _acts_like_a_person(self, at: int, *, acts: bool, right: str, right2: str) -> bool:
        word = self.words.words[at]
        if word.key in around.ROLES or word.key in around.FAMILY_TITLES:
            return False
        starts = word.first or self.words.left(at) in around.NEAR_LEFT or word.comma
        if acts and starts:
            return not (word.key in around.VERB_LIKE and not self._capital_tells(word) and not word.first)
        if right in {"is", "was", "has", "had"} and starts:
            telling = around.PERSON_WORDS if self._capital_tells(word) and word.key not in around.SEASONS else around.ONLY_PEOPLE_ARE
            return right2 in telling
        if right == "and" and right2 in {"i", "me"}:
            return True
        return self.words.left(at) == "and" and self.words.left(at, 2) in {"me", "i"} and word.case != LOWER

    def _verb_after_role(self, at: int) -> bool:
        """Tell "my worker drew with me" from "my worker Drew listened"."""
        word = self.words.words[at]
        if self._capital_tells(word):
            return False
        right = self.words.right(at)
        return word.key in around.VERB_LIKE and not (right in around.PEOPLE_VERBS or right in {"is", "was", "has", "and", ""})

    def _little(self, at: int) -> bool:
        """Tell whether a word such as "will" or "so" is used as a name here."""
        word = self.words.words[at]
        left, left2 = self.words.left(at), self.words.left(at, 2)
        right = self.words.right(at)
        finite = right in around.PEOPLE_VERBS or right in {"is", "was", "has", "had"}
        ends = right in {"", "and", "who", "because", "when", "but"} or self._closed(at)
        named = left in around.NAMING or (left in {"is", "was"} and left2 == "name")
        if word.key in around.SEASONS and (left in around.SEASON_LEFT - {"from", "by", "after", "before", "of", "on"}):
            return False
        if not self._capital_tells(word):
            common = word.key not in {"will", "may"}
            beside = left in around.ROLES or left in {"with", "by"} or word.first or left == "and"
            return (named and ends) or (not common and (finite or right == "and") and beside)
        if named or (left == "you" and left2 == "thank" and ends):
            return True
        beside = left in around.ROLES | {"with", "by", "from", "to", "for", "about", "thanks"} | around.TALK_LEFT
        return (finite and (beside or word.key in {"will", "may"})) or (beside and ends and not word.first)

    def _closed(self, at: int) -> bool:
        end = self.words.words[at].end
        return self.words.text[end : end + 1] in ".!?,)" or end >= len(self.words.text.rstrip())

    # --- words that no list of names holds

    def _ordinary_as_name(self, at: int) -> str:
        """Believe an ordinary word with a capital only straight after "called" or a role."""
        word = self.words.words[at]
        if not self._capital_tells(word) or word.first or word.case == SHOUTED or word.marks & LITTLE_WORD:
            return ""
        before = self.words.words[at - 1]
        if word.key in around.ROLES or word.key in around.FAMILY_TITLES or before.comma and before.key not in around.NAMING:
            return ""
        if before.key in around.NAMING and not word.key.endswith("ing"):
            return "word with a capital where a name stands"
        role = before.key in around.WORKER_ROLES | around.CHILD_ROLES and before.case == LOWER and not self.words.loose
        acts = self.words.right(at) in around.PEOPLE_VERBS | {"is", "was", "has", "and", ""} or self._closed(at)
        return "word with a capital where a name stands" if role and acts else ""

    def _unknown(self, at: int) -> str:
        word = self.words.words[at]
        if word.case != LOWER and not word.first and self._capital_tells(word):
            return self._unknown_capital(at)
        if len(word.key) < 3 or self._misspelt(word):
            return ""
        left, left2 = self.words.left(at), self.words.left(at, 2)
        surname = bool(word.marks & SURNAME)
        if not surname and nearly_ordinary(word.key) and not (word.case != LOWER and left in around.NAMING):
            return "near a listed name" if self._near_listed_name(at) else ""
        if left in around.NAMING or (left in {"is", "was"} and left2 == "name"):
            return "unknown word after a naming word"
        if left in around.ROLES - {"head", "lead", "person", "man", "lady", "boss"}:
            return "unknown word after a role"
        if self.words.right(at) in around.PEOPLE_VERBS and (word.first or left in around.NEAR_LEFT):
            return "unknown word that acts"
        if word.first and word.case == CAPITAL and self._starts_like_a_name(at):
            return "unknown word at the start"
        return "near a listed name" if self._near_listed_name(at) else ""

    def _starts_like_a_name(self, at: int) -> bool:
        right, right2 = self.words.right(at), self.words.right(at, 2)
        if right in {"is", "was", "has"}:
            return right2 in around.PERSON_WORDS
        return (right == "and" and right2 in {"i", "me", "my"}) or self.words.words[at].possessive

    def _unknown_capital(self, at: int) -> str:
        word = self.words.words[at]
        if word.case == SHOUTED:
            placed = self.words.left(at) in around.ROLES | around.NAMING | {"with", "by"} and len(word.key) > 4
            return "unknown word with capitals" if placed else ""
        if len(word.key) < 2 or self._misspelt(word):
            return ""
        if self.words.loose and nearly_ordinary(word.key) and not word.marks & SURNAME:
            return ""
        return "unknown word with a capital"

    def _near_listed_name(self, at: int) -> bool:
        """Believe a name with one wrong letter where the words beside it belong beside a name."""
        word = self.words.words[at]
        if len(word.key) < _LONG_ENOUGH or "-" in word.key:
            return False
        left = self.words.left(at)
        right = self.words.right(at)
        placed = left in around.ROLES | around.NAMING or right in around.PEOPLE_VERBS or right in {"is", "was"}
        if not placed and not (left == "with" and self.words.left(at, 2) in around.WORK_WITH):
            return False
        near = [marks_of_plain(candidate) for candidate in one_letter_away(word.key)]
        return any(near)

    def _misspelt(self, word: Word) -> bool:
        """Tell whether the plain copy spells this word another way: then it is a misspelling, not a name."""
        normalised = self.normalised
        i = bisect_left(normalised.offsets, word.start)
        end = bisect_left(normalised.offsets, word.end)
        plain = normalised.text[i:end]
        if plain == normalised.original[word.start : word.end].lower():
            return False
        return bool(marks_of(plain.strip(" .'")) & (ORDINARY | LITTLE_WORD | KEPT))

    # --- how far a name goes, and whose it is

    def _last_word(self, at: int, taken: list[bool]) -> int:
        """Take second first names, initials and surnames into one span."""
        found = self.words.words
        last = at
        while last + 1 < len(found) and last - at < 3:
            after = found[last + 1]
            gap = self.words.text[found[last].end : after.start]
            if after.kept or taken[last + 1] or gap.strip(" .") or len(gap) > 2 or not self._continues(last + 1, found[last]):
                break
            last += 1
        return last

    def _continues(self, at: int, before: Word) -> bool:
        word = self.words.words[at]
        if before.possessive or word.key in around.ROLES or word.key in around.TITLES:
            return False
        gap = self.words.text[before.end : word.start]
        if "." in gap:
            return len(before.key) <= 2 and word.case == CAPITAL and bool(word.marks & (SURNAME | NAME) or len(word.key) == 1)
        if is_plain_name(word):
            return True
        if word.case == LOWER or not self.words.capitals_tell:
            return self._lower_surname(at)
        if len(word.key) == 1:
            return word.key not in {"i", "x"}
        return word.case == before.case and not word.marks & (LITTLE_WORD | KEPT) and self._capital_surname(word)

    def _capital_surname(self, word: Word) -> bool:
        if word.marks & (SURNAME | NAME):
            return True
        return not word.marks & ORDINARY or not (self.words.loose or word.key in around.PEOPLE_VERBS)

    def _lower_surname(self, at: int) -> bool:
        word = self.words.words[at]
        if word.key in _SECOND_NAMES - {"may", "hope"}:
            return True
        if not word.marks & SURNAME:
            return False
        if not word.marks & (ORDINARY | LITTLE_WORD):
            return True
        right = self.words.right(at)
        return self._closed(at) or right in around.PEOPLE_VERBS or right in {"is", "was", "and", "has"}

    def _is_where(self, at: int) -> bool:
        return self.words.left(at) in {"in", "near", "outside", "around"}

    def role(self, first: int, last: int) -> str:
        """Tell whether a name is a worker's, a child's or another person's.

        Args:
            first: index of the first word of the name.
            last: index of its last word.

        Returns:
            "worker", "child", "person", or "" when nothing says.
        """
        beside = [self.words.left(first, i) for i in (1, 2, 3)]
        after = [self.words.right(last, i) for i in (1, 2, 3, 4, 5)]
        if after[0] in {"is", "was", "my", "the", "our", "who"}:
            beside += after
        for key in beside:
            if key in around.WORKER_ROLES:
                return "worker"
            if key in around.CHILD_ROLES:
                return "child"
            if key in around.ADULT_ROLES:
                return "person"
        title = self.words.words[first].key
        return "worker" if title in {"miss", "dr"} else ""


def marks_of_plain(key: str) -> bool:
    """Tell whether a word is a listed name and no ordinary word.

    Args:
        key: a folded word.

    Returns:
        True for names such as "jessica".
    """
    marks = marks_of(key) if "-" not in key and "'" not in key else 0
    return bool(marks & NAME) and not marks & (WORD_FIRST | LITTLE_WORD)
