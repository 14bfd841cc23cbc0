"""Each requirement's test is seen to fail once its guard is gone: `make guards`."""

import pytest

from tests.faults.guards import Guard, every_guard, is_noticed


@pytest.mark.guards
@pytest.mark.parametrize("guard", every_guard(), ids=lambda guard: f"{guard.requirement}: {guard.without}")
def test_its_test_goes_red_without_this_guard(guard: Guard) -> None:
    assert is_noticed(guard)
