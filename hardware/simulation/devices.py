"""The kinds of simulated devices that a bench file can name."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from hardware.simulation.bench import SimulatedDevice
from hardware.simulation.card_unit import SimulatedCardUnit
from hardware.simulation.world import World

Maker: TypeAlias = Callable[[str, int, World, Mapping[str, Any]], SimulatedDevice]
"""name ("station.device"), port on 127.0.0.1, world, options."""

KINDS: dict[str, Maker] = {
    "crt571": SimulatedCardUnit,
}
