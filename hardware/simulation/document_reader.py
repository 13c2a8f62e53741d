"""Simulated document readers: a person lays or swipes a document, and its zone goes down the line.

Place: NAME.glass. Verbs: lay {lines: ["I<UTO...", ...]} for invented text, or lay {thing: id of a
card or paper in a hand}; take {hand}. A card tells its zone by data.zone, or by data.picture, which
is read as a reader would.

Options: protocol, one of PROTOCOLS; inquire = "last" | "present" (elyctis: what the answer to an
inquiry is about); timing. Faults besides the line's: unreadable (a character), truncated (the last
line), wrong_digit (the composite check digit is misread), slow_bytes (at a crawl), double_send,
not_rearmed (elyctis: it echoes and does not read).
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from hardware.simulation.bench import Maker, SimulatedDevice
from hardware.simulation.document_hid import SimulatedHidReader
from hardware.simulation.document_imager import SimulatedOcrImager
from hardware.simulation.document_line import SimulatedLineReader
from hardware.simulation.line import Connection
from hardware.simulation.world import World


class SimulatedElyctis(SimulatedLineReader):
    """An ID BOX: type, length, value; reads while armed and is disarmed by every reading."""

    PROTOCOL = "elyctis"
    FAULTS = frozenset({"not_rearmed"}) | SimulatedLineReader.FAULTS
    _TEXTS: ClassVar = {
        ord("V"): b"ID BOX 1.07",
        ord("W"): b"OCR 4.2",
        ord("R"): b"00012345",
        ord("T"): b"IDB",
    }

    def __init__(self, name: str, port: int, world: World, options: Mapping[str, Any]) -> None:
        super().__init__(name, port, world, options)
        self._tells_present = options.get("inquire", "last") == "present"
        self._is_armed = False
        self._last: tuple[str, ...] = ()

    def power_lost(self) -> None:
        """The arming and the last text are gone."""
        self._is_armed, self._last = False, ()

    def obey(self, connection: Connection, heard: bytes) -> bytes:
        """Take whole frames off what was heard."""
        while len(heard) >= 3:
            size = heard[1] * 256 + heard[2]
            if size > 64:
                return b""
            if len(heard) < 3 + size:
                break
            self._command(connection, heard[0], heard[3 : 3 + size])
            heard = heard[3 + size :]
        return heard

    def _command(self, connection: Connection, letter: int, data: bytes) -> None:
        if letter == ord("C") and len(data) == 1:
            self._is_armed = data[0] == 1 and "not_rearmed" not in self.faults
            self.say(connection, b"C\x00\x01" + data)
        elif letter == ord("I"):
            self.say(connection, self.spoken(self._inquired()))
        elif letter in self._TEXTS:
            text = self._TEXTS[letter]
            self.say(connection, bytes([letter, 0, len(text)]) + text)

    def _inquired(self) -> tuple[str, ...]:
        if not self._tells_present:
            return self._last
        return self.as_read("?") if self._glass.is_laid else ()

    def is_reading(self) -> bool:
        """Only while armed."""
        return self._is_armed

    def done_reading(self) -> None:
        """A reading disarms it."""
        self._is_armed = False

    def spoken(self, lines: tuple[str, ...]) -> bytes:
        """The letter I, the length, the lines with a carriage return between."""
        if lines:
            self._last = lines
        text = "\r".join(lines).encode("ascii")
        return b"I" + len(text).to_bytes(2, "big") + text


class SimulatedStxReader(SimulatedLineReader):
    """A swipe reader: it speaks unasked. The bytes outside STX and ETX are another for each."""

    PROTOCOL = "stx"

    def __init__(self, name: str, port: int, world: World, options: Mapping[str, Any]) -> None:
        super().__init__(name, port, world, options)
        self._outer = (
            bytes.fromhex(str(options.get("before", "1C"))),
            bytes.fromhex(str(options.get("behind", "1D"))),
        )

    def spoken(self, lines: tuple[str, ...]) -> bytes:
        """Delimiter, STX, lines each with a carriage return behind, ETX, delimiter."""
        text = "".join(line + "\r" for line in lines).encode("ascii")
        return self._outer[0] + b"\x02" + text + b"\x03" + self._outer[1]


PROTOCOLS: dict[str, Maker] = {
    "elyctis": SimulatedElyctis,
    "stx": SimulatedStxReader,
    "ocr": SimulatedOcrImager,
    "hid": SimulatedHidReader,
}


def simulated_document_reader(
    name: str, port: int, world: World, options: Mapping[str, Any]
) -> SimulatedDevice:
    """Make the reader of the protocol that options name; elyctis by default."""
    protocol = str(options.get("protocol", "elyctis"))
    if protocol not in PROTOCOLS:
        raise ValueError(f"no document reader speaks {protocol!r}; there are {sorted(PROTOCOLS)}")
    return PROTOCOLS[protocol](name, port, world, options)
