"""Reads what a page or a tablet sent, and has WTForms judge it. The form of each version and age is made once.

Fields that the form does not know are passed over when a page sends them: browsers' add-ons put their own there, and
a child's words must not be refused for it. A tablet's message is written by our own program, so there an unknown
question is a fault that must be heard, and is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from hscb_voice.collect.errors import AnswersNeedMendingError, StrangeSendingError
from hscb_voice.collect.ways import Memory, Way, Ways
from hscb_voice.foundation.ids import is_id
from hscb_voice.invitations.service import WORKER
from hscb_voice.questionnaires.definition import Question
from hscb_voice.questionnaires.errors import Reason
from hscb_voice.questionnaires.fields import AnswersForm, fields_for
from hscb_voice.questionnaires.kinds import Answers
from hscb_voice.questionnaires.queries import PublishedVersion
from hscb_voice.web.languages import DEFAULT_LANGUAGE, LANGUAGES

ENVELOPE = ("sitting", "version", "variant", "language")
_LONGEST_NUMBER = 9
_MOST_FORMS = 200


@dataclass(frozen=True)
class Envelope:
    """What stands around the answers."""

    sitting: str
    version: PublishedVersion
    variant: str | None
    language: str
    point: str = ""  # in the work; some points have a shorter form
    is_recorded: bool = False  # by a worker, for somebody who says it aloud


def for_somebody_else(question: Question) -> Question:
    """Take away the answer that cannot be true of what a worker records: that somebody did it by themselves.

    Args:
        question: any one of the form.

    Returns:
        The question as it is asked when a worker writes down what somebody says.
    """
    if question.key != "answered":
        return question
    options = tuple(option for option in question.options if option.key != "by_myself")
    return question.model_copy(update={"options": options})


class FormBook:
    """Every form that is in use, made once and empty for ever; each sitting fills in one of its own."""

    def __init__(self, ways: Ways) -> None:
        """Remember where versions are found."""
        self._ways = ways
        self._forms: Memory[tuple[str, str | None, str, bool], AnswersForm] = Memory(_MOST_FORMS)

    def open(self, way: Way, sent: Mapping[str, object]) -> Envelope:
        """Read what stands around the answers.

        Args:
            way: where the code of the address leads.
            sent: the form's fields, or the message's parts.

        Returns:
            The envelope, checked.

        Raises:
            StrangeSendingError: it does not belong to this questionnaire.
            DatabaseUnreachableError: an older version is needed and the database is down.
        """
        sitting, variant, language = sent.get("sitting"), sent.get("variant") or None, sent.get("language")
        number = _number(sent.get("version"))
        version = None if number is None else self._ways.version_sent(way, number)
        if version is None or not isinstance(sitting, str) or not is_id(sitting):
            message = "This sending belongs to another form."
            raise StrangeSendingError(message)
        if variant is not None and variant not in [one.key for one in version.definition.variants]:
            message = "This form has no such age."
            raise StrangeSendingError(message)
        if not isinstance(language, str) or language not in LANGUAGES:
            language = DEFAULT_LANGUAGE
        setting = way.invitation.setting
        is_recorded = setting.channel == WORKER
        return Envelope(sitting, version, str(variant) if variant else None, language, setting.point, is_recorded)

    def belongs(self, way: Way, sent: Mapping[str, object]) -> bool:
        """Tell whether what was sent answers the questionnaire to which a code leads.

        Args:
            way: where the code leads.
            sent: the form's fields.

        Raises:
            DatabaseUnreachableError: an older version is needed and the database is down.
        """
        number = _number(sent.get("version"))
        return number is not None and self._ways.version_sent(way, number) is not None

    def read_page(self, envelope: Envelope, sent: MultiDict[str, str]) -> Answers:
        """Read the answers of a page.

        Args:
            envelope: what stood around them.
            sent: the form's fields.

        Returns:
            The answers in the form in which they are kept.

        Raises:
            AnswersNeedMendingError: some of them cannot be kept.
        """
        form = self._form(envelope)
        form.process(sent)
        return _judged(form)

    def read_message(self, envelope: Envelope, answers: Mapping[str, object]) -> Answers:
        """Read the answers of a tablet's message.

        Args:
            envelope: what stood around them.
            answers: question key -> answer in the form in which it is kept.

        Returns:
            The answers, checked.

        Raises:
            AnswersNeedMendingError: some of them cannot be kept, or a question is unknown.
        """
        form = self._form(envelope)
        strangers = [key for key in answers if key not in form]
        if strangers:
            raise AnswersNeedMendingError(
                {_sayable(key): [Reason("This form has no such question.")] for key in strangers}
            )
        form.process(None, data=dict(answers))
        return _judged(form)

    def _form(self, envelope: Envelope) -> AnswersForm:
        definition = envelope.version.definition
        key = (envelope.version.content_hash, envelope.variant, envelope.point, envelope.is_recorded)
        known = self._forms.last(key)
        if known is None:
            asked = definition.asked_of(envelope.variant, envelope.point)
            if envelope.is_recorded:
                asked = tuple(map(for_somebody_else, asked))
            known = self._forms.put(key, AnswersForm(fields_for(asked)))
        return known.for_a_sitting()


def _judged(form: AnswersForm) -> Answers:
    if not form.validate():
        raise AnswersNeedMendingError(form.reasons)
    return form.kept()


def _number(raw: object) -> int | None:
    """Read a version's id; anything else, however long, is none."""
    text = str(raw) if isinstance(raw, (str, int)) and not isinstance(raw, bool) else ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER else None


def _sayable(text: object) -> str:
    """Make a text fit to be sent back: half a character, which JSON can carry, could not be written out."""
    return str(text).encode("utf-8", "replace").decode("utf-8")
