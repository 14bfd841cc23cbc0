"""How far people agree about comments, and how far people and the machine do: per theme, per quarter. Arithmetic only.

Two people are compared by what each said before anything was settled. The machine is compared with the second person
alone: the first saw what the machine says, and whoever has seen an answer is likely to repeat it. Nor is it compared on
comments from whose codes it has learned, or on themes that one of the two versions of the codebook lacks.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from hscb_voice.foundation.fence import beyond_the_fence
from hscb_voice.language.agreement import FEWEST_PAIRS, Agreement, Lack, Measure, agreement
from hscb_voice.reading_room.agreement import DoubleCoded, double_coded
from hscb_voice.reading_room.blind import Codes

POLARITY = "polarity"  # how the comment reads as a whole, beside the themes
_AGREE, _NARROW = 0.6, 0.5
_LACKS = {
    Lack.TOO_FEW: f"too few to say (fewer than {FEWEST_PAIRS})",
    Lack.ONE_VALUE: "cannot be worked out: always the same answer",
}


@dataclass(frozen=True)
class Line:
    """One question about comments, and how far it is answered alike."""

    key: str  # a theme’s id, or `polarity`
    name: str  # the theme’s; in a list of quarters the quarter’s
    people: Agreement
    machine: Agreement
    is_named: bool  # by anybody or the machine, in any comment

    @property
    def verdict(self) -> str:
        """Return what the numbers of the people mean, in plain words."""
        return verdict_of(self.people.kappa)


def coded_twice(connection: Connection) -> list[DoubleCoded]:
    """Return every comment that two people have coded.

    Args:
        connection: a reading connection.

    Returns:
        Codes without any words. They are counted over every team, as themes are: what is measured here is the coders.
    """
    with beyond_the_fence(connection):
        return list(double_coded(connection))


def quarters_of(pairs: Sequence[DoubleCoded]) -> list[str]:
    """Return the quarters in which comments were said that two people have coded, newest first."""
    return sorted({pair.quarter for pair in pairs if pair.quarter}, reverse=True)


def lines_of(pairs: Sequence[DoubleCoded], names: Mapping[str, str]) -> list[Line]:
    """Measure agreement about the whole comment and about each theme.

    Args:
        pairs: of one quarter, or all.
        names: theme id -> name, in the codebook's order; a theme that has gone since, but was given, comes last.

    Returns:
        How the comment reads first, then the themes.
    """
    given = {theme for pair in pairs for codes in (pair.first, pair.second) for theme in codes.themes}
    themes = dict(names) | {theme: theme for theme in sorted(given - set(names))}
    return [line_of(pairs, key, name) for key, name in ({POLARITY: "Good or bad"} | themes).items()]


def by_quarter(pairs: Sequence[DoubleCoded], key: str) -> list[Line]:
    """Measure agreement about one thing, quarter by quarter.

    Args:
        pairs: all of them; those of which only a longer time is known belong to no quarter.
        key: a theme's id, or `polarity`.

    Returns:
        A line a quarter, newest first.
    """
    return [line_of([p for p in pairs if p.quarter == name], key, name) for name in quarters_of(pairs)]


def line_of(pairs: Sequence[DoubleCoded], key: str, name: str) -> Line:
    """Measure agreement about one thing.

    Args:
        pairs: of which comments.
        key: a theme's id, or `polarity`.
        name: what the line is called.
    """
    said = _polarity if key == POLARITY else _named(key)
    by_people = [pair for pair in pairs if _stands(key, pair.stood)]
    people = agreement([(said(pair.first), said(pair.second)) for pair in by_people])
    unlearned = [pair for pair in pairs if not pair.was_lesson and _stands(key, pair.machine_stood)]
    machine = agreement([(said(pair.second), said(pair.machine) if pair.machine else None) for pair in unlearned])
    codes = [one for pair in pairs for one in (pair.first, pair.second, pair.machine) if one]
    return Line(key, name, people, machine, key == POLARITY or any(key in one.themes for one in codes))


def measure_words(measure: Measure) -> str:
    """Write a measure with its interval, such as “0.68 (0.51 to 0.81)”, or why there is none."""
    if measure.value is None or measure.low is None or measure.high is None:
        return _LACKS[measure.lack]
    return f"{_number(measure.value)} ({_number(measure.low)} to {_number(measure.high)})"


def verdict_of(measure: Measure) -> str:
    """Say what a measure means. Only what the whole interval says is said."""
    if measure.low is None or measure.high is None:
        return "Nobody can say yet" if measure.lack is Lack.TOO_FEW else "No chance to differ"
    if measure.low >= _AGREE:
        return "They agree"
    if measure.high < _AGREE:
        return "They often differ: talk about what belongs here"
    return "Not sure yet: code more" if measure.high - measure.low > _NARROW else "They agree in part"


def _stands(key: str, themes: frozenset[str] | None) -> bool:
    """Tell whether both could say something: nobody can name a theme that their version of the codebook lacks."""
    return key == POLARITY or themes is None or key in themes


def _polarity(codes: Codes) -> str | None:
    return codes.polarity


def _named(theme: str) -> Callable[[Codes], str | None]:
    return lambda codes: "yes" if theme in codes.themes else "no"


def _number(value: float) -> str:
    return f"{value:.2f}".replace("-", "−").replace("−0.00", "0.00")
