"""Prints slips, and says whether one came out."""

import logging
from enum import Enum

from PIL.Image import Image, Resampling

from hardware.core.errors import DeviceError, DeviceFaultError
from hardware.core.keeper import Keeper
from hardware.printer.interface import TicketPrinter

logger = logging.getLogger(__name__)


class SlipOutcome(Enum):
    """What became of a slip."""

    PRINTED = "printed"
    NO_PAPER = "no_paper"
    NOT_PRINTED = "not_printed"


class SlipDesk:
    """One printer of slips. A visit goes on without paper, so nothing is raised here."""

    def __init__(self, printer: Keeper[TicketPrinter]) -> None:
        self._printer = printer

    def print(self, picture: Image) -> SlipOutcome:
        """Print one slip. Where it is not known whether it came out, it did not.

        A slip that is wider than this printer's paper is made smaller, its code too.
        """
        try:
            self._printer.use(
                lambda printer: printer.print_slip(_fitted(picture, printer.width_px))
            )
        except DeviceFaultError as fault:
            logger.warning("no slip: %s", fault)
            return SlipOutcome.NO_PAPER if fault.reason == "empty" else SlipOutcome.NOT_PRINTED
        except DeviceError as error:
            logger.warning("no slip: %s", error)
            return SlipOutcome.NOT_PRINTED
        return SlipOutcome.PRINTED


def _fitted(picture: Image, width_px: int) -> Image:
    if picture.width <= width_px:
        return picture
    size = (width_px, round(picture.height * width_px / picture.width))
    # Grey edges would be printed as scattered dots, which cheap code scanners do not forgive.
    smaller = picture.convert("L").resize(size, Resampling.LANCZOS)
    return smaller.point(lambda level: 255 if level > 127 else 0)
