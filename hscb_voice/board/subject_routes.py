"""The Board's pages about one subject each. They show, and decide nothing."""

from collections.abc import Callable
from types import MappingProxyType
from typing import Any

from flask import abort, render_template

from hscb_voice.board.cidva import MONTHS, cidva_of
from hscb_voice.board.data_quality import data_quality
from hscb_voice.board.errors import UnknownThemeError
from hscb_voice.board.in_care import in_care
from hscb_voice.board.page_frame import asked_frame, period_asked
from hscb_voice.board.split_routes import split
from hscb_voice.board.theme_story import may_open, theme_story
from hscb_voice.board.unheard import unheard_in
from hscb_voice.staff.access import current_person, requires
from hscb_voice.staff.roles import Permission
from hscb_voice.web.current import platform


@requires(Permission.SEE_FIGURES)
def theme(theme_id: str) -> str:
    """Show who spoke of one theme and how, beside earlier periods, with its quotes."""
    here, person = platform(), current_person()
    chosen = period_asked("with")
    with here.database.reading() as connection:
        frame = asked_frame(connection)
        try:
            story = theme_story(connection, here.keys, frame.period, theme_id, chosen)
        except UnknownThemeError:
            abort(404)
        opens = frozenset[str]()
        if person.may(Permission.SEE_RESPONSES):
            opens = may_open(connection, person.teams, story.quotes)
    return render_template("board/theme.html", **frame.around(story=story, opens=opens, chosen=chosen))


@requires(Permission.SEE_FIGURES)
def unheard() -> str:
    """Show of each questionnaire how many of those asked answered, and who is silent."""
    with platform().database.reading() as connection:
        frame = asked_frame(connection)
        found = unheard_in(connection, frame.period)
    return render_template("board/unheard.html", **frame.around(unheard=found))


@requires(Permission.SEE_FIGURES)
def cidva() -> str:
    """Show who answered about living with domestic abuse, beside how many children there were."""
    with platform().database.reading() as connection:
        frame = asked_frame(connection)
        found = cidva_of(connection, frame.period)
    return render_template("board/cidva.html", **frame.around(cidva=found, months=MONTHS))


@requires(Permission.SEE_FIGURES)
def care() -> str:
    """Show what children in care told, and what their Council asked."""
    here = platform()
    with here.database.reading() as connection:
        frame = asked_frame(connection)
        found = in_care(connection, here.keys, frame.period)
    return render_template("board/in_care.html", **frame.around(care=found))


@requires(Permission.SEE_FIGURES)
def quality() -> str:
    """Show how far the data can be trusted."""
    with platform().database.reading() as connection:
        frame = asked_frame(connection)
        found = data_quality(connection, frame.period)
    return render_template("board/quality.html", **frame.around(quality=found))


# Where each stands below the Board's own address.
SUBJECTS: MappingProxyType[str, Callable[..., Any]] = MappingProxyType(
    {
        "/themes/<theme_id>": theme,
        "/who-is-not-heard": unheard,
        "/domestic-abuse": cidva,
        "/children-in-care": care,
        "/data-quality": quality,
        "/<slug>/split": split,
    }
)
