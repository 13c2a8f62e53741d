"""Printers of slips and forms."""

from pathlib import Path

from hardware.catalog.entries import Driver, Kind, Options, after, line_to, on_a_line
from hardware.core import usb_link
from hardware.core.device import Device
from hardware.core.links import Links
from hardware.printer.escpos_finding import find_ticket_printers
from hardware.printer.escpos_printer import EscposPrinter
from hardware.printer.escpos_slip import width_of
from hardware.printer.ipp_finding import find_queues
from hardware.printer.ipp_printer import IppPrinter
from hardware.printer.ipp_queue import QueueAddress
from hardware.printer.spool_folder import SpoolFolder


def _escpos(address: str, options: Options, links: Links) -> Device:
    if address.startswith("usb:"):
        usb_link.parse_address(address)
    line = line_to(address, options, links, 9600)
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


def _spool_folder(address: str, options: Options, links: Links) -> Device:
    del options, links
    return SpoolFolder(Path(after("folder:", address)))


def _cups(address: str, options: Options, links: Links) -> Device:
    queue = QueueAddress.parse(address)
    return IppPrinter(links.http(queue.http), queue, str(options.get("media", "")))


DRIVERS: dict[str, Driver] = {
    "escpos": on_a_line(
        Kind.TICKET_PRINTER,
        _escpos,
        "ESC/POS, 80 or 58 mm, with cutter",
        frozenset({"baud", "width", "profile", "presenter", "confirms", "tells_unasked"}),
        find=find_ticket_printers,
    ),
    "spool_folder": Driver(
        Kind.FORM_PRINTER, _spool_folder, "PDFs into a folder that a print system watches"
    ),
    "cups": on_a_line(
        Kind.FORM_PRINTER,
        _cups,
        "IPP: queues of CUPS, and IPP Everywhere printers",
        frozenset({"media"}),
        find=find_queues,
    ),
}
