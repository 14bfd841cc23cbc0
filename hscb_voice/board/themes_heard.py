"""What people wrote about, in guarded counts: themes by who wrote and by polarity, and the quotes a person cleared.

The themes room counts; here its counts pass the same door as every other figure.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from hscb_voice.board.disclosure import BOARD, guard_one_each, guard_ticks
from hscb_voice.board.figures import Count, Distribution
from hscb_voice.board.queries import Place
from hscb_voice.board.sentences import WHO
from hscb_voice.language.codebook import default_codebook

_BASE, _NONE = "themes", "none"
_MOST_NAMED = 3
_RESPONDENTS = ("child", "parent", "professional")
_POLARITIES = {
    "positive": ("Good", 2),
    "negative": ("Not good", -2),
    "mixed": ("Both", 0),
    "wish": ("A wish", None),
    "neutral": ("Neither", None),
    "unread": ("Not read by machine", None),
}


@dataclass(frozen=True)
class ThemeHeard:
    """One theme in one group's words."""

    id: str
    name: str
    count: Count
    polarity: Distribution | None  # None when the theme's own count is hidden


@dataclass(frozen=True)
class GroupHeard:
    """What one group of respondents wrote about."""

    respondent: str
    written: int | None  # responses with words that have been read; None when too few to show
    themes: tuple[ThemeHeard, ...]  # those that can be shown, most often first
    hidden: tuple[str, ...]  # names of themes that were heard too seldom to show, or were not heard at all


def themes_heard(
    raw: Mapping[str, Mapping[Place, int]], responses: Mapping[str, int], told: Collection[str]
) -> tuple[GroupHeard, ...]:
    """Guard the counts of themes.

    Args:
        raw: respondent -> place -> count.
        responses: respondent -> how many sent a form; those who wrote nothing are a count too.
        told: the respondents of whom it may be said how many wrote. Where a questionnaire of theirs is too small to
            show, it may not: so many wrote, so at least so many answered, and what is hidden could be narrowed.

    Returns:
        One entry a group of respondents with any words read.
    """
    heard = [who for who in _RESPONDENTS if raw.get(who, {}).get((_BASE, "", ""))]
    return tuple(_group(who, raw[who], responses.get(who, 0), is_told=who in told) for who in heard)


def written_about(group: GroupHeard) -> str:
    """Say which themes a group wrote about most, and how the first of them was spoken of.

    Args:
        group: its guarded themes.

    Returns:
        A sentence; empty when no theme can be shown.
    """
    if not group.themes:
        return ""
    named = [f"“{theme.name}” ({_times(theme.count)})" for theme in group.themes[:_MOST_NAMED]]
    listed = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
    told = f"{WHO[group.respondent].capitalize()} wrote most often about {listed}."
    first = group.themes[0]
    sides = first.polarity.counts if first.polarity else ()
    said = [f"as {one.text.lower()} by {_times(one)}" for one in sides if one.tone and (one.n or one.at_least)]
    return f"{told} “{first.name}” was spoken of {' and '.join(said)}." if said else told


def theme_names() -> dict[str, str]:
    """Return the themes' names by id."""
    return {theme.id: theme.name for theme in default_codebook().themes}


def _times(count: Count) -> str:
    return str(count.n) if count.n is not None else f"at least {count.at_least}"


def _group(respondent: str, counts: Mapping[Place, int], responses: int, *, is_told: bool) -> GroupHeard:
    written = counts.get((_BASE, "", ""), 0)
    names = theme_names()
    ids = [*names, *sorted({q.removeprefix("theme:") for q, _, _ in counts if q.startswith("theme:")} - set(names))]
    times = [counts.get((f"theme:{theme}", "", ""), 0) for theme in ids]
    guarded = guard_ticks([*times, counts.get((_BASE, "", _NONE), 0)], written, max(responses - written, 0))
    themes = [
        ThemeHeard(
            id=theme,
            name=names.get(theme, theme.replace("_", " ").capitalize()),
            count=Count(theme, names.get(theme, theme), n, at_least=bound),
            polarity=_polarity(counts, theme, n) if n else None,
        )
        for theme, n, bound in zip(ids, guarded.counts[:-1], guarded.at_least[:-1], strict=True)
    ]
    seen = [theme for theme in themes if theme.count.n or theme.count.at_least]
    seen.sort(key=lambda theme: -(theme.count.n or theme.count.at_least or 0))
    rest = tuple(theme.name for theme in themes if theme not in seen)
    return GroupHeard(respondent, guarded.base if is_told else None, tuple(seen), rest)


def _polarity(counts: Mapping[Place, int], theme: str, total: int) -> Distribution:
    said = [counts.get((f"theme:{theme}", "", polarity), 0) for polarity in _POLARITIES]
    guarded = guard_one_each(said, total - sum(said))
    shown = [
        Count(polarity, text, n, at_least=bound, tone=tone)
        for (polarity, (text, tone)), n, bound in zip(
            _POLARITIES.items(), guarded.counts, guarded.at_least, strict=True
        )
    ]
    has_words = total >= BOARD.percent_base
    return Distribution(theme, theme, total, total if has_words else None, tuple(shown))
