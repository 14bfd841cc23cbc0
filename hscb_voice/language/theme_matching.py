"""Find the themes of a comment, each with the words that show it and its own polarity.

Why: the Board asks what children speak about, and whether they speak well of it.
May not: guess beyond the codebook, or read a theme's polarity outside the clause its words stand in.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from hscb_voice.language.codebook import Codebook, Role, default_codebook
from hscb_voice.language.concern import ConcernReading
from hscb_voice.language.evidence import Evidence, evidence_at
from hscb_voice.language.normalise import Normalised
from hscb_voice.language.phrases import Hit, PhraseBook, tokens
from hscb_voice.language.polarity import Polarity, PolarityReading

ThemeHit = Hit[tuple[str, Role]]
_HINTS_NEEDED = 2
# What a reason for concern is about. A comment that tells of harm is about safety whatever words it uses.
_CONCERN_THEMES: dict[str, tuple[str, ...]] = {
    "harm": ("safe",),
    "emotional_harm": ("safe",),
    "fear_of_person": ("safe",),
    "fear_of_home": ("safe",),
    "sexual_harm": ("safe",),
    "exploitation": ("safe",),
    "missing": ("safe",),
    "honour_or_extremism": ("safe",),
    "breach_of_order": ("safe", "domestic_abuse"),
    "domestic_abuse_now": ("domestic_abuse",),
    "neglect": ("home",),
    "self_harm": ("feelings",),
    "parent_in_crisis": ("parenting", "feelings"),
    "bullying": ("school",),
}
_PATTERN_CONFIDENCE = 0.7
_HINT_CONFIDENCE = 0.5
_FAINT_CONFIDENCE = 0.35
_WORDS_NEEDED = 3
_MOST_BOOKS = 8
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


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A codebook's phrases; those of an edited one without what it shares with the program's own."""

    codebook: Codebook
    book: PhraseBook[tuple[str, Role]]
    shared: frozenset[str]  # ids of the themes whose phrases are the program's own, unchanged


_books: dict[int, _Compiled] = {}


def _compiled(codebook: Codebook) -> _Compiled:
    """Compile a codebook once; it is kept by identity, for hashing thousands of phrases costs more than reading."""
    kept = _books.get(id(codebook))
    if kept is None or kept.codebook is not codebook:
        if len(_books) >= _MOST_BOOKS:
            _books.clear()
        kept = _compile(codebook)
        _books[id(codebook)] = kept
    return kept


def _compile(codebook: Codebook) -> _Compiled:
    own = default_codebook()
    if codebook is own or codebook.sets != own.sets:
        return _Compiled(codebook, codebook.phrase_book(), frozenset())
    phrases = {theme.id: (theme.patterns, theme.hints, theme.unless) for theme in own.themes}
    shared = frozenset(
        theme.id for theme in codebook.themes if phrases.get(theme.id) == (theme.patterns, theme.hints, theme.unless)
    )
    changed = tuple(theme for theme in codebook.themes if theme.id not in shared)
    if not changed:
        return _Compiled(codebook, PhraseBook(()), shared)
    return _Compiled(codebook, codebook.model_copy(update={"themes": changed}).phrase_book(), shared)


@lru_cache(maxsize=4)
def _own_hits(text: str) -> tuple[ThemeHit, ...]:
    """Find the program's own phrases; kept a moment, for an edited codebook asks for most of them again."""
    return tuple(_compiled(default_codebook()).book.find(text))


def _hits_by_theme(text: str, codebook: Codebook) -> dict[str, list[ThemeHit]]:
    """Find a codebook's phrases, by theme; what an edited one shares with the program's own is sought once."""
    compiled = _compiled(codebook)
    found: dict[str, list[ThemeHit]] = {}
    if codebook is default_codebook():
        hits: Sequence[ThemeHit] = _own_hits(text)
    else:
        known = [hit for hit in _own_hits(text) if hit.label[0] in compiled.shared] if compiled.shared else []
        hits = [*known, *compiled.book.find(text)]
    for hit in hits:
        found.setdefault(hit.label[0], []).append(hit)
    return {theme_id: found[theme_id] for theme_id in codebook.theme_ids() if theme_id in found}


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


def _deciding(hits: Sequence[ThemeHit], text: str, *, expected: bool) -> tuple[list[ThemeHit], float] | None:
    """Choose the hits that show one theme, and how sure they make it; None when they do not.

    Where the question or a concern makes the theme likely (`expected`), one hint is enough.
    """
    unless = [hit for hit in hits if hit.label[1] == "unless"]
    standing = [hit for hit in hits if hit.label[1] != "unless" and not _taken_back(hit, unless)]
    patterns = _apart([hit for hit in standing if hit.label[1] == "pattern"])
    if patterns:
        return patterns, min(1.0, _PATTERN_CONFIDENCE + _EACH_MORE * (len(patterns) - 1))
    hints = _apart([hit for hit in standing if hit.label[1] == "hint"])
    if len({text[hit.start : hit.end] for hit in hints}) >= _HINTS_NEEDED - expected:
        return hints, min(1.0, _HINT_CONFIDENCE + _EACH_MORE * max(0, len(hints) - _HINTS_NEEDED))
    return None


