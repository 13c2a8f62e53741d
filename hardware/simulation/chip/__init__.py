"""A simulated identity chip, and an officer's: a second, independent reading of the standards.

It shares no code with what reads and personalises chips, so that the two check each other.
`memory` documents what a chip keeps as JSON; `card` answers; each protocol has its module. `piv` is
the whole of an officer's card; `powered` gives power to either.
"""

from collections.abc import Callable

from hardware.simulation.chip.answers import ChipMuteError, ChipTornError
from hardware.simulation.chip.card import ATR, SimulatedChip, atr_of
from hardware.simulation.chip.memory import Memory, blank_chip, personalised_chip
from hardware.simulation.chip.piv import PivChip, blank_officer_card
from hardware.simulation.chip.tampering import altered, cloned

__all__ = [
    "ATR",
    "ChipMuteError",
    "ChipTornError",
    "PivChip",
    "SimulatedChip",
    "altered",
    "atr_of",
    "blank_chip",
    "blank_officer_card",
    "cloned",
    "personalised_chip",
    "powered",
]


def powered(
    memory: Memory, saved: Callable[[], None], *, wait: Callable[[float], None] | None = None
) -> SimulatedChip | PivChip:
    """Give the chip of this memory power; the arguments are those of SimulatedChip."""
    made = PivChip if memory.get("applet") == "piv" else SimulatedChip
    return made(memory, saved, wait=wait)
