"""Decide which words of a comment are names of people.

Why: lists alone miss new names and hide ordinary words; a name is believed by list, capital and surroundings together.
May not: look at shapes such as phone numbers, places or schools; those come first and are passed over here.
"""

from bisect import bisect_left
from collections.abc import Iterator

from hscb_voice.language import redaction_contexts as around
from hscb_voice.language.normalise import Normalised
from hscb_voice.language.redaction_ambiguous import AmbiguousNames
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
    words_under,
)
from hscb_voice.language.redaction_reach import NameReach
from hscb_voice.language.redaction_words import CAPITAL, LOWER, SHOUTED, Word, Words, is_plain_name

_NO_INITIALS = words_under("shapes.txt", "no initials")
_DOTTED_WORDS = words_under("shapes.txt", "dotted words")
_BEFORE_LETTERS = words_under("shapes.txt", "before letters")
_ROLES_OF_WORDS = words_under("shapes.txt", "roles before plain words")
_JOB_TITLES = words_under("shapes.txt", "job titles")
_BEFORE_MISSING = words_under("shapes.txt", "before missing somebody")
_TALKED = words_under("shapes.txt", "talked to")
_LONG_ENOUGH = 5
_SHORT = 3
_INITIALS = 2


class NameReader(AmbiguousNames):
    """Reads the names of one comment."""

    def __init__(self, words: Words, normalised: Normalised) -> None:
        """Take the words of a comment and its plain copy (which tells misspelt words from names)."""
        super().__init__(words, normalised)
        self.reach = NameReach(words)

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
            word = found[at]
            is_plain = word.marks == ORDINARY and word.case == LOWER
            rule = "" if is_plain or taken[at] or word.kept or self._glued(word) else self._rule(at)
            if not rule:
                at += 1
                continue
            last = self.reach.last_word(at, taken)
            first = at
            if rule == "title":
                last = self.reach.last_word(max(last, at + 1), taken)
                first = at
            kind = "place" if self._is_where(first) and rule.startswith("unknown") else "person"
            yield Mask(found[first].start, found[last].end, kind, rule, self.reach.role(first, last))
            at = last + 1

    def _glued(self, word: Word) -> bool:
        """Tell whether a word is part of something such as "year6" or an address of the web."""
        text = self.words.text
        return (word.start > 0 and (text[word.start - 1].isdigit() or text[word.start - 1] in "@_#")) or (
            word.end < len(text) and (text[word.end].isdigit() or text[word.end] in "@_")
        )

    def _rule(self, at: int) -> str:
        word = self.words.words[at]
        if self._is_title(at):
            return "title"
        if len(word.key) == 1 or (len(word.key) == _INITIALS and word.case == SHOUTED):
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
            joined = word.possessive and not word.first and word.case == CAPITAL and self._beside_a_name(at)
            return "joined to a name" if joined else ""
        if marks & (ORDINARY | LITTLE_WORD):
            return self._ordinary_as_name(at)
        return self._unknown(at)

    def _is_where(self, at: int) -> bool:
        return self.words.left(at) in {"in", "near", "outside", "around"}

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
        if is_family:
            return self._family_title(at)
        if word.key == "miss":
            return self._miss(at)
        return not (word.key in {"pan", "professor", "missus"} and after.case == LOWER) and self._after_title(after)

    def _miss(self, at: int) -> bool:
        """Tell "Miss Brown" from "I miss Sarah"."""
        after = self.words.words[at + 1]
        if self.words.words[at].case == LOWER:
            return self._family_title(at) or (after.case == LOWER and self._teacher_called(at))
        return self.words.left(at) not in _BEFORE_MISSING and self._after_title(after)

    @staticmethod
    def _after_title(after: Word) -> bool:
        if after.case != LOWER:
            return True
        known = after.marks & (LITTLE_WORD | KEPT)
        return not known and (not after.marks & ORDINARY or bool(after.marks & (SURNAME | NAME)))

    def _teacher_called(self, at: int) -> bool:
        """Tell "miss khan is fun" from "i miss home"."""
        after = self.words.words[at + 1]
        starts = self.words.words[at].first or self.words.left(at) in {
            "told",
            "with",
            "and",
            "to",
            "when",
            "because",
            "that",
        }
        acts = self.words.right(at + 1) in around.PEOPLE_VERBS | {"is", "was", "has"}
        return starts and bool(after.marks & SURNAME) and (acts or not after.marks & ORDINARY)

    def _family_title(self, at: int) -> bool:
        after = self.words.words[at + 1]
        if self.words.left(at) in around.OWNERS | {"i", "will", "really", "to", "don't", "we", "still", "the", "a"}:
            return False
        if is_plain_name(after) or after.marks & NAME_FIRST:
            return True
        return (
            self._capital_tells(after)
            and not after.marks & (LITTLE_WORD | KEPT)
            and (not after.marks & ORDINARY or bool(after.marks & NAME))
        )

    def _are_initials(self, at: int) -> bool:
        word = self.words.words[at]
        if word.case == LOWER or word.key in around.ACRONYMS or word.key in _NO_INITIALS:
            return False
        left, right = self.words.left(at), self.words.right(at)
        if word.key == "a" and not (self._dotted(word) and left in around.ROLES | {"with", "by", "called"}):
            return False
        if self._dotted(word) and len(right) == 1 and self.words.text[word.end + 1 : word.end + 2] != " ":
            return word.key + right not in _DOTTED_WORDS
        return self._initials_placed(at, left, right)

    def _initials_placed(self, at: int, left: str, right: str) -> bool:
        """Tell "my worker J" from "vitamin C" and "plan B"."""
        word = self.words.words[at]
        left2 = self.words.left(at, 2)
        if left in _BEFORE_LETTERS:
            return left == "and" and (left2 in {"me", "mum", "dad"} or right in around.PEOPLE_VERBS)
        if left in around.ROLES | around.NAMING | around.TITLES or left in {
            "with",
            "by",
            "thanks",
            "miss",
            "told",
            "met",
        }:
            return True
        if left == "to" and left2 in around.TALK_TO:
            return True
        if right and self.words.words[at + 1].case == CAPITAL and self.words.words[at + 1].marks & SURNAME:
            return True
        if right in {"is", "was", "has"} and word.first:
            return self._dotted(word) or (len(word.key) == _INITIALS and not word.marks & (ORDINARY | KEPT))
        return right in around.PEOPLE_VERBS

    def _dotted(self, word: Word) -> bool:
        return self.words.text[word.end : word.end + 1] == "."

    # --- words that no list of names holds

    def _ordinary_as_name(self, at: int) -> str:
        """Believe an ordinary word with a capital only straight after "called" or a role."""
        word = self.words.words[at]
        if not self._capital_tells(word) or word.first or word.case == SHOUTED or word.marks & LITTLE_WORD:
            return ""
        before = self.words.words[at - 1]
        family = word.key in around.ROLES or word.key in around.FAMILY_TITLES
        if family or (before.comma and before.key not in around.NAMING):
            return ""
        if self._capital_in_company(at, before):
            return "word with a capital where a name stands"
        named = (before.key in around.NAMING or self._nicknamed(at)) and not word.key.endswith("ing")
        return "word with a capital where a name stands" if named or self._capital_after_role(at, before) else ""

    def _capital_in_company(self, at: int, before: Word) -> bool:
        """Tell "working with Tulip" and "when Tulip came" from "the Board said"."""
        if self.words.loose or before.case != LOWER or before.key in around.DETERMINERS:
            return False
        left2 = self.words.left(at, 2)
        beside = (before.key == "with" and left2 in around.WORK_WITH) or (before.key == "to" and left2 in _TALKED)
        ends = self.words.right(at) in {"", "and", "because", "about", "who", "when"} or self.words.closed(at)
        acts = before.key in around.NEAR_LEFT and self.words.right(at) in around.PEOPLE_VERBS
        return (beside and ends) or acts or (before.key in {"met", "told", "asked", "thanks"} and ends)

    def _nicknamed(self, at: int) -> bool:
        """Tell "they call me Smudge"."""
        return self.words.left(at) in {"me", "him", "her"} and self.words.left(at, 2) in {"call", "calls", "called"}

    def _capital_after_role(self, at: int, before: Word) -> bool:
        """Tell "my worker Banjo" and "my worker is Banjo." from capitals put anywhere."""
        if self.words.loose:
            return False
        if before.key in {"is", "was"}:
            return self.words.left(at, 2) in around.WORKER_ROLES and self.words.closed(at)
        role = before.key in around.WORKER_ROLES | around.CHILD_ROLES and before.case == LOWER
        if word_family(self.words, at):
            return True
        role = role or (before.key in _JOB_TITLES and before.case == CAPITAL)
        goes_on = self.words.right(at) in around.PEOPLE_VERBS | {"is", "was", "has", "and", ""}
        return role and (goes_on or self.words.closed(at))

    def _unknown(self, at: int) -> str:
        word = self.words.words[at]
        if word.case != LOWER and not word.first and self._capital_tells(word):
            return self._unknown_capital(at)
        if len(word.key) < _SHORT or self._misspelt(word):
            return ""
        left = self.words.left(at)
        written = self.words.text[word.start : word.end]
        near_word = written.isascii() and not word.marks & SURNAME and nearly_ordinary(word.key)
        rule = (
            "" if near_word and not (word.case != LOWER and left in around.NAMING) else self._unknown_placed(at, left)
        )
        return rule or ("near a listed name" if self._near_listed_name(at) else "")

    def _unknown_placed(self, at: int, left: str) -> str:
        """Believe an unknown word where only a name can stand."""
        left2, right = self.words.left(at, 2), self.words.right(at)
        ends = self.words.closed(at)
        if left in around.NAMING or (left in {"is", "was"} and left2 == "name") or self._nicknamed(at):
            return "unknown word after a naming word"
        if left in {"and", "n", "an"} and at > 1 and is_plain_name(self.words.words[at - 2]) and left2:
            return "unknown word joined to a name"
        if left == "with" and left2 in around.WORK_WITH and (ends or right in {"", "and", "because"}):
            return "unknown word in company"
        told = left in {"is", "was"} and left2 in around.WORKER_ROLES and ends
        if told or (left in around.ROLES - _ROLES_OF_WORDS and self._fits_after_role(at, left)):
            return "unknown word after a role"
        return self._unknown_first(at, left, right)

    def _unknown_first(self, at: int, left: str, right: str) -> str:
        word = self.words.words[at]
        if right in around.PEOPLE_VERBS and (word.first or left in around.NEAR_LEFT):
            return "unknown word that acts"
        if word.first and word.case == CAPITAL and (len(word.key) > _SHORT or self._starts_like_a_name(at)):
            return "unknown word at the start"
        return ""

    def _fits_after_role(self, at: int, role: str) -> bool:
        """Doubt an unknown word after "mum" or a plural: it is often a verb spelt by a child."""
        word = self.words.words[at]
        right = self.words.right(at)
        goes_on = right in around.PEOPLE_VERBS | around.BEING | {
            "and",
            "who",
            "because",
            "",
            "but",
        } or self.words.closed(at)
        if goes_on or word.case != LOWER:
            return True
        doubtful = (
            role in around.ADULT_ROLES
            or role.endswith("s")
            or len(word.key) == _SHORT
            or word.key.endswith(("s", "ed", "d", "t"))
        )
        return not doubtful

    def _starts_like_a_name(self, at: int) -> bool:
        right, right2 = self.words.right(at), self.words.right(at, 2)
        if right in {"is", "was", "has"}:
            return right2 in around.PERSON_WORDS
        return (right == "and" and right2 in {"i", "me", "my"}) or self.words.words[at].possessive

    def _unknown_capital(self, at: int) -> str:
        word = self.words.words[at]
        if word.case == SHOUTED:
            placed = (
                self.words.left(at) in around.ROLES | around.NAMING | {"with", "by"} and len(word.key) >= _LONG_ENOUGH
            )
            return "unknown word with capitals" if placed else ""
        if len(word.key) < _INITIALS or self._misspelt(word):
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


def word_family(words: Words, at: int) -> bool:
    """Tell "the Price family".

    Args:
        words: the words of a comment.
        at: index of a word with a capital.

    Returns:
        True for a surname between "the" and "family".
    """
    return words.left(at) == "the" and words.right(at) == "family" and bool(words.words[at].marks & SURNAME)


def marks_of_plain(key: str) -> bool:
    """Tell whether a word is a listed name and no ordinary word.

    Args:
        key: a folded word.

    Returns:
        True for names such as "jessica".
    """
    marks = marks_of(key) if "-" not in key and "'" not in key else 0
    return bool(marks & NAME) and not marks & (WORD_FIRST | LITTLE_WORD)
