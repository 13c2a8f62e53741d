"""Opens what carries a driver's bytes: the real thing, with a recording around it, or a replay."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

from hardware.core.http_link import HttpLink, RealHttpLink, RecordingHttpLink, ReplayHttpLink
from hardware.core.transport import (
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


class ReplayLinks:
    """A recording instead of the world; addresses do not matter."""

    def __init__(self, recording: Iterable[Exchange]) -> None:
        self._recording = list(recording)
        self._played: ReplayTransport | ReplayHttpLink | None = None

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

    def finished(self) -> bool:
        """Tell whether the driver played the recording to its end."""
        return self._played is not None and self._played.finished()


def read_recording(file: Path) -> list[Exchange]:
    """Read a recording: '> hex' for the host, '< hex' for the device, '#' for remarks.

    Raises:
        ValueError: A line is none of these; the message names it.
    """
    exchanges = []
    for number, line in enumerate(file.read_text("ascii").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            exchanges.append(Exchange.parse(line))
        except ValueError as error:
            raise ValueError(f"{file}, line {number}: {error}") from None
    return exchanges
