"""Forms of actions: note, decide, report, tell. What is refused says why, and what was typed stays."""

from collections.abc import Mapping, Sequence
from typing import Any

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
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the published stubs
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from hscb_voice.actions.errors import ActionRefusedError
from hscb_voice.actions.service import SMALLEST_THRESHOLD, Decision, NewAction, Progress
from hscb_voice.actions.statuses import PROGRESS, STATUS_LABELS, Origin, Status
from hscb_voice.staff.forms import DayField
from hscb_voice.staff.queries import Person

LONGEST = 2000
_LONGEST_NAME = 80
_NO_NAMES = "Write no name of a child, a family or a worker."


def _tidy(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").replace("\x00", "").strip()


def _words(label: str, hint: str = "", *, required: str = "", longest: int = LONGEST) -> TextAreaField:
    checks: list[Any] = [DataRequired(required)] if required else []
    checks.append(Length(max=longest, message=f"It must be {longest:,} characters or fewer"))
    return TextAreaField(label, description=hint, filters=[_tidy], validators=checks, widget=GovTextArea())


def _line(label: str, hint: str = "", longest: int = _LONGEST_NAME) -> StringField:
    checks = [Length(max=longest, message=f"It must be {longest} characters or fewer")]
    return StringField(label, description=hint, filters=[_tidy], validators=checks, widget=GovTextInput())


def show_refusal(form: FlaskForm, refusal: ActionRefusedError) -> None:
    """Put what a service refuses beside the field that it means.

    Args:
        form: the form that was sent.
        refusal: what was refused.
    """
    field = form._fields.get(refusal.field)
    field = field if field is not None else next(iter(form))
    field.errors = [*field.errors, str(refusal)]


class NoteForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """What people said or asked."""

    said = _words(
        "What did people say, or ask?",
        f"In a sentence or two of your own. {_NO_NAMES}",
        required="Say what people said or asked",
    )
    origin = RadioField(
        "Where does it come from?",
        choices=[
            SelectChoice(Origin.HAND.value, "What people said"),
            SelectChoice(Origin.COUNCIL.value, "A question of the Children in Care Council"),
        ],
        default=Origin.HAND.value,
        widget=GovRadioInput(),
    )
    theme = SelectField("Theme, if it is one", choices=[], validate_choice=True, widget=GovSelect())
    service = _line("Service", "As its codes have it. Leave it empty if it concerns every service.")
    goes_to = _line("Who is asked for an answer?", "Such as the Corporate Parenting Panel.", 200)
    save = SubmitField("Save", widget=GovSubmitInput())

    def offer(self, themes: Mapping[str, str]) -> None:
        """Let a theme be chosen: id -> name."""
        self.theme.choices = [SelectChoice("", "None"), *(SelectChoice(key, name) for key, name in themes.items())]

    def new(self) -> NewAction:
        """Return what was filled in."""
        theme = str(self.theme.data or "")
        origin = Origin.THEME if theme and self.origin.data == Origin.HAND else Origin(self.origin.data)
        return NewAction(str(self.said.data), origin, theme, str(self.service.data), str(self.goes_to.data))


class RewordForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """How it is said what people said."""

    said = _words("What did people say, or ask?", _NO_NAMES, required="Say what people said or asked")
    service = _line("Service", "Leave it empty if it concerns every service.")
    goes_to = _line("Who is asked for an answer?", "", 200)
    save = SubmitField("Save", widget=GovSubmitInput())


class DecisionForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """What is to be done, by whom and when; or why it cannot be."""

    can = RadioField(
        "What has been decided?",
        choices=[SelectChoice("yes", "Something will be done"), SelectChoice("no", "It cannot be done")],
        validators=[InputRequired("Choose what has been decided")],
        widget=GovRadioInput(),
    )
    doing = _words("What will be done?", "Leave it empty if it cannot be done.")
    owner = SelectField("Who sees to it?", choices=[], widget=GovSelect())
    due = DayField(
        "By when?",
        description="For example 31 3 2027",
        format="%d %m %Y",
        validators=[Optional()],
        widget=GovDateInput(),
    )
    because = _words("Why can it not be done?", "People will be told. Leave it empty if something will be done.")
    save = SubmitField("Save the decision", widget=GovSubmitInput())

    def offer(self, people: Sequence[Person]) -> None:
        """Let people be chosen."""
        choices = [SelectChoice(person.id, person.name) for person in people]
        self.owner.choices = [SelectChoice("", "Choose a person"), *choices]

    def decision(self) -> Decision:
        """Return what was filled in."""
        if self.can.data == "no":
            return Decision(can=False, because=str(self.because.data))
        return Decision(can=True, doing=str(self.doing.data), owner_id=self.owner.data or None, due=self.due.data)


class ProgressForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """How it goes."""

    status = RadioField(
        "How does it stand?",
        choices=[SelectChoice(status.value, STATUS_LABELS[status]) for status in PROGRESS],
        validators=[InputRequired("Choose how it stands")],
        widget=GovRadioInput(),
    )
    note = _words("What has happened since?", _NO_NAMES)
    because = _words("Why is it on hold?", "Only if it is.")
    outcome = _words("What changed for children or families?", "Needed when it is done.")
    evidence = _words("How can anybody see that?", "Such as a report, a form, a figure.")
    due = DayField(
        "A new date, if it has moved",
        description="For example 31 3 2027",
        format="%d %m %Y",
        validators=[Optional()],
        widget=GovDateInput(),
    )
    save = SubmitField("Save", widget=GovSubmitInput())

    def progress(self) -> Progress:
        """Return what was filled in."""
        texts = {name: str(getattr(self, name).data) for name in ("note", "because", "evidence", "outcome")}
        return Progress(Status(self.status.data), due=self.due.data, **texts)


class TellForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """What people of one age are told, in one language."""

    you_said = _words("You said", "Short sentences. No names.", longest=500)
    we_did = _words("We did", "What was done; or that it cannot be done, and why.", longest=800)
    keep_it = BooleanField("I have checked it. Keep it as it is.", widget=GovCheckboxInput())
    save = SubmitField("Save these words", widget=GovSubmitInput())

    def asks_to_keep(self) -> bool:
        """Tell whether somebody has looked and wants the words as they are."""
        return bool(self.keep_it.data)


class ThresholdForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """From how many responses on a theme needs a decision."""

    service = _line("Service", "As its codes have it. Leave it empty for every other service.")
    fewest = IntegerField(
        "How many responses in a quarter",
        description=f"{SMALLEST_THRESHOLD} or more.",
        validators=[
            InputRequired("Enter a number"),
            NumberRange(SMALLEST_THRESHOLD, 10_000, f"Enter a number from {SMALLEST_THRESHOLD} to 10,000"),
        ],
        widget=GovTextInput(),
    )
    save = SubmitField("Save", widget=GovSubmitInput())
