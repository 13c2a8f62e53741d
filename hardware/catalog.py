"""Every driver by the name that station.toml gives it: one plain dictionary."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias, cast
from urllib.parse import urlsplit

from hardware.cabinet.cu16 import LOCKS_ON_A_BOARD, Cu16
from hardware.cabinet.locks_8a import Locks8a, Polarity, Wiring
from hardware.cabinet.modbus_locks import ModbusLocks, RelayWiring
from hardware.cabinet.slot_watch import HELD_OPEN_S, SlotWatch
from hardware.camera import camera_settings, opencv_camera
from hardware.camera.camera_settings import Backend, CameraSettings
from hardware.camera.interface import Camera
from hardware.camera.mjpeg_camera import MjpegCamera
from hardware.camera.opencv_camera import OpencvCamera
from hardware.camera.sbi_face import SbiFace
from hardware.code_scanner.camera_scanner import CameraScanner
from hardware.code_scanner.line_scanner import LineScanner, TriggerKind
from hardware.code_scanner.looking import find_keyboards, find_on_lines
from hardware.code_scanner.scan_lines import Terminator
from hardware.code_scanner.scan_text import MOST_CHARACTERS, Allowed, ScanRules
from hardware.core import usb_link
from hardware.core.device import Device, Found
from hardware.core.hid_address import find_hid, parse_hid_address
from hardware.core.hid_link import HidLink
from hardware.core.hid_system import HidInfo
from hardware.core.links import Links, RealLinks
from hardware.core.modbus import ANSWER_TIMEOUT_S, Framing, ModbusLine
from hardware.core.transport import Transport
from hardware.document_reader import hid_reader, looking, ocr_imager, stx_reader
from hardware.document_reader.camera_reader import CameraReader
from hardware.document_reader.elyctis import Elyctis
from hardware.document_reader.hid_reader import HidReader
from hardware.document_reader.ocr_imager import OcrImager
from hardware.document_reader.stx_reader import StxReader
from hardware.fingerprint import libfprint, r30x
from hardware.fingerprint.libfprint import LibfprintScanner
from hardware.fingerprint.r30x import R30x
from hardware.fingerprint.sbi_finger import SbiFinger
from hardware.form_collector.modbus_collector import ModbusCollector
from hardware.printer.escpos_finding import find_ticket_printers
from hardware.printer.escpos_printer import EscposPrinter
from hardware.printer.escpos_slip import width_of
from hardware.printer.ipp_finding import find_queues
from hardware.printer.ipp_printer import IppPrinter
from hardware.printer.ipp_queue import QueueAddress
from hardware.printer.spool_folder import SpoolFolder
from hardware.printer.windows_calls import WindowsSpooler
from hardware.printer.windows_spooler import WindowsPrinter, find_windows_printers
from hardware.sbi import discovery
from hardware.sbi.biometrics import UNKNOWN, BioType
from hardware.sbi.device import Settings
from hardware.signals.interface import Colour, InputName, LampName
from hardware.signals.modbus_signals import Board, ModbusSignals
from hardware.signature_pad import stu
from hardware.signature_pad.stu import Stu
from hardware.signature_pad.stu_reports import PenFlags
from hardware.smartcard import crt571, k720
from hardware.smartcard.card_reader import CardReader
from hardware.smartcard.crt571 import Crt571
from hardware.smartcard.crt571_chip import ChipWay
from hardware.smartcard.k720 import K720
from hardware.smartcard.motor_reader import MotorReader

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


def _line(address: str, options: Options, links: Links, baud: int) -> Callable[[], Transport]:
    speed = int(options.get("baud", baud))
    return lambda: links.line(address, speed)


def _crt571(address: str, options: Options, links: Links) -> Crt571:
    speeds = crt571.SPEEDS if options.get("baud") == "auto" else (int(options.get("baud", 9600)),)
    first, *others = (partial(links.line, address, speed) for speed in speeds)
    return Crt571(
        first,
        other_speeds=others,
        address=int(options.get("address", 0)),
        chip=ChipWay(options.get("chip", ChipWay.CONTACT)),
        lamp=bool(options.get("lamp", False)),
    )


def _crt571_reader(address: str, options: Options, links: Links) -> Device:
    return MotorReader(_crt571(address, options, links))


def _modbus_line(address: str, options: Options, links: Links) -> Callable[[], ModbusLine]:
    """tcp://host:port is Modbus TCP; any other line carries Modbus RTU."""
    framing = Framing.RTU
    if address.startswith("tcp://"):
        framing = Framing.TCP
        place = urlsplit(address)
        if not place.hostname:
            raise ValueError(f"the address is written tcp://host:port, not {address!r}")
        address = f"tcp://{place.hostname}:{place.port or 502}"
    baud, parity = int(options.get("baud", 9600)), str(options.get("parity", "N"))
    answer_s = float(options.get("answer_s", ANSWER_TIMEOUT_S))
    return lambda: ModbusLine(links.line(address, baud, parity), framing, answer_s)


