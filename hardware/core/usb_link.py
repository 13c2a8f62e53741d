"""Byte pipes to USB printers: the printer class by pyusb, and the system's own file for one.

Source: USB Device Class Definition for Printing Devices 1.1: one bulk endpoint out, one in for
those that answer (sections 4.4 and 5), interface class 7. A printer is written
`usb:VENDOR:PRODUCT` or `usb:VENDOR:PRODUCT:SERIAL`, both numbers in four hexadecimal digits.
"""

import errno
import os
import re
import select
from collections.abc import Iterator
from contextlib import suppress
from time import monotonic
from typing import Any

import usb.core
import usb.util
from usb.backend import IBackend

from hardware.core.device import Found
from hardware.core.errors import (
    BadReplyError,
    DeviceAbsentError,
    DeviceBusyError,
    DeviceTimeoutError,
)

backend: IBackend | None = None
"""None is the system's libusb; tests put a simulated bus here."""

PRINTER_CLASS = 7
_ADDRESS = re.compile(r"usb:([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4})(?::(.+))?")
WRITE_S = 2.0
CHUNK = 4096


class UsbTransport:
    """The two bulk endpoints of one printer interface."""

    def __init__(self, address: str) -> None:
        """Find the printer, take it from the system's own driver, and claim it.

        Raises:
            ValueError: The address is no usb:VENDOR:PRODUCT[:SERIAL].
            DeviceAbsentError: It is not there, or this user may not open it.
            DeviceBusyError: Another program holds it.
        """
        vendor, product, serial = parse_address(address)
        self._device = _find(vendor, product, serial)
        self._unread = b""
        try:
            self._claim()
        except usb.core.USBError as error:
            usb.util.dispose_resources(self._device)
            if error.errno == errno.EBUSY:
                raise DeviceBusyError(f"another program holds {address}") from error
            raise DeviceAbsentError(f"cannot open {address}: {error}") from error

    def _claim(self) -> None:
        # A configuration that is active already stays: setting it again resets some printers.
        try:
            self._device.get_active_configuration()
        except usb.core.USBError:
            self._device.set_configuration()
        interface = _printer_interface(self._device)
        number = interface.bInterfaceNumber
        with suppress(NotImplementedError):  # Windows has no kernel driver to send away
            if self._device.is_kernel_driver_active(number):
                self._device.detach_kernel_driver(number)
        usb.util.claim_interface(self._device, number)
        self._out = _endpoint(interface, usb.util.ENDPOINT_OUT)
        self._in = _endpoint(interface, usb.util.ENDPOINT_IN)
        if self._out is None or self._in is None:
            raise usb.core.USBError(
                "it has no way back, so it could not answer", errno=errno.ENOTSUP
            )

    def write(self, data: bytes) -> None:
        """Send all of data; a printer that takes nothing for two seconds counts as gone."""
        try:
            sent = 0
            while sent < len(data):
                sent += self._out.write(data[sent : sent + CHUNK], timeout=int(WRITE_S * 1000))
        except usb.core.USBError as error:
            raise DeviceAbsentError(f"USB lost: {error}") from error

    def read(self, count: int, timeout_s: float) -> bytes:
        """Return exactly count bytes, or raise DeviceTimeoutError."""
        deadline = monotonic() + timeout_s
        while len(self._unread) < count:
            # A time-out of zero would wait for ever in libusb.
            left_ms = max(1, int((deadline - monotonic()) * 1000))
            self._unread += self._arrived(left_ms)
            if len(self._unread) < count and monotonic() >= deadline:
                got, self._unread = len(self._unread), b""
                raise DeviceTimeoutError(f"{got} of {count} bytes within {timeout_s} s")
        data, self._unread = self._unread[:count], self._unread[count:]
        return data

    def _arrived(self, timeout_ms: int) -> bytes:
        try:
            return bytes(self._in.read(self._in.wMaxPacketSize, timeout=timeout_ms))
        except usb.core.USBTimeoutError:
            return b""
        except usb.core.USBError as error:
            if error.errno == errno.EOVERFLOW:
                raise BadReplyError("more came than fits into a packet") from error
            raise DeviceAbsentError(f"USB lost: {error}") from error

    def flush_input(self) -> None:
        """Throw away what the printer said and nobody read."""
        self._unread = b""
        while self._arrived(1):
            pass

    def close(self) -> None:
        """Release the printer."""
        with suppress(usb.core.USBError):  # its plug may be gone
            usb.util.dispose_resources(self._device)


