"""Refuses bodies that no form of ours sends: files, packed bodies, and forms that fall into very many parts.

How long a body may be stands with the application's other settings (`MAX_CONTENT_LENGTH`, 64 KB); respondents' forms
are read in the collect room, which gives words back that are too many.
"""

from flask import Flask, request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

_MOST_FIELDS = 2000
_FORM = "application/x-www-form-urlencoded"
_FILES = "multipart/"


def install_body_bounds(app: Flask) -> None:
    """Look at every body before anything else reads it.

    Args:
        app: the application.
    """
    app.before_request(_refuse_what_is_no_form)


def _refuse_what_is_no_form() -> None:
    if request.mimetype.startswith(_FILES) or request.content_encoding:
        raise UnsupportedMediaType
    is_ours_to_count = request.mimetype == _FORM and request.endpoint != "collect.take_answers"
    # Counted before it is taken apart, because taking apart is what would cost.
    if is_ours_to_count and request.get_data().count(b"&") >= _MOST_FIELDS:
        raise RequestEntityTooLarge
