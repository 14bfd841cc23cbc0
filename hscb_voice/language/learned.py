"""Let small learned models tip the scales that the rules leave level.

Why: rules know only the words that somebody thought of; a linear model over words and parts of words, learned from
several thousand invented comments, knows the rest. It takes what the rules found as inputs of its own, so that the two
decide together, and it says which words moved it.
May not: load anything but its own file of weights, which is plain JSON with a hash; or run code from that file.
"""

import base64
import math
import re
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from hscb_voice.language.model_files import opened, packed, shipped
from hscb_voice.language.polarity_together import Together, together_from

_TOKEN = re.compile(r"[a-z0-9][a-z0-9']*|[!?]+|:[a-z_]+:")
_PART = 4
_DENIAL = re.compile(
    r"no|not|never|nobody|none|nothing|neither|nor|without|hardly|cannot|stopped|"
    r"(?:ai|are|ca|could|did|does|do|had|has|have|is|might|must|need|sha|should|was|were|wo|would)nt"
)
_DENIAL_REACH = 3
_LEFT_OUT = "'"
"""Left out of every word that is a feature, for many who write leave it out. That "I'll" is "ill" then cost nothing."""
_MODEL_FILE = "models/reader.json.gz"
_WHAT = "The learned model"
KINDS = ("words", "parts", "marks")
"""The kinds of feature: words and pairs of words; stretches of four characters; and what the rules found."""

# All labels' weights of a feature lie side by side in one whole number, a lane of 16 bits each, so that adding two
# numbers adds the weights of every label at once. A weight is a whole number from -127 to 127: the sum of as many as
# are added at once cannot run over its lane.
_LANE_BITS, _LANE_BYTES, _LANE_MIDDLE = 16, 2, 1 << 15
_LANE_MASK = (1 << _LANE_BITS) - 1
LARGEST = 127
_MOST_AT_ONCE = (_LANE_MIDDLE - 1) // LARGEST
_LOWEST_BYTE = 128


class Piece(NamedTuple):
    """A word or pair of words and where it first stands, in the normalised text."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Features:
    """What the models are told of one comment; `marks` is what the rules found and what is known beside the text."""

    words: frozenset[str]
    parts: frozenset[str]
    marks: frozenset[str]

    def weighed(self) -> tuple[tuple[frozenset[str], float], ...]:
        """Return the features of each of `KINDS`, and what one of them counts: long and short comments weigh alike."""
        each_word, each_part = 1 / math.sqrt(len(self.words) or 1), 1 / math.sqrt(len(self.parts) or 1)
        return (self.words, each_word), (self.parts, each_part), (self.marks, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Linear models that share one table of weights."""

    version: str
    labels: tuple[str, ...]
    biases: tuple[float, ...]
    scales: tuple[float, ...]  # what a weight of 1 is worth, a label
    thresholds: Mapping[str, float]
    weights: tuple[Mapping[str, int], ...]  # one table for each of `KINDS`: feature -> all labels' weights, in lanes
    digest: str
    together: Together | None = None  # weighs the polarities against each other; the shipped model has it

    def scores(self, features: Features) -> dict[str, float]:
        """Add up the weights.

        Args:
            features: what is known of the comment.

        Returns:
            A score for each label; the logistic function of it is a probability.
        """
        totals: Iterable[float] = self.biases
        for table, (names, value) in zip(self.weights, features.weighed(), strict=True):
            known = [*filter(None, map(table.get, names))]
            for at in range(0, len(known), _MOST_AT_ONCE):
                lanes = _lanes(sum(known[at : at + _MOST_AT_ONCE]), len(self.labels))
                totals = [
                    total + value * scale * lane for total, scale, lane in zip(totals, self.scales, lanes, strict=True)
                ]
        return dict(zip(self.labels, totals, strict=True))

    def movers(self, label: str, text: str, *, up: bool = True, most: int = 3) -> list[Piece]:
        """Name the words that moved one label's score the most.

        Args:
            label: which label.
            text: the normalised comment.
            up: whether words that raised the score are asked for, or those that lowered it.
            most: at most so many.

        Returns:
            Pieces, the strongest first; the whole text when no word of it moved the score that way.
        """
        shift, sign = _LANE_BITS * self.labels.index(label), -1 if up else 1
        pieces, from_middle = _known_pieces(self, text)
        against = [sign * ((lanes >> shift & _LANE_MASK) - _LANE_MIDDLE) for lanes in from_middle]
        # Of pieces that weigh alike the one that stands first is the stronger, and then the one that was found first.
        moved = sorted((one, pieces[at].start, at) for at, one in enumerate(against) if one < 0)
        return [pieces[at] for _, _, at in moved[:most]] or [Piece(text, 0, len(text))]


def _lanes(total: int, labels: int) -> tuple[int, ...]:
    """Take a sum apart into its lanes: each is shifted out of the way of its neighbours, then read with its sign."""
    middle = _in_every_lane(_LANE_MIDDLE, labels)
    return struct.unpack(f"<{labels}h", ((total + middle) ^ middle).to_bytes(_LANE_BYTES * labels, "little"))


@lru_cache(maxsize=4)  # every label found asks for the same text again
def _known_pieces(model: "Model", text: str) -> tuple[list[Piece], list[int]]:
    """Give the words and pairs of words of a text that a model knows, each once, and the weights of each in lanes.

    The middle is added to every lane, so that each can be read by itself.
    """
    first: dict[str, Piece] = {}
    for piece in word_pieces(text):
        first.setdefault(piece.name, piece)
    table, middle = model.weights[0], _in_every_lane(_LANE_MIDDLE, len(model.labels))
    known = [(piece, lanes) for name, piece in first.items() if (lanes := table.get(name)) is not None]
    return [piece for piece, _ in known], [lanes + middle for _, lanes in known]


