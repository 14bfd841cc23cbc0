"""The form that asks for a pack."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovDateInput, GovRadioInput, GovSelect, GovSubmitInput, GovTextArea
from wtforms import RadioField, SelectField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the published stubs
from wtforms.validators import InputRequired, Length, Optional

from hscb_voice.actions.statuses import LOOKS
from hscb_voice.board.periods import Period
from hscb_voice.packs.service import LONGEST_REASON, STYLES, Order
from hscb_voice.staff.forms import DayField


class PackForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """Which pack, of which period, for which meeting."""

    style = RadioField(
        "Which pack?",
        choices=[SelectChoice(value, label) for value, label in STYLES.items()],
        default="meeting",
        validators=[InputRequired("Choose which pack")],
        widget=GovRadioInput(),
    )
    period = SelectField("Which period?", choices=[], widget=GovSelect())
    look = SelectField(
        "For which age, if it is for young people?",
        choices=[SelectChoice(value, label) for value, label in LOOKS.items() if value != "adult"],
        default="child",
        widget=GovSelect(),
    )
    meeting = DayField(
        "For which meeting?",
        description="Leave it empty if it is for none. For example 3 12 2026",
        format="%d %m %Y",
        validators=[Optional()],
        widget=GovDateInput(),
    )
    reason = TextAreaField(
        "What does it put right?",
        description="Only if it takes the place of an issued pack. Write no name.",
        validators=[Length(max=LONGEST_REASON, message=f"It must be {LONGEST_REASON} characters or fewer")],
        widget=GovTextArea(),
    )
    save = SubmitField("Issue this pack", widget=GovSubmitInput())

    def offer(self, periods: Sequence[Period]) -> None:
        """Let a period be chosen."""
        self.period.choices = [SelectChoice(period.name, period.label) for period in periods]

    def order(self, replaces: str | None) -> Order:
        """Return what was filled in."""
        look = str(self.look.data) if self.style.data == "young" else ""
        reason = " ".join(str(self.reason.data or "").split())
        return Order(str(self.style.data), str(self.period.data), self.meeting.data, look, replaces, reason)
