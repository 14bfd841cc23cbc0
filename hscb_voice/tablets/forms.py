"""Forms of tablets: add one, change it, switch it off."""

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovSelect, GovSubmitInput, GovTextInput
from wtforms import Field, SelectField, SelectMultipleField, StringField, SubmitField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the published stubs
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from hscb_voice.questionnaires.queries import PublishedVersion
from hscb_voice.tablets.errors import WeakPinError
from hscb_voice.tablets.proofs import HashedPin, hash_pin, refuse_weak_pin
from hscb_voice.tablets.service import NewTablet, TabletChange

_LONGEST_NAME, _LONGEST = 60, 80


def _tidy(text: str | None) -> str:
    return " ".join((text or "").replace("\x00", "").split())


def _line(label: str, hint: str = "", *, required: str = "", longest: int = _LONGEST) -> StringField:
    checks: list[Any] = [DataRequired(required)] if required else []
    checks.append(Length(max=longest, message=f"It must be {longest} characters or fewer"))
    return StringField(label, description=hint, filters=[_tidy], validators=checks, widget=GovTextInput())


class TabletForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """What can also be changed later."""

    name = _line(
        "Name of the tablet",
        "So that you know which one it is, such as “Blue tablet” or “Visits 2”. Write it on its cover, too.",
        required="Give the tablet a name",
        longest=_LONGEST_NAME,
    )
    slugs = SelectMultipleField(
        "Questionnaires",
        description="Which can be opened on it. You can change this later.",
        validators=[InputRequired("Choose at least one questionnaire")],
        widget=GovCheckboxesInput(),
    )

    def offer_questionnaires(self, versions: Sequence[PublishedVersion]) -> None:
        """Let questionnaires be chosen."""
        self.slugs.choices = [SelectChoice(one.slug, one.definition.short_title) for one in versions]


class AddForm(TabletForm):
    """A new tablet."""

    service = _line(
        "Service",
        "What its answers are about, such as Family support.",
        required="Say which service its answers are about",
    )
    team = SelectField(
        "Team", description="Whose answers they are. Workers of other teams do not see them.", widget=GovSelect()
    )
    locality = _line("Part of the county", "Leave it empty if the tablet goes everywhere.")
    pin = _line(
        "PIN for workers",
        "6 to 12 digits. A worker types it to leave the children’s screen. It opens no answers.",
        required="Choose a PIN",
    )
    save = SubmitField("Add this tablet", widget=GovSubmitInput())

    def offer_teams(self, teams: Sequence[str]) -> None:
        """Let a team be chosen."""
        first = [SelectChoice("", "Choose a team")] if len(teams) > 1 else []
        self.team.choices = [*first, *(SelectChoice(team, team) for team in teams)]

    def validate_team(self, field: Field) -> None:
        """Ask for a team."""
        if not field.data:
            message = "Choose a team"
            raise ValidationError(message)

    def validate_pin(self, field: Field) -> None:
        """Refuse a PIN that would be guessed at once."""
        _check_pin(field)

    def new(self) -> NewTablet:
        """Return what was filled in."""
        service, team, locality = (str(field.data) for field in (self.service, self.team, self.locality))
        slugs = tuple(self.slugs.data or ())
        return NewTablet(str(self.name.data), service, team, locality, slugs, hash_pin(str(self.pin.data)))


class ChangeForm(TabletForm):
    """What is changed of a tablet."""

    pin = _line("New PIN for workers", "Leave it empty to keep the one that it has.")
    save = SubmitField("Save", widget=GovSubmitInput())

    def validate_pin(self, field: Field) -> None:
        """Refuse a PIN that would be guessed at once; none at all keeps the old one."""
        if field.data:
            _check_pin(field)

    def change(self) -> TabletChange:
        """Return what was filled in."""
        pin: HashedPin | None = hash_pin(str(self.pin.data)) if self.pin.data else None
        return TabletChange(str(self.name.data), tuple(self.slugs.data or ()), pin)


def _check_pin(field: Field) -> None:
    try:
        refuse_weak_pin(str(field.data))
    except WeakPinError as refusal:
        raise ValidationError(str(refusal)) from refusal
