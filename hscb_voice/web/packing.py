"""Which packing a browser takes, and how a reply says so. Brotli makes a page an eighth smaller than gzip does."""

from flask import Response, request

BEST_GZIP = 9
BEST_BROTLI = 11


def chosen_packing() -> str:
    """Return the smallest packing that this request's browser unpacks: "br", "gzip", or "" for none."""
    taken = request.accept_encodings
    return next((packing for packing in ("br", "gzip") if taken[packing]), "")


def mark_packing(response: Response, packing: str) -> None:
    """Say in a reply how it is packed, and that another browser may get it otherwise.

    Args:
        response: the reply, whose data is packed already.
        packing: "br", "gzip", or "" for none.
    """
    response.headers["Vary"] = "Accept-Encoding"
    if packing:
        response.headers["Content-Encoding"] = packing
