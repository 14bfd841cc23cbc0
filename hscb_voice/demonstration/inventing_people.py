"""Who answers in the demonstration, invented: how many a quarter, where, of what age, in what mood and by whose help.

The stories that a Board can find are laid here: reports come earlier during 2017, changes of worker rise in one
locality, more and more children wish for more sessions, fathers answer less, one service is hardly heard.
No person here is modelled on anybody. Ages are only used to choose a form and a band, and are never kept.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from hscb_voice.questionnaires.definition import Definition
from hscb_voice.responses.service import Span

ValueT = TypeVar("ValueT")
QUARTERS = 8
_FIRST_YEAR, _FIRST_MONTH = 2016, 4
# Questionnaire -> answers in a usual quarter, and how far a quarter may be off.
USUAL: Mapping[str, tuple[int, int]] = {
    "support-worker-child": (11, 2),
    "support-worker-parent": (9, 2),
    "cp-conference-parent-initial": (8, 2),
    "cp-conference-parent-review": (15, 3),
    "cp-conference-child": (3, 1),
    "cidva-child-5-8": (3, 1),
    "cidva-child-9-18": (5, 2),
    "cidva-parent": (3, 1),
    "cidva-professional": (2, 1),
    "my-story": (2, 1),
}
EVENTS = (0, 2, 9, 1, 0, 2, 8, 2)  # a play each autumn, and now and then some training
LOCALITIES: Mapping[str, int] = {
    "Hereford City": 36,
    "Leominster": 20,
    "Ross-on-Wye": 14,
    "Ledbury": 12,
    "Bromyard": 11,
    "Golden Valley": 7,
}
TEAMS: Mapping[str, str] = {
    "Hereford City": "City",
    "Leominster": "North",
    "Bromyard": "North",
    "Ledbury": "South",
    "Ross-on-Wye": "South",
    "Golden Valley": "South",
}
UNSETTLED = "Leominster"  # where workers come and go during the second year
SELDOM_HEARD = "Children in Care"
_SERVICES = {
    "support-worker": "Family Support",
    "cidva": "CIDVA",
    "cp-conference": "Child Protection Conferences",
    "my-story": SELDOM_HEARD,
    "event": "Schools",
}
_IN_CARE = 0.08  # of the support workers' families
_AGES: Mapping[str, tuple[int, int]] = {
    "support-worker-child": (6, 17),
    "cp-conference-child": (8, 17),
    "cidva-child-5-8": (5, 8),
    "cidva-child-9-18": (9, 17),
    "my-story": (7, 18),
    "event": (11, 16),
}
# Variant -> the youngest of its age; the oldest that fits is taken.
_FROM_AGE = {"under-9": 0, "9-and-over": 9, "8-11": 0, "12-18": 12, "9-12": 0, "13-18": 13}
_POINTS = {"first": 12, "during": 30, "final": 45, "later": 13}
_CHANNELS = {
    "child": {"tablet": 45, "worker": 22, "paper": 18, "link": 10, "poster": 5},
    "parent": {"link": 35, "paper": 33, "worker": 22, "tablet": 10},
    "professional": {"link": 90, "paper": 10},
}
_HELP = ("by_myself", "read_to_me", "together", "adult_for_me")
_HELP_TO_YOUNG, _HELP_TO_MIDDLE, _HELP_TO_OLD, _HELP_TO_PARENTS = (
    (8, 30, 42, 20),
    (42, 16, 35, 7),
    (68, 8, 22, 2),
    (62, 10, 24, 4),
)
_MOODS = {"cp-conference": (0.45, 0.75), "my-story": (0.25, 0.9), "support-worker": (0.65, 0.9), "cidva": (0.9, 0.65)}
_EARLY = {"on_the_day": 18, "1_day": 46, "2_days": 16, "3_to_4_days": 8, "5_or_more_days": 3, "never": 6, "not_sure": 3}
_LATE = {"on_the_day": 4, "1_day": 12, "2_days": 17, "3_to_4_days": 44, "5_or_more_days": 16, "never": 2, "not_sure": 5}
_GETS_BETTER_FROM, _GETS_BETTER_OVER = 2, 4  # October 2016, and the four quarters after it


@dataclass
class Answerer:
    """One invented person who answers once."""

    definition: Definition
    variant: str | None
    quarter: int  # from 0
    day: date
    service: str
    locality: str
    point: str
    channel: str
    age: int | None
    answered: str
    mood: float  # from about -2 to 2; everything else follows it
    wordy: float  # how likely this person is to write, as a factor
    report_came: str  # the key of when the conference report came; empty when it is no parent of a conference
    lost_worker: bool
    wants_more: bool
    concern: tuple[str, str] | None = None  # the question and the words that hold a mild worry

    @property
    def respondent(self) -> str:
        """Return child, parent or professional."""
        return self.definition.respondent_of(self.variant)


def quarter_span(quarter: int) -> Span:
    """Return the days of a quarter.

    Args:
        quarter: counted from 0, April to June 2016.

    Returns:
        Its first and its last day.
    """
    return Span(_quarter_start(quarter), _quarter_start(quarter + 1) - timedelta(days=1))


def _quarter_start(quarter: int) -> date:
    years, months = divmod(_FIRST_MONTH - 1 + 3 * quarter, 12)
    return date(_FIRST_YEAR + years, months + 1, 1)


def services_of(slug: str) -> tuple[str, ...]:
    """Return the services about which a questionnaire asks, the usual one first."""
    usual = _by_kind(slug, _SERVICES, "")
    return (usual, SELDOM_HEARD) if slug.startswith("support-worker") else (usual,)


def cast(chance: random.Random, definitions: Mapping[str, Definition]) -> Iterator[Answerer]:
    """Invent everybody who answers.

    Args:
        chance: decides everything.
        definitions: every questionnaire, by slug.

    Yields:
        The people, quarter by quarter.
    """
    for quarter in range(QUARTERS):
        for slug, (usual, off) in USUAL.items():
            for _ in range(usual + chance.randint(-off, off)):
                yield _person(chance, definitions[slug], quarter)
        for _ in range(EVENTS[quarter]):
            yield _person(chance, definitions["event"], quarter)


def _person(chance: random.Random, definition: Definition, quarter: int) -> Answerer:
    slug = definition.slug
    variant, age = _variant_and_age(chance, definition)
    respondent = definition.respondent_of(variant)
    locality = pick(chance, LOCALITIES)
    services = services_of(slug)
    report_came = _report_came(chance, quarter) if slug.startswith("cp-conference-parent") else ""
    lost_worker = slug != "event" and chance.random() < _chance_of_losing_worker(locality, quarter)
    has_sessions = slug.startswith(("support-worker", "cidva"))
    mean, width = _by_kind(slug, _MOODS, (0.8, 0.6))
    mood = chance.gauss(mean, width) - (0.7 if lost_worker else 0.0)
    span = quarter_span(quarter)
    return Answerer(
        definition=definition,
        variant=variant,
        quarter=quarter,
        day=span.start + timedelta(days=chance.randrange((span.end - span.start).days + 1)),
        service=services[-1] if chance.random() < _IN_CARE else services[0],
        locality=locality,
        point=pick(chance, _POINTS) if has_sessions else "",
        channel="link" if slug == "my-story" else pick(chance, _CHANNELS[respondent]),
        age=age,
        answered=_answered(chance, respondent, age),
        mood=max(-2.0, min(2.0, mood)),
        wordy=chance.choice((0.4, 0.8, 1.0, 1.2, 1.5)),
        report_came=report_came,
        lost_worker=lost_worker,
        wants_more=has_sessions and chance.random() < 0.10 + 0.045 * quarter,
    )


def pick(chance: random.Random, weights: Mapping[str, float]) -> str:
    """Choose one of several things by their weights."""
    return chance.choices(list(weights), weights=list(weights.values()))[0]


def _by_kind(slug: str, table: Mapping[str, ValueT], otherwise: ValueT) -> ValueT:
    return next((value for start, value in table.items() if slug.startswith(start)), otherwise)


def _variant_and_age(chance: random.Random, definition: Definition) -> tuple[str | None, int | None]:
    if definition.slug == "event" and chance.random() < 0.4:  # noqa: PLR2004 - a share, said once
        return definition.variants[1].key, None
    if definition.slug not in _AGES:
        return None, None
    age = chance.randint(*_AGES[definition.slug])
    fitting = [v.key for v in definition.variants if _FROM_AGE.get(v.key, 0) <= age]
    return max(fitting, key=lambda key: _FROM_AGE.get(key, 0), default=None), age


def _answered(chance: random.Random, respondent: str, age: int | None) -> str:
    if respondent == "professional":
        return "by_myself"
    if age is None:
        shares = _HELP_TO_PARENTS
    else:
        bands = ((8, _HELP_TO_YOUNG), (11, _HELP_TO_MIDDLE))
        shares = next((helped for oldest, helped in bands if age <= oldest), _HELP_TO_OLD)
    return chance.choices(_HELP, weights=shares)[0]


def _chance_of_losing_worker(locality: str, quarter: int) -> float:
    if locality != UNSETTLED:
        return 0.06
    return (0.06, 0.06, 0.08, 0.15, 0.3, 0.45, 0.5, 0.5)[quarter]


def _report_came(chance: random.Random, quarter: int) -> str:
    late = max(0.0, min(1.0, (quarter - _GETS_BETTER_FROM) / _GETS_BETTER_OVER))
    return pick(chance, {key: (1 - late) * early + late * _LATE[key] for key, early in _EARLY.items()})
