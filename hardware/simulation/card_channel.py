"""What all simulated card machines have: a gate, a channel, a feeder, a bin, and hands at them."""

from collections.abc import Mapping
from typing import Any

from hardware.simulation.hands import hand_place, take_all, take_one, thing_in_hand
from hardware.simulation.switches import UNPLUGGED, SwitchedDevice
from hardware.simulation.world import ImpossibleError, Thing, World

MOTION_S = {"instant": 0.0, "realistic": 1.2}
CHIP_S = {"instant": 0.0, "realistic": 0.015}


class SimulatedCardChannel(SwitchedDevice):
    """Cards in their places: NAME.gate, NAME.inside, NAME.feeder (first drawn first), NAME.bin.

    A card that was thrown out without being held lies at NAME.floor. Options that all have:
    timing = "instant" | "realistic"; capacity = cards the bin holds; low = cards in the feeder
    that count as few; slow_s = seconds of a motion while the fault slow is on; feeder_from = the
    magazine whose cards fall into the feeder, so that no hand can load it.
    """

    KIND = ""

    def __init__(self, name: str, port: int, world: World, options: Mapping[str, Any]) -> None:
        super().__init__(port)
        self._name, self._world = name, world
        self._gate, self._inside = f"{name}.gate", f"{name}.inside"
        self._feeder, self._bin = f"{name}.feeder", f"{name}.bin"
        self._floor = f"{name}.floor"
        self._motion_s = MOTION_S[options.get("timing", "instant")]
        self._capacity = int(options.get("capacity", 50))
        self._low = int(options.get("low", 5))
        self.slow_s = float(options.get("slow_s", 3.0))
        self._feeder_from = options.get("feeder_from")
        self._entry_open = False
        self.motions = 0
        """Motions begun since the start, for tests that must not see one twice."""

    def act(self, verb: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Visitor: insert {thing}, take {hand}. Staff: load, empty_bin {hand}, clear {hand}."""
        with self._world.lock:
            match verb:
                case "insert":
                    return self._insert(arguments["thing"])
                case "take":
                    place = self._gate if self._world.at(self._gate) else self._floor
                    return take_one(self._world, place, hand_place(arguments))
                case "load":
                    return self._load(arguments.get("things") or [arguments["thing"]])
                case "empty_bin":
                    return take_all(self._world, self._bin, hand_place(arguments))
                case "clear":
                    return self._clear(hand_place(arguments))
        raise LookupError(f"nobody can {verb} a card unit")

    def state(self) -> dict[str, Any]:
        """Tell where cards are, and whether the gate takes one."""
        with self._world.lock:
            gate, inside = self._world.one_at(self._gate), self._world.one_at(self._inside)
            return {
                "kind": self.KIND,
                "faults": sorted(self.faults),
                "gate": gate.id if gate else None,
                "inside": inside.id if inside else None,
                "feeder": len(self._world.at(self._feeder)),
                "bin": len(self._world.at(self._bin)),
                "entry_open": self._entry_open,
                "motions": self.motions,
            }

    def card_gone(self) -> None:
        """A hand took the card out of the channel: a subclass forgets what it knew of it."""

    def card_came(self, card: Thing) -> None:
        """The gate, open, feels a card: it is drawn inside."""
        self._world.move(card, self._inside)

    def channel(self) -> Thing | None:
        """The card at the gate or inside, of which there is one at most."""
        return self._world.one_at(self._gate) or self._world.one_at(self._inside)

    def bin_is_full(self) -> bool:
        """Whether the bin takes no more."""
        return "bin_full" in self.faults or len(self._world.at(self._bin)) >= self._capacity

    def busy_s(self) -> float:
        """How long one motion takes."""
        return self.slow_s if "slow" in self.faults else self._motion_s

    def happens_once(self, fault: str) -> bool:
        """Whether a fault that befalls one motion is on; it is off again then."""
        is_on = fault in self.faults
        self.faults.discard(fault)
        return is_on

    def _insert(self, thing_id: str) -> dict[str, Any]:
        card = thing_in_hand(self._world, thing_id, "card")
        if UNPLUGGED in self.faults or not self._entry_open:
            raise ImpossibleError("the gate is shut")
        if self.channel() is not None:
            raise ImpossibleError("there is a card in the unit")
        if "jammed" in self.faults:
            raise ImpossibleError("the rollers do not turn")
        self.card_came(card)
        return {"thing": card.id}

    def _load(self, thing_ids: list[str]) -> dict[str, Any]:
        if self._feeder_from:
            raise ImpossibleError(f"the feeder is filled by {self._feeder_from} alone")
        cards = [thing_in_hand(self._world, thing_id, "card") for thing_id in thing_ids]
        for card in cards:
            self._world.move(card, self._feeder)
        return {"things": [card.id for card in cards]}

    def _clear(self, hand: str) -> dict[str, Any]:
        card = self.channel()
        if card is not None:
            self._world.move(card, hand)
            self.card_gone()
        return {"things": [card.id] if card else []}
