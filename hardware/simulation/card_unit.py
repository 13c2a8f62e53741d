"""A simulated motor card unit of the CRT-571 family: its bytes, and the cards that lie in it.

Places: NAME.gate, NAME.inside (the channel), NAME.feeder (the first is drawn first), NAME.bin.

Options: timing = "instant" | "realistic"; capacity = cards the bin holds; low = cards in the
feeder that count as few; slow_s = seconds of a motion while the fault slow is on;
feeder_from = the magazine whose cards fall into the feeder, so that no hand can load it.
"""

from collections.abc import Callable, Mapping
from functools import partial
from threading import Event
from time import monotonic
from typing import Any

from hardware.simulation.card_unit_line import ACK, EOT, NAK, STX, frame_of, receive, take_frame
from hardware.simulation.chip import ChipMuteError, SimulatedChip
from hardware.simulation.hands import hand_place, take_all, take_one, thing_in_hand
from hardware.simulation.line import Connection
from hardware.simulation.switches import UNPLUGGED, SwitchedDevice
from hardware.simulation.world import ImpossibleError, Thing, World

FIRMWARE = b"CRT-571-SIM-V1.00"
MOTION_S = {"instant": 0.0, "realistic": 1.2}
CHIP_S = {"instant": 0.0, "realistic": 0.015}


class _Refused(Exception):  # noqa: N818 (an answer of the unit, not an error of the program)
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Stopped(Exception):  # noqa: N818 (the host sent EOT)
    pass


