"""The form of an upload: the file, and what counts for all of it."""

from collections.abc import Sequence
from datetime import date

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from govuk_frontend_wtf.wtforms_widgets import GovFileInput, GovSelect, GovSubmitInput, GovTextInput
from wtforms import SelectField, StringField, SubmitField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the published stubs
from wtforms.validators import InputRequired, Length

from hscb_voice.paper.forms import month_so_far, tidy

_LONGEST = 80


class UploadForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """A spreadsheet."""

    form = SelectField("Questionnaire", validators=[InputRequired("Choose the questionnaire")], widget=GovSelect())
    team = SelectField("Team", validators=[InputRequired("Choose the team")], widget=GovSelect())
    service = StringField(
        "Service (where a row does not say)", filters=[tidy], validators=[Length(max=_LONGEST)], widget=GovTextInput()
    )
    month = StringField(
        "Month (where a row does not say)",
        description="Such as November 2026.",
        filters=[tidy],
        validators=[InputRequired("Say in which month the answers were given"), month_so_far],
        widget=GovTextInput(),
    )
    file = FileField(
        "Spreadsheet",
        description="Excel workbook (.xlsx) or CSV, at most 5 MB and 2,000 rows.",
        validators=[FileRequired("Choose a file")],
        widget=GovFileInput(),
    )
    save = SubmitField("Look at it", widget=GovSubmitInput())
    today: date = date.max

    def offering(self, forms: Sequence[tuple[str, str]], teams: Sequence[str]) -> "UploadForm":
        """Offer the forms, by code and title, and a person's teams."""
        self.form.choices = [SelectChoice(code, title) for code, title in forms]
        self.team.choices = [SelectChoice(team, team) for team in teams]
        return self
