"""Turns the Board's charts into a pack's bars and tables: each chart with a table of the same numbers."""

from collections.abc import Iterable, Sequence

from hscb_voice.board.charts import Bar as BoardBar
from hscb_voice.board.charts import Chart, diverging_bar
from hscb_voice.board.conferences import Beside
from hscb_voice.board.figures import Count, Distribution
from hscb_voice.board.sentences import percent
from hscb_voice.packs.document import Bar, Bars, Block, Cell, Paragraph, Piece, Table

_LOOKS = ("worst", "poor", "middle", "good", "best", "plain")
_TONES = {2: "best", 1: "good", 0: "middle", -1: "poor", -2: "worst"}


def chart_blocks(charts: Iterable[Chart]) -> list[Block]:
    """Return charts as bars, each with its table.

    Args:
        charts: as the Board's pages draw them.

    Returns:
        Blocks; a sentence for a chart in which nothing can be shown.
    """
    blocks: list[Block] = []
    for chart in charts:
        if not chart.shows_any:
            why = "Nobody answered." if chart.is_unanswered else "Too few to show."
            blocks.append(Paragraph(why, f"{chart.title.rstrip('.')}:"))
            continue
        blocks += [_bars(chart), _table(chart)]
    return blocks


def conference_blocks(items: Sequence[Beside]) -> list[Block]:
    """Return the items of conferences, first ones beside reviews.

    Args:
        items: in the order in which they are to stand.
    """
    blocks: list[Block] = []
    for item in items:
        pair = [(name, row) for name, row in (("First", item.initial), ("Review", item.review)) if row]
        if not any(row.shows_any for _, row in pair):
            blocks.append(Paragraph("Too few to show.", f"{item.text.rstrip('.')}:"))
            continue
        bars = tuple(_bar(diverging_bar(row), name) for name, row in pair if row.shows_any)
        options = pair[0][1].counts
        blocks.append(Bars(item.text, _described(bars), _legend(options), bars, is_diverging=True))
        header = (item.text, *(name for name, _ in pair))
        rows = [(option.text, *(_cell_of(row, option.key) for _, row in pair)) for option in options]
        rows.append(("Answered", *(row.base for _, row in pair)))
        blocks.append(Table(item.text, header, tuple(rows)))
    return blocks


def _bars(chart: Chart) -> Bars:
    if chart.is_diverging:
        bars = tuple(_bar(bar, bar.row.text) for bar in chart.bars if bar.row.shows_any)
        return Bars(chart.title, _described(bars), _legend(chart.options), bars, is_diverging=True)
    bars = tuple(
        Bar(
            segment.count.text,
            f"{segment.count.text}: {_said(segment.count)}",
            (Piece(0, segment.width, segment.look.split(" ")[0]),),
            round(segment.count.share.low * 100, 2) if segment.count.share else None,
            round(segment.count.share.high * 100, 2) if segment.count.share else None,
        )
        for segment in chart.bars[0].segments
        if segment.count.n is not None or segment.count.at_least
    )
    return Bars(chart.title, _described(bars), (), bars)


def _bar(bar: BoardBar, label: str) -> Bar:
    pieces = tuple(Piece(one.x, one.width, one.look.split(" ")[0]) for one in bar.segments)
    said = "; ".join(f"{count.text}: {_said(count)}" for count in bar.row.counts)
    return Bar(label, f"{label}: {said}", pieces)


def _described(bars: Iterable[Bar]) -> str:
    return ". ".join(bar.said for bar in bars) + "."


def _legend(options: Iterable[Count]) -> tuple[tuple[str, str], ...]:
    toned = [(_TONES[count.tone], count.text) for count in options if count.tone is not None]
    return tuple(sorted(toned, key=lambda pair: _LOOKS.index(pair[0])))


def _table(chart: Chart) -> Table:
    several = " More than one could be chosen." if chart.may_tick_several else ""
    if chart.is_diverging:
        header = ("Asked", "Answered", *(option.text for option in chart.options))
        rows = tuple((bar.row.text, bar.row.base, *(_cell(count) for count in bar.row.counts)) for bar in chart.bars)
        return Table(chart.title, header, rows)
    row = chart.bars[0].row
    plain = tuple((count.text, _count(count), _share(count)) for count in row.counts)
    base = f"{row.base} answered." if row.base is not None else "How many answered is too few to show."
    return Table(chart.title, ("Answer", "Count", "Share and likely range"), plain, base + several)


def _cell_of(row: Distribution, key: str) -> Cell:
    count = next((count for count in row.counts if count.key == key), None)
    return "not asked" if count is None else _cell(count)


def _cell(count: Count) -> Cell:
    share = _share(count)
    n = _count(count)
    return f"{n} ({share})" if share and n is not None else n


def _count(count: Count) -> Cell:
    if count.n is not None:
        return count.n
    return f"at least {count.at_least}" if count.at_least else None


def _said(count: Count) -> str:
    n = _count(count)
    return "too few to show" if n is None else str(n)


def _share(count: Count) -> str:
    if count.share is None:
        return ""
    return f"{percent(count.share.value)}; {percent(count.share.low)} to {percent(count.share.high)}"
