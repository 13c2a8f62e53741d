"""What an ESC/POS printer says of itself, byte by byte.

Source: the sections DLE EOT, GS a and GS r of the manuals of Epson TM-U220 (pp. 54, 83) and
TM-L60II, Bixolon SRP-350 (p. 8), Citizen PPU-231II (p. 13), which agree. By its fixed bits each
byte tells of which kind it is, so that answers that come late or unasked can be told apart:
0xx1xx10 answers DLE EOT, 0xx1xx00 begins the four bytes of an automatic status, 0xx0xxxx answers
GS r or goes on with an automatic status, and 5F begins a name that a 00 ends.
"""

from dataclasses import dataclass, replace
from enum import IntEnum

from hardware.core.device import Seen
from hardware.printer.interface import Paper, PrinterStatus
from hardware.printer.reasons import Reason


class Ask(IntEnum):
    """What DLE EOT asks about."""

    PRINTER = 1
    OFFLINE_CAUSE = 2
    ERROR_CAUSE = 3
    PAPER = 4
    PRESENTER = 5


_FIXED, _REAL_TIME, _AUTOMATIC, _QUEUED_FIXED = 0x93, 0x12, 0x10, 0x90
NAME, NAME_ENDS = 0x5F, 0x00

DRAWER, OFFLINE = 0x04, 0x08
COVER_OPEN, FEED_BUTTON, PAPER_END_STOP, ERROR = 0x04, 0x08, 0x20, 0x40
MECHANICAL, CUTTER, UNRECOVERABLE, HEAD_HOT = 0x04, 0x08, 0x20, 0x40
NEAR_END, PAPER_END = 0x0C, 0x60
PRESENTED = 0x60

AUTOMATIC_COVER, AUTOMATIC_NEAR_END, AUTOMATIC_PAPER_END = 0x20, 0x03, 0x0C
AUTOMATIC_BYTES = 4


def is_real_time(byte: int) -> bool:
    """Tell whether a byte can be an answer to DLE EOT."""
    return byte & _FIXED == _REAL_TIME


def is_automatic(byte: int) -> bool:
    """Tell whether a byte can begin an automatic status of four bytes."""
    return byte & _FIXED == _AUTOMATIC


def is_queued(byte: int) -> bool:
    """Tell whether a byte can be an answer to GS r, or go on with an automatic status."""
    return byte & _QUEUED_FIXED == 0


@dataclass(frozen=True, slots=True)
class Sensors:
    """Every sensor that ESC/POS knows; unknown until the printer has told."""

    offline: Seen = Seen.UNKNOWN
    drawer: Seen = Seen.UNKNOWN
    cover_open: Seen = Seen.UNKNOWN
    feed_button: Seen = Seen.UNKNOWN
    near_end: Seen = Seen.UNKNOWN
    paper_end: Seen = Seen.UNKNOWN
    cutter_stuck: Seen = Seen.UNKNOWN
    mechanism_stuck: Seen = Seen.UNKNOWN
    unrecoverable: Seen = Seen.UNKNOWN
    head_hot: Seen = Seen.UNKNOWN
    in_mouth: Seen = Seen.UNKNOWN

    def told(self, asked: Ask, byte: int) -> "Sensors":
        """Add what one answer to DLE EOT says; byte has the fixed bits of one."""
        match asked:
            case Ask.PRINTER:
                return replace(self, drawer=_seen(byte, DRAWER), offline=_seen(byte, OFFLINE))
            case Ask.OFFLINE_CAUSE:
                stopped = _seen(byte, PAPER_END_STOP)
                return replace(
                    self,
                    cover_open=_seen(byte, COVER_OPEN),
                    feed_button=_seen(byte, FEED_BUTTON),
                    paper_end=stopped if stopped is Seen.YES else self.paper_end,
                )
            case Ask.ERROR_CAUSE:
                return self._errors(byte)
            case Ask.PAPER:
                ended = _seen(byte, PAPER_END)
                return replace(
                    self,
                    near_end=_seen(byte, NEAR_END),
                    paper_end=self.paper_end if self.paper_end is Seen.YES else ended,
                )
            case Ask.PRESENTER:
                return replace(self, in_mouth=_seen(byte, PRESENTED))

    def told_automatically(self, block: bytes) -> "Sensors":
        """Add what the four bytes of an automatic status say (GS a)."""
        first, errors, paper = block[0], block[1], block[2]
        return replace(
            self._errors(errors),
            drawer=_seen(first, DRAWER),
            offline=_seen(first, OFFLINE),
            cover_open=_seen(first, AUTOMATIC_COVER),
            near_end=_seen(paper, AUTOMATIC_NEAR_END),
            paper_end=_seen(paper, AUTOMATIC_PAPER_END),
        )

    def _errors(self, byte: int) -> "Sensors":
        return replace(
            self,
            mechanism_stuck=_seen(byte, MECHANICAL),
            cutter_stuck=_seen(byte, CUTTER),
            unrecoverable=_seen(byte, UNRECOVERABLE),
            head_hot=_seen(byte, HEAD_HOT),
        )

    def paper(self) -> Paper:
        """Put both paper sensors into one word."""
        if self.paper_end is Seen.YES:
            return Paper.OUT
        if self.near_end is Seen.YES:
            return Paper.LOW
        is_known = Seen.UNKNOWN not in (self.paper_end, self.near_end)
        return Paper.FULL if is_known else Paper.UNKNOWN

    def reasons(self) -> frozenset[Reason]:
        """Return what is surely wrong; a printer that is offline without a cause is just that."""
        found = {reason for name, reason in _REASONS.items() if getattr(self, name) is Seen.YES}
        if Reason.PAPER_OUT in found:
            found.discard(Reason.PAPER_LOW)
        if self.offline is Seen.YES and not found - {Reason.PAPER_LOW}:
            found.add(Reason.OFFLINE)
        return frozenset(found)

    def status(self) -> PrinterStatus:
        """Say it in the words of all printers."""
        online = {Seen.YES: Seen.NO, Seen.NO: Seen.YES}.get(self.offline, Seen.UNKNOWN)
        return PrinterStatus(online, self.paper(), self.cover_open, self.reasons(), self.in_mouth)


_REASONS = {
    "cover_open": Reason.COVER_OPEN,
    "paper_end": Reason.PAPER_OUT,
    "near_end": Reason.PAPER_LOW,
    "cutter_stuck": Reason.CUTTER,
    "mechanism_stuck": Reason.MECHANISM,
    "unrecoverable": Reason.MECHANISM,
    "head_hot": Reason.TOO_HOT,
}


def _seen(byte: int, bits: int) -> Seen:
    return Seen.YES if byte & bits else Seen.NO
