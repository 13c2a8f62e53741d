"""Printers of forms that Windows drives: a room of its own, for the renderer of PDFs it takes."""

from functools import partial

from hardware.catalog.entries import Driver, Kind, Options, after
from hardware.core.device import Device
from hardware.core.links import Links
from hardware.printer.windows_calls import WindowsSpooler
from hardware.printer.windows_spooler import WindowsPrinter, find_windows_printers


def _windows(address: str, options: Options, links: Links) -> Device:
    del options, links
    return WindowsPrinter(after("windows:", address), WindowsSpooler)


DRIVERS: dict[str, Driver] = {
    "windows": Driver(
        Kind.FORM_PRINTER,
        _windows,
        "the Windows spooler",
        find=partial(find_windows_printers, WindowsSpooler),
    ),
}
