"""What an invented person ticks and writes: every answer follows from one mood, so that answers hang together.

Only questions that the person's own form asks are answered, and some are skipped, as on paper. It checks nothing:
the door through which answers are brought in does, for these as for any other.
"""

import math
import random
from collections.abc import Callable, Mapping, Sequence

from hscb_voice.demonstration.inventing_people import Answerer, pick
from hscb_voice.demonstration.inventing_words import Deck, Strand, Voice
from hscb_voice.questionnaires.definition import Kind, Option, Question
from hscb_voice.questionnaires.kinds import Answer, Answers, is_asked

_SKIPPED = 0.05
_STEEPNESS = 0.8  # how strongly a tick follows the mood
_UNSURE = 0.12  # the weight of "not sure" beside a good answer's 1
_MIDDLING, _WORST = 1.3, 0.6  # people are readier to say "partly" than to choose the worst answer of all
# How much more (or less) an item pleases than the whole.
_PLEASES: Mapping[str, float] = {
    "q4": -0.6, "q5": 0.1, "q6": -0.3, "q7": -0.2, "q9": 0.1, "q10": -0.35, "q11": -0.3, "q12": 0.4,
    "q13": 0.3, "q14": 0.15, "q17": -0.4, "q18": -0.1, "not_my_fault": 0.5, "better_school": -0.3,
    "safer": 0.1, "views_changed": -0.6, "saw_report": -0.5, "advocate_offered": -0.2, "attendance": -0.3,
    "worker_flexible": 0.3, "would_recommend": 0.4, "refer_again": 0.6,
}  # fmt: skip
_ROW_PLEASES: Mapping[str, float] = {"1": 0.5, "2": -0.4, "3": -0.1, "4": 0.2, "5": 0.0}
_DAYS_PLEASE: Mapping[str, float] = {
    "on_the_day": -2.2, "1_day": -1.0, "2_days": -0.1, "3_to_4_days": 0.9, "5_or_more_days": 1.3, "never": -3.0,
}  # fmt: skip
_SHARES: Mapping[str, Mapping[str, float]] = {
    "carer": {"female": 79, "male": 15, "other": 6},
    "how_met": {"in_person": 90, "phone": 5, "mix": 3, "video": 2},
    "had_say": {"there_myself": 24, "someone_for_me": 34, "wrote_or_drew": 18, "no": 16, "not_sure": 8},
    "told_by": {"social_worker": 45, "parent_or_carer": 25, "advocate": 15, "chair": 8, "someone_else": 5},
    "q1": {"a_few_times": 20, "a_few_months": 45, "longer": 28, "not_sure": 7},
    "may_quote": {"yes": 75, "no": 16, "": 9},
    "talk": {"yes": 2, "no": 78, "": 20},
    "talk_advocate": {"yes": 10, "no": 70, "": 20},
}
_SHARES_WHEN_WORRIED: Mapping[str, Mapping[str, float]] = {
    "may_quote": {"yes": 35, "no": 50, "": 15},
    "talk": {"yes": 40, "no": 30, "": 30},
}
_FACES_USUAL = {
    "really_sad": 0.3, "really_happy": 0.9, "sad": 0.6, "angry": 0.45, "confused": 0.7, "happy": 1.3, "okay": 1.0,
}  # fmt: skip
_SCARED, _SCARED_WHEN_LOW = 0.02, 0.08
_AREAS_USUAL = {
    "1": 30, "2": 18, "3": 28, "4": 6, "5": 14, "6": 20, "7": 12, "8": 8, "9": 10, "10": 12, "11": 12, "12": 18,
    "13": 5, "14": 9, "15": 5, "16": 4,
}  # fmt: skip
_BANDS = ((4, "under_5"), (9, "5_to_9"), (14, "10_to_14"), (18, "15_to_18"))
# How often somebody writes something at a question.
_WRITES: Mapping[str, float] = {
    "q2a": 0.55, "q3a": 0.5, "q5": 0.4, "q6": 0.42, "went_well": 0.3, "made_better": 0.36, "liked_best": 0.5,
    "one_thing": 0.4, "more_of": 0.35, "say_something": 0.7, "helped_most": 0.55, "story": 0.95, "how_felt": 0.55,
    "learned": 0.6, "do_differently": 0.4, "q4_own": 0.12, "anything_else": 0.12,
}  # fmt: skip
_LOW, _MIDDLE, _HIGH = -0.6, 0.3, 1.3  # moods
_YOUNG, _OLD = 9, 15  # ages at which people write otherwise
_OFTEN, _HALF, _SELDOM = 0.75, 0.5, 0.3


