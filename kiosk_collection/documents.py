"""The old document while the kiosk holds it: the old card in the intake, or the form in escrow."""

from enum import StrEnum
from threading import Event
from typing import Protocol

from common.equipment.cards import CardDesk, CardTrust, ReadsZones
from common.equipment.forms import FormDesk
from hardware.camera.interface import Camera
from hardware.core.device import Seen
from hardware.core.keeper import Keeper
from hardware.form_collector.interface import FormCollector, FormPosition
from hardware.smartcard.interface import CardPosition, CardUnit


class Where(StrEnum):
    """Where the document is: out of the person's reach, within it, not here, or not known."""

    HELD = "held"
    OFFERED = "offered"
    NONE = "none"
    UNKNOWN = "unknown"


class Escrow(Protocol):
    """A place that holds one old document. Everything may raise a DeviceError."""

    location: str
    """The bin that keep() drops into, as "STATION.DEVICE"."""

    def where(self) -> Where:
        """Ask the sensors."""
        ...

    def bin_takes_more(self) -> bool:
        """Tell whether keep() has room."""
        ...

    def keep(self) -> None:
        """Drop the document into the bin; with none here this does nothing."""
        ...

    def give_back(self) -> None:
        """Hold the document where the person takes it; with none here this does nothing."""
        ...

    def wait_taken(self, timeout_s: float, cancelled: Event) -> bool:
        """Wait until the person took it; tell whether it is gone."""
        ...


_CARD = {
    CardPosition.NONE: Where.NONE,
    CardPosition.GATE: Where.OFFERED,
    CardPosition.INSIDE: Where.HELD,
}
_FORM = {
    FormPosition.NONE: Where.NONE,
    FormPosition.MOUTH: Where.OFFERED,
    FormPosition.ESCROW: Where.HELD,
}


class CardEscrow(CardDesk):
    """The intake with an old card in it."""

    def __init__(
        self, unit: Keeper[CardUnit], zones: ReadsZones, trust: CardTrust, location: str
    ) -> None:
        super().__init__(unit, zones, trust)
        self._bin_of = unit
        self.location = location

    def where(self) -> Where:
        """Ask the sensors."""
        return _CARD.get(self.position(), Where.UNKNOWN)

    def bin_takes_more(self) -> bool:
        """Tell whether the bin has room; an unsure sensor counts as yes."""
        return self._bin_of.use(lambda unit: unit.status().bin_full) is not Seen.YES


class FormEscrow(FormDesk):
    """The form collector with a form in it."""

    def __init__(
        self, collector: Keeper[FormCollector], camera: Keeper[Camera], location: str
    ) -> None:
        super().__init__(collector, camera)
        self.location = location

    def where(self) -> Where:
        """Ask the sensors."""
        return _FORM.get(self.position(), Where.UNKNOWN)
