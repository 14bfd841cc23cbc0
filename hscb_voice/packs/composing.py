"""Puts a meeting pack together from the Board's overview of a period: nothing in it was reckoned anywhere else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from hscb_voice.actions.queries import ActionLine
from hscb_voice.actions.statuses import Status
from hscb_voice.board.changing import Change, changes
from hscb_voice.board.conferences import IN_TIME
from hscb_voice.board.overview import Overview, overview_of
from hscb_voice.board.periods import Period, period_before
from hscb_voice.board.quotes import ShownQuote
from hscb_voice.board.sentences import WHO, percent
from hscb_voice.board.themes_heard import GroupHeard, ThemeHeard, written_about
from hscb_voice.foundation.clock import written_date
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.packs.charting import chart_blocks, conference_blocks
from hscb_voice.packs.document import Block, Bullets, Cell, Document, Paragraph, Quote, Section, Table
from hscb_voice.packs.limits import LIMITS

_MOST_HEARD = 5
_QUOTES_EACH = 2
_MOST_HEADLINES = 6
_QUOTES_MORE = 12
_WHO_SAID = {
    "child": "A child or young person",
    "parent": "A parent or carer",
    "professional": "A professional",
}
_CIDVA = "cidva-"
_IN_CARE = "my-story"


@dataclass(frozen=True)
class Asked:
    """Which pack is wanted."""

    period: Period
    board: str
    today: date
    meeting: date | None = None


@dataclass(frozen=True)
class Heard:
    """A period and the one before it."""

    now: Overview
    before: Overview
    changed: tuple[Change, ...]


def hear(connection: Connection, keys: KeyRing, period: Period) -> Heard:
    """Read what packs of a period are made of.

    Args:
        connection: a reading connection.
        keys: open the words of approved quotes.
        period: a reporting year or one of its quarters.
    """
    now = overview_of(connection, keys, period)
    before = overview_of(connection, keys, period_before(period))
    return Heard(now, before, changes(now.themes, before.themes))


def meeting_pack(heard: Heard, asked: Asked) -> Document:
    """Put the pack for a meeting together.

    Args:
        heard: what was heard in its period.
        asked: for whom and when.

    Returns:
        The document.
    """
    document = heard.now
    sections = [
        Section("In short", tuple(_headline(heard))),
        Section("The five things heard most", tuple(_heard_most(document)), begins_page=True),
        Section("What is rising, and what is falling", tuple(_changing(heard, asked.period))),
        *_questionnaires(document),
        *_conferences(document),
        Section("The children's domestic violence advisers", tuple(_of_some(document, _CIDVA))),
        Section("Children in care", tuple(_of_some(document, _IN_CARE))),
        Section("Concerns", tuple(_concerns(document))),
        Section("You said, we did", tuple(_acted(document))),
        Section("In their own words", tuple(_more_quotes(document))),
        Section("How these figures are made, and what they cannot say", (Bullets(LIMITS),)),
    ]
    return Document(
        style="meeting",
        title="What children and families say",
        board=asked.board,
        period=asked.period.label,
        period_name=asked.period.name,
        facts=facts_of(asked),
        sections=tuple(section for section in sections if section.blocks),
    )


def annual_section(heard: Heard, asked: Asked) -> Document:
    """Put the annual report's section on responses together.

    Args:
        heard: what was heard in the year.
        asked: for whom and when.
    """
    document = heard.now
    of_children = tuple(_quotes([one for one in _all_quotes(document) if one.respondent == "child"]))
    of_parents = tuple(_quotes([one for one in _all_quotes(document) if one.respondent != "child"]))
    sections = [
        Section("How many were heard", (_heard_paragraph(document), Bullets(document.sure))),
        Section("What children and young people said", (*_sentences(document, "child"), *of_children)),
        Section("What parents, carers and professionals said", (*_sentences(document, "parent"), *of_parents)),
        Section("What they wrote about", tuple(_theme_tables(document))),
        *_conferences(document),
        Section("You said, we did", tuple(_acted(document))),
        Section("How these figures are made, and what they cannot say", (Bullets(LIMITS),)),
    ]
    return Document(
        style="annual",
        title="Responses of children and young people and parents",
        board=asked.board,
        period=asked.period.label,
        period_name=asked.period.name,
        facts=facts_of(asked),
        sections=tuple(section for section in sections if section.blocks),
    )


def facts_of(asked: Asked) -> tuple[tuple[str, str], ...]:
    """Return what stands under a pack's title."""
    meeting = (("For the meeting of", written_date(asked.meeting)),) if asked.meeting else ()
    return (("Period", asked.period.label), *meeting, ("Put together on", written_date(asked.today)))


def said_by(quote: ShownQuote) -> str:
    """Return who said something, and where it was printed or that it is invented."""
    who = _WHO_SAID[quote.respondent] + (f", on {', '.join(quote.themes).lower()}" if quote.themes else "")
    return who + (f" (annual report, {quote.source})" if quote.source else "") + (" (invented)" * quote.invented)


