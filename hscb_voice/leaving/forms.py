"""The form in which an administrator says where leaving leads."""

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput, GovTextInput
from wtforms import Field, StringField, SubmitField
from wtforms.validators import ValidationError

from hscb_voice.leaving.errors import UnfitAddressError
from hscb_voice.leaving.service import checked_address


class ExitForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """One address."""

    address = StringField(
        "Address",
        description="An everyday site, such as https://www.bbc.co.uk/weather. Leave it empty to go by the usual one.",
        widget=GovTextInput(),
    )
    save = SubmitField("Save", widget=GovSubmitInput())
    own_host = ""

    def validate_address(self, field: Field) -> None:
        """Refuse what leads nowhere, or not away."""
        typed = str(field.data or "")
        if not typed.strip():
            return
        try:
            checked_address(typed, self.own_host)
        except UnfitAddressError as trouble:
            raise ValidationError(str(trouble)) from trouble
