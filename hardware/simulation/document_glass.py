"""The glass of a simulated document reader: what a person laid on it, or swiped through it."""

from collections.abc import Mapping
from typing import Any

from hardware.simulation.document_text import checked_lines, lines_of
from hardware.simulation.hands import hand_place
from hardware.simulation.world import ImpossibleError, World

_READING_S = 0.6
_KINDS = ("card", "paper")


class Glass:
    """What lies on a reader, and how it is read."""

    def __init__(self, name: str, world: World, options: Mapping[str, Any]) -> None:
        self._name = name
        self._world = world
        self.reading_s = _READING_S if options.get("timing") == "realistic" else 0.0
        self.lines: tuple[str, ...] = ()
        self.is_laid = False
        self.laid = 0
        """How many documents were laid so far."""
        if (thing := world.one_at(self._place)) is not None:
            self.lines, self.is_laid = lines_of(world, thing), True

    @property
    def _place(self) -> str:
        return f"{self._name}.glass"

    def lay(self, arguments: Mapping[str, Any]) -> None:
        """Put a document on the glass."""
        with self._world.lock:
            if self.is_laid:
                raise ImpossibleError("something lies there")
            if "thing" in arguments:
                thing = self._world.get(arguments["thing"])
                if not thing.place.startswith("hand."):
                    raise ImpossibleError("it is in no hand")
                if thing.kind not in _KINDS:
                    raise ImpossibleError(f"a {thing.kind} is no document")
                self.lines = lines_of(self._world, thing)
                self._world.move(thing, self._place)
            else:
                self.lines = checked_lines(arguments["lines"])
            self.is_laid = True
            self.laid += 1

    def take(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Take it away."""
        with self._world.lock:
            if not self.is_laid:
                raise ImpossibleError("nothing lies there")
            self.lines, self.is_laid = (), False
            thing = self._world.one_at(self._place)
            if thing is None:
                return {}
            self._world.move(thing, hand_place(arguments))
            return {"thing": thing.id}
