"""Reads what is printed on the card inside a unit, with the camera that looks at it."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from time import monotonic

from hardware.camera.interface import Camera
from hardware.camera.zone_reader import Zone, ZoneQuality, read_zone
from hardware.core.errors import DeviceTimeoutError
from hardware.core.keeper import Keeper
from hardware.smartcard.protocols.password import Password

READ_S = 4.0
FRAME_TIMEOUT_S = 3.0


@dataclass(frozen=True, slots=True, repr=False)
class ZoneFound:
    """What opens the chip, as it is printed. It has no repr.

    Attributes:
        mrz: The machine-readable zone without line breaks, every check digit right; or None.
        can: The card access number; where there is no mrz, seen alike in two pictures. Or None.
    """

    mrz: str | None
    can: str | None

    def passwords(self) -> tuple[Password, ...]:
        """Return what to try, the zone first: it has check digits, and every chip takes it."""
        found = []
        if self.mrz is not None:
            found.append(Password.from_mrz_text(self.mrz))
        if self.can is not None:
            found.append(Password.can(self.can))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class ZoneMissing:
    """Nothing could be read; why is the reason of the last picture."""

    why: ZoneQuality


class ZoneDesk:
    """One camera that looks at the printed side of cards."""

    def __init__(self, camera: Keeper[Camera], seconds: Callable[[], float] = monotonic) -> None:
        self._camera = camera
        self._seconds = seconds

    def read(self, cancelled: Event, timeout_s: float = READ_S) -> ZoneFound | ZoneMissing:
        """Look until a zone was read, or two pictures agree about an access number.

        Raises:
            RequestCancelledError: cancelled was set. DeviceAbsentError: The camera is gone.
        """
        return self._camera.use(lambda camera: self._look(camera, cancelled, timeout_s))

    def _look(self, camera: Camera, cancelled: Event, timeout_s: float) -> ZoneFound | ZoneMissing:
        deadline = self._seconds() + timeout_s
        before, why = "", ZoneQuality.NOTHING
        while self._seconds() < deadline:
            try:
                frame = camera.next_frame(FRAME_TIMEOUT_S, cancelled)
            except DeviceTimeoutError:
                continue
            zone: Zone = read_zone(frame.pixels)
            if zone.mrz is not None or (zone.can is not None and zone.can == before):
                return ZoneFound(zone.mrz, zone.can)
            before, why = zone.can or "", zone.quality
        return ZoneMissing(why)
