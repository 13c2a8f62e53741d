"""Driver for a form printer of the CUPS print system, by its commands lp and lpstat.

Written to the commands' documentation and tried with stand-ins for them only.
"""

import os
import shutil
import subprocess

from hardware.core.device import DeviceState, Health, Seen
from hardware.core.errors import DeviceAbsentError, DeviceError, DeviceFaultError
from hardware.printer.interface import Paper, PrinterStatus

COMMAND_S = 10.0
EMPTY = frozenset({"media-empty", "media-needed"})
JAM = frozenset({"media-jam", "door-open", "cover-open", "interlock-open"})
STOPPED = frozenset({"paused", "shutdown", "offline", "connecting-to-device"})


class CupsPrinter:
    """One queue of CUPS; a FormPrinter."""

    def __init__(self, queue: str) -> None:
        """Remember the queue's name.

        Raises:
            ValueError: CUPS knows no such names.
        """
        if not queue or queue.startswith("-") or any(sign in queue for sign in " /#\t"):
            raise ValueError(f"{queue!r} cannot be a print queue")
        self._queue = queue
        self._is_open = False

    def open(self) -> None:
        """See that the print system knows the queue."""
        self._look()
        self._is_open = True

    def close(self) -> None:
        """Nothing is held between documents."""
        self._is_open = False

    def health(self) -> Health:
        """Ask the print system."""
        try:
            is_enabled, reasons = self._opened_look()
        except DeviceError as error:
            return Health(DeviceState.NO_DEVICE, str(error))
        detail = " ".join(sorted(reasons))
        if not is_enabled or reasons & (EMPTY | JAM | STOPPED):
            return Health(DeviceState.HARDWARE_ERROR, detail or "the queue is stopped")
        return Health(DeviceState.ONLINE, detail)

    def status(self) -> PrinterStatus:
        """Ask the print system; what it does not say is unknown."""
        try:
            is_enabled, reasons = self._opened_look()
        except DeviceError:
            return PrinterStatus(Seen.UNKNOWN, Paper.UNKNOWN, Seen.UNKNOWN)
        paper = Paper.LOW if "media-low" in reasons else Paper.UNKNOWN
        is_open = reasons & {"door-open", "cover-open"}
        return PrinterStatus(
            Seen.NO if not is_enabled or reasons & STOPPED else Seen.YES,
            Paper.OUT if reasons & EMPTY else paper,
            Seen.YES if is_open else Seen.UNKNOWN,
        )

    def print_document(self, pdf: bytes, title: str) -> None:
        """Hand one PDF to the queue, unless its printer says that it cannot print."""
        is_enabled, reasons = self._opened_look()
        if reasons & EMPTY:
            raise DeviceFaultError("empty", " ".join(sorted(reasons)))
        if not is_enabled or reasons & (JAM | STOPPED):
            raise DeviceFaultError("jam" if reasons & JAM else "refused", " ".join(sorted(reasons)))
        done = _run("lp", ["-d", self._queue, "-t", title, "--", "-"], pdf)
        if done.returncode != 0:
            raise DeviceFaultError("refused", str(done.returncode), _last_line(done.stderr))

    def _opened_look(self) -> tuple[bool, frozenset[str]]:
        if not self._is_open:
            raise DeviceAbsentError("the printer is not opened")
        return self._look()

    def _look(self) -> tuple[bool, frozenset[str]]:
        """Return whether the queue is enabled, and its printer-state-reasons without severity."""
        done = _run("lpstat", ["-l", "-p", self._queue], b"")
        if done.returncode != 0:
            raise DeviceAbsentError(f"no queue {self._queue}: {_last_line(done.stderr)}")
        lines = done.stdout.decode("utf-8", "replace").splitlines()
        if not lines or not lines[0].startswith(f"printer {self._queue} "):
            raise DeviceAbsentError(f"lpstat does not tell of the queue {self._queue}")
        alerts = [line.split(":", 1)[1] for line in lines if line.strip().startswith("Alerts:")]
        words = " ".join(alerts).split()
        return " disabled " not in lines[0], frozenset(
            _bare(word) for word in words if word != "none"
        )


def _bare(reason: str) -> str:
    """Cut the severity off a printer-state-reason."""
    for severity in ("-error", "-warning", "-report"):
        reason = reason.removesuffix(severity)
    return reason


def _run(command: str, arguments: list[str], given: bytes) -> subprocess.CompletedProcess[bytes]:
    """Run one of CUPS' commands in its plain English.

    Raises:
        DeviceAbsentError: CUPS is not installed, or does not answer.
    """
    program = shutil.which(command)
    if program is None:
        raise DeviceAbsentError(f"the command {command} is not installed")
    try:
        return subprocess.run(  # noqa: S603 (a fixed command without shell; all arguments are ours)
            [program, *arguments],
            input=given,
            capture_output=True,
            timeout=COMMAND_S,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise DeviceAbsentError(f"{command} does not answer: {error}") from error


def _last_line(output: bytes) -> str:
    lines = output.decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else ""
