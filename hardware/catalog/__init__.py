"""Every driver by the name that station.toml gives it: one plain dictionary."""

from hardware.catalog import biometrics, cabinets, card_machines, documents, optics, printers
from hardware.catalog.entries import Driver, Kind, Options, made, named
from hardware.core.device import Device
from hardware.core.links import Links, RealLinks

__all__ = ["DRIVERS", "Driver", "Kind", "Options", "driver", "make"]

DRIVERS: dict[str, Driver] = {
    **card_machines.DRIVERS,
    **cabinets.DRIVERS,
    **biometrics.DRIVERS,
    **optics.DRIVERS,
    **documents.DRIVERS,
    **printers.DRIVERS,
}


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
