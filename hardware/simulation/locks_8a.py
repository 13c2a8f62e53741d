"""Simulated "8A" lock boards on one bus, as a cabinet with doors or as a card magazine.

Options, besides those of hardware.simulation.lock_cabinet: locks = on each board, to 24;
first_address = DIP address of the first board; polarity = "closed_11" | "closed_00", what the
switches of the locks say; sensor_board = DIP address of the board that senses the first board's
items, in a cabinet that has such boards; item_polarity as polarity, closed_11: shut by a thing;
reports = whether the boards tell unasked what changed.
"""

from collections.abc import Mapping
from contextlib import suppress
from functools import reduce
from operator import xor
from queue import Empty, SimpleQueue
from typing import Any

from hardware.simulation.line import Connection
from hardware.simulation.lock_cabinet import SimulatedCabinet
from hardware.simulation.world import World

_HEADS = frozenset({0x8A, 0x80, 0x90})
_LOOK_S = 0.02


class SimulatedLocks8a(SimulatedCabinet):
    """All boards of one cabinet, by the vendor's paper alone."""

    def __init__(self, name: str, port: int, world: World, options: Mapping[str, Any]) -> None:
        self._per_board = int(options.get("locks", 24))
        super().__init__(name, port, world, options, self._per_board)
        self._first = int(options.get("first_address", 1))
        self._is_type_1 = options.get("polarity", "closed_11") == "closed_11"
        sensor = options.get("sensor_board")
        self._sensor = None if sensor is None else int(sensor)
        self._things_shut = options.get("item_polarity", "closed_11") == "closed_11"
        self._reports = bool(options.get("reports", False))
        self._untold: SimpleQueue[bytes] = SimpleQueue()

    def _door_moved(self, slot: int) -> None:
        board, lock = divmod(slot - 1, self._per_board)
        if self._reports and self._is_there(board):
            self._untold.put(self._lock_frame(0x82, board, lock))

    def serve(self, connection: Connection) -> None:
        """Answer requests, and tell between them what changed."""
        unread = b""
        connection.settimeout(_LOOK_S)
        while True:
            try:
                data = connection.recv(256)
            except TimeoutError:
                self._tell(connection)
                continue
            if not data:
                return
            unread += data
            while len(unread) >= 5:
                size = 6 if unread[0] == 0x90 else 5
                if len(unread) < size:
                    break
                request = unread[:size]
                if unread[0] not in _HEADS or request[-1] != _check(request[:-1]):
                    unread = unread[1:]
                    continue
                unread = unread[size:]
                with self._world.lock:
                    answer = self._answer(request)
                self._tell(connection)
                if answer:
                    connection.sendall(answer)

    def _tell(self, connection: Connection) -> None:
        with suppress(Empty):
            while True:
                connection.sendall(self._untold.get_nowait())

    def _answer(self, request: bytes) -> bytes:
        board = request[1] - self._first
        if request[0] == 0x80 and self._sensor is not None:
            sensed = request[1] - self._sensor
            if self._is_there(sensed):
                shut = [filled is self._things_shut for filled in self._filled(sensed)]
                return self._all_bits(request[1], shut)
        if not self._is_there(board):
            return b""
        if request[0] == 0x90:
            mask = int.from_bytes(request[2:5], "big")
            for lock in range(self._per_board):
                if mask >> lock & 1:
                    self._unlock(board * self._per_board + lock + 1)
            return b""
        return self._asked_or_opened(request, board, lock=request[2] - 1)

    def _asked_or_opened(self, request: bytes, board: int, lock: int) -> bytes:
        if lock >= self._per_board:
            return b""
        if (request[0], request[3]) == (0x80, 0x33):
            if lock < 0:
                shut = [closed is self._is_type_1 for closed in self._closed(board)]
                return self._all_bits(request[1], shut)
            return self._lock_frame(0x80, board, lock)
        if (request[0], request[3]) == (0x8A, 0x11):
            locks = range(self._per_board) if lock < 0 else range(lock, lock + 1)
            for each in locks:
                self._unlock(board * self._per_board + each + 1)
            return b"".join(self._lock_frame(0x8A, board, each) for each in locks)
        return b""

    def _lock_frame(self, head: int, board: int, lock: int) -> bytes:
        is_shut = self._closed(board)[lock] is self._is_type_1
        body = bytes([head, self._first + board, lock + 1, 0x11 if is_shut else 0x00])
        return body + bytes([_check(body)])

    def _all_bits(self, address: int, shut: list[bool]) -> bytes:
        bits = sum(1 << at for at, each in enumerate(shut) if each)
        size = (self._per_board + 7) // 8
        body = bytes([0x80, address]) + bits.to_bytes(size, "big") + bytes([0x33])
        return body + bytes([_check(body)])


def _check(body: bytes) -> int:
    return reduce(xor, body, 0)
