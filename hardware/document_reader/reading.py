"""What readers share: raw bytes become lines, are judged, and a document counts once."""

import re
from collections.abc import Callable
from threading import Event

from hardware.core.device import Seen
from hardware.core.waiting import wait_for
from hardware.core.zone_text import ALPHABET, ZoneFlaw, flaws, layout_of
from hardware.document_reader.interface import DocumentRead

MOST_CHARACTERS = 1024
"""More than any zone; DESKO's protocol (2.12) ends there too."""

UNREADABLE = "?"
SAME_S = 1.5
"""A reader that sends the same text again within this time read the same document again."""

LOOK_EVERY_S = 0.2

_BREAK = re.compile(r"[\r\n]+")
_DROPPED = re.compile(r"[\x00-\x20\x7f]+")


def document_read(data: bytes) -> DocumentRead | None:
    """Turn what a reader sent into lines and judge them; None where there is nothing in it.

    Line breaks are CR, LF or both; a text without any is cut by its length (90 into 3 x 30, 72
    into 2 x 36, 88 into 2 x 44). Blanks and control characters between are dropped.
    """
    text = data[:MOST_CHARACTERS].decode("latin-1")
    parts = (_DROPPED.sub("", part) for part in _BREAK.split(text))
    lines = _once(tuple(_spelt(part) for part in parts if part))
    if not lines:
        return None
    layout = layout_of("".join(lines))
    if layout is None:
        return DocumentRead(lines, (ZoneFlaw.FORM,))
    if len(lines) == 1:
        (whole,) = lines
        lines = tuple(whole[at : at + layout.cells] for at in range(0, len(whole), layout.cells))
    if any(len(line) != layout.cells for line in lines):
        return DocumentRead(lines, (ZoneFlaw.FORM,))
    return DocumentRead(lines, tuple(flaws("".join(lines), layout)))


def _once(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Some readers say everything twice."""
    if len(lines) == 1:
        (whole,) = lines
        half = len(whole) // 2
        return (whole[:half],) if layout_of(whole[:half]) and whole == 2 * whole[:half] else lines
    half = len(lines) // 2
    return lines[:half] if lines == 2 * lines[:half] else lines


def _spelt(line: str) -> str:
    return "".join(letter if letter in ALPHABET else UNREADABLE for letter in line)


class SameDocument:
    """Knows the document that was read last, by nothing but a hash of it."""

    def __init__(self, within_s: float = SAME_S) -> None:
        self._within_s = within_s
        self._last: int | None = None
        self._at = 0.0

    def is_again(self, read: DocumentRead, now: float) -> bool:
        """Tell whether this is the last document once more; it is the last from now on.

        now is in seconds, by a clock that only runs on.
        """
        known = hash(read.lines)
        is_again = known == self._last and now - self._at < self._within_s
        self._last, self._at = known, now
        return is_again


def wait_until_gone(look: Callable[[], Seen], timeout_s: float, cancelled: Event) -> Seen:
    """Keep the promise of DocumentReader.wait_removed by looking again and again."""

    def gone() -> Seen | None:
        seen = look()
        return None if seen is Seen.YES else seen

    return wait_for(gone, timeout_s, cancelled, LOOK_EVERY_S)
