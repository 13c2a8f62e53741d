"""A simulated ESC/POS ticket printer: it paints what it is told and lets slips fall in its mouth.

Place: NAME.mouth, where the slips lie that were cut off.
"""

import io
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from threading import RLock, Thread
from typing import Any

from hardware.simulation.escpos_page import EscposPage
from hardware.simulation.escpos_parser import Command, EscposParser
from hardware.simulation.hands import hand_place, take_one
from hardware.simulation.line import Connection
from hardware.simulation.papers import make_paper
from hardware.simulation.switches import UNPLUGGED, SwitchedDevice
from hardware.simulation.world import ImpossibleError, World

FULL_ROLL = 80_000 * 8
"""Eighty metres of paper at eight dots a millimetre."""

LOW_ROLL = 4_000 * 8
DOTS_A_SECOND = 1200
SLOW_BYTES_A_SECOND = 960
"""A line of 9600 baud."""

HELPED = frozenset({"paper_out", "cover_open", "cutter_jam"})
"""Faults that end by a hand in the printer, which tears off what hangs there."""

STOPS = frozenset({"cover_open", "head_hot", "offline"})
HALFWAY = frozenset({"paper_ends", "power_cut"})

Queued = tuple[Command, Connection]


class SimulatedTicketPrinter(SwitchedDevice):
    """Speaks ESC/POS on its port. The roll of paper is remembered without power.

    Options: width (576 dots by default); roll (dots of paper on a new roll); maker and model (as
    it answers GS I; an empty one is not answered); presenter (whether a sensor sees the slip in
    the mouth); slow_bytes_s (what slow_baud takes in, 960 by default).
    Verbs: take {hand} returns {thing}; tear {hand} takes what hangs there unfinished; refill {}
    puts a new roll in and shuts the cover.
    Faults: unplugged; paper_out; paper_low; cover_open; offline; head_hot; cutter_jam (the next
    cut gets stuck, and stays in error until the host says DLE ENQ); paper_ends (in the middle of
    the next picture); power_cut (in the middle of the next picture, then unplugged); slow_baud;
    mute (prints, but answers nothing); garbled_status (answers to DLE EOT are noise at times).
    Lies: prints_twice (each slip comes out twice); keeps_buffer (it does not know the commands
    that clear its buffer).
    """

    FAULTS = frozenset(
        {
            UNPLUGGED, "paper_out", "paper_low", "cover_open", "offline", "head_hot", "cutter_jam",
            "paper_ends", "power_cut", "slow_baud", "mute", "garbled_status", "prints_twice",
            "keeps_buffer",
        }
    )  # fmt: skip

    def __init__(self, name: str, port: int, world: World, options: Mapping[str, Any]) -> None:
        super().__init__(port)
        self._world = world
        self._mouth = f"{name}.mouth"
        self._full_roll = int(options.get("roll", FULL_ROLL))
        self._names = {
            "B": str(options.get("maker", "EPSON")),
            "C": str(options.get("model", "TM-T20II")),
        }
        self._has_presenter = bool(options.get("presenter", False))
        self._slow_bytes_s = int(options.get("slow_bytes_s", SLOW_BYTES_A_SECOND))
        self._is_realistic = options.get("timing") == "realistic"
        self._memory = world.memory(name)
        for key, dots in (("roll", self._full_roll), ("fed", 0), ("left", 0)):
            self._memory.setdefault(key, dots)
        self._mechanism = RLock()
        self._listeners: set[Connection] = set()
        self._going_dark: Thread | None = None
        self._width = int(options.get("width", 576))
        self._page = EscposPage(self._width)
        self.power_lost()

    def power_lost(self) -> None:
        """Forget the buffer; what is printed hangs in the mouth still."""
        with self._mechanism:
            self._queue: deque[Queued] = deque()
            self._parser = EscposParser()
            self._listeners.clear()
            self._page.forget_settings()
            self._is_jammed = self._is_dark = False
            self._powered = object()

    def act(self, verb: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Take a slip, tear one off, or put paper in."""
        match verb:
            case "take":
                taken = take_one(self._world, self._mouth, hand_place(arguments))
                self._tell_listeners()
                return taken
            case "tear":
                return self._tear(hand_place(arguments))
            case "refill":
                with self._mechanism:
                    self._memory["roll"] = self._full_roll
                    self._world.remember()
                    self.faults -= {*HELPED, "paper_low"}
                    self._is_jammed = False
                    self._helped()
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
            "roll": self._memory["roll"],
            "fed": self._memory["fed"],
            "left": self._memory["left"],
            "unfinished": self._page.height,
            "jammed": self._is_jammed,
        }

    def set_fault(self, fault: str, on: bool) -> None:
        """Turn one fault on or off; what waited for that goes on."""
        if fault == UNPLUGGED and not on and self._going_dark is not None:
            self._going_dark.join()  # the power comes back after it went
        super().set_fault(fault, on)
        if not on and fault in HELPED:
            self._helped()
        elif not on:
            self._work()
        self._tell_listeners()

    def serve(self, connection: Connection) -> None:
        """Answer questions at once, do all else in turn."""
        powered = self._powered  # what came in before the power went is not done after it came back
        try:
            while received := connection.recv(256 if "slow_baud" in self.faults else 65536):
                if "slow_baud" in self.faults:
                    self.ended.wait(len(received) / self._slow_bytes_s)
                with self._mechanism:
                    commands = [] if self._is_dark else list(self._parser.feed(received))
                for command in commands:
                    if self._powered is powered:
                        self._take(command, connection, powered)
        finally:
            self._listeners.discard(connection)

    def _take(self, command: Command, connection: Connection, powered: object) -> None:
        match command.name:
            case "dle eot":
                self._answer_at_once(command.data[0], connection)
            case "dle clear":
                self._clear()
            case "dle enq":
                self._recover(command.data[0])
            case _:
                with self._mechanism:
                    if not self._is_dark and self._powered is powered:
                        self._queue.append((command, connection))
                self._work()

    def _clear(self) -> None:
        with self._mechanism:
            if "keeps_buffer" not in self.faults:
                self._queue.clear()

    def _recover(self, how: int) -> None:
        """DLE ENQ: 1 goes on with the line that failed, 2 forgets what waits."""
        with self._mechanism:
            if self._is_jammed and "cutter_jam" not in self.faults:
                self._is_jammed = False
                if how == 2:
                    self._clear()
        self._work()
        self._tell_listeners()

    def _helped(self) -> None:
        """Go on after a hand was in; it tore off an unfinished slip that nobody waits for."""
        with self._mechanism:
            if not self._queue or self._is_jammed:
                self._new_strip()
        self._work()
        self._tell_listeners()

    def _tear(self, hand: str) -> dict[str, Any]:
        with self._mechanism:
            if self._page.height == 0:
                raise ImpossibleError("nothing hangs there")
            thing = self._cut_off(hand)
        if thing is None:
            raise ImpossibleError("nothing hangs there but white paper")
        return {"thing": thing}

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
                return self._feed(command) and self._cut()
            case "gs r":
                low, out = self._is_low(), self._is_out()
                self._say(connection, bytes([(0x03 if low else 0) | (0x0C if out else 0)]))
            case "gs I" if name := self._names.get(chr(command.data[0])):
                self._say(connection, b"_" + name.encode() + b"\0")
            case "gs a" if command.data[0]:
                self._listeners.add(connection)
                self._say(connection, self._automatic_status())
            case "gs a":
                self._listeners.discard(connection)
            case "gs v" if self.faults & HALFWAY:
                return self._stop_halfway(command)
            case _:
                return self._feed(command)
        return True

    def _feed(self, command: Command) -> bool:
        """Print what there is paper for; False when the roll ended in it."""
        used = self._page.needs(command)
        if used > self._memory["roll"]:
            self._feed_part(command, self._memory["roll"])
            self._memory["roll"] = 0  # a rest that is too short for a line
            self._tell_listeners()
            return False
        before = self._page.height
        self._page.do(command)
        self._use(self._page.height - before)
        if self._is_realistic and used:
            self.ended.wait(used / DOTS_A_SECOND)
        return True

    def _feed_part(self, command: Command, rows: int) -> None:
        if command.name == "gs v" and rows:
            row_bytes = command.data[2] | command.data[3] << 8
            size = bytes([rows & 0xFF, rows >> 8])
            data = command.data[:4] + size + command.data[6 : 6 + rows * row_bytes]
            self._page.do(Command("gs v", data))
            self._use(rows)

    def _stop_halfway(self, command: Command) -> bool:
        rows = min(self._page.needs(command) // 2, self._memory["roll"])
        self._feed_part(command, rows)
        if "power_cut" in self.faults:
            self.faults.discard("power_cut")
            self._is_dark = True
            # This thread belongs to the line that goes away.
            self._going_dark = Thread(target=self.set_fault, args=(UNPLUGGED, True), daemon=True)
            self._going_dark.start()
        else:
            self.faults.discard("paper_ends")
            self._memory["roll"] = 0
            self._tell_listeners()
        return False

    def _cut(self) -> bool:
        if "cutter_jam" in self.faults:
            self._is_jammed = True
            self._tell_listeners()
            return False
        self._cut_off(self._mouth)
        return True

    def _cut_off(self, place: str) -> str | None:
        """Let the strip fall; returns the paper's id, or None when nothing was on it."""
        slip = self._page.picture()
        self._new_strip()
        if slip is None:
            self._world.remember()
            return None
        png = io.BytesIO()
        slip.save(png, "PNG")
        if "prints_twice" in self.faults:
            make_paper(self._world, place, "slip", png.getvalue())
        return make_paper(self._world, place, "slip", png.getvalue()).id

    def _use(self, dots: int) -> None:
        """Draw paper from the roll; what was fed hangs there until it leaves."""
        self._memory["roll"] -= dots
        self._memory["fed"] += dots

    def _new_strip(self) -> None:
        self._memory["left"] += self._page.height
        self._page = EscposPage(self._width)

    def _is_out(self) -> bool:
        return "paper_out" in self.faults or self._memory["roll"] <= 0

    def _is_low(self) -> bool:
        return self._is_out() or "paper_low" in self.faults or self._memory["roll"] < LOW_ROLL

    def _is_stopped(self) -> bool:
        return self._is_dark or self._is_out() or self._is_jammed or bool(self.faults & STOPS)

    def _answer_at_once(self, asked: int, connection: Connection) -> None:
        if asked == 5 and not self._has_presenter:
            return
        answer = self._status(asked)
        if "garbled_status" in self.faults and self.dice.random() < 0.5:
            answer = self.dice.randrange(256)
        self._say(connection, bytes([answer]))

    def _status(self, asked: int) -> int:
        """Answer DLE EOT: bits 1 and 4 are always set, 0 and 7 never."""
        is_open, is_out, is_hot = "cover_open" in self.faults, self._is_out(), self._is_hot()
        match asked:
            case 1:
                bits = 0x08 if self._is_stopped() else 0
            case 2:
                bits = (0x04 if is_open else 0) | (0x20 if is_out else 0)
                bits |= 0x40 if self._is_jammed or is_hot else 0
            case 3:
                bits = (0x08 if self._is_jammed else 0) | (0x40 if is_hot else 0)
            case 5:
                bits = 0x60 if self._world.at(self._mouth) else 0
            case _:
                bits = (0x0C if self._is_low() else 0) | (0x60 if is_out else 0)
        return 0x12 | bits

    def _is_hot(self) -> bool:
        return "head_hot" in self.faults

    def _automatic_status(self) -> bytes:
        first = (0x08 if self._is_stopped() else 0) | (0x20 if "cover_open" in self.faults else 0)
        errors = (0x08 if self._is_jammed else 0) | (0x40 if self._is_hot() else 0)
        paper = (0x03 if self._is_low() else 0) | (0x0C if self._is_out() else 0)
        return bytes([0x10 | first, errors, paper, 0])

    def _tell_listeners(self) -> None:
        for connection in list(self._listeners):
            self._say(connection, self._automatic_status())

    def _say(self, connection: Connection, data: bytes) -> None:
        if "mute" not in self.faults and not self._is_dark:
            with suppress(OSError):  # it hung up; serve() will notice
                connection.sendall(data)
