"""Simulated KR-CU16 lock boards on one bus, as a cabinet with doors or as a card magazine.

Options, besides those of hardware.simulation.lock_cabinet:
answers_unlock = whether the boards answer an unlock with their status, as some do;
busy_after_unlock = whether a board hears no status question after an unlock until another command
comes, as some do; tells_version = whether the boards know the question for their versions.
A pulse time that the host sets is kept without power.
"""

from collections.abc import Mapping
from typing import Any

from hardware.simulation.line import Connection
from hardware.simulation.lock_cabinet import SimulatedCabinet
from hardware.simulation.world import World

_STX, _ETX = 0x02, 0x03
_VERSION_STX, _VERSION, _VERSION_ETX = 0xF5, 0xB6, 0x5F
_SIZES = (5, 7)
"""Of a request, without data and with a time."""
_LOCKS = 16
_SOFTWARE, _HARDWARE = 3, 1


class SimulatedLockBoards(SimulatedCabinet):
    """All boards of one cabinet. It knows no driver: these are its own readings of the manual."""

    def __init__(self, name: str, port: int, world: World, options: Mapping[str, Any]) -> None:
        super().__init__(name, port, world, options, _LOCKS)
        self._answers_unlock = bool(options.get("answers_unlock", False))
        self._stays_busy = bool(options.get("busy_after_unlock", False))
        self._tells_version = bool(options.get("tells_version", True))
        self._busy: set[int] = set()

    def power_lost(self) -> None:
        """Wake up again."""
        self._busy.clear()

    def serve(self, connection: Connection) -> None:
        """Answer requests; boards that are not there and broken requests stay silent."""
        unread = b""
        while data := connection.recv(256):
            unread += data
            while len(unread) >= _SIZES[0]:
                size = self._size(unread)
                if size == 0:
                    break  # the rest of a longer one is on its way
                request, unread = unread[:size], unread[size:]
                with self._world.lock:
                    answer = self._answer(request) if size > 1 else b""
                if answer:
                    connection.sendall(answer)

    def _size(self, unread: bytes) -> int:
        """Return the size of the request at the start; 1 where there is none, 0 to wait."""
        if unread[:2] == bytes([_VERSION_STX, _VERSION]):
            if len(unread) < 6:
                return 0
            sound = unread[4] == _VERSION_ETX and unread[5] == sum(unread[:5]) % 256
            return 6 if sound else 1
        if unread[0] != _STX:
            return 1
        for size in _SIZES:
            *body, check = unread[:size]
            if len(unread) >= size and body[-1] == _ETX and check == sum(body) % 256:
                return size
        return 0 if unread[2] == 0x37 and len(unread) < _SIZES[1] else 1

    def _answer(self, request: bytes) -> bytes:
        if request[0] == _VERSION_STX:
            board = request[2] >> 4
            is_told = self._tells_version and self._is_there(board)
            return self._version(request[2]) if is_told else b""
        board, lock, code = request[1] >> 4, request[1] & 0x0F, request[2]
        if code == 0x32:
            there = [each for each in range(self._boards()) if self._is_there(each)]
            return b"".join(self._status(each, 0x36) for each in there)
        if not self._is_there(board):
            return b""
        if code == 0x30:
            return b"" if board in self._busy else self._status(board, 0x35)
        self._busy.discard(board)
        if code == 0x31:
            return self._unlocked(board, lock)
        if code == 0x37:
            return self._pulse_time(board, request[3:-2])
        return b""

    def _unlocked(self, board: int, lock: int) -> bytes:
        self._unlock(board * _LOCKS + lock + 1)
        if self._stays_busy:
            self._busy.add(board)
        return self._status(board, 0x35) if self._answers_unlock else b""

    def _pulse_time(self, board: int, time: bytes) -> bytes:
        if len(time) == 2:
            units = int.from_bytes(time, "big")
            if units > 6000:
                return b""
            self._pulse_s = units / 100
            self._memory["pulse_s"] = self._pulse_s
            self._world.remember()
        kept = float(self._memory.get("pulse_s", self._pulse_s))
        return self._framed(board, 0x38, round(kept * 100).to_bytes(2, "big"))

    def _version(self, address: int) -> bytes:
        body = bytes([_VERSION_STX, _VERSION, address, 4, 0, 0, _SOFTWARE, _HARDWARE])
        body += bytes([_VERSION_ETX])
        return body + bytes([sum(body) % 256])

    def _status(self, board: int, code: int) -> bytes:
        closed_bits = sum(1 << at for at, closed in enumerate(self._closed(board)) if closed)
        item_bits = sum(1 << at for at, filled in enumerate(self._filled(board)) if filled)
        bits = closed_bits.to_bytes(2, "little") + item_bits.to_bytes(2, "little")
        return self._framed(board, code, bits)

    def _framed(self, board: int, code: int, data: bytes) -> bytes:
        body = bytes([_STX, board << 4, code]) + data + bytes([_ETX])
        return body + bytes([sum(body) % 256])
