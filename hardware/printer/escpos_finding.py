"""Looks for ticket printers around this machine: on USB, by the class of their interface."""

from collections.abc import Iterable
from dataclasses import replace
from glob import glob

from hardware.core.device import Found
from hardware.core.usb_link import find_printers
from hardware.printer.escpos_slip import width_of

SYSTEM_FILES = "/dev/usb/lp*"


def find_ticket_printers() -> Iterable[Found]:
    """Find printers on USB, opening none.

    A USB printer may be a page printer too: only a model that the library of ESC/POS profiles
    knows is certain.
    """
    for found in find_printers():
        yield replace(found, is_certain=width_of(found.detail) is not None)
    for file in sorted(glob(SYSTEM_FILES)):  # noqa: PTH207 (a pattern over devices)
        yield Found(file, "a USB printer that the system's driver holds")
