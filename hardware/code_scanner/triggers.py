"""How a scanner on a serial line is made to read: not at all, by Honeywell's commands, by zones."""

from time import monotonic
from typing import NamedTuple, Protocol

from hardware.camera.codes import Symbology
from hardware.code_scanner import gm65_frames, honeywell_frames
from hardware.code_scanner.gm65_frames import Zone
from hardware.code_scanner.honeywell_frames import MenuResult
from hardware.code_scanner.scan_lines import ByteLine, ScanCutter
from hardware.core.errors import (
    BadReplyError,
    DeviceAbsentError,
    DeviceFaultError,
    DeviceTimeoutError,
)

ANSWER_S = 0.5
AFTER_STOP_S = 0.06
TRIES = 3


class Scan(NamedTuple):
    """What was read, with all that the scanner puts around it."""

    data: bytes
    symbology: Symbology | None = None


class Trigger(Protocol):
    """One way to make a scanner read. Reading may be started again at any time."""

    def identify(self, line: ByteLine) -> str:
        """Check that the scanner answers, set it up, and return what it says of itself.

        Raises:
            DeviceAbsentError: It does not answer. BadReplyError: It answers something else.
            DeviceFaultError: It refuses.
        """
        ...

    def start(self, line: ByteLine) -> None:
        """Light the lamp and begin to read; raises as identify does."""
        ...

    def scan(self, line: ByteLine, until: float) -> Scan | None:
        """Return the next scan, or None when none came until that moment."""
        ...

    def stop(self, line: ByteLine) -> None:
        """Put the lamp out."""
        ...


class NoTrigger:
    """A scanner that reads by its own button or by movement, and says nothing else."""

    def __init__(self, cutter: ScanCutter) -> None:
        self._cutter = cutter
        self._last_byte = 0.0

    def identify(self, line: ByteLine) -> str:
        """See that the line is there: nothing can be asked. What comes meanwhile is dropped."""
        try:
            line.next(monotonic() + 0.02)
        except DeviceTimeoutError:
            return "cannot be asked"
        return "speaks"

    def start(self, line: ByteLine) -> None:
        """Write nothing: in a recording this says that from here on the host listens."""
        line.write(b"")

    def scan(self, line: ByteLine, until: float) -> Scan | None:
        """Cut the next scan out of what comes."""
        while True:
            gap_at = self._last_byte + self._cutter.gap_s
            try:
                byte = line.next(min(until, gap_at) if self._cutter.is_within else until)
            except DeviceTimeoutError:
                ended = None
                if self._cutter.is_within and monotonic() >= gap_at:
                    ended = self._cutter.gap()
                if ended is not None:
                    return Scan(ended)
                if monotonic() >= until:
                    return None
                continue
            self._last_byte = monotonic()
            if (ended := self._take(line, byte)) is not None:
                return Scan(ended)

    def stop(self, line: ByteLine) -> None:
        """Forget a scan that had begun."""
        del line
        self._cutter.clear()

    def _take(self, line: ByteLine, byte: int) -> bytes | None:
        del line
        return self._cutter.feed(byte)


class HoneywellTrigger(NoTrigger):
    """Triggered by SYN T CR; the trigger mode is set to "by button or command" when opened."""

    def identify(self, line: ByteLine) -> str:
        """Set the trigger mode, which every imager of the family knows."""
        self._menu(line, honeywell_frames.BY_COMMAND)
        return "triggered by command"

    def start(self, line: ByteLine) -> None:
        """Trigger; no answer comes."""
        line.write(honeywell_frames.TRIGGER_ON)

    def stop(self, line: ByteLine) -> None:
        """End reading; no answer comes."""
        super().stop(line)
        line.write(honeywell_frames.TRIGGER_OFF)

    def _menu(self, line: ByteLine, data: bytes) -> bytes:
        command = honeywell_frames.menu_command(honeywell_frames.TRIGGER_MODE, data)
        said = b""
        for _ in range(TRIES):
            line.settle()
            line.write(command)
            said = self._until_end(line)
            answer = honeywell_frames.menu_answer(said, honeywell_frames.TRIGGER_MODE)
            if answer is None:
                continue
            if answer.result is MenuResult.DONE:
                return answer.data
            raise DeviceFaultError("refused", f"{answer.result:02X}", answer.result.name.lower())
        raise _nothing_sound(said)

    @staticmethod
    def _until_end(line: ByteLine) -> bytes:
        said = bytearray()
        until = monotonic() + ANSWER_S
        try:
            while len(said) < honeywell_frames.LONGEST_ANSWER:
                said.append(line.next(until))
                if said[-1] in honeywell_frames.ENDS:
                    break
        except DeviceTimeoutError:
            pass
        return bytes(said)


