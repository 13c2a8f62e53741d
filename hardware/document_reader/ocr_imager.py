"""Driver for barcode imagers of Honeywell's menu protocol that read a zone as OCR.

Source: Honeywell user's guides (serial trigger: SYN T CR, SYN U CR; menu commands: SYN M CR, tag
and data, "!" for now or "." for ever; the answer repeats the command and puts ACK, ENQ or NAK
before its end). Tried on the simulated imager only.
"""

from collections.abc import Callable, Sequence
from threading import Event
from time import monotonic

from hardware.core.device import DeviceState, Health, Seen
from hardware.core.errors import (
    DeviceAbsentError,
    DeviceError,
    DeviceFaultError,
    DeviceTimeoutError,
)
from hardware.core.transport import Transport
from hardware.document_reader.heard_line import HeardLine, opened
from hardware.document_reader.interface import DocumentRead
from hardware.document_reader.reading import MOST_CHARACTERS, SameDocument, document_read

BAUD = 9600
MENUS = ("allena0", "ocrena1", "ocrats2")
"""No barcodes; OCR on; its template for travel documents, TD1 and TD2 at least."""

QUESTION = "ocrena?"
MENU, TRIGGER, RELEASE = b"\x16M\r", b"\x16T\r", b"\x16U\r"
FOR_NOW = b"!"
ENQ, ACK, NAK = 0x05, 0x06, 0x15
ANSWER_S = 1.0
GAP_S = 0.4
RETRIGGER_S = 5.0
"""The imager gives up after a time of its own."""

LONGEST_ANSWER = 64


class OcrImager:
    """One imager; a DocumentReader.

    Args:
        open_line: Opens the line.
        menus: The menu commands that turn OCR of zones on, without their end.
        gap_s: The silence that ends a text; lines have CR between them.
    """

    def __init__(
        self,
        open_line: Callable[[], Transport],
        menus: Sequence[str] = MENUS,
        gap_s: float = GAP_S,
    ) -> None:
        self._open_line = open_line
        self._menus = tuple(menus)
        self._gap_s = gap_s
        self._line: HeardLine | None = None
        self._same = SameDocument()

    def open(self) -> None:
        """Open the line and set the imager to read zones, until its power goes.

        Raises:
            DeviceAbsentError: It does not answer. DeviceFaultError: It knows no OCR (refused).
        """
        if self._line is not None:
            return
        self._line = HeardLine(self._open_line())
        try:
            for menu in self._menus:
                self._menu(menu, Event())
        except DeviceError:
            self.close()
            raise

    def close(self) -> None:
        """Release the line."""
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def health(self) -> Health:
        """Ask whether OCR is on."""
        try:
            self._menu(QUESTION, Event())
        except DeviceFaultError as error:
            return Health(DeviceState.HARDWARE_ERROR, str(error))
        except DeviceError as error:
            return Health(DeviceState.NO_DEVICE, str(error))
        return Health(DeviceState.ONLINE)

    def wait_for_document(self, timeout_s: float, cancelled: Event) -> DocumentRead:
        """Trigger, and again every few seconds, until a zone comes; then release."""
        line = opened(self._line)
        line.flush()
        deadline, trigger_at = monotonic() + timeout_s, 0.0
        try:
            while True:
                if monotonic() >= trigger_at:
                    line.write(TRIGGER)
                    trigger_at = monotonic() + RETRIGGER_S
                text = self._text(line, min(trigger_at, deadline), cancelled)
                read = document_read(text)
                if read is not None and not self._same.is_again(read, monotonic()):
                    return read
                if monotonic() >= deadline:
                    raise DeviceTimeoutError(f"no document within {timeout_s} s")
        finally:
            self._release(line)

    def present(self) -> Seen:
        """See that the imager answers; it has no sensor for what lies before it."""
        self._menu(QUESTION, Event())
        return Seen.UNKNOWN

    def wait_removed(self, timeout_s: float, cancelled: Event) -> Seen:
        """Nobody can tell."""
        del timeout_s
        self._menu(QUESTION, cancelled)
        return Seen.UNKNOWN

    def _text(self, line: HeardLine, deadline: float, cancelled: Event) -> bytes:
        """Collect what comes until a silence; empty where nothing came up to the deadline."""
        text = bytearray()
        wait_s = max(deadline - monotonic(), 0.0)
        while len(text) < MOST_CHARACTERS:
            try:
                text.append(line.byte(wait_s, cancelled))
            except DeviceTimeoutError:
                break
            wait_s = self._gap_s
        return bytes(text)

    def _menu(self, menu: str, cancelled: Event) -> None:
        """Send a menu command, twice at most: it names a state to reach."""
        for is_last in (False, True):
            verdict = self._asked(menu, cancelled)
            if verdict == ACK:
                return
            if is_last:
                break
        if verdict is None:
            raise DeviceAbsentError("the imager does not answer")
        raise DeviceFaultError("refused", f"{verdict:02X}", f"menu {menu}")

    def _asked(self, menu: str, cancelled: Event) -> int | None:
        """Return ACK, ENQ or NAK; None where nothing of this kind came."""
        line = opened(self._line)
        line.flush()
        line.write(MENU + menu.encode("ascii") + FOR_NOW)
        heard = bytearray()
        deadline = monotonic() + ANSWER_S
        while len(heard) < LONGEST_ANSWER:
            try:
                heard.append(line.byte(max(deadline - monotonic(), 0.0), cancelled))
            except DeviceTimeoutError:
                return None
            if heard[-1:] == FOR_NOW and len(heard) > 1 and heard[-2] in (ENQ, ACK, NAK):
                is_ours = heard[:-2].upper().startswith(menu.rstrip("?").upper().encode("ascii"))
                return heard[-2] if is_ours else None
        return None

    def _release(self, line: HeardLine) -> None:
        try:
            line.write(RELEASE)
        except DeviceAbsentError:
            return  # whoever asks next will hear of it
