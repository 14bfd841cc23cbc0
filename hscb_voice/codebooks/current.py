"""The codebook in force, for pages: asked of the database once a request."""

from flask import g

from hscb_voice.codebooks import queries
from hscb_voice.language.codebook import Codebook
from hscb_voice.web.current import platform


def codebook_now() -> Codebook:
    """Return the codebook by which comments are read now."""
    if "codebook_now" not in g:
        with platform().database.reading() as connection:
            g.codebook_now = queries.codebook_in_force(connection)
    book: Codebook = g.codebook_now
    return book


def theme_titles_now() -> dict[str, str]:
    """Return the names of all themes that there are or ever were, by id; those that are gone say so."""
    if "theme_titles_now" not in g:
        with platform().database.reading() as connection:
            g.theme_titles_now = queries.theme_titles(connection)
    return dict(g.theme_titles_now)
