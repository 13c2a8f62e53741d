"""Where a HID device is: its USB numbers, a node of the system, or a bridge over the network."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from hardware.core.device import Found
from hardware.core.errors import DeviceAbsentError
from hardware.core.hid_system import HidInfo, list_hid

BRIDGE = "hid+tcp://"
NUMBERS = "hid:"


@dataclass(frozen=True, slots=True)
class UsbNumbers:
    """A device by what its USB descriptor says; an empty serial means any."""

    vendor: int
    product: int
    serial: str = ""

    def __str__(self) -> str:
        serial = f":{self.serial}" if self.serial else ""
        return f"{NUMBERS}{self.vendor:04x}:{self.product:04x}{serial}"


@dataclass(frozen=True, slots=True)
class Node:
    """A device by the path that the system gave it, such as /dev/hidraw0."""

    path: str


@dataclass(frozen=True, slots=True)
class Bridge:
    """A device whose reports come over TCP, in the frames of hardware.core.hid_bridge."""

    host: str
    port: int


def parse_hid_address(address: str) -> UsbNumbers | Node | Bridge:
    """Read hid:VID:PID[:SERIAL] (hexadecimal), hid+tcp://host:port, or a path of the system.

    Raises:
        ValueError: It is none of these.
    """
    if address.startswith(BRIDGE):
        host, _, port = address.removeprefix(BRIDGE).rpartition(":")
        if host and port.isdecimal() and 0 < int(port) < 65536:
            return Bridge(host, int(port))
    elif address.startswith(NUMBERS):
        vendor, _, rest = address.removeprefix(NUMBERS).partition(":")
        product, _, serial = rest.partition(":")
        if _is_number(vendor) and _is_number(product):
            return UsbNumbers(int(vendor, 16), int(product, 16), serial)
    elif address.startswith(("/dev/", "\\\\?\\")):
        return Node(address)
    raise ValueError(
        f"a HID address is written hid:VID:PID[:SERIAL], hid+tcp://host:port or /dev/hidrawN, "
        f"not {address!r}"
    )


def _is_number(text: str) -> bool:
    return 0 < len(text) <= 4 and all(letter in "0123456789abcdefABCDEF" for letter in text)


def find_hid(is_wanted: Callable[[HidInfo], bool]) -> Iterable[Found]:
    """Look for plugged devices of a make or use; opens none."""
    try:
        seen = list_hid()
    except DeviceAbsentError:
        return ()
    found = []
    for info in seen:
        if is_wanted(info):
            where = str(UsbNumbers(info.vendor, info.product, info.serial))
            detail = f"{info.maker} {info.name}".strip() or f"USB {where.removeprefix(NUMBERS)}"
            found.append(Found(where, detail, is_certain=True))
    return tuple(dict.fromkeys(found))
