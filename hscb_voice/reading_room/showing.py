"""The reading room's words: what its sections are called, how old something is, what an act was. Pure text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hscb_voice.foundation.clock import LOCAL_ZONE, written_date, written_day
from hscb_voice.reading_room.acts import Act
from hscb_voice.reading_room.queries import Item, Progress, Section
from hscb_voice.responses.showing import RESPONDENT_LABELS

SECTION_TITLES = {
    Section.LANGUAGE: "No machine could read these",
    Section.CONCERN: "With an open concern",
    Section.CHILD: "From children and young people",
    Section.OTHER: "From parents, carers and professionals",
}
HOW_WORDS = {
    "positive": "Good",
    "negative": "Bad",
    "mixed": "Both",
    "neutral": "Neither",
    "wish": "A wish",
    "unread": "Not read",
}
# What one comment of the section carries as a tag.
SECTION_TAGS = {
    Section.LANGUAGE: "No machine could read this",
    Section.CONCERN: "Open concern",
}
ACT_WORDS = {
    Act.READ: "marking as read",
    Act.RIGHT: "“Right”",
    Act.CODES: "your codes",
    Act.THEME: "the theme that you added",
    Act.FLIP: "the turn from good to bad or back",
    Act.HIDE: "the change of what is hidden",
    Act.QUOTE: "the approval as a quote",
    Act.WITHDRAW: "the withdrawal of the quote",
    Act.CONCERN: "the concern",
}
UNDONE = {act: f"Undone: {words}." for act, words in ACT_WORDS.items()}


@dataclass(frozen=True)
class WaitingLine:
    """One line of the list."""

    item: Item
    came: str
    age: str
    about: str  # who answered, which questionnaire, service and team


def waiting_lines(items: Sequence[Item], titles: Mapping[str, str], now: datetime) -> list[WaitingLine]:
    """Return items as the list shows them.

    Args:
        items: one page.
        titles: slug -> short title of the questionnaire.
        now: the present moment.
    """
    return [
        WaitingLine(
            item=item,
            came=came_words(item.heard_at),
            age=age_words(item.heard_at, now),
            about=about_words(item, titles.get(item.slug, item.slug)),
        )
        for item in items
    ]


def about_words(item: Item, title: str) -> str:
    """Say of whom something is: who answered, which questionnaire, which service and team."""
    return " · ".join(filter(None, (RESPONDENT_LABELS[item.respondent], title, item.service, item.team)))


def came_words(moment: datetime) -> str:
    """Return the day on which something came, as people here write it."""
    return written_day(moment)


def age_words(moment: datetime, now: datetime) -> str:
    """Say how long something has waited, in days."""
    days = (now.astimezone(LOCAL_ZONE).date() - moment.astimezone(LOCAL_ZONE).date()).days
    if days <= 0:
        return "today"
    return "since yesterday" if days == 1 else f"for {days} days"


def progress_words(progress: Progress) -> str:
    """Say how far people are, such as “12 of 40 read; 28 left before the meeting on 3 December 2026”."""
    before = f" before the meeting on {written_date(progress.meeting)}" if progress.meeting else ""
    if not progress.left:
        done = f"Everything is read{before}: {progress.read:,} of {progress.total:,}."
        return done if progress.read else "Nothing waits."
    return f"{progress.read:,} of {progress.total:,} read; {progress.left:,} left{before}."
