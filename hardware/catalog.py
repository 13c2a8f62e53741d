"""Every driver by the name that station.toml gives it: one plain dictionary."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from hardware.cabinet.cu16 import LOCKS_ON_A_BOARD, Cu16
from hardware.camera.mjpeg_camera import MjpegCamera
from hardware.core.device import Device
from hardware.core.transport import SerialTransport, Transport
from hardware.fingerprint import r30x
from hardware.fingerprint.r30x import R30x
from hardware.form_collector.modbus_collector import ModbusCollector
from hardware.printer.cups import CupsPrinter
from hardware.printer.escpos_printer import EscposPrinter
from hardware.printer.spool_folder import SpoolFolder
from hardware.smartcard.crt571 import Crt571

Options: TypeAlias = Mapping[str, Any]
Wrap: TypeAlias = Callable[[Transport], Transport]
"""What is laid around a byte pipe, such as a recording."""


class Kind(StrEnum):
    """The device kinds; each has its interface in hardware/<kind's package>/interface.py."""

    CARD_UNIT = "card_unit"
    CARD_READER = "card_reader"
    CABINET = "cabinet"
    FORM_COLLECTOR = "form_collector"
    FINGERPRINT_SCANNER = "fingerprint_scanner"
    CAMERA = "camera"
    TICKET_PRINTER = "ticket_printer"
    FORM_PRINTER = "form_printer"


@dataclass(frozen=True, slots=True)
class Driver:
    """How to make one kind of device from an address and options.

    Attributes:
        options: The options it knows; any other is a mistake in the configuration.
        is_recordable: Whether its bytes pass a Transport that a recording can be laid around.
    """

    kind: Kind
    construct: Callable[[str, Options, Wrap], Device]
    options: frozenset[str] = frozenset()
    is_recordable: bool = False


def _line(address: str, options: Options, wrap: Wrap, baud: int) -> Callable[[], Transport]:
    """Return what opens the byte pipe: a serial port, socket://host:port or tcp://host:port."""
    if address.startswith("tcp://"):
        address = "socket://" + address.removeprefix("tcp://")
    speed = int(options.get("baud", baud))
    return lambda: wrap(SerialTransport(address, speed))


def _crt571(address: str, options: Options, wrap: Wrap) -> Device:
    return Crt571(_line(address, options, wrap, 9600))


def _cu16(address: str, options: Options, wrap: Wrap) -> Device:
    slots = int(options.get("slots", int(options.get("boards", 1)) * LOCKS_ON_A_BOARD))
    return Cu16(_line(address, options, wrap, 19200), slots)


def _modbus_collector(address: str, options: Options, wrap: Wrap) -> Device:
    del options, wrap
    return ModbusCollector(address)


def _r30x(address: str, options: Options, wrap: Wrap) -> Device:
    line = _line(address, options, wrap, r30x.BAUD)
    return R30x(line, int(options.get("password", 0)))


def _escpos(address: str, options: Options, wrap: Wrap) -> Device:
    line = _line(address, options, wrap, 9600)
    return EscposPrinter(line, **{"width_px": int(options["width"])} if "width" in options else {})


def _mjpeg(address: str, options: Options, wrap: Wrap) -> Device:
    del options, wrap
    return MjpegCamera(address)


def _spool_folder(address: str, options: Options, wrap: Wrap) -> Device:
    del options, wrap
    return SpoolFolder(Path(_after("folder:", address)))


def _cups(address: str, options: Options, wrap: Wrap) -> Device:
    del options, wrap
    return CupsPrinter(_after("cups:", address))


def _pcsc(address: str, options: Options, wrap: Wrap) -> Device:
    from hardware.smartcard.pcsc_reader import PcscReader  # noqa: PLC0415 (needs pyscard)

    del wrap
    return PcscReader(_after("pcsc:", address), **_floats(options))


def _floats(options: Options) -> dict[str, float]:
    return {name: float(value) for name, value in options.items()}


def _after(prefix: str, address: str) -> str:
    rest = address.removeprefix(prefix)
    if rest == address or not rest:
        raise ValueError(f"the address is written {prefix}..., not {address!r}")
    return rest


_on_a_line = partial(Driver, is_recordable=True)

DRIVERS: dict[str, Driver] = {
    "crt571": _on_a_line(Kind.CARD_UNIT, _crt571, frozenset({"baud"})),
    "pcsc": Driver(Kind.CARD_READER, _pcsc, frozenset({"answer_s"})),
    "cu16": _on_a_line(Kind.CABINET, _cu16, frozenset({"baud", "boards", "slots"})),
    "modbus_collector": Driver(Kind.FORM_COLLECTOR, _modbus_collector),
    "r30x": _on_a_line(Kind.FINGERPRINT_SCANNER, _r30x, frozenset({"baud", "password"})),
    "mjpeg": Driver(Kind.CAMERA, _mjpeg),
    "escpos": _on_a_line(Kind.TICKET_PRINTER, _escpos, frozenset({"baud", "width"})),
    "spool_folder": Driver(Kind.FORM_PRINTER, _spool_folder),
    "cups": Driver(Kind.FORM_PRINTER, _cups),
}


def driver(name: str) -> Driver:
    """Find a driver by its name.

    Raises:
        ValueError: There is none of that name; the message names those that there are.
    """
    try:
        return DRIVERS[name]
    except KeyError:
        raise ValueError(
            f"there is no driver {name!r}; there are {', '.join(sorted(DRIVERS))}"
        ) from None


def make(
    name: str, address: str, options: Options, wrap: Wrap = lambda transport: transport
) -> Device:
    """Make a device that is not opened yet.

    Raises:
        ValueError: There is no such driver, or it does not know that address or option.
    """
    found = driver(name)
    if unknown := set(options) - found.options:
        known = ", ".join(sorted(found.options)) or "none"
        raise ValueError(f"{name} has no option {min(unknown)!r}; it has {known}")
    return found.construct(address, options, wrap)
