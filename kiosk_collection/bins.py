"""Counts what each bin took since it was last emptied, through any power cut."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from common.journal.journal import Journal, Motion

KIND = "bins"


class BinBook:
    """The count is a note in the journal that stays open for good."""

    def __init__(self, journal: Journal, clock: Callable[[], datetime]) -> None:
        self._journal = journal
        self._clock = clock

    def add(self, location: str, transaction: UUID) -> None:
        """Count one item into a bin. The same transaction twice is one item."""
        book = self._book()
        counts, last = dict(book.body["counts"]), dict(book.body["last"])
        if last.get(location) == str(transaction):
            return
        counts[location] = counts.get(location, 0) + 1
        last[location] = str(transaction)
        self._journal.note(book, counts=counts, last=last)

    def counts(self) -> dict[str, int]:
        """Return how many items lie in each bin that took any."""
        return dict(self._book().body["counts"])

    def emptied(self) -> None:
        """Begin to count at nought."""
        self._journal.note(self._book(), counts={})

    def _book(self) -> Motion:
        found = next((m for m in self._journal.open_motions() if m.kind == KIND), None)
        return found or self._journal.intend(KIND, {"counts": {}, "last": {}}, self._clock())
