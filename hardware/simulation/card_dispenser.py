"""A simulated K720 card dispenser: its bytes, and the cards that lie in it.

Places and the options that all card machines have: hardware.simulation.card_channel. Its own:
address = 0 to 15; front_entry = false for a model that takes no cards in; reset = "stay" | "bin",
what a reset does to a card in the channel; answers_motions = true for one that answers to them.
"""

from collections.abc import Callable, Mapping
from threading import Timer
from typing import Any

from hardware.simulation.card_channel import SimulatedCardChannel
from hardware.simulation.card_dispenser_line import (
    ACK,
    ENQ,
    NAK,
    SILENCE_IN_FRAME_S,
    STX,
    frame_of,
    take_frame,
)
from hardware.simulation.card_unit_line import receive
from hardware.simulation.line import Connection
from hardware.simulation.world import Thing, World

VERSION = b"TTCE_K720_V2.SIM"

JAM, OVERLAP, CAPTURE_FAILED, ISSUE_FAILED = 0x0020, 0x0040, 0x0100, 0x0200
CAPTURING, ISSUING, PREPARING, REFUSED, BIN_FULL = 0x0400, 0x0800, 0x1000, 0x4000, 0x8000
ISSUES = {b"DC": "gate", b"FC4": "gate", b"FC7": "inside", b"FC6": "inside", b"FC0": "floor"}
SETTINGS = {b"BE", b"BD"} | {b"CS%d" % speed for speed in range(6)}


