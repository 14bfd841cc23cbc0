"""Opens one comment for a reader, with all that helps to understand it, and notes in the record who read it and why.

The only way in which the reading room comes to words. No other words than the ones shown are unsealed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from hscb_voice.audit.service import note
from hscb_voice.codebooks.current import theme_titles_now
from hscb_voice.codebooks.queries import theme_titles
from hscb_voice.foundation.platform import Platform
from hscb_voice.language.chosen import ChosenReading
from hscb_voice.questionnaires.definition import Definition
from hscb_voice.questionnaires.queries import version_by_id
from hscb_voice.reading_room.acts import Reader
from hscb_voice.reading_room.errors import UnknownItemError
from hscb_voice.reading_room.queries import Item
from hscb_voice.reading_room.seeing import OPENED_TO_READ
from hscb_voice.reading_room.unread import by_faces_and_ticks
from hscb_voice.responses.queries import EVERY_TEAM, CommentText, ResponseSummary, response_by_id
from hscb_voice.responses.service import parted
from hscb_voice.responses.showing import ShownAnswer, as_asked
from hscb_voice.responses.words import comment_by_id, second_answers_of
from hscb_voice.safeguarding.queries import ConcernSummary, concerns_of
from hscb_voice.safeguarding.wording import CLOSED, reason_lines
from hscb_voice.themes.marking import Stretch, covers, stretches, with_masks
from hscb_voice.themes.queries import (
    CommentCoding,
    QuoteStanding,
    coding_of,
    machine_coding_of,
    mask_text,
    quote_standing,
)
from hscb_voice.themes.quoting import cleared_masks, quote_masks
from hscb_voice.themes.seen import codes_print, quote_print
from hscb_voice.themes.service import CONCERN, POLARITY, REDACTION, UNREAD, Deciding, Mask

_TITLES = {POLARITY: "How it reads", REDACTION: "Hidden in quotes", CONCERN: "Concern"}


@dataclass(frozen=True)
class OpenedItem:
    """One comment, or second answer, as a reader sees it."""

    item: Item
    response: ResponseSummary
    title: str  # of the questionnaire
    question: str  # as it was asked; empty for a second answer
    text: str  # empty for a second answer
    second: tuple[ShownAnswer, ...]  # what a second answer says, question by question
    pieces: tuple[Stretch, ...]  # the text, with what each piece decided
    chosen: tuple[ShownAnswer, ...]  # faces and ticks of the same form
    coding: CommentCoding | None  # in force
    machine: CommentCoding | None
    masks: tuple[Mask, ...]
    masked: str  # as the Board would see it if it were approved now
    cleared: str  # as it was approved; empty where no approval stands
    concerns: tuple[str, ...]  # why concerns that are not closed were raised, in plain words
    standing: QuoteStanding | None
    hides_more: bool = False  # more would be hidden now than when it was approved
    seen_quote: str = ""  # prints of what is shown, so that nobody approves or confirms anything else
    seen_codes: str = ""
    unread: ChosenReading | None = None  # what faces and ticks say, where no machine can read the words

    @property
    def hinted(self) -> list[tuple[str, str]]:
        """Return the themes that faces and ticks are about by name, and how each was spoken of."""
        names = theme_names()
        return [(names.get(one.id, one.id), one.polarity) for one in (self.unread.themes if self.unread else ())]

    @property
    def themes(self) -> list[tuple[str, str]]:
        """Return the themes in force by name, and how each is spoken of."""
        names = theme_names()
        return [(names.get(one.theme, one.theme), one.polarity) for one in (self.coding.themes if self.coding else ())]


def open_item(connection: Connection, platform: Platform, item: Item, reader: Reader) -> OpenedItem:
    """Open what is to be read, and note it.

    Args:
        connection: a writing connection, because the record is written in the same transaction.
        platform: whose keys.
        item: found through the reader's teams.
        reader: who, and why.

    Returns:
        Everything that the page shows.

    Raises:
        UnknownItemError: the second answer has gone meanwhile.
        ErasedError: the words have been erased meanwhile.
        KeyMissingError: the key that sealed the words is not here.
    """
    response = response_by_id(connection, EVERY_TEAM, item.response_id)
    definition = version_by_id(connection, response.version_id).definition
    concerns = [one for one in concerns_of(connection, EVERY_TEAM, item.response_id) if one.state != CLOSED]
    if item.is_second:
        opened = _second(connection, platform, item, response, definition, concerns)
    else:
        opened = _comment(connection, platform, item, response, definition, concerns)
    _note(connection, item, reader, OPENED_TO_READ)
    return opened


def open_words(connection: Connection, platform: Platform, item: Item, reader: Reader, act: str) -> CommentText:
    """Open the words of a comment alone, without any code, and note it.

    Args:
        connection: a writing connection.
        platform: whose keys.
        item: found through the reader's teams.
        reader: who, and why.
        act: as it stands in the record.

    Returns:
        The comment.

    Raises:
        UnknownItemError: it is a second answer, not a comment.
        ErasedError: the words have been erased meanwhile.
        KeyMissingError: the key that sealed the words is not here.
    """
    if item.comment_id is None:
        message = "There is no such comment."
        raise UnknownItemError(message)
    text = comment_by_id(connection, platform.keys, item.comment_id)
    _note(connection, item, reader, act)
    return text


def question_of(connection: Connection, response: ResponseSummary, key: str) -> str:
    """Return a question as this response was asked it."""
    return _question(version_by_id(connection, response.version_id).definition, response, key)


def theme_names() -> dict[str, str]:
    """Return the names of all themes by id, for a page; those that are gone say so."""
    return theme_titles_now()


def _comment(
    connection: Connection,
    platform: Platform,
    item: Item,
    response: ResponseSummary,
    definition: Definition,
    concerns: Sequence[ConcernSummary],
) -> OpenedItem:
    text = comment_by_id(connection, platform.keys, item.id)
    machine, masks = machine_coding_of(connection, item.id), quote_masks(connection, item.id)
    coding, cleared = coding_of(connection, item.id), cleared_masks(connection, item.id)
    evidence, by_machine = (machine.evidence, machine.redactions) if machine else ((), ())
    deciding = [*with_masks(evidence, by_machine, masks), *_of_concerns(item, concerns)]
    is_unread = machine is not None and machine.polarity == UNREAD
    return OpenedItem(
        item=item,
        response=response,
        title=definition.short_title,
        question=_question(definition, response, text.question),
        text=text.text,
        second=(),
        pieces=tuple(stretches(text.text, deciding, theme_titles(connection) | _TITLES)),
        chosen=_chosen(definition, response),
        coding=coding,
        machine=machine,
        masks=masks,
        masked=mask_text(text.text, masks),
        cleared="" if cleared is None else mask_text(text.text, cleared),
        hides_more=cleared is not None and not covers(cleared, masks),
        seen_quote=quote_print(connection, item.id),
        seen_codes=codes_print(coding),
        concerns=_reasons(concerns),
        standing=quote_standing(connection, item.id),
        unread=by_faces_and_ticks(definition, response) if is_unread else None,
    )


def _second(
    connection: Connection,
    platform: Platform,
    item: Item,
    response: ResponseSummary,
    definition: Definition,
    concerns: Sequence[ConcernSummary],
) -> OpenedItem:
    found = [one for one in second_answers_of(connection, platform.keys, item.response_id) if one.id == item.id]
    if not found:
        message = "This answer has been erased."
        raise UnknownItemError(message)
    ticks, words = parted(definition, found[0].answers)
    comments = [CommentText(item.id, item.response_id, question, line, text) for question, line, text in words]
    shown = as_asked(
        definition, response.variant, ticks, {c.question for c in comments}, comments, point=response.point
    )
    return OpenedItem(
        item=item,
        response=response,
        title=definition.short_title,
        question="",
        text="",
        second=tuple(one for one in shown if one.is_answered),
        pieces=(),
        chosen=(),
        coding=None,
        machine=None,
        masks=(),
        masked="",
        cleared="",
        concerns=_reasons(concerns),
        standing=None,
    )


def _of_concerns(item: Item, concerns: Sequence[ConcernSummary]) -> list[Deciding]:
    return [
        Deciding(place.start, place.end, place.rule, CONCERN)
        for concern in concerns
        for place in concern.places
        if place.source == item.id and place.start is not None and place.end is not None
    ]


def _reasons(concerns: Sequence[ConcernSummary]) -> tuple[str, ...]:
    lines = [line for concern in concerns for line in reason_lines(concern.kind, concern.reasons)]
    return tuple(dict.fromkeys(lines))


def _chosen(definition: Definition, response: ResponseSummary) -> tuple[ShownAnswer, ...]:
    shown = as_asked(definition, response.variant, response.answers, (), point=response.point)
    return tuple(one for one in shown if one.is_answered and not one.takes_words)


def _question(definition: Definition, response: ResponseSummary, key: str) -> str:
    asked = {question.key: question for question in definition.asked_of(response.variant, response.point)}
    question = asked.get(key) or definition.question(key)
    return question.text if question else key


def _note(connection: Connection, item: Item, reader: Reader, act: str) -> None:
    subject = f"{'second answer' if item.is_second else 'comment'} {item.id}"
    note(connection, reader.person, act, subject, now=reader.clock.now(), reason=reader.reason)
