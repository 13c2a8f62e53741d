"""What any device has: a name, an open and a close, and a state in XFS4IoT's words."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class DeviceState(StrEnum):
    """XFS4IoT Common.Status `device` values (CWA 17852, Common interface)."""

    ONLINE = "online"
    OFFLINE = "offline"
    NO_DEVICE = "noDevice"
    HARDWARE_ERROR = "hardwareError"
    USER_ERROR = "userError"
    BUSY = "deviceBusy"
    STARTING = "starting"


class Seen(StrEnum):
    """What a sensor says. A sensor that cannot be asked says unknown, never no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Health:
    """The answer to "how are you": for the technician and for the station's lamp."""

    state: DeviceState
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A device, or a place where one may be, that a look around this machine found.

    Attributes:
        address: As the driver reads it in station.toml.
        detail: What it says it is: maker, model, or what makes it likely.
        is_certain: False for a bare port on which anything could be plugged.
    """

    address: str
    detail: str
    is_certain: bool = False


class Device(Protocol):
    """Every driver. A driver belongs to one thread; its caller opens and closes it."""

    def open(self) -> None:
        """Claim the device and check that it answers. Opening an open device does nothing.

        Raises:
            DeviceAbsentError: Nothing answers at the address.
        """
        ...

    def close(self) -> None:
        """Release the device. Closing a closed device does nothing."""
        ...

    def health(self) -> Health:
        """Ask the device how it is. Never raises; a silent device is noDevice."""
        ...
