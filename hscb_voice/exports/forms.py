"""The form that asks for responses as a file."""

from collections.abc import Mapping, Sequence

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovRadioInput, GovSelect, GovSubmitInput, GovTextArea
from wtforms import BooleanField, Field, RadioField, SelectField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the published stubs
from wtforms.validators import InputRequired, Length, ValidationError

from hscb_voice.exports.files import KINDS
from hscb_voice.exports.reading import MASKED, WHOLE
from hscb_voice.exports.service import LONGEST_REASON, Asked

NO_WORDS = "none"
_WORDS = {
    NO_WORDS: "No: ticks and faces only",
    MASKED: "Yes, with names and places hidden",
    WHOLE: "Yes, as they were written",
}


class ExportForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """Which responses, as what, with or without words, and what for."""

    questionnaire = SelectField("Which questionnaire?", choices=[], widget=GovSelect())
    period = SelectField("Which period?", choices=[], widget=GovSelect())
    kind = RadioField(
        "As what?",
        choices=[SelectChoice(kind, label) for kind, (label, _) in KINDS.items()],
        default="csv",
        validators=[InputRequired("Choose a kind of file")],
        widget=GovRadioInput(),
    )
    words = RadioField(
        "With what people wrote?",
        choices=[SelectChoice(value, label) for value, label in _WORDS.items()],
        default=NO_WORDS,
        validators=[InputRequired("Choose whether words go with it")],
        widget=GovRadioInput(),
    )
    sure = BooleanField(
        "I need the words themselves, and will keep them as safe as they are here", widget=GovCheckboxInput()
    )
    reason = TextAreaField(
        "What is it for?",
        description="It stands in the record. Write no name.",
        validators=[
            InputRequired("Say what it is for"),
            Length(max=LONGEST_REASON, message=f"It must be {LONGEST_REASON} characters or fewer"),
        ],
        widget=GovTextArea(),
    )
    save = SubmitField("Make this file", widget=GovSubmitInput())

    def offer(self, titles: Mapping[str, str], periods: Sequence[str], *, with_words: bool) -> None:
        """Let a questionnaire and a period be chosen; and words only by those who may read them."""
        self.questionnaire.choices = [SelectChoice(slug, title) for slug, title in titles.items()]
        self.period.choices = [SelectChoice("", "All"), *(SelectChoice(name, name) for name in periods)]
        if not with_words:
            self.words.choices = [SelectChoice(NO_WORDS, _WORDS[NO_WORDS])]

    def validate_sure(self, field: Field) -> None:
        """Ask a second time when words are wanted."""
        if self.words.data != NO_WORDS and not field.data:
            message = "Tick this if the words are to go with it, or choose “No”"
            raise ValidationError(message)

    def asked(self) -> Asked:
        """Return what was filled in."""
        words = "" if self.words.data == NO_WORDS else str(self.words.data)
        reason = " ".join(str(self.reason.data or "").split())
        return Asked(str(self.questionnaire.data), str(self.period.data), str(self.kind.data), words, reason)
