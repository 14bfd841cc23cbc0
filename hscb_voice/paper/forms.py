"""Forms of typing: what all papers of a pile share, and buttons."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxInput,
    GovSelect,
    GovSubmitInput,
    GovTextInput,
)
from wtforms import BooleanField, Field, SelectField, StringField, SubmitField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the published stubs
from wtforms.validators import InputRequired, Length, ValidationError

from hscb_voice.paper.dates import day_of, month_of

# Such as 7, 12a or N-104: what somebody writes on the papers of a pile. No name and no birth date fits.
NUMBER = re.compile(r"(?:[A-Za-z]{1,2}[ /-]?)?[0-9]{1,5}[A-Za-z]?")
_LONGEST = 80
POINTS = {"": "Not known", "first": "First", "during": "After a session", "final": "Last", "later": "Some months later"}


def tidy(text: str | None) -> str:
    """Return what was typed in one line, without blanks around it."""
    return " ".join((text or "").split())


def month_so_far(form: Any, field: Field) -> None:  # noqa: ANN401 - any form that knows today
    """Refuse what is no month, or a month to come; a validator of WTForms."""
    found = month_of(str(field.data))
    if found is None:
        message = "Type a month such as November 2026"
        raise ValidationError(message)
    if found > form.today:
        message = "This month is still to come"
        raise ValidationError(message)


class PileForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """What all papers of a pile share."""

    code = StringField(
        "Form code",
        description="It stands at the foot of every page of the paper, such as 12A-EN.",
        filters=[tidy],
        validators=[InputRequired("Type the form code"), Length(max=30, message="A form code is shorter than that")],
        widget=GovTextInput(),
    )
    team = SelectField("Team", validators=[InputRequired("Choose the team")], widget=GovSelect())
    service = StringField(
        "Service (if you know it)", filters=[tidy], validators=[Length(max=_LONGEST)], widget=GovTextInput()
    )
    locality = StringField(
        "Part of the county (if you know it)", filters=[tidy], validators=[Length(max=_LONGEST)], widget=GovTextInput()
    )
    month = StringField(
        "Month in which the forms were filled in",
        description="Such as November 2026.",
        filters=[tidy],
        validators=[InputRequired("Say in which month the forms were filled in"), month_so_far],
        widget=GovTextInput(),
    )
    session_date = StringField(
        "Day of the session or meeting (if all forms are from one)",
        description="Such as 22 November 2026.",
        filters=[tidy],
        widget=GovTextInput(),
    )
    point = SelectField(
        "Point in the work",
        choices=[SelectChoice(value, label) for value, label in POINTS.items()],
        widget=GovSelect(),
    )
    moves_on = BooleanField(
        "Go to the next question by itself after a single answer",
        description="Saves pressing Enter, once you know the form well.",
        widget=GovCheckboxInput(),
    )
    save = SubmitField("Begin to type", widget=GovSubmitInput())

    def with_teams(self, teams: Sequence[str]) -> "PileForm":
        """Offer a person's teams."""
        self.team.choices = [SelectChoice(team, team) for team in teams]
        return self

    def validate_session_date(self, field: Field) -> None:
        """Refuse what is no day, or a day to come."""
        if not field.data:
            return
        found = day_of(str(field.data))
        if found is None:
            message = "Type a day such as 22 November 2026"
            raise ValidationError(message)
        if found > self.today:
            message = "This day is still to come"
            raise ValidationError(message)

    today: date = date.max


class ActForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """A button without fields."""
