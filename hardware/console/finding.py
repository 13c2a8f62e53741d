"""Finds devices on this machine, and writes the lines that station.toml wants for them."""

import json
import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from hardware.catalog import DRIVERS
from hardware.core.device import Found
from hardware.core.finding import Place, PlaceKind, look_around

WHO_SPEAKS: dict[str, tuple[str, ...]] = {PlaceKind.PRINT_QUEUE: ("cups",)}
log = logging.getLogger(__name__)

SPEED = "baud"
"""The option of every driver that speaks on a serial line."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A device on this machine, or a place where one may be.

    Attributes:
        kind: The device's kind; of a mere place, what it is: serial port, USB printer ...
        drivers: Those that can speak to it; none where no driver knows such a thing.
        alias: Another name of the address, such as /dev/ttyUSB0.
        is_certain: Whether a driver recognised its device; a bare port may be anything's.
    """

    address: str
    kind: str
    detail: str
    drivers: tuple[str, ...]
    is_certain: bool
    alias: str = ""

    @property
    def lines(self) -> list[str]:
        """What one would paste into station.toml; none where no driver would speak to it."""
        if not self.drivers:
            return []
        first, *others = self.drivers
        remark = f"  # or {', '.join(others)}" if others else ""
        role = self.kind if self.is_certain else "NAME"
        return [
            f"[devices.{role}]",
            f"driver = {json.dumps(first)}{remark}",
            f"address = {json.dumps(self.address, ensure_ascii=False)}",
        ]


def find_devices() -> list[Sighting]:
    """Look at what this machine has and ask every driver; moves nothing, takes about a second."""
    with ThreadPoolExecutor(len(DRIVERS) + 1) as pool:
        places = pool.submit(look_around)
        found = {name: pool.submit(_found, name) for name in DRIVERS}
        return merge(places.result(), {name: told.result() for name, told in found.items()})


def merge(places: Iterable[Place], found: dict[str, list[Found]]) -> list[Sighting]:
    """Bring what the machine has and what drivers found together: one sighting an address."""
    sightings = {}
    aliases = {}
    for place in places:
        sightings[place.address] = _of_place(place)
        if place.alias:
            aliases[place.alias] = place.address
    for name, devices in found.items():
        for device in devices:
            address = aliases.get(device.address, device.address)
            known = sightings.get(address)
            sightings[address] = _with(known, name, replace(device, address=address))
    return sorted(sightings.values(), key=lambda s: (not s.is_certain, not s.drivers))


def _found(name: str) -> list[Found]:
    """Ask one driver; one that cannot look around here finds nothing."""
    try:
        return list(DRIVERS[name].find())
    except Exception as error:  # what the others find must still be told
        log.warning("%s cannot look around: %r", name, error)
        return []


def _of_place(place: Place) -> Sighting:
    drivers: tuple[str, ...] = WHO_SPEAKS.get(place.kind, ())
    if place.kind is PlaceKind.SERIAL_PORT:
        drivers = tuple(name for name, driver in DRIVERS.items() if SPEED in driver.options)
    return Sighting(place.address, place.kind, place.detail, drivers, False, place.alias)


def _with(known: Sighting | None, name: str, device: Found) -> Sighting:
    """Add what one driver found to what is known of the address."""
    kind = str(DRIVERS[name].kind)
    if known is None:
        return Sighting(device.address, kind, device.detail, (name,), device.is_certain)
    if device.is_certain and not known.is_certain:
        return Sighting(device.address, kind, device.detail, (name,), True, known.alias)
    if known.is_certain and not device.is_certain:
        return known
    return replace(known, drivers=tuple(dict.fromkeys((*known.drivers, name))))
