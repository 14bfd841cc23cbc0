"""Find the themes of a comment, each with the words that show it and its own polarity.

Why: the Board asks what children speak about, and whether they speak well of it.
May not: guess beyond the codebook, or read a theme's polarity outside the clause its words stand in.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hscb_voice.language.codebook import Codebook, Role
from hscb_voice.language.evidence import Evidence, evidence_at
from hscb_voice.language.normalise import Normalised
from hscb_voice.language.phrases import Hit, PhraseBook
from hscb_voice.language.polarity import Polarity, PolarityReading

ThemeHit = Hit[tuple[str, Role]]
_HINTS_NEEDED = 2
_PATTERN_CONFIDENCE = 0.7
_HINT_CONFIDENCE = 0.5
_EACH_MORE = 0.1


@dataclass(frozen=True, slots=True)
class ThemeMatch:
    """A theme found; `start` and `end` are offsets in the original text, `confidence` runs from 0 to 1."""

    id: str
    start: int
    end: int
    polarity: Polarity
    wish: bool
    confidence: float
    evidence: tuple[Evidence, ...]


_books: dict[int, tuple[Codebook, PhraseBook[tuple[str, Role]]]] = {}


def _book(codebook: Codebook) -> PhraseBook[tuple[str, Role]]:
    """Compile a codebook once; it is kept by identity, for hashing thousands of phrases costs more than reading."""
    kept = _books.get(id(codebook))
    if kept is None or kept[0] is not codebook:
        if len(_books) >= 8:
            _books.clear()
        kept = (codebook, codebook.phrase_book())
        _books[id(codebook)] = kept
    return kept[1]


def _taken_back(hit: ThemeHit, unless: Sequence[ThemeHit]) -> bool:
    """Say whether an `unless` phrase overlaps this hit; a hit that says more than the phrase stands."""
    return any(
        other.start < hit.end
        and hit.start < other.end
        and not (hit.start <= other.start and other.end <= hit.end and other.end - other.start < hit.end - hit.start)
        for other in unless
    )


def _apart(hits: Sequence[ThemeHit]) -> list[ThemeHit]:
    """Keep the longest of hits that overlap."""
    kept: list[ThemeHit] = []
    for hit in sorted(hits, key=lambda one: (one.start - one.end, one.start)):
        if all(hit.end <= other.start or other.end <= hit.start for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda one: one.start)


def _deciding(hits: Sequence[ThemeHit], text: str) -> tuple[list[ThemeHit], float] | None:
    """Choose the hits that show one theme, and how sure they make it; None when they do not."""
    unless = [hit for hit in hits if hit.label[1] == "unless"]
    standing = [hit for hit in hits if hit.label[1] != "unless" and not _taken_back(hit, unless)]
    patterns = _apart([hit for hit in standing if hit.label[1] == "pattern"])
    if patterns:
        return patterns, min(1.0, _PATTERN_CONFIDENCE + _EACH_MORE * (len(patterns) - 1))
    hints = _apart([hit for hit in standing if hit.label[1] == "hint"])
    if len({text[hit.start : hit.end] for hit in hints}) >= _HINTS_NEEDED:
        return hints, min(1.0, _HINT_CONFIDENCE + _EACH_MORE * (len(hints) - _HINTS_NEEDED))
    return None


def match_themes(n: Normalised, codebook: Codebook, reading: PolarityReading) -> tuple[ThemeMatch, ...]:
    """Find the themes of a comment.

    Args:
        n: the normalised comment.
        codebook: the themes and their phrases.
        reading: the comment's polarity, read from the same normalised text; each theme takes the polarity of the
            clause it stands in, and the whole comment's where that clause says nothing.

    Returns:
        The themes in the order of the codebook, each once.
    """
    hits: dict[str, list[ThemeHit]] = {}
    for hit in _book(codebook).find(n.text):
        hits.setdefault(hit.label[0], []).append(hit)
    found: list[ThemeMatch] = []
    for theme_id in codebook.theme_ids():
        decided = _deciding(hits.get(theme_id, ()), n.text)
        if decided is None:
            continue
        deciding, confidence = decided
        evidence = tuple(evidence_at(n, hit.start, hit.end, f"theme.{theme_id}.{hit.label[1]}") for hit in deciding)
        first = max(deciding, key=lambda hit: (hit.end - hit.start, -hit.start))
        start, end = n.original_span(first.start, first.end)
        polarity, wish = reading.around([(hit.start, hit.end) for hit in deciding])
        found.append(ThemeMatch(theme_id, start, end, polarity, wish, round(confidence, 2), evidence))
    return tuple(found)
