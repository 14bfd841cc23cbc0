"""The form that makes an API token."""

from datetime import date

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovDateInput, GovSubmitInput, GovTextInput
from wtforms import SelectMultipleField, StringField, SubmitField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the published stubs
from wtforms.validators import InputRequired, Length

from hscb_voice.api.tokens import LONGEST_NAME, Scope
from hscb_voice.staff.forms import DayField

_LABELS = {
    Scope.FIGURES: "Questionnaires, periods, figures and themes, as the Board sees them",
    Scope.PACKS: "Issued meeting packs and their files",
    Scope.ACTIONS: "“You said, we did”, as published",
}


class TokenForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """What a token is for, what it may read, and until when."""

    name = StringField(
        "What is it for?",
        description="Such as: the council's performance dashboard",
        validators=[
            InputRequired("Say what it is for"),
            Length(max=LONGEST_NAME, message=f"It must be {LONGEST_NAME} characters or fewer"),
        ],
        widget=GovTextInput(),
    )
    scopes = SelectMultipleField(
        "What may it read?",
        choices=[SelectChoice(scope.value, label) for scope, label in _LABELS.items()],
        validators=[InputRequired("Choose what it may read")],
        widget=GovCheckboxesInput(),
    )
    expires_on = DayField(
        "Until when?",
        description="Its last day, within a year from today. For example 31 3 2027",
        format="%d %m %Y",
        validators=[InputRequired("Enter its last day")],
        widget=GovDateInput(),
    )
    save = SubmitField("Make this token", widget=GovSubmitInput())

    def last_day(self) -> date:
        """Return its last day; the form has been checked."""
        assert self.expires_on.data is not None  # noqa: S101 - the field must be filled in
        return self.expires_on.data

    def chosen(self) -> list[Scope]:
        """Return what was ticked."""
        return [Scope(value) for value in self.scopes.data or []]
