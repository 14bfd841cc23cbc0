"""Forms of series: begin one, put a form off."""

from datetime import date

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovSelect, GovSubmitInput, GovTextInput
from wtforms import BooleanField, IntegerField, SelectField, SubmitField
from wtforms.validators import NumberRange, Optional

from hscb_voice.invitations.forms import Day, PlaceForm, choices_of
from hscb_voice.series.planning import MOST_SESSIONS
from hscb_voice.series.service import NewSeries

_GAPS = {"7": "Every week", "14": "Every two weeks", "28": "Every four weeks"}
_FEWEST_SESSIONS = 2


class SeriesForm(PlaceForm):
    """A new series; the point and the day of each form come from the plan."""

    start = Day("Day of the first session, or of the event")
    sessions = IntegerField(
        "How many sessions do you plan?",
        description="You can change the days later. More or fewer do no harm.",
        default=8,
        validators=[
            Optional(),
            NumberRange(_FEWEST_SESSIONS, MOST_SESSIONS, f"Enter a number from {_FEWEST_SESSIONS} to {MOST_SESSIONS}"),
        ],
        widget=GovTextInput(),
    )
    gap = SelectField("How often?", choices=choices_of(_GAPS), default="7", widget=GovSelect())
    begin = SubmitField("Plan the forms", widget=GovSubmitInput())

    def first_day(self) -> date | None:
        """Return the first day; where none was given, say so beside the field."""
        if self.start.data is None and not self.start.errors:
            self.start.errors = ["Enter the day of the first session, such as 3 12 2026"]
        return self.start.data

    def wanted(self, slug: str) -> NewSeries:
        """Return what was filled in."""
        return NewSeries(slug, self.setting("link"), self.variant.data or None, self.language.data or None)


class PutOffForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """Another day for a form."""

    day = Day("New day")
    later_too = BooleanField("Move the forms after it by as many days", default=True, widget=GovCheckboxInput())
    move = SubmitField("Put it off", widget=GovSubmitInput())

    def new_day(self) -> date | None:
        """Return the new day; where none was given, say so beside the field."""
        if self.day.data is None and not self.day.errors:
            self.day.errors = ["Enter the new day, such as 3 12 2026"]
        return self.day.data
