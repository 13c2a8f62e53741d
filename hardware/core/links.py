"""Opens what carries a driver's bytes: the real thing, with a recording around it, or a replay."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

from hardware.core.hid_address import Bridge, Node, parse_hid_address
from hardware.core.hid_bridge import BridgeHidLink
from hardware.core.hid_link import HidLink, RecordingHidLink, ReplayHidLink
from hardware.core.hid_system import SystemHidLink
from hardware.core.http_link import HttpLink, RealHttpLink, RecordingHttpLink, ReplayHttpLink
from hardware.core.transport import (
    Difference,
    Exchange,
    RecordingTransport,
    ReplayTransport,
    SerialTransport,
    Transport,
)
from hardware.core.usb_link import FileTransport, UsbTransport

USB_PRINTER_FILES = "/dev/usb/lp"


class Links(Protocol):
    """Where drivers get their byte pipes from; the catalogue hands one to every driver."""

    def line(self, address: str, baud: int, parity: str = "N") -> Transport:
        """Open a serial port, socket://host:port or tcp://host:port.

        A printer on USB is usb:VENDOR:PRODUCT[:SERIAL], or the file of the system's driver for
        it, /dev/usb/lp0 or file:PATH; it has no baud.

        Raises:
            DeviceAbsentError: There is no such port, or nobody listens there.
        """
        ...

    def http(self, address: str) -> HttpLink:
        """Return the way to an HTTP service; nothing is opened yet."""
        ...

    def hid(self, address: str) -> HidLink:
        """Open hid:VID:PID[:SERIAL], /dev/hidrawN or hid+tcp://host:port.

        Raises:
            DeviceAbsentError: There is no such device. ValueError: No such address is possible.
        """
        ...


class RealLinks:
    """The world."""

    def line(self, address: str, baud: int, parity: str = "N") -> Transport:
        """Open a serial port, a socket or a USB printer."""
        if address.startswith("usb:"):
            return UsbTransport(address)
        if address.startswith(("file:", USB_PRINTER_FILES)):
            return FileTransport(address.removeprefix("file:"))
        if address.startswith("tcp://"):
            address = "socket://" + address.removeprefix("tcp://")
        return SerialTransport(address, baud, parity)

    def http(self, address: str) -> HttpLink:
        """Return the way to an HTTP service."""
        return RealHttpLink(address)

    def hid(self, address: str) -> HidLink:
        """Open a plugged device or a bridge."""
        match parse_hid_address(address):
            case Bridge(host, port):
                return BridgeHidLink(host, port)
            case Node(path):
                return SystemHidLink.by_path(path)
            case numbers:
                return SystemHidLink.by_numbers(numbers.vendor, numbers.product, numbers.serial)


class RecordingLinks:
    """The world, and a listener that is told every exchange."""

    def __init__(self, tell: Callable[[Exchange], None]) -> None:
        self._real = RealLinks()
        self._tell = tell

    def line(self, address: str, baud: int, parity: str = "N") -> Transport:
        """Open and record."""
        return RecordingTransport(self._real.line(address, baud, parity), self._tell)

    def http(self, address: str) -> HttpLink:
        """Reach and record."""
        return RecordingHttpLink(self._real.http(address), self._tell)

    def hid(self, address: str) -> HidLink:
        """Open and record."""
        return RecordingHidLink(self._real.hid(address), self._tell)


class ReplayLinks:
    """A recording instead of the world; addresses do not matter."""

    def __init__(self, recording: Iterable[Exchange]) -> None:
        self._recording = list(recording)
        self._played: ReplayTransport | ReplayHttpLink | ReplayHidLink | None = None

    def line(self, address: str, baud: int, parity: str = "N") -> Transport:
        """Play the recording as a line; a line that is opened again goes on where it was."""
        del address, baud, parity
        if not isinstance(self._played, ReplayTransport):
            self._played = ReplayTransport(self._recording)
        return self._played

    def http(self, address: str) -> HttpLink:
        """Play the recording as a service."""
        del address
        if not isinstance(self._played, ReplayHttpLink):
            self._played = ReplayHttpLink(self._recording)
        return self._played

    def hid(self, address: str) -> HidLink:
        """Play the recording as a HID device; one that is opened again goes on where it was."""
        del address
        if not isinstance(self._played, ReplayHidLink):
            self._played = ReplayHidLink(self._recording)
        return self._played

    def finished(self) -> bool:
        """Tell whether the driver played the recording to its end."""
        return self._played is not None and self._played.finished()

    @property
    def played(self) -> int:
        """How many exchanges the driver has played."""
        return self._played.played if self._played else 0

    @property
    def difference(self) -> Difference | None:
        """Where the driver first left the recording; None while it has not."""
        return self._played.difference if self._played else None


def read_recording(file: Path) -> list[Exchange]:
    """Read a recording: '> hex' for the host, '< hex' for the device, '#' for remarks.

    Raises:
        ValueError: A line is none of these; the message names it.
    """
    return [exchange for _, exchange in read_numbered(file)]


def read_numbered(file: Path) -> list[tuple[int, Exchange]]:
    """Read a recording with the number of each exchange's line in its file.

    Raises:
        ValueError: A line is no exchange and no remark; the message names it.
    """
    exchanges = []
    for number, line in enumerate(file.read_text("ascii").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            exchanges.append((number, Exchange.parse(line)))
        except ValueError as error:
            raise ValueError(f"{file}, line {number}: {error}") from None
    return exchanges
