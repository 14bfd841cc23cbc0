"""Learn from 10,000 labelled comments with 50 themes of somebody else's, and read by what was learned: time and memory.

    python bench/learning.py                                  10,000 comments, 50 themes, 5,000 more to read
    python bench/learning.py --comments 2000 --themes 20 --read 1000

The comments are those of the training corpus, in an order that is shuffled but always the same; the themes are ours,
each parted by how it was spoken of, under names that no codebook of ours has. `learn` and `analyse` are commands of
their own, as a stranger would call them. Of how well themes are read this says nothing, for the reader that comes with
the program has learned from these very comments. May not: download anything, or look at the locked comments.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CORPUS = Path(__file__).parent.parent / "tests" / "quality" / "corpus"
SEED = 20261201
LIMIT = 300.0
COMMAND = Path(sys.executable).with_name("hscb-voice")


@dataclass(frozen=True)
class Cost:
    """What a command took."""

    seconds: float
    cpu_seconds: float
    peak_mib: float


def rows(comments: int) -> list[dict[str, Any]]:
    """Return so many comments of the corpus, each text once."""
    found: dict[str, dict[str, Any]] = {}
    for file in sorted(CORPUS.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            found.setdefault(row["text"], row)
    chosen = list(found.values())
    random.Random(SEED).shuffle(chosen)  # noqa: S311 - an order, not a secret
    if len(chosen) < comments:
        message = f"the corpus has only {len(chosen)} different comments"
        raise SystemExit(message)
    return chosen[:comments]


def themes_of(row: dict[str, Any]) -> list[str]:
    """Return what the stranger's themes of a comment are called: “School (negative)”."""
    return [f"{theme.replace('_', ' ').capitalize()} ({row['polarity']})" for theme in row["themes"]]


def write(folder: Path, learned: Sequence[dict[str, Any]], read: Sequence[dict[str, Any]], themes: int) -> list[str]:
    """Write the three files, and return the themes."""
    often = Counter(name for row in learned for name in themes_of(row))
    names = sorted(name for name, _ in sorted(often.items(), key=lambda one: (-one[1], one[0]))[:themes])
    if len(names) < themes:
        message = f"the comments have only {len(names)} themes"
        raise SystemExit(message)
    book = "".join(f"{name};{name}\n" for name in names)
    (folder / "themes.csv").write_text("Code;Label\n" + book, encoding="utf-8")
    for file, some in (("labelled.jsonl", learned), ("more.jsonl", read)):
        lines = [
            {
                "id": number,
                "text": row["text"],
                "question": row.get("question"),
                "themes": [name for name in themes_of(row) if name in names],
                "polarity": row["polarity"],
            }
            for number, row in enumerate(some, start=1)
        ]
        (folder / file).write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return names


def run(folder: Path, arguments: Sequence[str], given: str | None = None, taken: str = "out.txt") -> Cost:
    """Run the program with these arguments and measure it whole."""
    began = time.monotonic()
    child = os.fork()
    if not child:
        os.chdir(folder)
        for place, name, flags in ((0, given or os.devnull, os.O_RDONLY), (1, taken, os.O_WRONLY | os.O_CREAT)):
            os.dup2(os.open(name, flags, 0o600), place)
        os.execv(COMMAND, [str(COMMAND), *arguments])  # noqa: S606 - our own program
    _, status, used = os.wait4(child, 0)
    if status:
        message = f"hscb-voice {arguments[0]} ended with {os.waitstatus_to_exitcode(status)}"
        raise SystemExit(message)
    return Cost(time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def main() -> int:
    """Make the files, learn, read, and print what it took.

    Returns:
        The exit code: 1 when learning took longer than five minutes.
    """
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--comments", type=int, default=10_000)
    parser.add_argument("--themes", type=int, default=50)
    parser.add_argument("--read", type=int, default=5_000)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        some = rows(wanted.comments + wanted.read)
        write(folder, some[: wanted.comments], some[wanted.comments :], wanted.themes)
        files = ["--codebook", "themes.csv"]
        learned = run(
            folder, ["learn", *files, "--labelled", "labelled.jsonl", "--out", "model.gz"], taken="report.txt"
        )
        model = folder / "model.gz"
        read = run(folder, ["analyse", *files, "--model", "model.gz"], "more.jsonl", "answers.jsonl")
        answers = [json.loads(line) for line in (folder / "answers.jsonl").read_text(encoding="utf-8").splitlines()]
        if len(answers) != wanted.read or any("error" in answer for answer in answers):
            message = "some comments were not read"
            raise SystemExit(message)
        print(
            f"learn: {wanted.comments:,} comments, {wanted.themes} themes: {learned.seconds:.0f} s, "
            f"{learned.cpu_seconds:.0f} CPU-s, {learned.peak_mib:.0f} MiB; model {model.stat().st_size / 1024:.0f} kB"
        )
        print(
            f"analyse --model: {wanted.read:,} comments: {read.seconds:.0f} s, {read.cpu_seconds:.0f} CPU-s "
            f"({wanted.read / read.cpu_seconds:.0f} a CPU-second), {read.peak_mib:.0f} MiB"
        )
    return int(learned.seconds > LIMIT)


if __name__ == "__main__":
    raise SystemExit(main())
