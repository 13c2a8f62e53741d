"""A simulated chip on a virtual PC/SC reader: what vsmartcard's vpcd calls a virtual ICC.

    python -m hardware.simulation.vpcd FILE --port N

FILE is a chip's memory as JSON, or the world.json of an office together with --thing ID; what
changes in the chip is written back.

The card connects to vpcd, which always asks first. A message is a length of two bytes, big-endian,
and as many bytes: 00 power off, 01 power on, 02 reset (none is answered), 04 tell the ATR, or,
longer than one byte, a command APDU. Closing the connection is taking the card away.
"""

import argparse
import json
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any

from hardware.simulation.chip import ChipMuteError, PivChip, SimulatedChip, powered

POWER_OFF, POWER_ON, RESET, GET_ATR = 0, 1, 2, 4
CONNECT_S = 2.0
RETRY_S = 0.2
"""How soon a card in the reader looks for vpcd again, after pcscd ended or was not there yet."""
LONGEST = 0xFFFF

ChipFactory = Callable[[], SimulatedChip | PivChip]
"""Gives the chip power: the same memory, with no session."""


class VpcdCard:
    """A card that can be put on a virtual reader and taken away. It runs in a thread of its own."""

    def __init__(self, chip_factory: ChipFactory, port: int, host: str = "127.0.0.1") -> None:
        """Hold a card near the reader that listens on port; insert() puts it on."""
        self._power_up = chip_factory
        self._address = host, port
        self._away = Event()
        self._away.set()
        self._connected = Event()
        self._line: socket.socket | None = None
        self._thread: Thread | None = None

    def __enter__(self) -> "VpcdCard":
        self.insert()
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()

    @property
    def is_seen(self) -> bool:
        """Whether the reader's driver has this card now."""
        return self._connected.is_set()

    def insert(self) -> None:
        """Put the card on the reader; it stays there over restarts of pcscd. Safe to repeat."""
        if self._thread is not None:
            return
        self._away.clear()
        self._thread = Thread(target=self._stay, name="vpcd-card", daemon=True)
        self._thread.start()

    def remove(self) -> None:
        """Take the card away, even in the middle of a command. Safe to repeat."""
        self._away.set()
        line, thread = self._line, self._thread
        if line is not None:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        if thread is not None:
            thread.join(CONNECT_S + 1)
        self._thread = None

    def wait_until_seen(self, timeout_s: float) -> bool:
        """Wait for the connection to the reader's driver; False if it did not come."""
        return self._connected.wait(timeout_s)

    def _stay(self) -> None:
        while not self._away.is_set():
            with suppress(OSError), socket.create_connection(self._address, CONNECT_S) as line:
                line.settimeout(None)
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._line = line
                self._connected.set()
                if not self._away.is_set():
                    self._serve(line)
            self._line = None
            self._connected.clear()
            self._away.wait(RETRY_S)

    def _serve(self, line: socket.socket) -> None:
        """Answer until the line ends, or the chip falls silent, which vpcd sees as a removal."""
        chip = self._power_up()
        while (message := _receive(line)) is not None:
            if len(message) != 1:
                try:
                    _send(line, chip.transmit(message))
                except ChipMuteError:
                    return
            elif message[0] == GET_ATR:
                _send(line, chip.atr)
            elif message[0] in (POWER_OFF, POWER_ON, RESET):
                chip = self._power_up()


def _receive(line: socket.socket) -> bytes | None:
    """Take one message; None when the line has ended."""
    head = _receive_exactly(line, 2)
    return None if head is None else _receive_exactly(line, int.from_bytes(head, "big"))


def _receive_exactly(line: socket.socket, count: int) -> bytes | None:
    data = b""
    while len(data) < count:
        # vpcd 3.3 sends length and bytes apart, without TCP_NODELAY: unless each is acknowledged
        # at once, Nagle's algorithm makes every command 40 ms longer. Linux forgets the option.
        if hasattr(socket, "TCP_QUICKACK"):
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        piece = line.recv(count - len(data))
        if not piece:
            return None
        data += piece
    return data


def _send(line: socket.socket, answer: bytes) -> None:
    """Send an answer; pcscd hangs for ever on one of less than two bytes, so there is none."""
    if len(answer) > LONGEST:
        answer = b"\x67\x00"
    line.sendall(len(answer).to_bytes(2, "big") + answer)


def chip_in_file(path: Path, thing: str | None = None) -> ChipFactory:
    """Return a factory for the chip in a JSON file; its changes are written back.

    Args:
        path: A chip's memory, or a world.json.
        thing: The identifier of the card in a world.

    Raises:
        LookupError: The world has no such card, or it has no chip.
    """
    whole = json.loads(path.read_text("utf-8"))
    memory = whole if thing is None else _chip_of_thing(whole, thing)

    def save() -> None:
        scratch = path.with_suffix(".new")
        scratch.write_text(json.dumps(whole), "utf-8")
        scratch.replace(path)

    def wait(seconds: float) -> None:
        Event().wait(seconds)

    return lambda: powered(memory, save, wait=wait)


def _chip_of_thing(world: dict[str, Any], thing: str) -> dict[str, Any]:
    for one in world.get("things", []):
        if one["id"] == thing and "chip" in one["data"]:
            memory: dict[str, Any] = one["data"]["chip"]
            return memory
    raise LookupError("there is no such card in this world")


def main() -> None:
    """Serve one card until the program is told to end."""
    parser = argparse.ArgumentParser(prog="python -m hardware.simulation.vpcd")
    parser.add_argument("file", type=Path, help="a chip's memory, or a world.json")
    parser.add_argument("--thing", help="which card of a world.json")
    parser.add_argument("--port", type=int, default=35963)
    parser.add_argument("--host", default="127.0.0.1")
    arguments = parser.parse_args()
    ended = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    with VpcdCard(chip_in_file(arguments.file, arguments.thing), arguments.port, arguments.host):
        ended.wait()


if __name__ == "__main__":
    main()
