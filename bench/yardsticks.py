"""Two other ways to take the parents' form about their support worker, to measure ours against in the same run.

`hand_bound` is as little as an honest server can do for the same promises, with the same tools (Flask, SQLAlchemy
Core): a fixed page, validation by hand, one insert that a repeated sitting does not double, a receipt by which the
answer can be found again, the same figures kept up (each month, each question answered, each thing chosen), all
durable before the reply. It seals no words, screens nothing, writes no job, keeps no list of what is to be read, packs
no page and sends no protecting headers.
`naive` is what a tutorial would build: Flask-WTF renders every field on every request, the ORM stores every answer. It
keeps neither receipt nor figures, and checks no token, which spares it work.
"""

import hmac
import json
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask, redirect, render_template_string, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlalchemy import ForeignKey, Text, create_engine, event
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
from wtforms import HiddenField, RadioField, SelectMultipleField, TextAreaField, widgets
from wtforms.validators import Length, Optional

from hscb_voice.questionnaires.definition import Definition, Kind, Question
from hscb_voice.questionnaires.reading import all_definitions
from hscb_voice.responses.receipts import receipt_words

SLUG = "support-worker-parent"
_LONGEST = 5000


def questionnaire() -> Definition:
    """Return the questionnaire that all three builds ask."""
    return next(definition for definition in all_definitions() if definition.slug == SLUG)


def _durable_engine(folder: Path, name: str) -> Any:  # noqa: ANN401 - SQLAlchemy's engine, set up as ours is
    engine = create_engine(f"sqlite:///{folder / name}", connect_args={"timeout": 5})

    @event.listens_for(engine, "connect")
    def _set_up(raw: Any, _record: object) -> None:  # noqa: ANN401 - a DB-API connection has no shared type
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
            raw.execute(f"PRAGMA {pragma}")

    return engine


class _Base(DeclarativeBase):
    """Tables of the yardsticks."""


class _Row(_Base):
    __tablename__ = "bound_responses"
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    received_at: Mapped[datetime]
    body: Mapped[str] = mapped_column(Text)
    receipt: Mapped[bytes] = mapped_column(unique=True)  # a keyed hash of the words


class _Sum(_Base):
    __tablename__ = "bound_sums"
    month: Mapped[str] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(primary_key=True)
    choice: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int]


class _Response(_Base):
    __tablename__ = "naive_responses"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    answers: Mapped[list["_Answer"]] = relationship()


class _Answer(_Base):
    __tablename__ = "naive_answers"
    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("naive_responses.id"))
    question: Mapped[str]
    value: Mapped[str] = mapped_column(Text)


def _field_names(question: Question) -> list[str]:
    if question.kind is Kind.GRID:
        return [f"{question.key}-{row.key}" for row in question.rows]
    if question.kind is Kind.BLANKS:
        return [f"{question.key}-{line}" for line in range(question.blanks)]
    return [question.key]


def hand_bound(folder: Path, page: bytes) -> Flask:
    """Build the least that an honest server can do.

    Args:
        folder: where its database lies.
        page: the bytes of our own page, served as they are.

    Returns:
        The application.
    """
    app = Flask("bound")
    engine = _durable_engine(folder, "bound.db")
    _Base.metadata.create_all(engine)
    allowed = {
        name: ({o.key for o in question.options}, question.longest)
        for question in questionnaire().questions
        for name in _field_names(question)
    }
    once = insert(_Row).on_conflict_do_nothing().returning(_Row.id)
    sums = insert(_Sum)
    keys = [_Sum.month, _Sum.question, _Sum.choice]
    add = sums.on_conflict_do_update(index_elements=keys, set_={"n": _Sum.n + sums.excluded.n})
    words = receipt_words()

    @app.get("/f/<code>")
    def show(code: str) -> bytes:
        del code
        return page

    @app.post("/f/<code>")
    def take(code: str) -> ResponseReturnValue:
        del code
        answers: dict[str, list[str]] = {}
        for name, values in request.form.lists():
            if name in {"sitting", "version", "variant", "lang"}:
                continue
            options, longest = allowed[name]
            if any((options and v and v not in options) or len(v) > longest for v in values):
                return "wrong", 422
            answers[name] = values
        sitting, now = request.form["sitting"], datetime.now(UTC)
        number = int.from_bytes(hmac.digest(b"bench", sitting.encode(), "sha256"), "big")
        receipt = "-".join(words[number >> shift & 1023] for shift in (0, 10, 20))
        row = {
            "id": sitting,
            "version": int(request.form["version"]),
            "received_at": now,
            "body": json.dumps(answers),
            "receipt": hmac.digest(b"bench", receipt.encode(), "sha256"),
        }
        cells = {("", "")} | {(name, "") for name, values in answers.items() if any(values)}
        cells |= {(name, v) for name, values in answers.items() for v in values if v and allowed[name][0]}
        counts = [{"month": f"{now:%Y-%m}", "question": q, "choice": choice, "n": 1} for q, choice in sorted(cells)]
        with engine.begin() as connection:
            if connection.execute(once, row).first():
                connection.execute(add, counts)
        return f"<!doctype html><title>Thank you</title><h1>Thank you</h1><p>{receipt}</p>"

    return app


