"""Brings the sheet of a self-test to where it is wanted: files, and a printer of the station."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common.station.config import DeviceConfig
from hardware.catalog import DRIVERS, Kind, make
from hardware.console.sheet_pdf import sheet_pdf
from hardware.console.sheets import Sheet, sheet_slip, sheet_text
from hardware.core.errors import DeviceError
from office.commands.answers import CouldNotError

PRINTERS = {Kind.FORM_PRINTER, Kind.TICKET_PRINTER}


@dataclass(frozen=True, slots=True)
class SheetWanted:
    """Where a sheet shall go, besides the terminal; None where it shall not."""

    file: Path | None
    printer: DeviceConfig | None

    def check(self) -> None:
        """See before anything moves that both places can take the sheet.

        Raises:
            CouldNotError: The file's folder is missing, it is no .pdf, or that is no printer.
        """
        if self.file is not None and self.file.suffix.lower() != ".pdf":
            raise CouldNotError(f"{self.file} is no name of a PDF: let it end in .pdf")
        if self.file is not None and not self.file.absolute().parent.is_dir():
            raise CouldNotError(f"{self.file.parent} is no folder: choose another place")
        if self.printer is not None and not _is_printer(self.printer):
            raise CouldNotError(f"{self.printer.name} is no printer: name a printer of the station")

    def deliver(self, sheet: Sheet) -> None:
        """Write the PDF and, beside it, the same in plain text; and print it.

        Raises:
            CouldNotError: It cannot be written or printed.
        """
        if self.file is not None:
            try:
                self.file.write_bytes(sheet_pdf(sheet))
                self.file.with_suffix(".txt").write_text(sheet_text(sheet), "utf-8")
            except OSError as error:
                why = f"{self.file} cannot be written ({error.strerror}): choose another place"
                raise CouldNotError(why) from error
        if self.printer is not None:
            try:
                _print(sheet, self.printer)
            except (DeviceError, ValueError) as error:
                why = f"{self.printer.name} did not print the sheet: {error}"
                raise CouldNotError(why) from error


def _is_printer(entry: DeviceConfig) -> bool:
    return entry.driver in DRIVERS and DRIVERS[entry.driver].kind in PRINTERS


def _print(sheet: Sheet, entry: DeviceConfig) -> None:
    printer: Any = make(entry.driver, entry.address, entry.options)
    try:
        printer.open()
        if DRIVERS[entry.driver].kind is Kind.TICKET_PRINTER:
            printer.print_slip(sheet_slip(sheet, printer.width_px))
        else:
            printer.print_document(sheet_pdf(sheet), sheet.title)
    finally:
        printer.close()
