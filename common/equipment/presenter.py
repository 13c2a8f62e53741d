"""Draws a new card out of the feeder, reads it inside, and presents it."""

from common.equipment.cards import CardDesk, CardTrust, ReadsZones
from hardware.core.device import Seen
from hardware.core.errors import DeviceTimeoutError
from hardware.core.keeper import Keeper
from hardware.smartcard.interface import CardPosition, CardUnit, Supply


class PresenterDesk(CardDesk):
    """The card unit under the magazine: a card desk that has a feeder.

    In its words give_back presents the card, draw_in takes it back, keep drops it into the bin.
    """

    def __init__(self, unit: Keeper[CardUnit], zones: ReadsZones, trust: CardTrust) -> None:
        super().__init__(unit, zones, trust)
        self._feeding = unit

    def feeder(self) -> Supply:
        """Tell whether a card waits in the feeder."""
        return self._feeding.use(lambda unit: unit.status().feeder)

    def bin_takes_more(self) -> bool:
        """Tell whether the bin still takes a card; an unsure sensor counts as yes."""
        return self._feeding.use(lambda unit: unit.status().bin_full) is not Seen.YES

    def feed(self) -> None:
        """Draw the card from the feeder to the inside; with a card inside this does nothing."""
        self._feeding.use(_feed)


def _feed(unit: CardUnit) -> None:
    if unit.status().position is CardPosition.INSIDE:
        return
    try:
        unit.feed()
    except DeviceTimeoutError:
        if unit.status().position is not CardPosition.INSIDE:
            raise
