"""Refuses bodies that no form of ours sends: files, packed bodies, and forms that fall into very many parts.

How long a body may be stands with the application's other settings (`MAX_CONTENT_LENGTH`, 64 KB); respondents' forms
are read in the collect room, which gives words back that are too many. Only a view that says `takes_files` gets a file,
only from whom the staff surface lets in, and the file stays in memory: nothing that somebody sends lies on a disk
unsealed.
"""

from collections.abc import Callable
from io import BytesIO
from typing import IO, TypeVar

from flask import Flask, Request, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

V = TypeVar("V", bound=Callable[..., object])
MayBringFiles = Callable[[], bool]
_MOST_FIELDS = 2000
_FORM = "application/x-www-form-urlencoded"
_FILES = "multipart/"
_FILE_FORM = "multipart/form-data"
_LIMIT = "largest_file_body"
_ASKED = "may_bring_files"
_MOST_PARTS = 50


class InMemoryRequest(Request):
    """A request whose files are never written to a disk on the way."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        """Give each file a place in memory; how large it may be was settled before it is read."""
        del total_content_length, content_type, filename, content_length
        return BytesIO()


def takes_files(largest_body: int) -> Callable[[V], V]:
    """Let a view take files, sent as a form with parts.

    Args:
        largest_body: how many bytes the whole body may have.

    Returns:
        The decorator; it stands below the route's own.
    """

    def mark(view: V) -> V:
        setattr(view, _LIMIT, largest_body)
        return view

    return mark


def let_bring_files(app: Flask, may: MayBringFiles) -> None:
    """Say who may send files at all; asked before the body is read.

    Args:
        app: the application.
        may: tells whether whoever sends this request may.
    """
    app.extensions[_ASKED] = may


def install_body_bounds(app: Flask) -> None:
    """Look at every body before anything else reads it.

    Args:
        app: the application.
    """
    app.request_class = InMemoryRequest
    app.before_request(_refuse_what_is_no_form)


def _refuse_what_is_no_form() -> None:
    if request.content_encoding:
        raise UnsupportedMediaType
    if request.mimetype.startswith(_FILES):
        _open_for_files()
    is_ours_to_count = request.mimetype == _FORM and request.endpoint != "collect.take_answers"
    # Counted before it is taken apart, because taking apart is what would cost.
    if is_ours_to_count and request.get_data().count(b"&") >= _MOST_FIELDS:
        raise RequestEntityTooLarge


def _open_for_files() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    limit: int | None = getattr(view, _LIMIT, None)
    may: MayBringFiles | None = current_app.extensions.get(_ASKED)
    if limit is None or request.method != "POST" or request.mimetype != _FILE_FORM or may is None or not may():
        raise UnsupportedMediaType
    request.max_content_length = limit
    request.max_form_parts = _MOST_PARTS
