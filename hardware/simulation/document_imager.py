"""A simulated barcode imager that reads zones as OCR, after Honeywell's menu protocol."""

from collections.abc import Mapping
from typing import Any

from hardware.simulation.document_line import SimulatedLineReader
from hardware.simulation.line import Connection
from hardware.simulation.world import World


class SimulatedOcrImager(SimulatedLineReader):
    """A barcode imager with OCR: menu commands, a trigger; one reading ends the trigger."""

    PROTOCOL = "ocr"
    _TAGS = ("allena", "ocrena", "ocrats")

    def __init__(self, name: str, port: int, world: World, options: Mapping[str, Any]) -> None:
        super().__init__(name, port, world, options)
        self._is_triggered = False
        self._menu: dict[str, str] = {}
        self.power_lost()

    def power_lost(self) -> None:
        """Menus set for now are as from the factory again."""
        self._is_triggered = False
        self._menu = dict.fromkeys(self._TAGS, "0")

    def obey(self, connection: Connection, heard: bytes) -> bytes:
        """Find commands: SYN, a letter, CR; a menu command goes up to its mark."""
        while (start := heard.find(b"\x16")) >= 0:
            heard = heard[start:]
            if len(heard) < 3:
                return heard
            if heard[:3] in (b"\x16T\r", b"\x16U\r"):
                if heard[1:2] == b"T":
                    self._seen = -1  # what lies there is read again at each trigger
                self._is_triggered = heard[1:2] == b"T"
                heard = heard[3:]
            elif heard[:3] == b"\x16M\r":
                marks = [at for at in (heard.find(b"!"), heard.find(b".")) if at > 0]
                if not marks:
                    return heard
                end = min(marks)
                self._set(connection, heard[3:end], heard[end : end + 1])
                heard = heard[end + 1 :]
            else:
                heard = heard[1:]
        return b""

    def _set(self, connection: Connection, command: bytes, mark: bytes) -> None:
        lower = command.decode("ascii", "replace").lower()
        tag, data = lower[:6], lower[6:]
        verdict = b"\x06"
        if tag not in self._menu:
            verdict = b"\x05"
        elif data == "?":
            command = (tag + self._menu[tag]).encode("ascii")
        elif len(data) == 1 and data in "01234567":
            self._menu[tag] = data
        else:
            verdict = b"\x15"
        self.say(connection, command.upper() + verdict + mark)

    def is_reading(self) -> bool:
        """While triggered, with OCR on."""
        return self._is_triggered and self._menu["ocrena"] != "0" and self._menu["ocrats"] != "0"

    def done_reading(self) -> None:
        """A reading ends the trigger."""
        self._is_triggered = False

    def spoken(self, lines: tuple[str, ...]) -> bytes:
        """The lines, each with the suffix CR."""
        return "".join(line + "\r" for line in lines).encode("ascii")
