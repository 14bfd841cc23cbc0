"""Renders respondents' pages: the form and the thanks once per version, age and language, the rest when needed.

It draws and remembers; it reads no database and decides nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import current_app, render_template
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from hscb_voice.collect.forms import for_somebody_else
from hscb_voice.collect.held import CODE_FIELD, Closed, Notice
from hscb_voice.collect.prepared import GAP, PreparedPage
from hscb_voice.collect.trimming import trimmed
from hscb_voice.collect.ways import Memory
from hscb_voice.questionnaires.definition import Definition, Question
from hscb_voice.questionnaires.errors import Reason
from hscb_voice.questionnaires.queries import PublishedVersion
from hscb_voice.web.languages import Language, speaking, words_in
from hscb_voice.web.respondent_look import look_of

# Eleven questionnaires, a few ages and languages each, and the versions before: a bound that is never met in use.
_LONGEST_SHELF = 400
_NOTHING_GIVEN: MultiDict[str, str] = MultiDict()


@dataclass(frozen=True)
class Form:
    """One form as one person sees it."""

    version: PublishedVersion
    variant: str | None
    language: Language
    chooses_age: bool = True  # False when the invitation already says which age's form it is
    easy: bool = False  # fewer and bigger, with pictures: the youngest have it, others may choose it
    point: str = ""  # in the work, as the invitation says; some points have a shorter form
    exit_address: str = ""  # where “Leave this page” leads; empty for where pages of no service lead
    is_recorded: bool = False  # by a worker, for somebody who says it aloud

    @property
    def definition(self) -> Definition:
        """Return what is asked."""
        return self.version.definition

    @property
    def questions(self) -> tuple[Question, ...]:
        """Return the questions of this age; the easy ones, with their pictures, where that was chosen."""
        asked = self.definition.asked_of(self.variant, self.point)
        if self.is_recorded:
            asked = tuple(map(for_somebody_else, asked))
        return tuple(q for q in asked if q.easy) if self.is_easy else tuple(_without_pictures(q) for q in asked)

    @property
    def is_easy(self) -> bool:
        """Tell whether the page is the easy one."""
        return self.easy or self.definition.look_of(self.variant) == "young_child"

    @property
    def who(self) -> str:
        """Return who answers this form."""
        return self.definition.respondent_of(self.variant)


@dataclass(frozen=True)
class Mending:
    """What a person sent that cannot be kept as it is, and why."""

    given: MultiDict[str, str]
    sitting: str
    troubles: Mapping[str, Sequence[Reason]]
    notice: str = ""


class Pages:
    """The shelf of rendered pages."""

    def __init__(self, board_name: str, *, demonstration: bool) -> None:
        """Remember what stands on every page."""
        self._everywhere = {"board_name": board_name, "demonstration": demonstration}
        self._shelf: Memory[tuple[object, ...], PreparedPage] = Memory(_LONGEST_SHELF)

    def form(self, form: Form) -> PreparedPage:
        """Return the form's page, rendered when it is first asked for; its gap takes the sitting's id."""
        version = form.version
        shown = (
            form.variant,
            form.language.code,
            form.chooses_age,
            form.is_easy,
            form.point,
            form.exit_address,
            form.is_recorded,
        )
        key = ("form", version.content_hash, version.id, *shown)
        known = self._shelf.last(key)
        if known is not None:
            return known
        html, policy = look_of(current_app).fitted(trimmed(self._draw(form, None)))
        return self._shelf.put(key, PreparedPage(html, policy))

    def thanks(self, form: Form, *, worried: bool) -> PreparedPage:
        """Return the page that thanks; its gap takes the receipt.

        Args:
            form: what was answered.
            worried: whether a tick asked for somebody, or words sound worrying.
        """
        definition = form.definition
        shown = (
            definition.look_of(form.variant),
            form.who,
            form.language.code,
            form.is_easy,
            form.exit_address,
            form.is_recorded,
        )
        key = ("thanks", *shown, worried)
        known = self._shelf.last(key)
        if known is not None:
            return known
        html = self._page("collect/thanks.html", form, worried=worried, receipt=GAP)
        return self._shelf.put(key, PreparedPage(trimmed(html), look_of(current_app).policy))

    def thanks_without_words(self, form: Form, *, worried: bool) -> str:
        """Return the page that thanks for an answer whose receipt is not known yet: on a tablet that is offline.

        Args:
            form: what was answered.
            worried: whether a tick asked for somebody.
        """
        return trimmed(self._page("collect/thanks.html", form, worried=worried, receipt=""))

    def mend(self, form: Form, mending: Mending) -> str:
        """Render the form again with every word that was sent, and what is wrong."""
        return self._draw(form, mending)

    def already(self, form: Form, *, worried: bool) -> str:
        """Render the page for a sitting whose answers are here already.

        Args:
            form: what was answered.
            worried: whether what came now sounds worrying.
        """
        return self._page("collect/already.html", form, worried=worried)

    def held(self, sent: MultiDict[str, str], language: Language, notice: Notice) -> str:
        """Render the page that holds what was sent when it could not be kept.

        Args:
            sent: every field of the form.
            language: of the page.
            notice: why, and what to do.
        """
        given = [(name, value) for name, value in sent.items(multi=True) if value and name != CODE_FIELD]
        fields = [(name, value, _looks_like_words(value)) for name, value in given]
        return self._plain("collect/held.html", language, sent=fields, notice=notice, code_field=CODE_FIELD)

    def front(self, language: Language, **content: object) -> str:
        """Render the front door."""
        return self._plain("collect/front.html", language, **content)

    def browsing(self, language: Language) -> str:
        """Render the page about looking at pages so that nobody else sees which."""
        return self._plain("collect/browsing.html", language)

    def closed(self, language: Language, closed: Closed, typed: str = "") -> str:
        """Render the page of a code that opens no form.

        Args:
            language: of the page.
            closed: why, and what to do.
            typed: the code, to be mended.
        """
        return self._plain("collect/closed.html", language, closed=closed, typed=typed)

    def privacy(self, language: Language, contact: str) -> str:
        """Render the page that tells what happens to what somebody says here.

        Args:
            language: of the page.
            contact: how the Board's data-protection officer is reached; empty when the installation does not say.
        """
        return self._plain("collect/privacy.html", language, contact=contact)

    def trouble(self, language: Language, heading: str, lines: Sequence[str]) -> str:
        """Render a page that says what cannot be done, with help and no code."""
        return self._plain("errors/respondent.html", language, heading=heading, lines=lines)

    def _draw(self, form: Form, mending: Mending | None) -> str:
        questions = form.questions
        notice = mending.notice if mending else ""
        troubles = _said(mending.troubles, form) if mending else {}
        if mending and not troubles:
            troubles = {"": [notice]}
        faces = {option.face.value for q in questions for option in q.options if option.face}
        return self._page(
            "collect/questions.html",
            form,
            questions=questions,
            faces=sorted(faces),
            shown=_pictures_of(questions),
            variants=form.definition.variants if form.chooses_age else (),
            variant=form.variant,
            version=form.version.id,
            given=mending.given if mending else _NOTHING_GIVEN,
            sitting=mending.sitting if mending else GAP,
            troubles=troubles,
            notice=notice,
        )

    def _page(self, template: str, form: Form, **content: object) -> str:
        definition = form.definition
        with speaking(form.language, form.who):
            return render_template(
                template,
                definition=definition,
                words=words_in(definition.slug),
                look=definition.look_of(form.variant),
                who=form.who,
                language=form.language,
                easy=form.is_easy,
                exit_address=form.exit_address,
                is_recorded=form.is_recorded,
                **self._everywhere,
                **content,
            )

    def _plain(self, template: str, language: Language, **content: object) -> str:
        with speaking(language):
            return render_template(template, language=language, look="child", **self._everywhere, **content)


def _said(troubles: Mapping[str, Sequence[Reason]], form: Form) -> dict[str, list[str]]:
    with speaking(form.language, form.who):
        return {
            key: [str(gettext(reason.words, **reason.values)) for reason in reasons]
            for key, reasons in troubles.items()
        }


def _without_pictures(question: Question) -> Question:
    options = tuple(option.model_copy(update={"picture": None}) for option in question.options)
    return question.model_copy(update={"picture": None, "options": options})


def _pictures_of(questions: Sequence[Question]) -> list[str]:
    found = {q.picture for q in questions} | {o.picture for q in questions for o in q.options if not o.face}
    return sorted(picture for picture in found if picture)


def _looks_like_words(value: str) -> bool:
    return " " in value or "\n" in value or not value.isascii()
