"""A simulated code scanner on a serial line, as one of four families speaks.

Options: trigger = "none" | "honeywell" | "gm65" | "ssi"; terminator = "cr" | "lf" | "crlf" | "none"
behind a text; prefix; aim = whether an AIM identifier comes before the text; reads_s = how long it
looks after a trigger (30, 5 and 10 s by family); packet = how many characters an SSI packet holds.
"""

from collections import deque
from collections.abc import Mapping
from threading import Lock
from time import monotonic
from typing import Any

from hardware.simulation.line import Connection
from hardware.simulation.scanner_families import (
    Family,
    GrowModule,
    HoneywellImager,
    PlainScanner,
)
from hardware.simulation.ssi_decoder import SsiDecoder
from hardware.simulation.switches import UNPLUGGED, SwitchedDevice
from hardware.simulation.world import ImpossibleError, World

LOOK_EVERY_S = 0.02
SPLIT_S = 0.03
NOISE = b"\xff"
FAMILIES: dict[str, type[Family]] = {
    "none": PlainScanner,
    "honeywell": HoneywellImager,
    "gm65": GrowModule,
    "ssi": SsiDecoder,
}


class SimulatedLineScanner(SwitchedDevice):
    """Reads what is held before it: by itself, or while its lamp is lit.

    Verbs: scan {text, symbology} passes a code by its window, which needs a lit lamp; show {text,
    symbology} holds it there until clear {}. symbology is a name such as QRCode (the default).
    Faults: split (a scan comes in two halves); glued (a scan is kept back and comes together with
    the next one; not over SSI, where each waits for an acknowledgement); noise (a stray byte comes
    within a scan); wrong_crc (every second answer or packet has a wrong check); no_answer
    (commands are obeyed, but not answered); double_read (everything is read twice).
    """

    FAULTS = frozenset(
        {UNPLUGGED, "split", "glued", "noise", "wrong_crc", "no_answer", "double_read"}
    )

    def __init__(self, name: str, port: int, world: World, options: Mapping[str, Any]) -> None:
        del name, world  # a scanner owns no place of the world
        super().__init__(port)
        self._kind = str(options.get("trigger", "none"))
        self._options = dict(options)
        self._family = FAMILIES[self._kind](self._options, self.faults)
        self._lock = Lock()
        self._held: tuple[str, str] | None = None
        self._was_read = False
        self._to_send: deque[tuple[str, str]] = deque()
        self._kept_back = b""
        self._listener_number = 0
        self.scans = 0
        """How often it has read a code since its start."""

    def act(self, verb: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Pass a code by, hold it there, or take it away."""
        with self._lock:
            match verb:
                case "scan":
                    if not self._family.is_lit():
                        raise ImpossibleError("the scanner's lamp is not lit")
                    self._read(_code(arguments))
                case "show":
                    self._held, self._was_read = _code(arguments), False
                case "clear":
                    self._held = None
                case _:
                    raise LookupError(f"nobody can {verb} a scanner")
        return self.state()

    def state(self) -> dict[str, Any]:
        """Tell whether its lamp is lit and whether something lies before it."""
        return {
            "kind": "line_scanner",
            "trigger": self._kind,
            "lit": self._family.is_lit(),
            "sees_something": self._held is not None,
            "scans": self.scans,
            "faults": sorted(self.faults),
        }

    def power_lost(self) -> None:
        """Forget the settings, the session, and what was to be sent."""
        with self._lock:
            self._family = FAMILIES[self._kind](self._options, self.faults)
            self._to_send.clear()
            self._kept_back = b""

    def serve(self, connection: Connection) -> None:
        """Hear commands and send what was read; the newest host has the scanner."""
        self._listener_number += 1
        mine = self._listener_number
        connection.settimeout(LOOK_EVERY_S)
        while mine == self._listener_number and not self.ended.is_set():
            try:
                data = connection.recv(256)
            except TimeoutError:
                pass
            else:
                if not data:
                    return
                for answer in self._family.heard(data):
                    connection.sendall(answer)
            self._look()
            self._send(connection)

    def _look(self) -> None:
        """Read what lies before the window, once a trigger or once a showing."""
        with self._lock:
            if self._held is None or not self._family.is_lit():
                return
            if self._family.is_triggered or not self._was_read:
                self._was_read = True
                self._read(self._held)

    def _read(self, code: tuple[str, str]) -> None:
        self.scans += 1
        self._family.has_read()
        for _ in range(2 if "double_read" in self.faults else 1):
            self._to_send.append(code)

    def _send(self, connection: Connection) -> None:
        for said in self._family.due(monotonic()):
            connection.sendall(said)
        while self._to_send:
            text, symbology = self._to_send.popleft()
            for said in self._family.spoken(text, symbology):
                self._say(connection, self._with_noise(said))

    def _with_noise(self, said: bytes) -> bytes:
        if "noise" not in self.faults:
            return said
        middle = len(said) // 2
        return said[:middle] + NOISE + said[middle:]

    def _say(self, connection: Connection, said: bytes) -> None:
        if "glued" in self.faults and not self._kept_back and self._kind != "ssi":
            self._kept_back = said
            return
        said, self._kept_back = self._kept_back + said, b""
        if "split" not in self.faults:
            connection.sendall(said)
            return
        middle = len(said) // 2
        connection.sendall(said[:middle])
        self.ended.wait(SPLIT_S)
        connection.sendall(said[middle:])


def _code(arguments: Mapping[str, Any]) -> tuple[str, str]:
    return str(arguments["text"]), str(arguments.get("symbology", "QRCode"))
