"""Score the language room on labelled comments: `python tests/quality/score.py FILE.jsonl ...`.

Why: quality is a measured claim, beside what the simplest readers reach on the same comments.
May not: print a comment of a locked file, or any word of it: those files are scored and never read.
"""

import argparse
import json
import re
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hscb_voice.language.analyse import comment_from
from hscb_voice.language.codebook import Codebook, default_codebook
from hscb_voice.language.reading import Reading, read_comment

CLASSES = ("positive", "negative", "neutral")
NEUTRAL_BAND = 0.05
Z = 1.96
DENIAL = re.compile(r"\b(?:no|not|never|nobody|none|nothing|neither|without|hardly|cannot|\w+n['\u2019]?t)\b")
LEARNED_FROM = frozenset({"open", "corpus"})


@dataclass(frozen=True, slots=True)
class Labelled:
    """One comment with what a person read in it."""

    fields: dict[str, Any]
    polarity: str
    themes: frozenset[str]
    redact: tuple[str, ...]
    concern: bool

    @property
    def text(self) -> str:
        """Give the comment's text."""
        return str(self.fields["text"])


def load(paths: Iterable[Path]) -> list[Labelled]:
    """Read labelled comments.

    Args:
        paths: JSON-lines files.

    Returns:
        The comments in order.
    """
    found: list[Labelled] = []
    for path in paths:
        for line in filter(str.strip, path.read_text(encoding="utf-8").splitlines()):
            row = json.loads(line)
            kept = {key: row[key] for key in ("id", "text", "respondent", "question", "known_names") if row.get(key)}
            themes = frozenset(row.get("themes", ()))
            found.append(
                Labelled(kept, row.get("polarity", ""), themes, tuple(row["redact"]), bool(row.get("concern"))),
            )
    return found


def wilson(hits: int, n: int) -> tuple[float, float]:
    """Give the Wilson interval of a share.

    Args:
        hits: how many of `n`.
        n: how many in all.

    Returns:
        Lower and upper bound at 95 %; 0 and 1 when there is nothing to count.
    """
    if not n:
        return 0.0, 1.0
    share = hits / n
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z * ((share * (1 - share) + Z * Z / (4 * n)) / n) ** 0.5 / (1 + Z * Z / n)
    return middle - half, middle + half


def f1(right: int, said: int, true: int) -> float:
    """Give the F1 of a label.

    Args:
        right: how often it was said rightly.
        said: how often it was said.
        true: how often it was so.

    Returns:
        From 0 to 1; 0 when it was never said and never so.
    """
    return 2 * right / (said + true) if said + true else 0.0


def three_ways(polarity: str) -> str:
    """Count a mixed comment as neither well nor ill.

    Args:
        polarity: one of the four.

    Returns:
        positive, negative or neutral.
    """
    return "neutral" if polarity == "mixed" else polarity


def polarity_row(name: str, said: Sequence[str], gold: Sequence[str]) -> str:
    """Write one row of the polarity table.

    Args:
        name: what read the comments.
        said: what it said, three ways.
        gold: what is so, three ways.

    Returns:
        The row.
    """
    n = len(gold)
    right = sum(a == b for a, b in zip(said, gold, strict=True))
    opposite = sum({a, b} == {"positive", "negative"} for a, b in zip(said, gold, strict=True))
    both = Counter(a for a, b in zip(said, gold, strict=True) if a == b)
    saids, golds = Counter(said), Counter(gold)
    each = [f1(both[label], saids[label], golds[label]) for label in CLASSES]
    low, high = wilson(right, n)
    return (
        f"  {name:<22} accuracy {right / n:.3f} ({low:.3f} to {high:.3f})  macro-F1 {sum(each) / 3:.3f}"
        f"  opposite {within(opposite, n)}"
    )


def within(hits: int, n: int) -> str:
    """Write a share with its interval.

    Args:
        hits: how many of `n`.
        n: how many in all.

    Returns:
        The share and, in brackets, its Wilson interval.
    """
    low, high = wilson(hits, n)
    return f"{hits / max(1, n):.3f} ({low:.3f} to {high:.3f})"


def _signed(read: Callable[[str], float], comments: Sequence[Labelled]) -> list[str]:
    said: list[str] = []
    for comment in comments:
        value = read(comment.text)
        said.append("positive" if value > NEUTRAL_BAND else "negative" if value < -NEUTRAL_BAND else "neutral")
    return said


