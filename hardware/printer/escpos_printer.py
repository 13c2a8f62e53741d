"""Driver for ESC/POS ticket printers: python-escpos builds the bytes, this module talks.

The library takes any answer for a status and blocks for a minute on none, so its own connections
are not used. Tried on the simulated printer only.
"""

from collections.abc import Callable
from contextlib import suppress
from enum import IntEnum
from time import monotonic

from escpos.printer import Dummy
from PIL.Image import Image

from hardware.core.device import DeviceState, Health, Seen
from hardware.core.errors import (
    BadReplyError,
    DeviceAbsentError,
    DeviceError,
    DeviceFaultError,
    DeviceTimeoutError,
)
from hardware.core.transport import Transport
from hardware.printer.interface import Paper, PrinterStatus

PROFILE = "TM-T20II"
"""Any profile of python-escpos with 576 dots: for another width it prints complaints on stdout."""

WIDTH_PX = 576
BAND_LINES = 256
PIECE = 4096
"""A slow printer takes this much within the two seconds that a write may last."""

ANSWER_S = 1.0
PRINTED_S = 8.0
"""The longest slip takes three seconds; a printer without GS r is believed after this time."""

ASK_PAPER = b"\x1dr\x01"
ASK_NOW = b"\x10\x04"
CLEAR_BUFFER = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"


class Ask(IntEnum):
    """What DLE EOT asks about."""

    PRINTER = 1
    OFFLINE_CAUSE = 2
    ERROR_CAUSE = 3
    PAPER = 4


FIXED_BITS, FIXED_BITS_SET = 0x93, 0x12
NOT_QUEUED = 0x90
"""Neither bit is ever set in an answer to GS r, so a late one can be told from DLE EOT's."""

LATE_ANSWERS = 10

OFFLINE = 0x08
COVER_OPEN = 0x04
STOPPED_BY_PAPER_END = 0x20
CUTTER_ERROR = 0x08
MECHANICAL_ERROR = 0x04 | 0x20
NEAR_END = 0x0C
PAPER_END = 0x60