class Writer:
    """Answers a questionnaire in an invented person's place."""

    def __init__(self, chance: random.Random, deck: Deck) -> None:
        """Take what decides.

        Args:
            chance: decides every tick.
            deck: deals out the words.
        """
        self._chance = chance
        self._deck = deck
        choice, words = self._choice, self._words
        self._ways: Mapping[Kind, Callable[[Answerer, Question, Answers], Answer | None]] = {
            Kind.FACES_SET: self._faces,
            Kind.FACES_SCALE: choice,
            Kind.ONE_OF: choice,
            Kind.YES_NO: choice,
            Kind.DAYS_BEFORE: lambda who, _question, _before: who.report_came,
            Kind.SOME_OF: self._ticks,
            Kind.GRID: self._grid,
            Kind.SHORT_TEXT: words,
            Kind.LONG_TEXT: words,
            Kind.BLANKS: lambda who, question, before: [said] if (said := words(who, question, before)) else None,
        }

    def answers(self, who: Answerer) -> Answers:
        """Answer everything that this person's form asks, or skip it.

        Args:
            who: the person.

        Returns:
            Question key -> answer.
        """
        given: Answers = {}
        for question in who.definition.asked_of(who.variant):
            if not is_asked(question, given) or self._skips(question):
                continue
            answer = self._ways[question.kind](who, question, given)
            if answer:
                given[question.key] = answer
        return given

    def _skips(self, question: Question) -> bool:
        return not (question.required or question.takes_words) and self._chance.random() < _SKIPPED

    def _choice(self, who: Answerer, question: Question, _before: Answers) -> str:
        if question.key == "answered":
            return who.answered
        if question.key == "age_band":
            return self._age_band(who)
        worried = _SHARES_WHEN_WORRIED if who.concern else {}
        shares = worried.get(question.key) or _SHARES.get(question.key)
        # The same key may ask something else elsewhere: q1 is a length of time for a child, a judgement for a parent.
        if shares and all(key == "" or question.option(key) for key in shares):
            return pick(self._chance, shares)
        return self._judged(question.options, who.mood + self._pleases(who, question.key))

    def _pleases(self, who: Answerer, key: str) -> float:
        if who.report_came and key in {"q2", "q3"}:
            return _DAYS_PLEASE.get(who.report_came, 0.0) * (1.0 if key == "q2" else _HALF)
        if who.lost_worker and key in {"q3", "listened", "worker_reliable", "communicates"}:
            return -0.8
        return _PLEASES.get(key, 0.0)

    def _judged(self, options: Sequence[Option], mood: float) -> str:
        return pick(self._chance, {option.key: _weight(option.tone, mood) for option in options})

    def _age_band(self, who: Answerer) -> str:
        if who.age is None or self._chance.random() < _SKIPPED:
            return "not_said"
        age = who.age
        return next((band for oldest, band in _BANDS if age <= oldest), "19_to_25")

    def _faces(self, who: Answerer, question: Question, _before: Answers) -> list[str]:
        tones = {option.key: option.tone or 0 for option in question.options}
        left = {key: _FACES_USUAL[key] * math.exp(tone * who.mood) for key, tone in tones.items() if key != "scared"}
        low = who.mood < _LOW or who.concern is not None
        chosen = {"scared"} if self._chance.random() < (_SCARED_WHEN_LOW if low else _SCARED) else set[str]()
        for _ in range(self._chance.choices((1, 2, 3), weights=(55, 33, 12))[0]):
            face = pick(self._chance, left)
            chosen.add(face)
            del left[face]
        return [key for key in tones if key in chosen]

    def _ticks(self, who: Answerer, question: Question, before: Answers) -> list[str] | None:
        if question.options_from:
            offered = before.get(question.options_from)
            return self._some(list(offered), 2) if isinstance(offered, list) else None
        if not any(option.exclusive for option in question.options):
            count = self._chance.choices((1, 2, 3, 4, 5, 6), weights=(12, 24, 28, 20, 11, 5))[0]
            left = dict(_AREAS_USUAL)
            chosen = set[str]()
            for _ in range(count):
                area = pick(self._chance, left)
                chosen.add(area)
                del left[area]
            return [option.key for option in question.options if option.key in chosen]
        return self._differences(who, question)

    def _differences(self, who: Answerer, question: Question) -> list[str] | None:
        """Tick what has changed: a child who is sad ticks little, and often that nothing has."""
        nothing = [option.key for option in question.options if option.exclusive]
        if who.mood < _LOW and self._chance.random() < _OFTEN:
            return nothing
        likely = max(0.03, min(0.7, 0.2 + 0.22 * who.mood))
        chosen = [o.key for o in question.options if not o.exclusive and self._chance.random() < likely]
        if chosen:
            return chosen
        return nothing if self._chance.random() < _HALF else None

    def _some(self, offered: list[str], most: int) -> list[str]:
        chosen = self._chance.sample(offered, min(len(offered), self._chance.randint(1, most)))
        return [key for key in offered if key in chosen]

    def _grid(self, who: Answerer, question: Question, _before: Answers) -> dict[str, str] | None:
        points = {
            row.key: self._judged(question.options, 1.2 * who.mood + _ROW_PLEASES.get(row.key, 0.0))
            for row in question.rows
            if self._chance.random() >= _SKIPPED
        }
        return points or None

    def _words(self, who: Answerer, question: Question, before: Answers) -> str | None:
        if who.concern and who.concern[0] == question.key:
            return who.concern[1]
        if self._chance.random() >= _WRITES.get(question.key, 0.0) * who.wordy:
            return None
        slug = who.definition.slug
        voices = voices_of(who, self._deck, question.key)
        if before.get("carer") == "male":
            voices = (*voices, Voice.FATHER)
        return self._deck.draw(slug, question.key, voices, self._strands(who, question), who.quarter)

    def _strands(self, who: Answerer, question: Question) -> list[Strand]:
        """Say what this person would write about here, best first."""
        first: list[Strand] = []
        if who.lost_worker and self._chance.random() < _OFTEN:
            first.append(Strand.CHANGES_OF_WORKER)
        if who.wants_more and question.leaning == "wish":
            first.append(Strand.MORE_SESSIONS)
        if who.report_came in {"on_the_day", "1_day", "never"} and self._chance.random() < _HALF:
            first.append(Strand.LATE_REPORT)
        if who.report_came in {"3_to_4_days", "5_or_more_days"} and self._chance.random() < _SELDOM:
            first.append(Strand.TIMELY_REPORT)
        return first + self._strands_of_mood(who.mood, question)

    def _strands_of_mood(self, mood: float, question: Question) -> list[Strand]:
        if question.leaning == "wish":
            if mood > _HIGH and self._chance.random() < _SELDOM:
                return [Strand.POSITIVE, Strand.WISH]
            if mood < _LOW and self._chance.random() < _HALF:
                return [Strand.NEGATIVE, Strand.WISH]
            return [Strand.WISH]
        if question.leaning is None and self._chance.random() < _SELDOM * _HALF:
            return [Strand.WISH, Strand.MIXED]
        if mood > _MIDDLE:
            return [Strand.POSITIVE]
        return [Strand.NEGATIVE, Strand.MIXED] if mood < _LOW else [Strand.MIXED, Strand.NEGATIVE]


def _weight(tone: int | None, mood: float) -> float:
    if tone is None:
        return _UNSURE
    readiness = _MIDDLING if tone == 0 else _WORST if tone < -1 else 1.0
    return readiness * math.exp(tone * _STEEPNESS * mood)


def voices_of(who: Answerer, deck: Deck, question: str) -> tuple[Voice, ...]:
    """Return the ways of writing that fit a person at a question.

    Args:
        who: the person.
        deck: knows what there is.
        question: the question's key.

    Returns:
        The fitting ways, at least one.
    """
    if who.respondent == "professional" and who.variant:
        return (Voice.PROFESSIONAL,)
    if who.age is None:
        return (Voice.ANYONE,)
    if who.age <= _YOUNG and deck.has_voice(who.definition.slug, question, Voice.YOUNGER):
        return (Voice.YOUNGER,)
    return (Voice.OLDER, Voice.ANYONE) if who.age >= _OLD else (Voice.ANYONE,)
