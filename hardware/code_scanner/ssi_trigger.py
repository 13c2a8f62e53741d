"""Symbol and Zebra decoders over SSI: framed commands, codes in acknowledged packets."""

from time import monotonic

from hardware.code_scanner import ssi_frames
from hardware.code_scanner.scan_lines import ByteLine
from hardware.code_scanner.ssi_frames import (
    CODE_TYPES,
    DECODER,
    NakReason,
    Opcode,
    Parameter,
    SsiFrame,
    Status,
    host_frame,
)
from hardware.code_scanner.triggers import ANSWER_S, TRIES, Scan
from hardware.core.errors import (
    BadReplyError,
    DeviceAbsentError,
    DeviceFaultError,
    DeviceTimeoutError,
)

WITHIN_FRAME_S = 0.2
STOP_ANSWER_S = 0.1
SETTINGS = bytes(
    [
        ssi_frames.NO_BEEP,
        *(Parameter.TRIGGER_MODE, ssi_frames.BY_HOST),
        *(Parameter.SOFTWARE_HANDSHAKE, ssi_frames.ON),
        *(Parameter.PACKETED_DECODE_DATA, ssi_frames.ON),
    ]
)
"""Sent at each opening, until power off: what a decoder that was reset may have forgotten."""


class SsiTrigger:
    """A Trigger. Every frame is checked; a code counts only when all its packets came whole."""

    def __init__(self, most: int) -> None:
        """Remember how many bytes a code may have; more is refused packet by packet."""
        self._most = most
        self._begun = b""
        self._last: SsiFrame | None = None
        self._waiting: list[Scan] = []

    def identify(self, line: ByteLine) -> str:
        """Ask for the revision, then set what we need."""
        line.settle()
        revision = self._command(line, Opcode.REQUEST_REVISION, expected=Opcode.REPLY_REVISION)
        self._command(line, Opcode.PARAM_SEND, SETTINGS)
        return "".join(chr(byte) for byte in revision if 0x20 <= byte < 0x7F).strip()

    def start(self, line: ByteLine) -> None:
        """Start a session; a decoder that is in one may refuse and goes on with it."""
        try:
            self._command(line, Opcode.START_SESSION)
        except DeviceFaultError as error:
            if error.code != f"{NakReason.BAD_CONTEXT:02X}":
                raise

    def scan(self, line: ByteLine, until: float) -> Scan | None:
        """Take packets until a code is whole."""
        while not self._waiting:
            try:
                frame = self._frame(line, until)
            except DeviceTimeoutError:
                return None
            if frame is not None:
                self._take(line, frame)
        return self._waiting.pop(0)

    def stop(self, line: ByteLine) -> None:
        """Stop the session; whatever comes before its answer is too late."""
        line.write(host_frame(Opcode.STOP_SESSION))
        until = monotonic() + STOP_ANSWER_S
        try:
            while (frame := self._frame(line, until)) is None or frame.opcode not in {
                Opcode.ACK,
                Opcode.NAK,
            }:
                if frame is not None:
                    self._take(line, frame)
        except DeviceTimeoutError:
            pass
        self._begun = b""
        self._waiting.clear()

    def _take(self, line: ByteLine, frame: SsiFrame) -> None:
        """Acknowledge one packet of a code and put it to those before it."""
        if frame.opcode != Opcode.DECODE_DATA:
            return
        line.write(host_frame(Opcode.ACK))
        last, self._last = self._last, frame
        if frame.status & Status.RETRANSMIT and last is not None and last.data == frame.data:
            return  # our acknowledgement was lost; the packet was not
        if not frame.data or frame.source != DECODER:
            self._begun = b""
            return
        # Every packet begins with the type of the code. What is too long stays so to its end.
        begun = (self._begun + frame.data[1:])[: self._most + 1]
        if frame.status & Status.CONTINUATION:
            self._begun = begun
            return
        self._begun = b""
        if 0 < len(begun) <= self._most:
            self._waiting.append(Scan(begun, CODE_TYPES.get(frame.data[0])))

    def _command(
        self,
        line: ByteLine,
        opcode: Opcode,
        data: bytes = b"",
        expected: Opcode = Opcode.ACK,
    ) -> bytes:
        """Send a command, again where it was not understood, and return the answer's data.

        Raises:
            DeviceFaultError: The decoder refuses; code is the reason of its NAK.
            BadReplyError: It answers no frames. DeviceAbsentError: It does not answer.
        """
        said = False
        for again in range(TRIES):
            # The first try may only wake a decoder that sleeps.
            line.write(host_frame(opcode, data, Status.RETRANSMIT if again else 0))
            until = monotonic() + ANSWER_S
            try:
                while not _asks_again(frame := self._frame(line, until)):
                    said = True
                    if frame is None:
                        continue
                    if frame.opcode == Opcode.NAK:
                        raise DeviceFaultError("refused", frame.data.hex().upper())
                    if frame.opcode == expected:
                        if expected is not Opcode.ACK:
                            line.write(host_frame(Opcode.ACK))
                        return frame.data
                    self._take(line, frame)
                said = True
            except DeviceTimeoutError:
                continue
        if said:
            raise BadReplyError("the scanner answers what its protocol does not allow")
        raise DeviceAbsentError("the scanner does not answer")

    def _frame(self, line: ByteLine, until: float) -> SsiFrame | None:
        """Return the next frame; None for one that is not sound, which is asked for again.

        Raises:
            DeviceTimeoutError: None began until that moment.
        """
        length = line.next(until)
        if length < ssi_frames.HEAD_SIZE:
            return None  # noise between frames, or the end of a broken one
        said = bytearray([length])
        ends = monotonic() + WITHIN_FRAME_S + length * 0.002
        try:
            for _ in range(length + ssi_frames.CHECKSUM_SIZE - 1):
                said.append(line.next(ends))
        except DeviceTimeoutError:
            frame = None
        else:
            frame = ssi_frames.read_frame(bytes(said))
        if frame is None:
            line.settle()
            line.write(host_frame(Opcode.NAK, bytes([NakReason.RESEND])))
            self._last = None  # what comes again was not taken before
        return frame


def _asks_again(frame: SsiFrame | None) -> bool:
    return (
        frame is not None and frame.opcode == Opcode.NAK and frame.data == bytes([NakReason.RESEND])
    )
