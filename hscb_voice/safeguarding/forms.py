"""The forms beside a concern. What is written in them is sealed like a child's own words."""

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect, GovSubmitInput, GovTextArea
from wtforms import RadioField, SelectField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the type stubs
from wtforms.validators import DataRequired, InputRequired, Length

from hscb_voice.safeguarding.service import LONGEST_NOTE
from hscb_voice.safeguarding.wording import OUTCOME_LABELS

_SHORT_ENOUGH = Length(max=LONGEST_NOTE, message=f"The note must be {LONGEST_NOTE:,} characters or fewer")


def _tidy(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").replace("\x00", "").strip()


class AcknowledgeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """A single button."""

    acknowledge = SubmitField("Acknowledge: I have read this and I will see to it", widget=GovSubmitInput())


class NoteForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """What a person notes."""

    text = TextAreaField(
        "Add a note",
        description="What you did, whom you spoke with and what was agreed. It is kept sealed.",
        filters=[_tidy],
        validators=[DataRequired("Write the note"), _SHORT_ENOUGH],
        widget=GovTextArea(),
    )
    save = SubmitField("Save the note", widget=GovSubmitInput())


class CloseForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """How it ended."""

    outcome = RadioField(
        "What was the outcome?",
        choices=[SelectChoice(value, label) for value, label in OUTCOME_LABELS.items()],
        validators=[InputRequired("Choose an outcome")],
        widget=GovRadioInput(),
    )
    text = TextAreaField(
        "Last note (if there is more to say)", filters=[_tidy], validators=[_SHORT_ENOUGH], widget=GovTextArea()
    )
    close = SubmitField("Close this concern", widget=GovSubmitInput())


class HandOverForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """To whom it goes, and why."""

    receiver = SelectField("To whom?", validators=[InputRequired("Choose a person")], widget=GovSelect())
    text = TextAreaField(
        "What they need to know",
        description="It is kept sealed and does not stand in the letter that they get.",
        filters=[_tidy],
        validators=[DataRequired("Write what they need to know"), _SHORT_ENOUGH],
        widget=GovTextArea(),
    )
    hand = SubmitField("Hand over", widget=GovSubmitInput())


class RaiseForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """Why a person who read a response is worried."""

    text = TextAreaField(
        "What worries you?",
        description="Write what the safeguarding lead needs to know. It is kept sealed.",
        filters=[_tidy],
        validators=[DataRequired("Write what worries you"), _SHORT_ENOUGH],
        widget=GovTextArea(),
    )
    save = SubmitField("Raise a concern", widget=GovSubmitInput())


class ReopenForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """Why it is opened again."""

    text = TextAreaField(
        "Why (if there is more to say)", filters=[_tidy], validators=[_SHORT_ENOUGH], widget=GovTextArea()
    )
    reopen = SubmitField("Open it again", widget=GovSubmitInput())
