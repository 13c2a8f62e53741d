"""What a simulated document reader makes of a document: its lines, and how they can go wrong."""

from collections.abc import Set
from random import Random
from typing import Any

import cv2
import numpy as np

from hardware.camera.zone_reader import read_zone
from hardware.simulation.world import ImpossibleError, Thing, World

_CELLS = {90: 30, 72: 36, 88: 44}
FAULTS = frozenset({"unreadable", "truncated", "wrong_digit", "slow_bytes", "double_send"})


def lines_of(world: World, thing: Thing) -> tuple[str, ...]:
    """Return the zone of a card or paper: data.zone, or what its picture shows; none if neither."""
    if "zone" in thing.data:
        return checked_lines(thing.data["zone"])
    if "picture" not in thing.data:
        return ()
    encoded = np.frombuffer((world.folder / thing.data["picture"]).read_bytes(), np.uint8)
    pixels = cv2.imdecode(encoded, cv2.IMREAD_COLOR)
    zone = None if pixels is None else read_zone(pixels.astype(np.uint8, copy=False)).mrz
    if zone is None:
        return ()
    cells = _CELLS[len(zone)]
    return tuple(zone[at : at + cells] for at in range(0, len(zone), cells))


def checked_lines(lines: Any) -> tuple[str, ...]:
    """Return lines that a person typed, or raise ImpossibleError where they are none."""
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise ImpossibleError("lines are a list of texts")
    if not all(line.isascii() and line.isprintable() for line in lines):
        raise ImpossibleError("a zone is printed in plain letters")
    return tuple(lines)


def as_read(
    lines: tuple[str, ...], faults: Set[str], dice: Random, unreadable: str
) -> tuple[str, ...]:
    """Return the lines as a reader with these faults sends them."""
    seen = [list(line) for line in lines]
    if seen and "unreadable" in faults:
        line = dice.choice(seen)
        if line:
            line[dice.randrange(len(line))] = unreadable
    if seen and seen[-1] and "truncated" in faults:
        del seen[-1][dice.randrange(len(seen[-1])) :]
    if "wrong_digit" in faults:
        _spoil_digit(seen)
    return tuple("".join(line) for line in seen)


def _spoil_digit(seen: list[list[str]]) -> None:
    """Misread the composite check digit: the last cell of the second line, in every form."""
    if len(seen) > 1 and seen[1] and seen[1][-1].isdigit():
        seen[1][-1] = str((int(seen[1][-1]) + 1) % 10)