class FileTransport:
    """The file of the system's own USB printer driver: /dev/usb/lp0."""

    def __init__(self, path: str) -> None:
        """Open the file for both ways.

        Raises:
            DeviceAbsentError: There is none, or this user may not open it.
            DeviceBusyError: Another program holds it.
        """
        try:
            self._file = os.open(path, os.O_RDWR | getattr(os, "O_NONBLOCK", 0))
        except OSError as error:
            if error.errno == errno.EBUSY:
                raise DeviceBusyError(f"another program holds {path}") from error
            raise DeviceAbsentError(f"cannot open {path}: {error.strerror}") from error
        self._is_open = True

    def write(self, data: bytes) -> None:
        """Send all of data; a printer that takes nothing for two seconds counts as gone."""
        while data:
            try:
                if not select.select([], [self._file], [], WRITE_S)[1]:
                    raise DeviceAbsentError(f"the printer takes nothing for {WRITE_S} s")
                data = data[os.write(self._file, data[:CHUNK]) :]
            except BlockingIOError:
                continue
            except (OSError, ValueError) as error:
                raise DeviceAbsentError(f"printer lost: {error}") from error

    def read(self, count: int, timeout_s: float) -> bytes:
        """Return exactly count bytes, or raise DeviceTimeoutError."""
        deadline, data = monotonic() + timeout_s, b""
        while len(data) < count:
            left_s = max(0.0, deadline - monotonic())
            data += self._arrived(count - len(data), left_s)
            if len(data) < count and monotonic() >= deadline:
                raise DeviceTimeoutError(f"{len(data)} of {count} bytes within {timeout_s} s")
        return data

    def _arrived(self, count: int, timeout_s: float) -> bytes:
        try:
            if not select.select([self._file], [], [], timeout_s)[0]:
                return b""
            data = os.read(self._file, count)
        except BlockingIOError:
            return b""
        except (OSError, ValueError) as error:
            raise DeviceAbsentError(f"printer lost: {error}") from error
        if not data:
            # The driver of a printer that is gone reports an end; one that is silent reports
            # nothing to read. Some report an end for silence too, so that must not spin.
            select.select([], [], [], min(timeout_s, 0.02))
        return data

    def flush_input(self) -> None:
        """Throw away what the printer said and nobody read."""
        while self._arrived(CHUNK, 0):
            pass

    def close(self) -> None:
        """Release the file."""
        if self._is_open:
            self._is_open = False
            with suppress(OSError):
                os.close(self._file)


def parse_address(address: str) -> tuple[int, int, str | None]:
    """Read usb:VENDOR:PRODUCT[:SERIAL].

    Raises:
        ValueError: It is written otherwise.
    """
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise ValueError(f"the address is written usb:VENDOR:PRODUCT[:SERIAL], not {address!r}")
    return int(found[1], 16), int(found[2], 16), found[3]


def find_printers() -> Iterator[Found]:
    """Look for printers on USB by their class; opens none beyond its descriptors."""
    try:
        devices = list(usb.core.find(find_all=True, custom_match=_is_printer, backend=backend))
    except (usb.core.NoBackendError, usb.core.USBError):
        return
    for device in devices:
        address = f"usb:{device.idVendor:04x}:{device.idProduct:04x}"
        serial = _text(device, "serial_number")
        words = [_text(device, "manufacturer"), _text(device, "product")]
        detail = " ".join(word for word in words if word) or "USB printer"
        yield Found(f"{address}:{serial}" if serial else address, detail, is_certain=True)
        usb.util.dispose_resources(device)


def _find(vendor: int, product: int, serial: str | None) -> Any:
    try:
        found = usb.core.find(
            find_all=True,
            idVendor=vendor,
            idProduct=product,
            custom_match=_is_printer,
            backend=backend,
        )
        for device in found:
            if serial is None or _text(device, "serial_number") == serial:
                return device
    except usb.core.NoBackendError as error:
        raise DeviceAbsentError("libusb is not installed") from error
    except usb.core.USBError as error:
        raise DeviceAbsentError(f"USB does not answer: {error}") from error
    raise DeviceAbsentError(f"no printer {vendor:04x}:{product:04x} is on USB")


def _is_printer(device: Any) -> bool:
    try:
        return _printer_interface(device) is not None
    except usb.core.USBError:
        return False


def _printer_interface(device: Any) -> Any:
    for configuration in device:
        found = usb.util.find_descriptor(configuration, bInterfaceClass=PRINTER_CLASS)
        if found is not None:
            return found
    return None


def _endpoint(interface: Any, direction: int) -> Any:
    def fits(endpoint: Any) -> bool:
        is_bulk = usb.util.endpoint_type(endpoint.bmAttributes) == usb.util.ENDPOINT_TYPE_BULK
        leads = usb.util.endpoint_direction(endpoint.bEndpointAddress)
        return bool(is_bulk and leads == direction)

    return usb.util.find_descriptor(interface, custom_match=fits)


def _text(device: Any, which: str) -> str:
    """Read one of a device's names; those that this user may not read are empty."""
    try:
        return str(getattr(device, which) or "").strip("\0 ")
    except (usb.core.USBError, ValueError, NotImplementedError):
        return ""
