"""Staff pages about learning: how each theme's model fares, its switch, and phrases that wait for a decision.

No comment is shown here. A phrase is one that at least three responses used, with no name in it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hscb_voice.codebooks.errors import CodebookEditError, DraftMovedError
from hscb_voice.codebooks.queries import codebook_in_force
from hscb_voice.language.learned_themes import POLARITY, Part, Score
from hscb_voice.staff.access import current_person, requires
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.themes import learning_queries, learning_service
from hscb_voice.themes.errors import LearningError
from hscb_voice.themes.learning_queries import Taught
from hscb_voice.web.current import platform

blueprint = Blueprint("staff_learning", __name__, url_prefix=f"{STAFF_PATH}/learning")
_FEWEST = 15
_WHOLE = "How a comment reads as a whole"


@dataclass(frozen=True)
class Line:
    """How one theme fares, as the page tells it."""

    theme: str
    name: str
    examples: int
    corrected: int
    with_model: str
    without: str
    state: str
    can_switch_on: bool
    can_switch_off: bool


@blueprint.get("/")
@requires(Permission.EDIT_CODEBOOK)
def learning() -> str:
    """Show what the machine has learned from people's codes, and which phrases it suggests."""
    with platform().database.reading() as connection:
        book = codebook_in_force(connection)
        taught = learning_queries.taught(connection)
        off = learning_queries.switched_off(connection)
        suggested = learning_queries.open_suggestions(connection)
        is_asked = learning_queries.is_learning_asked(connection)
        responses = learning_queries.with_words(connection)
    names = {POLARITY: _WHOLE, **{theme.id: theme.name for theme in book.themes}}
    return render_template(
        "themes/learning.html",
        taught=taught,
        lines=list(_lines(taught, names, off)) if taught else [],
        suggested=[one for one in suggested if one.theme in names],
        names=names,
        is_asked=is_asked,
        responses=responses,
        fewest=_FEWEST,
    )


@blueprint.post("/learn")
@requires(Permission.EDIT_CODEBOOK)
def learn() -> ResponseReturnValue:
    """Ask the worker to learn."""
    here = platform()
    with here.database.writing() as connection:
        is_new = learning_service.ask_to_learn(connection, current_person().id, here.clock)
    flash("Asked. The worker learns now; look again in a few minutes." if is_new else "The worker was asked already.")
    return redirect(url_for("staff_learning.learning"), code=303)


@blueprint.post("/<theme_id>/<any(on, off):wanted>")
@requires(Permission.EDIT_CODEBOOK)
def switch(theme_id: str, wanted: str) -> ResponseReturnValue:
    """Switch the learned model off for a theme, or on again."""
    here = platform()
    try:
        with here.database.writing() as connection:
            learning_service.switch(connection, theme_id, current_person().id, here.clock, is_on=wanted == "on")
    except LearningError:
        abort(404)
    flash("Switched on. Comments read from now on follow." if wanted == "on" else "Switched off from now on.")
    return redirect(url_for("staff_learning.learning"), code=303)


@blueprint.post("/phrases/<phrase_id>/<any(accept, reject):decision>")
@requires(Permission.EDIT_CODEBOOK)
def decide(phrase_id: str, decision: str) -> ResponseReturnValue:
    """Accept a suggested phrase into the draft of the codebook, or reject it for good."""
    here, by = platform(), current_person().id
    act = learning_service.accept if decision == "accept" else learning_service.reject
    try:
        with here.database.writing() as connection:
            phrase = act(connection, phrase_id, by, here.clock)
    except (LearningError, CodebookEditError, DraftMovedError) as trouble:
        flash(str(trouble))
    else:
        done = (
            "is in the draft of the codebook; publish the draft to use it." if decision == "accept" else "is rejected."
        )
        flash(f"“{phrase}” {done}")
    return redirect(url_for("staff_learning.learning"), code=303)


def _lines(taught: Taught, names: Mapping[str, str], off: frozenset[str]) -> Iterator[Line]:
    for theme, name in names.items():
        part = taught.parts.get(theme)
        corrected = taught.corrected.get(theme, 0)
        is_off = theme in off
        yield Line(
            theme=theme,
            name=name,
            examples=part.examples if part else 0,
            corrected=corrected,
            with_model=_score(part.with_model if part else None),
            without=_score(part.without if part else None),
            state=_state(part, corrected, is_off=is_off),
            can_switch_on=is_off,
            can_switch_off=bool(part and part.is_on and not is_off),
        )


def _score(score: Score | None) -> str:
    return "–" if score is None else f"{score.f1:.2f} ({score.low:.2f} to {score.high:.2f})"


def _state(part: Part | None, corrected: int, *, is_off: bool) -> str:
    if is_off:
        return "Switched off by a person"
    if part is None or part.with_model is None:
        return f"Too few corrections yet: {corrected} of {_FEWEST}" if corrected < _FEWEST else "Too few examples yet"
    if not part.is_on:
        return "Silent: not clearly better than without"
    return "In use" if part.removes else "In use; it only adds"
