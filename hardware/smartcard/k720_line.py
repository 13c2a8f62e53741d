"""One exchange with a machine of the K720 family: command, ACK, enquiry, and perhaps an answer.

Nothing is done before the enquiry. What only asks is repeated until it is understood; a motion is
sent once and enquired for once, and its outcome is seen in the state alone: whether machines also
answer to a motion is not known, so such answers are passed over.
"""

from collections.abc import Callable
from time import monotonic
from typing import TypeVar

from hardware.core.errors import BadReplyError, DeviceAbsentError, DeviceTimeoutError
from hardware.core.transport import Transport
from hardware.smartcard.frame_reading import FrameReader
from hardware.smartcard.k720_frames import Answer, AnswerDecoder, Sign, command_frame, enquiry

ACK_TIMEOUT_S = 0.5
ANSWER_TIMEOUT_S = 1.0
SLOWEST_BYTE_S = 10 / 1200
TRIES = 3

T = TypeVar("T")


class K720Line:
    """The line to one machine; any method may raise DeviceAbsentError."""

    def __init__(self, connect: Callable[[], Transport], address: int) -> None:
        self._connect = connect
        self._address = address
        self._line: Transport | None = None
        self._decoder = AnswerDecoder(address)
        self._reader = FrameReader[Sign | Answer](self._decoder, Sign.GARBLED, SLOWEST_BYTE_S)

    @property
    def is_open(self) -> bool:
        """Whether the line is held."""
        return self._line is not None

    def open(self) -> None:
        """Open the line; nothing is said yet."""
        self._line = self._connect()

    def close(self) -> None:
        """Release the line."""
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def ask(self, command: bytes, read: Callable[[bytes], T | None]) -> T:
        """Ask until an answer comes that read() understands, a few times.

        Raises:
            DeviceAbsentError: Nobody confirms. BadReplyError: Nobody answers as the protocol says.
        """
        line = self._opened()
        was_confirmed = False
        for _ in range(TRIES):
            if self._confirmed(line, command) is not Sign.ACK:
                continue
            was_confirmed = True
            line.write(enquiry(self._address))
            if (found := self._answer(line, read)) is not None:
                return found
        if was_confirmed:
            raise BadReplyError(f"no answer to {command.decode()} that can be read")
        raise DeviceAbsentError("the card dispenser does not take commands")

    def start(self, motion: bytes) -> None:
        """Have a motion begun; how it ends, the state tells.

        Raises:
            DeviceTimeoutError: The machine did not confirm, and was not told to begin.
        """
        line = self._opened()
        if self._confirmed(line, motion) is not Sign.ACK:
            raise DeviceTimeoutError("the dispenser did not confirm the command")
        line.write(enquiry(self._address))

    def _opened(self) -> Transport:
        if self._line is None:
            raise DeviceAbsentError("the card dispenser is not open")
        return self._line

    def _confirmed(self, line: Transport, command: bytes) -> Sign | None:
        line.flush_input()
        self._decoder.reset()
        line.write(command_frame(command, self._address))
        deadline = monotonic() + ACK_TIMEOUT_S
        while True:
            message = self._reader.next(line, deadline - monotonic())
            if not isinstance(message, Answer):  # late answers to earlier commands are passed over
                return message

    def _answer(self, line: Transport, read: Callable[[bytes], T | None]) -> T | None:
        deadline = monotonic() + ANSWER_TIMEOUT_S
        while (message := self._reader.next(line, deadline - monotonic())) is not None:
            if message is Sign.GARBLED:
                return None
            if isinstance(message, Answer) and (found := read(message.data)) is not None:
                return found
        return None