def _watch(options: Options) -> SlotWatch:
    return SlotWatch(float(options.get("held_open_s", HELD_OPEN_S)))


def _slot_count(options: Options, locks_on_a_board: int) -> int:
    return int(options.get("slots", int(options.get("boards", 1)) * locks_on_a_board))


def _k720(address: str, options: Options, links: Links) -> Device:
    return K720(
        _line(address, options, links, k720.BAUD),
        address=int(options.get("address", 0)),
        reader=_reader_of(options, links),
        front_entry=bool(options.get("front_entry", True)),
        hold=_one_of(options, "hold", ("FC4", "FC0")),
        draw_in=_one_of(options, "draw_in", ("FC8", "FC7")),
    )


def _reader_of(options: Options, links: Links) -> CardReader | None:
    """Make the PC/SC reader that sits at a dispenser's reading place."""
    if "reader" not in options:
        return None
    return _pcsc(str(options["reader"]), {}, links)


def _one_of(options: Options, name: str, choices: tuple[str, ...]) -> bytes:
    chosen = str(options.get(name, choices[0]))
    if chosen not in choices:
        raise ValueError(f"{name} is {' or '.join(choices)}, not {chosen}")
    return chosen.encode()


def _cu16(address: str, options: Options, links: Links) -> Device:
    return Cu16(
        _line(address, options, links, 19200),
        _slot_count(options, LOCKS_ON_A_BOARD),
        pulse_s=float(options["pulse_s"]) if "pulse_s" in options else None,
        watch=_watch(options),
    )


def _locks_8a(address: str, options: Options, links: Links) -> Device:
    sensor, usual = options.get("sensor_board"), Wiring()
    wiring = Wiring(
        locks=int(options.get("locks", usual.locks)),
        first_address=int(options.get("first_address", usual.first_address)),
        sensor_address=None if sensor is None else int(sensor),
        polarity=Polarity(options.get("polarity", usual.polarity)),
        item_polarity=Polarity(options.get("item_polarity", usual.item_polarity)),
    )
    slots = _slot_count(options, wiring.locks)
    return Locks8a(_line(address, options, links, 9600), slots, wiring, watch=_watch(options))


def _modbus_locks(address: str, options: Options, links: Links) -> Device:
    known = {field.name for field in fields(RelayWiring)}
    wiring = RelayWiring(**{name: value for name, value in options.items() if name in known})
    slots = _slot_count(options, wiring.locks)
    line = _modbus_line(address, options, links)
    return ModbusLocks(line, slots, wiring, watch=_watch(options))


def _modbus_collector(address: str, options: Options, links: Links) -> Device:
    return ModbusCollector(_modbus_line(address, options, links), int(options.get("unit", 1)))


def _modbus_signals(address: str, options: Options, links: Links) -> Device:
    board = Board(
        unit=int(options.get("unit", 1)),
        inputs={InputName(name): int(at) for name, at in options.get("inputs", {}).items()},
        inverted=frozenset(InputName(name) for name in options.get("inverted", ())),
        lamps={LampName(name): _lamp(coils) for name, coils in options.get("lamps", {}).items()},
    )
    return ModbusSignals(_modbus_line(address, options, links), board)


