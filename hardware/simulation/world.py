"""The physical things that simulated devices sense: cards and papers, each in exactly one place.

A place is a dotted name. Devices own the places that begin with their own name, such as
"collection-1.intake.gate"; "hand.<owner>" is a person's hand. The world is written to disk on
every change, so that killing the bench does not make a card vanish, as no power cut would.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import RLock
from typing import Any
from uuid import uuid4

Data = dict[str, Any]


class ImpossibleError(Exception):
    """The world does not allow it: no such thing, the place is taken, the gate is shut."""


@dataclass(slots=True)
class Thing:
    """One card or one paper.

    Attributes:
        kind: "card" (data: chip, an opaque mapping kept by the simulated chip; label) or
            "paper" (data: picture, the file name of a PNG in the world's folder; label).
    """

    id: str
    kind: str
    place: str
    data: Data = field(default_factory=dict)


class World:
    """All things, their places, and what each device remembers. Safe to use from any thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock = RLock()
        self._things: dict[str, Thing] = {}
        self._memory: dict[str, Data] = {}
        folder.mkdir(parents=True, exist_ok=True)
        if self._file.exists():
            saved = json.loads(self._file.read_text("utf-8"))
            self._things = {t["id"]: Thing(**t) for t in saved["things"]}
            self._memory = saved["memory"]

    @property
    def _file(self) -> Path:
        return self.folder / "world.json"

    def add(self, kind: str, place: str, data: Mapping[str, Any]) -> Thing:
        """Make a thing and put it on top of whatever lies at place."""
        with self.lock:
            thing = Thing(uuid4().hex, kind, place, dict(data))
            self._things[thing.id] = thing
            self._save()
            return thing

    def get(self, thing_id: str) -> Thing:
        """Find a thing by its id, or raise ImpossibleError."""
        try:
            return self._things[thing_id]
        except KeyError:
            raise ImpossibleError("there is no such thing") from None

    def at(self, place: str) -> list[Thing]:
        """Return what lies at place, the one that came first first."""
        with self.lock:
            return [thing for thing in self._things.values() if thing.place == place]

    def one_at(self, place: str) -> Thing | None:
        """Return the first thing at place, if any."""
        found = self.at(place)
        return found[0] if found else None

    def all(self) -> list[Thing]:
        """Return every thing."""
        with self.lock:
            return list(self._things.values())

    def move(self, thing: Thing, place: str) -> None:
        """Put a thing somewhere else; it lands behind what came there before."""
        with self.lock:
            thing.place = place
            self._things[thing.id] = self._things.pop(thing.id)
            self._save()

    def changed(self, thing: Thing) -> None:
        """Write down that a thing's data changed."""
        with self.lock:
            self._things[thing.id] = thing
            self._save()

    def memory(self, device: str) -> Data:
        """Return what a device remembers without power; call remember() after changing it."""
        with self.lock:
            return self._memory.setdefault(device, {})

    def remember(self) -> None:
        """Write the devices' memories down."""
        with self.lock:
            self._save()

    def _save(self) -> None:
        text = json.dumps(
            {"things": [asdict(t) for t in self._things.values()], "memory": self._memory}
        )
        scratch = self._file.with_suffix(".new")
        scratch.write_text(text, "utf-8")
        scratch.replace(self._file)