def naive(folder: Path) -> Flask:
    """Build what a tutorial would: a rendered Flask-WTF form and ORM rows.

    Args:
        folder: where its database lies.

    Returns:
        The application.
    """
    app = Flask("naive")
    app.config.update(SECRET_KEY="a key for measuring only", WTF_CSRF_ENABLED=False)  # noqa: S106 - no secret is kept by a yardstick
    engine = _durable_engine(folder, "naive.db")
    _Base.metadata.create_all(engine)
    form_class = _naive_form()
    template = (
        "<!doctype html><html lang='en'><title>{{ title }}</title><h1>{{ title }}</h1><form method='post'>"
        "{% for field in form %}<div>{{ field.label }} {{ field() }}"
        "{% for error in field.errors %}<p>{{ error }}</p>{% endfor %}</div>{% endfor %}"
        "<button>Send</button></form></html>"
    )

    @app.route("/f/<code>", methods=["GET", "POST"])
    def page(code: str) -> ResponseReturnValue:
        form = form_class()
        if form.validate_on_submit():
            with Session(engine) as session:
                response = _Response(slug=code)
                response.answers = [
                    _Answer(question=name, value=json.dumps(value)) for name, value in form.data.items() if value
                ]
                session.add(response)
                session.commit()
            return redirect("/thanks")
        return render_template_string(template, form=form, title=questionnaire().title)

    @app.get("/thanks")
    def thanks() -> str:
        return render_template_string("<!doctype html><title>Thank you</title><h1>Thank you</h1>")

    return app


def _naive_form() -> type[FlaskForm]:
    fields: dict[str, Any] = {name: HiddenField() for name in ("sitting", "version")}
    for question in questionnaire().questions:
        choices = [(option.key, option.text) for option in question.options]
        for name in _field_names(question):
            if question.takes_words:
                fields[name] = TextAreaField(question.text, [Optional(), Length(max=_LONGEST)])
            elif question.kind in {Kind.SOME_OF, Kind.FACES_SET}:
                boxes: dict[str, Any] = {"widget": widgets.ListWidget(), "option_widget": widgets.CheckboxInput()}
                fields[name] = SelectMultipleField(question.text, choices=choices, **boxes)
            else:
                fields[name] = RadioField(
                    question.text, [Optional()], choices=choices or [("yes", "Yes"), ("no", "No")]
                )
    return type("NaiveForm", (FlaskForm,), fields)


def a_full_body(version_id: int) -> dict[str, str | list[str]]:
    """Return a body that answers every kind of question, under a new sitting.

    Args:
        version_id: the version that our own page names.

    Returns:
        Form fields.
    """
    return {
        "sitting": str(uuid.uuid4()),
        "version": str(version_id),
        "carer": "female",
        **{f"q3-{row}": "very_good" for row in range(1, 6)},
        "q3a": "All visits were when I was free and worked around me and the children.",
        "q4": ["1", "2", "3", "6", "8"],
        "q5": "Routines. It helped me to look at things in a different way.",
        "q6": "More time at the end.",
        "may_quote": "yes",
        "talk": "no",
        "answered": "by_myself",
    }
