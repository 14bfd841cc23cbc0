"""What lets the suite end sooner without leaving a check out: each piece of costly sameness is made once a run.

It changes nothing of what is tested: templates, patterns and statements of SQL are compiled once instead of once an
application, addresses are compiled when first built, files of tests lie in memory where there is room, what lives as
long as the run is not searched for rubbish over and over, and people of tests get a password hash that is quick to
make and to check. Tests of hashing itself, and those that break things, go without it.
"""

import gc
import os
import re
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from hscb_voice.foundation import database as databases
from hscb_voice.staff import service as staff_service
from hscb_voice.staff.passwords import normalised

_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder in memory; only whoever made a file in it may read it
_ROOM_BYTES = 4 * 1024**3
_QUICK_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
_MOST_STATEMENTS, _MOST_PATTERNS = 5_000, 20_000
_RUBBISH = (20_000, 20, 50)  # new objects between two looks for rubbish; looks between two deeper ones
Build = Callable[..., tuple[str, str]]


def quick_folder() -> Path | None:
    """Return a folder that lies in memory; None where there is none with enough room."""
    if not os.access(_MEMORY, os.W_OK) or shutil.disk_usage(_MEMORY).free < _ROOM_BYTES:
        return None
    return _MEMORY


def spare_what_is_the_same() -> None:
    """Prepare a process that runs tests, before it builds anything."""
    keep_files_in_memory()
    build_addresses_when_asked()
    compile_patterns_once()
    compile_statements_once()


def keep_files_in_memory() -> None:
    """Let pytest make its folders of this run in memory; databases in them are then synced in no time."""
    folder = quick_folder()
    if folder is not None:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))


def compile_templates_once(folder: Path) -> None:
    """Let every application of this run find the templates that another has compiled.

    Args:
        folder: where they are laid by.
    """
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": FileSystemBytecodeCache(str(folder))}


class _SharedStatements:
    """What SQLAlchemy keeps of one engine's compiled statements, kept for all engines of that kind.

    It names the engine's dialect first in each key; two databases on one kind of server differ in nothing else.
    """

    _of_kind: ClassVar[dict[str, LRUCache[Any, Any]]] = {}

    def __init__(self, kind: str) -> None:
        self._kept = self._of_kind.setdefault(kind, LRUCache(_MOST_STATEMENTS))

    def get(self, key: tuple[Any, ...]) -> Any:
        """Return a compiled statement, if there is one."""
        return self._kept.get(key[1:])

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        self._kept[key[1:]] = compiled


def compile_statements_once() -> None:
    """Let every database of this run find the statements that another of its kind has compiled."""
    make_now: Callable[..., Engine] = vars(databases)["create_engine"]

    def make(*address: Any, **options: Any) -> Engine:
        engine = make_now(*address, **options)
        engine._compiled_cache = _SharedStatements(engine.dialect.name)  # type: ignore[assignment]  # for tests only
        return engine

    vars(databases).update(create_engine=make)


def compile_patterns_once() -> None:
    """Let Python keep every pattern that it has compiled: each platform asks for more of them than it usually keeps."""
    vars(re).update(_MAXCACHE=_MOST_PATTERNS)


def search_less_for_rubbish() -> None:
    """Never look for rubbish among what is there before the first test, and seldom among the rest."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_RUBBISH)


def build_addresses_when_asked() -> None:
    """Let each route's way to build its address be compiled when first asked for: few tests ask for many."""
    compile_now: Callable[[Rule, bool], Build] = Rule._compile_builder

    def compile_later(rule: Rule, append_unknown: bool = True) -> Build:  # noqa: FBT001, FBT002 - the library's own signature
        made: list[Build] = []

        def build(self: Rule, /, **values: Any) -> tuple[str, str]:
            if not made:
                made.append(compile_now(rule, append_unknown))
            return made[0](self, **values)

        return build

    Rule._compile_builder = compile_later  # type: ignore[method-assign, assignment]  # for tests only


def hash_quickly(patch: pytest.MonkeyPatch) -> None:
    """Give accounts that a test adds a hash that is cheap to make and to check; the tests of hashing call it directly.

    Args:
        patch: undoes it.
    """
    patch.setattr(staff_service, "hash_password", _quick_hash)


@cache
def _quick_hash(password: str) -> str:
    return _QUICK_HASHER.hash(normalised(password))
