"""What all simulated cabinets and magazines are, whatever their boards speak.

Places: NAME.slot.N, one thing each, N from 1.

In a cabinet a slot's door springs open when its lock is pulsed, and locks when somebody shuts it.
In a magazine a lock is a gate under the card: the pulse lets the card fall and the gate closes
again; hands reach the slots through the service door alone.

Options: kind = "cabinet" | "magazine"; slots = how many, or boards = how many boards;
items = the kind of thing it holds;
drops_into = the place where a magazine's cards fall; pulse_s = length of the pulse.

Faults: jammed (pulses move nothing); sensor_blind (item sensors go on showing what they saw last);
sensor_flickers (item sensors of locked slots show the contrary every other time);
locks_stuck (lock sensors go on showing what they saw last); board_missing (the last board is
silent).
"""

from collections.abc import Mapping
from time import monotonic
from typing import Any

from hardware.simulation.hands import hand_place, take_one, thing_in_hand
from hardware.simulation.switches import UNPLUGGED, SwitchedDevice
from hardware.simulation.world import ImpossibleError, World


class SimulatedCabinet(SwitchedDevice):
    """Slots, doors and hands; a subclass speaks for the boards."""

    FAULTS = frozenset(
        {UNPLUGGED, "jammed", "sensor_blind", "sensor_flickers", "locks_stuck", "board_missing"}
    )

    def __init__(
        self,
        name: str,
        port: int,
        world: World,
        options: Mapping[str, Any],
        locks_on_a_board: int,
    ) -> None:
        super().__init__(port)
        self._name = name
        self._world = world
        self._is_magazine = options.get("kind", "cabinet") == "magazine"
        self._locks_on_a_board = locks_on_a_board
        self._slots = int(options.get("slots", locks_on_a_board * int(options.get("boards", 1))))
        self._items = str(options.get("items", "card"))
        self._drops_into: str | None = options.get("drops_into")
        if self._is_magazine and not self._drops_into:
            raise ValueError("a magazine needs to know where its cards fall: drops_into")
        self._pulse_s = float(options.get("pulse_s", 0.5))
        self._pulsed_until: dict[int, float] = {}
        self._blind_view: set[int] = set()
        self._stuck_view: set[int] = set()
        self._looks: dict[int, int] = {}
        self.pulses = 0
        """Unlock pulses given since the start, for tests that must not see one twice."""

    # People

    def act(self, verb: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Do what hands do.

        Anybody: put {thing, slot}, take {slot, hand}, close {slot}; a thief: force {slot},
        steal {slot, hand}; the staff of a magazine: open_ or close_service_door.
        """
        with self._world.lock:
            match verb:
                case "put":
                    return self._put(arguments["thing"], self._existing(arguments["slot"]))
                case "take":
                    slot = self._existing(arguments["slot"])
                    self._require_reach(slot)
                    return take_one(self._world, self._place(slot), hand_place(arguments))
                case "steal":
                    slot = self._existing(arguments["slot"])
                    return take_one(self._world, self._place(slot), hand_place(arguments))
                case "close" | "force" if not self._is_magazine:
                    self._set_open(self._existing(arguments["slot"]), is_open=verb == "force")
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
        """Turn a fault on or off; blind and stuck sensors go on showing what they saw last."""
        with self._world.lock:
            if fault == "sensor_blind" and on:
                self._blind_view = set(self._things())
            if fault == "locks_stuck" and on:
                self._stuck_view = self._open_doors()
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
        self._door_moved(slot)

    def _door_moved(self, slot: int) -> None:
        """Hear that a door opened or closed; some boards tell their host."""

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

    # What the boards sense

    def _boards(self) -> int:
        return (self._slots - 1) // self._locks_on_a_board + 1

    def _is_there(self, board: int) -> bool:
        """Tell whether a board answers; boards count from 0."""
        missing = 1 if "board_missing" in self.faults else 0
        return 0 <= board < self._boards() - missing

    def _slots_of(self, board: int) -> range:
        first = board * self._locks_on_a_board + 1
        return range(first, first + self._locks_on_a_board)

    def _closed(self, board: int) -> list[bool]:
        is_open = self._stuck_view if "locks_stuck" in self.faults else self._open_doors()
        return [slot not in is_open for slot in self._slots_of(board)]

    def _filled(self, board: int) -> list[bool]:
        seen = self._blind_view if "sensor_blind" in self.faults else set(self._things())
        self._looks[board] = self._looks.get(board, 0) + 1
        if "sensor_flickers" in self.faults and self._looks[board] % 2:
            shut = set(self._slots_of(board)) - self._open_doors()
            seen = seen ^ shut & set(range(1, self._slots + 1))
        return [slot in seen for slot in self._slots_of(board)]
