"""Tell a worry from words that only look like one.

Why: "dad does not hit mum any more", "we talked about being hit" and "I would die for chips" must not call a person out
at once, or real worries drown; yet "he stopped but it has started again" must.
May not: silence a rule that says it holds `even_if` (what was done to a body stays a worry when it is over), or
guess where the words are unclear: then the worry stands.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Literal

from hscb_voice.language.concern_lexicon import Guard, GuardKind, Lexicon, RuleText
from hscb_voice.language.concern_matching import Match
from hscb_voice.language.concern_words import Word

_NEGATION_REACH = 3
_TOLD: tuple[Literal["learning", "past"], ...] = ("learning", "past")


class Guards:
    """The guards of one lexicon, met at most once in one comment."""

    def __init__(self, lexicon: Lexicon, words: Sequence[Word], texts: Sequence[str], *, learnt: bool = False) -> None:
        """Take the comment; nothing is sought yet.

        Args:
            lexicon: the lexicon whose guards count.
            words: the comment's words.
            texts: the same words as they are read.
            learnt: whether the comment answers what somebody learnt.
        """
        self._lexicon = lexicon
        self._learnt = learnt
        self._words = words
        self._texts = texts

    @cached_property
    def _met(self) -> dict[GuardKind, list[tuple[Guard, Match]]]:
        """The guards by kind, sought when a worry first asks: in most comments none does."""
        met: dict[GuardKind, list[tuple[Guard, Match]]] = {}
        for match in self._lexicon.guard_finder.find(self._words, self._texts):
            guard = self._lexicon.guards[match.rule]
            met.setdefault(guard.kind, []).append((guard, match))
        return met

    def silence(self, match: Match, rule: RuleText | None = None) -> str | None:
        """Say what makes a met phrase harmless.

        Args:
            match: where the phrase stands.
            rule: the rule it belongs to; None for a faint sign, which every general guard can silence.

        Returns:
            The kind of guard, or None when the worry stands.
        """
        even_if = rule.even_if if rule is not None else ()
        if "idiom" not in even_if and self._idiom(match):
            return "idiom"
        if rule is not None and self._unless(match):
            return "unless"
        if "negation" not in even_if and self._negated(match):
            return "negation"
        for kind in _TOLD:
            if kind not in even_if and self._told(kind, match) and not self._told("still", match):
                return kind
        return None

    def _idiom(self, match: Match) -> bool:
        return any(idiom.used & match.used for _, idiom in self._met.get("idiom", ()))

    def _unless(self, match: Match) -> bool:
        return any(
            guard.rule == match.rule and self._in_reach(guard, match, met) for guard, met in self._met.get("unless", ())
        )

    def _negated(self, match: Match) -> bool:
        """Say whether a word of denial stands inside the phrase or just before it, and denies the phrase itself."""
        for _, denial in self._met.get("negation", ()):
            if denial.used & match.used:
                continue
            if match.first < denial.first < match.last:
                return True
            near = 0 <= match.first - denial.last < _NEGATION_REACH
            if near and self._one_part(denial.first, match.first):
                return True
        return False

    def _one_part(self, first: int, last: int) -> bool:
        """Say whether no comma or full stop stands between two words."""
        return not any(self._words[place].after_break for place in range(first + 1, last + 1))

    def _told(self, kind: GuardKind, match: Match) -> bool:
        if kind == "learning" and self._learnt:
            return True
        return any(
            self._in_reach(guard, match, met) and not met.used & match.used for guard, met in self._met.get(kind, ())
        )

    def _in_reach(self, guard: Guard, match: Match, met: Match) -> bool:
        """Say whether a guard's phrase stands where it must for it to count."""
        here, there = self._words[match.first].sentence, self._words[met.first].sentence
        if guard.where == "comment":
            return True
        if guard.where == "near":
            return abs(here - there) <= 1
        if guard.where == "before":
            return here == there and met.first < match.last
        if guard.where == "after":
            return 0 <= there - here <= 1 and met.last > match.first
        return here == there
