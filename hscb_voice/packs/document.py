"""The document of a pack: sections of paragraphs, lists, tables, bars and quotes. Every writer writes this alone.

It is plain data: it can be kept as JSON and read back, so that a pack once issued is written the same for ever. It
reckons nothing; what it holds has passed the Board's door.
"""

import hashlib
import json
import re
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

Cell = int | str | None  # None stands for what is too few to show
TOO_FEW = "too few to show"
# All control characters but tab and line feed, halves of characters, and the two that XML does not know.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Paragraph:
    """Some sentences."""

    text: str
    lead: str = ""  # set in strong type before it
    kind: str = "paragraph"


@dataclass(frozen=True)
class Bullets:
    """A list."""

    items: tuple[str, ...]
    kind: str = "bullets"


@dataclass(frozen=True)
class Quote:
    """Somebody's own words, masked and cleared."""

    words: str
    who: str
    kind: str = "quote"


@dataclass(frozen=True)
class Table:
    """A table; its first column names its rows."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    kind: str = "table"


@dataclass(frozen=True)
class Piece:
    """One piece of a bar, in percent of the width."""

    x: float
    width: float
    look: str


@dataclass(frozen=True)
class Bar:
    """One bar of a chart."""

    label: str
    said: str  # the same in words
    pieces: tuple[Piece, ...]
    low: float | None = None  # the likely range, in percent of the width
    high: float | None = None


@dataclass(frozen=True)
class Bars:
    """A chart. It stands beside a table of the same numbers."""

    title: str
    described: str  # for whoever does not see it
    legend: tuple[tuple[str, str], ...]  # look and what it means
    bars: tuple[Bar, ...]
    is_diverging: bool = False
    kind: str = "bars"


Block = Paragraph | Bullets | Quote | Table | Bars
_KINDS: dict[str, type[Any]] = {"paragraph": Paragraph, "bullets": Bullets, "quote": Quote, "table": Table}


@dataclass(frozen=True)
class Section:
    """A part with a heading."""

    title: str
    blocks: tuple[Block, ...]
    level: int = 1
    begins_page: bool = False


@dataclass(frozen=True)
class Document:
    """A whole pack."""

    style: str  # meeting, young or annual
    title: str
    board: str
    period: str  # in words
    period_name: str  # as it stands in an address
    facts: tuple[tuple[str, str], ...]  # what stands under the title
    sections: tuple[Section, ...]
    language: str = "en"

    @property
    def tables(self) -> Iterator[tuple[Section, Table]]:
        """Return every table with its section, in order."""
        for section in self.sections:
            for block in section.blocks:
                if isinstance(block, Table):
                    yield section, block

    @property
    def quoted(self) -> frozenset[str]:
        """Return the words of every quote."""
        return frozenset(one.words for section in self.sections for one in section.blocks if isinstance(one, Quote))


def without(document: Document, gone: Collection[str], instead: str) -> Document:
    """Return a document in whose quotes some words stand no more; everything else is as it was.

    Args:
        document: a whole pack.
        gone: the words.
        instead: a sentence that stands in the place of each such quote.
    """

    def kept(block: Block) -> Block:
        return Paragraph(instead) if isinstance(block, Quote) and block.words in gone else block

    sections = tuple(replace(one, blocks=tuple(kept(block) for block in one.blocks)) for one in document.sections)
    return replace(document, sections=sections)


def as_text(document: Document) -> str:
    """Return a document as JSON, always the same for the same document."""
    return json.dumps(asdict(document), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def content_hash(text: str) -> str:
    """Return the hash by which a pack is known.

    Args:
        text: what `as_text` gave.
    """
    return hashlib.sha256(text.encode()).hexdigest()


def from_text(text: str) -> Document:
    """Read a document back.

    Args:
        text: what `as_text` gave.

    Returns:
        The document.
    """
    raw = json.loads(text)
    sections = tuple(
        Section(one["title"], tuple(_block(block) for block in one["blocks"]), one["level"], one["begins_page"])
        for one in raw.pop("sections")
    )
    facts = tuple((name, value) for name, value in raw.pop("facts"))
    return Document(sections=sections, facts=facts, **raw)


def writable(document: Document) -> Document:
    """Return a document without the characters that Word and Excel refuse, which somebody may have typed or pasted."""
    return from_text(json.dumps(_without_controls(asdict(document))))


def shown(cell: Cell) -> str:
    """Return a cell in words."""
    return TOO_FEW if cell is None else str(cell)


def _block(raw: dict[str, Any]) -> Block:
    if raw["kind"] == "bars":
        bars = tuple(
            Bar(one["label"], one["said"], tuple(Piece(**piece) for piece in one["pieces"]), one["low"], one["high"])
            for one in raw["bars"]
        )
        legend = tuple((look, text) for look, text in raw["legend"])
        return Bars(raw["title"], raw["described"], legend, bars, raw["is_diverging"])
    fixed = {name: _tuples(value) for name, value in raw.items()}
    block: Block = _KINDS[raw["kind"]](**fixed)
    return block


def _without_controls(value: Any) -> Any:  # noqa: ANN401 - JSON's own shapes
    if isinstance(value, dict):
        return {name: _without_controls(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_controls(one) for one in value]
    return _CONTROLS.sub("", value) if isinstance(value, str) else value


def _tuples(value: Any) -> Any:  # noqa: ANN401 - JSON's own shapes
    return tuple(_tuples(one) for one in value) if isinstance(value, list) else value