class Gm65Trigger(NoTrigger):
    """Triggered by writing a zone; answers and codes come on the same line, one after another."""

    def __init__(self, cutter: ScanCutter) -> None:
        super().__init__(cutter)
        self._waiting: list[bytes] = []

    def identify(self, line: ByteLine) -> str:
        """Read the mode and set it to "by command", unless it is."""
        mode = self._ask(line, gm65_frames.read_command(Zone.MODE), 1)[0]
        if mode & gm65_frames.MODE_MASK != gm65_frames.BY_COMMAND:
            wanted = mode & ~gm65_frames.MODE_MASK | gm65_frames.BY_COMMAND
            self._ask(line, gm65_frames.write_command(Zone.MODE, bytes([wanted])))
        return f"mode {mode:02X}, triggered by command"

    def start(self, line: ByteLine) -> None:
        """Trigger one read; the code may be on the line before the answer is."""
        said = False
        for _ in range(TRIES):
            line.write(gm65_frames.write_command(Zone.TRIGGER, gm65_frames.READ_NOW))
            until = monotonic() + ANSWER_S
            try:
                while (byte := line.next(until)) != gm65_frames.STX:
                    self._keep(byte)
            except DeviceTimeoutError:
                continue
            said = True
            answer = self._answer(line)
            if answer is not None and answer.result == gm65_frames.Result.DONE:
                return
        raise _nothing_sound(b"?" if said else b"")

    def scan(self, line: ByteLine, until: float) -> Scan | None:
        """Return what came before an answer, then cut as the others do."""
        return Scan(self._waiting.pop(0)) if self._waiting else super().scan(line, until)

    def stop(self, line: ByteLine) -> None:
        """Take the trigger back, and drop the answer and what was read too late."""
        super().stop(line)
        self._waiting.clear()
        line.write(gm65_frames.write_command(Zone.TRIGGER, gm65_frames.REST))
        try:
            until = monotonic() + AFTER_STOP_S
            while True:
                line.next(until)
        except DeviceTimeoutError:
            pass

    def _take(self, line: ByteLine, byte: int) -> bytes | None:
        if byte == gm65_frames.STX:
            self._answer(line)  # of a trigger that was sent twice
            return None
        return super()._take(line, byte)

    def _keep(self, byte: int) -> None:
        if (ended := self._cutter.feed(byte)) is not None:
            self._waiting.append(ended)

    def _ask(self, line: ByteLine, command: bytes, count: int = 0) -> bytes:
        """Send a command and return the data of its answer, count bytes at least."""
        said = False
        for _ in range(TRIES):
            line.settle()
            line.write(command)
            try:
                until = monotonic() + ANSWER_S
                while line.next(until) != gm65_frames.STX:
                    said = True
            except DeviceTimeoutError:
                continue
            said = True
            answer = self._answer(line)
            if answer is None or len(answer.data) < count:
                continue
            if answer.result == gm65_frames.Result.DONE:
                return answer.data
            if answer.result == gm65_frames.Result.BAD_COMMAND:
                raise DeviceFaultError("refused", f"{answer.result:02X}", "bad command")
        raise _nothing_sound(b"?" if said else b"")

    @staticmethod
    def _answer(line: ByteLine) -> gm65_frames.Answer | None:
        """Read an answer whose STX was read; None where it is not sound."""
        until = monotonic() + ANSWER_S
        try:
            if line.next(until) != gm65_frames.ANSWER_HEAD[1]:
                return None
            head = bytes([line.next(until), line.next(until)])
            rest = bytes(line.next(until) for _ in range(head[1] + gm65_frames.CRC_SIZE))
        except DeviceTimeoutError:
            return None
        return gm65_frames.answer(head + rest)


def _nothing_sound(said: bytes) -> DeviceAbsentError | BadReplyError:
    if said:
        return BadReplyError("the scanner answers what its protocol does not allow")
    return DeviceAbsentError("the scanner does not answer")
