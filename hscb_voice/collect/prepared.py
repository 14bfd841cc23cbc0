"""A page that was rendered and packed beforehand, with one gap that each request fills.

Packing a page anew would cost more than everything else in a request; so the parts that never change are packed once,
and each request only puts its few words between them. In brotli nothing packed can follow the gap, so what stands there
travels as it is; a page whose gap is far from its end is smaller in gzip, and is sent so to whoever takes both.
"""

import zlib
from collections.abc import Collection
from functools import cached_property

import brotli

from hscb_voice.web.packing import BEST_BROTLI, BEST_GZIP

GAP = "@@gap@@"
_GZIP_WRAPPER = 31
_BARE = -15  # deflate without a wrapper
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

    # The flush ends the packed head at a whole byte, so that other bytes can follow it.
    @cached_property
    def _gzip_head(self) -> tuple[bytes, int]:
        packer = zlib.compressobj(BEST_GZIP, zlib.DEFLATED, _GZIP_WRAPPER)
        return packer.compress(self._head) + packer.flush(zlib.Z_SYNC_FLUSH), zlib.crc32(self._head)

    @cached_property
    def _gzip_tail(self) -> bytes:
        packer = zlib.compressobj(BEST_GZIP, zlib.DEFLATED, _BARE)
        return packer.compress(self._tail) + packer.flush()

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
        given = gap.encode()
        if packing == "br":
            return self._br_head + _as_it_is(given + self._tail) + _END
        if packing == "gzip":
            return self._gzipped(given)
        return self._head + given + self._tail

    def best_of(self, taken: Collection[str]) -> str:
        """Return the packing in which this page is smallest.

        Args:
            taken: the packings that the browser unpacks.

        Returns:
            "br", "gzip", or "" for none.
        """
        if "br" in taken and not ("gzip" in taken and self._is_smaller_in_gzip):
            return "br"
        return "gzip" if "gzip" in taken else ""

    @cached_property
    def _is_smaller_in_gzip(self) -> bool:
        return len(self.filled("", "gzip")) < len(self.filled("", "br"))

    def _gzipped(self, given: bytes) -> bytes:
        head, check = self._gzip_head
        check = zlib.crc32(self._tail, zlib.crc32(given, check))
        size = len(self._head) + len(given) + len(self._tail)
        # RFC 1951, section 3.2.4: a piece that is not packed says its length, and that length with every bit turned.
        length = len(given).to_bytes(2, "little")
        stored = b"\0" + length + bytes(255 - byte for byte in length) + given
        return head + stored + self._gzip_tail + check.to_bytes(4, "little") + size.to_bytes(4, "little")


def _as_it_is(rest: bytes) -> bytes:
    pieces = (rest[start : start + _LONGEST_PIECE] for start in range(0, len(rest), _LONGEST_PIECE))
    return b"".join((_AS_IT_IS | (len(piece) - 1) << 3).to_bytes(3, "little") + piece for piece in pieces)
