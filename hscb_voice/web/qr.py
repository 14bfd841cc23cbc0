"""QR codes as SVG. They are drawn here: no other server ever sees what stands in them."""

from io import BytesIO

import segno

_DOTS = 4  # a dot, in pixels


def picture_of(address: str, *, inline: bool = True, title: str = "QR code") -> str:
    """Return a QR code as SVG.

    Args:
        address: what is read from it.
        inline: to stand in a page; otherwise it is a file of its own.
        title: what a screen reader says of it.
    """
    drawn = BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawn,
        kind="svg",
        xmldecl=not inline,
        svgns=not inline,
        scale=_DOTS,
        border=4,
        title=title,
        svgclass=None,
        lineclass=None,
    )
    return drawn.getvalue().decode()
