"""Keeps on disk where codes led, so that a process that starts while the database is down still has the form.

It is a copy of what the database holds about an invitation and its wording, and may be thrown away at any time. It
holds no answer, and no code: a file's name is the code's hash, so that the folder opens no form to whoever reads it.
"""

import contextlib
import hashlib
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from pydantic import TypeAdapter, ValidationError

if TYPE_CHECKING:
    from hscb_voice.collect.ways import Way

_MOST_FILES = 1000
_MOST_BYTES = 1_000_000
_LOG = structlog.get_logger(__name__)


class Shelf:
    """A folder with one small file for each code that was followed of late."""

    def __init__(self, folder: Path, shape: TypeAdapter["Way"], most: int = _MOST_FILES) -> None:
        """Remember the folder; it is made when the first code is kept.

        Args:
            folder: in the data folder of this machine.
            shape: turns a way into JSON and back.
            most: how many codes are kept; the oldest go first.
        """
        self._folder, self._shape, self._most = folder, shape, most

    def put(self, code: str, way: "Way") -> None:
        """Keep where a code leads. A disk that is full or broken is no reason to refuse anybody their form."""
        file = self._file(code)
        text = self._shape.dump_json(replace(way, invitation=replace(way.invitation, code="")))
        try:
            if file.is_file() and file.read_bytes() == text:
                return
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft = file.with_suffix(f".{os.getpid()}")
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened:
                opened.write(text)
            draft.replace(file)
            self._make_room()
        except OSError as fault:
            _LOG.warning("a form could not be laid by", fault=type(fault).__name__)

    def get(self, code: str) -> "Way | None":
        """Return where a code led; None when it is not known here, or its file is of another version."""
        file = self._file(code)
        try:
            if file.stat().st_size > _MOST_BYTES:
                return None
            way = self._shape.validate_json(file.read_bytes())
        except (OSError, ValidationError):
            return None
        return replace(way, invitation=replace(way.invitation, code=code))

    def forget(self, code: str) -> None:
        """Drop a code that leads nowhere any more."""
        with contextlib.suppress(OSError):
            self._file(code).unlink(missing_ok=True)

    def _file(self, code: str) -> Path:
        return self._folder / f"{hashlib.sha256(code.encode()).hexdigest()}.json"

    def _make_room(self) -> None:
        files = list(self._folder.iterdir())
        if len(files) > self._most:
            for file in sorted(files, key=lambda one: one.stat().st_mtime)[: len(files) - self._most]:
                file.unlink(missing_ok=True)
