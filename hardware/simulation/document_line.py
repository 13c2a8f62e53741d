"""What simulated document readers on a serial line share: they look at a glass and speak."""

from collections.abc import Mapping
from typing import Any

from hardware.simulation.document_glass import Glass
from hardware.simulation.document_text import FAULTS, as_read
from hardware.simulation.line import Connection
from hardware.simulation.switches import UNPLUGGED, SwitchedDevice
from hardware.simulation.world import World

_LOOK_S = 0.02
_BYTE_S = 0.02


class SimulatedLineReader(SwitchedDevice):
    """What the readers on a serial line share."""

    PROTOCOL = ""
    FAULTS = frozenset({UNPLUGGED}) | FAULTS

    def __init__(self, name: str, port: int, world: World, options: Mapping[str, Any]) -> None:
        super().__init__(port)
        self._glass = Glass(name, world, options)
        self._seen = self._glass.laid
        """Which laying was read already, so that none is read twice."""

    def act(self, verb: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Do lay or take."""
        match verb:
            case "lay":
                self._glass.lay(arguments)
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

    def serve(self, connection: Connection) -> None:
        """Obey the host and send what is laid."""
        connection.settimeout(_LOOK_S)
        unread = b""
        while not self.ended.is_set():
            try:
                if not (heard := connection.recv(4096)):
                    return
                unread = self.obey(connection, unread + heard)[-512:]
            except TimeoutError:
                pass
            if self.is_reading() and self._glass.is_laid and self._seen != self._glass.laid:
                self._seen = self._glass.laid
                self._read(connection)

    def obey(self, connection: Connection, heard: bytes) -> bytes:
        """Answer what the host said; return what is no whole command yet."""
        del connection, heard
        return b""

    def is_reading(self) -> bool:
        """Tell whether the reader looks at its glass."""
        return True

    def done_reading(self) -> None:
        """A document was read."""

    def spoken(self, lines: tuple[str, ...]) -> bytes:
        """Return the bytes that carry a zone."""
        raise NotImplementedError

    def as_read(self, unreadable: str) -> tuple[str, ...]:
        """Read the glass once."""
        return as_read(self._glass.lines, self.faults, self.dice, unreadable)

    def say(self, connection: Connection, data: bytes) -> None:
        """Send, at the pace of the fault."""
        if "slow_bytes" not in self.faults:
            connection.sendall(data)
            return
        for at in range(len(data)):
            self.ended.wait(_BYTE_S)
            connection.sendall(data[at : at + 1])

    def _read(self, connection: Connection) -> None:
        self.ended.wait(self._glass.reading_s)
        lines = self.as_read("*" if self.PROTOCOL == "stx" else "?")
        if not lines:
            return
        self.done_reading()
        for _ in range(2 if "double_send" in self.faults else 1):
            self.say(connection, self.spoken(lines))
