"""Take each guard out in turn, in a copy of the tree, and see that the test which holds it goes red.

Why: a test that stays green without its guard guards nothing. The list stands in `guards/*.toml`, one file a room:
what is taken out, where, and the test that must notice. May not: touch the tree it was started from.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

HOUSE = Path(__file__).parents[2]
LISTS = Path(__file__).parent / "guards"
_COPIED = (
    "hscb_voice",
    "templates",
    "static",
    "migrations",
    "tests",
    "app.py",
    "gunicorn.conf.py",
    "pyproject.toml",
    "package.json",
)
_LONGEST_SECONDS = 300
_RED, _GREEN = 1, 0


@dataclass(frozen=True)
class Guard:
    """One guard, how it is taken out, and who must notice."""

    requirement: str  # such as C1
    without: str  # what the tree lacks then, in words
    file: str
    find: str  # stands in the file exactly once
    replace: str
    test: str  # pytest's name of the test


def every_guard() -> list[Guard]:
    """Return the guards of every room, by file name."""
    return [
        Guard(**row)
        for file in sorted(LISTS.glob("*.toml"))
        for row in tomllib.loads(file.read_text(encoding="utf-8"))["guard"]
    ]


def is_noticed(guard: Guard) -> bool:
    """Tell whether the test goes red without its guard.

    Args:
        guard: which one to take out.

    Returns:
        True when pytest found the test and it failed.

    Raises:
        ValueError: the guard's words stand nowhere in the file, or more than once; or pytest could not run the test.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "house"
        copy.mkdir()
        for name in _COPIED:
            place = HOUSE / name
            if place.is_dir():
                # What Python has compiled already comes along: it still fits, for a copy keeps its file's time.
                shutil.copytree(place, copy / name, ignore=shutil.ignore_patterns("corpus"))
            else:
                shutil.copy(place, copy / name)
        # Without its tools a test in the browser would go red for another reason than the guard that is missing.
        (copy / "node_modules").symlink_to(HOUSE / "node_modules")
        # It is large and never changed by a test; without it a test that reads it would go red for that reason alone.
        (copy / "tests" / "quality" / "corpus").symlink_to(HOUSE / "tests" / "quality" / "corpus")
        _take_out(copy / guard.file, guard)
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-o", "addopts=", guard.test]
        # One test needs no spreading and no covering; an empty value lets Python keep what it compiles.
        alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": ""}
        done = subprocess.run(  # noqa: S603 - our own list of tests
            command, cwd=copy, env=alone, capture_output=True, text=True, timeout=_LONGEST_SECONDS, check=False
        )
    if done.returncode not in (_RED, _GREEN):
        message = f"pytest could not run {guard.test}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        raise ValueError(message)
    return done.returncode == _RED


def _take_out(file: Path, guard: Guard) -> None:
    text = file.read_text(encoding="utf-8")
    if text.count(guard.find) != 1:
        message = (
            f"{guard.requirement}: “{guard.find}” stands {text.count(guard.find)} times in {guard.file}, not once."
        )
        raise ValueError(message)
    file.write_text(text.replace(guard.find, guard.replace), encoding="utf-8")
