"""Tell how far a name goes ("Emma Louise Price") and whose it is: a worker's, a child's, another person's.

Why: half a name left over still names somebody, and "[worker]" reads better than a gap.
May not: decide whether a word is a name.
"""

from hscb_voice.language import redaction_contexts as around
from hscb_voice.language.redaction_lists import KEPT, LITTLE_WORD, NAME, ORDINARY, SURNAME, words_under
from hscb_voice.language.redaction_words import CAPITAL, LOWER, Word, Words, is_plain_name

_SECOND_NAMES = words_under("shapes.txt", "second names")
_INITIALS_LONG = 2
_WORDS_IN_NAME = 4


class NameReach:
    """Follows the names of one comment."""

    def __init__(self, words: Words) -> None:
        """Take the words of a comment."""
        self.words = words

    def last_word(self, at: int, taken: list[bool]) -> int:
        """Take second first names, initials and surnames into one span."""
        found = self.words.words
        last = at
        while last + 1 < len(found) and last - at < _WORDS_IN_NAME - 1:
            after = found[last + 1]
            gap = self.words.text[found[last].end : after.start]
            if (
                after.kept
                or taken[last + 1]
                or gap.strip(" .")
                or len(gap) > _INITIALS_LONG
                or not self._continues(last + 1, found[last])
            ):
                break
            last += 1
        return last

    def _continues(self, at: int, before: Word) -> bool:
        word = self.words.words[at]
        if before.possessive or word.key in around.ROLES or word.key in around.TITLES:
            return False
        gap = self.words.text[before.end : word.start]
        if "." in gap:
            return (
                len(before.key) <= _INITIALS_LONG
                and word.case == CAPITAL
                and bool(word.marks & (SURNAME | NAME) or len(word.key) == 1)
            )
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
        return self.words.closed(at) or right in around.PEOPLE_VERBS or right in {"is", "was", "and", "has"}

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
