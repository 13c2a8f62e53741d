"""Modbus over a byte pipe: one request, one answer, framed by pymodbus and carried by a Transport.

pymodbus' own clients open their own ports, so that nobody could record their bytes, and repeat a
request by themselves, so that a lock could be pulsed twice. Only its frames and messages are used.

Sources: Modbus Application Protocol 1.1b3 (functions 01, 02, 05, 0F, exceptions), Modbus over
Serial Line 1.02 (RTU), Modbus Messaging on TCP/IP 1.0b (MBAP header).
"""

from collections.abc import Callable, Sequence
from enum import Enum, IntEnum

from pymodbus.framer import FramerBase, FramerRTU, FramerSocket
from pymodbus.pdu import DecodePDU, ModbusPDU
from pymodbus.pdu.bit_message import (
    ReadDiscreteInputsRequest,
    WriteMultipleCoilsRequest,
    WriteSingleCoilRequest,
)

from hardware.core.errors import BadReplyError, DeviceAbsentError, DeviceTimeoutError
from hardware.core.transport import Transport
from hardware.core.waiting import pause

ANSWER_TIMEOUT_S = 1.0
REST_TIMEOUT_S = 0.3
"""For the rest of an answer that has begun."""
TRIES = 3
QUIET_S = 0.05
TURNAROUND_S = 0.02
"""Between an answer and the next request on a serial bus, whose direction must turn round."""
MOST_BYTES = 300
STALE_ANSWERS = 4
GATEWAY_ALONE = frozenset({0x0A, 0x0B})
"""Exceptions by which a gateway tells that the unit behind it does not answer."""


class Framing(Enum):
    """How a message is wrapped."""

    RTU = "rtu"
    TCP = "tcp"


class Function(IntEnum):
    """The functions used here."""

    READ_COILS = 0x01
    READ_INPUTS = 0x02
    WRITE_COIL = 0x05
    WRITE_COILS = 0x0F


class TimedCoil(WriteSingleCoilRequest):
    """Function 05 whose value is a time in tenths of a second, as relay boards for locks have it.

    Waveshare Modbus RTU Relay, development protocol V2: "flash on", coil address 0200 + relay.
    """

    def encode(self) -> bytes:
        """Write address and time."""
        return self.address.to_bytes(2, "big") + self.count.to_bytes(2, "big")


