"""What an entry of the catalogue says, and what the entries have in common."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any, TypeAlias

from hardware.core.device import Device, Found
from hardware.core.links import Links
from hardware.core.transport import Transport

Options: TypeAlias = Mapping[str, Any]


class Kind(StrEnum):
    """The device kinds; each has its interface in hardware/<kind's package>/interface.py."""

    CARD_UNIT = "card_unit"
    CARD_READER = "card_reader"
    CABINET = "cabinet"
    SIGNALS = "signals"
    FORM_COLLECTOR = "form_collector"
    FINGERPRINT_SCANNER = "fingerprint_scanner"
    CAMERA = "camera"
    CODE_SCANNER = "code_scanner"
    TICKET_PRINTER = "ticket_printer"
    FORM_PRINTER = "form_printer"
    DOCUMENT_READER = "document_reader"
    SIGNATURE_PAD = "signature_pad"


@dataclass(frozen=True, slots=True)
class Driver:
    """How to make one kind of device from an address and options.

    Attributes:
        speaks: The protocol or maker's family, for people.
        options: The options it knows; any other is a mistake in the configuration.
        is_recordable: Whether its bytes pass links, so that they can be recorded and played back.
        find: Looks around this machine for such devices; moves nothing, opens nothing that
            another program may hold, and takes a second at most.
    """

    kind: Kind
    construct: Callable[[str, Options, Links], Device]
    speaks: str
    options: frozenset[str] = frozenset()
    is_recordable: bool = False
    find: Callable[[], Iterable[Found]] = tuple


Drivers: TypeAlias = Mapping[str, Driver]

on_a_line = partial(Driver, is_recordable=True)


def made(drivers: Drivers, name: str, address: str, options: Options, links: Links) -> Device:
    """Make a device of one of these drivers; raises ValueError as hardware.catalog.make does."""
    found = named(drivers, name)
    if unknown := set(options) - found.options:
        known = ", ".join(sorted(found.options)) or "none"
        raise ValueError(f"{name} has no option {min(unknown)!r}; it has {known}")
    return found.construct(address, options, links)


def named(drivers: Drivers, name: str) -> Driver:
    """Find one of these drivers; ValueError names those that there are."""
    try:
        return drivers[name]
    except KeyError:
        raise ValueError(
            f"there is no driver {name!r}; there are {', '.join(sorted(drivers))}"
        ) from None


def line_to(address: str, options: Options, links: Links, baud: int) -> Callable[[], Transport]:
    """Return what opens the line of a serial device, at its own speed or the option's."""
    speed = int(options.get("baud", baud))
    return lambda: links.line(address, speed)


def after(prefix: str, address: str) -> str:
    """Return what an address says behind its prefix; ValueError where it has another form."""
    rest = address.removeprefix(prefix)
    if rest == address or not rest:
        raise ValueError(f"the address is written {prefix}..., not {address!r}")
    return rest