def textblob_alone(comments: Sequence[Labelled]) -> list[str]:
    """Read the comments by TextBlob and nothing else.

    Args:
        comments: the comments.

    Returns:
        Its polarity, three ways.
    """
    from textblob import TextBlob  # noqa: PLC0415  (a yardstick, loaded after the room's own memory is measured)

    return _signed(lambda text: float(TextBlob(text).sentiment.polarity), comments)


def vader_alone(comments: Sequence[Labelled]) -> list[str]:
    """Read the comments by VADER and nothing else.

    Args:
        comments: the comments.

    Returns:
        Its polarity, three ways.
    """
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # noqa: PLC0415  (only a yardstick)

    reader = SentimentIntensityAnalyzer()
    return _signed(lambda text: float(reader.polarity_scores(text)["compound"]), comments)


def polarity_table(comments: Sequence[Labelled], readings: Sequence[Reading]) -> list[str]:
    """Write the polarity table, three ways (mixed counts with neutral), beside the yardsticks.

    Args:
        comments: the comments.
        readings: what was read in each.

    Returns:
        The lines.
    """
    gold = [three_ways(comment.polarity) for comment in comments]
    most = Counter(gold).most_common(1)[0][0]
    said = [three_ways(reading.polarity.polarity) for reading in readings]
    exact = sum(r.polarity.polarity == c.polarity for r, c in zip(readings, comments, strict=True))
    return [
        f"polarity, three ways, n = {len(gold)}",
        polarity_row("HSCB Voice", said, gold),
        polarity_row(f"majority ({most})", [most] * len(gold), gold),
        polarity_row("TextBlob alone", textblob_alone(comments), gold),
        polarity_row("VADER alone", vader_alone(comments), gold),
        f"  four ways: accuracy {within(exact, len(gold))}",
        *_negation_slice(comments, said, gold),
    ]


def _negation_slice(comments: Sequence[Labelled], said: Sequence[str], gold: Sequence[str]) -> list[str]:
    """Write the same for the comments with a word of denial, where simpler readers go most wrong."""
    denied = [place for place, comment in enumerate(comments) if DENIAL.search(comment.text.lower())]
    if not denied:
        return []
    true, some = [gold[place] for place in denied], [comments[place] for place in denied]
    return [
        f"  comments with a word of denial, n = {len(denied)}:",
        polarity_row("  HSCB Voice", [said[place] for place in denied], true),
        polarity_row("  TextBlob alone", textblob_alone(some), true),
        polarity_row("  VADER alone", vader_alone(some), true),
    ]


def theme_table(comments: Sequence[Labelled], readings: Sequence[Reading], codebook: Codebook) -> list[str]:
    """Write the theme table.

    Args:
        comments: the comments.
        readings: what was read in each.
        codebook: the themes.

    Returns:
        The lines.
    """
    right, said, true = Counter[str](), Counter[str](), Counter[str]()
    for comment, reading in zip(comments, readings, strict=True):
        found = {theme.id for theme in reading.themes}
        said.update(found)
        true.update(comment.themes)
        right.update(found & comment.themes)
    ids = [theme for theme in codebook.theme_ids() if true[theme]]
    macro = sum(f1(right[theme], said[theme], true[theme]) for theme in ids) / max(1, len(ids))
    micro = f1(right.total(), said.total(), true.total())
    lines = [f"themes: macro-F1 {macro:.3f} over {len(ids)} themes, micro-F1 {micro:.3f}"]
    for theme in codebook.theme_ids():
        score = f1(right[theme], said[theme], true[theme])
        precision, recall = within(right[theme], said[theme]), within(right[theme], true[theme])
        lines.append(f"  {theme:<18} n {true[theme]:>3}  F1 {score:.2f}  precision {precision}  recall {recall}")
    return lines


def concern_table(comments: Sequence[Labelled], readings: Sequence[Reading]) -> list[str]:
    """Write what the concern screen found and what it raised for nothing.

    Args:
        comments: the comments.
        readings: what was read in each.

    Returns:
        The lines.
    """
    worrying = sum(comment.concern for comment in comments)
    if not worrying:  # nobody coded it
        return []
    harmless = len(comments) - worrying
    flagged = sum(reading.concern.flag for reading in readings)
    found = sum(c.concern and r.concern.flag for c, r in zip(comments, readings, strict=True))
    line = f"concern: recall {within(found, worrying)} of {worrying}  precision {within(found, flagged)} of {flagged}"
    return [f"{line}  false alarms {within(flagged - found, harmless)} of {harmless} harmless"]


