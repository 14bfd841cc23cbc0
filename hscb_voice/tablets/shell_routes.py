"""Serves the files that make a tablet work without a connection: start page, service worker, manifest, icons.

They are the same for everybody and hold nothing of anybody. What a tablet asks for itself stands in `public_routes`.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, current_app, make_response, render_template
from flask_babel import gettext
from werkzeug.exceptions import NotFound

from hscb_voice.web.assets import asset_address
from hscb_voice.web.current import platform
from hscb_voice.web.error_pages import Trouble, trouble_page
from hscb_voice.web.languages import LANGUAGES, speaking

blueprint = Blueprint("tablet_shell", __name__)
_STATIC = Path(__file__).parent.parent.parent / "static"
_SCRIPTS = _STATIC / "js" / "tablet"
# What each script is put together from, in order. The worker and the start page share how things are kept.
_WORKER_PARTS = ("store.js", "sealing.js", "pages.js", "sending.js", "worker.js")
_BUNDLES = {
    "start.js": ("store.js", "pin.js", "enrolling.js", "needs_help.js", "choosing.js", "start.js"),
    "kiosk.js": ("kiosk.js",),
}
_ICONS = {"img/tablet/icon-192.png": "192x192", "img/tablet/icon-512.png": "512x512"}
_MASKABLE = "img/tablet/icon-maskable-512.png"
_SCRIPT_TYPE = "text/javascript"
_FOR_A_YEAR = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_NAME_LETTERS = 16
_EXTENSION = "tablet_shell"


@dataclass(frozen=True)
class ShellFiles:
    """Everything that a tablet keeps of this version of the program."""

    version: str
    page: str
    worker: str
    files: dict[str, tuple[str, str]]  # name -> its type and its text


@blueprint.get("/tablet")
def start_page() -> Response:
    """Show the start page of a tablet. It finds out by itself whether this one has been enrolled."""
    response = make_response(_shell().page)
    response.headers["Cache-Control"] = _ASK_AGAIN
    return response


@blueprint.get("/tablet-worker.js")
def worker() -> Response:
    """Serve the service worker, whose reach is the whole surface; it answers for the tablet's own addresses only."""
    response = Response(_shell().worker, mimetype=_SCRIPT_TYPE)
    response.headers["Cache-Control"] = _ASK_AGAIN
    response.headers["Service-Worker-Allowed"] = "/"
    return response


@blueprint.get("/tablet/files/<name>")
def file(name: str) -> Response:
    """Serve one of the start page's own files."""
    found = _shell().files.get(name)
    if found is None:
        raise NotFound
    response = Response(found[1], mimetype=found[0])
    response.headers["Cache-Control"] = _FOR_A_YEAR
    return response


@blueprint.get("/tablet/form/<path:rest>")
@blueprint.get("/tablet/read/<path:rest>")
def only_on_a_tablet(rest: str) -> Response:
    """Tell whoever comes here past the service worker where to start: only the tablet itself has these pages."""
    del rest
    lines = (gettext("Please give the tablet back. Your worker can start it again."),)
    return trouble_page(404, Trouble(gettext("This page is only on the tablet"), lines))


@blueprint.post("/tablet/form/<path:rest>")
def passed_the_worker_by(rest: str) -> Response:
    """Keep a page from giving up its words when its service worker did not take them: it tries again."""
    del rest
    return trouble_page(503)


def said_to_children() -> dict[str, dict[str, str]]:
    """Return what the kiosk says to whoever fills in a form: language -> name -> words."""
    return {code: _said(code) for code in LANGUAGES}


def _said(code: str) -> dict[str, str]:
    with speaking(LANGUAGES[code]):
        return {
            "thanks": gettext("Thank you"),
            "kept": gettext("Your answers are safe."),
            "back": gettext("I am done"),
            "still": gettext("Are you still there?"),
            "clearing": gettext("This page will be emptied in {n} seconds."),
            "here": gettext("I am still here"),
            "return": gettext("Back to the questions"),
            "unsent": gettext("Your answers are not sent yet. Please give the tablet to your worker."),
        }


def _give_back(code: str) -> dict[str, str]:
    with speaking(LANGUAGES[code]):
        return {
            "heading": gettext("Thank you. Please give the tablet back."),
            "line": gettext("Nothing that you said can be seen on it."),
        }


def _shell() -> ShellFiles:
    """Return the files, put together when they are first asked for."""
    found = current_app.extensions.get(_EXTENSION)
    if found is None:
        found = current_app.extensions[_EXTENSION] = _put_together()
    assert isinstance(found, ShellFiles)  # noqa: S101 - put there above and nowhere else; this tells the type checker
    return found


def _put_together() -> ShellFiles:
    said = {name: json.dumps(words, ensure_ascii=False) for name, words in said_to_children().items()}
    files = {name: (_SCRIPT_TYPE, _joined(parts)) for name, parts in _BUNDLES.items()}
    files["tablet.css"] = ("text/css", (_STATIC / "css" / "tablet.css").read_text(encoding="utf-8"))
    files["tablet.webmanifest"] = ("application/manifest+json", json.dumps(_manifest()))
    addresses = {name: f"/tablet/files/{name}?v={_short_hash(text)}" for name, (_, text) in files.items()}
    page = _page(addresses)
    kept = ["/tablet", *addresses.values(), *(asset_address(icon) for icon in (*_ICONS, _MASKABLE))]
    parts = _joined(_WORKER_PARTS)
    version = _short_hash("\n".join((page, parts, *said.values(), *kept)))
    facts = {"VERSION": version, "SHELL_FILES": kept, "KIOSK_SCRIPT": addresses["kiosk.js"]}
    lines = [f"const {name} = {json.dumps(value)};" for name, value in facts.items()]
    lines.append("const SAID = {" + ", ".join(f"{json.dumps(code)}: {words}" for code, words in said.items()) + "};")
    return ShellFiles(version, page, "\n".join((*lines, parts)), files)


def _page(files: dict[str, str]) -> str:
    settings = platform().settings
    return render_template(
        "tablets/shell.html",
        files=files,
        languages=LANGUAGES.values(),
        give={code: _give_back(code) for code in LANGUAGES},
        asset_address=asset_address,
        board_name=settings.board_name,
        demonstration=settings.demonstration,
    )


def _manifest() -> dict[str, object]:
    """Describe the start page to whoever puts it on a tablet's home screen; the name tells nobody what it is for."""
    icons = [
        {"src": asset_address(name), "sizes": size, "type": "image/png", "purpose": "any"}
        for name, size in _ICONS.items()
    ]
    icons.append({"src": asset_address(_MASKABLE), "sizes": "512x512", "type": "image/png", "purpose": "maskable"})
    return {
        "id": "/tablet",
        "name": "Questions",
        "short_name": "Questions",
        "start_url": "/tablet",
        "scope": "/tablet",
        "display": "fullscreen",
        "display_override": ["fullscreen", "standalone"],
        "background_color": "#fdf7ec",
        "theme_color": "#fdf7ec",
        "icons": icons,
    }


def _joined(parts: tuple[str, ...]) -> str:
    texts = ((_SCRIPTS / name).read_text(encoding="utf-8") for name in parts)
    return '"use strict";\n' + "\n".join(texts)


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_NAME_LETTERS]
