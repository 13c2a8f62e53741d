"""A simulated ESC/POS ticket printer: it paints what it is told and lets slips fall in its mouth.

Place: NAME.mouth, where the slips lie that were cut off.
"""

import io
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from threading import RLock
from typing import Any

from hardware.simulation.escpos_page import EscposPage
from hardware.simulation.escpos_parser import Command, EscposParser
from hardware.simulation.hands import hand_place, take_one
from hardware.simulation.line import Connection
from hardware.simulation.papers import make_paper
from hardware.simulation.switches import UNPLUGGED, SwitchedDevice
from hardware.simulation.world import World

FULL_ROLL = 80_000 * 8
"""Eighty metres of paper at eight dots a millimetre."""

LOW_ROLL = 4_000 * 8

Queued = tuple[Command, Connection]


class SimulatedTicketPrinter(SwitchedDevice):
    """Speaks ESC/POS on its port. The roll of paper is remembered without power.

    Options: width (576 dots by default); roll (dots of paper on a new roll).
    Verbs: take {hand} returns {thing}; refill {} puts a new roll in and shuts the cover.
    Faults: unplugged; paper_out; paper_low; cover_open; cutter_jam (the next cut gets stuck);
    mute (prints, but answers nothing).
    """

    FAULTS = frozenset({UNPLUGGED, "paper_out", "paper_low", "cover_open", "cutter_jam", "mute"})

    def __init__(self, name: str, port: int, world: World, options: Mapping[str, Any]) -> None:
        super().__init__(port)
        self._world = world
        self._mouth = f"{name}.mouth"
        self._width = int(options.get("width", 576))
        self._full_roll = int(options.get("roll", FULL_ROLL))
        self._memory = world.memory(name)
        self._memory.setdefault("roll", self._full_roll)
        self._mechanism = RLock()
        self._listeners: set[Connection] = set()
        self.power_lost()

    def power_lost(self) -> None:
        """Forget the buffer and the unfinished slip."""
        with self._mechanism:
            self._queue: deque[Queued] = deque()
            self._page = EscposPage(self._width)
            self._is_jammed = False

    def act(self, verb: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Take a slip, or put paper in."""
        match verb:
            case "take":
                return take_one(self._world, self._mouth, hand_place(arguments))
            case "refill":
                with self._mechanism:
                    self._memory["roll"] = self._full_roll
                    self._world.remember()
                    self.faults -= {"paper_out", "paper_low", "cover_open"}
                self._recover()
                return self.state()
            case _:
                raise LookupError(f"nobody can {verb} a ticket printer")

    def state(self) -> dict[str, Any]:
        """Tell what hangs out of the mouth and how the paper is."""
        return {
            "kind": "escpos",
            "faults": sorted(self.faults),
            "mouth": [slip.id for slip in self._world.at(self._mouth)],
            "paper": "out" if self._is_out() else "low" if self._is_low() else "full",
            "jammed": self._is_jammed,
        }

    def set_fault(self, fault: str, on: bool) -> None:
        """Turn one fault on or off; what waited for that goes on."""
        super().set_fault(fault, on)
        if not on:
            self._recover()
        self._tell_listeners()

    def serve(self, connection: Connection) -> None:
        """Answer questions at once, do all else in turn."""
        parser = EscposParser()
        try:
            while received := connection.recv(65536):
                for command in parser.feed(received):
                    self._take(command, connection)
        finally:
            self._listeners.discard(connection)

    def _take(self, command: Command, connection: Connection) -> None:
        match command.name:
            case "dle eot":
                self._say(connection, bytes([self._status(command.data[0])]))
            case "dle clear":
                with self._mechanism:
                    self._queue.clear()
            case "dle enq":
                pass  # nothing here recovers without a hand
            case _:
                with self._mechanism:
                    self._queue.append((command, connection))
                self._work()

    def _recover(self) -> None:
        """Go on after a hand has helped; an unfinished slip that nobody waits for is torn off."""
        with self._mechanism:
            self._is_jammed = self._is_jammed and "cutter_jam" in self.faults
            if not self._is_stopped() and not self._queue:
                self._page = EscposPage(self._width)
        self._work()
        self._tell_listeners()

    def _work(self) -> None:
        """Do what waits, until nothing does or the mechanism stops."""
        with self._mechanism:
            while self._queue and not self._is_stopped():
                if self._do(*self._queue[0]):
                    self._queue.popleft()

    def _do(self, command: Command, connection: Connection) -> bool:
        """Do one command; False when the mechanism stopped before it was done."""
        match command.name:
            case "gs V":
                return self._cut()
            case "gs r":
                low, out = self._is_low(), self._is_out()
                self._say(connection, bytes([(0x03 if low else 0) | (0x0C if out else 0)]))
            case "gs a" if command.data[0]:
                self._listeners.add(connection)
                self._say(connection, self._automatic_status())
            case "gs a":
                self._listeners.discard(connection)
            case _:
                used = self._page.needs(command)
                if used > self._memory["roll"]:
                    self._memory["roll"] = 0
                    return False
                self._memory["roll"] -= used
                self._page.do(command)
        return True

    def _cut(self) -> bool:
        if "cutter_jam" in self.faults:
            self._is_jammed = True
            return False
        slip = self._page.picture()
        self._page = EscposPage(self._width)
        if slip is not None:
            png = io.BytesIO()
            slip.save(png, "PNG")
            make_paper(self._world, self._mouth, "slip", png.getvalue())
        return True

    def _is_out(self) -> bool:
        return "paper_out" in self.faults or self._memory["roll"] <= 0

    def _is_low(self) -> bool:
        return self._is_out() or "paper_low" in self.faults or self._memory["roll"] < LOW_ROLL

    def _is_stopped(self) -> bool:
        return self._is_out() or self._is_jammed or "cover_open" in self.faults

    def _status(self, asked: int) -> int:
        """Answer DLE EOT: bits 1 and 4 are always set, 0 and 7 never."""
        is_open, is_out = "cover_open" in self.faults, self._is_out()
        match asked:
            case 1:
                bits = 0x08 if self._is_stopped() else 0
            case 2:
                bits = (0x04 if is_open else 0) | (0x20 if is_out else 0)
                bits |= 0x40 if self._is_jammed else 0
            case 3:
                bits = 0x08 if self._is_jammed else 0
            case _:
                bits = (0x0C if self._is_low() else 0) | (0x60 if is_out else 0)
        return 0x12 | bits

    def _automatic_status(self) -> bytes:
        first = (0x08 if self._is_stopped() else 0) | (0x20 if "cover_open" in self.faults else 0)
        paper = (0x03 if self._is_low() else 0) | (0x0C if self._is_out() else 0)
        return bytes([0x10 | first, 0x08 if self._is_jammed else 0, paper, 0])

    def _tell_listeners(self) -> None:
        for connection in list(self._listeners):
            with suppress(OSError):  # it hung up; serve() will notice
                self._say(connection, self._automatic_status())

    def _say(self, connection: Connection, data: bytes) -> None:
        if "mute" not in self.faults:
            connection.sendall(data)
