"""What lets the suite end sooner without leaving a check out: each piece of costly sameness is made once a run.

It changes nothing of what is tested: templates are compiled once instead of once an application, addresses are
compiled when first built, files of tests lie in memory where there is room, and people of tests get a password hash
that is quick to make and to check. Tests of hashing itself, and those that break things, go without it.
"""

import os
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule

from hscb_voice.staff import service as staff_service
from hscb_voice.staff.passwords import normalised

_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder in memory; only whoever made a file in it may read it
_ROOM_BYTES = 4 * 1024**3
_QUICK_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
Build = Callable[..., tuple[str, str]]


def quick_folder() -> Path | None:
    """Return a folder that lies in memory; None where there is none with enough room."""
    if not os.access(_MEMORY, os.W_OK) or shutil.disk_usage(_MEMORY).free < _ROOM_BYTES:
        return None
    return _MEMORY


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
