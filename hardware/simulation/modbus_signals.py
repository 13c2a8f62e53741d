"""A simulated Modbus board of contacts and lamps.

Options, besides those of modbus_speaker: inputs and lamps as the driver's; inverted = inputs where
on means the contrary; watches = {input = "a device of the world"}: that input is the service door
of a magazine, and opens and closes with it.

An input is on while its door or contact is closed, or while somebody is near.
"""

from collections.abc import Mapping
from typing import Any

from hardware.simulation.line import Connection
from hardware.simulation.modbus_speaker import ModbusSpeaker
from hardware.simulation.switches import UNPLUGGED, SwitchedDevice
from hardware.simulation.world import World

_NEAR = "proximity"


class SimulatedSignals(SwitchedDevice):
    """One board; hands move doors, lamps are seen by whoever looks."""

    FAULTS = frozenset({UNPLUGGED, "inputs_stuck", "outputs_dead"})

    def __init__(self, name: str, port: int, world: World, options: Mapping[str, Any]) -> None:
        super().__init__(port)
        self._name = name
        self._world = world
        self._unit = int(options.get("unit", 1))
        self._inputs = {str(key): int(at) for key, at in options.get("inputs", {}).items()}
        self._inverted = set(options.get("inverted", ()))
        self._watches = dict(options.get("watches", {}))
        self._lamps = _lamps(options.get("lamps", {}))
        self._coils = [False] * (max(self._lamps.values(), default=7) + 1)
        self._stuck_view: dict[str, bool] = {}
        self._speaker = ModbusSpeaker(self, options, world.lock)

    def serve(self, connection: Connection) -> None:
        """Answer Modbus requests."""
        self._speaker.serve(connection, self.port_link)

    def power_lost(self) -> None:
        """Let all coils fall off."""
        self._coils = [False] * len(self._coils)

    def set_fault(self, fault: str, on: bool) -> None:
        """Turn a fault on or off; inputs that are stuck go on showing what they saw last."""
        if fault == "inputs_stuck" and on:
            with self._world.lock:
                self._stuck_view = {name: self._is_on(name) for name in self._inputs}
        super().set_fault(fault, on)

    def act(self, verb: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Open {input} or close {input} a door or a contact; come {} near and go {} away."""
        match verb:
            case "open" | "close":
                self._move(str(arguments["input"]), is_on=verb == "close")
            case "come" | "go":
                self._move(_NEAR, is_on=verb == "come")
            case _:
                raise LookupError(f"nobody can {verb} here")
        return {}

    def _move(self, name: str, is_on: bool) -> None:
        if name not in self._inputs or name in self._watches:
            raise LookupError(f"there is no {name} to move here")
        with self._world.lock:
            self._memory[name] = is_on
            self._world.remember()

    def state(self) -> dict[str, Any]:
        """Tell which contacts are closed and which lamps shine."""
        with self._world.lock:
            return {
                "kind": "modbus_signals",
                "faults": sorted(self.faults),
                "inputs": {name: self._is_on(name) for name in self._inputs},
                "lamps": {name: self._shines(coil) for name, coil in self._lamps.items()},
            }

    @property
    def _memory(self) -> dict[str, Any]:
        return self._world.memory(self._name)

    def _is_on(self, name: str) -> bool:
        if name in self._watches:
            magazine = self._world.memory(self._watches[name])
            return not magazine.get("service_door_open", False)
        return bool(self._memory.get(name, name != _NEAR))

    def _shines(self, coil: int) -> bool:
        return self._coils[coil] and "outputs_dead" not in self.faults

    def coils(self, unit: int) -> list[bool] | None:
        """The outputs."""
        return list(self._coils) if unit == self._unit else None

    def inputs(self, unit: int) -> list[bool]:
        """The inputs; those that nothing is wired to are off."""
        del unit
        bits = [False] * (max(self._inputs.values(), default=7) + 1)
        for name, at in self._inputs.items():
            is_on = self._stuck_view[name] if "inputs_stuck" in self.faults else self._is_on(name)
            bits[at] = is_on is not (name in self._inverted)
        return bits

    def write(self, unit: int, coil: int, on: bool) -> None:
        """Switch a lamp."""
        del unit
        self._coils[coil] = on

    def time(self, unit: int, coil: int, tenths: int) -> bool:
        """Lamps have no timed outputs."""
        del unit, coil, tenths
        return False


def _lamps(plan: Mapping[str, Any]) -> dict[str, int]:
    """Give each colour of a lamp a name of its own: "status_good" or "status_good green"."""
    found: dict[str, int] = {}
    for name, coils in plan.items():
        if isinstance(coils, Mapping):
            found |= {f"{name} {colour}": int(coil) for colour, coil in coils.items()}
        else:
            found[name] = int(coils)
    return found
