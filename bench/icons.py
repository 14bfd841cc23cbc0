"""Draws the tablet's icons from their one SVG, in the sizes that home screens ask for. Typst does the drawing.

Usage: python -m bench.icons [--folder static/img/tablet]
"""

import argparse
import shutil
import tempfile
from pathlib import Path

import typst

_SVG = Path("static/img/tablet/icon.svg")
_SIZES = {"icon-192.png": 192, "icon-512.png": 512}
_MASKABLE, _MASKABLE_SIZE = "icon-maskable-512.png", 512
_PAPER = "#fdf7ec"
_POINTS_AN_INCH = 72


def draw(size: int, share: float, corner: str) -> bytes:
    """Draw the icon.

    Args:
        size: width and height in pixels.
        share: how much of the picture the drawing takes; the rest is paper.
        corner: what stands behind it, such as `none` or a colour.

    Returns:
        A PNG.
    """
    behind = f'rgb("{corner}")' if corner != "none" else "none"
    page = (
        f"#set page(width: {size}pt, height: {size}pt, margin: 0pt, fill: {behind})\n"
        f'#place(center + horizon, image("{_SVG.name}", width: {share * 100}%))'
    )
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(_SVG, folder)
        source = Path(folder, "icon.typ")
        source.write_text(page, encoding="utf-8")
        return typst.compile(source, format="png", ppi=_POINTS_AN_INCH)


def drawn() -> dict[str, bytes]:
    """Draw every icon: name -> PNG."""
    icons = {name: draw(size, 1, "none") for name, size in _SIZES.items()}
    # A maskable icon is cut round: what matters stands in its middle, and the paper goes to the edges.
    return icons | {_MASKABLE: draw(_MASKABLE_SIZE, 1, _PAPER)}


def main() -> None:
    """Write the icons."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=_SVG.parent)
    folder = parser.parse_args().folder
    for name, picture in drawn().items():
        (folder / name).write_bytes(picture)
        print(f"{folder / name}: {len(picture)} bytes")


if __name__ == "__main__":
    main()
