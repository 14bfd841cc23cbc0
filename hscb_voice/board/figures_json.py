"""Figures as JSON: the stable form for other programs, described in docs/figures-json.md. It only rewrites."""

from typing import Any

from hscb_voice.board.figures import Count, Distribution, Figures, QuestionFigures
from hscb_voice.board.periods import AskedPeriod
from hscb_voice.board.splits import Split
from hscb_voice.questionnaires.definition import Kind

_PLACES = 4  # of shares; their counts stand beside them


def as_json(figures: Figures, asked: AskedPeriod) -> dict[str, Any]:
    """Return figures as plain values.

    Args:
        figures: guarded figures.
        asked: which days were asked for, and which period answers.

    Returns:
        What `json.dumps` takes. A hidden number is null and never 0.
    """
    period = figures.period
    return {
        "slug": figures.slug,
        "title": figures.title,
        "respondent": figures.respondent,
        "period": {
            "from": period.start.isoformat(),
            "to": period.end.isoformat(),
            "label": period.label,
            "asked_from": asked.asked_from.isoformat(),
            "asked_to": asked.asked_to.isoformat(),
        },
        "as_of": figures.as_of.isoformat() if figures.as_of else None,
        "responses": figures.responses,
        "invited": figures.invited,
        "response_share": _rounded(figures.response_share),
        "invented": {"share": figures.invented.value, "n": figures.invented_count},
        "top_throughout": _spread(figures.top_throughout) if figures.top_throughout else None,
        "questions": [_question(question) for question in figures.questions],
        "notes": [note for note in (asked.note, *figures.notes) if note],
    }


def split_as_json(split: Split) -> dict[str, Any]:
    """Return a split as plain values.

    Args:
        split: guarded figures of each line.

    Returns:
        What `json.dumps` takes: of each question that can be split, one row a line.
    """
    figures = split.figures
    period = figures.period
    return {
        "slug": figures.slug,
        "title": figures.title,
        "period": {"from": period.start.isoformat(), "to": period.end.isoformat(), "label": period.label},
        "as_of": figures.as_of.isoformat() if figures.as_of else None,
        "responses": figures.responses,
        "by": split.cut.value,
        "lines": [{"key": one.key, "name": one.name, "n": one.n, "holds": list(one.holds)} for one in split.lines],
        "questions": [
            {
                "key": question.key,
                "text": question.text,
                "rows": [{"key": row.key, "text": row.text} | _spread(row) for row in question.rows],
            }
            for question in split.questions
        ],
        "not_split": list(split.whole),
        "notes": list(figures.notes),
    }


def _question(question: QuestionFigures) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "key": question.key,
        "text": question.text,
        "kind": question.kind.value,
        "base": question.base,
    }
    if question.kind is Kind.GRID:
        return whole | {"rows": [{"key": row.key, "text": row.text} | _spread(row) for row in question.rows]}
    return whole | (_spread(question.rows[0]) if question.rows else {"out_of": None, "options": []})


def _spread(row: Distribution) -> dict[str, Any]:
    return {"base": row.base, "out_of": row.out_of, "options": [_count(count) for count in row.counts]}


def _count(count: Count) -> dict[str, Any]:
    share = count.share
    return {
        "key": count.key,
        "text": count.text,
        "n": count.n,
        "share": _rounded(share.value if share else None),
        "low": _rounded(share.low if share else None),
        "high": _rounded(share.high if share else None),
        "hidden": count.hidden,
        "at_least": count.at_least,
    }


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, _PLACES)