def _headline(heard: Heard) -> Iterable[Block]:
    document = heard.now
    yield _heard_paragraph(document)
    if document.headlines:
        yield Bullets(tuple(f"{one.about}. {one.sentence}" for one in document.headlines[:_MOST_HEADLINES]))
    for sentence in document.written:
        yield Paragraph(sentence)
    yield from _quotes(document.quotes.lead)
    if document.sure:
        yield Paragraph("", "How sure we are")
        yield Bullets(document.sure)
    told = document.answering
    if told.themes:
        yield Paragraph(
            f"{told.themes} themes of a service needed a decision; {told.answered} got one.", "What is being done"
        )


def _heard_paragraph(document: Overview) -> Paragraph:
    heard = document.heard
    number = str(heard.total) if heard.total is not None else f"At least {heard.at_least}"
    by = "; ".join(f"{n} by {name}" for name, n in heard.by_respondent)
    invented = {"all": " All are invented, for demonstration.", "some": " Some are invented, for demonstration."}
    end = invented.get(str(document.invented), "")
    return Paragraph(f"{number} responses were sent{': ' + by if by else ''}.{end}", "Heard")


def _heard_most(document: Overview) -> Iterable[Block]:
    ranked = sorted(
        ((group, theme) for group in document.themes for theme in group.themes),
        key=lambda pair: -(pair[1].count.n or pair[1].count.at_least or 0),
    )
    names: dict[str, list[tuple[GroupHeard, ThemeHeard]]] = {}
    for group, theme in ranked:
        names.setdefault(theme.id, []).append((group, theme))
    for place, heard in enumerate(list(names.values())[:_MOST_HEARD], start=1):
        yield Paragraph(" ".join(_said_of(*one) for one in heard), f"{place}. {heard[0][1].name}")
        yield from _quotes(_balanced(document, heard[0][1].name))
    if not names:
        yield Paragraph("Too few wrote for any theme to be counted.")
    else:
        yield from _theme_tables(document)


def _said_of(group: GroupHeard, theme: ThemeHeard) -> str:
    of = f" of {group.written} who wrote" if group.written else ""
    sides = theme.polarity.counts if theme.polarity else ()
    told = [f"{one.text.lower()} {one.n}" for one in sides if one.n]
    return f"{WHO[group.respondent].capitalize()}: {_number(theme.count.n, theme.count.at_least)}{of}" + (
        f" ({', '.join(told)})." if told else "."
    )


def _number(n: int | None, at_least: int | None) -> str:
    return str(n) if n is not None else f"at least {at_least}"


def _balanced(document: Overview, theme: str) -> list[ShownQuote]:
    """Choose quotes on a theme of different polarity, the hard one first."""
    on_it = [one for one in _all_quotes(document) if theme in one.themes]
    chosen: dict[str, ShownQuote] = {}
    for one in on_it:
        chosen.setdefault("bad" if one.polarity in {"negative", "mixed"} else "good", one)
    return [chosen[side] for side in ("bad", "good") if side in chosen][:_QUOTES_EACH]


def _all_quotes(document: Overview) -> tuple[ShownQuote, ...]:
    quotes = document.quotes
    return (*quotes.lead, *quotes.first, *quotes.rest)


def _quotes(quotes: Iterable[ShownQuote]) -> list[Quote]:
    return [Quote(one.words, said_by(one)) for one in quotes]


def _more_quotes(document: Overview) -> Iterable[Block]:
    quotes = [*document.quotes.first, *document.quotes.rest][:_QUOTES_MORE]
    if quotes:
        yield Paragraph("Each was cleared by a person first; names and places are replaced. Good and bad take turns.")
        yield from _quotes(quotes)
    elif not document.quotes.lead:
        yield Paragraph(
            "No quotes have been cleared for this period yet. A person reads each one before it stands here."
        )


def _theme_tables(document: Overview) -> Iterable[Table]:
    for group in document.themes:
        if not group.themes:
            continue
        header = ("Theme", "Responses", "Good", "Not good", "Both", "A wish")
        rows = tuple(_theme_row(theme) for theme in group.themes)
        base = f" {group.written} wrote something that has been read." if group.written else ""
        hidden = f" Not heard, or too few to show: {', '.join(group.hidden).lower()}." if group.hidden else ""
        yield Table(f"Themes: {WHO[group.respondent]}", header, rows, (base + hidden).strip())


def _theme_row(theme: ThemeHeard) -> tuple[Cell, ...]:
    sides = {one.key: one for one in theme.polarity.counts} if theme.polarity else {}
    parts: list[Cell] = []
    for key in ("positive", "negative", "mixed", "wish"):
        count = sides.get(key)
        at_least = f"at least {count.at_least}" if count and count.n is None and count.at_least else None
        parts.append(count.n if count and count.n is not None else at_least)
    n: Cell = theme.count.n if theme.count.n is not None else f"at least {theme.count.at_least}"
    return (theme.name, n, *parts)