def _lamp(coils: int | Options) -> dict[Colour | None, int]:
    if isinstance(coils, Mapping):
        return {Colour(colour): int(coil) for colour, coil in coils.items()}
    return {None: int(coils)}


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
    if address.startswith("usb:"):
        usb_link.parse_address(address)
    line = _line(address, options, links, 9600)
    width_px = int(options["width"]) if "width" in options else None
    if "profile" in options:
        width_px = width_px or width_of(str(options["profile"]))
        if width_px is None:
            raise ValueError(f"no printer profile {options['profile']!r} is known with its width")
    return EscposPrinter(
        line,
        width_px,
        has_presenter=bool(options.get("presenter", False)),
        confirms=bool(options.get("confirms", True)),
        tells_unasked=bool(options.get("tells_unasked", False)),
    )


def _mjpeg(address: str, options: Options, links: Links) -> Device:
    del options
    return MjpegCamera(address, links.http)


def _opencv(address: str, options: Options, links: Links) -> Device:
    del links
    backend = Backend(options["backend"]) if "backend" in options else None
    return OpencvCamera(address, CameraSettings.from_options(options), backend)


def _line_scanner(address: str, options: Options, links: Links) -> Device:
    return LineScanner(
        _line(address, options, links, 9600),
        TriggerKind(options.get("trigger", "none")),
        _scan_rules(options),
        Terminator(options.get("terminator", "cr")),
        float(options.get("idle_ms", 80)) / 1000,
    )


def _keyboard_scanner(address: str, options: Options, links: Links) -> Device:
    from hardware.code_scanner.keyboard_scanner import (  # noqa: PLC0415 (Linux only)
        IDLE_S,
        EndOfScan,
        KeyboardScanner,
    )

    del links
    return KeyboardScanner(
        address,
        _scan_rules(options),
        is_grabbed=bool(options.get("grab", True)),
        end=EndOfScan(options.get("terminator", "enter")),
        idle_s=float(options.get("idle_ms", IDLE_S * 1000)) / 1000,
    )


def _camera_of(address: str, options: Options, links: Links) -> Camera:
    """Make the camera that another driver looks through, with the camera's own options."""
    name = str(options.get("camera", "mjpeg"))
    if name not in DRIVERS or DRIVERS[name].kind is not Kind.CAMERA:
        raise ValueError(f"{name!r} is no driver of a camera")
    own = {key: value for key, value in options.items() if key != "camera"}
    camera: Any = make(name, address, own, links)  # the kind says which interface it has
    return cast("Camera", camera)


def _camera_scanner(address: str, options: Options, links: Links) -> Device:
    return CameraScanner(_camera_of(address, options, links))


def _scan_rules(options: Options) -> ScanRules:
    return ScanRules(
        prefix=str(options.get("prefix", "")),
        has_aim=bool(options.get("aim", False)),
        most=int(options.get("max_length", MOST_CHARACTERS)),
        allowed=Allowed(options.get("allowed", "ascii")),
    )


def _spool_folder(address: str, options: Options, links: Links) -> Device:
    del options, links
    return SpoolFolder(Path(_after("folder:", address)))


def _cups(address: str, options: Options, links: Links) -> Device:
    queue = QueueAddress.parse(address)
    return IppPrinter(links.http(queue.http), queue, str(options.get("media", "")))


def _windows(address: str, options: Options, links: Links) -> Device:
    del options, links
    return WindowsPrinter(_after("windows:", address), WindowsSpooler)


def _pcsc(address: str, options: Options, links: Links) -> CardReader:
    from hardware.smartcard.pcsc_reader import PcscReader  # noqa: PLC0415 (needs pyscard)

    del links
    return PcscReader(_after("pcsc:", address), **_floats(options))


def _find_pcsc() -> list[Found]:
    from hardware.smartcard.pcsc_reader import reader_names  # noqa: PLC0415 (needs pyscard)

    return [Found(f"pcsc:{name}", name, is_certain=True) for name in reader_names()]


def _hid(address: str, links: Links) -> Callable[[], HidLink]:
    parse_hid_address(address)
    return lambda: links.hid(address)


def _elyctis(address: str, options: Options, links: Links) -> Device:
    bauds = {"bauds": (int(options["baud"]),)} if "baud" in options else {}
    inquire = str(options.get("inquire", "last"))
    if inquire not in ("last", "present"):
        raise ValueError("inquire is last or present")
    return Elyctis(
        lambda baud: links.line(address, baud),
        inquire_tells_present=inquire == "present",
        **bauds,
    )


