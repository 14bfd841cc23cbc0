"""The form in which somebody says who is called about a service's concerns, and when its office is open."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovSelect,
    GovSubmitInput,
    GovTextArea,
    GovTextInput,
)
from wtforms import Field, SelectField, SelectMultipleField, StringField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the type stubs
from wtforms.validators import InputRequired, Length, Regexp, ValidationError

from hscb_voice.foundation.clock import written_date
from hscb_voice.safeguarding.calendars import WEEKDAYS, OfficeHours
from hscb_voice.safeguarding.duties import TURN_LABELS, Duties, Turn
from hscb_voice.staff.queries import Person

_ADDRESS = Regexp(r"^[^@\s]+@[^@\s]+\.[^@\s]+$|^$", message="Enter an email address such as duty@example.gov.uk")
_HOUR = Regexp(r"^([01]\d|2[0-3]):[0-5]\d$", message="Enter an hour such as 09:00")
_DATE_SHAPES = ("%d %B %Y", "%d %b %Y", "%d/%m/%Y", "%Y-%m-%d")
_MOST_DAYS = 200


def _stripped(text: str | None) -> str:
    return (text or "").strip()


class DutiesForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """Three people, an address, and a calendar."""

    first = SelectField(TURN_LABELS[Turn.FIRST], description="Called at once.", widget=GovSelect())
    second = SelectField(
        TURN_LABELS[Turn.SECOND],
        description="Called when nobody has acknowledged the concern after 15 minutes.",
        widget=GovSelect(),
    )
    lead = SelectField(
        TURN_LABELS[Turn.LEAD],
        description="Called when nobody has acknowledged the concern after an hour.",
        widget=GovSelect(),
    )
    out_of_hours = StringField(
        "Out-of-hours duty address",
        description="Called in place of the first person when the office is closed. Leave it empty if there is none.",
        filters=[_stripped],
        validators=[Length(max=254), _ADDRESS],
        widget=GovTextInput(),
    )
    weekdays = SelectMultipleField(
        "Working days",
        choices=[SelectChoice(str(number), name) for number, name in enumerate(WEEKDAYS)],
        validators=[InputRequired("Choose at least one working day")],
        widget=GovCheckboxesInput(),
    )
    opens = StringField("Opens at", filters=[_stripped], validators=[_HOUR], widget=GovTextInput())
    closes = StringField("Closes at", filters=[_stripped], validators=[_HOUR], widget=GovTextInput())
    closing_days = TextAreaField(
        "Further closing days, one a line",
        description="Such as 24 December 2026. Bank holidays of England are known already.",
        validators=[Length(max=5000, message="Closing days must be 5,000 characters or fewer")],
        widget=GovTextArea(),
    )
    save = SubmitField("Save", widget=GovSubmitInput())

    def offer(self, handlers: Sequence[Person]) -> None:
        """Let people be chosen.

        Args:
            handlers: everybody who may be called.
        """
        people = [SelectChoice(person.id, f"{person.name} ({person.email})") for person in handlers]
        for field in (self.first, self.second, self.lead):
            field.choices = [SelectChoice("", "Nobody named"), *people]

    def validate_closes(self, field: Field) -> None:
        """Refuse an office that closes before it opens."""
        if not self.opens.errors and str(field.data) <= str(self.opens.data):
            message = "The office must close later than it opens"
            raise ValidationError(message)

    def validate_closing_days(self, field: Field) -> None:
        """Refuse a line that is no date."""
        lines = _lines(field.data)
        if len(lines) > _MOST_DAYS:
            message = f"There can be {_MOST_DAYS} closing days at most"
            raise ValidationError(message)
        for line in lines:
            if _day(line) is None:
                message = f"“{line[:40]}” is not a date such as 24 December 2026"
                raise ValidationError(message)

    def chosen(self, service: str) -> Duties:
        """Return what was filled in.

        Args:
            service: whose duty it is.
        """
        days = frozenset(day for line in _lines(self.closing_days.data) if (day := _day(line)) is not None)
        weekdays = frozenset(int(number) for number in self.weekdays.data or [])
        opens, closes = time.fromisoformat(str(self.opens.data)), time.fromisoformat(str(self.closes.data))
        people = {turn: getattr(self, turn.value).data or None for turn in Turn}
        return Duties(service, people, str(self.out_of_hours.data), OfficeHours(weekdays, opens, closes, days))


def filled(duties: Duties, handlers: Sequence[Person], *, sent: bool) -> DutiesForm:
    """Return the form, filled in with what is set up.

    Args:
        duties: as they stand.
        handlers: everybody who may be called.
        sent: whether the browser has sent the form, so that its words count.
    """
    hours = duties.hours
    known = {person.id for person in handlers}
    standing = {
        **{turn.value: who if (who := duties.people.get(turn)) in known else "" for turn in Turn},
        "out_of_hours": duties.out_of_hours,
        "weekdays": [str(day) for day in sorted(hours.weekdays)],
        "opens": f"{hours.opens:%H:%M}",
        "closes": f"{hours.closes:%H:%M}",
        "closing_days": "\n".join(written_date(day) for day in sorted(hours.closing_days)),
    }
    form = DutiesForm() if sent else DutiesForm(formdata=None, data=standing)
    form.offer(handlers)
    return form


def _lines(text: object) -> list[str]:
    stripped: Iterable[str] = (line.strip() for line in str(text or "").splitlines())
    return [line for line in stripped if line]


def _day(line: str) -> date | None:
    for shape in _DATE_SHAPES:
        try:
            return datetime.strptime(line, shape).date()  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
    return None
