"""Forms of invitations, of recording after a session, and of how many were invited.

None has a field in which a child's name could stand: services, teams and places are named, the rest is ticked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovDateInput, GovRadioInput, GovSelect, GovSubmitInput, GovTextInput
from wtforms import DateField, IntegerField, RadioField, SelectField, StringField, SubmitField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the published stubs
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from hscb_voice.invitations.making import MOST_AT_ONCE, MOST_HANDED_OUT, Wish
from hscb_voice.questionnaires.definition import Definition
from hscb_voice.responses.service import Setting, Span
from hscb_voice.responses.showing import POINT_LABELS
from hscb_voice.translations.queries import languages_offered

SINGLE, MANY = "single", "many"
_LONGEST_NAME = 80
_FOREVER = "0"
_OPEN_FOR = {"7": "One week", "28": "Four weeks", "91": "Three months", "365": "One year", _FOREVER: "Until I close it"}
_A_NUMBER = "Enter a number"


def _tidy(text: str | None) -> str:
    return " ".join((text or "").replace("\x00", "").split())


def choices_of(labels: dict[str, str]) -> list[SelectChoice]:
    """Return value -> label as WTForms takes it."""
    return [SelectChoice(value, label) for value, label in labels.items()]


class Day(DateField):
    """A day in three boxes; all of them empty say no day. A form made by hand may send fewer or more."""

    def __init__(self, label: str, **binding: Any) -> None:  # noqa: ANN401 - WTForms hands its own binding on
        """Name the day that is asked for."""
        binding.setdefault("description", "For example 31 3 2027")
        super().__init__(label, format="%d %m %Y", widget=GovDateInput(), **binding)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was sent, as three parts."""
        self.raw_data = [*valuelist, "", "", ""][:3]
        self.data = None
        if any(part.strip() for part in self.raw_data):
            try:
                self.data = datetime.strptime(" ".join(self.raw_data), "%d %m %Y").date()  # noqa: DTZ007 - a date has no zone
            except ValueError:
                message = "Enter a day such as 31 3 2027, or leave the three boxes empty"
                raise ValueError(message) from None


class PlaceForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """Which form, and whose: what is the same for every code of one person."""

    variant = SelectField("Age or form", widget=GovSelect())
    language = SelectField("Language", widget=GovSelect())
    team = SelectField("Team", description="Its workers can see the answers.", widget=GovSelect())
    service = StringField(
        "Service",
        description="Always write it in the same way, so that it is counted as one. Never the name of a family.",
        filters=[_tidy],
        validators=[
            DataRequired("Enter the service that the answers are about"),
            Length(max=_LONGEST_NAME, message=f"The service must be {_LONGEST_NAME} characters or fewer"),
        ],
        widget=GovTextInput(),
    )
    locality = StringField(
        "Part of the county (optional)",
        description="Such as Leominster. Not a street or a village with few people.",
        filters=[_tidy],
        validators=[Length(max=_LONGEST_NAME, message=f"It must be {_LONGEST_NAME} characters or fewer")],
        widget=GovTextInput(),
    )

    def offer(self, definition: Definition, teams: Iterable[str]) -> None:
        """Fill in what can be chosen.

        Args:
            definition: the questionnaire.
            teams: of the person.
        """
        page_asks = {"": "The page asks"}
        ages = {variant.key: variant.label for variant in definition.variants}
        self.variant.choices = choices_of(page_asks | ages if ages else {"": "There is one form for everybody"})
        self.language.choices = choices_of(page_asks | {one.language.code: one.label for one in languages_offered()})
        self.team.choices = choices_of({team: team for team in sorted(teams)})

    def setting(self, channel: str) -> Setting:
        """Return what was filled in."""
        return Setting(
            channel=channel,
            service=str(self.service.data),
            team=str(self.team.data),
            locality=str(self.locality.data or ""),
        )


class SettingForm(PlaceForm):
    """What is known of the setting, and nobody needs to be asked."""

    point = SelectField("Point in the work", widget=GovSelect())
    session_date = Day("Day of the session (optional)")

    def offer(self, definition: Definition, teams: Iterable[str]) -> None:
        """Fill in what can be chosen; the arguments are those of `PlaceForm.offer`."""
        super().offer(definition, teams)
        labels = {point.key: point.label for point in definition.points} or POINT_LABELS
        self.point.choices = choices_of({"": "Not said"} | labels)

    def setting(self, channel: str) -> Setting:
        """Return what was filled in."""
        place = super().setting(channel)
        return replace(place, session_date=self.session_date.data, point=str(self.point.data or ""))


