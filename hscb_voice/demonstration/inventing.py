"""Invents the demonstration's responses and invitations after the Board's printed year: the same ones every time.

Everything here is made up and says so (`invented`). It reads no real answer and is only ever loaded into a
demonstration.
"""

import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

from hscb_voice.demonstration.inventing_answers import Writer, voices_of
from hscb_voice.demonstration.inventing_people import (
    QUARTERS,
    SELDOM_HEARD,
    TEAMS,
    USUAL,
    Answerer,
    cast,
    quarter_span,
    services_of,
)
from hscb_voice.demonstration.inventing_words import Comment, Deck, Strand, all_comments
from hscb_voice.invitations.service import InvitedNote
from hscb_voice.questionnaires.reading import all_definitions

_SEED = 2016
_LOW = -0.3  # nobody who is worried is in a better mood than this
# Questionnaire -> the share of those invited who answer.
_RATES = {
    "support-worker-child": 0.5,
    "support-worker-parent": 0.42,
    "cp-conference-parent-initial": 0.36,
    "cp-conference-parent-review": 0.33,
    "cp-conference-child": 0.25,
    "cidva-child-5-8": 0.62,
    "cidva-child-9-18": 0.58,
    "cidva-parent": 0.4,
    "cidva-professional": 0.45,
    "my-story": 0.07,
    "event": 0.7,
}
_RATE_WHERE_SELDOM_HEARD = 0.1


def invented_records() -> Iterator[dict[str, Any]]:
    """Invent the responses of the eight quarters from April 2016 to March 2018.

    Yields:
        Records as `import` takes them, by date; the same ones every time.
    """
    for number, (who, answers) in enumerate(_answered_forms(), start=1):
        setting = {
            "service": who.service,
            "team": TEAMS[who.locality],
            "locality": who.locality,
            "point": who.point,
            "channel": who.channel,
        }
        record: dict[str, Any] = {
            "id": f"invented-{number:04}",
            "questionnaire": who.definition.slug,
            "respondent": who.respondent,
            "date": who.day.isoformat(),
            "variant": who.variant,
            "invented": True,
            "setting": {name: value for name, value in setting.items() if value},
            "answers": answers,
        }
        yield {name: value for name, value in record.items() if value is not None}


def invented_invitations() -> list[InvitedNote]:
    """Invent how many were invited, for each questionnaire, service and quarter.

    Returns:
        Notes marked as invented; always more invited than answered.
    """
    chance = random.Random(_SEED)  # noqa: S311 - invents, and keeps no secret
    answered = Counter((who.definition.slug, who.service, who.quarter) for who, _ in _answered_forms())
    notes = []
    for slug in (*USUAL, "event"):
        for service in services_of(slug):
            for quarter in range(QUARTERS):
                count = answered[slug, service, quarter]
                if slug == "event" and not count:
                    continue  # nothing was on
                rate = min(_RATES[slug], _RATE_WHERE_SELDOM_HEARD if service == SELDOM_HEARD else 1.0)
                invited = max(count + 1, round(max(count, 1) / rate * chance.uniform(0.85, 1.15)))
                notes.append(InvitedNote(slug, service, quarter_span(quarter), invited, invented=True))
    return notes


def _answered_forms() -> list[tuple[Answerer, dict[str, Any]]]:
    chance = random.Random(_SEED)  # noqa: S311 - invents, and keeps no secret
    people = list(cast(chance, {definition.slug: definition for definition in all_definitions()}))
    comments = all_comments()
    deck = Deck(chance, [c for c in comments if c.strand is not Strand.CONCERN])
    for comment in comments:
        if comment.strand is Strand.CONCERN:
            _give(chance, deck, people, comment)
    # Dealt in no order of time, so that fresh words do not all come in the first year.
    chance.shuffle(people)
    writer = Writer(chance, deck)
    forms = [(who, dict(writer.answers(who))) for who in people]
    return sorted(forms, key=lambda form: (form[0].day, form[0].definition.slug))


def _give(chance: random.Random, deck: Deck, people: list[Answerer], comment: Comment) -> None:
    """Put a mild worry into the mouth of somebody whom it fits."""
    fitting = [
        who
        for who in people
        if who.concern is None
        and who.definition.slug in comment.questionnaires
        and comment.voice in voices_of(who, deck, comment.question)
        and any(question.key == comment.question for question in who.definition.asked_of(who.variant))
    ]
    who = chance.choice(fitting)
    who.concern = (comment.question, comment.text)
    who.mood = min(who.mood, _LOW)
