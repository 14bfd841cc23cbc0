"""When each form of a series is due. Pure reckoning on what the questionnaire says of its points."""

from dataclasses import dataclass
from datetime import date, timedelta

from hscb_voice.questionnaires.definition import Definition

MOST_SESSIONS = 40


@dataclass(frozen=True)
class Due:
    """One form of a plan."""

    point: str
    day: date


def has_sessions(definition: Definition) -> bool:
    """Tell whether a form comes with every session, so that somebody must say how many there will be."""
    return any(point.each_session for point in definition.points)


def plan_of(definition: Definition, start: date, sessions: int = 1, days_between: int = 7) -> list[Due]:
    """Plan a series.

    Args:
        definition: its points, in their order.
        start: the day of the first session, or of the event.
        sessions: how many there will be, the first and the last included; counts only where a form comes with each.
        days_between: from one session to the next.

    Returns:
        Every form with its day, in the order of the days. What is not counted from an earlier point is due at the
        first session, or at the last where it stands after the form of each session.
    """
    last = start + timedelta(days=days_between * (sessions - 1))
    days: dict[str, date] = {}
    planned: list[Due] = []
    here = start
    for point in definition.points:
        if point.each_session:
            planned += [
                Due(point.key, start + timedelta(days=days_between * place)) for place in range(1, sessions - 1)
            ]
            here = last
            continue
        begins = days.get(point.after, here) if point.after else here
        days[point.key] = begins + timedelta(days=point.days)
        planned.append(Due(point.key, days[point.key]))
    return sorted(planned, key=lambda due: due.day)
