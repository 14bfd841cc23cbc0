"""The pack for young people: two pages that a child of nine can read, made of figures for the public.

Every sentence is short; numbers are rounded by the public's rules (`board/public.py`), for it is handed on. Names of
themes are said in a child's words; a theme that has none is left out rather than said in ours.
"""

from collections.abc import Iterable, Sequence

from hscb_voice.actions.queries import PublicLine
from hscb_voice.actions.statuses import LOOKS
from hscb_voice.board.figures import Figures
from hscb_voice.board.public import PublicFigures, for_the_public
from hscb_voice.board.sentences import scale_rows
from hscb_voice.packs.composing import Asked, Heard, facts_of
from hscb_voice.packs.document import Bar, Bars, Block, Bullets, Document, Paragraph, Piece, Quote, Section
from hscb_voice.questionnaires.definition import Kind

_MOST = 3
_MOST_FACES = 5
_MOST_QUOTES = 2
_MOST_DONE = 6
_LONGEST_QUOTE = 100
_LONGEST_QUESTION = 8  # words
_IN_A_CHILDS_WORDS = {
    "listened_to": "being heard",
    "influence": "making things change",
    "worker": "their worker",
    "feelings": "how they feel",
    "safe": "being safe",
    "online_safety": "being safe on the web",
    "domestic_abuse": "fights at home",
    "family": "their family",
    "parenting": "how grown-ups bring them up",
    "home": "where they live",
    "school": "school",
    "activities": "games and fun",
    "more_sessions": "wanting more time",
    "visits": "when their worker comes",
    "information": "being told things",
    "process": "big meetings and plans",
    "changes_of_worker": "a new worker",
    "independence": "living on their own",
    "respect": "being treated well",
}


def young_pack(heard: Heard, asked: Asked, done: Sequence[PublicLine], look: str = "child") -> Document:
    """Put the pack for young people together.

    Args:
        heard: what was heard in its period.
        asked: for whom and when.
        done: what is told on the public page, worded for them.
        look: for which age.

    Returns:
        The document.
    """
    document = for_the_public(heard.now)
    sections = [
        Section("You told us", tuple(_told(document))),
        Section("How children felt", tuple(_faces(document))),
        Section("What children spoke of most", tuple(_themes(document))),
        Section("In their own words", tuple(_words(document))),
        Section("What we did", tuple(_done(done))),
        Section("If you need someone now", (Bullets(_HELP),)),
    ]
    return Document(
        style="young",
        title="You told us. This is what we heard.",
        board=asked.board,
        period=asked.period.label,
        period_name=asked.period.name,
        facts=(("For", LOOKS[look]), *facts_of(asked)[:1]),
        sections=tuple(section for section in sections if section.blocks),
    )


_HELP = (
    "In danger now? Ring 999.",
    "Ring Childline on 0800 1111. It is free, day and night.",
    "Or tell a grown-up you trust.",
)


def _told(document: PublicFigures) -> Iterable[Block]:
    n = next((number for name, number in document.by_respondent if name.startswith("children")), None)
    yield Paragraph(f"About {n} children told us what they think." if n else "Some children told us what they think.")
    yield Paragraph("We read every word. We hide all names.")
    yield Paragraph("We do not show small numbers. We round the others to 5, 10, 15 and so on.")
    if document.invented == "all":
        yield Paragraph("This is made up. It shows how the page looks.")
    lines = [line for figures in _of_children(document) for line in _yes_lines(figures)]
    if lines:
        yield Bullets(tuple(lines[:_MOST]))


def _of_children(document: PublicFigures) -> list[Figures]:
    return [one for one in document.figures if one.respondent == "child"]


def _yes_lines(figures: Figures) -> Iterable[str]:
    """Say of questions that were asked in a child's words about how many said the best answer."""
    for question, row in scale_rows(figures):
        best = next((count for count in row.counts if count.tone == 2), None)  # noqa: PLR2004 - the best answer's tone
        if best is None or not best.n or not row.base or question.kind is Kind.GRID:
            continue
        if len(row.text.split()) <= _LONGEST_QUESTION:
            yield f"“{row.text}” About {best.n} of {row.base} said “{best.text}”."


def _faces(document: PublicFigures) -> Iterable[Block]:
    for figures in _of_children(document)[:1]:
        for question in figures.questions:
            if question.kind is not Kind.FACES_SET or not question.rows or not question.rows[0].out_of:
                continue
            row = question.rows[0]
            shown = sorted((c for c in row.counts if c.n), key=lambda c: -(c.n or 0))[:_MOST_FACES]
            bars = tuple(
                Bar(
                    f"{count.text}: about {count.n}",
                    f"{count.text}: about {count.n}",
                    (Piece(0, round(100 * (count.n or 0) / (row.out_of or 1), 2), "good"),),
                )
                for count in shown
            )
            if not bars:
                return
            yield Paragraph("You could pick more than one face. All feelings are okay.")
            yield Bars("Faces that children picked", ". ".join(bar.said for bar in bars) + ".", (), bars)


def _themes(document: PublicFigures) -> Iterable[Block]:
    heard = next((themes for respondent, themes in document.themes if respondent == "child"), ())
    named = [theme for theme in heard if theme.id in _IN_A_CHILDS_WORDS]
    if named:
        yield Bullets(tuple(f"About {one.count.n} spoke of {_IN_A_CHILDS_WORDS[one.id]}." for one in named[:_MOST]))


def _words(document: PublicFigures) -> Iterable[Block]:
    short = [one for one in document.quotes if one.respondent == "child" and len(one.words) <= _LONGEST_QUOTE]
    for one in short[:_MOST_QUOTES]:
        yield Quote(one.words, "A child said this" + (" (made up)" * one.invented))


def _done(done: Sequence[PublicLine]) -> Iterable[Block]:
    for line in done[:_MOST_DONE]:
        yield Paragraph(line.we_did, line.you_said)
    if not done:
        yield Paragraph("The Board will meet and talk about what you said. Then we will tell you.")
