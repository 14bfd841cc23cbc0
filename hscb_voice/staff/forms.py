"""The staff room's forms: what is asked, and what is said when it will not do."""

from typing import Any

from flask import request
from flask_security.forms import LoginForm
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovPasswordInput,
    GovSubmitInput,
    GovTextArea,
    GovTextInput,
)
from wtforms import (
    DateField,
    EmailField,
    Field,
    PasswordField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the type stubs are one version behind
from wtforms.validators import InputRequired, Length, ValidationError

from hscb_voice.staff.access import is_safe_next
from hscb_voice.staff.passwords import LONGEST
from hscb_voice.staff.proving import WRONG, NotProvedError, prove_password
from hscb_voice.staff.roles import Role
from hscb_voice.staff.user import StaffUser


class SignInForm(LoginForm):
    """Email address and password. It says the same words whether a name is known or not."""

    email = EmailField(
        "Email address",
        validators=[InputRequired("Enter your email address"), Length(max=254, message=WRONG)],
        widget=GovTextInput(),
    )
    password = PasswordField(
        "Password",
        validators=[InputRequired("Enter your password"), Length(max=LONGEST, message=WRONG)],
        widget=GovPasswordInput(),
    )
    submit = SubmitField("Sign in", widget=GovSubmitInput())
    remember = None  # type: ignore[assignment]  # WTForms' way to take a field out
    user: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - the library's own signature
        """Take the page that was wanted only if it is one of ours."""
        super().__init__(*args, **kwargs)
        if not self.is_submitted() and not is_safe_next(self.next.data or ""):
            self.next.data = ""

    def validate_next(self, field: Field) -> None:
        """Refuse to lead anybody to another site."""
        if any(wanted and not is_safe_next(wanted) for wanted in (field.data, request.args.get("next"))):
            message = "Go back to the page where you wanted to sign in, and try again"
            raise ValidationError(message)

    def validate(self, **kwargs: Any) -> bool:  # noqa: ANN401 - the library's own signature
        """Check the password, with every try counted first."""
        # The library's own check would tell a known name from an unknown one by its words.
        if not super(LoginForm, self).validate(**kwargs):
            return False
        problem = self._check()
        if problem:
            self.email.errors = [problem]
        return not problem

    def _check(self) -> str:
        try:
            known = prove_password(self.email.data or "", self.password.data or "")
        except NotProvedError as refusal:
            return str(refusal)
        self.user = StaffUser(known)
        return ""


class RolesForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """What somebody is here, and in which teams."""

    roles = SelectMultipleField(
        "Roles",
        choices=[SelectChoice(role.value, role.label) for role in Role],
        validators=[InputRequired("Choose at least one role")],
        widget=GovCheckboxesInput(),
    )
    teams = TextAreaField(
        "Teams, one a line",
        description="Workers and team managers see only the responses of these teams. The other roles need none.",
        validators=[Length(max=2000, message="Teams must be 2,000 characters or fewer")],
        widget=GovTextArea(),
    )
    save = SubmitField("Save roles and teams", widget=GovSubmitInput())

    def chosen_roles(self) -> frozenset[Role]:
        """Return the roles that were ticked."""
        return frozenset(Role(value) for value in self.roles.data or [])

    def named_teams(self) -> frozenset[str]:
        """Return the teams that were written, tidied."""
        lines = (" ".join(line.split()) for line in (self.teams.data or "").splitlines())
        return frozenset(line for line in lines if line)


class InviteForm(RolesForm):
    """Who is to be invited, and what they will be."""

    name = StringField(
        "Name",
        description="As colleagues know them. They can write it differently themselves.",
        validators=[InputRequired("Enter a name"), Length(max=120, message="The name may have at most 120 characters")],
        widget=GovTextInput(),
    )
    email = EmailField(
        "Email address",
        validators=[InputRequired("Enter an email address"), Length(max=254, message="The address is too long")],
        widget=GovTextInput(),
    )
    save = SubmitField("Invite", widget=GovSubmitInput())


class ActForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """A single button: the form's token is all that it sends."""


class DayField(DateField):
    """A day in three boxes. A form made by hand may send fewer or more; the page is shown all the same."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was sent, as three parts."""
        self.raw_data = [*valuelist, "", "", ""][:3]
        super().process_formdata(valuelist)
