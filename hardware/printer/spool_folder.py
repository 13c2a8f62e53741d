"""Driver for a form printer behind a folder: whoever watches the folder prints what lands in it."""

import os
import re
from contextlib import suppress
from pathlib import Path
from threading import Event
from uuid import uuid4

from hardware.core.device import DeviceState, Health, Seen
from hardware.core.errors import DeviceAbsentError
from hardware.printer.interface import Paper, Printed, PrinterStatus

MAX_TITLE = 40
_NUMBERED = re.compile(r"(\d{4,})-.*\.pdf")


class SpoolFolder:
    """Drops each document whole into a folder as NNNN-title.pdf; a FormPrinter."""

    def __init__(self, folder: Path) -> None:
        """Remember the folder; the print system makes it, so a missing one is an absent printer."""
        self._folder = folder
        self._is_open = False

    def open(self) -> None:
        """See that the folder can be written."""
        if not self._is_writable():
            raise DeviceAbsentError(f"cannot write into {self._folder}")
        self._is_open = True

    def close(self) -> None:
        """Forget the folder."""
        self._is_open = False

    def health(self) -> Health:
        """Tell whether the folder can be written; more nobody can know here."""
        if self._is_open and self._is_writable():
            return Health(DeviceState.ONLINE)
        return Health(DeviceState.NO_DEVICE, f"cannot write into {self._folder}")

    def status(self) -> PrinterStatus:
        """Tell what a folder can tell."""
        online = Seen.YES if self._is_open and self._is_writable() else Seen.NO
        return PrinterStatus(online, Paper.UNKNOWN, Seen.UNKNOWN)

    def print_document(
        self,
        pdf: bytes,
        title: str,
        timeout_s: float = 60.0,
        cancelled: Event | None = None,
    ) -> Printed:
        """Write the document beside its place, then put it there under the next free number.

        Nobody tells what becomes of it there, so there is nothing to wait for.
        """
        del timeout_s, cancelled
        if not self._is_open:
            raise DeviceAbsentError("the printer is not opened")
        scratch = self._folder / f".{uuid4().hex}.part"
        try:
            with scratch.open("xb") as file:
                file.write(pdf)
                file.flush()
                os.fsync(file.fileno())
            self._publish(scratch, re.sub(r"[^A-Za-z0-9_]+", "-", title)[:MAX_TITLE])
        except OSError as error:
            with suppress(OSError):
                scratch.unlink(missing_ok=True)
            raise DeviceAbsentError(f"cannot write into {self._folder}: {error}") from error
        return Printed.HANDED_OVER

    def _publish(self, scratch: Path, title: str) -> None:
        """Give the document its name; another station may take the same number first."""
        number = self._last_number() + 1
        while True:
            try:
                _move_to_new(scratch, self._folder / f"{number:04d}-{title}.pdf")
            except FileExistsError:
                number += 1
            else:
                return

    def _last_number(self) -> int:
        found = (_NUMBERED.fullmatch(file.name) for file in self._folder.iterdir())
        return max((int(match[1]) for match in found if match), default=0)

    def _is_writable(self) -> bool:
        return self._folder.is_dir() and os.access(self._folder, os.W_OK)


def _move_to_new(source: Path, place: Path) -> None:
    """Move a file in one step, and never over another one."""
    if os.name == "nt":
        source.rename(place)  # which refuses an existing place there, but not elsewhere
        return
    os.link(source, place)
    source.unlink()
