"""Every driver by the name that station.toml gives it: one plain dictionary."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from hardware.cabinet.cu16 import LOCKS_ON_A_BOARD, Cu16
from hardware.camera.mjpeg_camera import MjpegCamera
from hardware.camera.sbi_face import SbiFace
from hardware.core.device import Device, Found
from hardware.core.links import Links, RealLinks
from hardware.core.transport import Transport
from hardware.fingerprint import libfprint, r30x
from hardware.fingerprint.libfprint import LibfprintScanner
from hardware.fingerprint.r30x import R30x
from hardware.fingerprint.sbi_finger import SbiFinger
from hardware.form_collector.modbus_collector import ModbusCollector
from hardware.printer.cups import CupsPrinter
from hardware.printer.escpos_printer import EscposPrinter
from hardware.printer.spool_folder import SpoolFolder
from hardware.sbi import discovery
from hardware.sbi.biometrics import UNKNOWN, BioType
from hardware.sbi.device import Settings
from hardware.smartcard.crt571 import Crt571

Options: TypeAlias = Mapping[str, Any]


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


def _line(address: str, options: Options, links: Links, baud: int) -> Callable[[], Transport]:
    speed = int(options.get("baud", baud))
    return lambda: links.line(address, speed)


def _crt571(address: str, options: Options, links: Links) -> Device:
    return Crt571(_line(address, options, links, 9600))


def _cu16(address: str, options: Options, links: Links) -> Device:
    slots = int(options.get("slots", int(options.get("boards", 1)) * LOCKS_ON_A_BOARD))
    return Cu16(_line(address, options, links, 19200), slots)


def _modbus_collector(address: str, options: Options, links: Links) -> Device:
    del options, links
    return ModbusCollector(address)


def _r30x(address: str, options: Options, links: Links) -> Device:
    line = _line(address, options, links, r30x.BAUD)
    width, _, height = str(options.get("size", "256x288")).partition("x")
    if not (width.isdigit() and height.isdigit() and int(width) * int(height) % 2 == 0):
        raise ValueError(f"a size is written 256x288, not {options['size']!r}")
    return R30x(
        line,
        int(options.get("password", 0)),
        size=(int(width), int(height)),
        packet_bytes=int(options["packet"]) if "packet" in options else None,
        has_lamp=bool(options.get("lamp", False)),
    )


def _libfprint(address: str, options: Options, links: Links) -> Device:
    del links
    if not address.startswith("libfprint:"):
        raise ValueError(f"the address is written libfprint: or libfprint:DRIVER, not {address!r}")
    dots = int(options.get("dpi", libfprint.DOTS_PER_INCH))
    return LibfprintScanner(address.removeprefix("libfprint:"), dots)


def _sbi_settings(options: Options) -> Settings:
    given: dict[str, Any] = {
        "trust": Path(options["trust"]) if "trust" in options else None,
        "environment": str(options.get("env", "Production")),
        "serial_number": str(options.get("serial", "")),
        "is_chip_needed": bool(options.get("chip", False)),
    }
    given |= {"score": int(options["score"])} if "score" in options else {}
    given |= {"slice_s": float(options["slice_s"])} if "slice_s" in options else {}
    return Settings(**given)


def _sbi_finger(address: str, options: Options, links: Links) -> Device:
    finger = str(options.get("finger", UNKNOWN))
    return SbiFinger(address, links.http, _sbi_settings(options), finger)


def _sbi_face(address: str, options: Options, links: Links) -> Device:
    return SbiFace(address, links.http, _sbi_settings(options))


def _escpos(address: str, options: Options, links: Links) -> Device:
    line = _line(address, options, links, 9600)
    return EscposPrinter(line, **{"width_px": int(options["width"])} if "width" in options else {})


def _mjpeg(address: str, options: Options, links: Links) -> Device:
    del options, links
    return MjpegCamera(address)


def _spool_folder(address: str, options: Options, links: Links) -> Device:
    del options, links
    return SpoolFolder(Path(_after("folder:", address)))


def _cups(address: str, options: Options, links: Links) -> Device:
    del options, links
    return CupsPrinter(_after("cups:", address))


def _pcsc(address: str, options: Options, links: Links) -> Device:
    from hardware.smartcard.pcsc_reader import PcscReader  # noqa: PLC0415 (needs pyscard)

    del links
    return PcscReader(_after("pcsc:", address), **_floats(options))


def _floats(options: Options) -> dict[str, float]:
    return {name: float(value) for name, value in options.items()}


def _after(prefix: str, address: str) -> str:
    rest = address.removeprefix(prefix)
    if rest == address or not rest:
        raise ValueError(f"the address is written {prefix}..., not {address!r}")
    return rest


_on_a_line = partial(Driver, is_recordable=True)
_SBI_OPTIONS = frozenset({"trust", "env", "serial", "chip", "score", "slice_s"})

DRIVERS: dict[str, Driver] = {
    "crt571": _on_a_line(
        Kind.CARD_UNIT, _crt571, "CRT-571, CRT-591, F3 family", frozenset({"baud"})
    ),
    "pcsc": Driver(Kind.CARD_READER, _pcsc, "PC/SC", frozenset({"answer_s"})),
    "cu16": _on_a_line(
        Kind.CABINET, _cu16, "KERONG KR-CU16", frozenset({"baud", "boards", "slots"})
    ),
    "modbus_collector": Driver(
        Kind.FORM_COLLECTOR, _modbus_collector, "Modbus TCP, our own wiring"
    ),
    "r30x": _on_a_line(
        Kind.FINGERPRINT_SCANNER,
        _r30x,
        "EF-01 serial modules: ZFM-20, R30x, AS608",
        frozenset({"baud", "password", "size", "packet", "lamp"}),
    ),
    "sbi_finger": Driver(
        Kind.FINGERPRINT_SCANNER,
        _sbi_finger,
        "MOSIP SBI 0.9.5 over HTTP, fingers",
        _SBI_OPTIONS | {"finger"},
        is_recordable=True,
        find=partial(discovery.find, BioType.FINGER),
    ),
    "libfprint": Driver(
        Kind.FINGERPRINT_SCANNER,
        _libfprint,
        "libfprint 2: every scanner that gives images",
        frozenset({"dpi"}),
        find=libfprint.find,
    ),
    "mjpeg": Driver(Kind.CAMERA, _mjpeg, "motion JPEG over HTTP"),
    "sbi_face": Driver(
        Kind.CAMERA,
        _sbi_face,
        "MOSIP SBI 0.9.5 over HTTP, faces",
        _SBI_OPTIONS,
        is_recordable=True,
        find=partial(discovery.find, BioType.FACE),
    ),
    "escpos": _on_a_line(
        Kind.TICKET_PRINTER, _escpos, "ESC/POS, 80 mm, with cutter", frozenset({"baud", "width"})
    ),
    "spool_folder": Driver(
        Kind.FORM_PRINTER, _spool_folder, "PDFs into a folder that a print system watches"
    ),
    "cups": Driver(Kind.FORM_PRINTER, _cups, "CUPS: the commands lp and lpstat"),
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


def make(name: str, address: str, options: Options, links: Links | None = None) -> Device:
    """Make a device that is not opened yet.

    Raises:
        ValueError: There is no such driver, or it does not know that address or option.
    """
    found = driver(name)
    if unknown := set(options) - found.options:
        known = ", ".join(sorted(found.options)) or "none"
        raise ValueError(f"{name} has no option {min(unknown)!r}; it has {known}")
    return found.construct(address, options, links or RealLinks())
