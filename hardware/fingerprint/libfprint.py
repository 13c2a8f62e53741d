"""Driver for the scanners that libfprint 2 knows, where the system has that library.

The library and its scanner live in a process of their own (decision 26). It says nothing of which
finger, and it looks for ridges itself: an image without any is taken again. A capture ends when the
finger has been lifted. Tried with the library's own virtual scanner only.
"""

from threading import Event
from time import monotonic

from hardware.core.device import DeviceState, Found, Health
from hardware.core.errors import (
    BadReplyError,
    DeviceAbsentError,
    DeviceBusyError,
    DeviceError,
    DeviceFaultError,
    DeviceTimeoutError,
    RequestCancelledError,
)
from hardware.core.waiting import wait_for
from hardware.fingerprint.interface import FingerImage
from hardware.fingerprint.libfprint_calls import is_there
from hardware.fingerprint.libfprint_process import ANSWER_S, Answer, HelperProcess

FIND_S, FIND_END_S = 0.7, 0.1
DOTS_PER_INCH = 500
NOT_SUPPORTED, NOT_OPEN, BUSY, REMOVED, TOO_HOT = 1, 2, 4, 0x100, 0x101
"""FpDeviceError, libfprint 1.94."""

REASONS = {NOT_SUPPORTED: "not_supported", NOT_OPEN: "not_initialised", TOO_HOT: "too_hot"}


class LibfprintScanner:
    """One scanner; a FingerprintScanner."""

    def __init__(self, driver: str = "", dots_per_inch: int = DOTS_PER_INCH) -> None:
        """Remember the name of libfprint's driver, such as uru4000; nothing takes the first.

        dots_per_inch is for scanners whose resolution the library does not know.
        """
        self._driver = driver
        self._dots_per_inch = dots_per_inch
        self._helper: HelperProcess | None = None

    def open(self) -> None:
        """Start the library and open the scanner.

        Raises:
            DeviceAbsentError: There is no library, or no such scanner that gives images.
            DeviceBusyError: Another program has it.
        """
        if self._helper is not None:
            return
        if not is_there():
            raise DeviceAbsentError("this system has no libfprint 2")
        self._helper = HelperProcess()
        try:
            answer = self._asked("open", driver=self._driver)
        except DeviceError:
            self.close()
            raise
        if not answer.get("opened"):
            self.close()
            raise DeviceAbsentError("libfprint finds no such scanner")

    def close(self) -> None:
        """Let go of the scanner."""
        helper, self._helper = self._helper, None
        if helper is not None:
            helper.close()

    def health(self) -> Health:
        """Ask the library whether the scanner is still there."""
        if self._helper is None:
            return Health(DeviceState.NO_DEVICE, "not opened")
        try:
            is_present = self._asked("status").get("there")
        except DeviceFaultError as error:
            return Health(DeviceState.HARDWARE_ERROR, str(error))
        except DeviceError as error:
            return Health(DeviceState.NO_DEVICE, str(error))
        if not is_present:
            return Health(DeviceState.NO_DEVICE, "the scanner was pulled out")
        return Health(DeviceState.ONLINE)

    def capture(self, timeout_s: float, cancelled: Event) -> FingerImage:
        """Wait for a finger and return its image, once it is lifted again."""
        deadline = monotonic() + timeout_s
        while True:
            left_s = max(0.0, deadline - monotonic())
            answer = self._opened().ask("capture", left_s, cancelled)
            if answer.get("domain") != "retry":
                return _image(_checked(answer), self._dots_per_inch)
            if cancelled.is_set():
                raise RequestCancelledError("the caller stopped waiting")
            if monotonic() >= deadline:
                raise DeviceTimeoutError("no finger that could be read")

    def wait_lifted(self, timeout_s: float, cancelled: Event) -> None:
        """Wait until no finger rests on the glass."""
        wait_for(
            lambda: None if self._asked("status", cancelled).get("finger") else True,
            timeout_s,
            cancelled,
        )

    def _asked(self, word: str, cancelled: Event | None = None, **more: str) -> Answer:
        try:
            return _checked(self._opened().ask(word, ANSWER_S, cancelled or Event(), **more))
        except DeviceTimeoutError as error:
            raise DeviceAbsentError("the scanner's library does not answer") from error

    def _opened(self) -> HelperProcess:
        if self._helper is None:
            raise DeviceAbsentError("the scanner is not opened")
        return self._helper


def find() -> list[Found]:
    """Return the scanners that the library finds and that give images."""
    if not is_there():
        return []
    helper = HelperProcess()
    try:
        found = helper.ask("find", FIND_S, Event()).get("found", [])
    except DeviceError:
        return []
    finally:
        helper.close(FIND_END_S)
    return [Found(f"libfprint:{one['driver']}", one["name"], is_certain=True) for one in found]


def _checked(answer: Answer) -> Answer:
    if "domain" not in answer:
        return answer
    domain, code = answer["domain"], answer["code"]
    if domain == "device" and code == REMOVED:
        raise DeviceAbsentError("the scanner was pulled out")
    if domain == "device" and code == BUSY:
        raise DeviceBusyError("another program has the scanner")
    reason = REASONS.get(code, "fault") if domain == "device" else "fault"
    raise DeviceFaultError(reason, f"{domain} {code}")


def _image(answer: Answer, untold: int) -> FingerImage:
    width, height = int(answer["width"]), int(answer["height"])
    if not 0 < width * height == len(answer.payload):
        raise BadReplyError("an image of another size than it says")
    return FingerImage(answer.payload, width, height, int(answer["dpi"]) or untold)