@lru_cache(maxsize=8)
def _in_every_lane(value: int, lanes: int) -> int:
    return sum(value << (_LANE_BITS * place) for place in range(lanes))


def probability(score: float) -> float:
    """Turn a score into a probability."""
    return 1 / (1 + math.exp(-max(min(score, 30.0), -30.0)))


@lru_cache(maxsize=4)
def word_pieces(text: str) -> tuple[Piece, ...]:
    """Cut a normalised text into words and pairs of words.

    Args:
        text: the normalised comment, names masked.

    Returns:
        Every word and every pair of neighbours, in order, apostrophes left out of their names; kept a moment, for every
        label found asks for them again.
    """
    words = [Piece(found[0].replace(_LEFT_OUT, ""), found.start(), found.end()) for found in _TOKEN.finditer(text)]
    return (*words, *(Piece(f"{one.name} {two.name}", one.start, two.end) for one, two in pairwise(words)))


def text_features(text: str, last_clause: str, marks: Iterable[str]) -> Features:
    """Turn a text into features.

    Args:
        text: the normalised comment, names masked.
        last_clause: the last of its clauses, where there are several: what follows "but" weighs more; else empty.
        marks: what the rules found in it, and what is known beside it.

    Returns:
        The features: the words and pairs of words that `word_pieces` has; words after a "not" and words of the last
        clause once more as such; and parts that reach across words.
    """
    names = [piece.name for piece in word_pieces(text)]
    words = names[: len(names) // 2 + 1]
    line = f" {' '.join(words)} "
    denied = {
        f"n:{near}"
        for place, word in enumerate(words)
        if _DENIAL.fullmatch(word) is not None
        for near in words[place + 1 : place + 1 + _DENIAL_REACH]
    }
    return Features(
        frozenset((*names, *denied, *(f"l:{w}" for w in _TOKEN.findall(last_clause.replace(_LEFT_OUT, ""))))),
        frozenset([line[at : at + _PART] for at in range(len(line) - _PART + 1)]),
        frozenset(marks),
    )


@lru_cache(maxsize=1)
def shipped_model() -> Model:
    """Return the model that comes with the program.

    Raises:
        LanguageError: the file is missing or damaged.
    """
    return model_from(shipped(_MODEL_FILE, _WHAT))


def model_from(content: bytes) -> Model:
    """Read a model.

    Args:
        content: gzipped JSON as written by `packed_model`.

    Returns:
        The model.

    Raises:
        LanguageError: it is not a model, or not the one that its hash names.
    """
    return opened(content, built_model, _WHAT)


def built_model(body: Any, digest: str) -> Model:  # noqa: ANN401 - as JSON has it
    """Build a model of what its file holds.

    Args:
        body: as JSON has it.
        digest: its hash.

    Returns:
        The model. What is wrong with the body ends in an error of any kind: `opened` calls it damage.
    """
    labels = tuple(str(label) for label in body["labels"])
    return Model(
        version=str(body["version"]),
        labels=labels,
        biases=_numbers(body["biases"], len(labels)),
        scales=_numbers(body["scales"], len(labels)),
        thresholds=dict(zip(body["thresholds"], _numbers([*body["thresholds"].values()], None), strict=True)),
        weights=tuple(_table(body["weights"][kind], len(labels)) for kind in KINDS),
        digest=digest,
        together=together_from(body["together"]) if "together" in body else None,
    )


def _numbers(values: Sequence[Any], n: int | None) -> tuple[float, ...]:
    numbers = tuple(float(value) for value in values)
    if len(numbers) != (len(numbers) if n is None else n) or not all(map(math.isfinite, numbers)):
        message = "a number for each label is needed"
        raise ValueError(message)
    return numbers


def _table(written: Mapping[str, str], labels: int) -> dict[str, int]:
    """Read one table of weights: names, one a line, and a byte for each name and label, 128 standing for nought."""
    names, rows = written["names"].split("\n"), base64.b64decode(written["rows"], validate=True)
    if len(rows) != len(names) * labels:
        message = "a weight for each feature and label is needed"
        raise ValueError(message)
    nought = _in_every_lane(_LOWEST_BYTE, labels)
    lanes, size = bytearray(_LANE_BYTES * len(rows)), _LANE_BYTES * labels
    lanes[::_LANE_BYTES] = rows
    return {
        name: int.from_bytes(lanes[place * size : (place + 1) * size], "little") - nought
        for place, name in enumerate(names)
    }


def written_table(weights: Mapping[str, Sequence[int]]) -> dict[str, str]:
    """Write one table of weights as a model's file holds it.

    Args:
        weights: feature -> whole numbers from -127 to 127, one a label; no name may hold a line end.

    Returns:
        The names, one a line, and the bytes of all weights in base 64.
    """
    names = sorted(weights)
    rows = b"".join(bytes(weight + _LOWEST_BYTE for weight in weights[name]) for name in names)
    return {"names": "\n".join(names), "rows": base64.b64encode(rows).decode()}


def packed_model(body: Mapping[str, Any]) -> bytes:
    """Pack a model with its hash, byte-identical for the same weights.

    Args:
        body: version, labels, biases, scales, thresholds, the written table of each kind, and perhaps `together`.

    Returns:
        Gzipped JSON.
    """
    return packed(body)
