"""A simulated Wacom STU pad: somebody signs on it.

Verb: sign {strokes: [[[x_mm, y_mm, pressure], ...], ...]}, pressure 0 to 1.

Options: model = "430" | "540"; pen_flags = "high" | "low": where its reports have their flags;
timed = false for a pad that knows plain reports alone; timing = "realistic": 200 reports a second.
Faults besides the line's: pen_leaves (out of range in the middle of each stroke), lost_reports,
garbled_report (one a stroke makes no sense), asleep (it has forgotten that it shall take ink).
"""

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image

from hardware.simulation.hid_line import SimulatedHidDevice
from hardware.simulation.switches import UNPLUGGED
from hardware.simulation.world import ImpossibleError, World

_UNITS_A_MM = 100
_PERIOD_S, _PERIOD_TICKS = 0.005, 5
_MAX_PRESSURE = 1023
_STATUS_READY, _STATUS_IMAGE = 0, 1


@dataclass(frozen=True, slots=True)
class _Model:
    name: str
    size_mm: tuple[int, int]
    screen: tuple[int, int]
    encodings: int


_MODELS = {
    "430": _Model("STU-430", (96, 60), (320, 200), 0x02),
    "540": _Model("STU-540", (108, 65), (800, 480), 0x0E),
}


class SimulatedSignaturePad(SimulatedHidDevice):
    """One pad. It knows no driver: these are its own readings of the reports."""

    FAULTS = frozenset({UNPLUGGED, "pen_leaves", "lost_reports", "garbled_report", "asleep"})

    def __init__(self, name: str, port: int, world: World, options: Mapping[str, Any]) -> None:
        del name, world  # ink is no thing that could lie about
        super().__init__(port)
        self._model = _MODELS[str(options.get("model", "430"))]
        self._has_low_flags = options.get("pen_flags", "high") == "low"
        self._knows_time = bool(options.get("timed", True))
        self._is_quick = options.get("timing", "instant") != "realistic"
        self.screen: bytes = b""
        """The last image that was committed, as it came; empty for a blank screen."""
        self.signatures = 0
        self._encoding = 0
        self._coming: bytearray | None = None
        self._ticks = self._sequence = 0
        self._settings: dict[int, int] = {}
        self.power_lost()

    def power_lost(self) -> None:
        """A pad without power shows nothing and forgets its settings."""
        self.screen, self._coming = b"", None
        self._forget()

    def set_fault(self, fault: str, on: bool) -> None:
        """Turn a fault on or off; falling asleep happens once."""
        super().set_fault(fault, on)
        if fault == "asleep" and on:
            self._forget()

    def _forget(self) -> None:
        """As after a soft reset, except that ink is not taken."""
        self._settings = {0x21: 0, 0x32: 0, 0x2B: 3}

    # People

    def act(self, verb: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Do sign."""
        if verb != "sign":
            raise LookupError(f"nobody can {verb} a signature pad")
        strokes = [self._in_units(stroke) for stroke in arguments["strokes"]]
        self.signatures += 1
        if self._settings[0x21]:
            for stroke in strokes:
                self._write(stroke)
            self._say(near=False, touching=False, at=(0, 0, 0))
        return {}

    def state(self) -> dict[str, Any]:
        """Tell what a bystander sees; never what was written."""
        return {
            "kind": "stu",
            "model": self._model.name,
            "takes_ink": bool(self._settings[0x21]),
            "shows_picture": bool(self.screen),
            "faults": sorted(self.faults),
        }

    def picture(self) -> Image.Image:
        """Return what the screen shows."""
        if not self.screen:
            return Image.new("RGB", self._model.screen, "white")
        if self._encoding == 0x04:
            return Image.frombytes("RGB", self._model.screen, self.screen, "raw", "BGR")
        return Image.frombytes("1", self._model.screen, self.screen).convert("RGB")

    def picture_png(self) -> str:
        """Return the same as PNG in base64, for a panel."""
        png = io.BytesIO()
        self.picture().save(png, "PNG")
        return base64.b64encode(png.getvalue()).decode()

    def _in_units(self, stroke: Any) -> list[tuple[int, int, int]]:
        if not isinstance(stroke, Sequence) or not stroke:
            raise ImpossibleError("a stroke has points")
        points = []
        for x_mm, y_mm, pressure in stroke:
            within = 0 <= x_mm <= self._model.size_mm[0] and 0 <= y_mm <= self._model.size_mm[1]
            if not within or not 0 <= pressure <= 1:
                raise ImpossibleError("the pen is not on the pad")
            points.append(
                (
                    round(x_mm * _UNITS_A_MM),
                    round(y_mm * _UNITS_A_MM),
                    round(pressure * _MAX_PRESSURE),
                )
            )
        return points

    # The pen

    def _write(self, stroke: list[tuple[int, int, int]]) -> None:
        wild = self.dice.randrange(len(stroke)) if "garbled_report" in self.faults else -1
        self._say(near=True, touching=False, at=stroke[0])
        for number, at in enumerate(stroke):
            if "pen_leaves" in self.faults and number == len(stroke) // 2:
                self._say(near=False, touching=False, at=(0, 0, 0))
            self._say(near=True, touching=True, at=(0xFFFF, 0xFFFF, 0) if number == wild else at)
        self._say(near=True, touching=False, at=stroke[-1])

    def _say(self, *, near: bool, touching: bool, at: tuple[int, int, int]) -> None:
        """One report, five milliseconds after the last."""
        self._ticks = (self._ticks + _PERIOD_TICKS) % 0x10000
        self._sequence = (self._sequence + 1) % 0x10000
        if not self._is_quick:
            self.ended.wait(_PERIOD_S)
        if "lost_reports" in self.faults and touching and self.dice.random() < 0.2:
            return
        x, y, pressure = at
        pressure = pressure if touching else 0
        if self._has_low_flags:
            first = (pressure >> 8 & 0x0C) | touching << 1 | near
        else:
            first = near << 7 | touching << 4 | pressure >> 8
        body = bytes([first, pressure & 0xFF]) + x.to_bytes(2, "big") + y.to_bytes(2, "big")
        if self._settings[0x32] == 3:
            clock = self._ticks.to_bytes(2, "big") + self._sequence.to_bytes(2, "big")
            self.send_report(b"\x34" + body + clock)
        else:
            self.send_report(b"\x01" + body)

    # The host

    def feature(self, number: int) -> bytes | None:
        """Status, information, capability, and what was set."""
        match number:
            case 0x03:
                status = _STATUS_READY if self._coming is None else _STATUS_IMAGE
                return bytes([0x03, status, 0, 0, 0])
            case 0x08:
                return b"\x08" + self._model.name.encode().ljust(9, b"\x00") + bytes(7)
            case 0x09:
                return b"\x09" + self._capability()
            case 0x21 | 0x2B:
                return bytes([number, self._settings[number]])
            case 0x32 if self._knows_time:
                return bytes([number, self._settings[number]])
        return None

    def _capability(self) -> bytes:
        numbers = (
            *(side * _UNITS_A_MM for side in self._model.size_mm),
            _MAX_PRESSURE,
            *self._model.screen,
        )
        told = b"".join(number.to_bytes(2, "big") for number in numbers)
        return told + bytes([200]) + (2540).to_bytes(2, "big") + bytes([self._model.encodings])

    def set_feature(self, report: bytes) -> bool:
        """Clear, settings, images; anything else is refused."""
        number, data = report[0], report[1:]
        if number == 0x32 and not self._knows_time:
            return False
        if number in self._settings and data:
            self._settings[number] = data[0]
            return True
        match number:
            case 0x20:
                self.screen = b""
            case 0x25 if data and data[0] in (0x00, 0x04):
                self._encoding, self._coming = data[0], bytearray()
            case 0x26 if self._coming is not None and len(data) >= 2:
                self._coming += data[2 : 2 + data[0] + 256 * data[1]]
            case 0x27 if self._coming is not None:
                return self._commit()
            case _:
                return False
        return True

    def _commit(self) -> bool:
        """Show the image that came, if it fills the screen."""
        image, self._coming = bytes(self._coming or b""), None
        width, height = self._model.screen
        wanted = width * height * 3 if self._encoding == 0x04 else width * height // 8
        if len(image) != wanted:
            return False
        self.screen = image
        return True
