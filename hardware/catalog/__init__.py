"""Every driver by the name that station.toml gives it: one dictionary, in rooms of their own.

A station needs four drivers of thirty: the room of a driver is opened when it is first asked for,
since what the others bring along would take half of a kiosk's start.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module

from hardware.catalog.entries import Driver, Kind, Options, made, named
from hardware.core.device import Device
from hardware.core.links import Links, RealLinks

__all__ = ["DRIVERS", "Driver", "Kind", "Options", "driver", "make"]

ROOMS = {
    "card_machines": ("crt571", "crt571_reader", "k720", "pcsc"),
    "cabinets": ("cu16", "locks_8a", "modbus_locks", "modbus_signals", "modbus_collector"),
    "biometrics": ("r30x", "sbi_finger", "libfprint", "sbi_face"),
    "optics": (
        "mjpeg",
        "opencv",
        "line_scanner",
        "keyboard_scanner",
        "camera_scanner",
        "camera_reader",
    ),
    "documents": ("elyctis", "stx_reader", "ocr_imager", "hid_reader", "stu"),
    "printers": ("escpos", "spool_folder", "cups"),
    "windows_printers": ("windows",),
}
"""The modules of this package, and the drivers that each describes."""


class _Catalogue(Mapping[str, Driver]):
    """The drivers of all rooms; one is opened for the first of its drivers."""

    def __init__(self) -> None:
        self._room_of = {name: room for room, names in ROOMS.items() for name in names}

    def __getitem__(self, name: str) -> Driver:
        room = import_module(f"{__name__}.{self._room_of[name]}")
        found: Driver = room.DRIVERS[name]
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._room_of)

    def __len__(self) -> int:
        return len(self._room_of)


DRIVERS: Mapping[str, Driver] = _Catalogue()


def driver(name: str) -> Driver:
    """Find a driver by its name.

    Raises:
        ValueError: There is none of that name; the message names those that there are.
    """
    return named(DRIVERS, name)


def make(name: str, address: str, options: Options, links: Links | None = None) -> Device:
    """Make a device that is not opened yet.

    Raises:
        ValueError: There is no such driver, or it does not know that address or option.
    """
    return made(DRIVERS, name, address, options, links or RealLinks())
