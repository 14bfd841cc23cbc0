"""How respondents' pages get their style and script: both stand in the page itself, allowed by their hashes.

On a slow line a request costs more than the bytes it brings, and what is packed together packs smaller. Both are put
together once, when the process starts: without comments, indents and needless spaces.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from hscb_voice.web.headers import content_hash

_STATIC = Path(__file__).parent.parent.parent / "static"
# The parts of the one script, in their order; leaving first, so that it works whatever breaks after it.
_PARTS = ("leave.js", "walk.js", "hear.js")
# Between these, spaces and line ends mean nothing. Signs that mean another thing when doubled (+ and -) are left alone.
_STRINGS = re.compile(r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`)""")
_LOOSE = re.compile(r" *([=(){}\[\],;:?<>&|!*]) *")
_LINE_GOES_ON = re.compile(r"(?<=[{(\[,;=&|?:>])\n|\n(?=[.&|?:)\]}])")


@dataclass(frozen=True)
class RespondentLook:
    """The style and the script of respondents' pages, ready to be sent."""

    style: str
    script: str
    policy: str


def read_look(static: Path = _STATIC) -> RespondentLook:
    """Read the style and the script, without their comments and indents.

    Args:
        static: the folder that holds css/respondent.css and the script's parts in js/respondent/.

    Returns:
        Both, with the content security policy that allows exactly them.
    """
    style = _short_style((static / "css" / "respondent.css").read_text(encoding="utf-8"))
    parts = [(static / "js" / "respondent" / name).read_text(encoding="utf-8") for name in _PARTS]
    script = "\n".join(_short_script(part) for part in parts)
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
        "default-src 'none'; base-uri 'none'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
        f"img-src data:; script-src 'self' {script_source}; style-src {style_source}"
    )


def _short_style(text: str) -> str:
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r" ?([{};,]) ?", r"\1", text)
    return re.sub(r": (?=[^{}]*[;}])", ":", text).replace(";}", "}").strip()


def _short_script(text: str) -> str:
    lines = (line.strip() for line in text.splitlines())
    bare = "\n".join(line for line in lines if line and not line.startswith("//"))
    pieces = _STRINGS.split(bare)
    return "".join(piece if place % 2 else _tight(piece) for place, piece in enumerate(pieces))


def _tight(code: str) -> str:
    return _LINE_GOES_ON.sub("", _LOOSE.sub(r"\1", code)).replace(";}", "}")
