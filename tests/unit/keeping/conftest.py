"""Empty places, into which backups are brought back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hscb_voice.foundation.platform import Platform
from tests.support.installations import (
    empty_place,
)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty place on each engine, whatever engine was backed up."""
    with empty_place(request.param, request, tmp_path) as made:
        yield made


@pytest.fixture
def own_place(platform: Platform, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty place on the engine that was backed up."""
    with empty_place(platform.database.engine.dialect.name, request, tmp_path) as made:
        yield made
