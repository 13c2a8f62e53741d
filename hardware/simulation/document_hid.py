"""A simulated swipe reader that speaks in HID reports, after Access-IS."""

from collections.abc import Mapping
from typing import Any

from hardware.simulation.document_glass import Glass
from hardware.simulation.document_text import FAULTS, as_read
from hardware.simulation.hid_line import SimulatedHidDevice
from hardware.simulation.switches import UNPLUGGED
from hardware.simulation.world import World

_REPORT_S = 0.2


class SimulatedHidReader(SimulatedHidDevice):
    """A reader with HID reports of 64 bytes: it speaks unasked."""

    PROTOCOL = "hid"
    FAULTS = frozenset({UNPLUGGED, "lost_report"}) | FAULTS

    def __init__(self, name: str, port: int, world: World, options: Mapping[str, Any]) -> None:
        super().__init__(port)
        self._glass = Glass(name, world, options)

    def act(self, verb: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Do lay or take."""
        match verb:
            case "lay":
                self._glass.lay(arguments)
                self._read()
                return {}
            case "take":
                return self._glass.take(arguments)
        raise LookupError(f"nobody can {verb} a document reader")

    def state(self) -> dict[str, Any]:
        """Tell whether something lies there; never what."""
        return {
            "kind": "document_reader",
            "protocol": self.PROTOCOL,
            "document": self._glass.is_laid,
            "faults": sorted(self.faults),
        }

    def _read(self) -> None:
        lines = as_read(self._glass.lines, self.faults, self.dice, "?")
        text = "".join(line + "\r" for line in lines).encode("ascii")
        parts = [text[at : at + 56] for at in range(0, len(text), 56)]
        for _ in range(2 if "double_send" in self.faults else 1):
            for number, part in enumerate(parts, 1):
                if "slow_bytes" in self.faults:
                    self.ended.wait(_REPORT_S)
                if "lost_report" in self.faults and number == len(parts):
                    continue
                more = b"\x01" if number < len(parts) else b"\x00"
                self.send_report(
                    b"\x02"
                    + bytes([len(part)])
                    + b"]o0"
                    + part.ljust(56, b"\x00")
                    + b"\x73\x00"
                    + more
                )
