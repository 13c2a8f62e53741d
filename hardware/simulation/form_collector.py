"""A simulated form collector: a Modbus board of its own, wired to a mouth, rollers and a bin.

Places: NAME.mouth, NAME.escrow, NAME.bin.

Options: timing = "instant" | "realistic"; capacity = forms the bin holds; those of modbus_speaker.
The wiring is written down in hardware.form_collector.modbus_collector.
"""

from collections.abc import Mapping
from time import monotonic
from typing import Any

from hardware.simulation.hands import hand_place, take_all, take_one, thing_in_hand
from hardware.simulation.line import Connection
from hardware.simulation.modbus_speaker import ModbusSpeaker
from hardware.simulation.switches import UNPLUGGED, SwitchedDevice
from hardware.simulation.world import ImpossibleError, World

TRAVEL_S = {"instant": 0.0, "realistic": 0.8}
_SHUTTER, _DRAW_IN, _RETURN, _FLAP = range(4)
_COILS = 4
_UNIT = 1


class SimulatedFormCollector(SwitchedDevice):
    """One collector; paper moves while a motor runs, as far as nobody jams it."""

    FAULTS = frozenset({UNPLUGGED, "jammed", "bin_full"})

    def __init__(self, name: str, port: int, world: World, options: Mapping[str, Any]) -> None:
        super().__init__(port)
        self._world = world
        self._mouth, self._escrow, self._bin = f"{name}.mouth", f"{name}.escrow", f"{name}.bin"
        self._travel_s = TRAVEL_S[options.get("timing", "instant")]
        self._capacity = int(options.get("capacity", 100))
        self._speaker = ModbusSpeaker(self, options, world.lock)
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

    def serve(self, connection: Connection) -> None:
        """Answer Modbus requests."""
        self._speaker.serve(connection, self.port_link)

    def coils(self, unit: int) -> list[bool] | None:
        """Shutter, motors, flap."""
        return list(self._coils) if unit == _UNIT else None

    def inputs(self, unit: int) -> list[bool]:
        """Paper at the mouth, paper in escrow, bin full."""
        del unit
        self._let_paper_move()
        full = "bin_full" in self.faults or len(self._world.at(self._bin)) >= self._capacity
        return [bool(self._world.at(self._mouth)), bool(self._world.at(self._escrow)), full]

    def write(self, unit: int, coil: int, on: bool) -> None:
        """Run or stop a motor; paper moves as far as it ran."""
        del unit
        self._let_paper_move()
        if on and not self._coils[coil]:
            self._since[coil] = monotonic()
        self._coils[coil] = on

    def time(self, unit: int, coil: int, tenths: int) -> bool:
        """The board has no timed outputs."""
        del unit, coil, tenths
        return False