class EscposPrinter:
    """An 80 mm printer with cutter on TCP or a serial line; a TicketPrinter."""

    def __init__(self, open_line: Callable[[], Transport], width_px: int = WIDTH_PX) -> None:
        """Remember how to reach the printer.

        Raises:
            ValueError: No known paper is that wide.
        """
        if not 0 < width_px <= WIDTH_PX:
            raise ValueError(f"a ticket printer has up to {WIDTH_PX} dots, not {width_px}")
        self._open_line = open_line
        self._line: Transport | None = None
        self._width_px = width_px

    @property
    def width_px(self) -> int:
        """How many dots fit across the paper."""
        return self._width_px

    def open(self) -> None:
        """Connect and see that the printer answers a status question."""
        if self._line is not None:
            return
        self._line = self._open_line()
        try:
            self._ask(Ask.PRINTER)
        except BadReplyError as error:
            self.close()
            raise DeviceAbsentError(f"what answers is no such printer: {error}") from error
        except DeviceAbsentError:
            self.close()
            raise

    def close(self) -> None:
        """Hang up."""
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def health(self) -> Health:
        """Ask the sensors and put them into one word."""
        try:
            self._ask(Ask.PRINTER)
            self._refuse_faults()
        except DeviceFaultError as error:
            return Health(DeviceState.HARDWARE_ERROR, str(error))
        except DeviceError as error:
            return Health(DeviceState.NO_DEVICE, str(error))
        paper = self.status().paper
        return Health(DeviceState.ONLINE, "paper low" if paper is Paper.LOW else "")

    def status(self) -> PrinterStatus:
        """Ask the sensors; an answer that is missing or impossible is unknown."""
        printer = self._ask_or_none(Ask.PRINTER)
        if printer is None:
            return PrinterStatus(Seen.UNKNOWN, Paper.UNKNOWN, Seen.UNKNOWN)
        cause, roll = self._ask_or_none(Ask.OFFLINE_CAUSE), self._ask_or_none(Ask.PAPER)
        return PrinterStatus(
            online=Seen.NO if printer & OFFLINE else Seen.YES,
            paper=_paper(roll),
            cover_open=Seen.UNKNOWN
            if cause is None
            else (Seen.YES if cause & COVER_OPEN else Seen.NO),
        )

    def print_slip(self, picture: Image) -> None:
        """Print one slip and cut it, and wait until the printer says that it has done so."""
        data = build_slip(picture, self._width_px)
        self._refuse_faults_on_fresh_line()
        line = self._opened()
        try:
            for start in range(0, len(data), PIECE):
                line.write(data[start : start + PIECE])
            self._wait_printed()
            self._refuse_stuck()
        except DeviceFaultError:
            self._clear()
            raise

    def _clear(self) -> None:
        """Drop what the printer still holds: it would come out before the next slip."""
        with suppress(DeviceError):
            self._opened().write(CLEAR_BUFFER)
            self._ask(Ask.PRINTER)  # which it answers when it has heard

    def _refuse_faults_on_fresh_line(self) -> None:
        """Look at the sensors first; printers hang up on idle lines, so one reconnection is fair.

        Nothing has been sent yet, so that no slip can come out twice.
        """
        try:
            self._refuse_faults()
        except DeviceAbsentError:
            self._opened()
            self.close()
            self.open()
            self._refuse_faults()

    def _refuse_faults(self) -> None:
        """Raise what the sensors say against printing."""
        cause = self._ask(Ask.OFFLINE_CAUSE)
        if cause & COVER_OPEN:
            raise DeviceFaultError("jam", f"{cause:02X}", "the cover is open")
        self._refuse_stuck()
        roll = self._ask(Ask.PAPER)
        if roll & PAPER_END or cause & STOPPED_BY_PAPER_END:
            raise DeviceFaultError("empty", f"{roll:02X}", "the paper is out")
        if self._ask(Ask.PRINTER) & OFFLINE:
            raise DeviceFaultError("refused", f"{cause:02X}", "the printer is offline")

    def _refuse_stuck(self) -> None:
        error = self._ask(Ask.ERROR_CAUSE)
        if error & CUTTER_ERROR:
            raise DeviceFaultError("jam", f"{error:02X}", "the cutter is stuck")
        if error & MECHANICAL_ERROR:
            raise DeviceFaultError("jam", f"{error:02X}", "the mechanism is stuck")

    def _wait_printed(self) -> None:
        """Wait for the answer to a question that stands in the printer's queue behind the slip."""
        line = self._opened()
        line.flush_input()
        deadline = monotonic() + PRINTED_S
        while monotonic() < deadline:
            line.write(ASK_PAPER)
            try:
                if line.read(1, ANSWER_S)[0] & NOT_QUEUED == 0:
                    return
            except DeviceTimeoutError:
                self._refuse_faults()

    def _ask(self, what: Ask) -> int:
        """Ask one real-time question.

        Raises:
            DeviceAbsentError: No answer. BadReplyError: A byte that cannot be one.
        """
        line = self._opened()
        line.flush_input()
        line.write(ASK_NOW + bytes([what]))
        answer = 0
        try:
            for _ in range(LATE_ANSWERS):
                answer = line.read(1, ANSWER_S)[0]
                if answer & NOT_QUEUED:
                    break
        except DeviceTimeoutError as error:
            raise DeviceAbsentError("the printer does not answer") from error
        if answer & FIXED_BITS != FIXED_BITS_SET:
            raise BadReplyError(f"{answer:02X} is no printer status")
        return answer

    def _ask_or_none(self, what: Ask) -> int | None:
        try:
            return self._ask(what)
        except DeviceError:
            return None

    def _opened(self) -> Transport:
        if self._line is None:
            raise DeviceAbsentError("the printer is not opened")
        return self._line


def build_slip(picture: Image, width_px: int) -> bytes:
    """Put a picture into raster bands, with initialisation before and a cut behind.

    Raises:
        ValueError: The picture is wider than the paper.
    """
    if picture.width > width_px:
        raise ValueError(f"the slip is {picture.width} dots wide, the paper only {width_px}")
    builder = Dummy(profile=PROFILE)
    builder.hw("INIT")
    builder.image(picture, impl="bitImageRaster", fragment_height=BAND_LINES, center=False)
    builder.cut()
    return bytes(builder.output)


def _paper(roll: int | None) -> Paper:
    if roll is None:
        return Paper.UNKNOWN
    if roll & PAPER_END:
        return Paper.OUT
    return Paper.LOW if roll & NEAR_END else Paper.FULL
