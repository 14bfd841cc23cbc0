"""Forms in which somebody proves who they are, or chooses by what they will: codes, passkeys, passwords."""

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovPasswordInput, GovSubmitInput, GovTextInput
from wtforms import EmailField, HiddenField, PasswordField, StringField, SubmitField
from wtforms.validators import InputRequired, Length, Optional

from hscb_voice.staff.access import is_safe_next
from hscb_voice.staff.passwords import LONGEST, SHORTEST

_WIDE_ENOUGH = Length(max=60, message="The code is too long")
_LONGEST_ANSWER = 20_000
_TOO_LONG = f"The password may have at most {LONGEST} characters"


class _Onward(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """Remembers which page was wanted."""

    next = HiddenField()

    def onward(self, otherwise: str) -> str:
        """Return where to go afterwards: the page that was wanted if it is one of ours."""
        wanted = str(self.next.data or "")
        return wanted if is_safe_next(wanted) else otherwise


class CodeForm(_Onward):
    """A code of the authenticator app."""

    code = StringField(
        "Code from your authenticator app",
        description="Six figures. It changes every half minute.",
        validators=[InputRequired("Enter the code that your app shows"), _WIDE_ENOUGH],
        widget=GovTextInput(),
    )
    submit = SubmitField("Continue", widget=GovSubmitInput())


class RecoveryForm(_Onward):
    """One of the ten recovery codes."""

    code = StringField(
        "Recovery code",
        description="Four groups of four letters and figures, such as those that you printed or wrote down.",
        validators=[InputRequired("Enter a recovery code"), _WIDE_ENOUGH],
        widget=GovTextInput(),
    )
    submit = SubmitField("Continue", widget=GovSubmitInput())


class PasskeyForm(_Onward):
    """What a passkey answered, put here by our script."""

    passkey = HiddenField(validators=[InputRequired("The passkey did not answer"), Length(max=_LONGEST_ANSWER)])


class NewPasskeyForm(FlaskForm):  # type: ignore[misc]  # the same
    """A new passkey, and what its owner calls it."""

    name = StringField(
        "What will you call it?",
        description="Such as “My telephone” or “Blue security key”.",
        validators=[Optional(), Length(max=60, message="The name may have at most 60 characters")],
        widget=GovTextInput(),
    )
    passkey = HiddenField(validators=[InputRequired("The passkey did not answer"), Length(max=_LONGEST_ANSWER)])


class ProofForm(FlaskForm):  # type: ignore[misc]  # the same
    """Password and second step once more, before something that matters."""

    proof_password = PasswordField(
        "Password", validators=[Optional(), Length(max=LONGEST, message=_TOO_LONG)], widget=GovPasswordInput()
    )
    proof_code = StringField(
        "Code from your authenticator app",
        description="Six figures. If you have lost your app, a recovery code will do.",
        validators=[Optional(), _WIDE_ENOUGH],
        widget=GovTextInput(),
    )
    proof_passkey = HiddenField(validators=[Optional(), Length(max=_LONGEST_ANSWER)])
    proof_submit = SubmitField("Continue", widget=GovSubmitInput())


class NewPasswordForm(FlaskForm):  # type: ignore[misc]  # the same
    """A new password, reached by a link."""

    password = PasswordField(
        "New password",
        description=f"At least {SHORTEST} characters. Three or four random words make a good one.",
        validators=[InputRequired("Enter a password"), Length(max=LONGEST, message=_TOO_LONG)],
        widget=GovPasswordInput(),
    )
    submit = SubmitField("Save password", widget=GovSubmitInput())


class ChangePasswordForm(NewPasswordForm):
    """A new password in place of the present one."""

    present = PasswordField(
        "Present password",
        validators=[InputRequired("Enter your present password"), Length(max=LONGEST, message=_TOO_LONG)],
        widget=GovPasswordInput(),
    )


class AcceptForm(NewPasswordForm):
    """What somebody who was invited says of themselves, and their password."""

    name = StringField(
        "Your name",
        description="As colleagues know you.",
        validators=[InputRequired("Enter your name"), Length(max=120, message="At most 120 characters")],
        widget=GovTextInput(),
    )
    submit = SubmitField("Continue", widget=GovSubmitInput())


class ForgottenForm(FlaskForm):  # type: ignore[misc]  # the same
    """Whose password is to be chosen anew."""

    email = EmailField(
        "Email address",
        validators=[InputRequired("Enter your email address"), Length(max=254, message="The address is too long")],
        widget=GovTextInput(),
    )
    submit = SubmitField("Send me a link", widget=GovSubmitInput())
