"""Printers of slips and forms."""

from typing import Any

from hardware.core.device import Seen
from hardware.core.errors import DeviceAbsentError
from hardware.printer.interface import PrinterStatus
from tests.support.rigs import Rig


def status(printer: Any) -> PrinterStatus:
    """Ask a printer, and say absent where it does not answer; its status never raises."""
    seen: PrinterStatus = printer.status()
    if seen.online is not Seen.YES:
        raise DeviceAbsentError("the printer does not answer")
    return seen


RIGS = (
    Rig("escpos", "escpos", "tcp://127.0.0.1:{port}", ask=status, is_checked=False),
    Rig(
        "spool_folder",
        "form_printer",
        "folder:{folder}/spool",
        ask=status,
        simulated_options={"folder": "{folder}/spool"},
        is_serial=False,
    ),
    Rig(
        "cups",
        "ipp_printer",
        "ipp://127.0.0.1:{port}/ipp/print",
        ask=status,
        is_serial=False,
        is_checked=False,
    ),
)
