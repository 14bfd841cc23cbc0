"""Forms of the codebook pages. What a theme may say is checked in `editing`; here stand only the fields."""

from dataclasses import fields

from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import HiddenInput

from hscb_voice.codebooks.editing import ThemeFields
from hscb_voice.codebooks.errors import CodebookEditError


class TurnForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """An act on the draft as the person saw it."""

    turn = IntegerField(validators=[InputRequired()], widget=HiddenInput())


class BeginForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """Beginning a draft from some version."""

    based_on = IntegerField(validators=[Optional()], widget=HiddenInput())


class ThemeForm(TurnForm):
    """A theme as people write it."""

    name = StringField("Name")
    definition = TextAreaField("What it means")
    includes = TextAreaField("Includes")
    excludes = TextAreaField("Leaves out")
    patterns = TextAreaField("Patterns")
    hints = TextAreaField("Hints")
    unless = TextAreaField("Unless")
    examples = TextAreaField("Examples")

    def theme_fields(self) -> ThemeFields:
        """Return what was written."""
        return ThemeFields(**{one.name: self[one.name].data or "" for one in fields(ThemeFields)})


class NewThemeForm(ThemeForm):
    """A theme that there was not."""

    id = StringField("Short name")


class MergeForm(TurnForm):
    """Letting one theme go into another."""

    goes = SelectField("This theme goes")
    into = SelectField("into this one, which stays")


class SplitForm(TurnForm):
    """Taking phrases of a theme into a new one."""

    id = StringField("Short name of the new theme")
    name = StringField("Name of the new theme")
    definition = TextAreaField("What the new theme means")
    moved = TextAreaField("Phrases to move, one on each line")


class PublishForm(TurnForm):
    """Publishing the draft."""

    note = TextAreaField("What changed, and why")


def tell(form: FlaskForm, trouble: CodebookEditError) -> str:
    """Put what is wrong beside the fields that are meant.

    Args:
        form: the form that was sent.
        trouble: what is wrong.

    Returns:
        What is wrong with no field in particular; empty when a field is told.
    """
    named = {name: words for name, words in trouble.fields.items() if name in form}
    for name, words in named.items():
        form[name].errors = [words]
    return "" if named else str(trouble)
