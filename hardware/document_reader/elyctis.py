"""Driver for Elyctis ID BOX readers on a serial line, USB-CDC or UART.

Source: Elyctis "Scanner Command Set" v1.7. A frame is a command letter, the length of its data in
two bytes, the data; without a checksum. The reader is armed only while somebody waits. Tried on the
simulated reader only.
"""

from collections.abc import Callable
from enum import IntEnum
from threading import Event
from time import monotonic

from hardware.core.device import DeviceState, Health, Seen
from hardware.core.errors import (
    BadReplyError,
    DeviceAbsentError,
    DeviceError,
    DeviceTimeoutError,
)
from hardware.core.transport import Transport
from hardware.document_reader.heard_line import HeardLine, opened
from hardware.document_reader.interface import DocumentRead
from hardware.document_reader.reading import SameDocument, document_read, wait_until_gone

BAUDS = (9600, 115200)
ON, OFF = b"\x01", b"\x00"
MOST_DATA = 1024
ANSWER_S = 1.0
BYTE_S = 1.0
"""Within a frame one byte follows the other; after so long it will not."""

SETTLE_S = 0.25
REARM_S = 2.0
"""The reader disarms itself at times of its own; telling it again does no harm."""


class Command(IntEnum):
    """The letters of the command set that this driver uses."""

    INQUIRE = 0x49
    ONE_LINE = 0x4C
    CONTINUOUS = 0x43
    VERSION = 0x56
    PRODUCT = 0x54
    SERIAL = 0x52


ZONES = (Command.INQUIRE, Command.ONE_LINE)


def frame(command: int, data: bytes = b"") -> bytes:
    """Build a frame."""
    return bytes([command]) + len(data).to_bytes(2, "big") + data


