"""A simulated form collector: a Modbus TCP board of its own, wired to a mouth, rollers and a bin.

Places: NAME.mouth, NAME.escrow, NAME.bin.

Options: timing = "instant" | "realistic"; capacity = forms the bin holds. The wiring is written
down in hardware.form_collector.modbus_collector; the frames here are read by hand, so that the
driver's library meets a stranger.
"""

import struct
from collections.abc import Mapping
from time import monotonic
from typing import Any

from hardware.simulation.hands import hand_place, take_all, take_one, thing_in_hand
from hardware.simulation.line import Connection, receive_exactly
from hardware.simulation.switches import UNPLUGGED, SwitchedDevice
from hardware.simulation.world import ImpossibleError, World

TRAVEL_S = {"instant": 0.0, "realistic": 0.8}
_SHUTTER, _DRAW_IN, _RETURN, _FLAP = range(4)
_COILS = 4
_HEAD = struct.Struct(">HHHB")
_ON, _OFF = 0xFF00, 0x0000
_BAD_FUNCTION, _BAD_ADDRESS, _BAD_VALUE = 1, 2, 3


class SimulatedFormCollector(SwitchedDevice):
    """One collector; paper moves while a motor runs, as far as nobody jams it."""

    FAULTS = frozenset({UNPLUGGED, "jammed", "bin_full"})

    def __init__(self, name: str, port: int, world: World, options: Mapping[str, Any]) -> None:
        super().__init__(port)
        self._world = world
        self._mouth, self._escrow, self._bin = f"{name}.mouth", f"{name}.escrow", f"{name}.bin"
        self._travel_s = TRAVEL_S[options.get("timing", "instant")]
        self._capacity = int(options.get("capacity", 100))
        self.power_lost()

    def power_lost(self) -> None:
        """Let all coils fall off."""
        self._coils = [False] * _COILS
        self._since = [0.0] * _COILS

    def act(self, verb: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Visitor: insert {thing}, take {hand}. Staff: empty_bin {hand}, clear {hand}."""
        with self._world.lock:
            self._let_paper_move()
            match verb:
                case "insert":
                    return self._insert(arguments["thing"])
                case "take":
                    if not self._coils[_SHUTTER]:
                        raise ImpossibleError("the shutter is shut")
                    return take_one(self._world, self._mouth, hand_place(arguments))
                case "empty_bin":
                    return take_all(self._world, self._bin, hand_place(arguments))
                case "clear":
                    return take_all(self._world, self._escrow, hand_place(arguments))
        raise LookupError(f"nobody can {verb} a form collector")

    def _insert(self, thing_id: str) -> dict[str, Any]:
        paper = thing_in_hand(self._world, thing_id, "paper")
        if not self._coils[_SHUTTER]:
            raise ImpossibleError("the shutter is shut")
        if self._world.at(self._mouth) or self._world.at(self._escrow):
            raise ImpossibleError("there is a paper in the way")
        self._world.move(paper, self._mouth)
        return {"thing": paper.id}

    def state(self) -> dict[str, Any]:
        """Tell where papers are."""
        with self._world.lock:
            self._let_paper_move()
            mouth, escrow = self._world.one_at(self._mouth), self._world.one_at(self._escrow)
            return {
                "kind": "modbus_collector",
                "faults": sorted(self.faults),
                "mouth": mouth.id if mouth else None,
                "escrow": escrow.id if escrow else None,
                "bin": len(self._world.at(self._bin)),
                "shutter_open": self._coils[_SHUTTER],
                "motors": [self._coils[coil] for coil in (_DRAW_IN, _RETURN, _FLAP)],
            }

    def _let_paper_move(self) -> None:
        """Move what the running motors have moved since they were switched on."""
        if "jammed" in self.faults:
            return
        for coil, start, end in (
            (_DRAW_IN, self._mouth, self._escrow),
            (_RETURN, self._escrow, self._mouth),
            (_FLAP, self._escrow, self._bin),
        ):
            paper = self._world.one_at(start)
            has_run = self._coils[coil] and monotonic() - self._since[coil] >= self._travel_s
            if paper is not None and has_run:
                self._world.move(paper, end)

    def _inputs(self) -> list[bool]:
        full = "bin_full" in self.faults or len(self._world.at(self._bin)) >= self._capacity
        return [bool(self._world.at(self._mouth)), bool(self._world.at(self._escrow)), full]

    def serve(self, connection: Connection) -> None:
        """Answer Modbus TCP requests."""
        while head := receive_exactly(connection, _HEAD.size):
            transaction, protocol, length, unit = _HEAD.unpack(head)
            if protocol != 0 or not 2 <= length <= 254:
                return
            if not (request := receive_exactly(connection, length - 1)):
                return
            with self._world.lock:
                self._let_paper_move()
                answer = self._answer(request)
            connection.sendall(_HEAD.pack(transaction, 0, len(answer) + 1, unit) + answer)

    def _answer(self, request: bytes) -> bytes:
        function = request[0]
        if function not in (1, 2, 5):
            return bytes([function | 0x80, _BAD_FUNCTION])
        if len(request) != 5:
            return bytes([function | 0x80, _BAD_VALUE])
        address, value = struct.unpack(">HH", request[1:])
        if function == 5:
            return self._write(address, value) or request
        bits = self._coils if function == 1 else self._inputs()
        if value == 0 or address + value > len(bits):
            return bytes([function | 0x80, _BAD_ADDRESS])
        asked = bits[address : address + value]
        return bytes([function, 1, sum(1 << at for at, bit in enumerate(asked) if bit)])

    def _write(self, coil: int, value: int) -> bytes:
        """Set a coil; returns the exception to answer with, if any."""
        if coil >= _COILS:
            return bytes([0x85, _BAD_ADDRESS])
        if value not in (_ON, _OFF):
            return bytes([0x85, _BAD_VALUE])
        on = value == _ON
        if on and not self._coils[coil]:
            self._since[coil] = monotonic()
        self._coils[coil] = on
        return b""
