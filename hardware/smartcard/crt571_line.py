"""One exchange with a unit of the CRT-571 family: command, ACK, answer, ACK."""

from collections.abc import Callable, Sequence
from enum import Enum, auto
from time import monotonic

from hardware.core.errors import (
    BadReplyError,
    DeviceAbsentError,
    DeviceFaultError,
    DeviceTimeoutError,
)
from hardware.core.transport import Transport
from hardware.smartcard import crt571_codes as codes
from hardware.smartcard.crt571_frames import Reply, ReplyDecoder, Sign, command_frame
from hardware.smartcard.frame_reading import FrameReader

ACK_TIMEOUT_S = 0.3
RESPONSE_TIMEOUT_S = 20.0
SLOWEST_BYTE_S = 10 / 9600
TRIES = 3


class Care(Enum):
    """How often one command may be sent."""

    NONE = auto()
    """Again and again: asking or switching twice is the same as once."""
    APDU = auto()
    """Again only after a NAK, by which the unit says that it did not take it."""
    MOTION = auto()
    """Never again: on a bad line an ACK can look like a NAK, and the card would move twice."""


class Crt571Line:
    """The line to one unit; any method may raise DeviceAbsentError."""

    def __init__(
        self, speeds: Sequence[Callable[[], Transport]], address: int, response_timeout_s: float
    ) -> None:
        self._speeds = speeds
        self._address = address
        self._response_timeout_s = response_timeout_s
        self._line: Transport | None = None
        self._decoder = ReplyDecoder(address)
        self._reader = FrameReader[Sign | Reply](self._decoder, Sign.GARBLED, SLOWEST_BYTE_S)

    @property
    def is_open(self) -> bool:
        """Whether a unit answered and the line is held."""
        return self._line is not None

    def open(self) -> str:
        """Find the speed at which the unit initialises, and return what it calls itself.

        The unit finds the speed by the first INITIALIZE after power-up (F3 1.03, pages 4 and 12)
        and keeps it. A card in the channel stays where it is.
        """
        silent: Exception | None = None
        for connect in self._speeds:
            self._line = connect()
            self._decoder.reset()
            try:
                return self.ask(codes.INITIALISE_LEAVE_CARD).data.decode("ascii", "replace")
            except (DeviceAbsentError, DeviceTimeoutError, BadReplyError) as error:
                self.close()
                silent = error
            except DeviceFaultError:
                self.close()
                raise
        raise DeviceAbsentError(f"no card unit answers: {silent}") from silent

    def close(self) -> None:
        """Release the line."""
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def ask(self, request: bytes, data: bytes = b"", care: Care = Care.NONE) -> Reply:
        """Send one command and return the unit's success.

        Raises:
            DeviceFaultError: The unit says that it cannot.
            DeviceTimeoutError: A motion or APDU was not confirmed, or its answer was lost.
            BadReplyError: The answer cannot be read.
        """
        if self._line is None:
            raise DeviceAbsentError("the card unit is not open")
        line = self._line
        line.flush_input()
        self._decoder.reset()
        self._send(line, command_frame(request, data, self._address), care)
        reply = self._response(line, request, care)
        if reply.error:
            raise DeviceFaultError(
                codes.REASONS.get(reply.error, "broken"),
                reply.error,
                codes.WORDS.get(reply.error, ""),
            )
        return reply

    def _send(self, line: Transport, frame: bytes, care: Care) -> None:
        for _ in range(TRIES):
            line.write(frame)
            sign = self._sign(line)
            if sign is Sign.ACK:
                return
            if care is Care.MOTION or (care is Care.APDU and sign is not Sign.NAK):
                line.write(bytes([Sign.EOT.value]))  # it may be at work, its ACK lost
                raise DeviceTimeoutError("the unit did not confirm the command")
        raise DeviceAbsentError("the unit does not take commands")

    def _sign(self, line: Transport) -> Sign | None:
        """What the unit says to a command; late words of an earlier exchange are passed over."""
        deadline = monotonic() + ACK_TIMEOUT_S
        while True:
            message = self._reader.next(line, deadline - monotonic())
            if not isinstance(message, Reply) and message is not Sign.EOT:
                return message

    def _response(self, line: Transport, request: bytes, care: Care) -> Reply:
        deadline = monotonic() + self._response_timeout_s
        garbled = 0
        while garbled < TRIES:
            message = self._reader.next(line, deadline - monotonic())
            if message is None:
                return self._stopped(line, request)
            if isinstance(message, Reply):
                line.write(bytes([Sign.ACK.value]))
                if message.request == request:
                    return message
            elif message is Sign.GARBLED:
                garbled += 1
                line.write(bytes([Sign.NAK.value]))
        if care is Care.NONE:
            raise BadReplyError("the unit's answer cannot be read")
        raise DeviceTimeoutError("the unit's answer cannot be read")

    def _stopped(self, line: Transport, request: bytes) -> Reply:
        """Stop a command that takes too long; one that ended meanwhile has its answer here.

        Without the EOT the unit would go on, and answer into the next exchange. It echoes it.
        """
        line.write(bytes([Sign.EOT.value]))
        deadline = monotonic() + ACK_TIMEOUT_S
        while (message := self._reader.next(line, deadline - monotonic())) is not None:
            if isinstance(message, Reply) and message.request == request:
                line.write(bytes([Sign.ACK.value]))
                return message
            if message is Sign.EOT:
                break
        raise DeviceTimeoutError("the unit did not answer in time")
