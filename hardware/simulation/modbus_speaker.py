"""The Modbus side of simulated devices, read by hand so that the drivers' library meets a stranger.

Functions 01, 02, 05 and 0F, and 05 with a time in tenths of a second on boards that have that. A
device is on a serial line (RTU) where it is on a pty or its option framing = "rtu"; on TCP else,
where framing = "tcp" wraps it in MBAP and "rtu" does not. A unit that is not there is silent on a
serial bus, and a gateway's exception 0B on TCP.
"""

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from hardware.simulation.line import Connection, receive_exactly

_HEAD = struct.Struct(">HHHB")
_ON, _OFF = 0xFF00, 0x0000
_BAD_FUNCTION, _BAD_ADDRESS, _BAD_VALUE, _NO_UNIT = 1, 2, 3, 0x0B
_SILENCE_S = 0.05
"""A frame that is not whole after so long a rest was none."""
_FIXED = 8
_MOST = 260


class ModbusBoard(Protocol):
    """What is behind the wire."""

    def coils(self, unit: int) -> list[bool] | None:
        """The outputs of a unit; None where there is no such unit."""
        ...

    def inputs(self, unit: int) -> list[bool]:
        """The discrete inputs of a unit that is there."""
        ...

    def write(self, unit: int, coil: int, on: bool) -> None:
        """Set an output that is there."""
        ...

    def time(self, unit: int, coil: int, tenths: int) -> bool:
        """Set a timed output; False where that coil is none."""
        ...


class ModbusSpeaker:
    """Speaks for one board, or for all on a bus."""

    def __init__(self, board: ModbusBoard, options: Mapping[str, Any], lock: Any) -> None:
        self._board = board
        self._is_rtu = options.get("framing", "tcp") == "rtu"
        self._lock = lock

    def serve(self, connection: Connection, port_link: Path | None) -> None:
        """Answer one driver until it hangs up."""
        if self._is_rtu or port_link is not None:
            self._serve_rtu(connection)
        else:
            self._serve_tcp(connection)

    def _serve_tcp(self, connection: Connection) -> None:
        while head := receive_exactly(connection, _HEAD.size):
            transaction, protocol, length, unit = _HEAD.unpack(head)
            if protocol != 0 or not 2 <= length <= 254:
                return
            if not (request := receive_exactly(connection, length - 1)):
                return
            answer = self.answer(unit, request)
            if answer is None:
                answer = bytes([request[0] | 0x80, _NO_UNIT])
            connection.sendall(_HEAD.pack(transaction, 0, len(answer) + 1, unit) + answer)

    def _serve_rtu(self, connection: Connection) -> None:
        unread = b""
        connection.settimeout(_SILENCE_S)
        while True:
            try:
                data = connection.recv(256)
            except TimeoutError:
                unread = b""
                continue
            if not data:
                return
            unread = (unread + data)[-2 * _MOST :]
            while (size := _rtu_size(unread)) and len(unread) >= size:
                frame = unread[:size]
                if frame[-2:] != _crc(frame[:-2]):
                    unread = unread[1:]
                    continue
                unread = unread[size:]
                answer = self.answer(frame[0], frame[1:-2])
                if answer is not None:
                    said = frame[:1] + answer
                    connection.sendall(said + _crc(said))

    def answer(self, unit: int, request: bytes) -> bytes | None:
        """Answer one request; None where there is no such unit."""
        with self._lock:
            coils = self._board.coils(unit)
            if coils is None:
                return None
            function = request[0]
            if function in (1, 2) and len(request) == 5:
                return self._read(unit, function, coils, request)
            if function == 5 and len(request) == 5:
                return self._write(unit, coils, request)
            if function == 15 and len(request) >= 7:
                return self._write_many(unit, coils, request)
            known = function in (1, 2, 5, 15)
            return bytes([function | 0x80, _BAD_VALUE if known else _BAD_FUNCTION])

    def _read(self, unit: int, function: int, coils: list[bool], request: bytes) -> bytes:
        first, count = struct.unpack(">HH", request[1:])
        bits = coils if function == 1 else self._board.inputs(unit)
        if count == 0 or first + count > len(bits):
            return bytes([function | 0x80, _BAD_ADDRESS])
        packed = _packed(bits[first : first + count])
        return bytes([function, len(packed)]) + packed

    def _write(self, unit: int, coils: list[bool], request: bytes) -> bytes:
        coil, value = struct.unpack(">HH", request[1:])
        if self._board.time(unit, coil, value):
            return request
        if coil >= len(coils):
            return bytes([0x85, _BAD_ADDRESS])
        if value not in (_ON, _OFF):
            return bytes([0x85, _BAD_VALUE])
        self._board.write(unit, coil, value == _ON)
        return request

    def _write_many(self, unit: int, coils: list[bool], request: bytes) -> bytes:
        first, count, size = struct.unpack(">HHB", request[1:6])
        if size != (count + 7) // 8 or len(request) != 6 + size or count == 0:
            return bytes([0x8F, _BAD_VALUE])
        if first + count > len(coils):
            return bytes([0x8F, _BAD_ADDRESS])
        bits = int.from_bytes(request[6:], "little")
        for at in range(count):
            self._board.write(unit, first + at, bool(bits >> at & 1))
        return request[:5]


def _rtu_size(unread: bytes) -> int:
    """Tell how long the request at the start is; 0 where too little has come to tell."""
    if len(unread) < 2:
        return 0
    if unread[1] not in (15, 16):
        return _FIXED
    return 9 + unread[6] if len(unread) > 6 else 0


def _packed(bits: list[bool]) -> bytes:
    number = sum(1 << at for at, bit in enumerate(bits) if bit)
    return number.to_bytes((len(bits) + 7) // 8, "little")


def _crc(data: bytes) -> bytes:
    """The CRC of Modbus over Serial Line, the low byte first."""
    register = 0xFFFF
    for byte in data:
        register ^= byte
        for _ in range(8):
            register = register >> 1 ^ 0xA001 if register & 1 else register >> 1
    return register.to_bytes(2, "little")
