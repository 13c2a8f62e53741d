"""One biometric device behind an SBI service: found, believed, and asked to capture."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Event
from time import monotonic

from hardware.core.device import DeviceState, Health
from hardware.core.errors import (
    DeviceAbsentError,
    DeviceBusyError,
    DeviceError,
    DeviceFaultError,
    DeviceTimeoutError,
    RequestCancelledError,
)
from hardware.core.http_link import HttpLink
from hardware.core.http_stream import HttpStream
from hardware.core.waiting import pause
from hardware.sbi import discovery
from hardware.sbi.biometrics import BioType, Wanted
from hardware.sbi.captures import Captured
from hardware.sbi.codes import SbiTimeoutError
from hardware.sbi.devices import (
    LOOPBACK,
    VERSION,
    DigitalId,
    Discovered,
    Info,
    callback_address,
)
from hardware.sbi.refusals import AnswerRefusedError, Refusal
from hardware.sbi.sealed import DomainKey
from hardware.sbi.service import Service, new_transaction, utc_now
from hardware.sbi.tokens import Judge
from hardware.sbi.trust import Trust

ANYWHERE = "sbi:"
SLICE_S = 5.0
"""How long one capture waits for a person. SBI cannot call a capture off: so long a device may stay
busy after a caller has left."""

AGAIN_S = 0.1
NOTHING_THERE = 0.0
"""A qualityScore of 0: the device gave its best frame, and nobody was in it."""

STATES = {
    "ready": DeviceState.ONLINE,
    "busy": DeviceState.BUSY,
    "not ready": DeviceState.OFFLINE,
    "not registered": DeviceState.HARDWARE_ERROR,
}


@dataclass(frozen=True, slots=True)
class Settings:
    """How a station uses an SBI device.

    Attributes:
        trust: The folder of authorities; without one, no device is believed.
        environment: What the device must be made for.
        serial_number: Which device, where a service has several; nothing takes the first.
        is_chip_needed: Whether only devices of certification L1 and more are believed.
        score: The quality at which the device shall not wait for a better picture.
        slice_s: How long one capture waits.
        now: The clock. transaction: Gives each capture its number.
    """

    trust: Path | None = None
    environment: str = "Production"
    serial_number: str = ""
    is_chip_needed: bool = False
    score: int = 60
    slice_s: float = SLICE_S
    now: Callable[[], datetime] = utc_now
    transaction: Callable[[], str] = new_transaction


class SbiDevice:
    """One device; the drivers of fingers and faces stand on it."""

    def __init__(
        self, address: str, link_to: Callable[[str], HttpLink], kind: BioType, settings: Settings
    ) -> None:
        """Remember all that; nothing is opened yet.

        Args:
            address: http://127.0.0.1:PORT, or "sbi:" for the first port that has such a device.
            link_to: Opens the way to an address.
            kind: What it captures.
            settings: How it is used.
        """
        if address != ANYWHERE and not address.startswith(f"http://{LOOPBACK}:"):
            raise ValueError(f"the address is {ANYWHERE} or http://127.0.0.1:PORT, not {address!r}")
        if settings.trust is not None and not settings.trust.is_dir():
            raise ValueError(f"there is no trust folder {settings.trust}")
        self.settings = settings
        self._address = address
        self._link_to = link_to
        self._kind = kind
        self._service: Service | None = None
        self._info: Info | None = None
        self._previous = ""

    @property
    def info(self) -> Info:
        """What the device signed of itself when it was opened."""
        if self._info is None:
            raise DeviceAbsentError("the device is not opened")
        return self._info

    @property
    def service(self) -> Service:
        """The service behind which it is."""
        if self._service is None:
            raise DeviceAbsentError("the device is not opened")
        return self._service

    def open(self) -> None:
        """Find the device and believe it, or not.

        Raises:
            DeviceAbsentError: No service, or none with such a device, answers.
            AnswerRefusedError: It is not to be believed; its reason says why.
        """
        if self._info is not None:
            return
        judge = self._judge()
        self._service, self._info = self._believed(judge, *self._found(judge))

    def close(self) -> None:
        """Release the service."""
        service, self._service = self._service, None
        self._info = None
        self._previous = ""
        if service is not None:
            service.link.close()

    def health(self) -> Health:
        """Ask the service how its device is."""
        if self._info is None:
            return Health(DeviceState.NO_DEVICE, "not opened")
        try:
            found = self.service.discover(self._kind, Event())
        except DeviceFaultError as error:
            return Health(DeviceState.HARDWARE_ERROR, str(error))
        except DeviceError as error:
            return Health(DeviceState.NO_DEVICE, str(error))
        for one in found:
            if one.device_id == self._info.device_id:
                state = STATES.get(one.status.lower(), DeviceState.HARDWARE_ERROR)
                return Health(state, "" if state is DeviceState.ONLINE else one.status[:20].lower())
        return Health(DeviceState.NO_DEVICE, "the service has lost the device")

    def identity(self, cancelled: Event) -> DigitalId:
        """Ask the device once more to sign who it is.

        Raises:
            AnswerRefusedError: It is another now, or not to be believed any more.
            DeviceError: It could not be asked.
        """
        before = self.info
        now = self.service.info(before.device_id, cancelled)
        if now.digital_id != before.digital_id:
            raise AnswerRefusedError(Refusal.OTHER_DEVICE)
        return now.digital_id

    def capture(self, wanted: Wanted, timeout_s: float, cancelled: Event) -> list[Captured]:
        """Wait for a person and capture for registration.

        Raises:
            DeviceTimeoutError: Nobody came. DeviceBusyError: The device was busy all the time.
            AnswerRefusedError: What came is not to be believed. DeviceError: As the device says.
        """

        def once(seconds: float, previous: str) -> list[Captured]:
            return self.service.rcapture(self.info, wanted, previous, seconds, cancelled)

        return self._waited(once, timeout_s, cancelled)

    def authenticate(
        self, wanted: Wanted, domain: tuple[str, DomainKey], timeout_s: float, cancelled: Event
    ) -> list[Captured]:
        """Wait for a person and capture for authentication, sealed for domain; raises as capture.

        domain is its address and its key, whose certificate lies in the device.
        """

        def once(seconds: float, previous: str) -> list[Captured]:
            return self.service.capture(self.info, wanted, domain, seconds, cancelled, previous)

        return self._waited(once, timeout_s, cancelled)

    def stream(self, sub_id: str, lasts_s: float, cancelled: Event) -> HttpStream:
        """Begin the stream of preview pictures."""
        return self.service.stream(self.info, sub_id, lasts_s, cancelled)

    def _waited(
        self, once: Callable[[float, str], list[Captured]], timeout_s: float, cancelled: Event
    ) -> list[Captured]:
        """Capture in slices until somebody came; after trouble the chain begins anew."""
        deadline = monotonic() + timeout_s
        while True:
            left_s = max(0.0, deadline - monotonic())
            previous, self._previous = self._previous, ""
            found: list[Captured] = []
            trouble: DeviceError = DeviceTimeoutError(f"nobody came within {timeout_s:g} s")
            try:
                found = once(min(self.settings.slice_s, left_s), previous)
            except SbiTimeoutError:
                self._previous = previous  # nothing was captured: the chain still stands
                if left_s <= self.settings.slice_s:  # the device has waited for all of it
                    raise trouble from None
            except DeviceBusyError as busy:
                self._previous, trouble = previous, busy
            if found:
                self._previous = found[-1].hash
            if any(one.quality > NOTHING_THERE for one in found):
                return found
            pause(min(AGAIN_S, left_s), cancelled)
            if cancelled.is_set():
                raise RequestCancelledError("the caller stopped waiting")
            if monotonic() >= deadline:
                raise trouble

    def _judge(self) -> Judge:
        folder = self.settings.trust
        return Judge(Trust({}) if folder is None else Trust.from_folder(folder), self.settings.now)

    def _found(self, judge: Judge) -> tuple[str, Discovered]:
        """Return the device and the address under which it was found."""
        anywhere = self._address == ANYWHERE
        places = map(discovery.address_of, discovery.open_ports()) if anywhere else [self._address]
        trouble: DeviceError | None = None
        for place in places:
            service = self._service_at(place, judge)
            try:
                for one in service.discover(self._kind, Event()):
                    if self.settings.serial_number in ("", one.digital_id.serial_number):
                        return place, one
            except DeviceError as error:
                trouble = error
            finally:
                service.link.close()
        why = f": {trouble}" if trouble is not None else ""
        raise DeviceAbsentError(f"no service has such a {self._kind.lower()} device{why}")

    def _believed(self, judge: Judge, place: str, device: Discovered) -> tuple[Service, Info]:
        service = self._service_at(callback_address(device.callback, place), judge)
        try:
            info = service.info(device.device_id, Event())
            self._require_right(info, device)
        except BaseException:
            service.link.close()
            raise
        return service, info

    def _require_right(self, info: Info, device: Discovered) -> None:
        """Check that the signed words are those of the device that was found, and what we need."""
        if info.digital_id.serial_number != device.digital_id.serial_number:
            raise AnswerRefusedError(Refusal.OTHER_DEVICE)
        if self.settings.serial_number not in ("", info.digital_id.serial_number):
            raise AnswerRefusedError(Refusal.OTHER_DEVICE)
        if info.digital_id.type != self._kind:
            raise AnswerRefusedError(Refusal.WRONG_TYPE)
        if VERSION not in info.versions:
            raise AnswerRefusedError(Refusal.WRONG_VERSION)
        if info.environment != self.settings.environment:
            raise AnswerRefusedError(Refusal.WRONG_ENVIRONMENT)
        if self.settings.is_chip_needed and info.certification == "L0":
            raise AnswerRefusedError(Refusal.UNCERTIFIED)

    def _service_at(self, address: str, judge: Judge) -> Service:
        link = self._link_to(address)
        return Service(link, judge, self.settings.environment, self.settings.transaction)
