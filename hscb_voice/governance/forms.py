"""Forms of keeping and erasing: find, hold, erase, change a period, release."""

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxInput,
    GovDateInput,
    GovRadioInput,
    GovSelect,
    GovSubmitInput,
    GovTextArea,
    GovTextInput,
)
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField, SubmitField
from wtforms import TextAreaField as Area
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the published stubs
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from hscb_voice.governance.access import MAY_BE_TOLD
from hscb_voice.governance.erasing import KEEP, REMOVE, WHYS
from hscb_voice.governance.holding import LONGEST_REASON
from hscb_voice.governance.retention import FEWEST_MONTHS, MOST_MONTHS
from hscb_voice.staff.forms import DayField

_SHORT = Length(max=LONGEST_REASON, message=f"The reason must be {LONGEST_REASON} characters or fewer")


def _choices(labels: dict[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in labels.items()]


class FindForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """What somebody holds: three words, or an id."""

    typed = StringField(
        "The three words of the receipt, or the id of the response",
        validators=[DataRequired("Type the three words, or the id"), Length(max=80, message="That is too long")],
        widget=GovTextInput(),
    )
    find = SubmitField("Find the answer", widget=GovSubmitInput())


class HoldForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """Why an answer must stay as it is, and until when."""

    reason = Area(
        "Why must it stay?",
        description="Such as a complaint or a court case. Write no name and nothing that was answered.",
        validators=[DataRequired("Write why it must stay"), _SHORT],
        widget=GovTextArea(),
    )
    until = DayField(
        "Until which day?",
        description="For example 31 3 2027",
        format="%d %m %Y",
        validators=[InputRequired("Enter the last day of the hold, such as 31 3 2027")],
        widget=GovDateInput(),
    )
    hold = SubmitField("Hold this answer", widget=GovSubmitInput())


class EraseForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """By what right an answer goes, and that this is meant."""

    why = RadioField(
        "By what right?",
        choices=_choices(WHYS),
        validators=[InputRequired("Choose by what right it is erased")],
        widget=GovRadioInput(),
    )
    sure = BooleanField(
        "I know that this cannot be undone",
        validators=[InputRequired("Tick that you know that this cannot be undone")],
        widget=GovCheckboxInput(),
    )
    erase = SubmitField("Erase this answer", widget=GovSubmitInput())


class EraseWithRecordForm(EraseForm):
    """The same where there was a concern, whose record may have to be kept."""

    record = RadioField(
        "What becomes of the record of the concern?",
        description="A record of what was done to keep a child safe may have to be kept by law. If in doubt, keep it.",
        choices=_choices(
            {KEEP: "Keep what was done about it, without the answer", REMOVE: "Remove it with the answer"}
        ),
        validators=[InputRequired("Say what becomes of the record of the concern")],
        widget=GovRadioInput(),
    )


class PeriodForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """How long the words of one questionnaire are kept."""

    slug = SelectField("Questionnaire", validators=[InputRequired("Choose a questionnaire")], widget=GovSelect())
    months = IntegerField(
        "Months for which its words are kept",
        description="Shorter than before takes words away with the next daily look. What is gone cannot come back.",
        validators=[
            InputRequired("Enter the months as a whole number"),
            NumberRange(FEWEST_MONTHS, MOST_MONTHS, f"Enter {FEWEST_MONTHS} to {MOST_MONTHS} months"),
        ],
        widget=GovTextInput(),
    )
    change = SubmitField("Change the period", widget=GovSubmitInput())


class ReleaseForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """What may be told of concerns."""

    concerns = RadioField(
        "What may the copy tell of concerns?",
        description="Whoever asks may be the person it speaks of, or may stand beside the child who reads it.",
        choices=_choices(MAY_BE_TOLD),
        validators=[InputRequired("Choose what may be told")],
        widget=GovRadioInput(),
    )
    release = SubmitField("Release the copy", widget=GovSubmitInput())


class RefuseForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """Why a copy is not handed out."""

    reason = Area(
        "Why is it refused?",
        description="The data-protection officer reads this. Write nothing that was answered.",
        validators=[DataRequired("Write why it is refused"), _SHORT],
        widget=GovTextArea(),
    )
    refuse = SubmitField("Refuse the copy", widget=GovSubmitInput())
