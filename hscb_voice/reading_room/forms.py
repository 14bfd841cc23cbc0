"""Forms of the reading room. The codes themselves are the theme pages' own form."""

from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the published stubs
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from hscb_voice.language.codebook import Codebook
from hscb_voice.reading_room.blind import LARGEST_SAMPLE
from hscb_voice.safeguarding.service import LONGEST_NOTE
from hscb_voice.themes.service import THEME_POLARITIES

READING_REASONS = {
    "read": "So that a person has read every comment",
    "theme": "To check themes and quotes",
    "concern": "To look into a concern",
}
# Never free text: it would stand in the record, and could repeat the name that was hidden.
SHOWING_REASONS = {
    "ordinary_word": "It is an ordinary word, not a name",
    "role": "It says what somebody is, not who",
    "well_known": "It is known to everybody and tells on nobody",
}
_HOW = {"positive": "Good", "negative": "Bad", "mixed": "Both good and bad", "neutral": "Neither", "wish": "A wish"}


def _tidy(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").replace("\x00", "").strip()


class BeginForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """Why somebody reads, asked once for all that they read now."""

    reason = RadioField(
        "Why are you reading?",
        choices=[SelectChoice(value, label) for value, label in READING_REASONS.items()],
        validators=[InputRequired("Say why you are reading")],
    )


class ThemeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """One more theme, and how it is spoken of."""

    theme = SelectField("Theme", validators=[InputRequired("Choose a theme")])
    how = SelectField("How it is spoken of", choices=[SelectChoice(p, _HOW[p]) for p in THEME_POLARITIES])


class ConcernForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """Why a reader is worried; kept sealed like a child's own words."""

    text = TextAreaField(
        "What worries you?",
        filters=[_tidy],
        validators=[
            DataRequired("Write what worries you"),
            Length(max=LONGEST_NOTE, message=f"It must be {LONGEST_NOTE:,} characters or fewer"),
        ],
    )


class HideForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """The words that are hidden in quotes, and why some are shown that were hidden."""

    word = SelectMultipleField("Words to hide", coerce=int, validate_choice=False)
    why = RadioField(
        "Why may a hidden word be shown?",
        choices=[SelectChoice(value, label) for value, label in SHOWING_REASONS.items()],
        validate_choice=False,
    )


class MeetingForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """The day on which the Board meets."""

    day = IntegerField("Day")
    month = IntegerField("Month")
    year = IntegerField("Year")

    def date(self) -> date | None:
        """Return the day, or None when there is no such day."""
        try:
            return date(self.year.data or 0, self.month.data or 0, self.day.data or 0)
        except (ValueError, OverflowError):
            return None


class SampleForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """Which sample to draw."""

    period = SelectField("When the comments were said", validators=[InputRequired("Choose a period")])
    size = IntegerField(
        "How many comments",
        default=50,
        validators=[InputRequired("Say how many"), NumberRange(1, LARGEST_SAMPLE, f"Between 1 and {LARGEST_SAMPLE:,}")],
    )
    seed = StringField(
        "Seed",
        filters=[_tidy],
        validators=[DataRequired("Write a seed"), Length(max=40, message="40 letters or fewer")],
    )


class TwoForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """The services whose quotes two people must approve."""

    service = SelectMultipleField("Two people must approve the quotes of", validate_choice=True)


def theme_form(codebook: Codebook, **more: Any) -> ThemeForm:  # noqa: ANN401 - whatever the form library takes
    """Return the form that adds a theme, with the codebook's themes to choose from."""
    form = ThemeForm(**more)
    form.theme.choices = [SelectChoice("", "Choose a theme"), *(SelectChoice(t.id, t.name) for t in codebook.themes)]
    return form
