"""Keeps a device open: opens it when needed, again after a loss, with growing pauses."""

from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

from hardware.core.device import Device, DeviceState, Health
from hardware.core.errors import BadReplyError, DeviceAbsentError, DeviceError, DeviceFaultError

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 5.0
CLOSE_S = 2.0

D = TypeVar("D", bound=Device)
R = TypeVar("R")


class Keeper(Generic[D]):
    """One device, used by whichever thread comes, by one at a time.

    Every fault is said once when it comes and once when it has gone; say() may be called from any
    thread that uses the device.
    """

    def __init__(
        self,
        name: str,
        make: Callable[[], D],
        say: Callable[[str], None],
        now: Callable[[], float] = monotonic,
    ) -> None:
        self.name = name
        self._make = make
        self._say = say
        self._now = now
        self._lock = Lock()
        self._device: D | None = None
        self._fault = ""
        self._is_fault_inside = False
        self._failures = 0
        self._not_before = 0.0
        self._is_closed = False

    def use(self, action: Callable[[D], R]) -> R:
        """Do something with the opened device and return what it gives.

        Raises:
            DeviceAbsentError: It cannot be opened, or could not a moment ago.
            DeviceError: What else action raises.
        """
        with self._lock:
            return self._used(action)

    def use_if_free(self, action: Callable[[D], R]) -> R | None:
        """Do something as use() does; None where somebody uses the device at this moment."""
        if not self._lock.acquire(blocking=False):
            return None
        try:
            return self._used(action)
        finally:
            self._lock.release()

    def health(self) -> Health:
        """Ask the device how it is, opening it if need be; deviceBusy while somebody uses it."""
        if not self._lock.acquire(blocking=False):
            return Health(DeviceState.BUSY, "in use")
        try:
            health = self._opened().health()
            if health.state is DeviceState.ONLINE:
                self._works()
            elif health.state is DeviceState.NO_DEVICE:
                self._lose(health.detail)
            else:
                self._note(health.detail, is_inside=True)
        except DeviceError as error:
            return Health(DeviceState.NO_DEVICE, str(error))
        else:
            return health
        finally:
            self._lock.release()

    @property
    def fault(self) -> str:
        """What was last found wrong and still stands; empty where nothing is. It asks nobody."""
        return self._fault

    def close(self) -> None:
        """Release the device for good; one that is in use is released when that use ends."""
        self._is_closed = True
        if self._lock.acquire(timeout=CLOSE_S):
            try:
                self._shut()
            finally:
                self._lock.release()

    def _used(self, action: Callable[[D], R]) -> R:
        device = self._opened()
        try:
            result = action(device)
        except (DeviceAbsentError, BadReplyError) as error:
            self._lose(str(error))
            raise
        except DeviceFaultError as error:
            self._note(str(error), is_inside=True)
            raise
        finally:
            if self._is_closed:
                self._shut()
        # A printer without paper still answers questions: such a fault goes when it says so.
        if not self._is_fault_inside or device.health().state is DeviceState.ONLINE:
            self._works()
        return result

    def _opened(self) -> D:
        if self._is_closed:
            raise DeviceAbsentError(f"{self.name} was closed")
        if self._device is not None:
            return self._device
        if self._now() < self._not_before:
            raise DeviceAbsentError(self._fault)
        device = self._make()
        try:
            device.open()
        except DeviceError as error:
            self._failed(str(error))
            if isinstance(error, DeviceAbsentError):
                raise
            raise DeviceAbsentError(str(error)) from error
        self._device = device
        return device

    def _lose(self, why: str) -> None:
        """Close the device, so that the next use opens it: at once, if it had worked before."""
        self._shut()
        if self._failures == 0:
            self._failures = 1
            self._note(why)
        else:
            self._failed(why)

    def _failed(self, why: str) -> None:
        pause_s = min(FIRST_PAUSE_S * 2.0**self._failures, LONGEST_PAUSE_S)
        self._failures = min(self._failures + 1, 10)
        self._not_before = self._now() + pause_s
        self._note(why)

    def _note(self, fault: str, *, is_inside: bool = False) -> None:
        """Say a fault, unless it is already standing."""
        is_news = not self._fault or is_inside != self._is_fault_inside
        self._fault, self._is_fault_inside = fault or "fault", is_inside
        if is_news:
            self._say(self._fault)

    def _works(self) -> None:
        self._failures, self._not_before = 0, 0.0
        if self._fault:
            self._fault, self._is_fault_inside = "", False
            self._say("works again")

    def _shut(self) -> None:
        device, self._device = self._device, None
        if device is not None:
            device.close()
