"""The lists of guards fit the tree: what is to be taken out stands there once, and the test that notices is there."""

import pytest

from tests.faults.guards import HOUSE, Guard, every_guard


@pytest.mark.parametrize("guard", every_guard(), ids=lambda guard: f"{guard.requirement}: {guard.without}")
def test_a_guard_stands_once_where_its_list_says_and_its_test_exists(guard: Guard) -> None:
    assert (HOUSE / guard.file).read_text(encoding="utf-8").count(guard.find) == 1
    file, _, name = guard.test.partition("::")  # a file alone stands for all of its tests
    assert (f"def {name.partition('[')[0]}(" if name else "def test_") in (HOUSE / file).read_text(encoding="utf-8")