class Elyctis:
    """One reader; a DocumentReader.

    Args:
        open_line: Opens the line at a baud rate.
        bauds: Which rates to try, in this order.
        inquire_tells_present: Whether INQUIRE answers for the document that lies in the slot now,
            so that an empty answer means none; otherwise it is taken to repeat the last one read.
    """

    def __init__(
        self,
        open_line: Callable[[int], Transport],
        bauds: tuple[int, ...] = BAUDS,
        *,
        inquire_tells_present: bool = False,
    ) -> None:
        self._open_line = open_line
        self._bauds = bauds
        self._tells_present = inquire_tells_present
        self._line: HeardLine | None = None
        self._version = ""
        self._same = SameDocument()

    def open(self) -> None:
        """Find the baud rate at which the reader tells its version."""
        if self._line is not None:
            return
        why: DeviceError = DeviceAbsentError("no baud rate to try")
        for baud in self._bauds:
            self._line = HeardLine(self._open_line(baud))
            try:
                self._version = self._told(Command.VERSION)
            except DeviceError as error:
                self.close()
                why = error
            else:
                return
        raise DeviceAbsentError(f"no reader answers: {why}") from why

    def close(self) -> None:
        """Release the line."""
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def health(self) -> Health:
        """Ask for the version again."""
        try:
            return Health(DeviceState.ONLINE, f"version {self._told(Command.VERSION)}")
        except BadReplyError as error:
            return Health(DeviceState.HARDWARE_ERROR, str(error))
        except DeviceError as error:
            return Health(DeviceState.NO_DEVICE, str(error))

    def identity(self) -> tuple[str, str, str]:
        """Ask for product, serial number and version, as the reader spells them."""
        return (
            self._told(Command.PRODUCT),
            self._told(Command.SERIAL),
            self._told(Command.VERSION),
        )

    def wait_for_document(self, timeout_s: float, cancelled: Event) -> DocumentRead:
        """Arm the reader and wait until it sends a zone; disarm it if it sent none."""
        line = opened(self._line)
        line.flush()
        deadline, rearm_at = monotonic() + timeout_s, 0.0
        try:
            while True:
                if monotonic() >= rearm_at:
                    read = self._armed(cancelled)
                    rearm_at = monotonic() + REARM_S
                else:
                    read = self._sent(min(rearm_at, deadline) - monotonic(), cancelled)
                if read is not None and not self._same.is_again(read, monotonic()):
                    return read
                if monotonic() >= deadline:
                    raise DeviceTimeoutError(f"no document within {timeout_s} s")
        finally:
            self._disarm()

    def present(self) -> Seen:
        """Inquire, where that tells; otherwise only see that the reader answers."""
        return self._seen(Event())

    def wait_removed(self, timeout_s: float, cancelled: Event) -> Seen:
        """Look again and again, where that is possible."""
        return wait_until_gone(lambda: self._seen(cancelled), timeout_s, cancelled)

    def _seen(self, cancelled: Event) -> Seen:
        if not self._tells_present:
            self._told(Command.VERSION, cancelled)
            return Seen.UNKNOWN
        return Seen.YES if self._ask(Command.INQUIRE, cancelled) else Seen.NO

    def _armed(self, cancelled: Event) -> DocumentRead | None:
        """Switch continuous reading on; a zone that comes instead of the echo is returned."""
        line = opened(self._line)
        line.write(frame(Command.CONTINUOUS, ON))
        deadline = monotonic() + ANSWER_S
        try:
            while True:
                command, data = self._frame(deadline - monotonic(), cancelled)
                if command == Command.CONTINUOUS and data != OFF:
                    return None
                if command in ZONES and (read := document_read(data)) is not None:
                    return read
        except BadReplyError:
            self._settle(cancelled)
            return None
        except DeviceTimeoutError as error:
            raise DeviceAbsentError("the reader does not echo") from error

    def _sent(self, timeout_s: float, cancelled: Event) -> DocumentRead | None:
        """Wait for a zone; None where none came, or one that was too damaged to be a frame."""
        deadline = monotonic() + timeout_s
        try:
            while True:
                command, data = self._frame(deadline - monotonic(), cancelled)
                if command in ZONES and (read := document_read(data)) is not None:
                    return read
        except DeviceTimeoutError:
            return None
        except BadReplyError:
            self._settle(cancelled)
            # The last document might be somebody else's, so the reader is asked for it only where
            # it answers for the one that lies there.
            if not self._tells_present:
                return None
            return document_read(self._ask(Command.INQUIRE, cancelled))

    def _disarm(self) -> None:
        """Switch continuous reading off; whether it works, the next wait will see."""
        if self._line is None:
            return
        try:
            self._line.write(frame(Command.CONTINUOUS, OFF))
        except DeviceAbsentError:
            return

    def _told(self, command: Command, cancelled: Event | None = None) -> str:
        """Ask for a text; of an impossible one nothing is passed on."""
        text = self._ask(command, cancelled or Event())
        if not text.isascii() or not text.strip():
            raise BadReplyError(f"command {command.name} is answered with no text")
        return text.decode("ascii").strip(" \r\n\x00")

    def _ask(self, command: Command, cancelled: Event) -> bytes:
        """Send a command and return the data of its answer; every command here may be repeated."""
        line = opened(self._line)
        for is_last in (False, True):
            line.flush()
            line.write(frame(command))
            deadline = monotonic() + ANSWER_S
            try:
                while True:
                    answered, data = self._frame(deadline - monotonic(), cancelled)
                    if answered == command:
                        return data
            except BadReplyError:
                if is_last:
                    raise
                self._settle(cancelled)
            except DeviceTimeoutError as error:
                if is_last:
                    raise DeviceAbsentError(f"no answer to {command.name}") from error
        raise AssertionError

    def _frame(self, timeout_s: float, cancelled: Event) -> tuple[int, bytes]:
        """Return the next frame of any command.

        Raises:
            DeviceTimeoutError: None began. BadReplyError: One began that is none.
        """
        line = opened(self._line)
        command = line.byte(max(timeout_s, 0.0), cancelled)
        if not 0x41 <= command <= 0x5A:
            raise BadReplyError(f"{command:02x} is no command letter")
        try:
            size = line.byte(BYTE_S, cancelled) << 8 | line.byte(BYTE_S, cancelled)
            if size > MOST_DATA:
                raise BadReplyError(f"a frame of {size} bytes")
            return command, bytes(line.byte(BYTE_S, cancelled) for _ in range(size))
        except DeviceTimeoutError as error:
            raise BadReplyError("a frame was cut short") from error

    def _settle(self, cancelled: Event) -> None:
        """Let a damaged frame run out."""
        line = opened(self._line)
        try:
            for _ in range(2 * MOST_DATA):
                line.byte(SETTLE_S, cancelled)
        except DeviceTimeoutError:
            line.flush()
