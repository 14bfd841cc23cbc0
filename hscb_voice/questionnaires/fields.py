"""How an answer arrives from a page: one WTForms field a kind, in a dictionary.

A field only gathers what the browser sent under its names; whether that is an answer is the kind's own check, so
that pages, tablets and imports are judged alike. Fields draw nothing: the page's macros do.

Names on the page: `q2` for most kinds, `q3-1` for a grid's row, `q4_own-0` for a line of one's own.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Self

from wtforms import Field
from wtforms.form import BaseForm
from wtforms.utils import unset_value

from hscb_voice.questionnaires.definition import Kind, Question
from hscb_voice.questionnaires.errors import AnswerError, Reason
from hscb_voice.questionnaires.kinds import KINDS, Answers, is_asked

# A field that is not yet bound to a form. WTForms has a class for it that its published types describe otherwise.
Unbound = Any


class AnswerField(Field):
    """The answer to one question; `data` is what was sent, and after validation the form in which it is kept."""

    def __init__(self, question: Question, **binding: Any) -> None:  # noqa: ANN401 - WTForms hands its own binding on
        """Remember the question."""
        super().__init__(**binding)
        self.question = question
        self.reason: Reason | None = None  # why the answer cannot be kept, as it can be said in any language

    def gather(self, formdata: Any) -> object:  # noqa: ANN401 - WTForms wraps the form's values without a type
        """Return what was sent for this question, as its kind's check takes it."""
        given = formdata.getlist(self.name)
        return given[0] if len(given) == 1 else given or None

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Sequence[Any] | None = None) -> None:  # noqa: ANN401 - WTForms' own signature
        """Take the values of a page (`formdata`) or of a message (`data`)."""
        del extra_filters
        self.process_errors = []
        if formdata is not None:
            self.data = self.gather(formdata)
        else:
            self.data = None if data is unset_value else data

    def validate(self, form: BaseForm, extra_validators: Sequence[Any] = ()) -> bool:
        """Judge the answer by its kind's check, which is all there is to judge: no field here has other validators."""
        del form, extra_validators
        try:
            self.data = KINDS[self.question.kind].check(self.question, self.data)
        except AnswerError as fault:
            self.reason = fault.reason
            self.errors = [str(fault.reason)]
            return False
        self.errors = ()
        return True


class SeveralField(AnswerField):
    """Any number of options."""

    def gather(self, formdata: Any) -> object:  # noqa: ANN401 - as above
        """Return all options that were ticked."""
        return formdata.getlist(self.name)


class GridField(AnswerField):
    """One point of a scale for each row."""

    def gather(self, formdata: Any) -> object:  # noqa: ANN401 - as above
        """Return row key -> point, for the rows that were sent."""
        names = {row.key: f"{self.name}-{row.key}" for row in self.question.rows}
        return {row: formdata.getlist(name)[0] for row, name in names.items() if name in formdata}


class BlanksField(AnswerField):
    """Lines of one's own."""

    def gather(self, formdata: Any) -> object:  # noqa: ANN401 - as above
        """Return the lines in order."""
        names = (f"{self.name}-{line}" for line in range(self.question.blanks))
        return [formdata.getlist(name)[0] for name in names if name in formdata]


FIELDS: Mapping[Kind, type[AnswerField]] = {
    Kind.FACES_SET: SeveralField,
    Kind.FACES_SCALE: AnswerField,
    Kind.ONE_OF: AnswerField,
    Kind.SOME_OF: SeveralField,
    Kind.GRID: GridField,
    Kind.BLANKS: BlanksField,
    Kind.DAYS_BEFORE: AnswerField,
    Kind.SHORT_TEXT: AnswerField,
    Kind.LONG_TEXT: AnswerField,
    Kind.YES_NO: AnswerField,
}


def fields_for(questions: Sequence[Question]) -> dict[str, Unbound]:
    """Make the fields of some questions, to be bound anew for every sitting.

    Args:
        questions: in the order in which they are asked.

    Returns:
        Question key -> unbound field.
    """
    # Without a form to stand in, a WTForms field is made unbound; its types do not say so.
    made: dict[str, Unbound] = {question.key: FIELDS[question.kind](question) for question in questions}
    return made


class AnswersForm(BaseForm):
    """All answers of one sitting. Its fields are in `form[key]`, never attributes, so that any key is possible."""

    def __init__(self, fields: Mapping[str, Unbound]) -> None:
        """Bind the fields of one version and age.

        Args:
            fields: what `fields_for` made of the questions of that age.
        """
        super().__init__(fields)
        self._kept: Answers = {}

    def process(
        self,
        formdata: Any = None,  # noqa: ANN401 - as above
        obj: object = None,
        data: Mapping[str, Any] | None = None,
        extra_filters: Any = None,  # noqa: ANN401 - as above
        **more: object,
    ) -> None:
        """Have each field take its values: of a page (`formdata`), or of a message (`data`)."""
        del obj, extra_filters, more
        given = data or {}
        for key, field in self._fields.items():
            field.process(formdata, given.get(key, unset_value))

    def for_a_sitting(self) -> Self:
        """Return this form for one sitting, with fields of its own: binding them anew would cost more than judging.

        Only of a form in which nothing has been filled in.
        """
        fresh = object.__new__(type(self))
        fresh.__dict__.update(self.__dict__, form_errors=[], _kept={})
        fresh._fields = {key: _twin(field) for key, field in self._fields.items()}
        return fresh

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - WTForms' own signature
        """Judge every answer; the errors are in `errors`, by question key."""
        del extra_validators
        fine = True
        before: Answers = {}
        for key, field in self._fields.items():
            assert isinstance(field, AnswerField)  # noqa: S101 - `fields_for` makes no others; this tells the type checker
            is_right = field.validate(self)
            fine = fine and is_right
            question = field.question
            if not is_right or not is_asked(question, before):
                continue
            if field.data is not None:
                before[key] = field.data
            elif question.required:
                field.reason = Reason("Please choose an answer here. Any answer is fine.")
                field.errors = [str(field.reason)]
                fine = False
        self._kept = before
        return fine

    @property
    def reasons(self) -> dict[str, list[Reason]]:
        """Return why answers cannot be kept, by question key. Only after `validate`."""
        return {
            key: [field.reason]
            for key, field in self._fields.items()
            if isinstance(field, AnswerField) and field.reason is not None
        }

    def kept(self) -> Answers:
        """Return the answers in the form in which they are kept. Only after a good `validate`."""
        return self._kept


def _twin(field: Field) -> Field:
    # `copy` would make it by its class, and a field's class makes an unbound one outside a form.
    fresh: Field = object.__new__(type(field))
    fresh.__dict__.update(field.__dict__)
    return fresh
