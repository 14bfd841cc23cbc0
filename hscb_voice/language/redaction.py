"""Hide names, places, schools, contacts and dates in a comment, layer by layer, before anybody quotes it.

Why: the Board reads children's words, never who said them or of whom. Too much is hidden rather than too little, and a
person still approves each quote.
May not: change the comment that is kept; use a network, a database or a learned model.
"""

from collections.abc import Collection
from dataclasses import dataclass

from hscb_voice.language.evidence import Evidence
from hscb_voice.language.language_guess import languages_in
from hscb_voice.language.normalise import Normalised
from hscb_voice.language.redaction_around import NOBODY, Around, find_around
from hscb_voice.language.redaction_contacts import Mask, find_contacts
from hscb_voice.language.redaction_known import find_known
from hscb_voice.language.redaction_languages import without_plain_words
from hscb_voice.language.redaction_learned import RULE, find_learned
from hscb_voice.language.redaction_names import NameReader
from hscb_voice.language.redaction_places import find_places
from hscb_voice.language.redaction_words import Words, split_words

_REPLACEMENTS = {
    "person": "[person]",
    "place": "[place]",
    "school": "[school]",
    "contact": "[contact]",
    "date": "[date]",
}
_WITHIN_A_NAME = frozenset({" ", "-", ". "})
_KINDS_FIRST = {"contact": 0, "date": 1, "school": 2, "place": 3, "other": 4, "person": 5}


@dataclass(frozen=True, slots=True)
class RedactionSpan:
    """A stretch of the original to hide; `kind` is person, place, school, contact, date or other."""

    start: int
    end: int
    kind: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Redaction:
    """What is hidden in a comment, and the comment without it."""

    spans: tuple[RedactionSpan, ...]
    redacted: str


def _taken(words: Words, masks: list[Mask]) -> list[bool]:
    """Tell for each word whether a mask covers it; both lists go from left to right once."""
    taken = [False] * len(words.words)
    if not masks:
        return taken
    ends = sorted((mask.start, mask.end) for mask in masks)
    i = 0
    reach = -1
    for at, word in enumerate(words.words):
        while i < len(ends) and ends[i][0] < word.end:
            reach = max(reach, ends[i][1])
            i += 1
        taken[at] = word.start < reach
    return taken


def _merged(masks: list[Mask]) -> list[Mask]:
    """Join masks that overlap; the kind and rule of the longest stay, of the surest among equals."""
    joined: list[Mask] = []
    for mask in sorted(masks, key=lambda each: (each.start, -each.end, _KINDS_FIRST[each.kind])):
        if joined and mask.start < joined[-1].end:
            last = joined[-1]
            longer = mask if mask.end - mask.start > last.end - last.start else last
            joined[-1] = Mask(last.start, max(last.end, mask.end), longer.kind, longer.rule, last.role or mask.role)
        else:
            joined.append(mask)
    return joined


def _one_name_each(masks: list[Mask], text: str) -> list[Mask]:
    """Stretch a name to the next where one of the two was learned: "chloe b" and "R. Bufton" are one name each."""
    ordered = sorted(masks, key=lambda each: each.start)
    for i in range(len(ordered) - 1):
        one, two = ordered[i], ordered[i + 1]
        gap = text[one.end : two.start]
        if RULE in {one.rule, two.rule} and one.kind == two.kind == "person" and gap in _WITHIN_A_NAME:
            ordered[i + 1] = Mask(one.start, two.end, "person", two.rule if one.rule == RULE else one.rule, one.role)
    return ordered


def _outside(masks: list[Mask], placeholders: list[tuple[int, int]]) -> list[Mask]:
    """Leave what stands inside a placeholder such as "[CIDVA worker]"."""
    if not placeholders:
        return masks
    kept = iter(placeholders)
    span = next(kept, None)
    outside: list[Mask] = []
    for mask in masks:
        while span is not None and span[1] <= mask.start:
            span = next(kept, None)
        if span is None or mask.end <= span[0]:
            outside.append(mask)
    return outside


def _replacement(mask: Mask, roles: dict[str, str], written: str) -> str:
    if mask.kind != "person":
        return _REPLACEMENTS.get(mask.kind, "[hidden]")
    return f"[{mask.role or roles.get(written, '') or 'person'}]"


def _written_out(text: str, masks: list[Mask]) -> str:
    """Put replacements in; a name whose role was said once has it everywhere in the comment."""
    roles: dict[str, str] = {}
    for mask in masks:
        if mask.role:
            roles.setdefault(text[mask.start : mask.end].lower(), mask.role)
    pieces: list[str] = []
    at = 0
    for mask in masks:
        pieces.append(text[at : mask.start])
        pieces.append(_replacement(mask, roles, text[mask.start : mask.end].lower()))
        at = mask.end
    pieces.append(text[at:])
    return "".join(pieces)


def hidden_by_rules(
    n: Normalised, *, known_names: Collection[str] = (), around: Around = NOBODY, language: str = "en"
) -> tuple[Words, list[Mask], list[bool]]:
    """Find what the rules hide, without the learned model.

    Args:
        n: the comment with its plain copy.
        known_names: names of people, places and schools that the system knows in connection with this comment.
        around: names of those who work there, of teams and places, whoever the comment is about.
        language: the language of the form; the comment may be in another.

    Returns:
        The comment's words, the masks from left to right, and for each word whether one of them covers it.
    """
    words = split_words(n.original)
    reader = NameReader(words, n)
    masks = [*find_contacts(n.original), *find_known(words, known_names, reader.reach), *find_places(words)]
    masks += find_around(words, around, reader.reach)
    masks += reader.find(_taken(words, masks))
    merged = _merged(without_plain_words(masks, words, languages_in(n, language).whole))
    return words, merged, _taken(words, merged)


def redact(
    n: Normalised, *, known_names: Collection[str] = (), around: Around = NOBODY, language: str = "en"
) -> Redaction:
    """Hide what could tell a reader who is meant.

    Args:
        n: the comment with its plain copy.
        known_names: names of people, places and schools that the system knows in connection with this comment.
        around: names of those who work there, of teams and places, whoever the comment is about.
        language: the language of the form; the comment may be in another.

    Returns:
        The spans to hide, sorted and apart from each other, with offsets in the original, and the comment with
        "[worker]", "[child]", "[person]", "[school]", "[place]", "[contact]" or "[date]" in their place.
    """
    text = n.original
    words, masks, hidden = hidden_by_rules(n, known_names=known_names, around=around, language=language)
    if languages_in(n, language).whole == "en":  # the model has learned English comments, and nothing of others
        masks = _one_name_each([*masks, *find_learned(words, hidden)], text)
    joined = _outside(_merged(masks), words.placeholders)
    spans = tuple(
        RedactionSpan(
            mask.start, mask.end, mask.kind, Evidence(mask.start, mask.end, mask.rule, text[mask.start : mask.end])
        )
        for mask in joined
    )
    return Redaction(spans=spans, redacted=_written_out(text, joined))
