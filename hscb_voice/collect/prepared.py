"""A page that was rendered and packed beforehand, with one gap that each request fills.

Packing a page anew would cost more than everything else in a request; so the packer's state after the part that
never changes is kept, and copied for each request.
"""

import zlib

GAP = "@@gap@@"
_GZIP = 31
_BEST = 9


class PreparedPage:
    """A page with a gap near its end."""

    def __init__(self, html: str) -> None:
        """Pack the part before the gap.

        Args:
            html: the page, GAP in it once.
        """
        head, tail = html.split(GAP)
        self._head, self._tail = head.encode(), tail.encode()
        self._packer = zlib.compressobj(_BEST, zlib.DEFLATED, _GZIP)
        # The flush ends the packed head at a whole byte, so that a request packs only the few words after it.
        self._packed_head = self._packer.compress(self._head) + self._packer.flush(zlib.Z_SYNC_FLUSH)

    def plain(self, gap: str) -> bytes:
        """Return the page as it is.

        Args:
            gap: what stands in the gap, already safe for HTML.
        """
        return self._head + gap.encode() + self._tail

    def packed(self, gap: str) -> bytes:
        """Return the page packed by gzip.

        Args:
            gap: what stands in the gap, already safe for HTML.
        """
        packer = self._packer.copy()
        return self._packed_head + packer.compress(gap.encode() + self._tail) + packer.flush()
