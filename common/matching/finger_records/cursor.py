"""Walks through the bytes of a record, and never past their end."""

import struct
from typing import Any

from common.matching.finger_template import RecordError


class Cursor:
    """A place in a record.

    Attributes:
        at: How many bytes are behind.
    """

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data = data
        self.at = at

    @property
    def left(self) -> int:
        """How many bytes are ahead."""
        return max(0, len(self.data) - self.at)

    def take(self, layout: struct.Struct, what: str) -> tuple[Any, ...]:
        """Read the values of a layout and go past them.

        Raises:
            RecordError: The record ends before; what names the part.
        """
        start = self._past(layout.size, what)
        return layout.unpack_from(self.data, start)

    def part(self, count: int, what: str) -> bytes:
        """Read count bytes and go past them; raises as take does."""
        start = self._past(count, what)
        return self.data[start : self.at]

    def rest(self, most: int) -> bytes:
        """Read at most so many bytes, fewer where the record ends before, and go past them."""
        return self.part(min(most, self.left), "end")

    def byte(self, what: str) -> int:
        """Read one byte and go past it; raises as take does."""
        return self.data[self._past(1, what)]

    def skip(self, count: int, what: str) -> None:
        """Go past count bytes; raises as take does."""
        self._past(count, what)

    def _past(self, count: int, what: str) -> int:
        start = self.at
        if count > self.left:
            raise RecordError(f"the record ends inside its {what}")
        self.at = start + count
        return start