def _stx_reader(address: str, options: Options, links: Links) -> Device:
    return StxReader(
        _line(address, options, links, stx_reader.BAUD),
        bytes.fromhex(str(options.get("start", stx_reader.STX.hex()))),
        bytes.fromhex(str(options.get("end", stx_reader.ETX.hex()))),
        float(options.get("gap_s", stx_reader.GAP_S)),
    )


def _ocr_imager(address: str, options: Options, links: Links) -> Device:
    line = _line(address, options, links, ocr_imager.BAUD)
    menus = options.get("menus", ocr_imager.MENUS)
    if isinstance(menus, str) or not all(isinstance(menu, str) for menu in menus):
        raise ValueError("menus is a list of commands")
    return OcrImager(line, menus)


def _hid_reader(address: str, options: Options, links: Links) -> Device:
    del options
    return HidReader(_hid(address, links))


def _camera_reader(address: str, options: Options, links: Links) -> Device:
    from hardware.camera.zone_reader import read_zone  # noqa: PLC0415 (loads a network)

    camera = _camera_of(address, options, links)
    return CameraReader(camera, lambda pixels: read_zone(pixels).mrz)


def _stu(address: str, options: Options, links: Links) -> Device:
    return Stu(
        _hid(address, links),
        PenFlags(options.get("pen_flags", PenFlags.HIGH)),
        float(options.get("rest_s", stu.REST_S)),
    )


def _is_scanner(info: HidInfo) -> bool:
    return (info.usage_page, info.usage) == (hid_reader.POINT_OF_SALE, hid_reader.SCANNER)


def _is_pad(info: HidInfo) -> bool:
    return info.vendor == stu.WACOM and info.product in stu.PRODUCTS


def _floats(options: Options) -> dict[str, float]:
    return {name: float(value) for name, value in options.items()}


def _after(prefix: str, address: str) -> str:
    rest = address.removeprefix(prefix)
    if rest == address or not rest:
        raise ValueError(f"the address is written {prefix}..., not {address!r}")
    return rest


_MODBUS_LINE = frozenset({"baud", "parity", "answer_s"})
_on_a_line = partial(Driver, is_recordable=True)
_CRT571_OPTIONS = frozenset({"baud", "address", "chip", "lamp"})

_SCAN_RULES = frozenset({"prefix", "aim", "max_length", "allowed", "terminator", "idle_ms"})
_OPENCV = camera_settings.NAMES | {"backend"}
_SBI_OPTIONS = frozenset({"trust", "env", "serial", "chip", "score", "slice_s"})