def _covered(text: str, part: str, masked: Sequence[bool]) -> bool:
    """Say whether every place where these words stand is masked whole."""
    places: list[int] = []
    at = text.find(part)
    while at >= 0:
        places.append(at)
        at = text.find(part, at + 1)
    return bool(places) and all(all(masked[place : place + len(part)]) for place in places)


def _words_masked_for_nothing(comment: Labelled, masked: Sequence[bool]) -> tuple[int, int]:
    """Count the words that need no mask, and those of them that were masked."""
    needed = [False] * len(comment.text)
    for part in comment.redact:
        at = comment.text.find(part)
        while at >= 0:
            needed[at : at + len(part)] = [True] * len(part)
            at = comment.text.find(part, at + 1)
    free = wrong = at = 0
    for word in comment.text.split():
        at = comment.text.index(word, at)
        if not any(needed[at : at + len(word)]):
            free += 1
            wrong += any(masked[at : at + len(word)])
        at += len(word)
    return free, wrong


def redaction_table(comments: Sequence[Labelled], readings: Sequence[Reading]) -> list[str]:
    """Write how many names, places and contacts were hidden, and how many plain words with them.

    Args:
        comments: the comments.
        readings: what was read in each.

    Returns:
        The lines.
    """
    entities = hidden = free = wrong = 0
    for comment, reading in zip(comments, readings, strict=True):
        masked = [False] * len(comment.text)
        for span in reading.redaction.spans:
            masked[span.start : span.end] = [True] * (span.end - span.start)
        entities += len(comment.redact)
        hidden += sum(_covered(comment.text, part, masked) for part in comment.redact)
        more, worse = _words_masked_for_nothing(comment, masked)
        free, wrong = free + more, wrong + worse
    line = f"redaction: recall {within(hidden, entities)} of {entities} entities"
    return [f"{line}  over-masked {within(wrong, free)} of {free} plain words"]


def mistakes(comments: Sequence[Labelled], readings: Sequence[Reading]) -> list[str]:
    """Write out the comments that were read wrongly, for files that may be looked at.

    Args:
        comments: the comments.
        readings: what was read in each.

    Returns:
        One line for each.
    """
    lines: list[str] = []
    for comment, reading in zip(comments, readings, strict=True):
        said, found = reading.polarity.polarity, {theme.id for theme in reading.themes}
        wrong = []
        if comment.polarity and three_ways(said) != three_ways(comment.polarity):
            wrong.append(f"polarity {comment.polarity} read as {said}")
        wrong += [f"missed {theme}" for theme in sorted(comment.themes - found)]
        wrong += [f"added {theme}" for theme in sorted(found - comment.themes)]
        if wrong:
            lines.append(f"{comment.fields['id']}: {'; '.join(wrong)} | {comment.text}")
    return lines


def main(arguments: Sequence[str]) -> int:
    """Score the files named.

    Args:
        arguments: the words of the command line.

    Returns:
        The exit code: 0, or 2 when a locked file should have been shown.
    """
    parser = argparse.ArgumentParser(description="Score the language room on labelled comments.")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--mistakes", action="store_true", help="show comments read wrongly, never locked ones")
    parser.add_argument("--changes", action="store_true", help="also change what says nothing, and read again")
    options = parser.parse_args(arguments)
    if options.mistakes and any("locked" in path.resolve().parts for path in options.files):
        sys.stderr.write("Locked comments are scored and never shown.\n")
        return 2
    comments = load(options.files)
    codebook = default_codebook()
    ready = [comment_from(comment.fields) for comment in comments]
    for comment in ready:  # a worker reads thousands: what is compiled on first use is not counted
        read_comment(comment, codebook)
    began = time.process_time()
    readings = [read_comment(comment, codebook) for comment in ready]
    seconds = time.process_time() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    is_coded = all(comment.polarity for comment in comments)
    tables = [
        *([polarity_table(comments, readings), theme_table(comments, readings, codebook)] if is_coded else []),
        concern_table(comments, readings),
        redaction_table(comments, readings),
        [f"speed: {len(ready) / seconds:,.0f} comments a CPU-second; peak memory {memory:.0f} MiB"],
    ]
    if options.changes:
        from tests.quality.metamorphic import metamorphic_table  # noqa: PLC0415  (it builds on this module)

        tables.append(metamorphic_table(comments, ready, readings, codebook))
    if options.mistakes:
        tables.append(mistakes(comments, readings))
    if any(path.resolve().parent.name in LEARNED_FROM for path in options.files):
        tables.insert(0, ["The models have learned from these comments: these figures flatter them."])
    sys.stdout.write("\n".join(line for table in tables for line in table) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
