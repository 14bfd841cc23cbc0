"""A page that was rendered and packed beforehand, with one gap that each request fills.

Packing a page anew would cost more than everything else in a request; so the part that never changes is packed once,
and each request only adds the few words after it. What follows the gap travels as it is: keep the gap near the end.
"""

import zlib
from functools import cached_property

import brotli

from hscb_voice.web.packing import BEST_BROTLI, BEST_GZIP

GAP = "@@gap@@"
_GZIP_WRAPPER = 31
_WINDOW_BITS = 18  # a page is far below 256 kB, and a small window needs little memory
# RFC 7932, section 9.2: what follows is in one piece of at most 64 kB, as it is; and the piece that ends a stream.
_AS_IT_IS = 1 << 19
_LONGEST_PIECE = 1 << 16
_END = b"\x03"


class PreparedPage:
    """A page with a gap near its end."""

    def __init__(self, html: str, policy: str = "") -> None:
        """Take the page; what comes before the gap is packed when somebody first asks for it so.

        Args:
            html: the page, GAP in it once.
            policy: the content security policy that it goes with.
        """
        self.policy = policy
        head, tail = html.split(GAP)
        self._head, self._tail = head.encode(), tail.encode()

    # Each flush ends the packed head at a whole byte, so that other bytes can follow it.
    @cached_property
    def _gzip(self) -> tuple[bytes, "zlib._Compress"]:
        packer = zlib.compressobj(BEST_GZIP, zlib.DEFLATED, _GZIP_WRAPPER)
        return packer.compress(self._head) + packer.flush(zlib.Z_SYNC_FLUSH), packer

    @cached_property
    def _br_head(self) -> bytes:
        packer = brotli.Compressor(quality=BEST_BROTLI, lgwin=_WINDOW_BITS)
        packed: bytes = packer.process(self._head) + packer.flush()
        return packed

    def filled(self, gap: str, packing: str) -> bytes:
        """Return the page with its gap filled.

        Args:
            gap: what stands in the gap, already safe for HTML.
            packing: "br", "gzip", or "" for the page as it is.
        """
        rest = gap.encode() + self._tail
        if packing == "br":
            return self._br_head + _as_it_is(rest) + _END
        if packing == "gzip":
            packed, packer = self._gzip[0], self._gzip[1].copy()
            return packed + packer.compress(rest) + packer.flush()
        return self._head + rest


def _as_it_is(rest: bytes) -> bytes:
    pieces = (rest[start : start + _LONGEST_PIECE] for start in range(0, len(rest), _LONGEST_PIECE))
    return b"".join((_AS_IT_IS | (len(piece) - 1) << 3).to_bytes(3, "little") + piece for piece in pieces)
