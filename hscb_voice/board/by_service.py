"""How many answered and were invited by service, for a whole reporting year.

A questionnaire's responses are split by service once, and their sum is the year's own number, so this line hangs on the
year by that sum alone, and guarding it within the sum is enough. What was answered is split in `splits`, which leaves
this line as it is: there people change what they said, and never where they belong.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from hscb_voice.actions.queries import services_named
from hscb_voice.board.disclosure import BOARD, guard_one_each
from hscb_voice.board.disclosure_year import read_year
from hscb_voice.board.figures import Figures
from hscb_voice.board.intervals import Share, wilson
from hscb_voice.board.periods import Period
from hscb_voice.invitations.queries import invited as invited_in

_NOT_NOTED = "Service not noted"


@dataclass(frozen=True)
class ServiceReach:
    """How many one service invited to a questionnaire, and how many answered; None where it is not shown."""

    name: str
    answered: int | None
    at_least: int | None
    invited: int | None
    is_noted: bool  # whether anybody noted how many it invited; the number may still be too few to show
    share: Share | None
    key: str = ""  # the name as it is noted; empty for those of whom no service is


@dataclass(frozen=True)
class Served:
    """One questionnaire by service."""

    figures: Figures
    services: tuple[ServiceReach, ...]


def by_service(connection: Connection, period: Period, figures: Sequence[Figures]) -> tuple[Served, ...]:
    """Split the responses of a reporting year by service.

    Args:
        connection: a reading connection.
        period: what is asked for.
        figures: the year's guarded figures.

    Returns:
        A line a service, for questionnaires whose number is shown; nothing for a quarter.
    """
    shown = [one for one in figures if one.responses]
    names = services_named(connection)
    if not period.is_year or not names:
        return ()
    counted = read_year(connection, period, [one.slug for one in shown]).raw
    # Every service that was ever named, so that a name in the list does not tell that somebody answered there.
    return tuple(_served(connection, period, one, counted[one.slug].by_service, names) for one in shown)


def _served(
    connection: Connection, period: Period, figures: Figures, counted: Mapping[str, int], names: Sequence[str]
) -> Served:
    places = [*names, ""]
    asked = [invited_in(connection, figures.slug, period.start, period.end, name) if name else None for name in names]
    told = guard_one_each([counted.get(name, 0) for name in places], 0)
    invited = _guard_invited(asked, figures.invited)
    lines = tuple(
        ServiceReach(name or _NOT_NOTED, n, bound, noted, wanted is not None, _share(n, noted), name)
        for name, n, bound, noted, wanted in zip(
            places, told.counts, told.at_least, (*invited, None), (*asked, None), strict=True
        )
    )
    return Served(figures, lines)


def _guard_invited(asked: Sequence[int | None], total: int | None) -> tuple[int | None, ...]:
    """Guard how many each service invited, within the year's number; nothing is shown where that is hidden."""
    noted = [n or 0 for n in asked]
    if total is None or sum(noted) > total:
        return (None,) * len(noted)
    # Invited by no service in particular: what is left of the year's number is a part as well.
    guarded = guard_one_each([*noted, total - sum(noted)], 0).counts[:-1]
    return tuple(n if wanted is not None else None for n, wanted in zip(guarded, asked, strict=True))


def _share(answered: int | None, invited: int | None) -> Share | None:
    if answered is None or invited is None or invited < max(BOARD.percent_base, answered):
        return None
    return wilson(answered, invited)