class SimulatedCardUnit(SwitchedDevice):
    """One unit on TCP. It knows no driver: these are its own readings of the manual."""

    FAULTS = frozenset(
        {UNPLUGGED, "jammed", "slow", "mute", "bin_full", "lost_answer", "chip_dead"}
    )

    def __init__(self, name: str, port: int, world: World, options: Mapping[str, Any]) -> None:
        super().__init__(port)
        self._world = world
        self._gate, self._inside = f"{name}.gate", f"{name}.inside"
        self._feeder, self._bin = f"{name}.feeder", f"{name}.bin"
        timing = options.get("timing", "instant")
        self._motion_s, self._chip_s = MOTION_S[timing], CHIP_S[timing]
        self._capacity = int(options.get("capacity", 50))
        self._low = int(options.get("low", 5))
        self._slow_s = float(options.get("slow_s", 3.0))
        self._feeder_from = options.get("feeder_from")
        self.motions = 0
        """Motions begun since the start, for tests that must not see one twice."""
        self.power_lost()

    def power_lost(self) -> None:
        """Forget all but the cards."""
        self._initialised = False
        self._entry_open = False
        self._on_contacts = False
        self._chip: SimulatedChip | None = None
        self._chip_thinks_s = 0.0

    # People

    def act(self, verb: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Visitor: insert {thing}, take {hand}. Staff: load, empty_bin {hand}, clear {hand}."""
        with self._world.lock:
            match verb:
                case "insert":
                    return self._insert(arguments["thing"])
                case "take":
                    return take_one(self._world, self._gate, hand_place(arguments))
                case "load":
                    return self._load(arguments.get("things") or [arguments["thing"]])
                case "empty_bin":
                    return take_all(self._world, self._bin, hand_place(arguments))
                case "clear":
                    return self._clear(hand_place(arguments))
        raise LookupError(f"nobody can {verb} a card unit")

    def _insert(self, thing_id: str) -> dict[str, Any]:
        card = thing_in_hand(self._world, thing_id, "card")
        if UNPLUGGED in self.faults or not self._entry_open:
            raise ImpossibleError("the gate is shut")
        if self._channel() is not None:
            raise ImpossibleError("there is a card in the unit")
        if "jammed" in self.faults:
            raise ImpossibleError("the rollers do not turn")
        self._world.move(card, self._inside)
        return {"thing": card.id}

    def _load(self, thing_ids: list[str]) -> dict[str, Any]:
        if self._feeder_from:
            raise ImpossibleError(f"the feeder is filled by {self._feeder_from} alone")
        cards = [thing_in_hand(self._world, thing_id, "card") for thing_id in thing_ids]
        for card in cards:
            self._world.move(card, self._feeder)
        return {"things": [card.id for card in cards]}

    def _clear(self, hand: str) -> dict[str, Any]:
        card = self._channel()
        if card is not None:
            self._world.move(card, hand)
            self._on_contacts, self._chip = False, None
        return {"things": [card.id] if card else []}

    def state(self) -> dict[str, Any]:
        """Tell where cards are, and whether the gate takes one."""
        with self._world.lock:
            gate, inside = self._world.one_at(self._gate), self._world.one_at(self._inside)
            return {
                "kind": "crt571",
                "faults": sorted(self.faults),
                "gate": gate.id if gate else None,
                "inside": inside.id if inside else None,
                "feeder": len(self._world.at(self._feeder)),
                "bin": len(self._world.at(self._bin)),
                "entry_open": self._entry_open,
                "chip_powered": self._chip is not None,
                "motions": self.motions,
            }

    def _channel(self) -> Thing | None:
        return self._world.one_at(self._gate) or self._world.one_at(self._inside)

    # The line

    def serve(self, connection: Connection) -> None:
        """Take frames, acknowledge them, do what they say, answer."""
        unread = bytearray()
        answer = b""
        while True:
            if not unread and not receive(connection, unread, None):
                return
            if unread[:1] == NAK and answer:
                self._say(connection, answer)
            if unread[0] != STX:  # ACK of our answer, NAK, late EOT, noise
                del unread[0]
                continue
            frame = take_frame(connection, unread)
            if "mute" in self.faults:
                continue
            if frame is None:
                self._say(connection, NAK)
                continue
            self._say(connection, ACK)
            try:
                answer = self._execute(connection, unread, frame)
            except _Stopped:
                answer = EOT
            if answer:
                self._say(connection, answer)

    def _say(self, connection: Connection, data: bytes) -> None:
        if "mute" not in self.faults:
            connection.sendall(data)

    def _execute(self, connection: Connection, unread: bytearray, frame: bytes) -> bytes:
        address, request, data = frame[1], frame[5:7], frame[7:-2]
        is_motion = request[0] == 0x32
        try:
            self._let_time_pass(connection, unread, request)
            with self._world.lock:
                result = self._do(request, data)
                status = self._status()
            self._let_chip_think()
        except _Refused as refused:
            return frame_of(address, b"\x4e" + request + refused.code.encode())
        if is_motion and "lost_answer" in self.faults:
            self.faults.discard("lost_answer")
            return b""
        return frame_of(address, b"\x50" + request + status + result)

    def _let_time_pass(self, connection: Connection, unread: bytearray, request: bytes) -> None:
        """Be busy as long as the mechanism would be, and hear an EOT meanwhile."""
        busy_s = 0.0
        if request[0] in (0x30, 0x32):
            busy_s = self._slow_s if "slow" in self.faults else self._motion_s
        elif request[0] == 0x51:
            busy_s = self._chip_s
        ready = monotonic() + busy_s
        while (left_s := ready - monotonic()) > 0:
            if receive(connection, unread, left_s) and unread[:1] == EOT:
                del unread[0]
                raise _Stopped

    # The mechanism

    def _status(self) -> bytes:
        channel = b"0"
        if self._world.one_at(self._gate):
            channel = b"1"
        elif self._world.one_at(self._inside):
            channel = b"2"
        stock = len(self._world.at(self._feeder))
        stacker = b"0" if stock == 0 else b"1" if stock <= self._low else b"2"
        return channel + stacker + (b"1" if self._bin_is_full() else b"0")

    def _bin_is_full(self) -> bool:
        return "bin_full" in self.faults or len(self._world.at(self._bin)) >= self._capacity

    def _do(self, request: bytes, data: bytes) -> bytes:
        if request[0] != 0x30 and not self._initialised:
            raise _Refused("B0")
        match tuple(request):
            case (0x30, mode):
                return self._initialise(mode)
            case (0x31, 0x30):
                return b""
            case (0x32, 0x39):
                raise _Refused("03")
            case (0x32, where):
                return self._move(where)
            case (0x33, 0x30 | 0x31 as choice):
                self._entry_open = choice == 0x30
                return b""
            case (0x51, verb):
                return self._use_chip(verb, data)
        raise _Refused("00")

    def _initialise(self, mode: int) -> bytes:
        if mode not in (0x30, 0x31, 0x33, 0x34, 0x35, 0x37):
            raise _Refused("01")
        if "jammed" in self.faults:
            raise _Refused("10")
        self.power_lost()
        self._initialised = True
        if self._channel() is not None and mode in (0x30, 0x34):
            self._move(0x30)
        elif self._channel() is not None and mode in (0x31, 0x35):
            self._move(0x33)
        return FIRMWARE

    def _move(self, where: int) -> bytes:
        if where not in (0x30, 0x31, 0x32, 0x33):
            raise _Refused("01")
        if self._chip is not None:
            raise _Refused("05")
        card = self._channel()
        if card is None and where == 0x33:
            raise _Refused("02")
        if where == 0x33 and self._bin_is_full():
            raise _Refused("A1")
        if card is None and (card := self._world.one_at(self._feeder)) is None:
            raise _Refused("A0")
        if "jammed" in self.faults:
            raise _Refused("10")
        self.motions += 1
        place = {0x30: self._gate, 0x33: self._bin}.get(where, self._inside)
        if card.place != place:
            self._world.move(card, place)
        self._on_contacts = where == 0x31
        return b""

    def _use_chip(self, verb: int, data: bytes) -> bytes:
        card = self._world.one_at(self._inside)
        match verb:
            case 0x30 | 0x38:
                if card is None or not self._on_contacts:
                    raise _Refused("02")
                if "chip_dead" in self.faults or "chip" not in card.data:
                    raise _Refused("61")
                self._chip = SimulatedChip(
                    card.data["chip"], partial(self._world.changed, card), wait=self._chip_waits()
                )
                return b"\x31" + self._chip.atr
            case 0x31:
                self._chip = None
                return b""
            case 0x32:
                return b"0" if self._chip is None else b"1"
            case 0x33 | 0x34 | 0x39:
                if card is None:
                    raise _Refused("02")
                if self._chip is None:
                    raise _Refused("65")
                if "chip_dead" in self.faults:
                    self._chip = None
                    raise _Refused("63")
                return self._ask_chip(self._chip, data)
        raise _Refused("00")

    def _ask_chip(self, chip: SimulatedChip, command: bytes) -> bytes:
        """Pass a command on; the unit itself gives a silent chip up and powers it off."""
        try:
            return chip.transmit(command)
        except ChipMuteError:
            self._chip = None
            raise _Refused("63") from None

    def _chip_waits(self) -> Callable[[float], None] | None:
        """Return what makes the chip slow after wrong passwords, if this unit is realistic."""
        return self._add_thought if self._chip_s else None

    def _add_thought(self, seconds: float) -> None:
        self._chip_thinks_s += seconds

    def _let_chip_think(self) -> None:
        """Wait as long as the chip took; the world goes on meanwhile."""
        seconds, self._chip_thinks_s = self._chip_thinks_s, 0.0
        if seconds:
            Event().wait(seconds)
