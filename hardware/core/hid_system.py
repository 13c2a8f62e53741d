"""HID devices that are plugged into this machine, by the package hidapi.

On Linux its module `hidraw` is used, which goes through the kernel's hidraw nodes and leaves the
kernel's drivers where they are; `hid` there would take the device from them by libusb. A node is
readable for everybody only by a rule of udev (docs/decisions/0029).
"""

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from hardware.core.errors import DeviceAbsentError, DeviceFaultError, DeviceTimeoutError

LONGEST_REPORT = 4096
FEATURE_ROOM = 257


class SystemDevice(Protocol):
    """One opened device, as hidapi's class `device` offers it."""

    def read(self, max_length: int, timeout_ms: int = 0) -> list[int]:
        """Return an input report, or nothing after the time-out; OSError when it is gone."""
        ...

    def write(self, data: bytes) -> int:
        """Send an output report; a negative number is a failure."""
        ...

    def get_feature_report(self, number: int, max_length: int) -> list[int]:
        """Return a feature report."""
        ...

    def send_feature_report(self, data: bytes) -> int:
        """Set a feature report; a negative number is a failure."""
        ...

    def close(self) -> None:
        """Release the device."""
        ...


@dataclass(frozen=True, slots=True)
class HidInfo:
    """What the system knows of a plugged device without opening it."""

    vendor: int
    product: int
    serial: str
    maker: str
    name: str
    usage_page: int
    usage: int
    path: str


def list_hid() -> tuple[HidInfo, ...]:
    """Return the plugged devices, one entry for each use of each.

    Raises:
        DeviceAbsentError: The package hidapi is not there.
    """
    return tuple(
        HidInfo(
            vendor=row["vendor_id"],
            product=row["product_id"],
            serial=row["serial_number"] or "",
            maker=row["manufacturer_string"] or "",
            name=row["product_string"] or "",
            usage_page=row["usage_page"],
            usage=row["usage"],
            path=bytes(row["path"]).decode(errors="replace"),
        )
        for row in _hidapi().enumerate()
    )


class SystemHidLink:
    """A HidLink to a plugged device."""

    def __init__(self, open_it: Callable[[], SystemDevice]) -> None:
        """Open the device.

        Raises:
            DeviceAbsentError: It is not there, or not open to this user.
        """
        try:
            self._device = open_it()
        except (OSError, ValueError) as error:
            raise DeviceAbsentError(f"no HID device opens: {error}") from error
        self._early: list[bytes] = []

    @classmethod
    def by_numbers(cls, vendor: int, product: int, serial: str = "") -> "SystemHidLink":
        """Open the first device of these numbers."""
        return cls(lambda: _opened(lambda it: it.open(vendor, product, serial or None)))

    @classmethod
    def by_path(cls, path: str) -> "SystemHidLink":
        """Open the device at a path of the system."""
        return cls(lambda: _opened(lambda it: it.open_path(path.encode())))

    def read_report(self, timeout_s: float) -> bytes:
        """Return the next input report."""
        if self._early:
            return self._early.pop(0)
        report = self._read(timeout_s)
        if not report:
            raise DeviceTimeoutError(f"no report within {timeout_s} s")
        return report

    def write_report(self, report: bytes) -> None:
        """Send an output report."""
        self._done(lambda: self._device.write(report))

    def get_feature(self, number: int, length: int) -> bytes:
        """Ask for a feature report."""
        # Windows wants room for the longest report of the device, however short this one is.
        room = max(length + 1, FEATURE_ROOM)
        report = self._done(lambda: self._device.get_feature_report(number, room))
        return bytes(report)[: length + 1]

    def set_feature(self, report: bytes) -> None:
        """Set a feature report."""
        self._done(lambda: self._device.send_feature_report(report))

    def flush_input(self) -> None:
        """Throw away the reports that nobody read."""
        self._early.clear()
        while self._read(0.001):
            pass

    def close(self) -> None:
        """Release the device."""
        with suppress(OSError, ValueError):  # its plug may be gone
            self._device.close()

    def _read(self, timeout_s: float) -> bytes:
        try:  # zero milliseconds would mean for ever
            return bytes(self._device.read(LONGEST_REPORT, max(1, round(timeout_s * 1000))))
        except (OSError, ValueError) as error:
            raise DeviceAbsentError(f"the HID device is gone: {error}") from error

    def _done(self, call: Callable[[], int | Sequence[int]]) -> Sequence[int]:
        """Do what may be refused; whether the device is gone or says no, only reading tells."""
        try:
            result = call()
        except (OSError, ValueError) as error:
            raise self._refused(str(error)) from error
        if isinstance(result, int):
            if result < 0:
                raise self._refused("not taken")
            return ()
        return result

    def _refused(self, why: str) -> DeviceFaultError:
        if report := self._read(0.001):
            self._early.append(report)
        return DeviceFaultError("refused", detail=why)


def _opened(how: Callable[..., None]) -> SystemDevice:
    device = _hidapi().device()
    how(device)
    opened: SystemDevice = device
    return opened


def _hidapi() -> Any:
    """The module; it has no types."""
    # Both imports are written out, so that the maker of the bundle sees them.
    try:
        if sys.platform == "linux":
            import hidraw as module  # noqa: PLC0415 (only where HID is used)
        else:
            import hid as module  # noqa: PLC0415
    except ImportError as error:
        raise DeviceAbsentError(f"HID needs the package hidapi: {error}") from error
    return module
