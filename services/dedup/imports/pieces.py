"""The file of an import as one that can be read: its sealed pieces, opened when they are needed.

No plain copy of it lies anywhere: two opened pieces are in memory at a time.
"""

import io
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

PIECE = 1024**2
"""Bytes of a piece, but for the last."""

OPENED = 2
"""Pieces in memory: a workbook is read at one place, and its end tells where its parts are."""


class Pieces(io.RawIOBase):
    """A file of *size* bytes; *fetch* returns its piece of a number, opened."""

    def __init__(self, fetch: Callable[[int], bytes], size: int):
        self._fetch, self._size, self._at = fetch, size, 0
        self._opened: OrderedDict[int, bytes] = OrderedDict()

    def readable(self) -> bool:
        """True."""
        return True

    def seekable(self) -> bool:
        """True."""
        return True

    def tell(self) -> int:
        """Return where the next byte is read."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Read on elsewhere. Raises ValueError before the start."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise ValueError("before the start of the file")
        self._at = start + offset
        return self._at

    def readinto(self, buffer: Any, /) -> int:
        """Read up to the end of a piece; 0 at the end of the file."""
        if self._at >= self._size:
            return 0
        view = memoryview(buffer).cast("B")
        number, start = divmod(self._at, PIECE)
        part = self._piece(number)[start : start + len(view)]
        view[: len(part)] = part
        self._at += len(part)
        return len(part)

    def _piece(self, number: int) -> bytes:
        piece = self._opened.pop(number, None)
        if piece is None:
            piece = self._fetch(number)
        self._opened[number] = piece
        if len(self._opened) > OPENED:
            self._opened.popitem(last=False)
        return piece