class InviteForm(SettingForm):
    """One code for many people, or codes that work once."""

    shape = RadioField(
        "Who is it for?",
        choices=[
            SelectChoice(SINGLE, "One person: a code that works once"),
            SelectChoice(MANY, "Many people: one code for a poster or a link"),
        ],
        validators=[InputRequired("Choose whether it is for one person or for many")],
        widget=GovRadioInput(),
    )
    copies = IntegerField(
        "How many single codes?",
        description=f"Up to {MOST_AT_ONCE}. More than one are printed on a sheet, to be cut.",
        default=1,
        validators=[Optional(), NumberRange(1, MOST_AT_ONCE, f"Enter a number from 1 to {MOST_AT_ONCE}")],
        widget=GovTextInput(),
    )
    open_for = SelectField("Open for", choices=choices_of(_OPEN_FOR), default="28", widget=GovSelect())
    make = SubmitField("Make the invitation", widget=GovSubmitInput())

    def wish(self, slug: str, now: datetime) -> Wish:
        """Return what was filled in.

        Args:
            slug: the questionnaire.
            now: from when the time that it is open is counted.
        """
        days = int(self.open_for.data)
        return Wish(
            slug=slug,
            setting=self.setting("link" if self.shape.data == SINGLE else "poster"),
            variant=self.variant.data or None,
            language=self.language.data or None,
            expires_at=now + timedelta(days=days) if days else None,
        )


class RecordForm(SettingForm):
    """What a worker says before recording what somebody has said."""

    begin = SubmitField("Open the form", widget=GovSubmitInput())

    def refuse_later_than(self, today: date) -> bool:
        """Tell whether the session would lie in the future, and say so beside the field."""
        if self.session_date.data is None or self.session_date.data <= today:
            return False
        self.session_date.errors = ["The session cannot be later than today"]
        return True

    def wish(self, slug: str) -> Wish:
        """Return what was filled in."""
        return Wish(slug, self.setting("worker"), self.variant.data or None, self.language.data or None)


class CloseForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """Whether somebody had the code before it was closed."""

    was_given = RadioField(
        "Has it been given to anybody?",
        description="A code that somebody was given still counts as one person invited.",
        choices=choices_of({"yes": "Yes", "no": "No, nobody has it"}),
        validators=[InputRequired("Say whether somebody was given it")],
        widget=GovRadioInput(),
    )
    close = SubmitField("Close it for good", widget=GovSubmitInput(), render_kw={"classes": "govuk-button--warning"})


class HandedOutForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """To how many people a code for many was handed out in a month."""

    month = SelectField("Month", widget=GovSelect())
    number = IntegerField(
        "How many people were given it, or saw it?",
        validators=[
            InputRequired(_A_NUMBER),
            NumberRange(0, MOST_HANDED_OUT, f"Enter a number from 0 to {MOST_HANDED_OUT:,}"),
        ],
        widget=GovTextInput(),
    )
    save = SubmitField("Save the number", widget=GovSubmitInput())

    def offer(self, months: Sequence[date]) -> None:
        """Let months be chosen, the latest first."""
        self.month.choices = [SelectChoice(f"{month:%Y-%m}", f"{month:%B %Y}") for month in months]

    def chosen_month(self) -> date:
        """Return the first day of the month."""
        return date.fromisoformat(f"{self.month.data}-01")


class NoteForm(HandedOutForm):
    """People who were invited without a code of ours."""

    slug = SelectField("Questionnaire", widget=GovSelect())
    team = SelectField("Team", widget=GovSelect())
    service = StringField(
        "Service",
        filters=[_tidy],
        validators=[DataRequired("Enter the service"), Length(max=_LONGEST_NAME)],
        widget=GovTextInput(),
    )
    number = IntegerField(
        "How many people were invited on paper, by tablet or by word of mouth?",
        validators=[
            InputRequired(_A_NUMBER),
            NumberRange(1, MOST_HANDED_OUT, f"Enter a number from 1 to {MOST_HANDED_OUT:,}"),
        ],
        widget=GovTextInput(),
    )
    save = SubmitField("Add this note", widget=GovSubmitInput())


class ChangeNoteForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """Another number for a note; 0 takes it away."""

    number = IntegerField("How many", validators=[InputRequired(_A_NUMBER), NumberRange(0, MOST_HANDED_OUT)])


def months_until(first: date, today: date) -> list[date]:
    """Return the first days of the months from one day to today, the latest first; two years at most."""
    months = [today.replace(day=1)]
    while months[-1] > first.replace(day=1) and len(months) < 24:  # noqa: PLR2004 - two years
        months.append(Span.month_of(months[-1] - timedelta(days=1)).start)
    return months
