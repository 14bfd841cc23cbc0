"""What people wrote about, in guarded counts: themes by who wrote and by polarity, and the quotes a person cleared.

The themes room counts; here its counts pass the same door as every other figure.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from hscb_voice.board.counts import Place, add_up
from hscb_voice.board.disclosure import BOARD
from hscb_voice.board.disclosure_side_by_side import ROWS, Opens, guard_rows, guard_tick_rows
from hscb_voice.board.disclosure_year import YearRead
from hscb_voice.board.figures import Count, Distribution
from hscb_voice.board.sentences import WHO
from hscb_voice.language.codebook import default_codebook

_BASE, _NONE = "themes", "none"
_MOST_NAMED = 3
_GONE = "gone:"  # before the id of a theme that is shown only where it is still counted
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


@dataclass(frozen=True)
class ThemeYear:
    """The counts of themes in every slice of a year, of which one is to be shown."""

    slices: Sequence[Mapping[str, Mapping[Place, int]]]  # respondent -> place -> count
    # Respondent -> how many sent a form; those who wrote nothing are a count too.
    responses: Mapping[str, tuple[int, ...]]
    # Respondent -> of how many of these a reader knows at least. Where a theme was heard more often than that, it would
    # tell him how many answered questionnaires whose numbers are hidden, so no theme is shown there.
    reach: Mapping[str, tuple[int, ...]]
    told: Collection[str]  # the respondents of whom it may be said how many wrote, in the slice shown
    at: int
    is_over: bool = True  # whether the year is over

    def opens(self, who: str) -> Opens:
        """Tell in which slices themes of some respondents may be shown."""
        columns = [self.column(who, f"theme:{theme}") for theme in self.themes(who)]
        most = [max(times) for times in zip(*columns, strict=True)] or [0] * ROWS
        return tuple(n <= known for n, known in zip(most, self.reach.get(who, (0,) * ROWS), strict=True))

    def column(self, who: str, question: str, choice: str = "") -> tuple[int, ...]:
        """Return one count in every slice."""
        return tuple(one.get(who, {}).get((question, "", choice), 0) for one in self.slices)

    def themes(self, who: str) -> set[str]:
        """Return the ids of the themes heard anywhere in the year."""
        heard = {question for one in self.slices for question, _, _ in one.get(who, {})}
        return {question.removeprefix("theme:") for question in heard if question.startswith("theme:")}


def theme_year(read: YearRead) -> ThemeYear:
    """Take the themes of a year out of its counts.

    Args:
        read: the year.

    Returns:
        The counts, unguarded.
    """
    return ThemeYear(
        slices=[_by_respondent(read, row) for row in range(ROWS)],
        responses={who: read.responses_of(who) for who in _RESPONDENTS},
        reach={who: tuple(read.reach(who, row) for row in range(ROWS)) for who in _RESPONDENTS},
        told=read.told(read.at),
        at=read.at,
        is_over=read.is_over,
    )


def themes_heard(year: ThemeYear, names: Mapping[str, str] | None = None) -> tuple[GroupHeard, ...]:
    """Guard the counts of themes.

    Args:
        year: the counts.
        names: theme id -> name, those in force first; the program's own themes when left out.

    Returns:
        One entry a group of respondents with any words read.
    """
    heard = [who for who in _RESPONDENTS if year.column(who, _BASE)[year.at]]
    names = own_theme_names() if names is None else names
    return tuple(_group(names, who, year) for who in heard)


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


def own_theme_names() -> dict[str, str]:
    """Return the names of the program's own themes by id."""
    return {theme.id: theme.name for theme in default_codebook().themes}


def names_to_count(titles: Mapping[str, str], in_force: Collection[str]) -> dict[str, str]:
    """Return the names under which themes are shown: of those that are gone, only what is still counted appears.

    Args:
        titles: theme id -> name, of every theme that there ever was.
        in_force: ids of the themes in force.
    """
    return {theme: titles[theme] for theme in in_force} | {_GONE + theme: name for theme, name in titles.items()}


def _times(count: Count) -> str:
    return str(count.n) if count.n is not None else f"at least {count.at_least}"


def _group(known: Mapping[str, str], who: str, year: ThemeYear) -> GroupHeard:
    names = {theme: name for theme, name in known.items() if not theme.startswith(_GONE)}
    ids = [*names, *sorted(year.themes(who) - set(names))]
    written = year.column(who, _BASE)
    columns = [*(year.column(who, f"theme:{theme}") for theme in ids), year.column(who, _BASE, _NONE)]
    silent = [max(all_ - n, 0) for all_, n in zip(year.responses.get(who, written), written, strict=True)]
    tables = guard_tick_rows(tuple(zip(*columns, written, silent, strict=True)), year.opens(who), is_over=year.is_over)
    guarded = tables[year.at]
    themes = [
        ThemeHeard(
            id=theme,
            name=_name(known, theme),
            count=Count(theme, _name(known, theme), n, at_least=bound),
            polarity=_polarity(year, who, theme, [row.counts[i] for row in tables]) if n else None,
        )
        for i, (theme, n, bound) in enumerate(zip(ids, guarded.counts[:-1], guarded.at_least[:-1], strict=True))
    ]
    seen = [theme for theme in themes if theme.count.n or theme.count.at_least]
    seen.sort(key=lambda theme: -(theme.count.n or theme.count.at_least or 0))
    rest = tuple(theme.name for theme in themes if theme not in seen)
    return GroupHeard(who, guarded.base if who in year.told else None, tuple(seen), rest)


def _by_respondent(read: YearRead, row: int) -> dict[str, dict[Place, int]]:
    parts = [slices[row].of_each for slices in read.heads.values()]
    heard = sorted({who for part in parts for who in part})
    return {who: add_up(part.get(who, {}) for part in parts) for who in heard}


def _name(known: Mapping[str, str], theme: str) -> str:
    return known.get(theme) or known.get(_GONE + theme) or theme.replace("_", " ").capitalize()


def _polarity(year: ThemeYear, who: str, theme: str, times: Sequence[int | None]) -> Distribution:
    columns = [year.column(who, f"theme:{theme}", polarity) for polarity in _POLARITIES]
    totals = year.column(who, f"theme:{theme}")
    rest = [max(all_ - sum(said), 0) for all_, said in zip(totals, zip(*columns, strict=True), strict=True)]
    rows = tuple(zip(*columns, rest, strict=True))
    guarded = guard_rows(rows, tuple(n is not None for n in times), is_over=year.is_over)[year.at]
    total = totals[year.at]
    shown = [
        Count(polarity, text, n, at_least=bound, tone=tone)
        for (polarity, (text, tone)), n, bound in zip(
            _POLARITIES.items(), guarded.counts, guarded.at_least, strict=True
        )
    ]
    has_words = total >= BOARD.percent_base
    return Distribution(theme, theme, total, total if has_words else None, tuple(shown))
