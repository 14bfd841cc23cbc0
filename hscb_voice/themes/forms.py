"""Forms of the theme pages: a person's codes on a comment, and clearing it as a quote."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the published stubs
from wtforms.validators import InputRequired, Length

from hscb_voice.language.codebook import Codebook
from hscb_voice.themes.queries import CommentCoding
from hscb_voice.themes.service import POLARITIES, THEME_POLARITIES, ThemeCode

_ABSENT = ""
_POLARITY_WORDS = {
    "positive": "Good",
    "negative": "Bad",
    "mixed": "Both good and bad",
    "neutral": "Neither",
    "wish": "A wish",
}


class CodesForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """What a person says a comment is about."""

    polarity = RadioField(
        "How does the comment read as a whole?",
        choices=[SelectChoice(polarity, _POLARITY_WORDS[polarity]) for polarity in POLARITIES],
        validators=[InputRequired("Choose how the comment reads")],
    )

    def theme_fields(self) -> list[Any]:
        """Return the fields of the themes, in the codebook's order."""
        return [field for field in self if field.name.startswith("theme_")]

    def theme_codes(self, length: int) -> list[ThemeCode]:
        """Return the themes that were chosen.

        Args:
            length: of the comment; a person's code stands for the whole of it.
        """
        return [
            ThemeCode(field.name.removeprefix("theme_"), field.data, 0, length)
            for field in self.theme_fields()
            if field.data
        ]


class QuoteForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """More words to hide before a comment is cleared as a quote."""

    hide = TextAreaField("Also hide these words, one on each line", validators=[Length(max=2000)])

    def words(self) -> list[str]:
        """Return the words to hide."""
        return (self.hide.data or "").splitlines()


def codes_form(codebook: Codebook, coding: CommentCoding | None) -> CodesForm:
    """Return the form for one comment, filled with the codes in force.

    Args:
        codebook: its themes are the rows.
        coding: what is in force; None when nobody has read the comment.

    Returns:
        The form of this request.
    """
    choices = [
        SelectChoice(_ABSENT, "Not about this"),
        *(SelectChoice(p, _POLARITY_WORDS[p]) for p in THEME_POLARITIES),
    ]
    fields = {f"theme_{theme.id}": SelectField(theme.name, choices=choices, default="") for theme in codebook.themes}
    shape = type("CodesForm", (CodesForm,), fields)
    known = {f"theme_{code.theme}": code.polarity for code in coding.themes} if coding else {}
    whole = coding.polarity if coding and coding.polarity in POLARITIES else None
    form: CodesForm = shape(data={**known, "polarity": whole})
    return form
