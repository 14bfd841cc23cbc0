"""Say what went wrong in the language room.

Why: callers (the command line, the themes and safeguarding rooms) must tell a bad line or a bad codebook from a bug.
May not: hold or print the text of an answer. This room imports no other, so its errors have a root of their own.
"""


class LanguageError(ValueError):
    """Something the language room was given cannot be read."""


class BadCommentError(LanguageError):
    """A comment lacks a field, or a field has the wrong type or value."""


class BadCodebookError(LanguageError):
    """A codebook breaks its schema, or one of its patterns cannot be compiled."""


class BadLessonError(LanguageError):
    """A labelled comment to learn from is wrong; the message names its line."""
