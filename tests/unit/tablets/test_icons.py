"""The tablet's icons are drawn by a script, and nobody paints over them."""

from bench.icons import drawn
from tests.unit.test_house_rules import HOUSE


def test_the_icons_are_those_that_the_script_draws_from_their_svg() -> None:
    folder = HOUSE / "static" / "img" / "tablet"
    assert {name: (folder / name).read_bytes() == picture for name, picture in drawn().items()} == {
        "icon-192.png": True,
        "icon-512.png": True,
        "icon-maskable-512.png": True,
    }