class ModbusLine:
    """The master of one line. It belongs to one thread.

    All that asks raises DeviceAbsentError where the unit is silent or the line broke, and
    BadReplyError where it answers nonsense or an exception.
    """

    def __init__(
        self, line: Transport, framing: Framing, answer_s: float = ANSWER_TIMEOUT_S
    ) -> None:
        self._line = line
        self._answer_s = answer_s
        self._is_tcp = framing is Framing.TCP
        self._decoder = DecodePDU(False)
        self._framer: FramerBase = (FramerSocket if self._is_tcp else FramerRTU)(self._decoder)
        self._transaction = 0

    def close(self) -> None:
        """Release the line."""
        self._line.close()

    def inputs(self, unit: int, first: int, count: int, tries: int = TRIES) -> tuple[bool, ...]:
        """Read count discrete inputs."""
        request = ReadDiscreteInputsRequest(address=first, count=count, dev_id=unit)
        answer = self._ask(request, tries, lambda pdu: _holds_bits(pdu, count))
        return tuple(bool(bit) for bit in answer.bits[:count])

    def set_coil(self, unit: int, coil: int, on: bool, tries: int = TRIES) -> None:
        """Set one output. It is a level: a request whose answer was lost is sent again."""
        request = WriteSingleCoilRequest(address=coil, bits=[on], dev_id=unit)
        self._ask(request, tries, _echoes(request))

    def set_coils(self, unit: int, first: int, levels: Sequence[bool]) -> None:
        """Set outputs that follow one another."""
        request = WriteMultipleCoilsRequest(address=first, bits=list(levels), dev_id=unit)
        self._ask(request, TRIES, _echoes(request))

    def pulse_coil(self, unit: int, coil: int, tenths: int) -> None:
        """Have the board itself switch an output on for so many tenths of a second; sent once.

        Raises:
            DeviceTimeoutError: No answer came: it may have pulsed, or not.
        """
        request = TimedCoil(address=coil, count=tenths, dev_id=unit)
        try:
            self._ask(request, 1, _echoes(request))
        except DeviceAbsentError as error:
            raise DeviceTimeoutError(str(error)) from error

    def _ask(self, request: ModbusPDU, tries: int, fits: Callable[[bytes], bool]) -> ModbusPDU:
        said = is_late = False
        for _ in range(tries):
            self._send(request)
            try:
                pdu = self._receive(request.dev_id)
            except DeviceTimeoutError:
                is_late = not self._is_tcp
                continue
            said = True
            if pdu and pdu[0] == request.function_code | 0x80 and len(pdu) == 2:
                self._refused(request.dev_id, pdu[1])
            is_answer = pdu and pdu[0] == request.function_code and fits(pdu)
            if is_answer and (answer := self._decoder.decode(pdu)) is not None:
                if is_late:  # the other answer may be on its way, and names no question
                    self._calm(self._answer_s)
                return answer
            self._calm()
        if said:
            raise BadReplyError(f"unit {request.dev_id} answers what was not asked")
        raise DeviceAbsentError(f"unit {request.dev_id} does not answer")

    def _send(self, request: ModbusPDU) -> None:
        if self._is_tcp:
            self._transaction = self._transaction % 0xFFFF + 1
            request.transaction_id = self._transaction
        else:
            pause(TURNAROUND_S)
        self._line.flush_input()
        self._line.write(self._framer.buildFrame(request))

    def _receive(self, unit: int) -> bytes:
        """Return the message of the answer; empty for anything but a sound one of this unit."""
        if not self._is_tcp:
            return self._unwrapped(self._rtu_frame(), unit, 0)
        for _ in range(STALE_ANSWERS):
            frame = self._tcp_frame()
            if not frame or frame[:2] == self._transaction.to_bytes(2, "big"):
                return self._unwrapped(frame, unit, self._transaction)
        return b""

    def _unwrapped(self, frame: bytes, unit: int, transaction: int) -> bytes:
        if not frame:
            return b""
        used, from_unit, from_transaction, pdu = self._framer.decode(frame)
        is_sound = used == len(frame) and (from_unit, from_transaction) == (unit, transaction)
        return pdu if is_sound else b""

    def _rtu_frame(self) -> bytes:
        head = self._line.read(2, self._answer_s)
        function = head[1]
        if function & 0x80:
            return head + self._line.read(3, REST_TIMEOUT_S)
        if function in (Function.WRITE_COIL, Function.WRITE_COILS):
            return head + self._line.read(6, REST_TIMEOUT_S)
        if function in (Function.READ_COILS, Function.READ_INPUTS):
            count = self._line.read(1, REST_TIMEOUT_S)
            return head + count + self._line.read(count[0] + 2, REST_TIMEOUT_S)
        return b""

    def _tcp_frame(self) -> bytes:
        head = self._line.read(7, self._answer_s)
        length = int.from_bytes(head[4:6], "big")
        if head[2:4] != b"\0\0" or not 3 <= length <= 254:
            return b""
        return head + self._line.read(length - 1, REST_TIMEOUT_S)

    def _calm(self, quiet_s: float = QUIET_S) -> None:
        """Wait until the line is quiet, so that the next request meets no rest of this answer."""
        for _ in range(MOST_BYTES):
            try:
                self._line.read(1, quiet_s)
            except DeviceTimeoutError:
                return

    def _refused(self, unit: int, code: int) -> None:
        if code in GATEWAY_ALONE:
            raise DeviceAbsentError(f"the gateway does not reach unit {unit}")
        raise BadReplyError(f"unit {unit} refused: exception {code:02X}")


def _holds_bits(pdu: bytes, count: int) -> bool:
    size = (count + 7) // 8
    return len(pdu) == 2 + size and pdu[1] == size


def _echoes(request: ModbusPDU) -> Callable[[bytes], bool]:
    """An answer to a write repeats the function, the address and the value or the count."""
    said = bytes([request.function_code]) + request.encode()[:4]
    return lambda pdu: pdu == said
