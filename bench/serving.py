"""The yardsticks as gunicorn finds them. They must take the same form, so each answers at the same address."""

import os
from pathlib import Path

from flask import Flask

from bench.yardsticks import hand_bound, naive


def bound_app() -> Flask:
    """Return the hand bound over the folder that the bench made."""
    folder = Path(os.environ["BENCH_FOLDER"])
    return hand_bound(folder, (folder / "page").read_bytes())


def naive_app() -> Flask:
    """Return the naive build over the folder that the bench made."""
    return naive(Path(os.environ["BENCH_FOLDER"]))
