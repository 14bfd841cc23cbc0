"""How respondents' pages get their style and script: both stand in the page itself, allowed by their hashes.

On a slow line a request costs more than the bytes it brings, and what is packed together packs smaller. Both are made
ready once, when the process starts; a page that is drawn once and sent often takes only the part of the style it needs.
"""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from string import ascii_lowercase

from flask import Flask

from hscb_voice.web.fitting_style import fitting_style
from hscb_voice.web.headers import content_hash
from hscb_voice.web.respondent_script import read_script

_STATIC = Path(__file__).parent.parent.parent / "static"


@dataclass(frozen=True)
class RespondentLook:
    """The style and the script of respondents' pages, ready to be sent."""

    style: str
    script: str
    policy: str

    def fitted(self, html: str) -> tuple[str, str]:
        """Leave out of a page's style what it has no use for.

        Args:
            html: a page with the whole style.

        Returns:
            The page with its own style, and the content security policy that allows exactly that and the script.
        """
        style = fitting_style(self.style, html)
        return html.replace(self.style, style, 1), _policy(content_hash(style), content_hash(self.script))


def read_look(static: Path = _STATIC) -> RespondentLook:
    """Read the style and the script, without what only their readers need.

    Args:
        static: the folder that holds css/respondent.css and the script's parts.

    Returns:
        Both, with the content security policy that allows exactly them.
    """
    style = _short_style((static / "css" / "respondent.css").read_text(encoding="utf-8"))
    script = read_script(static)
    return RespondentLook(style, script, _policy(content_hash(style), content_hash(script)))


def install_respondent_look(app: Flask) -> None:
    """Make the look known to templates.

    Args:
        app: the application.
    """
    look = read_look()
    app.extensions["respondent_look"] = look
    app.jinja_env.globals["respondent_look"] = look


def look_of(app: Flask) -> RespondentLook:
    """Return the look of an application."""
    look = app.extensions["respondent_look"]
    assert isinstance(look, RespondentLook)  # noqa: S101 - set above and nowhere else; this tells the type checker
    return look


def _policy(style_source: str, script_source: str) -> str:
    # `data:` is for the empty icon alone, which keeps browsers from asking for /favicon.ico.
    return (
        "default-src 'none';base-uri 'none';connect-src 'self';form-action 'self';frame-ancestors 'none';"
        f"img-src data:;script-src 'self' {script_source};style-src {style_source}"
    )


def _short_style(text: str) -> str:
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r" ?([{};,]) ?", r"\1", text)
    names = Counter(re.findall(r"--[a-z]+", text)).most_common()
    short = {name: f"--{letter}" for (name, _), letter in zip(names, ascii_lowercase, strict=False)}
    text = re.sub(r"--[a-z]+", lambda found: short.get(found.group(), found.group()), text)
    return re.sub(r": (?=[^{}]*[;}])", ":", text).replace(";}", "}").strip()
