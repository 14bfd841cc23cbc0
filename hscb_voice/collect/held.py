"""What is said when words cannot be kept, and the bounds of what is taken. Whatever is wrong, no word is lost.

The page that comes back holds every word that was sent. It says what to do in plain words, and never a code.
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl

from flask import Request
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

LARGEST_BODY = 64 * 1024
# What is longer is not kept, but up to this it is read, so that it can be given back to whoever wrote it.
_LARGEST_READ = 4 * LARGEST_BODY
_MOST_FIELDS = 500
# The box for a new code, on the page of a link that has been closed. No question can have this key.
CODE_FIELD = "-new-code"
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Notice:
    """What a page that holds words says above them."""

    status: int
    heading: str
    lines: tuple[str, ...]
    button: str
    asks_code: bool = False


@dataclass(frozen=True)
class Closed:
    """Why a form cannot be opened, and what to do."""

    status: int
    heading: str
    lines: tuple[str, ...]


def not_now() -> Notice:
    """Return the notice for: nothing can be stored just now."""
    line = gettext(
        "Your words are still on this page. Please wait a minute, then try again. You need not write anything twice."
    )
    return Notice(503, gettext("We cannot keep it just now"), (line,), gettext("Try again now"))


def our_fault() -> Notice:
    """Return the notice for: something of ours broke."""
    return Notice(500, *_parts_of(not_now()))


def wait_a_minute() -> Notice:
    """Return the notice for: too many wrong codes came from the same place."""
    lines = (
        gettext("Too many wrong codes came from where you are. Please wait a minute. Then it goes on."),
        gettext("Your words are still on this page."),
    )
    return Notice(429, gettext("Please wait a minute"), lines, gettext("Try again now"))


def too_long() -> Notice:
    """Return the notice for: there are too many words."""
    lines = (
        gettext("There are more words here than we can take at once."),
        gettext("Your words are still on this page. Please make them a little shorter, then send them."),
    )
    return Notice(413, gettext("That is a lot to tell"), lines, gettext("Send my answers"))


def closed() -> Notice:
    """Return the notice for: the link leads nowhere any more."""
    lines = (
        gettext("This link has been closed. We could not keep your answers. Your words are still on this page."),
        gettext("Ask the person who gave you the link for a new code. Type it here and send again."),
        gettext("Is it important? Then show this page to a grown-up you trust."),
    )
    return Notice(410, gettext("This link does not work any more"), lines, gettext("Send my answers"), asks_code=True)


def taken_back() -> Notice:
    """Return the notice for: this answer was taken back before, so it is not kept again."""
    lines = (
        gettext("You took this answer back before. So we did not keep it again."),
        gettext("Your words are still on this page. If you want to tell us again, press the button."),
    )
    return Notice(410, gettext("This answer was taken back"), lines, gettext("Tell us again"))


def read_form(request: Request) -> tuple[MultiDict[str, str], bool]:
    """Read what a page sent, within bounds.

    Args:
        request: the sending.

    Returns:
        The fields, and whether there is more than can be kept.

    Raises:
        UnsupportedMediaType: it is no form of ours; files are never taken.
        RequestEntityTooLarge: it is far too long, or falls into far too many parts, to be given back.
    """
    if request.mimetype not in {"", _FORM}:
        raise UnsupportedMediaType
    request.max_content_length = _LARGEST_READ
    body = request.get_data()
    if body.count(b"&") >= _MOST_FIELDS:
        raise RequestEntityTooLarge
    # Read here and not by Werkzeug, which takes twice as long to get ready for files. A byte that is no letter must not
    # cost the words around it.
    fields = parse_qsl(body.decode(errors="replace"), keep_blank_values=True, errors="replace")
    return MultiDict(fields), len(body) > LARGEST_BODY


def _parts_of(notice: Notice) -> tuple[str, tuple[str, ...], str]:
    return notice.heading, notice.lines, notice.button
