"""Gives somebody's words back when their form could not be taken: an old page, a session that ran out, a database down.

A note about a child is not written twice with the same care. Nothing is kept here: the page itself holds the words.
Passwords, codes and tokens are never given back.
"""

from dataclasses import dataclass

from flask import current_app, render_template, request

from hscb_voice.staff.access import declared_access
from hscb_voice.staff.roles import Permission

_SECRET = ("password", "csrf_token", "code", "token", "secret", "credential")
_ENOUGH = 3  # shorter than this nobody has written anything


@dataclass(frozen=True)
class Field:
    """One field that was sent."""

    name: str
    value: str
    is_words: bool


def has_words() -> bool:
    """Tell whether this request carries words that somebody wrote, and that may be shown again.

    Only what was sent to a guarded page counts: signing in gives nothing back.
    """
    if request.method != "POST" or request.endpoint is None:
        return False
    is_guarded = isinstance(declared_access(current_app, request.endpoint), Permission)
    return is_guarded and any(field.is_words for field in _fields())


def held_page(heading: str, line: str, *, is_signed_out: bool = False) -> str:
    """Render the page that holds what was sent and can send it again, with a token of its own.

    Args:
        heading: what happened.
        line: what to do.
        is_signed_out: whether the person must sign in first, on another page.
    """
    return render_template(
        "staff/held.html",
        heading=heading,
        line=line,
        fields=_fields(),
        tokens=[name for name in request.form if name.endswith("csrf_token")] or ["csrf_token"],
        is_signed_out=is_signed_out,
    )


def _fields() -> list[Field]:
    return [
        Field(name, value, _looks_like_words(value))
        for name, value in request.form.items(multi=True)
        if value and not any(secret in name.casefold() for secret in _SECRET)
    ]


def _looks_like_words(value: str) -> bool:
    text = value.strip()
    return len(text) > _ENOUGH and any(letter.isspace() for letter in text)