def _changing(heard: Heard, period: Period) -> Iterable[Block]:
    before = period_before(period).label
    if not heard.changed:
        yield Paragraph(
            f"No theme was heard surely more, or surely less, than in {before}. What looks like a change may be chance."
        )
        return
    header = ("Theme", "Who", "Before", "Now", "Change")
    rows = tuple(
        (
            one.theme,
            WHO[one.respondent],
            f"{one.before_counts[0]} of {one.before_counts[1]}",
            f"{one.now_counts[0]} of {one.now_counts[1]}",
            f"{'more' if one.is_rise else 'less'}: {_points(one.low)} to {_points(one.high)} points",
        )
        for one in heard.changed
    )
    note = f"Compared with {before}. Only changes that chance would bring in one of a hundred comparisons are named."
    yield Table("Heard more or less than before", header, rows, note)


def _points(share: float) -> str:
    return f"{share * 100:+.0f}"


def _questionnaires(document: Overview) -> Iterable[Section]:
    is_first = True
    for group in document.groups:
        for card in group.cards:
            if card.figures.slug.startswith((_CIDVA, "cp-conference-parent")) or card.figures.slug == _IN_CARE:
                continue
            blocks = [Bullets(card.sentences)] if card.sentences else []
            yield Section(
                card.figures.short_title,
                (_answered(card.figures), *blocks, *chart_blocks(card.charts)),
                begins_page=is_first,
            )
            is_first = False


def _answered(figures: object) -> Paragraph:
    responses, invited = getattr(figures, "responses", None), getattr(figures, "invited", None)
    number = "Too few to show" if responses is None else str(responses)
    asked = f" of {invited} invited" if invited is not None else "; how many were invited is not known"
    share = getattr(figures, "response_share", None)
    return Paragraph(f"{number} answered{asked}{f' ({percent(share)})' if share else ''}.")


def _of_some(document: Overview, prefix: str) -> Iterable[Block]:
    cards = [card for group in document.groups for card in group.cards if card.figures.slug.startswith(prefix)]
    for card in cards:
        answered = _answered(card.figures)
        yield Paragraph(answered.text, card.figures.short_title)
        if card.sentences:
            yield Bullets(card.sentences)
        yield from chart_blocks(card.charts)
    silent = [one.short_title for one in document.silent if one.slug.startswith(prefix)]
    if silent:
        yield Paragraph(f"Nobody answered: {', '.join(silent)}.")


def _conferences(document: Overview) -> Iterable[Section]:
    found = document.conferences
    if found is None:
        return
    blocks: list[Block] = [Paragraph(found.lost)] if found.lost else []
    if found.is_empty and not blocks:
        blocks = [Paragraph("No parent or carer answered after a conference in this period.")]
    if not found.is_empty:
        blocks += [
            Paragraph(_answered(found.initial).text, "First conferences"),
            Paragraph(_answered(found.review).text, "Reviews"),
        ]
        items = [*found.watched, *([found.days] if found.days else [])]
        first = sorted(items, key=lambda item: item.key != IN_TIME)  # the report in time stands first, its days beside
        blocks += conference_blocks(first)
    yield Section("Child protection conferences", tuple(blocks), begins_page=not found.is_empty)


def _concerns(document: Overview) -> Iterable[Block]:
    header = (
        "Kind",
        "Raised",
        "Taken up by a person",
        "Of these, the same day",
        "Ended",
        "Of these, in two working days",
    )
    rows = tuple(
        (one.label, one.raised, *(("–",) * 4 if one.is_none else _hidden_as(one))) for one in document.concerns
    )
    yield Paragraph(
        "When words, a face or a tick say that somebody may need help, a person is told. These are numbers only."
    )
    yield Table("Concerns raised, and answered in time", header, rows)


def _hidden_as(one: object) -> tuple[Cell, ...]:
    names = ("acknowledged", "in_time", "ended", "ended_in_time")
    return tuple("not shown" if (n := getattr(one, name)) is None else n for name in names)


def _acted(document: Overview) -> Iterable[Block]:
    if not document.acted:
        yield Paragraph("Nothing was decided or done in this period.")
        return
    rows = tuple((one.said, _did(one), one.status_label, _told(one)) for one in document.acted)
    yield Table("What was said, and what was done", ("Said", "Did, or why not", "How it stands", "Told"), rows)


def _did(action: ActionLine) -> str:
    if action.status is Status.CANNOT:
        return action.because
    by = f", by {written_date(action.due)}" if action.due and action.is_open else ""
    return (action.outcome or action.doing or action.goes_to or "Nobody has decided yet") + by


def _told(action: ActionLine) -> str:
    return "yes" if action.published_at else "not yet"


def _sentences(document: Overview, who: str) -> Sequence[Block]:
    told = [written_about(group) for group in document.themes if group.respondent == who]
    for group in document.groups:
        for card in group.cards:
            if card.figures.respondent == who:
                told += card.sentences
    said = tuple(sentence for sentence in told if sentence)
    return (Bullets(said),) if said else ()
