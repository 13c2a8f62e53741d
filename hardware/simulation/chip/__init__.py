"""A simulated identity chip: a second, independent reading of the standards.

It shares no code with what reads and personalises chips, so that the two check each other.
`memory` documents what a chip keeps as JSON; `card` answers; each protocol has its module.
"""

from hardware.simulation.chip.answers import ChipMuteError, ChipTornError
from hardware.simulation.chip.card import ATR, SimulatedChip, atr_of
from hardware.simulation.chip.memory import blank_chip, personalised_chip
from hardware.simulation.chip.tampering import altered, cloned

__all__ = [
    "ATR",
    "ChipMuteError",
    "ChipTornError",
    "SimulatedChip",
    "altered",
    "atr_of",
    "blank_chip",
    "cloned",
    "personalised_chip",
]
