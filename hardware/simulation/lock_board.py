"""Simulated KR-CU16 lock boards on one bus, as a cabinet with doors or as a card magazine.

Places: NAME.slot.N, one thing each, N from 1.

In a cabinet a slot's door springs open when its lock is pulsed, and locks when somebody shuts it.
In a magazine a lock is a gate under the card: the pulse lets the card fall and the gate closes
again; hands reach the slots through the service door alone.

Options: kind = "cabinet" | "magazine"; slots = how many, or boards = how many boards of sixteen;
items = the kind of thing it holds;
drops_into = the place where a magazine's cards fall; pulse_s = length of the pulse;
answers_unlock = whether the boards answer an unlock with their status, as some do.
"""

from collections.abc import Mapping
from time import monotonic
from typing import Any

from hardware.simulation.hands import hand_place, take_one, thing_in_hand
from hardware.simulation.line import Connection
from hardware.simulation.switches import UNPLUGGED, SwitchedDevice
from hardware.simulation.world import ImpossibleError, World

_STX, _ETX = 0x02, 0x03
_REQUEST_SIZE = 5


class SimulatedLockBoards(SwitchedDevice):
    """All boards of one cabinet. It knows no driver: these are its own readings of the manual."""

    FAULTS = frozenset({UNPLUGGED, "jammed", "sensor_blind"})

    def __init__(self, name: str, port: int, world: World, options: Mapping[str, Any]) -> None:
        super().__init__(port)
        self._name = name
        self._world = world
        self._is_magazine = options.get("kind", "cabinet") == "magazine"
        self._slots = int(options.get("slots", 16 * int(options.get("boards", 1))))
        self._items = str(options.get("items", "card"))
        self._drops_into: str | None = options.get("drops_into")
        if self._is_magazine and not self._drops_into:
            raise ValueError("a magazine needs to know where its cards fall: drops_into")
        self._pulse_s = float(options.get("pulse_s", 0.5))
        self._answers_unlock = bool(options.get("answers_unlock", False))
        self._pulsed_until: dict[int, float] = {}
        self._blind_view: set[int] = set()
        self.pulses = 0
        """Unlock pulses given since the start, for tests that must not see one twice."""

    # People

    def act(self, verb: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Do put {thing, slot}, take {slot, hand}, close {slot}, open_ or close_service_door."""
        with self._world.lock:
            match verb:
                case "put":
                    return self._put(arguments["thing"], self._existing(arguments["slot"]))
                case "take":
                    slot = self._existing(arguments["slot"])
                    self._require_reach(slot)
                    return take_one(self._world, self._place(slot), hand_place(arguments))
                case "close" if not self._is_magazine:
                    self._set_open(self._existing(arguments["slot"]), is_open=False)
                    return {}
                case "open_service_door" | "close_service_door" if self._is_magazine:
                    self._memory["service_door_open"] = verb.startswith("open")
                    self._world.remember()
                    return {}
        raise LookupError(f"nobody can {verb} here")

    def _put(self, thing_id: str, slot: int) -> dict[str, Any]:
        thing = thing_in_hand(self._world, thing_id, self._items)
        self._require_reach(slot)
        if self._world.one_at(self._place(slot)) is not None:
            raise ImpossibleError(f"slot {slot} is taken")
        self._world.move(thing, self._place(slot))
        return {"thing": thing.id}

    def _require_reach(self, slot: int) -> None:
        if self._is_magazine and not self._service_door_is_open():
            raise ImpossibleError("the service door is shut")
        if not self._is_magazine and slot not in self._open_doors():
            raise ImpossibleError(f"the door of slot {slot} is locked")

    def _existing(self, slot: Any) -> int:
        number = int(slot)
        if not 1 <= number <= self._slots:
            raise LookupError(f"there is no slot {number}")
        return number

    def state(self) -> dict[str, Any]:
        """Tell which slots are open and what lies in them."""
        with self._world.lock:
            found: dict[str, Any] = {
                "kind": "magazine" if self._is_magazine else "cabinet",
                "faults": sorted(self.faults),
                "slots": self._slots,
                "items": {str(slot): thing for slot, thing in self._things().items()},
                "open": sorted(self._open_doors()),
                "pulses": self.pulses,
            }
            if self._is_magazine:
                found["service_door_open"] = self._service_door_is_open()
            return found

    def set_fault(self, fault: str, on: bool) -> None:
        """Turn a fault on or off; blind sensors go on showing what they saw last."""
        if fault == "sensor_blind" and on:
            self._blind_view = set(self._things())
        super().set_fault(fault, on)

    # What is where

    @property
    def _memory(self) -> dict[str, Any]:
        return self._world.memory(self._name)

    def _place(self, slot: int) -> str:
        return f"{self._name}.slot.{slot}"

    def _things(self) -> dict[int, str]:
        """The thing in each slot that is not empty."""
        prefix = f"{self._name}.slot."
        return {
            int(thing.place.removeprefix(prefix)): thing.id
            for thing in self._world.all()
            if thing.place.startswith(prefix)
        }

    def _service_door_is_open(self) -> bool:
        return bool(self._memory.get("service_door_open", False))

    def _open_doors(self) -> set[int]:
        if self._is_magazine:
            now = monotonic()
            return {slot for slot, until in self._pulsed_until.items() if now < until}
        return set(self._memory.get("open", []))

    def _set_open(self, slot: int, is_open: bool) -> None:
        doors = self._open_doors() - {slot} | ({slot} if is_open else set())
        self._memory["open"] = sorted(doors)
        self._world.remember()

    def _unlock(self, slot: int) -> None:
        self.pulses += 1
        if "jammed" in self.faults or slot > self._slots:
            return
        if not self._is_magazine:
            self._set_open(slot, is_open=True)
            return
        self._pulsed_until[slot] = monotonic() + self._pulse_s
        card = self._world.one_at(self._place(slot))
        if card is not None and self._drops_into is not None:
            self._world.move(card, self._drops_into)

    # The bus

    def serve(self, connection: Connection) -> None:
        """Answer five-byte requests; boards that are not there and broken requests stay silent."""
        unread = b""
        while data := connection.recv(256):
            unread += data
            while len(unread) >= _REQUEST_SIZE:
                request, rest = unread[:_REQUEST_SIZE], unread[_REQUEST_SIZE:]
                if request[0] != _STX or request[3] != _ETX or request[4] != sum(request[:4]) % 256:
                    unread = unread[1:]
                    continue
                unread = rest
                with self._world.lock:
                    answer = self._answer(request[1] >> 4, request[1] & 0x0F, request[2])
                connection.sendall(answer)

    def _answer(self, board: int, lock: int, request: int) -> bytes:
        last_board = (self._slots - 1) // 16
        if request == 0x32:
            return b"".join(self._status(each, 0x36) for each in range(last_board + 1))
        if board > last_board:
            return b""
        if request == 0x30:
            return self._status(board, 0x35)
        if request == 0x31:
            self._unlock(board * 16 + lock + 1)
            return self._status(board, 0x35) if self._answers_unlock else b""
        return b""

    def _status(self, board: int, code: int) -> bytes:
        is_open = self._open_doors()
        items = self._blind_view if "sensor_blind" in self.faults else set(self._things())
        slots = range(board * 16 + 1, board * 16 + 17)
        closed_bits = sum(1 << at for at, slot in enumerate(slots) if slot not in is_open)
        item_bits = sum(1 << at for at, slot in enumerate(slots) if slot in items)
        body = bytes([_STX, board << 4, code])
        body += closed_bits.to_bytes(2, "little") + item_bits.to_bytes(2, "little") + bytes([_ETX])
        return body + bytes([sum(body) % 256])
