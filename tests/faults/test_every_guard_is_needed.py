"""Each requirement's test is seen to fail once its guard is gone: `make guards`."""

import compileall

import pytest

from tests.faults.guards import HOUSE, Guard, every_guard, is_noticed


@pytest.fixture(scope="session")
def _compiled() -> None:
    """Compile the tree once: each copy brings it along, and would take as long over it as over its test."""
    for room in ("hscb_voice", "tests"):
        compileall.compile_dir(HOUSE / room, quiet=2)


@pytest.mark.guards
@pytest.mark.usefixtures("_compiled")
@pytest.mark.parametrize("guard", every_guard(), ids=lambda guard: f"{guard.requirement}: {guard.without}")
def test_its_test_goes_red_without_this_guard(guard: Guard) -> None:
    assert is_noticed(guard)
