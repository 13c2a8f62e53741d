"""Document readers and signature pads."""

from collections.abc import Callable
from functools import partial

from hardware.catalog.entries import Driver, Kind, Options, line_to, on_a_line
from hardware.core.device import Device
from hardware.core.hid_address import find_hid, parse_hid_address
from hardware.core.hid_link import HidLink
from hardware.core.hid_system import HidInfo
from hardware.core.links import Links
from hardware.document_reader import hid_reader, looking, ocr_imager, stx_reader
from hardware.document_reader.elyctis import Elyctis
from hardware.document_reader.hid_reader import HidReader
from hardware.document_reader.ocr_imager import OcrImager
from hardware.document_reader.stx_reader import StxReader
from hardware.signature_pad import stu
from hardware.signature_pad.stu import Stu
from hardware.signature_pad.stu_reports import PenFlags


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
        line_to(address, options, links, stx_reader.BAUD),
        bytes.fromhex(str(options.get("start", stx_reader.STX.hex()))),
        bytes.fromhex(str(options.get("end", stx_reader.ETX.hex()))),
        float(options.get("gap_s", stx_reader.GAP_S)),
    )


def _ocr_imager(address: str, options: Options, links: Links) -> Device:
    line = line_to(address, options, links, ocr_imager.BAUD)
    menus = options.get("menus", ocr_imager.MENUS)
    if isinstance(menus, str) or not all(isinstance(menu, str) for menu in menus):
        raise ValueError("menus is a list of commands")
    return OcrImager(line, menus)


def _hid_reader(address: str, options: Options, links: Links) -> Device:
    del options
    return HidReader(_hid(address, links))


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


DRIVERS: dict[str, Driver] = {
    "elyctis": on_a_line(
        Kind.DOCUMENT_READER,
        _elyctis,
        "Elyctis ID BOX, USB-CDC or UART",
        frozenset({"baud", "inquire"}),
        find=looking.find_elyctis,
    ),
    "stx_reader": on_a_line(
        Kind.DOCUMENT_READER,
        _stx_reader,
        "swipe readers that send STX, lines, ETX: DESKO, Access-IS",
        frozenset({"baud", "start", "end", "gap_s"}),
        find=looking.find_swipe_readers,
    ),
    "ocr_imager": on_a_line(
        Kind.DOCUMENT_READER,
        _ocr_imager,
        "Honeywell imagers with OCR",
        frozenset({"baud", "menus"}),
        find=looking.find_imagers,
    ),
    "hid_reader": on_a_line(
        Kind.DOCUMENT_READER,
        _hid_reader,
        "HID reports as of tills' scanners: Access-IS",
        find=partial(find_hid, _is_scanner),
    ),
    "stu": on_a_line(
        Kind.SIGNATURE_PAD,
        _stu,
        "Wacom STU-430, STU-530, STU-540 by HID",
        frozenset({"pen_flags", "rest_s"}),
        find=partial(find_hid, _is_pad),
    ),
}
