"""What a board of contacts and lamps offers. Words after XFS4IoT Auxiliaries and Lights.

Flashing is done by whoever owns the device: a relay board knows on and off alone, and a driver has
no thread. The owner calls beat() as often as beat() says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from hardware.core.device import Device


class InputName(StrEnum):
    """What an input watches."""

    OUTER_DOOR = "outer_door"
    SERVICE_DOOR = "service_door"
    SAFE_DOOR = "safe_door"
    TAMPER = "tamper"
    VIBRATION = "vibration"
    PROXIMITY = "proximity"


class Sensed(StrEnum):
    """What an input says: doors closed or open, tamper and vibration closed or tampered."""

    CLOSED = "closed"
    OPEN = "open"
    TAMPERED = "tampered"
    PRESENT = "present"
    NOT_PRESENT = "notPresent"
    UNKNOWN = "unknown"


class LampName(StrEnum):
    """Where a lamp is."""

    CARD_READER = "card_reader"
    CARD_SLOT = "card_slot"
    SCANNER = "scanner"
    FINGER_SCANNER = "finger_scanner"
    RECEIPT_PRINTER = "receipt_printer"
    DOCUMENT_PRINTER = "document_printer"
    FORM_COLLECTOR = "form_collector"
    STATUS_GOOD = "status_good"
    STATUS_WARNING = "status_warning"
    STATUS_BAD = "status_bad"
    STATUS_SUPERVISOR = "status_supervisor"
    STATUS_IN_SERVICE = "status_in_service"
    FASCIA = "fascia"


class FlashRate(StrEnum):
    """How a lamp shines."""

    OFF = "off"
    SLOW = "slow"
    MEDIUM = "medium"
    QUICK = "quick"
    CONTINUOUS = "continuous"


class Colour(StrEnum):
    """The colours of XFS4IoT Lights."""

    RED = "red"
    GREEN = "green"
    YELLOW = "yellow"
    BLUE = "blue"
    CYAN = "cyan"
    MAGENTA = "magenta"
    WHITE = "white"


@dataclass(frozen=True, slots=True)
class Lamp:
    """One lamp and what it was told; colours holds those it has, none where it has but one."""

    name: LampName
    colours: tuple[Colour, ...]
    rate: FlashRate = FlashRate.OFF
    colour: Colour | None = None


class Signals(Device, Protocol):
    """Contacts that are asked and lamps that are told. All lamps are off when it is opened."""

    def inputs(self) -> Mapping[InputName, Sensed]:
        """Ask every input that there is.

        Raises:
            DeviceAbsentError: The board does not answer.
        """
        ...

    def lamps(self) -> tuple[Lamp, ...]:
        """Tell which lamps there are and what they were told."""
        ...

    def light(self, name: LampName, rate: FlashRate, colour: Colour | None = None) -> None:
        """Tell a lamp how to shine; a lamp of several colours takes its first where none is named.

        Raises:
            ValueError: There is no such lamp, or it has no such colour.
            DeviceAbsentError: The board does not answer.
        """
        ...

    def beat(self) -> float | None:
        """Switch the lamps that flash as the clock will have it.

        Returns:
            Seconds until it should be called again; None while no lamp flashes.
        """
        ...