DRIVERS: dict[str, Driver] = {
    "crt571": _on_a_line(Kind.CARD_UNIT, _crt571, "CRT-571, CRT-591, F3 family", _CRT571_OPTIONS),
    "crt571_reader": _on_a_line(
        Kind.CARD_READER,
        _crt571_reader,
        "CRT-571, CRT-591, F3 family, as a reader that draws cards in",
        _CRT571_OPTIONS,
    ),
    "k720": _on_a_line(
        Kind.CARD_UNIT,
        _k720,
        "K720, K750, D1801: dispensers with stacker and bin",
        frozenset({"baud", "address", "front_entry", "hold", "draw_in", "reader"}),
    ),
    "pcsc": Driver(Kind.CARD_READER, _pcsc, "PC/SC", frozenset({"answer_s"}), find=_find_pcsc),
    "cu16": _on_a_line(
        Kind.CABINET,
        _cu16,
        "KERONG KR-CU16",
        frozenset({"baud", "boards", "slots", "pulse_s", "held_open_s"}),
    ),
    "locks_8a": _on_a_line(
        Kind.CABINET,
        _locks_8a,
        "8A lock boards: SHUOMING, YPMCU",
        frozenset({"baud", "boards", "slots", "locks", "first_address", "held_open_s"})
        | {"polarity", "sensor_board", "item_polarity"},
    ),
    "modbus_locks": _on_a_line(
        Kind.CABINET,
        _modbus_locks,
        "Modbus RTU or TCP: relays and inputs",
        _MODBUS_LINE
        | {"boards", "slots", "held_open_s"}
        | {field.name for field in fields(RelayWiring)},
    ),
    "modbus_signals": _on_a_line(
        Kind.SIGNALS,
        _modbus_signals,
        "Modbus RTU or TCP: contacts and lamps",
        _MODBUS_LINE | {"unit", "inputs", "inverted", "lamps"},
    ),
    "modbus_collector": _on_a_line(
        Kind.FORM_COLLECTOR,
        _modbus_collector,
        "Modbus RTU or TCP, our own wiring",
        _MODBUS_LINE | {"unit"},
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
    "mjpeg": Driver(Kind.CAMERA, _mjpeg, "motion JPEG over HTTP", is_recordable=True),
    "opencv": Driver(
        Kind.CAMERA,
        _opencv,
        "V4L2, Media Foundation, DirectShow, AVFoundation; URLs by FFmpeg",
        _OPENCV,
        find=opencv_camera.find,
    ),
    "line_scanner": _on_a_line(
        Kind.CODE_SCANNER,
        _line_scanner,
        "lines of text; Honeywell menu, GM65 zones, Zebra SSI",
        _SCAN_RULES | {"baud", "trigger"},
        find=find_on_lines,
    ),
    "keyboard_scanner": Driver(
        Kind.CODE_SCANNER,
        _keyboard_scanner,
        "keys of a USB keyboard, grabbed (Linux)",
        _SCAN_RULES | {"grab"},
        find=find_keyboards,
    ),
    "camera_scanner": Driver(
        Kind.CODE_SCANNER, _camera_scanner, "codes seen by a camera", _OPENCV | {"camera"}
    ),
    "sbi_face": Driver(
        Kind.CAMERA,
        _sbi_face,
        "MOSIP SBI 0.9.5 over HTTP, faces",
        _SBI_OPTIONS,
        is_recordable=True,
        find=partial(discovery.find, BioType.FACE),
    ),
    "escpos": _on_a_line(
        Kind.TICKET_PRINTER,
        _escpos,
        "ESC/POS, 80 or 58 mm, with cutter",
        frozenset({"baud", "width", "profile", "presenter", "confirms", "tells_unasked"}),
        find=find_ticket_printers,
    ),
    "spool_folder": Driver(
        Kind.FORM_PRINTER, _spool_folder, "PDFs into a folder that a print system watches"
    ),
    "cups": _on_a_line(
        Kind.FORM_PRINTER,
        _cups,
        "IPP: queues of CUPS, and IPP Everywhere printers",
        frozenset({"media"}),
        find=find_queues,
    ),
    "windows": Driver(
        Kind.FORM_PRINTER,
        _windows,
        "the Windows spooler",
        find=partial(find_windows_printers, WindowsSpooler),
    ),
    "elyctis": _on_a_line(
        Kind.DOCUMENT_READER,
        _elyctis,
        "Elyctis ID BOX, USB-CDC or UART",
        frozenset({"baud", "inquire"}),
        find=looking.find_elyctis,
    ),
    "stx_reader": _on_a_line(
        Kind.DOCUMENT_READER,
        _stx_reader,
        "swipe readers that send STX, lines, ETX: DESKO, Access-IS",
        frozenset({"baud", "start", "end", "gap_s"}),
        find=looking.find_swipe_readers,
    ),
    "ocr_imager": _on_a_line(
        Kind.DOCUMENT_READER,
        _ocr_imager,
        "Honeywell imagers with OCR",
        frozenset({"baud", "menus"}),
        find=looking.find_imagers,
    ),
    "hid_reader": _on_a_line(
        Kind.DOCUMENT_READER,
        _hid_reader,
        "HID reports as of tills' scanners: Access-IS",
        find=partial(find_hid, _is_scanner),
    ),
    "camera_reader": Driver(
        Kind.DOCUMENT_READER,
        _camera_reader,
        "any camera above a place for documents",
        _OPENCV | {"camera"},
    ),
    "stu": _on_a_line(
        Kind.SIGNATURE_PAD,
        _stu,
        "Wacom STU-430, STU-530, STU-540 by HID",
        frozenset({"pen_flags", "rest_s"}),
        find=partial(find_hid, _is_pad),
    ),
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
