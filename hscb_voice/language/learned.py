"""Let small learned models tip the scales that the rules leave level.

Why: rules know only the words that somebody thought of; a linear model over words and parts of words, learned from
several thousand invented comments, knows the rest. It takes what the rules found as inputs of its own, so that the two
decide together, and it says which words moved it.
May not: load anything but its own file of weights, which is plain JSON with a hash; or run code from that file.
"""

import gzip
import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from typing import Any

from hscb_voice.language.errors import LanguageError

_TOKEN = re.compile(r"[a-z0-9']+|[!?]+|:[a-z_]+:")
_SHORTEST, _LONGEST = 3, 5
_MODEL_FILE = "models/reader.json.gz"


@dataclass(frozen=True, slots=True)
class Piece:
    """A feature of the text and where it first stands, in the normalised text."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Model:
    """Linear models that share one table of weights."""

    version: str
    labels: tuple[str, ...]
    biases: tuple[float, ...]
    thresholds: Mapping[str, float]
    weights: Mapping[str, tuple[tuple[int, float], ...]]  # feature -> (label's place, weight) of those that matter
    digest: str

    def scores(self, features: Mapping[str, float]) -> list[float]:
        """Add up the weights.

        Args:
            features: feature -> value.

        Returns:
            One score a label; the logistic function of it is a probability.
        """
        totals = list(self.biases)
        weights = self.weights
        for name, value in features.items():
            for place, weight in weights.get(name, ()):
                totals[place] += weight * value
        return totals

    def movers(self, label: str, pieces: Iterable[Piece], most: int = 3) -> list[Piece]:
        """Name the words that moved one label's score up the most.

        Args:
            label: which label.
            pieces: the words and pairs of words of the text.
            most: at most so many.

        Returns:
            Pieces, the strongest first.
        """
        place = self.labels.index(label)
        moved: dict[str, tuple[float, Piece]] = {}
        for piece in pieces:
            weight = next((w for at, w in self.weights.get(piece.name, ()) if at == place), 0.0)
            if weight > 0 and piece.name not in moved:
                moved[piece.name] = (weight, piece)
        return [piece for _, piece in sorted(moved.values(), key=lambda pair: -pair[0])[:most]]


def probability(score: float) -> float:
    """Turn a score into a probability."""
    return 1 / (1 + math.exp(-max(min(score, 30.0), -30.0)))


def word_pieces(text: str) -> list[Piece]:
    """Cut a normalised text into words and pairs of words.

    Args:
        text: the normalised comment, names masked.

    Returns:
        Every word and every pair of neighbours, in order.
    """
    words = [Piece(found[0], found.start(), found.end()) for found in _TOKEN.finditer(text)]
    pairs = [Piece(f"{one.name} {two.name}", one.start, two.end) for one, two in pairwise(words)]
    return [Piece("w:" + piece.name, piece.start, piece.end) for piece in (*words, *pairs)]


def text_features(text: str, pieces: Iterable[Piece]) -> dict[str, float]:
    """Turn a text into features: words, pairs of words and parts of words, each kind scaled to length one.

    Args:
        text: the normalised comment, names masked.
        pieces: what `word_pieces` returned for it.

    Returns:
        Feature -> value.
    """
    words = {piece.name for piece in pieces}
    parts = {
        "c:" + padded[at : at + size]
        for word in {found[0] for found in _TOKEN.finditer(text)}
        for padded in (f" {word} ",)
        for size in range(_SHORTEST, _LONGEST + 1)
        for at in range(len(padded) - size + 1)
    }
    features = dict.fromkeys(words, 1 / math.sqrt(len(words) or 1))
    features.update(dict.fromkeys(parts, 1 / math.sqrt(len(parts) or 1)))
    return features


@lru_cache(maxsize=1)
def shipped_model() -> Model:
    """Return the model that comes with the program.

    Raises:
        LanguageError: the file is missing or damaged.
    """
    place = resources.files("hscb_voice.language") / _MODEL_FILE
    try:
        return model_from(place.read_bytes())
    except OSError as fault:
        message = "The learned model that belongs to the program cannot be read."
        raise LanguageError(message) from fault


def model_from(packed: bytes) -> Model:
    """Read a model.

    Args:
        packed: gzipped JSON as written by `packed_model`.

    Returns:
        The model.

    Raises:
        LanguageError: it is not a model, or not the one that its hash names.
    """
    try:
        raw: dict[str, Any] = json.loads(gzip.decompress(packed))
        body = raw["model"]
        digest = hashlib.sha256(_canonical(body)).hexdigest()
        if digest != raw["sha256"]:
            message = "The learned model is damaged: its hash does not fit."
            raise LanguageError(message)
        weights = {name: tuple((int(at), float(w)) for at, w in pairs) for name, pairs in body["weights"].items()}
        return Model(
            version=str(body["version"]),
            labels=tuple(body["labels"]),
            biases=tuple(float(bias) for bias in body["biases"]),
            thresholds={str(name): float(value) for name, value in body["thresholds"].items()},
            weights=weights,
            digest=digest,
        )
    except (OSError, EOFError, ValueError, KeyError, TypeError) as fault:
        message = "The learned model is damaged: it cannot be read."
        raise LanguageError(message) from fault


def packed_model(body: Mapping[str, Any]) -> bytes:
    """Pack a model with its hash, byte-identical for the same weights.

    Args:
        body: version, labels, biases, thresholds and weights.

    Returns:
        Gzipped JSON.
    """
    canonical = _canonical(body)
    raw = b'{"model":' + canonical + b',"sha256":"' + hashlib.sha256(canonical).hexdigest().encode() + b'"}'
    return gzip.compress(raw, mtime=0)


def _canonical(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
