"""How respondents' pages get their style and script: one document with its style inside, one script beside it.

The style stands in the page and is allowed by its hash, which saves a request; the script is one small file under
an address that changes with its content, put together from its parts and packed once when the process starts.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app

from hscb_voice.web.headers import content_hash
from hscb_voice.web.packing import Packed, chosen_packing, mark_packing

_STATIC = Path(__file__).parent.parent.parent / "static"
# The parts of the one script, in their order; leaving first, so that it works whatever breaks after it.
_PARTS = ("leave.js", "walk.js", "hear.js")
_SCRIPT_POLICY = "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
_FOR_A_YEAR = "public, max-age=31536000, immutable"
blueprint = Blueprint("respondent_look", __name__)


@dataclass(frozen=True)
class RespondentLook:
    """The style and the script of respondents' pages, ready to be sent."""

    style: str
    script: Packed
    script_address: str
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
    script = "\n".join(_short_script(part.splitlines()) for part in parts).encode()
    version = hashlib.sha256(script).hexdigest()[:10]
    return RespondentLook(
        style=style,
        script=Packed.of(script),
        script_address=f"/page.js?v={version}",
        policy=_policy(content_hash(style)),
    )


def install_respondent_look(app: Flask) -> None:
    """Make the look known to templates, and serve the script.

    Args:
        app: the application.
    """
    look = read_look()
    app.extensions["respondent_look"] = look
    app.jinja_env.globals["respondent_look"] = look
    app.register_blueprint(blueprint)


def look_of(app: Flask) -> RespondentLook:
    """Return the look of an application."""
    look = app.extensions["respondent_look"]
    assert isinstance(look, RespondentLook)  # noqa: S101 - set above and nowhere else; this tells the type checker
    return look


@blueprint.get("/page.js")
def script() -> Response:
    """Serve the one script of respondents' pages."""
    packing = chosen_packing()
    response = Response(getattr(look_of(current_app).script, packing or "plain"), mimetype="text/javascript")
    # A script is no page: it needs none of what a page may load, and each byte is sent with the first visit.
    response.headers["Content-Security-Policy"] = _SCRIPT_POLICY
    response.headers["Cache-Control"] = _FOR_A_YEAR
    mark_packing(response, packing)
    return response


def _policy(style_source: str) -> str:
    # `data:` is for the empty icon alone, which keeps browsers from asking for /favicon.ico.
    return (
        "default-src 'none'; base-uri 'none'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
        f"img-src data:; script-src 'self'; style-src {style_source}"
    )


def _short_style(text: str) -> str:
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r" ?([{};,]) ?", r"\1", text)
    return re.sub(r": (?=[^{}]*[;}])", ":", text).replace(";}", "}").strip()


def _short_script(lines: Iterable[str]) -> str:
    bare = (line.strip() for line in lines)
    return "\n".join(line for line in bare if line and not line.startswith("//"))
