"""The words of a paper form in its language, taken from the same definitions, templates and catalogues as the page's.

It draws the page's own parts (promises, help lines, faces) and takes their words or drawings out, so that paper and
screen can never say different things.
"""

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from hscb_voice.web.catalogues import ADULT, spoken
from hscb_voice.web.languages import Language

_HOUSE = Path(__file__).parent.parent.parent
_SYMBOL = re.compile(r'<symbol id="f-[^"]*" viewBox="([^"]*)">(.*?)</symbol>', re.DOTALL)
# How a face is drawn on paper: black on white, so that every printer and every copier keeps all of it.
_INK = (
    "*{fill:none;stroke:#000;stroke-width:3;stroke-linecap:round;stroke-linejoin:round}"
    ".k{fill:#000}.w{fill:#fff}.t{fill:#fff;stroke-width:2}.d{stroke-width:6}.b{stroke-width:4.5}"
)


class Wording:
    """What a form says in one language, to a child or to a grown-up."""

    def __init__(self, language: Language, who: str) -> None:
        """Open the language's catalogue; English is what the program is written in."""
        self.language = language
        self._words = spoken(language.code, "" if who == "child" else ADULT)
        self._parts = Environment(
            loader=FileSystemLoader(_HOUSE / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
        )
        self._parts.globals["_"] = self.say

    def say(self, text: str, **values: object) -> str:
        """Return one of the program's own texts in the language."""
        said = self._words.ugettext(text)
        return said % values if values else said

    def of_form(self, slug: str, text: str) -> str:
        """Return a questionnaire's own text in the language.

        Args:
            slug: which questionnaire; the same English may be said differently from one form to another.
            text: as the definition has it.
        """
        own = str(self._words.upgettext(slug, text))
        return own if own != text else self.say(text)

    def lines(self, part: str, macro: str, **given: object) -> list[str]:
        """Return the lines of a list that a page's part draws, as plain text.

        Args:
            part: the template.
            macro: the name of the macro that draws the list.
            **given: its arguments.
        """
        drawn: Any = getattr(self._parts.get_template(part).module, macro)
        reader = _ListReader()
        reader.feed(str(drawn(**given)))
        return [" ".join(line.split()) for line in reader.items]


class _ListReader(HTMLParser):
    """Gathers the words of each `<li>`."""

    def __init__(self) -> None:
        super().__init__()
        self.items: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an item."""
        del attrs
        if tag == "li":
            self.items.append("")
            self._inside = True

    def handle_endtag(self, tag: str) -> None:
        """End an item."""
        if tag == "li":
            self._inside = False

    def handle_data(self, data: str) -> None:
        """Add to the item."""
        if self._inside:
            self.items[-1] += data


@cache
def face_drawing(face: str) -> str:
    """Return the page's own drawing of a face, in black on white.

    Args:
        face: such as `happy`.

    Returns:
        SVG.
    """
    parts = Environment(loader=FileSystemLoader(_HOUSE / "templates"), autoescape=True)
    macros: Any = parts.get_template("components/respondent/faces.html").module
    found = _SYMBOL.search(str(macros.drawings([face])))
    if found is None:
        message = f"The page's part that draws faces has none of “{face}”."
        raise ValueError(message)
    box, drawing = found.groups()
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"><style>{_INK}</style>{drawing}</svg>'