def _faintest(hits: Mapping[str, Sequence[ThemeHit]], text: str) -> tuple[str, list[ThemeHit]] | None:
    """Where no theme is sure, choose the one with most different hints, then the longest."""
    best: tuple[tuple[int, int], str, list[ThemeHit]] | None = None
    for theme_id, found in hits.items():
        unless = [hit for hit in found if hit.label[1] == "unless"]
        hints = _apart([hit for hit in found if hit.label[1] == "hint" and not _taken_back(hit, unless)])
        if not hints:
            continue
        rank = len({text[hit.start : hit.end] for hit in hints}), max(hit.end - hit.start for hit in hints)
        if best is None or rank > best[0]:
            best = rank, theme_id, hints
    return None if best is None else (best[1], best[2])


def _from_concern(concern: ConcernReading | None, codebook: Codebook) -> dict[str, Evidence]:
    """Give the themes that a concern stands for, each with the words that raised it."""
    if concern is None or not concern.evidence:
        return {}
    known = set(codebook.theme_ids())
    first = concern.evidence[0]
    return {
        theme_id: Evidence(first.start, first.end, f"theme.{theme_id}.concern", first.words)
        for reason in concern.reasons
        for theme_id in _CONCERN_THEMES.get(reason, ())
        if theme_id in known
    }


def _of_question(n: Normalised, codebook: Codebook, asked: Collection[str]) -> dict[str, Evidence] | None:
    """Give the theme that the question asks about; the whole comment stands as its words."""
    known = [theme_id for theme_id in asked if theme_id in codebook.theme_ids()]
    if not known or len(tokens(n.text)) < _WORDS_NEEDED:
        return None
    whole = Evidence(0, len(n.original), f"theme.{known[0]}.question", n.original)
    return {known[0]: whole}


def _without_phrase(theme_id: str, words: Evidence, reading: PolarityReading) -> ThemeMatch:
    """Put together a theme that a concern or the question shows, and no phrase of the codebook."""
    polarity: Polarity = "negative" if words.rule.endswith(".concern") else reading.polarity
    return ThemeMatch(theme_id, words.start, words.end, polarity, reading.wish, _FAINT_CONFIDENCE, (words,))


def match_themes(
    n: Normalised,
    codebook: Codebook,
    reading: PolarityReading,
    concern: ConcernReading | None = None,
    asked: Collection[str] = (),
) -> tuple[ThemeMatch, ...]:
    """Find the themes of a comment.

    Args:
        n: the normalised comment.
        codebook: the themes and their phrases.
        reading: the comment's polarity, read from the same normalised text; each theme takes the polarity of the
            clause it stands in, and the whole comment's where that clause says nothing.
        concern: what the screen for concerns found in the comment, when it was screened.
        asked: ids of the themes that the question asks about, the likeliest first.

    Returns:
        The themes in the order of the codebook, each once.
    """
    hits = _hits_by_theme(n.text, codebook)
    concerning = _from_concern(concern, codebook)
    decided = {
        theme_id: sure
        for theme_id in hits
        if (sure := _deciding(hits[theme_id], n.text, expected=theme_id in asked or theme_id in concerning)) is not None
    }
    if decided:
        concerning = {}
    elif not concerning:
        faint = _faintest(hits, n.text)
        by_question = _of_question(n, codebook, asked)
        if faint is not None and (by_question is None or " " in n.text[faint[1][0].start : faint[1][0].end]):
            decided[faint[0]] = faint[1], _FAINT_CONFIDENCE
        elif by_question is not None:
            concerning = by_question
    found: list[ThemeMatch] = []
    for theme_id in codebook.theme_ids():
        if theme_id in decided:
            found.append(_match(n, theme_id, *decided[theme_id], reading))
        elif theme_id in concerning:
            found.append(_without_phrase(theme_id, concerning[theme_id], reading))
    return tuple(found)


def _match(
    n: Normalised,
    theme_id: str,
    deciding: Sequence[ThemeHit],
    confidence: float,
    reading: PolarityReading,
) -> ThemeMatch:
    """Put one theme together from the phrases that decided it."""
    evidence = tuple(evidence_at(n, hit.start, hit.end, f"theme.{theme_id}.{hit.label[1]}") for hit in deciding)
    first = max(deciding, key=lambda hit: (hit.end - hit.start, -hit.start))
    start, end = n.original_span(first.start, first.end)
    polarity, wish = reading.around([(hit.start, hit.end) for hit in deciding])
    return ThemeMatch(theme_id, start, end, polarity, wish, round(confidence, 2), evidence)


def phrases_showing(n: Normalised, codebook: Codebook, theme_id: str) -> tuple[Evidence, ...]:
    """Find the phrases that show one theme in a comment, for whoever is writing them.

    Args:
        n: the normalised comment.
        codebook: the theme and its named sets of words; other themes in it only cost time.
        theme_id: which theme.

    Returns:
        The words that decide, or nothing when the theme's phrases do not show it by themselves.
    """
    hits = _hits_by_theme(n.text, codebook).get(theme_id, [])
    sure = _deciding(hits, n.text, expected=False) if hits else None
    if sure is None:
        return ()
    return tuple(evidence_at(n, hit.start, hit.end, f"theme.{theme_id}.{hit.label[1]}") for hit in sure[0])
