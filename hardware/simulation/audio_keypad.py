"""A simulated audio keypad: a USB keyboard with a jack, as Storm's AudioNav is one.

Verbs: press {key}: up, down, left, right, select, back, help, volume; plug {} and unplug {}: the
earphones. It sends a keyboard's reports of eight bytes, its keys being F13 to F23.
"""

from collections.abc import Mapping
from typing import Any

from hardware.simulation.hid_line import SimulatedHidDevice
from hardware.simulation.world import ImpossibleError, World

_USAGES = {
    "volume": 0x68,
    "help": 0x69,
    "back": 0x6C,
    "select": 0x6D,
    "right": 0x6F,
    "left": 0x70,
    "down": 0x71,
    "up": 0x72,
}
_PLUGGED, _UNPLUGGED = 0x6A, 0x6B


class SimulatedAudioKeypad(SimulatedHidDevice):
    """One keypad. Fault: stuck (a key stays down: its release is never reported)."""

    FAULTS = frozenset({"stuck"})

    def __init__(self, name: str, port: int, world: World, options: Mapping[str, Any]) -> None:
        del name, world, options  # a keypad holds no thing of the world
        super().__init__(port)
        self._has_plug = False

    def act(self, verb: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Press a key, plug earphones in, pull them out."""
        match verb:
            case "press":
                self._strike(_USAGES[str(arguments["key"])])
            case "plug" | "unplug":
                if self._has_plug == (verb == "plug"):
                    raise ImpossibleError("the jack is taken" if self._has_plug else "no plug")
                self._has_plug = verb == "plug"
                self._strike(_PLUGGED if self._has_plug else _UNPLUGGED)
            case _:
                raise LookupError(f"nobody can {verb} a keypad")
        return self.state()

    def state(self) -> dict[str, Any]:
        """Tell whether earphones are plugged in."""
        return {
            "kind": "audio_keypad",
            "plugged": self._has_plug,
            "faults": sorted(self.faults),
        }

    def _strike(self, usage: int) -> None:
        self.send_report(bytes([0, 0, usage, 0, 0, 0, 0, 0]))
        if "stuck" not in self.faults:
            self.send_report(bytes(8))
