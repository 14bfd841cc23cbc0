"""The page of a questionnaire's year split by service, age or helper. Its filters stand in the address."""

from collections.abc import Iterator
from dataclasses import replace

from flask import abort, render_template, request

from hscb_voice.board.charts import Chart, charts_of
from hscb_voice.board.errors import NoSplitError
from hscb_voice.board.figures import QuestionFigures, figures_of
from hscb_voice.board.page_frame import asked_frame
from hscb_voice.board.splits import CUT_LABELS, Cut, Split, cuts_of, only, split_of
from hscb_voice.questionnaires.errors import UnknownQuestionnaireError
from hscb_voice.staff.access import requires
from hscb_voice.staff.roles import Permission
from hscb_voice.web.current import platform

_OK, _REFUSED = 200, 422
_TWO = (
    "One at a time, please: figures split by two things at once are not given. Beside those split by each alone they "
    "would tell of a few"
)


@requires(Permission.SEE_FIGURES)
def split(slug: str) -> tuple[str, int]:
    """Show what one service, age or way of filling in said, or all of them side by side."""
    here, refusal, found = platform(), "", None
    with here.database.reading() as connection:
        frame = asked_frame(connection)
        try:
            figures = figures_of(connection, slug, frame.period)
            cut = _cut_asked()
            found = split_of(connection, slug, frame.period, cut, here.clock.today())
            chosen = request.args.get("only", "")
            shown = only(found, chosen) if chosen else found
        except UnknownQuestionnaireError:
            abort(404)
        except NoSplitError as no:
            refusal, shown = str(no), None
    more = {"figures": figures, "cuts": [(one.value, CUT_LABELS[one]) for one in cuts_of(figures)], "refusal": refusal}
    more |= {"split": found, "charts": _charts(shown) if shown else (), "by": request.args.get("by", "")}
    more |= {"label": CUT_LABELS.get(found.cut) if found else "", "chosen": request.args.get("only", "")}
    return render_template("board/split.html", **frame.around(**more)), _REFUSED if refusal else _OK


def _cut_asked() -> Cut:
    asked = request.args.getlist("by")
    if len(set(asked)) > 1:
        raise NoSplitError(_TWO)
    try:
        return Cut(asked[0] if asked else "")
    except ValueError:
        message = "Choose by what to split: service, age, or who helped to fill it in"
        raise NoSplitError(message) from None


def _charts(split: Split) -> tuple[Chart, ...]:
    """Draw each question by itself; where an answer has no good and no bad side, each line by itself."""
    charts: list[Chart] = []
    for question in split.questions:
        together = charts_of(replace(split.figures, questions=(question,)))
        apart = () if together[0].is_diverging else tuple(_apart(question))
        charts += charts_of(replace(split.figures, questions=apart)) if apart else together
    return tuple(charts)


def _apart(question: QuestionFigures) -> Iterator[QuestionFigures]:
    for place, row in enumerate(question.rows):
        text = f"{question.text} – {row.text}"
        yield replace(question, key=f"{question.key}-{place}", text=text, base=row.base, rows=(row,))
