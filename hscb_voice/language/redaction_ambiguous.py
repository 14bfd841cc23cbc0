"""Judge names that are ordinary words as well: Hope, Will, Summer, Rose, Mark, So.

Why: these are the names that lists of names cannot settle; the words beside them, the capital and how the writer uses
capitals decide.
May not: judge words that are only names, or that no list holds.
"""

from hscb_voice.language import redaction_contexts as around
from hscb_voice.language.normalise import Normalised
from hscb_voice.language.redaction_lists import KEPT, LITTLE_WORD, NAME, NAME_FIRST, words_under
from hscb_voice.language.redaction_words import CAPITAL, LOWER, SHOUTED, Word, Words, is_plain_name

_NO_START = words_under("shapes.txt", "no name at the start")
_AFTER_NAME_ALONE = words_under("shapes.txt", "never after will or may")


class AmbiguousNames:
    """Judges, in one comment, the names that are words as well."""

    def __init__(self, words: Words, normalised: Normalised) -> None:
        """Take the words of a comment and its plain copy (which tells misspelt words from names)."""
        self.words = words
        self.normalised = normalised

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
            if not self._capital_means_word(at) and not (
                (self.words.loose or shouted) and not self._in_name_position(at)
            ):
                return "name that is a word, with a capital"
            return ""
        placed = self._in_name_position(at) or self._beside_a_name(at) or self._begins_sentence(at)
        return "name that is a word, by its surroundings" if placed else ""

    def _begins_sentence(self, at: int) -> bool:
        """Believe "Joy off sick again": a listed name with a capital that begins a sentence of several words."""
        word = self.words.words[at]
        if not word.first or word.case != CAPITAL or not self.words.capitals_tell or word.marks & KEPT:
            return False
        right = self.words.right(at)
        if word.key in around.THINGS | around.VERB_LIKE | around.ROLES | around.FAMILY_TITLES | _NO_START:
            return False
        return right not in around.NOUNS_RIGHT | {
            "",
            "of",
            "the",
            "a",
            "to",
            "for",
            "and",
            "it",
            "is",
            "are",
            "in",
            "my",
        }

    def _used_as_noun(self, at: int) -> bool:
        """Tell "a daisy", "to sue him" and "the bill" from Daisy, Sue and Bill."""
        word = self.words.words[at]
        left, left2 = self.words.left(at), self.words.left(at, 2)
        if word.key in around.SEASONS and left in around.SEASON_LEFT - {"by", "from", "of", "on"}:
            return True
        if word.case == LOWER and self.words.right(at) in {"of", "edge", "pic", "pics"}:
            return True
        if left in around.ARTICLES or (word.key in {"dawn", "eve"} and left in {"at", "before", "until", "by"}):
            return True
        if self._capital_tells(word):
            right = self.words.right(at)
            begins_order = word.key in around.VERB_LIKE and right in {"my", "the", "it", "your", "up"}
            return begins_order if word.first else right in around.NOUNS_RIGHT
        if left in around.DETERMINERS and left not in {"her", "that", "so", "and"}:
            return not (left in {"our", "my"} and word.key in {"josh", "jack", "harry", "bella", "jay", "jess"})
        before_verb = left in around.VERB_BEFORE - {"and", "it", "to"} or left.endswith(("'d", "'ll", "n't"))
        verb = (
            before_verb
            or left in {"is", "was", "be", "were", "being"}
            or (left == "to" and left2 not in around.TALK_TO)
        )
        return verb and word.key in around.VERB_LIKE

    def _capital_means_word(self, at: int) -> bool:
        """Tell "in the Summer" and "Christian values" from Summer and Christian."""
        word = self.words.words[at]
        left, right = self.words.left(at), self.words.right(at)
        if left in around.ARTICLES - {"that"} or left in around.OWNERS or right in around.NOUNS_RIGHT:
            return True
        if word.key in around.SEASONS:
            if word.marks & KEPT or left in around.SEASONS or right in around.SEASONS:
                return not self._in_name_position(at)
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
        if left == "to" and left2 in around.TALK_TO - {
            "go",
            "goes",
            "went",
            "come",
            "came",
            "going",
            "moved",
            "back",
            "used",
            "said",
        }:
            return True
        if left == "with" and left2 in around.WORK_WITH:
            return True
        if left in around.TALK_LEFT and (
            self._capital_tells(word) or left in {"met", "told", "asked", "thanks", "hi", "hello", "dear"}
        ):
            return word.key not in around.SEASONS and word.key not in around.ROLES
        return self._acts_like_a_person(at, acts=acts, right=right, right2=right2)

    def _beside_a_name(self, at: int) -> bool:
        """Tell whether a word with a capital is joined to a listed name with a capital: "Precious and Angel"."""
        found = self.words.words
        capital = self._capital_tells(found[at])
        for side, joint in ((at + 2, self.words.right(at)), (at - 2, self.words.left(at))):
            if joint in {"and", "n", "or"} and 0 <= side < len(found):
                other = found[side]
                sure = is_plain_name(other) or bool(other.marks & NAME_FIRST)
                listed = other.case == CAPITAL and other.marks & NAME and not other.marks & KEPT if capital else sure
                if listed and not other.kept:
                    return True
        return False

    def _acts_like_a_person(self, at: int, *, acts: bool, right: str, right2: str) -> bool:
        word = self.words.words[at]
        if word.key in around.ROLES or word.key in around.FAMILY_TITLES:
            return False
        starts = word.first or word.comma or self.words.left(at) in around.NEAR_LEFT or self._capital_tells(word)
        if acts and starts:
            return not (word.key in around.VERB_LIKE and not self._capital_tells(word) and not word.first)
        if right in {"is", "was", "has", "had"} and starts:
            telling = around.PERSON_WORDS if word.key not in around.THINGS else around.ONLY_PEOPLE_ARE
            return right2 in telling
        if right == "and" and right2 == "me" and starts:
            return True
        return self._taken_up(at, right)

    def _taken_up(self, at: int, right: str) -> bool:
        """Tell "I like Faith she plays", "can Hope come" and "me and Prince" from plain words."""
        word = self.words.words[at]
        left, left2 = self.words.left(at), self.words.left(at, 2)
        if right in {"she", "he", "she's", "he's", "shes", "hes"} and word.key not in around.THINGS - {
            "faith",
            "joy",
            "hope",
        }:
            return left in around.TALK_LEFT | around.NEAR_LEFT
        if left in around.HELPED_LEFT and right in around.ACTS_PLAIN:
            return word.key not in around.SEASONS
        if word.first and self._capital_tells(word) and right in {"from", "who", "at", "my", "our"}:
            return word.key not in around.THINGS and not word.marks & KEPT
        if word.possessive and self._capital_tells(word):
            return not word.marks & KEPT and word.key not in around.SEASONS
        return left == "and" and left2 == "me"

    def _verb_after_role(self, at: int) -> bool:
        """Tell "my worker drew with me" from "my worker Drew listened"."""
        word = self.words.words[at]
        if self._capital_tells(word):
            return False
        right = self.words.right(at)
        return word.key in around.VERB_LIKE and not (
            right in around.PEOPLE_VERBS or right in {"is", "was", "has", "and", ""}
        )

    def _little(self, at: int) -> bool:
        """Tell whether a word such as "will" or "so" is used as a name here."""
        word = self.words.words[at]
        left, left2 = self.words.left(at), self.words.left(at, 2)
        right = self.words.right(at)
        finite = right in around.PEOPLE_VERBS or right in {"is", "was", "has", "had"}
        ends = right in {"", "and", "who", "because", "when", "but"} or self.words.closed(at)
        named = left in around.NAMING or (left in {"is", "was"} and left2 == "name")
        if word.key in around.SEASONS and (left in around.SEASON_LEFT - {"from", "by", "after", "before", "of", "on"}):
            return False
        if word.key in {"will", "may"} and right in _AFTER_NAME_ALONE:
            return left not in around.OWNERS | around.ARTICLES
        if not self._capital_tells(word):
            common = word.key not in {"will", "may"}
            beside = left in around.ROLES or left in {"with", "by"} or word.first or left == "and"
            return (named and ends) or (not common and (finite or right == "and") and beside)
        if named or (left == "you" and left2 == "thank" and ends):
            return True
        beside = left in around.ROLES | {"with", "by", "from", "to", "for", "about", "thanks"} | around.TALK_LEFT
        return (finite and (beside or word.key in {"will", "may"})) or (beside and ends and not word.first)
