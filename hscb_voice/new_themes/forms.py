"""Forms of new themes: name a suggestion, let it go into a theme, or reject it."""

import re

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the published stubs
from wtforms.validators import DataRequired, InputRequired, Length

from hscb_voice.codebooks.editing import ThemeFields
from hscb_voice.language.codebook import Codebook
from hscb_voice.new_themes.queries import Suggestion
from hscb_voice.new_themes.service import REASONS

_LONGEST_NAME, _LONGEST_TEXT = 80, 2000
_PHRASES = "Phrases that show it, one on each line"


def _tidy(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").replace("\x00", "").strip()


class NameForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """A new theme."""

    name = StringField(
        "Name of the theme",
        filters=[_tidy],
        validators=[DataRequired("Give the theme a name"), Length(max=_LONGEST_NAME)],
    )
    definition = TextAreaField(
        "What it means",
        filters=[_tidy],
        validators=[DataRequired("Say what the theme means"), Length(max=_LONGEST_TEXT)],
    )
    patterns = TextAreaField(
        _PHRASES,
        filters=[_tidy],
        validators=[DataRequired("Write at least one phrase"), Length(max=_LONGEST_TEXT)],
    )

    def fields(self) -> ThemeFields:
        """Return the theme as the codebook's editor takes it."""
        return ThemeFields(str(self.name.data), str(self.definition.data), patterns=str(self.patterns.data))

    def theme_id(self) -> str:
        """Return the theme's id for ever, made of its name; letters and digits of English only."""
        plain = re.sub(r"[^a-z0-9]+", "_", str(self.name.data).lower()).strip("_")
        return plain[:40].strip("_")


class MergeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """A theme that takes the suggested phrases."""

    theme = SelectField("Theme", validators=[InputRequired("Choose a theme")])
    patterns = TextAreaField(
        _PHRASES,
        filters=[_tidy],
        validators=[DataRequired("Write at least one phrase"), Length(max=_LONGEST_TEXT)],
    )


class RejectForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """Why a suggestion is none."""

    reason = RadioField(
        "Why is it no new theme?",
        choices=[SelectChoice(value, label) for value, label in REASONS.items()],
        validators=[InputRequired("Say why it is rejected")],
    )


class ActForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """A button without fields."""


def name_form(found: Suggestion) -> NameForm:
    """Return the form of a new theme, the suggested phrases filled in."""
    return NameForm(prefix="name-", data={"patterns": "\n".join(found.words)})


def merge_form(found: Suggestion, book: Codebook) -> MergeForm:
    """Return the form that lets a suggestion go into a theme.

    Args:
        found: the suggestion.
        book: its themes are the choices.
    """
    form = MergeForm(prefix="merge-", data={"patterns": "\n".join(found.words)})
    form.theme.choices = [SelectChoice("", "Choose a theme"), *(SelectChoice(one.id, one.name) for one in book.themes)]
    return form