class SimulatedCardDispenser(SimulatedCardChannel):
    """One dispenser on a line. It knows no driver: these are its own readings of the programs."""

    KIND = "k720"
    FAULTS = frozenset(
        {
            "jammed",
            "slow",
            "mute",
            "bin_full",
            "lost_answer",
            "moved_by_hand",
            "power_cut",
            "double_feed",
        }
    )

    def __init__(self, name: str, port: int, world: World, options: Mapping[str, Any]) -> None:
        super().__init__(name, port, world, options)
        self._address = b"%02d" % int(options.get("address", 0))
        self._front_entry = bool(options.get("front_entry", True))
        self._reset_keeps_card = options.get("reset", "stay") == "stay"
        self._answers_motions = bool(options.get("answers_motions", False))
        self._motion: object | None = None
        self.power_lost()

    def power_lost(self) -> None:
        """Forget all but the cards; a motion ends where it is."""
        self._entry_open = False
        self._motion, self._busy = None, 0
        self._failed = 0

    def card_came(self, card: Thing) -> None:
        """Draw one card in; the gate is shut again then."""
        self._entry_open = False
        super().card_came(card)

    def state(self) -> dict[str, Any]:
        """Tell where cards are, whether the gate takes one, and whether one is on its way."""
        with self._world.lock:
            return super().state() | {"moving": self._motion is not None}

    # The line

    def serve(self, connection: Connection) -> None:
        """Confirm commands, and do them when enquired for."""
        unread = bytearray()
        confirmed = b""
        while True:
            if not unread and not receive(connection, unread, None):
                return
            if unread[0] == ENQ:
                if self._enquired(connection, unread) and confirmed:
                    self._answer(connection, confirmed)
                    confirmed = b""
                continue
            if unread[0] != STX:
                del unread[0]
                continue
            frame = take_frame(connection, unread)
            if "mute" in self.faults:
                continue
            if frame is not None and frame[1:3] != self._address:
                continue  # it is for another dispenser on this line
            confirmed = frame[5:-2] if frame is not None else b""
            connection.sendall((ACK if confirmed else NAK) + self._address)

    def _enquired(self, connection: Connection, unread: bytearray) -> bool:
        while len(unread) < 3:
            if not receive(connection, unread, SILENCE_IN_FRAME_S):
                unread.clear()
                return False
        address = bytes(unread[1:3])
        del unread[:3]
        return address == self._address and "mute" not in self.faults

    def _answer(self, connection: Connection, command: bytes) -> None:
        answer = self._told(command)
        if answer is None:
            self._begin(command)
            answer = command + b"P" if self._answers_motions else b""
        elif self.happens_once("lost_answer"):
            return
        if answer:
            connection.sendall(frame_of(self._address, answer))

    def _told(self, command: bytes) -> bytes | None:
        """What a question is answered; None where the command is none."""
        with self._world.lock:
            state = self._state()
        match command:
            case b"AP":
                return b"SF" + bytes(0x30 | state >> shift & 15 for shift in (12, 8, 4, 0))
            case b"RF":
                return b"SF" + bytes(0x30 | state >> shift & 15 for shift in (8, 4, 0))
            case b"GV":
                return VERSION
            case _ if command[:1] in (b"\x3b", b"\x3c", b"\x3d"):
                return b"N" + command[:2]  # no memory card is in the field
        return None

    def _state(self) -> int:
        state = self._busy | self._failed
        if self._world.at(self._gate):
            state |= 0x0001
        if self._world.at(self._inside):
            state |= 0x0003
        stock = len(self._world.at(self._feeder))
        state |= 0x0004 if stock else 0x0008
        state |= 0x0010 if stock <= self._low else 0
        return state | (BIN_FULL if self.bin_is_full() else 0)

    # The mechanism

    def _begin(self, command: bytes) -> None:
        """Start a motion; it ends by itself, at once or after a while."""
        with self._world.lock:
            if command in SETTINGS or command[:2] == b"LP":
                return
            if self._motion is not None:
                self._failed |= REFUSED
                return
            began_with, motion = self.channel(), object()
            self._motion, self._failed, self._entry_open = motion, 0, False
            self._busy = _busy_bit(command)

        def end() -> None:
            self._end(motion, command, began_with)

        busy_s = self.busy_s()
        if not busy_s:
            end()
            return
        timer = Timer(busy_s, end)
        timer.daemon = True
        timer.start()

    def _end(self, motion: object, command: bytes, began_with: Thing | None) -> None:
        with self._world.lock:
            if self._motion is not motion or self.ended.is_set():
                return  # the power failed meanwhile
            self._motion, self._busy = None, 0
            if began_with is not None and self.channel() is None:
                self._failed = ISSUE_FAILED  # a hand was quicker
                return
            self._failed = self._do(command)

    def _do(self, command: bytes) -> int:
        """Do what a motion says; returns the bits of what failed."""
        actions: dict[bytes, Callable[[], int]] = {
            b"CP": self._capture,
            b"RS": self._reset,
            b"FC8": self._let_in,
        }
        if command in ISSUES:
            return self._issue(ISSUES[command])
        return actions[command]() if command in actions else REFUSED

    def _issue(self, where: str) -> int:
        card = self.channel()
        if card is None:
            card = self._world.one_at(self._feeder)
            if card is None:
                return ISSUE_FAILED
            if "double_feed" in self.faults:
                self.motions += 1
                return OVERLAP | ISSUE_FAILED
        if "jammed" in self.faults:
            return JAM | ISSUE_FAILED
        return self._arrive(card, f"{self._name}.{where}", ISSUE_FAILED)

    def _capture(self) -> int:
        card = self.channel()
        if card is None:
            return REFUSED
        if self.bin_is_full():
            return CAPTURE_FAILED
        if "jammed" in self.faults:
            return JAM | CAPTURE_FAILED
        return self._arrive(card, self._bin, CAPTURE_FAILED)

    def _reset(self) -> int:
        card = self.channel()
        if card is None or self._reset_keeps_card:
            return 0
        return self._capture()

    def _let_in(self) -> int:
        if not self._front_entry:
            return REFUSED
        card = self._world.one_at(self._gate)
        if card is not None:
            return JAM if "jammed" in self.faults else self._arrive(card, self._inside, JAM)
        self._entry_open = self.channel() is None
        return 0

    def _arrive(self, card: Thing, place: str, failure: int) -> int:
        self.motions += 1
        if self.happens_once("moved_by_hand"):
            return failure
        if self.happens_once("power_cut"):
            is_moved = self.dice.random() < 0.5
            self.power_lost()
            if not is_moved:
                return 0
        if card.place != place:
            self._world.move(card, place)
        return 0


def _busy_bit(command: bytes) -> int:
    if command == b"CP":
        return CAPTURING
    return PREPARING if command == b"RS" else ISSUING
